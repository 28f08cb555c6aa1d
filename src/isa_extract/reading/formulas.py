"""Formulas as one line of text: MathML, and TeX as far as papers use it for plain figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from lxml import etree  # type: ignore[import-untyped]

Element: TypeAlias = etree._Element
Piece = tuple[str, bool]

FORMULA = "math"
_SPACE = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys([0x2061, 0x2062, 0x2063, 0x2064])
_NOT_SHOWN = {"annotation", "annotation-xml", "mprescripts", "none", "mphantom", "maligngroup", "malignmark"}
_OVER_AND_UNDER = {"mover", "munder", "munderover"}

_TEX_BODY = re.compile(r"\\begin\{document\}(.*?)\\end\{document\}", re.DOTALL)
_TEX_TOKEN = re.compile(r"\\([A-Za-z]+)\*?|\\(.)|([\^_])|([{}$])|([^\\^_{}$]+)", re.DOTALL)
_TEX = {
    "ge": "≥", "geq": "≥", "geqslant": "≥", "le": "≤", "leq": "≤", "leqslant": "≤", "times": "×", "cdot": "·",
    "pm": "±", "approx": "≈", "sim": "~", "lt": "<", "gt": ">", "ne": "≠", "infty": "∞", "div": "÷", "to": "→",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "kappa": "κ", "lambda": "λ", "mu": "μ", "chi": "χ",
    "quad": " ", "qquad": " ", "Delta": "Δ",
}  # fmt: skip


def formula(element: Element, raised: bool, entity: Callable[[str], str]) -> Iterator[Piece]:
    """A MathML element's text; white space between its elements means nothing."""
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if not tag:
        if element.tag is etree.Entity:
            yield entity(element.name), raised
        return
    if tag in _NOT_SHOWN:
        return
    children = list(element)
    parts = [child for child in children if isinstance(child.tag, str)]
    if tag in ("msup", "msubsup", "mmultiscripts") and parts:
        yield from formula(parts[0], raised, entity)
        for i, part in enumerate(parts[1:], 1):
            yield from formula(part, raised or i == len(parts) - 1, entity)
    elif tag == "mfrac" and len(parts) == 2:
        yield from formula(parts[0], raised, entity)
        yield "/", raised
        yield from formula(parts[1], raised, entity)
    elif tag == "mfenced":
        marks = _SPACE.sub("", element.get("separators", ","))
        yield element.get("open", "("), raised
        for i, part in enumerate(parts):
            if i and marks:
                yield marks[min(i, len(marks)) - 1], raised
            yield from formula(part, raised, entity)
        yield element.get("close", ")"), raised
    elif tag in _OVER_AND_UNDER and parts:
        yield from formula(parts[0], raised, entity)
    elif tag == "mspace":
        yield " ", raised
    else:
        if tag in ("msqrt", "mroot"):
            yield "√", raised
        yield from _leaf(element.text, tag, raised)
        for child in children:
            yield from formula(child, raised, entity)
            if tag in ("mi", "mn", "mo", "mtext", "ms"):
                yield from _leaf(child.tail, tag, raised)
            elif tag == "mtr" or (tag == "mtable" and child is not children[-1]):
                yield " ", raised


def _leaf(text: str | None, tag: str, raised: bool) -> Iterator[Piece]:
    text = _SPACE.sub(" ", (text or "").translate(_INVISIBLE))
    text = text if tag == "mtext" else text.strip()
    if text:
        yield text, raised


def tex(source: str, raised: bool) -> Iterator[Piece]:
    """TeX as text: exponents raised, known commands as characters, what only sets type left out."""
    body = _TEX_BODY.search(source)
    up: list[int] = []  # the depths at which an exponent's group was opened
    depth = 0
    next_is_exponent = False
    for match in _TEX_TOKEN.finditer((body[1] if body else source).strip()):
        command, escaped, script, mark, plain = match.groups()
        if script:
            next_is_exponent = script == "^"
        elif mark == "{":
            depth += 1
            if next_is_exponent:
                up.append(depth)
            next_is_exponent = False
        elif mark == "}":
            if up and up[-1] == depth:
                up.pop()
            depth = max(0, depth - 1)
        else:
            text = _TEX.get(command, "") if command else (escaped or plain or "")
            if escaped and escaped in ",;:! ":
                text = " "
            text = _SPACE.sub(" ", text)
            if next_is_exponent and plain:
                yield text[0], True
                text = text[1:]
            if text:
                yield text, raised or bool(up) or (next_is_exponent and not plain)
            next_is_exponent = False if (plain or command or escaped) else next_is_exponent

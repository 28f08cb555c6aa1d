"""What regimen labels stand for. They are composed, not listed: ``Isa-Kd`` is a drug's letters with a base
regimen, ``DVRd`` a row of letters. A paper's own definition, ``泊马度胺、地塞米松(Pd)``, comes first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from isa_extract.rules.rulebook import rulebook

Drugs = tuple[str, ...]


_MYELOMA = frozenset(
    "bortezomib carfilzomib ixazomib lenalidomide pomalidomide thalidomide dexamethasone daratumumab isatuximab "
    "elotuzumab selinexor melphalan cyclophosphamide prednisone panobinostat venetoclax belantamab+mafodotin "
    "doxorubicin bendamustine".replace("+mafodotin", " ").split()
) | {"belantamab mafodotin"}


@cache
def myeloma_letters() -> dict[str, str]:
    """What letters mean in a label that has dexamethasone's d, as the myeloma field uses them."""
    return {row["letters"]: row["inn"] for row in rulebook().lexicons["myeloma_letters"]}


@cache
def not_regimens() -> frozenset[str]:
    """Abbreviations that spell like a regimen but never are one."""
    return frozenset(row["abbreviation"] for row in rulebook().lexicons["not_regimens"])


@cache
def _bases() -> dict[str, Drugs]:
    bases: dict[str, Drugs] = {}
    for row in rulebook().lexicons["regimens"]:
        drugs = tuple(sorted(row["drugs"].split("+")))
        for name in (row["label"], *row["names"].split(";")):
            if name.strip():
                bases.setdefault(name.strip().lstrip("~"), drugs)
    return bases


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(r["label"] for r in rulebook().lexicons["regimens"] if "ambiguous" in r["note"])


@cache
def _letters() -> dict[str, tuple[str, ...]]:
    letters: dict[str, list[str]] = {}
    for row in rulebook().lexicons["drugs"]:
        for token in row["letters"].split(";"):
            if token.strip():
                letters.setdefault(token.strip(), []).append(row["inn"])
    return {token: tuple(inns) for token, inns in letters.items()}


class Regimens:
    """What labels stand for in one paper: its own definitions, then the grammar.

    Args:
        named: INNs that the paper names anywhere; they settle what an ambiguous letter means.

    ``chemotherapy_is_added_to`` is true once the paper has named a drug plus chemotherapy that it does not
    spell out.
    """

    def __init__(self, named: Iterable[str] = ()) -> None:
        self.named = frozenset(named)
        self.defined: dict[str, Drugs] = {}
        self.chemotherapy_is_added_to = False
        self._known: dict[str, Drugs | None] = {}

    @property
    def state(self) -> tuple[int, bool]:
        """As long as it is the same, every sentence is read the same."""
        return len(self.defined), self.chemotherapy_is_added_to

    def define(self, label: str, drugs: Iterable[str]) -> None:
        """Record that the paper says ``label`` stands for ``drugs``; the first definition stays."""
        label = squeezed(label)
        if label in self.defined:
            return
        self.defined[label] = tuple(sorted(set(drugs)))
        # only what the label is a part of may mean something else now
        for known in [k for k in self._known if label in k or (" " in k and label in squeezed(k))]:
            del self._known[known]

    def drugs_of(self, label: str) -> Drugs | None:
        """The drugs that a label stands for, sorted, or None if it is no regimen."""
        if label not in self._known:
            self._known[label] = self._drugs_of(squeezed(label))
        return self._known[label]

    def _drugs_of(self, label: str) -> Drugs | None:
        if label in self.defined:
            return self.defined[label]
        if label in not_regimens() or len(label) < 2:
            return None
        undosed = _DAYS.sub("", label)  # 'Bu2Flu', 'FluBu4': days of a drug
        return (
            self._compose({"3+7": "7+3"}.get(label, label))
            or self._with_a_letter(label)
            or (_bases().get(undosed) if undosed != label else None)
        )

    def _with_a_letter(self, label: str) -> Drugs | None:
        """``GVA`` beside ``VA``: a label that the paper defines, and the initial of the one other drug it fits."""
        if not re.fullmatch(r"[A-Z][A-Za-z]?-?[A-Z][A-Z0-9]{1,4}", label):
            return None
        for base, drugs in self.defined.items():
            if len(base) < 2 or not label.endswith(base) or label == base:
                continue
            letters = label[: -len(base)].rstrip("-").lower()
            fitting = [n for n in self.named if n.startswith(letters) and n not in drugs]
            if len(fitting) == 1:
                return tuple(sorted({*drugs, *fitting}))
        return None

    def _compose(self, label: str) -> Drugs | None:
        if label in _bases() and not (label in _ambiguous() and not self._plausible(_bases()[label])):
            return _bases()[label]
        parts = [p for p in re.split(r"[-+/]", label) if p]
        if len(parts) > 1:
            return self._joined(parts)
        return self._spelled(label)

    def _plausible(self, drugs: Drugs) -> bool:
        return len(self.named & set(drugs)) >= max(1, len(drugs) - 1)

    def _joined(self, parts: Sequence[str]) -> Drugs | None:
        """``Isa-Kd``, ``D-VRd``, ``VRd+Dara``, ``pola-R-CHP``: every part must mean something."""
        found: set[str] = set()
        myeloma = any(re.search(r"[A-Z]d$|^d(?:ex)?$", p) for p in parts)
        bases = 0
        for size in (len(parts), len(parts) - 1, len(parts) - 2):
            tail = "-".join(parts[len(parts) - size :])
            if 0 < size < len(parts) and tail in _bases():
                head = self._joined_letters(parts[: len(parts) - size], myeloma)
                return tuple(sorted({*head, *_bases()[tail]})) if head else None
        for part in parts:
            drugs = self.defined.get(part) or _bases().get(part)
            if drugs and len(part) != 1:
                bases += 1
            else:
                drugs = self._letter(part, myeloma) or self._spelled(part)
            if not drugs:
                return None
            found |= set(drugs)
        return tuple(sorted(found)) if len(found) > 1 else None

    def _joined_letters(self, parts: Sequence[str], myeloma: bool) -> set[str]:
        found: set[str] = set()
        for part in parts:
            drugs = self._letter(part, myeloma) or self.defined.get(part)
            if not drugs:
                return set()
            found |= set(drugs)
        return found

    def _letter(self, token: str, myeloma: bool) -> Drugs | None:
        if myeloma and token in myeloma_letters():
            return (myeloma_letters()[token],)
        candidates = _letters().get(token) or _letters().get(token.capitalize()) or ()
        named = [c for c in candidates if c in self.named]
        if len(named) == 1:
            return (named[0],)
        if len(candidates) == 1 and len(token) > 1:
            return (candidates[0],)
        return None

    def _spelled(self, label: str) -> Drugs | None:
        """``KRd``, ``KdD``, ``DVRd``, ``VRD``: letters in a row, dexamethasone among them."""
        if not re.search(r"[A-Z]", label) or len(label) > 9:
            return None
        text = label
        if not re.search(r"[A-Z]d", label):
            # VRD, KRD, DARA-VRD: an all-capital spelling, only for drugs that the paper names
            if not re.fullmatch(r"[A-Z]{3,5}", label) or not label.endswith("D") or not self.named & _MYELOMA:
                return None
            text = label[:-1] + "d"
        found: list[str] = []
        at = 0
        while at < len(text):
            for length in (4, 3, 2, 1):
                token = text[at : at + length]
                if len(token) == length and token in myeloma_letters():
                    found.append(myeloma_letters()[token])
                    at += length
                    break
            else:
                return None
        if "dexamethasone" not in found or len(set(found)) != len(found) or len(found) < 2:
            return None
        if text != label and not set(found) - {"dexamethasone"} <= self.named:
            return None
        return tuple(sorted(found))


_DAYS = re.compile(r"(?<=[a-z])\d(?=[A-Z]|$)")
_JOINT = re.compile(r"\s+([-+/])\s*|([-+/])\s+")


def squeezed(label: str) -> str:
    return _JOINT.sub(r"\1\2", label.strip())

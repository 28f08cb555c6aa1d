"""Labels that papers make of the initials of drugs: 'zanubrutinib with eight doses of rituximab (ZR group)'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from isa_extract.finding.regimen_labels import Drugs, not_regimens, squeezed

_LABEL = re.compile(
    r"[(\[]\s*(?:the\s+|以下)?(?:简称)?(?:hereafter\s+)?[\"“]?(?P<label>[A-Z][A-Za-z0-9]*(?:\s?[-+/]\s?[A-Za-z0-9]+)*)[\"”]?"
    r"\s*(?:(?P<group>组|方案|groups?|arms?|regimen)\s*(?=[,;)\]])|(?P<size>,?\s*n\s*=|,\s*\d+\s*例)|(?=[,;)\]]))"
)
_NEAR = 16  # characters from the last drug to its label
_NEAR_GROUP = 60  # where the label is called a group's, or its size is told
_MOST = 7  # drugs


def labels_of_initials(
    text: str, drugs: Sequence[tuple[int, int, Drugs]]
) -> Iterator[tuple[int, str, Drugs]]:
    """Labels whose letters are the initials of the drugs told right before them, or around them.

    Args:
        text: a folded sentence.
        drugs: what it names: folded start and end, and the INNs (several where a label stands for them).

    Yields the label's folded start, the label, and its drugs sorted.
    """
    for match in _LABEL.finditer(text):
        label = squeezed(match["label"])
        letters = re.sub(r"[^A-Za-z]", "", label).lower()
        if len(letters) < 2 or len(letters) > 12 or label in not_regimens():
            continue
        told = [d for d in drugs if d[1] <= match.start()]
        if not told or re.search(r"[;。]", text[told[-1][1] : match.start()]):
            continue
        called = bool(match["group"] or match["size"])
        if len(re.sub(r"\([^()]*\)", "", text[told[-1][1] : match.start()])) > (
            _NEAR_GROUP if called else _NEAR
        ):
            continue
        later = [d for d in drugs if d[0] >= match.end()][:1]
        for chain in (*_ending(told), *([*c, *later] for c in _ending(told) if later)):
            inns = tuple(dict.fromkeys(inn for _, _, several in chain for inn in several))
            if len(inns) <= _MOST and are_initials(letters, inns):
                yield match.start("label"), label, tuple(sorted(inns))
                break


def _ending(
    told: Sequence[tuple[int, int, Drugs]],
) -> list[Sequence[tuple[int, int, Drugs]]]:
    """The runs of names that end with the last one, the longest first."""
    return [told[i:] for i in range(max(0, len(told) - _MOST), len(told))]


def are_initials(letters: str, inns: Sequence[str]) -> bool:
    """Whether ``letters`` (lower case) are made of the beginnings of all these INNs, in any order."""
    if not inns:
        return not letters
    for inn in inns:
        rest = [other for other in inns if other != inn]
        for beginning in _beginnings(inn):
            if letters.startswith(beginning) and are_initials(letters[len(beginning) :], rest):
                return True
    return False


def _beginnings(inn: str) -> list[str]:
    """'e', 'en', …, and the initials of its words, longest first."""
    words = re.split(r"[\s/-]+", inn.lower())
    whole = [inn.lower()[:n] for n in range(6, 0, -1)]
    return [*(["".join(w[0] for w in words if w)] if len(words) > 1 else []), *whole]


def spells_others(label: str, inns: Sequence[str]) -> bool:
    """Whether a label of capitals (``ZR``) has letters that these drugs do not account for."""
    letters = re.sub(r"[^A-Za-z]", "", label)
    return (
        len(letters) > 1
        and letters.isupper()
        and not are_initials(letters.lower(), inns)
        and len(letters) < 6
    )

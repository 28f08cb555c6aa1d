"""Labels that papers make of the initials of drugs: 'zanubrutinib with eight doses of rituximab (ZR group)'."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from isa_extract.finding.regimen_labels import Drugs, not_regimens, squeezed

_LABEL = re.compile(
    r"[(\[]\s*(?:the\s+|以下)?(?:简称)?(?:hereafter\s+)?(?P<called>(?:arm|group)\s+)?[\"“]?(?P<label>[A-Z][A-Za-z0-9]*(?:\s?[-+/]\s?[A-Za-z0-9]+)*)[\"”]?"
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
    found = list(_labels(text, drugs))
    lone = [match for match in _LABEL.finditer(text) if len(match["label"]) == 1 and not match["group"]]
    single = sum(1 for _, label, _ in found if len(label) == 1)
    # 'A' is a group's name where all brackets of one letter are initials, and stand beside another label
    for at, label, inns in found:
        if len(label) > 1 or (single == len(lone) and len(found) > 1):
            yield at, label, inns


def _labels(text: str, drugs: Sequence[tuple[int, int, Drugs]]) -> Iterator[tuple[int, str, Drugs]]:
    for match in _LABEL.finditer(text):
        label = squeezed(match["label"])
        letters = re.sub(r"[^A-Za-z]", "", label).lower()
        if len(letters) < 2 and match["group"]:
            continue  # 'A组', 'O group' go by their letter
        if len(letters) > 12 or label in not_regimens() or re.search(r"\d", label):
            continue
        told = [d for d in drugs if d[1] <= match.start()]
        if not told or re.search(r"[;。]", text[told[-1][1] : match.start()]):
            continue
        called = bool(match["group"] or match["size"] or match["called"])
        if len(re.sub(r"\([^()]*\)", "", text[told[-1][1] : match.start()])) > (
            _NEAR_GROUP if called else _NEAR
        ):
            continue
        later = [d for d in drugs if d[0] >= match.end()][:1]
        with_a_base = [[base, told[-1]] for base in told[:-1]]  # 'X with either Y (YX) or Z (ZX)'
        for chain in (*_ending(told), *([*c, *later] for c in _ending(told) if later), *with_a_base):
            inns = tuple(dict.fromkeys(inn for _, _, several in chain for inn in several))
            if len(inns) <= _MOST and are_initials(letters, inns):
                yield match.start("label"), label, tuple(sorted(inns))
                break
        else:
            if match["size"] and len(letters) > 1 and not _ROLE.fullmatch(label):
                whole = _received(text, told, match.start())
                if len(whole) > 1:
                    yield match.start("label"), label, whole


_ROLE = re.compile(r"control|placebo|standard|experimental|intervention|treatment|study", re.IGNORECASE)
_RECEIVED = re.compile(
    r"\b(?:consisted of|comprised|received|had|were given|was given|got|took|treated with|assigned to|randomi[sz]ed to|used)\b|接受|给予|采用|予以?|应用|使用",
    re.IGNORECASE,
)


def _received(text: str, told: Sequence[tuple[int, int, Drugs]], end: int) -> Drugs:
    """All drugs that a clause says its patients got, before the label of the group: 'X with Y and Z (ATG, n = 83)'."""
    start = max((m.end() for m in re.finditer(r"[;。]|\)\s*[,;]", text[:end])), default=0)
    verbs = [m.end() for m in _RECEIVED.finditer(text, start, end)]
    if not verbs or re.search(r"\b(?:or|versus|than)\b|或", text[verbs[-1] : end]):
        return ()
    return tuple(sorted({inn for s, _, inns in told if s >= verbs[-1] for inn in inns}))


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
    """How a label may begin with a drug: 'enfo', 'clb' of chlorambucil, 'e', or the initials of its words."""
    words = re.split(r"[\s/-]+", inn.lower())
    whole = inn.lower()
    first, rest = whole[0], whole[1:8]
    skipped = [
        first + "".join(picked) for n in (3, 2) for picked in itertools.combinations(rest, n)
    ]  # 'Clb', 'Bv'
    acronym = ["".join(w[0] for w in words if w)] if len(words) > 1 else []
    return list(dict.fromkeys([*acronym, *(whole[:n] for n in range(6, 3, -1)), *skipped, first]))


def spells_others(label: str, inns: Sequence[str]) -> bool:
    """Whether a label of capitals (``ZR``) has letters that these drugs do not account for."""
    letters = re.sub(r"[^A-Za-z]", "", label)
    return (
        len(letters) > 1
        and letters.isupper()
        and not are_initials(letters.lower(), inns)
        and len(letters) < 6
    )

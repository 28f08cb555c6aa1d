"""Labels of regimens that share what the sentence tells once: 'X combined with A (XA), with B (XB) or with B and C (XBC)'."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from isa_extract.finding.regimen_labels import Drugs, not_regimens, squeezed

_LABEL = re.compile(
    r"\(\s*(?P<label>[A-Z][A-Za-z0-9]*(?:[-+][A-Za-z0-9]+)*)(?:\s?(?:组|groups?|arms?))?\s*(?:[,;][^()]*)?\)"
)
_WITH = re.compile(
    r"(?:\b(?:combined|together|in combination|given|either)\s+with|\bwith(?:\s+either)?|\bplus|联合|加用?)\s*$",
    re.IGNORECASE,
)
_WITH_AGAIN = re.compile(
    r"\s*(?:[,;、]\s*)?(?:(?:and|or|versus)\s+|或|和|与|及)?(?:(?:combined|together|in combination|given)\s+)?(?:with\b|plus\b|联合|加用?)\s*",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:,|and|plus|\+|和|与|及|、|联合|,\s*and)\s*", re.IGNORECASE)


def labels_of_shared_stems(text: str, drugs: Sequence[tuple[int, int, Drugs]]) -> Iterator[tuple[str, Drugs]]:
    """The labels of two regimens and more that differ only in what a common stem is given with.

    Args:
        text: a folded sentence.
        drugs: what it names: folded start and end, and the INNs.

    Yields each label with its drugs sorted. A label of fewer letters than drugs is not believed.
    """
    places = [m for m in _LABEL.finditer(text) if squeezed(m["label"]) not in not_regimens()]
    stem: set[str] = set()
    for i, place in enumerate(places):
        since = places[i - 1].end() if i else 0
        again = _WITH_AGAIN.match(text, since) if i else None
        if again is not None and not stem:
            first = _stem_and_rest(
                text, [d for d in drugs if d[1] <= places[i - 1].start()], places[i - 1].start()
            )
            if first is None:
                continue
            stem = first[0]
            yield from _believed(places[i - 1]["label"], stem | first[1])
        own = _run(text, [d for d in drugs if again and again.end() <= d[0] and d[1] <= place.start()])
        if (
            again is None
            or not stem
            or not own
            or text[again.end() : own[0][0]].strip()
            or text[own[-1][1] : place.start()].strip()
        ):
            stem = set()
            continue
        yield from _believed(place["label"], stem | {inn for _, _, inns in own for inn in inns})


def _stem_and_rest(
    text: str, told: Sequence[tuple[int, int, Drugs]], end: int
) -> tuple[set[str], set[str]] | None:
    """What stands before the 'with' of the first regimen, and what stands behind it up to its label."""
    stem: set[str] = set()
    rest: set[str] = set()
    right = end
    for start, stop, inns in reversed(told):
        gap = text[stop:right]
        if not rest:
            if gap.strip():
                return None
            rest = set(inns)
        elif _JOINED.fullmatch(gap):
            (stem or rest).update(inns)
        elif not stem and _WITH.search(gap) and not _WITH.sub("", gap).strip():
            stem = set(inns)
        else:
            break
        right = start
    return (stem, rest) if stem else None


def _run(text: str, told: Sequence[tuple[int, int, Drugs]]) -> list[tuple[int, int, Drugs]]:
    """The drugs, if 'and' joins them all; else none."""
    joined = all(_JOINED.fullmatch(text[a[1] : b[0]]) for a, b in itertools.pairwise(told))
    return list(told) if joined else []


def _believed(label: str, drugs: set[str]) -> Iterator[tuple[str, Drugs]]:
    if len(re.sub(r"[^A-Za-z]", "", label)) >= len(drugs):
        yield squeezed(label), tuple(sorted(drugs))

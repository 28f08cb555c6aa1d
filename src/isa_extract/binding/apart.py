"""A sentence that tells of several trials becomes a passage for each.

'ORR was 84% in A; B found 63%' is told apart at its clauses, 'in A and B it was 84% and 63%' by the order of
names and values. Each passage holds nothing but what is said of its trial, with the endpoint where that is not
said again; folded offsets are its own, and lead back to the paper as ever.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from isa_extract.binding.groups import Group, groups
from isa_extract.binding.passages import Passage
from isa_extract.binding.trial_names import Anchor, Told, anchors_in
from isa_extract.finding.quantity import Quantity, bracket_depths

Range = tuple[int, int]


def told_apart(found: Sequence[Passage], names: Sequence[str]) -> list[Passage]:
    """The passages of a paper, those of several trials told apart, numbered anew."""
    made: list[Passage] = []
    told = Told()
    for passage in found:
        anchors = anchors_in(passage, names, told)
        kept = [passage] if passage.sentence.kind in ("heading", "title") else apart(passage, anchors)
        told.hear(passage, anchors, len({p.trial for p in kept}) > 1)
        made += kept
    return [p if p.index == i else replace(p, index=i) for i, p in enumerate(made)]


def apart(passage: Passage, anchors: Sequence[Anchor]) -> list[Passage]:
    """The passages of a sentence, one for each stretch that is of one trial; the sentence itself if it is of one.

    A stretch before any anchor is of no trial that is told here (``trial`` is empty).
    """
    if not anchors:
        return [passage]
    pieces = _pieces(passage, anchors)
    if len(pieces) == 1 and pieces[0].ranges == [(0, len(passage.text))]:
        return [replace(passage, trial=pieces[0].key)]
    if len(pieces) < 2:
        return [passage]
    made: list[Passage] = []
    for i, piece in enumerate(pieces):
        kept = _without_pointers(piece, anchors)
        if said := _said_before(passage, pieces[:i] or pieces[1:], piece, anchors):
            kept = [said, *kept]
        if kept:
            made.append(passage.cut(_joined(kept), piece.key))
    if sum(len(p.quantities) for p in made) != len(passage.quantities):
        return [passage]  # a cut that would lose a value is none
    return made


@dataclass(slots=True)
class _Piece:
    key: str
    ranges: list[Range]

    def holds(self, start: int, end: int) -> bool:
        return any(a <= start and end <= b for a, b in self.ranges)


def _pieces(passage: Passage, anchors: Sequence[Anchor]) -> list[_Piece]:
    """Stretches of the sentence and whose they are, in order; one empty piece if it is not to be told apart."""
    pieces: list[_Piece] = []
    for start, end in _regions(passage, anchors):
        here = [a for a in anchors if start <= a.start < end]
        listed = _list(passage.text, here)
        if not passage.quantities:
            found = _introduced(passage.text, here, start, end)
        elif len(listed) > 1:
            distributed = _distributed(passage, listed, start, end)
            if distributed is None:
                return []
            found = distributed
        else:
            found = _of_clause(passage, here, start, end, pieces[-1].key if pieces else "")
            if not found:
                return []
        for piece in found:
            if pieces and pieces[-1].key == piece.key:
                pieces[-1].ranges += piece.ranges
            else:
                pieces.append(piece)
    for piece in pieces:
        piece.ranges = _joined(piece.ranges)
    return pieces


def _values(passage: Passage, start: int, end: int) -> list[Quantity]:
    """The values of a stretch less those in deeper brackets."""
    inside = [q for q in passage.quantities if start <= q.start < end]
    depth = min((q.depth for q in inside), default=0)
    return [q for q in inside if q.depth == depth]


_CLAUSE = re.compile(r"[;。]")


def _regions(passage: Passage, anchors: Sequence[Anchor]) -> Iterator[Range]:
    """The clauses set off by semicolons; one without an anchor or, among values, without a value goes with the one before."""
    depths = bracket_depths(passage.text)
    inside = [(a.start, a.end) for a in anchors]
    stops = [
        m.end()
        for m in _CLAUSE.finditer(passage.text)
        if not depths[m.start()] and not any(a <= m.start() < b for a, b in inside)
    ]
    start = 0
    for stop in stops:
        following = next((s for s in stops if s > stop), len(passage.text))
        starts_anew = any(stop <= a.start < following for a in anchors) and (
            not passage.quantities or any(stop <= q.start < following for q in passage.quantities)
        )
        if starts_anew:
            yield start, stop
            start = stop
    yield start, len(passage.text)


_AND = r"|\s*(?:,|、|/|和|与|及|以及|同|and|, and|or|, or|&)\s*(?:the\s+)?"


def _list(text: str, anchors: Sequence[Anchor]) -> list[Anchor]:
    """The first run of anchors that nothing but 'and' joins, each of another trial."""
    run: list[Anchor] = []
    for anchor in anchors:
        joined = run and re.fullmatch(_AND, text[run[-1].end : anchor.start], re.IGNORECASE)
        if run and not joined and len(run) > 1:
            return run
        run = [*run, anchor] if joined and anchor.key not in {a.key for a in run} else [anchor]
    return run if len(run) > 1 else []


def _distributed(passage: Passage, listed: Sequence[Anchor], start: int, end: int) -> list[_Piece] | None:
    """'A and B: 72% and 58%': the values of each in the trials' order; None if they do not go over them."""
    spread = [
        g
        for g in groups(passage, ())
        if start <= g.start and g.end <= end and len(g) == len(listed) and g.parent is None
    ]
    behind = [g for g in spread if g.start >= listed[-1].end]
    spread = behind or spread
    last = max(listed[-1].end, *(g.end for g in spread)) if spread else 0
    inner = [(g.start, g.end) for g in spread]
    astray = [
        q
        for q in passage.quantities
        if start <= q.start < last and not any(a <= q.start < b for a, b in inner)
    ]
    if not spread or astray:
        return None
    order = [
        (m.start, m.start + len(m.text.rstrip("为是达有"))) for m in passage.between(start, end, "distribute")
    ]
    made: list[_Piece] = []
    for i, anchor in enumerate(listed):
        cuts = [(listed[0].start, anchor.start), (anchor.end, listed[-1].end), *order]
        cuts += [c for g in spread for c in _but(g, i)]
        stop = end if i == len(listed) - 1 else last
        made.append(_Piece(anchor.key, _less([(start, stop)], cuts)))
    return made


def _but(group: Group, i: int) -> list[Range]:
    """The ranges of a group of values that are not its ``i``-th."""
    q = group.members[i]
    return [(group.start, q.outer_start), (q.outer_end, group.end)]


def _introduced(text: str, anchors: Sequence[Anchor], start: int, end: int) -> list[_Piece]:
    """A clause without values: a trial that a clause begins with, or that stands in a list with something said of it."""
    listed = _list(text, anchors)
    said = [a for a in listed if re.search(r"[(\[]", text[a.start : a.end])]
    keys = [anchors[0].key if anchors else ""]
    cuts = [start]
    for anchor in anchors[1:]:
        lead = re.search(
            r"[,:]\s*(?:and|而|while|whereas|则|其后的?|随后的?)?\s*(?:in|the)?\s*$", text[: anchor.start]
        )
        at = lead.start() + 1 if lead else anchor.start
        if anchor.key != keys[-1] and (
            len(said) == len(listed) > 1 if anchor in listed else lead is not None
        ):
            keys.append(anchor.key)
            cuts.append(at)
    pieces = [_Piece(key, [cut]) for key, cut in zip(keys, itertools.pairwise([*cuts, end]), strict=True)]
    for piece in pieces[1:]:
        if any(a.key == piece.key for a in said):
            piece.ranges.insert(0, (start, said[0].start))  # 'two phase 3 trials, A (…) and B (…)' is of both
    return pieces


def _of_clause(
    passage: Passage, anchors: Sequence[Anchor], start: int, end: int, before: str
) -> list[_Piece]:
    """Whose the values of a clause are; nothing if its words leave that open.

    Names stand before their values or behind them, all alike; a clause without either goes on with the trial before.
    """
    values = _values(passage, start, end)
    asides = list(_asides(passage.text, anchors, values))
    if asides and len(values) > len(asides):
        holes = [r for aside in asides for r in aside.ranges]
        rest = [a for a in anchors if not any(x <= a.start < y for x, y in holes)]
        pieces = _told_in_turn(passage, rest, start, end, before, holes)
        for piece in pieces:
            piece.ranges = _less(piece.ranges, holes)
        return [*asides, *pieces] if pieces else []  # what follows goes on with the trial spoken of
    return _told_in_turn(passage, anchors, start, end, before, ())


def _asides(text: str, anchors: Sequence[Anchor], values: Sequence[Quantity]) -> Iterator[_Piece]:
    """'…, lower than the 98% in A': a value of another trial that one is only measured against."""
    for anchor in anchors:
        ahead = [v for v in values if v.start < anchor.start]
        than = re.search(r"\bthan\s+(?:the\s+)?$", text[: ahead[-1].outer_start]) if ahead else None
        if than and _is_attached(text, ahead[-1], anchor):
            yield _Piece(anchor.key, [(than.start(), anchor.end)])


def _told_in_turn(
    passage: Passage,
    anchors: Sequence[Anchor],
    start: int,
    end: int,
    before: str,
    holes: Sequence[Range],
) -> list[_Piece]:
    def free(quantities: Sequence[Quantity]) -> list[Quantity]:
        return [q for q in quantities if not any(a <= q.start < b for a, b in holes)]

    text, values = passage.text, free(_values(passage, start, end))
    if not anchors or not values:
        return [_Piece(before, [(start, end)])]
    inside = free([q for q in passage.quantities if start <= q.start < end])
    first = anchors[0]
    ahead = [v for v in values if v.start < first.start]
    if not ahead:
        return _before(text, anchors, inside, start, end)
    if _is_attached(text, ahead[-1], first):
        return _behind(text, anchors, inside, start, end)
    lead = re.search(r"[,:。.](?=[^,:。]*$)", text[ahead[-1].outer_end : first.start])
    if lead is None or not any(v.start > first.end for v in values):
        return [_Piece(before, [(start, end)])]
    cut = ahead[-1].outer_end + lead.start() + 1
    rest = _before(text, anchors, [q for q in inside if q.start >= cut], cut, end)
    return [_Piece(before, [(start, cut)]), *rest] if rest else []


def _before(
    text: str, anchors: Sequence[Anchor], values: Sequence[Quantity], start: int, end: int
) -> list[_Piece]:
    """Names before their values."""
    pieces: list[_Piece] = []
    cut = start
    for anchor, following in itertools.pairwise(anchors):
        stop = following.start
        if following.key != anchor.key:
            own = [v for v in values if anchor.end <= v.start and v.end <= following.start]
            if not own:
                return []
            stop = max(v.outer_end for v in own)
            lead = re.search(r"[,:;。](?=[^,:;。]*$)", text[stop : following.start])
            stop += lead.start() + 1 if lead else 0
        pieces.append(_Piece(anchor.key, [(cut, stop)]))
        cut = stop
    return [*pieces, _Piece(anchors[-1].key, [(cut, end)])]


def _behind(
    text: str, anchors: Sequence[Anchor], values: Sequence[Quantity], start: int, end: int
) -> list[_Piece]:
    """Names behind their values."""
    pieces: list[_Piece] = []
    cut = start
    for i, anchor in enumerate(anchors):
        own = [v for v in values if cut <= v.start and v.end <= anchor.start]
        if not own:
            if pieces and pieces[-1].key == anchor.key:
                continue
            return []
        closing = re.compile(r"\s*[)\]]").match(text, anchor.end)
        stop = closing.end() if closing else anchor.end
        stop = end if i == len(anchors) - 1 else stop
        pieces.append(_Piece(anchor.key, [(cut, stop)]))
        cut = stop
    return pieces


_ATTACHED = re.compile(
    r"(?:[^,;:。]|,(?=\s*(?:in|of)\s*(?:the )?$))*?(?:\b(?:in|of|from|for|with|on|after|by|given|receiving|received)\b|接受|[(\[]|在|于|见于|来自)\s*(?:the )?|[^,;:。]{0,12}",
    re.IGNORECASE,
)


def _is_attached(text: str, value: Quantity, anchor: Anchor) -> bool:
    """Whether the name stands behind the value as whose it is: '67.7% of the VRd group in PERSEUS', '72% (A)'."""
    gap = text[value.outer_end : anchor.start]
    return (
        _ATTACHED.fullmatch(gap) is not None
        and re.search(r"\bthan\b|高于|低于|长于|短于|优于|\bas\b|与|较", gap) is None
    )


def _said_before(
    passage: Passage, earlier: Sequence[_Piece], piece: _Piece, anchors: Sequence[Anchor]
) -> Range | None:
    """The words with the endpoint that a piece with values goes on with: 'median PFS was 35.7 months in A and 9.5 in B'."""
    own = [q for q in passage.quantities if piece.holds(q.start, q.end)]
    terms = passage.of("endpoint", "event")
    told = [t for t in terms if not _is_inside(t.start, anchors)]
    if not own or any(piece.holds(t.start, t.end) for t in told):
        return None
    before = [t for t in told if t.end <= own[0].start and any(p.holds(t.start, t.end) for p in earlier)]
    last = [t for t in before if earlier[-1].holds(t.start, t.end)] or before
    if not last or len({t.code for t in last}) > 1:
        return None
    stops = [r for q in passage.quantities for r in ((q.outer_start, q.outer_end), (q.start, q.end))]
    stops += [(a.start, a.end) for a in anchors]
    stops += [(r.start, r.end) for r in passage.regimens]
    stops += [(m.start, m.end) for m in passage.of("followup", "data-cut")]
    stops += [m.span() for m in re.finditer(r"[,;:。]", passage.text)]
    start = max((b for a, b in stops if b <= last[0].start), default=0)
    end = min((a for a, b in stops if a >= last[0].end), default=last[0].end)
    return start, end


def _is_inside(at: int, anchors: Sequence[Anchor]) -> bool:
    return any(a.start <= at < a.end for a in anchors)


def _without_pointers(piece: _Piece, anchors: Sequence[Anchor]) -> list[Range]:
    """'the former' has said whose it is, and is no arm."""
    return _less(piece.ranges, [(a.start, a.end) for a in anchors if a.alone])


def _less(ranges: Sequence[Range], cuts: Sequence[Range]) -> list[Range]:
    kept = list(ranges)
    for a, b in cuts:
        if a < b:
            kept = [r for x, y in kept for r in ((x, min(y, a)), (max(x, b), y)) if r[0] < r[1]]
    return kept


def _joined(ranges: Sequence[Range]) -> list[Range]:
    made: list[Range] = []
    for a, b in sorted(ranges):
        if made and a <= made[-1][1]:
            made[-1] = (made[-1][0], max(b, made[-1][1]))
        else:
            made.append((a, b))
    return made

"""Values told of an arm of another study: 'it followed A in 1.1% and B in 5%', where A and B were tested apart.

A treatment tells of which study a value is where exactly one other study tests it and has named it before, and
the study spoken of has not. A control tells nothing: many studies share it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from isa_extract.binding.apart import apart
from isa_extract.binding.passages import Passage
from isa_extract.binding.studies import Draft
from isa_extract.binding.study_arms import Drugs, Roster, without_placebo
from isa_extract.binding.treatments import is_earlier_treatment
from isa_extract.binding.trial_names import Anchor, is_compared
from isa_extract.finding.regimens import RegimenMention


def moved(
    found: Sequence[Passage], speaking: Sequence[Draft], drafts: Sequence[Draft], rosters: Sequence[Roster]
) -> list[tuple[Passage, Draft]] | None:
    """Each passage with its study, those told apart by their arms; None if there are none.

    Args:
        speaking: the study that each passage was given.
        rosters: the arms of each of the ``drafts``.
    """
    number = {id(d): i for i, d in enumerate(drafts)}
    named = [i for i, d in enumerate(drafts) if d.named]
    if len(named) < 2:
        return None
    told: dict[int, set[Drugs]] = {i: set() for i in named}
    kinds = {p.index: p.sentence.kind for p in found}
    introduced = {
        id(d): next((i for i in d.passages if kinds.get(i) not in ("heading", "title")), -1) for d in drafts
    }
    changed = False
    made: list[tuple[Passage, Draft]] = []
    for passage, draft in zip(found, speaking, strict=True):
        parts = [(passage, draft)]
        foreign: list[Anchor] = []
        here = number.get(id(draft), -1)
        if (
            here in named
            and passage.quantities
            and not passage.trial
            and passage.index != introduced[id(draft)]
            and not _ASSIGNS.search(passage.text)
        ):
            anchors = sorted(_anchors(passage, here, rosters, told), key=lambda a: a.start)
            foreign = [a for a in anchors if a.key != str(here)]
            if foreign:
                parts = [(p, drafts[int(p.trial)] if p.trial else draft) for p in apart(passage, anchors)]
        stays = all(d is draft for _, d in parts)
        changed = changed or not stays
        made += [(passage, draft)] if stays else parts
        if here in named and stays:
            away = {a.start for a in foreign}
            told[here] |= {without_placebo(r.drugs) for r in _arms_in(passage) if r.start not in away}
    return made if changed else None


_ASSIGNS = re.compile(
    r"随机(?:分|接受|至|入)|(?:分|归)(?:入|为|成|至|配)[^,;。]{0,12}[组臂]|\b(?:randomi[sz]ed|randomly|assigned|allocated)\b",
    re.IGNORECASE,
)
"""Who is assigned to what is told of the study spoken of, whichever other study tests that too."""
_EARLIER = re.compile(
    r"(?:既往|曾|难治|耐药|暴露|失败|停用|交叉|换用|后续|refractory to|exposed to|failed|relaps\w+ (?:on|after)|cross\w* over to|"
    r"switched to|history of|subsequent\w*)(?:(?!随机|分入|分配|接受|randomi|assigned)[^,;。]){0,16}$",
    re.IGNORECASE,
)


def _arms_in(passage: Passage) -> Iterator[RegimenMention]:
    """The treatments named, less those that patients had before or after, and those only compared with."""
    aside = passage.of("subgroup", "reference")
    for r in passage.regimens:
        ahead = passage.text[: r.start]
        earlier = is_earlier_treatment(ahead) or _EARLIER.search(ahead) is not None
        if not (earlier or is_compared(passage, r.start) or any(m.start <= r.start < m.end for m in aside)):
            yield r


def _anchors(
    passage: Passage, here: int, rosters: Sequence[Roster], told: dict[int, set[Drugs]]
) -> Iterator[Anchor]:
    """The treatments that tell of a study, by the number of its draft; that spoken of is ``here``."""
    own = {drug for drugs in told[here] for drug in drugs}
    of_others: list[tuple[RegimenMention, int]] = []
    for r in _arms_in(passage):
        drugs = without_placebo(r.drugs)
        whose = [i for i in told if i != here and drugs in told[i] and _tests(rosters[i], drugs)]
        part = any(set(drugs) < set(a.drugs) for a in rosters[here].arms)
        if not drugs or part or own.issuperset(drugs) or len(whose) != 1:
            own |= set(drugs)
            yield Anchor(r.start, r.end, str(here))
        else:
            of_others.append((r, whose[0]))
    yield from (Anchor(r.start, r.end, str(i)) for r, i in of_others if not own.issuperset(r.drugs))


def _tests(roster: Roster, drugs: Drugs) -> bool:
    arm = roster.by_drugs(drugs)
    return arm is not None and arm.role != "control"

"""What was seen while a sentence was bound: for whoever looks on (``explain``); nothing is decided by it."""

from __future__ import annotations

from dataclasses import dataclass, field

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.discourse import Discourse
from isa_extract.binding.endpoints import Endpoint
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster
from isa_extract.binding.view import Reading, View
from isa_extract.records import Finding, Study


@dataclass(frozen=True, slots=True)
class Asked:
    """A group, the endpoint of each of its values, what its readers saw, and the reading that was kept.

    A group that is no ``result`` (planned, background, a difference in passing) or has no endpoint was asked
    nothing: its ``view`` is None.
    """

    group: Group
    chosen: tuple[Endpoint, ...] = ()
    view: View | None = None
    reading: Reading | None = None
    result: bool = True


@dataclass(slots=True)
class Note:
    """One sentence: the study it speaks of (None: background) and the discourse as the sentence found it
    (``carried``) and after its own opening words (``entered``); ``asked`` goes by the folded offset of a
    group's first value; ``findings`` are those of the sentence alone, before the paper's are settled.
    """

    passage: Passage
    study: Study | None = None
    roster: Roster | None = None
    carried: Discourse | None = None
    entered: Discourse | None = None
    named: tuple[ArmMention, ...] = ()
    asked: dict[int, Asked] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

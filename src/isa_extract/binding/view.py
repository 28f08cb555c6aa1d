"""What a reader of a group sees, and what it says: the types that the readings share."""

from __future__ import annotations

from dataclasses import dataclass, field

from isa_extract.binding.arms import ArmMention
from isa_extract.binding.groups import Group
from isa_extract.binding.passages import Passage
from isa_extract.binding.study_arms import Roster
from isa_extract.records import Arm


@dataclass(frozen=True, slots=True)
class Reading:
    """One arm (or None) for each member of a group, how it was found (``binding``), and why in words.

    ``everyone`` marks a value that holds for each of ``arms``.
    """

    arms: tuple[Arm | None, ...]
    binding: str
    why: str
    mentions: tuple[ArmMention, ...] = ()
    everyone: bool = False


@dataclass(slots=True)
class Order:
    """The order in which arms were last set beside values, and the sentence that did.

    ``topic`` is the one arm that the paragraph is speaking of, if it speaks of one alone.
    """

    arms: tuple[Arm, ...] = ()
    said: str = ""
    topic: Arm | None = None


@dataclass(frozen=True, slots=True)
class View:
    """What a reader sees: the group and what stands round it.

    ``last`` are the arms of the group before it in the sentence, ``used`` the mentions that told them.
    """

    passage: Passage
    group: Group
    arms: tuple[ArmMention, ...]
    left: int
    right: int
    study: Roster
    order: Order = field(compare=False)
    order_in_sentence: tuple[Arm | None, ...] = ()
    last: tuple[Arm | None, ...] = ()
    used: tuple[ArmMention, ...] = ()

    @property
    def text(self) -> str:
        """The folded sentence."""
        return self.passage.text

    def before(self) -> list[ArmMention]:
        """Arms between the group before (or the sentence's start) and this group."""
        return [a for a in self.arms if self.left <= a.start and a.end <= self.group.start]

    def behind(self) -> list[ArmMention]:
        """Arms between this group and the next (or the clause's end)."""
        return [a for a in self.arms if self.group.end <= a.start < self.right]

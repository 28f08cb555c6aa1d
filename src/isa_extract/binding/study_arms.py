"""The arms of one study, with the other names they go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from isa_extract.finding.lexicons import drug_classes
from isa_extract.records import Arm
from isa_extract.vocabulary import UNSPELT

Drugs = tuple[str, ...]


@dataclass(slots=True)
class Roster:
    """The arms of one study in order of introduction, and the other names they go by.

    ``choices`` are treatments of which the patients of one arm get one or the other; ``written`` are arms
    known by nothing but a word of the paper ('HART'), looked for as it is written; ``chemotherapy`` is what
    that word stands for in this study, where it is told; ``pairs`` is the order that the paper says all its
    pairs of values are in.
    """

    arms: list[Arm] = field(default_factory=list)
    aliases: dict[str, Arm] = field(default_factory=dict)
    choices: dict[Drugs, Arm] = field(default_factory=dict)
    written: dict[str, Arm] = field(default_factory=dict)
    chemotherapy: Drugs = ()
    pairs: tuple[Arm, ...] = ()

    def control(self) -> Arm | None:
        """The one control arm, or None."""
        return _only(a for a in self.arms if a.role == "control")

    def experimental(self) -> Arm | None:
        """The one experimental arm, or None."""
        return _only(a for a in self.arms if a.role == "experimental")

    def other(self, arm: Arm | None) -> Arm | None:
        """In a study of two arms, the other one."""
        if arm is None or len(self.arms) != 2 or arm not in self.arms:
            return None
        return next((a for a in self.arms if a != arm), None)

    def change(self, into: Mapping[Arm, Arm]) -> None:
        """Put other arms in the place of arms, under all the names they go by."""
        self.arms = [into.get(a, a) for a in self.arms]
        self.aliases = {name: into.get(a, a) for name, a in self.aliases.items()}
        self.written = {name: into.get(a, a) for name, a in self.written.items()}
        self.choices = {drugs: into.get(a, a) for drugs, a in self.choices.items()}

    def by_drugs(self, drugs: Iterable[str]) -> Arm | None:
        """The arm that gets exactly these drugs."""
        wanted = self.spelt(without_placebo(drugs))
        return next((a for a in self.arms if a.drugs and a.drugs == wanted), None)

    def spelt(self, drugs: Drugs) -> Drugs:
        """The drugs with what chemotherapy stands for in this study."""
        if UNSPELT.isdisjoint(drugs) or not self.chemotherapy:
            return drugs
        return tuple(sorted({*drugs, *self.chemotherapy} - UNSPELT))


def without_placebo(drugs: Iterable[str]) -> tuple[str, ...]:
    """Sorted INNs less placebo, which is no drug."""
    return tuple(sorted({d for d in drugs if drug_classes().get(d) != "placebo"}))


_CYTOTOXIC = frozenset(
    {
        "platinum", "taxane", "antimetabolite", "alkylator", "anthracycline", "fluoropyrimidine", "vinca alkaloid",
        "topoisomerase I inhibitor", "topoisomerase II inhibitor", "antitumour antibiotic", "microtubule inhibitor",
        "epothilone", "anthracenedione", "liposomal chemotherapy", "corticosteroid", "folate rescue",
    }
)  # fmt: skip


def is_cytotoxic(drugs: Iterable[str]) -> bool:
    """Whether a regimen is chemotherapy and nothing else."""
    told = classes_of(drugs)
    return told <= _CYTOTOXIC and bool(told - {"corticosteroid", "folate rescue"})


def _only(arms: Iterable[Arm]) -> Arm | None:
    found = list(arms)
    return found[0] if len(found) == 1 else None


def classes_of(drugs: Iterable[str]) -> set[str]:
    return {drug_classes().get(d, "") for d in drugs}

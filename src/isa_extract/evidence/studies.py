"""Who is who: which tellings of studies, across papers and languages, are of one study.

In this order; a later step joins only where an earlier one has not told two apart:

1. what a person ruled (``same``, ``different``);
2. a registry id. Ids of different registries that stand together are one study's; two ids of one registry
   are two studies told of together (a pooled analysis), which is a study of its own;
3. an acronym, unless it goes with two registry ids;
4. phase, population and all arms' drugs, where neither id nor acronym is given: only if exactly one study
   fits and the paper does not tell of that one apart. (Sponsors would tell more; papers' rows have none.)

A study that some paper tells of in two phases (or populations) is a study for each of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from isa_extract.evidence.normal_forms import bare
from isa_extract.evidence.statements import Telling

_REGISTRIES: Final = re.compile(r"NCT|ChiCTR|ISRCTN|UMIN|jRCT|JapicCTI|CTRI|CTR|ACTRN|DRKS|KCT|NTR", re.I)
_DISEASE_TAIL: Final = re.compile(r"(?<=[A-Za-z]{3})-[A-Z]{2,4}$")
_SPLITS: Final = ("phase", "population")

Key = tuple[str, str]
"""``Telling.key``: paper and ref."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's word that two studies are the same, or are not; both in the form of ``reference``."""

    kind: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class StudyIdentity:
    """A study across papers: ``key`` is its best registry id, else its acronym, else made from what it is."""

    key: str
    trial_id: str = ""
    trial_name: str = ""
    phase: str = ""
    population: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return self.trial_name or self.trial_id.replace(";", " ") or self.key


# -------------------------------------------------------------------------------------------------- keys


def registry_ids(telling: Telling) -> tuple[str, ...]:
    """The ids that stand for the telling's study; the whole set as one, where it is a pooled analysis."""
    ids = sorted({part.strip() for part in telling.cells["trial_id"].split(";")} - {""})
    registries = [_registry(one) for one in ids]
    if len(set(registries)) < len(registries):
        return ("+".join(ids),)
    return tuple(ids)


def _registry(trial_id: str) -> str:
    match = _REGISTRIES.match(trial_id)
    return match[0].casefold() if match else "eudract"


def names(telling: Telling) -> tuple[str, ...]:
    """The acronym, and the acronym without the disease behind it (``ICARIA`` of ``ICARIA-MM``)."""
    name = telling.cells["trial_name"].strip()
    return tuple(dict.fromkeys(bare(n) for n in (name, _DISEASE_TAIL.sub("", name)) if n))


def description(telling: Telling) -> str:
    """Phase, population and what the arms receive; empty unless all of it is told."""
    phase, population = telling.cells["phase"], telling.cells["population"]
    drugs = sorted({"+".join(arm.drugs) for arm in telling.arms})
    if not (phase and population and drugs and all(drugs)):
        return ""
    return "|".join((phase, population, *drugs))


def keys_of(telling: Telling) -> frozenset[str]:
    """All that the telling may be joined by; tellings that share none have nothing to do with each other."""
    keys = {f"id:{bare(one)}" for one in registry_ids(telling)}
    keys |= {f"name:{name}" for name in names(telling)}
    if told := description(telling):
        keys.add(f"what:{told}")
    return frozenset(keys) or frozenset((f"only:{telling.paper}#{telling.ref}",))


def reference(text: str) -> str:
    """A study as people refer to it (``ICARIA-MM``, ``NCT02990338``, ``paper: MAIA``), in one spelling."""
    paper, colon, study = text.rpartition(":")
    return f"{paper.strip()}:{bare(study)}" if colon else bare(study)


def refers_to(ref: str, telling: Telling) -> bool:
    """Whether a reference means the telling's study; one with a paper before it means that paper's only."""
    paper, _, study = ref.rpartition(":")
    if paper and paper != telling.paper:
        return False
    own = {bare(one) for one in registry_ids(telling)} | set(names(telling))
    return study in own or study == bare(telling.ref)


def keys_of_reference(ref: str) -> frozenset[str]:
    """The keys under which what is referred to may be found."""
    study = ref.rpartition(":")[2]
    return frozenset((f"id:{study}", f"name:{study}"))


# ---------------------------------------------------------------------------------------------- joining


class _Groups:
    """Tellings put together, never two that a ruling holds apart."""

    def __init__(self, tellings: Sequence[Telling], apart: Iterable[Ruling]) -> None:
        self.parent = {t.key: t.key for t in tellings}
        self.sides: dict[Key, frozenset[tuple[int, int]]] = {}
        rulings = list(apart)
        for t in tellings:
            sides = set()
            for i, ruling in enumerate(rulings):
                of = (refers_to(ruling.one, t), refers_to(ruling.other, t))
                if of[0] != of[1]:
                    sides.add((i, int(of[1])))
            self.sides[t.key] = frozenset(sides)

    def find(self, key: Key) -> Key:
        while self.parent[key] != key:
            self.parent[key] = self.parent[self.parent[key]]
            key = self.parent[key]
        return key

    def join(self, one: Key, other: Key) -> None:
        a, b = sorted((self.find(one), self.find(other)))
        if a == b or any((i, 1 - side) in self.sides[b] for i, side in self.sides[a]):
            return
        self.parent[b] = a
        self.sides[a] |= self.sides[b]

    def join_all(self, members: Sequence[Telling]) -> None:
        for other in members[1:]:
            self.join(members[0].key, other.key)

    def of(self, members: Iterable[Telling]) -> set[Key]:
        return {self.find(t.key) for t in members}


def who_is_who(tellings: Iterable[Telling], rulings: Sequence[Ruling] = ()) -> dict[Key, StudyIdentity]:
    """The study of each telling; the same whatever the order of the tellings."""
    ordered = sorted(tellings, key=lambda t: t.key)
    groups = _Groups(ordered, [r for r in rulings if r.kind == "different"])
    for ruling in rulings:
        if ruling.kind == "same":
            members = [t for t in ordered if refers_to(ruling.one, t) or refers_to(ruling.other, t)]
            groups.join_all(members)
    for _, members in _by(ordered, registry_ids):
        groups.join_all(members)
    _join_by_name(groups, ordered)
    _join_by_description(groups, ordered)
    together: defaultdict[Key, list[Telling]] = defaultdict(list)
    for telling in ordered:
        together[groups.find(telling.key)].append(telling)
    found: dict[Key, StudyIdentity] = {}
    taken: set[str] = set()
    for members in together.values():
        for part, study in _split(members):
            if study.key in taken:  # two that a ruling holds apart may go by one acronym
                study = _renamed(study, part)
            taken.add(study.key)
            found.update((t.key, study) for t in part)
    return found


def _by(
    tellings: Iterable[Telling], keys: Callable[[Telling], Iterable[str]]
) -> list[tuple[str, list[Telling]]]:
    found: defaultdict[str, list[Telling]] = defaultdict(list)
    for telling in tellings:
        for key in keys(telling):
            found[key].append(telling)
    return sorted(found.items())


def _join_by_name(groups: _Groups, tellings: Sequence[Telling]) -> None:
    # longest names first: what ICARIA-MM is must be known before ICARIA is looked at
    for _, members in sorted(_by(tellings, names), key=lambda one: (-len(one[0]), one[0])):
        registered = [t for t in members if registry_ids(t)]
        if len(groups.of(registered)) > 1:
            members = [t for t in members if not registry_ids(t)]
        groups.join_all(members)


def _join_by_description(groups: _Groups, tellings: Sequence[Telling]) -> None:
    for told, members in _by(tellings, lambda t: (description(t),)):
        if not told:
            continue
        unnamed = [t for t in members if not registry_ids(t) and not names(t)]
        papers = [t.paper for t in unnamed]
        alone = [t for t in unnamed if papers.count(t.paper) == 1]
        named = groups.of(t for t in members if t not in unnamed)
        groups.join_all(alone)
        if len(named) == 1 and alone:
            (study,) = named
            tellers = {t.paper for t in tellings if groups.find(t.key) == study}
            if not tellers & {t.paper for t in alone}:
                groups.join(study, alone[0].key)


def _split(members: list[Telling]) -> list[tuple[list[Telling], StudyIdentity]]:
    """The parts of a group that some paper tells apart, each with who it is."""
    split = [name for name in _SPLITS if _told_apart(members, name)]
    parts: defaultdict[tuple[str, ...], list[Telling]] = defaultdict(list)
    for telling in members:
        parts[tuple(telling.cells[name] for name in split)].append(telling)
    whole = _key(members)
    return [
        (part, _identity("/".join((whole, *(value or "-" for value in values))), part, members))
        for values, part in sorted(parts.items())
    ]


def _told_apart(members: Sequence[Telling], name: str) -> bool:
    """Whether one paper has two tellings that differ in this cell."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    for telling in members:
        values[telling.paper].add(telling.cells[name])
    return any(len(told - {""}) > 1 for told in values.values())


def _key(members: Sequence[Telling]) -> str:
    ids = sorted({one for t in members for one in registry_ids(t)}, key=_id_rank)
    if ids:
        return ids[0]
    acronyms = sorted({t.cells["trial_name"] for t in members} - {""}, key=lambda n: (-len(n), n))
    if acronyms:
        return bare(acronyms[0])
    told = description(members[0]) if len(members) > 1 else ""
    return "unnamed-" + sha256((told or "#".join(members[0].key)).encode()).hexdigest()[:8]


def _id_rank(trial_id: str) -> tuple[bool, bool, str]:
    """ClinicalTrials.gov first, pooled analyses last."""
    return "+" in trial_id, not trial_id.startswith("NCT"), trial_id


def _identity(key: str, part: Sequence[Telling], members: Sequence[Telling]) -> StudyIdentity:
    ids = sorted({one for t in members for one in registry_ids(t)}, key=_id_rank)
    return StudyIdentity(
        key=key,
        trial_id=";".join(ids).replace("+", ";"),
        trial_name=_most_told((t.cells["trial_name"] for t in members), longest=True),
        phase=_most_told(t.cells["phase"] for t in part),
        population=_most_told(t.cells["population"] for t in part),
    )


def _most_told(values: Iterable[str], longest: bool = False) -> str:
    told = [value for value in values if value]
    return min(told, key=lambda v: (-len(v) if longest else 0, -told.count(v), v), default="")


def _renamed(study: StudyIdentity, part: Sequence[Telling]) -> StudyIdentity:
    who = "#".join(part[0].key)
    return StudyIdentity(
        f"{study.key}~{sha256(who.encode()).hexdigest()[:6]}",
        study.trial_id,
        study.trial_name,
        study.phase,
        study.population,
    )


# ------------------------------------------------------------------------------------------------- arms


class ArmBook:
    """The arms of one study, as all its tellings name them."""

    def __init__(self, tellings: Iterable[Telling]) -> None:
        labels: defaultdict[str, set[str]] = defaultdict(set)
        roles: defaultdict[str, set[str]] = defaultdict(set)
        self._several: set[str] = set()
        self._crowded: set[str] = set()
        for telling in tellings:
            drugs_here = [_drugs(arm.drugs) for arm in telling.arms]
            roles_here = [arm.role for arm in telling.arms]
            self._several |= {d for d in drugs_here if d and drugs_here.count(d) > 1}
            self._crowded |= {r for r in roles_here if roles_here.count(r) > 1}
            for arm in telling.arms:
                if arm.drugs:
                    labels[bare(arm.label)].add(_drugs(arm.drugs))
                    roles[arm.role].add(_drugs(arm.drugs))
        self._by_label: Mapping[str, set[str]] = labels
        self._by_role: Mapping[str, set[str]] = roles
        known = {d for told in labels.values() for d in told}
        self._pair = tuple(sorted(known)) if len(known) == 2 and not self._several else ()

    def key(self, label: str, drugs: str, role: str) -> str:
        """An arm by its drugs; by its label too where one paper has two arms with these drugs.

        A group without drugs goes by the drugs that its label, or its role, has in the study where that
        is one regimen only (``对照组`` is ``Pd``); else by its role, else by its label.
        """
        name = bare(label)
        if not drugs:
            for known in (self._by_label.get(name, ()), self._by_role.get(role, ()) if role else ()):
                if len(known) == 1:
                    (drugs,) = known
                    break
        if not drugs:
            if role in ("experimental", "control") and role not in self._crowded:
                return f"role:{role}"
            return f"label:{name}" if name else ""
        return f"{drugs}@{name}" if drugs in self._several else drugs

    def other(self, arm: str) -> str:
        """The other arm of a study that has two; empty if that cannot be told."""
        if arm not in self._pair:
            return ""
        return self._pair[1 - self._pair.index(arm)]


def _drugs(drugs: Iterable[str]) -> str:
    return "+".join(sorted(drugs))

"""Whose rows and columns a table's are: the studies it names, and the groups of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from isa_extract.binding.arms import arm_mentions
from isa_extract.binding.labels import Label, Labels
from isa_extract.binding.study_arms import Roster, without_placebo
from isa_extract.finding.trials import canonical_id, phase
from isa_extract.records import Arm, Study

_SIZE = re.compile(r"[,(]?\s*(?:[nN]\s*=\s*(?P<n>\d[\d,]*)|(?<=[(,])\s*(?P<n2>\d+)\s*例)[^()]*\)?")
_EDGES = re.compile(r"^the\s+|\s*(?:\b(?:groups?|arms?|cohorts?)|组)$", re.IGNORECASE)
_AGAINST = re.compile(r"\s*(?:\bvs?\b\.?|\bversus\b|;|对比|\s对\s)\s*", re.IGNORECASE)
_ROLES = {
    "control": re.compile(r"controls?|comparators?|对照|参照", re.IGNORECASE),
    "experimental": re.compile(
        r"experimental|intervention|investigational|试验|实验|观察|干预", re.IGNORECASE
    ),
}
_ALTERNATIVES = re.compile(r"\bor\b|或|\bchoice\b|选择", re.IGNORECASE)
_CONTROL_WORDS = re.compile(
    r"placebo|control|comparator|standard|best supportive|usual|安慰剂|对照|标准|常规|支持治疗", re.IGNORECASE
)
_NAME = re.compile(r"(?=[^ ]*[A-Z])[A-Za-z0-9α-ω]+(?:[-/ .:][A-Za-z0-9]+){0,4}")
_AUTHOR = re.compile(
    r"[A-Z][a-zà-ÿ-]+(?:\s+[A-Z]{1,2})?(?:\s*,?\s*(?:et al\.?|等))?\s*,?\s*\(?(?:19|20)\d\d\)?|[\u4e00-\u9fff]{2,4}等?\s*\(?(?:19|20)\d\d\)?年?"
)


_MOST_GROUPS = 12


@dataclass(frozen=True, slots=True)
class Told:
    """A group as the table words it."""

    label: str
    drugs: tuple[str, ...] = ()
    role: str = ""
    size: str = ""
    words: Label = field(default_factory=lambda: Label(""), compare=False)

    @property
    def is_arm(self) -> bool:
        """Whether its words name a treatment group, and not just some patients."""
        named = [m for p in self.words.passages for m in p.of("arm-role", "arm-letter", "arm-named")]
        return (
            bool(self.drugs or self.role or named)
            or re.search("组|[Gg]roup|[Aa]rm", self.words.text) is not None
        )


@dataclass(slots=True)
class Cast:
    """A study, its roster, and the groups that the tables name of it."""

    study: Study
    roster: Roster = field(default_factory=Roster)
    new: bool = False
    told: dict[Told, Arm] = field(default_factory=dict)

    def arm(self, told: Told) -> Arm:
        """The arm that the table means."""
        if told not in self.told:
            self.told[told] = _known(told, self.roster) or Arm(
                told.label, without_placebo(told.drugs), told.role
            )
        return self.told[told]

    def other(self, arm: Arm | None) -> Arm | None:
        """The other of two arms."""
        arms = self.pair()
        return next((a for a in arms if a != arm), None) if arm in arms else None

    def pair(self) -> tuple[Arm, ...]:
        """Experimental and control arm, where the study has just these two."""
        arms = self.roster.arms
        if len(arms) != 2:
            return ()
        return (
            tuple(arms)
            if arms[0].role != "control" and arms[1].role != "experimental"
            else (arms[1], arms[0])
        )

    def complete(self, groups: Sequence[Told]) -> None:
        """Let the roster have the arms that a table spells out and the running text leaves open."""
        groups = list({(_plain(g.label), g.drugs): g for g in groups}.values())
        if not groups or len(groups) > 2 or len(self.roster.arms) > 2:
            return
        known: dict[Told, Arm] = {}
        for g in sorted(groups, key=lambda g: self.roster.by_drugs(g.drugs) is None):
            if (arm := _known(g, self.roster)) is not None and arm not in known.values():
                known[g] = arm
        for g in groups:
            if g not in known and (
                part := _less_told(g, [a for a in self.roster.arms if a not in known.values()])
            ):
                known[g] = part
        spare = [a for a in self.roster.arms if a not in known.values()]
        unknown = [g for g in groups if g not in known]
        if len(unknown) == len(spare) == 1 and not spare[0].drugs and len(groups) == 2:
            known[unknown[0]], unknown, spare = spare[0], [], []
        if spare or len(self.roster.arms) + len(unknown) > 2:
            return
        self._replace(
            {a: _fuller(a, g) for g, a in known.items()},
            [Arm(g.label, without_placebo(g.drugs), g.role) for g in unknown],
        )
        for g in groups:
            self.roster.aliases.setdefault(g.label, self.arm(g))

    def settle(self, groups: Sequence[Told]) -> None:
        """Fix who is meant by the groups of one table; no two regimens of it are one arm."""
        if len(groups) > _MOST_GROUPS:
            return
        if len(self.roster.arms) < 2 < len(groups):
            arms = [self.roster.by_drugs(g.drugs) or Arm(g.label, without_placebo(g.drugs)) for g in groups]
            self.roster.arms = list(dict.fromkeys(replace(a, role="") for a in arms))
            self.study = replace(self.study, arms=tuple(self.roster.arms))
            self.told.clear()
        taken: set[Arm] = set()
        for g in sorted(groups, key=lambda g: self.roster.by_drugs(g.drugs) is None):
            drugs = without_placebo(g.drugs)
            if self.arm(g) in taken and drugs and drugs != self.arm(g).drugs:
                self.told[g] = Arm(g.label, drugs, g.role)
            taken.add(self.arm(g))

    def _replace(self, fuller: dict[Arm, Arm], more: Sequence[Arm]) -> None:
        arms = [*(fuller.get(a, a) for a in self.roster.arms), *more]
        if more:
            roles = {arms[0]: "single"} if len(arms) == 1 else _roles(arms)
            fuller = {
                a: replace(b, role=roles[b])
                for a, b in {**{a: a for a in self.roster.arms}, **fuller}.items()
            }
            arms = [replace(a, role=roles[a]) for a in arms]
        self.roster.aliases = {name: fuller.get(a, a) for name, a in self.roster.aliases.items()}
        self.roster.arms = arms
        self.told.clear()
        self.study = replace(self.study, arms=tuple(arms))


def _fuller(arm: Arm, told: Told) -> Arm:
    """The arm with what the table tells of it beyond the running text."""
    drugs = without_placebo(told.drugs)
    if set(drugs) > set(arm.drugs) or (not arm.drugs and _ALTERNATIVES.search(told.label)):
        return Arm(told.label, drugs, arm.role)
    return arm


def _less_told(told: Told, arms: Sequence[Arm]) -> Arm | None:
    """The one arm whose drugs are some of those that the table names."""
    drugs = set(without_placebo(told.drugs))
    if told.drugs and len(drugs) < len(told.drugs):  # with placebo
        return next((a for a in arms if not a.drugs and _CONTROL_WORDS.search(a.label)), None)
    parts = [a for a in arms if a.drugs and set(a.drugs) < drugs]
    return parts[0] if len(parts) == 1 else None


def _roles(arms: Sequence[Arm]) -> dict[Arm, str]:
    a, b = arms
    control = next((x for x in arms if x.role == "control"), None)
    if control is None and any(x.role == "experimental" for x in arms):
        control = next(x for x in arms if x.role != "experimental")
    if control is None and a.drugs and b.drugs and set(a.drugs) < set(b.drugs):
        control = a
    if control is None and _CONTROL_WORDS.search(a.label) and not _CONTROL_WORDS.search(b.label):
        control = a
    return {x: "control" if x == (control or b) else "experimental" for x in arms}


def _plain(label: str) -> str:
    return re.sub(r"[\s-]|组|group|arm", "", label.lower())


def _known(told: Told, roster: Roster) -> Arm | None:
    """The roster's arm that a group told of is, or None."""
    wanted = _plain(told.label)
    for name, arm in (*((a.label, a) for a in roster.arms), *roster.aliases.items()):
        if _plain(name) == wanted:
            return arm
    drugs = without_placebo(told.drugs)
    if told.drugs and not drugs:
        return roster.aliases.get("placebo")
    if drugs:
        if (exact := roster.by_drugs(drugs)) is not None:
            return exact
        holding = [a for a in roster.arms if set(drugs) < set(a.drugs)]
        others = [a for a in roster.arms if a not in holding and set(drugs) & set(a.drugs)]
        # 'isatuximab' may stand for Isa-Pd, 'Pd' is a group of its own
        return holding[0] if len(holding) == len(drugs) == 1 and not others else None
    for passage in told.words.passages:
        named = [m.arm for m in arm_mentions(passage, roster) if m.arm in roster.arms]
        if len(set(named)) == 1:
            return named[0]
    return {"control": roster.control(), "experimental": roster.experimental()}.get(told.role)


# -------------------------------------------------------------------------------------------------- groups


def groups_in(label: Label, labels: Labels, sure: bool = False, role: str = "") -> tuple[Told, ...]:
    """The groups that a heading or cell names; two where one is set against the other.

    Args:
        sure: whether it stands where only a group can, so that any words name one.
        role: of the group, where the column's head tells.
    """
    text = label.text
    if not text or (label.is_whole and not label.regimens):
        return ()
    pieces = [p for p in _AGAINST.split(text) if p.strip()]
    if len(pieces) > 1:
        found = [groups_in(labels.text(p), labels, sure) for p in pieces]
        return tuple(g for f in found for g in f) if all(len(f) == 1 for f in found) else ()
    size = _SIZE.search(text)
    name = _EDGES.sub("", _SIZE.sub("", text).strip(" ,;:()*†‡")).strip(" ,")
    told_size = (size["n"] or size["n2"]).replace(",", "") if size else ""
    words = [m for p in label.passages for m in p.of("arm-role", "arm-letter", "arm-named")]
    if label.regimens:
        whole = sure or len(name) <= sum(r.end - r.start for r in label.regimens) + 12
        firm = any(r.is_label or r.grouped or r.composed for r in label.regimens)
        if not whole and (label.endpoints or not firm):
            return ()
        if _ALTERNATIVES.search(name) and len(label.regimens) > 1:
            return (Told(name, (), role, told_size, label),)
        drugs = tuple(sorted({d for r in label.regimens for d in r.drugs}))
        shown = label.regimens[0].label if len(label.regimens) == 1 and not whole else name
        return (Told(_uncapped(shown, label), drugs, role, told_size, label),)
    bare = next((code for code, pattern in _ROLES.items() if pattern.fullmatch(name)), "")
    if bare:
        whole_name = _SIZE.sub("", text).strip(" ,;:()*†‡") if "组" in text else name
        return (Told(whole_name, (), bare, told_size, label),)
    if words and not label.endpoints:
        code = words[0].code if words[0].kind == "arm-role" else ""
        return (Told(words[0].text.strip(), (), role or code, told_size, label),)
    if (
        (sure or size)
        and not label.endpoints
        and not label.subgroup
        and name
        and re.search(r"[A-Za-z\u4e00-\u9fff]{2}", name)
    ):
        return (Told(name, (), role or ("control" if _CONTROL_WORDS.search(name) else ""), told_size, label),)
    return ()


def _uncapped(name: str, label: Label) -> str:
    """'Dacomitinib' as a name of its own is written small; 'Isa-Pd' stays."""
    word = re.match(r"[A-Z][a-z]{4,}(?![\w-])", name)
    spelt = {r.drugs[0] for r in label.regimens if len(r.drugs) == 1} | {
        d for r in label.regimens for d in r.drugs
    }
    return (
        name[0].lower() + name[1:]
        if word and (word[0].lower() in spelt or "placebo" in word[0].lower())
        else name
    )


# ------------------------------------------------------------------------------------------------- studies


class Casts:
    """The studies of a paper, found by registry id or name; new ones where only a table names them."""

    def __init__(self, known: Iterable[tuple[Study, Roster]]) -> None:
        self.all = [Cast(study, roster) for study, roster in known]
        self._by_name = {_bare(c.study.trial_name): c for c in self.all if c.study.trial_name}
        self._told = dict(self._by_name)
        self._unnamed = Cast(Study(), new=True)  # of a paper whose text names no study at all
        if not self.all:
            self.all.append(self._unnamed)
        self._by_id: dict[str, list[Cast]] = {}
        for cast in self.all:
            self._enter_ids(cast)
        names = sorted((c.study.trial_name for c in self.all if c.study.trial_name), key=len, reverse=True)
        bounded = (rf"(?<![A-Za-z0-9-]){re.escape(n)}(?![A-Za-z0-9]|-\d)" for n in names)
        self._names = "|".join(bounded)  # a pattern, made where a table is to be read

    def _enter_ids(self, cast: Cast) -> None:
        for one in filter(None, cast.study.trial_id.split(";")):
            self._by_id.setdefault(one, []).append(cast)

    @property
    def only(self) -> Cast | None:
        """The paper's one study, if it tells of one alone."""
        if self._unnamed in self.all:
            return self._unnamed if len(self.all) == 1 else None
        named = [c for c in self.all if not c.new and (c.study.trial_id or c.study.trial_name)]
        found = named or [c for c in self.all if not c.new]
        return found[0] if len(found) == 1 else None

    def named_in(self, labels: Sequence[Label]) -> Cast | None:
        """The one known study that the words name."""
        ids = _ids(labels)
        found = list({id(c): c for one in ids for c in self._by_id.get(one, ())}.values())
        if len(found) > 1:
            phases = [phase(m) for lab in labels for p in lab.passages for m in p.of("phase")]
            found = [c for c in found if c.study.phase in phases] or found
        if not ids:
            told = (m[0] for lab in labels if self._names for m in re.finditer(self._names, lab.text))
            names = dict.fromkeys(_bare(name) for name in told)
            found = [self._by_name[n] for n in names]
        return found[0] if len({id(c) for c in found}) == 1 else None

    def of_cells(self, labels: Sequence[Label]) -> Cast | None:
        """The study that the cells of a column of studies name, made if it is new."""
        known = self.named_in(labels)
        if known is not None:
            return known
        ids = _ids(labels)
        name = next((n for lab in labels if (n := _name_of(lab))), "")
        bare = _bare(name)
        if not ids and bare:
            alike = [c for n, c in self._told.items() if n.startswith(bare) or bare.endswith(n)]
            if bare in self._by_name or len(alike) == 1:
                return self._by_name.get(bare) or alike[0]
        if not ids and not name:
            return None
        phases = [phase(m) for lab in labels for p in lab.passages for m in p.of("phase")]
        populations = [m.code for lab in labels for p in lab.passages for m in p.of("population")]
        place = min((p.sentence.origin[0] for lab in labels for p in lab.passages), default=0)
        study = Study(
            ";".join(sorted(ids)), name, phases[0] if phases else "", population=(populations or [""])[0],
            citations=tuple(n for lab in labels for n in lab.citations), place=place,
        )  # fmt: skip
        cast = Cast(study, new=True)
        self.all.append(cast)
        self._enter_ids(cast)
        if name:
            self._by_name.setdefault(bare, cast)
        return cast


def _ids(labels: Sequence[Label]) -> set[str]:
    return {canonical_id(m.part("id")) for lab in labels for p in lab.passages for m in p.of("registry")}


def _bare(name: str) -> str:
    return re.sub(r"[\s-]", "", name).lower()


def _name_of(label: Label) -> str:
    """An acronym, or author and year, that fills a cell."""
    text = label.text
    for p in label.passages:
        for m in p.of("registry"):
            text = text.replace(m.text, " ")
    text = re.sub(r"\(\s*\)|\(?\s*[Pp]hase\s+\w+\s*\)?|(?:研究|试验|trial|study)\s*$|[*†‡]", " ", text)
    text = re.sub(r"\s*[,;(]\s*$", "", " ".join(text.split())).strip(" ,;:()") if text.strip() else ""
    author = _AUTHOR.match(text)
    if author:
        return author[0].strip(" ,(") + (")" if author[0].count("(") > author[0].count(")") else "")
    whole = _NAME.fullmatch(text)
    return text if whole and len(text) >= 3 and not label.regimens else ""

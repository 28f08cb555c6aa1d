"""Which study a sentence speaks of.

A study begins with a registry id, an acronym, or words such as 'another phase II trial'; it lasts until
the next one. A study named only to be compared with ('unlike POLLUX') does not take over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from isa_extract.binding.passages import Passage
from isa_extract.binding.trial_names import is_compared, names_in
from isa_extract.finding.match import Mention
from isa_extract.finding.trials import canonical_id, phase

_CLOSING = re.compile(
    r"^\s*(?:[\d.、一二三四五六七八九十]*\s*)?(?:小结|结语|总结|讨论|展望|结论|小结与展望|结语与展望|conclusions?|discussion|outlook|summary|perspectives?)\b|"
    r"^\s*[\d.、一二三四五六七八九十]*\s*(?:小结|结语|总结|讨论|展望|结论)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Draft:
    """A study while it is being read; ``passages`` are the indexes of its sentences, ``block`` is where it began."""

    trial_id: str = ""
    trial_name: str = ""
    phase: str = ""
    place: int = 0
    block: int = -1
    citations: tuple[int, ...] = ()
    passages: list[int] = field(default_factory=list)
    named: bool = False


def assign(found: Sequence[Passage], names: Sequence[str]) -> tuple[list[Draft], list[Draft]]:
    """The studies in order of appearance, and for each passage (told apart) the study it speaks of.

    Args:
        names: of the trials that the paper tells of.
    """
    if _is_pooled(found):
        return _assign_to_pool(found, names)
    alone = _only_study(found, names)
    if alone is not None:
        return _assign_to_one(found, alone, names)
    drafts: list[Draft] = []
    current = Draft()
    speaking: list[Draft] = []
    for passage in found:
        if passage.sentence.kind in ("heading", "title"):
            if _CLOSING.search(passage.text):
                current = Draft(place=passage.sentence.origin[0])
            mentioned = _named(passage, names)
            if mentioned and any(d.trial_name == mentioned[0][1] for d in drafts):
                current = next(d for d in drafts if d.trial_name == mentioned[0][1])
            elif passage.sentence.kind == "heading" and (mentioned or _ids(passage)):
                current = _next(passage, current, drafts, names)  # '1. LAURA (NCT03521154)'
            elif current.named and _is_sibling(passage, found, current):
                # '◆ …': another report under a mark of its own
                current = Draft(place=passage.sentence.origin[0], named=True)
            elif current.named and _leads_to_another(found[passage.index + 1 :], current, names):
                current = Draft(place=passage.sentence.origin[0])
        else:
            if (
                passage.sentence.paragraph_start
                and current.named
                and not _named(passage, names)
                and not _ids(passage)
                and _leads_to_another(found[passage.index + 1 :], current, names, in_paragraph=True)
            ):
                current = Draft(place=passage.sentence.origin[0])
            current = _next(passage, current, drafts, names)
        speaking.append(current)
        current.passages.append(passage.index)
        if current not in drafts and (current.named or passage.quantities):
            drafts.append(current)
    _fill_default_phase(found, speaking, drafts)
    ids = _ids_beside_names(found, names)
    for draft in drafts:
        draft.trial_id = draft.trial_id or ids.get(draft.trial_name, "")
    return [d for d in drafts if d.passages], speaking


def _ids_beside_names(found: Sequence[Passage], names: Sequence[str]) -> dict[str, str]:
    """'(ASCEND, NCT02970318; ELEVATE-RR, NCT02477696)': the id that stands right behind a trial's name."""
    beside: dict[str, str] = {}
    for passage in found:
        for m in passage.of("registry"):
            for start, name in names_in(passage, names):
                end = start + len(name)
                if end <= m.start and re.fullmatch(r"\s*[,:(]?\s*", passage.text[end : m.start]):
                    beside.setdefault(name, canonical_id(m.part("id")))
    return beside


_MARK = re.compile(r"\s*([◆◇■□●○▲△★☆▶►※])")


def _is_sibling(passage: Passage, found: Sequence[Passage], current: Draft) -> bool:
    """Whether a heading has the mark of the heading under which the study spoken of began."""
    mark = _MARK.match(passage.text)
    above = (
        [p for p in found[: current.passages[0] + 1] if p.sentence.kind == "heading"]
        if current.passages
        else []
    )
    return mark is not None and bool(above) and _MARK.match(above[-1].text) is not None


def _leads_to_another(
    later: Sequence[Passage], current: Draft, names: Sequence[str], in_paragraph: bool = False
) -> bool:
    """Whether the first study named under a heading (or in the rest of a paragraph) is another than the one before it."""
    for passage in later[:_SOON]:
        if passage.sentence.kind == "heading" or (in_paragraph and passage.sentence.paragraph_start):
            return False
        ids = [
            canonical_id(m.part("id")) for m in passage.of("registry") if not is_compared(passage, m.start)
        ]
        mentioned = _named(passage, names)
        if ids or mentioned:
            same = (current.trial_id and current.trial_id in ids) or (
                mentioned and mentioned[0][1] == current.trial_name
            )
            return not same
    return False


_SOON = 3  # sentences
_OWN = re.compile(
    r"本(?:研究|试验|中心|组|院)|\bwe (?:enrolled|report|conducted|retrospectively|compared|assessed|tested|analy[sz]ed|did|randomly)|\bour (?:study|trial|cohort|patients|centre|center|hospital)|"
    r"(?:方法|结果|目的|Methods?|Results?|Objectives?|Aims?|Background)\s*[:：]|【(?:方法|结果|目的)】|^\[?(?:目的|方法|结果)\]?\s|^(?:目的(?!是|为|在)|方法(?![是为上学]|均|相同)|结果(?!显示|表明|提示|发现|证实|说明|[是为与仍均]))|资料与方法|材料与方法|^(?:Methods?|Patients and methods|Results)\b",
    re.IGNORECASE,
)


def _only_study(found: Sequence[Passage], names: Sequence[str]) -> str | None:
    """The registry id (or an empty text) of a paper that reports one study of its own; None for reviews."""
    ids = [i for p in found for i in registry_ids(p)]
    own = sum(1 for p in found if _OWN.search(p.text))
    entitled = len(names) == 1 and any(p.sentence.kind == "title" and names[0] in p.text for p in found)
    if (
        own < 2
        and not entitled
        and not any(re.search(r"【|(?:目的|方法|结果).{0,200}(?:方法|结果)", p.text) for p in found)
    ):
        return None
    if (
        any(
            re.search(r"综述|述评|(?<!systematic )\breview(?:s|ed)?\b(?! board)", p.text, re.IGNORECASE)
            for p in found[:3]
        )
        and len(set(ids)) != 1
    ):
        return None
    counts = {i: ids.count(i) for i in ids}
    if not counts:
        return ""
    return next(iter(counts)) if len(counts) == 1 else None


def _assign_to_one(
    found: Sequence[Passage], trial_id: str, names: Sequence[str]
) -> tuple[list[Draft], list[Draft]]:
    """A paper on one study: every sentence is of it, but for those that cite another trial by name."""
    # the one trial name of a paper on one study is that study's, wherever it is told
    lone = names[0] if len(names) == 1 and _is_told_often(names[0], found) else ""
    own = Draft(trial_id=trial_id, trial_name=lone, named=True)
    other = Draft()
    speaking: list[Draft] = []
    for passage in found:
        mentioned = _named(passage, names)
        introduces = any(m.kind == "registry" for m in passage.mentions) and trial_id
        if not own.trial_name and mentioned and (introduces or passage.sentence.kind == "title"):
            own.trial_name = mentioned[0][1]
            own.citations = _introducing_citations(passage)
        foreign = bool(mentioned) and mentioned[0][1] != own.trial_name
        draft = other if foreign else own
        speaking.append(draft)
        draft.passages.append(passage.index)
        phases = [phase(m) for m in passage.of("phase")]
        own.phase = own.phase or (phases[0] if phases and not foreign else "")
    return [own], speaking


def _is_pooled(found: Sequence[Passage]) -> bool:
    """Whether the paper's first words call it a meta-analysis."""
    return any(m.code == "meta-analysis" for p in found[:1] for m in p.of("design"))


def _assign_to_pool(found: Sequence[Passage], names: Sequence[str]) -> tuple[list[Draft], list[Draft]]:
    """A meta-analysis is a study without a name; what it tells of one of its trials by name is that trial's."""
    own = Draft(named=True)
    drafts = [own]
    speaking: list[Draft] = []
    lasting = own  # the trial of which the rest of the paragraph tells
    for passage in found:
        if passage.sentence.block != lasting.block or _POOLING.search(passage.text):
            lasting = own
        mentioned = _named(passage, names)
        ids = _ids(passage)
        heads = len(mentioned) == 1 and mentioned[0][0] <= _HEAD and bool(ids)
        apart = not mentioned and _is_beside(passage, [found[i] for i in own.passages])
        draft = lasting
        if mentioned and (passage.quantities or heads):
            name = mentioned[0][1]
            known = next((d for d in drafts if d.trial_name == name), None)
            draft = known or _opened(passage, Draft(ids[0] if heads else "", name), [])
            draft.trial_id = draft.trial_id or (ids[0] if heads else "")
        elif apart:
            draft = _opened(passage, Draft(), [])
        drafts += [] if draft in drafts else [draft]
        if heads or apart:
            lasting, draft.block = draft, passage.sentence.block
        speaking.append(draft)
        draft.passages.append(passage.index)
    return [d for d in drafts if d.passages], speaking


_HEAD = 4  # folded characters before a name with which a sentence opens
_POOLING = re.compile(
    r"\bpool(?:ed|ing)\b|\bmeta-anal|\brandom-effects|合并(?!症|疾病|用药|感染)|汇总|荟萃|[Mm]eta分析",
    re.IGNORECASE,
)


def _is_beside(passage: Passage, pooled: Sequence[Passage]) -> bool:
    """'另有2项X的单臂研究': studies of another drug that are told of beside those pooled."""
    here = {r.drugs for r in passage.regimens}
    before = {r.drugs for p in pooled for r in p.regimens}
    return (
        len(here) == 1
        and bool(before)
        and not here & before
        and bool(passage.quantities)
        and any(m.code == "single-arm" for m in passage.of("design"))
    )


def _is_told_often(name: str, found: Sequence[Passage]) -> bool:
    return sum(p.text.count(name) for p in found) >= 3 or any(
        name in p.text and (p.sentence.kind == "title" or _OWN.search(p.text)) for p in found
    )


def _next(passage: Passage, current: Draft, drafts: list[Draft], names: Sequence[str]) -> Draft:
    ids = _ids(passage)
    mentioned = _named(passage, names)
    phases = [phase(m) for m in passage.of("phase")]
    name = mentioned[0][1] if mentioned else ""
    if ids:
        name = next((n for n, i in _ids_beside_names([passage], names).items() if i == ids[0]), name)
        return _by_id(passage, ids[0], name, phases, current, drafts)
    if name:
        known = next((d for d in drafts if d.trial_name == name), None)
        if known is not None:
            first_value = passage.quantities[0].start if passage.quantities else len(passage.text)
            return known if mentioned[0][0] <= first_value else current
        if passage.quantities and mentioned[0][0] > passage.quantities[0].start and current.named:
            return current
        return _opened(passage, Draft(trial_name=name), phases)
    if _tells_new_study(passage, phases, current):
        return _opened(passage, Draft(), phases)
    return current


def registry_ids(passage: Passage) -> list[str]:
    """The registry ids of a sentence; those of one study, '(NCT03145181, NCT04557098)', joined by a semicolon."""
    ids: list[str] = []
    end = -1
    for m in passage.of("registry"):
        if is_compared(passage, m.start):
            continue
        one = canonical_id(m.part("id"))
        if (
            ids
            and (joint := _JOINT_IDS.fullmatch(passage.text[end : m.start]))
            and (_alike(ids[-1], one) or not (joint["word"] or joint["more"]))
        ):
            ids[-1] += f";{one}"
        else:
            ids.append(one)
        end = m.end
    return ids


_JOINT_IDS = re.compile(r"\s*(?:[,;、/]|(?P<word>和|与|and))\s*(?P<more>and\s+)?")


def _alike(one: str, other: str) -> bool:
    """Whether two ids are of one registry; those of two registries, set apart by no more than a comma, are one study's too."""
    return one[:3] == other[:3] and one[:3].isalpha()


def _ids(passage: Passage) -> list[str]:
    """The registry ids in the passage; if it has none, that for which it was told apart."""
    ids = registry_ids(passage)
    return ids or ([passage.trial] if passage.trial and re.search(r"\d{6}", passage.trial) else [])


def _by_id(
    passage: Passage, trial_id: str, name: str, phases: list[str], current: Draft, drafts: list[Draft]
) -> Draft:
    same = [d for d in drafts if trial_id in (d.trial_id, *d.trial_id.split(";"))]
    if same:
        other_phase = phases and all(d.phase and d.phase != phases[0] for d in same)
        if other_phase:
            return _opened(passage, Draft(trial_id, name), phases)
        return same[-1]
    by_name = next((d for d in drafts if name and d.trial_name == name and not d.trial_id), None)
    if by_name is not None:
        by_name.trial_id = trial_id
        by_name.phase = by_name.phase or (phases[0] if phases else "")
        return by_name
    if _only_headed(current) and not name and passage.index - current.passages[-1] == 1:
        current.trial_id = trial_id  # '■ ECHELON-1', and its number in the sentence below
        current.phase = current.phase or (phases[0] if phases else "")
        return current
    unnamed = current.named and not current.trial_id and not current.trial_name
    if (
        unnamed
        and passage.index - (current.passages or [passage.index])[0] <= 1
        and passage.sentence.block == current.block
        and not passage.of("study-new")
    ):
        current.trial_id, current.trial_name = trial_id, name
        current.phase = current.phase or (phases[0] if phases else "")
        return current
    return _opened(passage, Draft(trial_id, name), phases)


def _only_headed(draft: Draft) -> bool:
    """Whether nothing but a heading has told of the study yet."""
    return draft.named and bool(draft.trial_name) and not draft.trial_id and len(draft.passages) == 1


def _opened(passage: Passage, draft: Draft, phases: list[str]) -> Draft:
    draft.phase = phases[0] if phases else ""
    draft.place = passage.sentence.origin[0]
    draft.block = passage.sentence.block
    draft.named = True
    draft.citations = _introducing_citations(passage)
    return draft


def _introducing_citations(passage: Passage) -> tuple[int, ...]:
    """Reference numbers that stand with the first telling of the study, runs such as [18] [19] whole."""
    numbers: list[int] = []
    last = -1
    for c in passage.sentence.citations:
        if last >= 0 and passage.text[last : c.at].strip(" ,"):
            break
        numbers += c.numbers
        last = c.at
    return tuple(dict.fromkeys(numbers))


# 'this is a phase II study' goes on with the study just named
_ANAPHORIC = re.compile(
    r"(?:这|此|该(?:研究|试验)|本(?:研究|试验)|其)(?:是|为|系)?\s*$|\b(?:this|it|which|the trial|the study) (?:is|was)\s*$",
    re.IGNORECASE,
)


def _tells_new_study(passage: Passage, phases: list[str], current: Draft) -> bool:
    news = [m for m in passage.of("study-new") if not is_compared(passage, m.start)]
    if not news:
        return False
    first_value = passage.quantities[0].start if passage.quantities else len(passage.text)
    started = [m for m in news if m.start <= first_value and not _ANAPHORIC.search(passage.text[: m.start])]
    detailed = bool(phases or passage.of("design", "enrolled"))
    return bool(started) and detailed


def _named(passage: Passage, names: Sequence[str]) -> list[tuple[int, str]]:
    """The trial that the passage was told apart for, else the names in it, as (folded start, name)."""
    told = passage.trial
    if told and told in names:
        return [(0, told)]
    return names_in(passage, names)


def _fill_default_phase(found: Sequence[Passage], speaking: Sequence[Draft], drafts: Sequence[Draft]) -> None:
    """'Four randomised phase 3 trials …' at the head of a review holds for those that tell no phase."""
    told: list[Mention] = []
    for passage, draft in zip(found, speaking, strict=True):
        if not draft.named and re.search(r"trials|studies|项", passage.text):
            told += passage.of("phase")
    for draft in drafts:
        if not draft.phase and draft.passages:
            phases = [phase(m) for i in draft.passages[:3] for m in found[i].of("phase")]
            draft.phase = phases[0] if phases else ""
    if len({phase(m) for m in told}) == 1:
        for draft in drafts:
            draft.phase = draft.phase or phase(told[0])

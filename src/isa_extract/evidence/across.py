"""Checks across rows, and so across papers: figures that are each possible and cannot all be right together.

What one row says of itself, and one paper's rows of each other, is checked when it is read (`checking/`). The
same functions are used here where they fit; the rows that they get are the latest cuts of facts that nobody
disputes. A remark never changes a value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from isa_extract.checking.arithmetic import (
    TIME_TO_EVENT,
    clearly_above,
    interval_contradicts_p,
    interval_holds_null,
    printed_count,
    printed_number,
)
from isa_extract.checking.categories import sum_exceeds
from isa_extract.checking.consistency import parts_over_whole
from isa_extract.evidence.decisions import Claim
from isa_extract.evidence.facts import Evidence, Fact
from isa_extract.evidence.normal_forms import Slot
from isa_extract.evidence.studies import StudyIdentity
from isa_extract.records import Arm, Finding, Span, Study

CHECKS: Final = (
    "arms-over-randomised",
    "parts-over-whole",
    "subgroup-over-whole",
    "ratio-against-medians",
    "ci-p-disagree",
)


REMARK_COLUMNS: Final = ("check", "study", "trial_name", "what", "doc_ids", "evidence_ids", "sentences")


@dataclass(frozen=True, slots=True)
class Remark:
    """Rows that cannot all be right: the check, the study, what is wrong in words, the rows."""

    check: str
    study: StudyIdentity
    words: str
    rows: tuple[Claim, ...]


_Told = list[tuple[Fact, Claim]]


def remarks(evidence: Evidence) -> list[Remark]:
    """All of them, by study and check."""
    told: defaultdict[str, _Told] = defaultdict(list)
    for fact in evidence.facts:
        if fact.latest.standing not in ("conflict", "several"):
            told[fact.study.key].append((fact, fact.latest.positions[0].lead))
    enrolled: defaultdict[str, set[int]] = defaultdict(set)
    for key, telling in evidence.told.items():
        count = printed_count(telling.cells["n_enrolled"])
        if count:
            enrolled[evidence.studies[key].key].add(count)
    found: list[Remark] = []
    for name in sorted(told):
        rows = told[name]
        found += _arm_sizes(rows, enrolled[name])
        found += _parts(rows)
        found += _stringent(rows)
        found += _subgroups(rows)
        found += _ratios(rows)
        found += _p_values(rows)
    return sorted(found, key=lambda r: (r.study.key, CHECKS.index(r.check), r.words))


def _arm_sizes(rows: _Told, enrolled: set[int]) -> Iterator[Remark]:
    """The arms' denominators, each the largest told of all its patients, against those enrolled.

    Nobody disputes the number enrolled (all papers give one), and two arms at least have their size.
    """
    if len(enrolled) != 1:
        return
    (total,) = enrolled
    sizes: dict[str, tuple[int, Claim]] = {}
    for fact, claim in rows:
        count = printed_count(claim.row["N"])
        whole = fact.slot.arm and not fact.slot.subgroup and not fact.slot.stage
        if count and whole and count > sizes.get(fact.slot.arm, (0, claim))[0]:
            sizes[fact.slot.arm] = (count, claim)
    for count, claim in sizes.values():
        if count > total:
            words = f"{claim.row['arm']} has {count} patients, but {total} were enrolled"
            yield Remark("arms-over-randomised", rows[0][0].study, words, (claim,))
            return
    if len(sizes) > 1 and sum(count for count, _ in sizes.values()) > total:
        told = " and ".join(f"{claim.row['arm']} {count}" for count, claim in sizes.values())
        words = f"{told} make more than the {total} enrolled"
        yield Remark(
            "arms-over-randomised", rows[0][0].study, words, tuple(claim for _, claim in sizes.values())
        )


def _parts(rows: _Told) -> Iterator[Remark]:
    """CR within VGPR or better within ORR and the like, whichever papers the figures come from.

    Figures of different follow-ups are not set side by side; the denominators need not be told alike.
    """
    findings = [replace(_finding(fact.slot, claim), N="") for fact, claim in rows]
    one_paper = parts_over_whole([_finding(fact.slot, claim) for fact, claim in rows])
    for i in sorted(parts_over_whole(findings)):
        if i in one_paper and "parts-over-whole" in rows[i][1].row["flags"]:
            continue  # the row has the flag already
        fact, claim = rows[i]
        told = f"{fact.slot.endpoint} {claim.row['value']}{claim.row['unit']}"
        yield Remark("parts-over-whole", fact.study, f"{told} is more than what it is a part of", (claim,))


def _stringent(rows: _Told) -> Iterator[Remark]:
    """sCR within CR, unless the paper counts the two apart: then both together lie within what holds both."""
    told: defaultdict[tuple[Slot, str], dict[str, tuple[Fact, Claim]]] = defaultdict(dict)
    for fact, claim in rows:
        if (
            fact.slot.statistic == "rate"
            and fact.slot.unit == "%"
            and printed_number(claim.row["value"]) is not None
        ):
            told[replace(fact.slot, endpoint=""), claim.row["followup"]][fact.slot.endpoint] = (fact, claim)
    for of in told.values():
        if "sCR" not in of or "CR" not in of:
            continue
        (fact, stringent), (_, complete) = of["sCR"], of["CR"]
        parts = [Decimal(claim.row["value"]) for claim in (stringent, complete)]
        for name in ("CR_OR_BETTER", "VGPR_OR_BETTER", "ORR"):
            whole = of[name][1] if name in of else None
            if whole and clearly_above(*parts) and sum_exceeds(parts, Decimal(whole.row["value"])):
                words = f"sCR {parts[0]}% is above CR {parts[1]}%, and the two are more than {name} {whole.row['value']}%"
                yield Remark("parts-over-whole", fact.study, words, (stringent, complete, whole))
                break


def _subgroups(rows: _Told) -> Iterator[Remark]:
    """Events and patients of a subset against those of all, in the same slot otherwise."""
    whole = {fact.slot: claim for fact, claim in rows if not fact.slot.subgroup}
    for fact, claim in rows:
        of_all = whole.get(replace(fact.slot, subgroup=""))
        if not fact.slot.subgroup or of_all is None or fact.slot.subgroup.startswith("factor:"):
            continue
        for column, what in (("n", "events"), ("N", "patients")):
            some, all_ = printed_count(claim.row[column]), printed_count(of_all.row[column])
            if some is not None and all_ is not None and some > all_:
                words = f"{claim.row['subgroup']} has {some} {what}, all have {all_}"
                yield Remark("subgroup-over-whole", fact.study, words, (claim, of_all))
                break


def _ratios(rows: _Told) -> Iterator[Remark]:
    """A hazard ratio that is surely below (above) 1 goes with the longer (shorter) median.

    Only where its interval leaves out 1, and for endpoints whose event is unwelcome.
    """
    medians = {fact.slot: claim for fact, claim in rows if fact.slot.statistic == "median"}
    for fact, claim in rows:
        slot = fact.slot
        if (
            slot.statistic != "hazard_ratio"
            or slot.endpoint not in TIME_TO_EVENT - {"TTR"}
            or not slot.comparator
        ):
            continue
        ratio = printed_number(claim.row["value"])
        if ratio is None or interval_holds_null(_finding(slot, claim)) is not False:
            continue
        pair = [_median(medians, slot, arm) for arm in (slot.arm, slot.comparator)]
        if pair[0] is None or pair[1] is None:
            continue
        mine, other = (Decimal(one.row["value"]) for one in pair if one is not None)
        if (ratio < 1 and mine < other) or (ratio > 1 and mine > other):
            words = f"hazard ratio {claim.row['value']}, yet medians {mine} against {other}"
            yield Remark("ratio-against-medians", fact.study, words, (claim, pair[0], pair[1]))


def _median(medians: dict[Slot, Claim], slot: Slot, arm: str) -> Claim | None:
    for unit in ("month", "day"):
        found = medians.get(replace(slot, arm=arm, comparator="", statistic="median", unit=unit))
        if found is not None and printed_number(found.row["value"]) is not None:
            return found
    return None


def _p_values(rows: _Told) -> Iterator[Remark]:
    """An effect's interval against the p that another row of the same comparison gives."""
    for fact, claim in rows:
        if claim.row["p_value"] or fact.slot.statistic not in ("hazard_ratio", "odds_ratio", "risk_ratio"):
            continue
        for other, beside in rows:
            near = replace(other.slot, statistic="", unit="", comparator="", timepoint="")
            mine = replace(fact.slot, statistic="", unit="", comparator="", timepoint="")
            if near != mine or not beside.row["p_value"] or other.slot.statistic not in ("median", "rate"):
                continue
            row = {**claim.row, "p_value": beside.row["p_value"], "sentence": beside.row["sentence"]}
            if interval_contradicts_p(_finding(fact.slot, replace(claim, row=row))):
                words = (
                    f"interval {claim.row['ci_low']} to {claim.row['ci_high']}, yet p {beside.row['p_value']}"
                )
                yield Remark("ci-p-disagree", fact.study, words, (claim, beside))
                break


def _finding(slot: Slot, claim: Claim) -> Finding:
    """A row as the checks take it, its arm and setting in normal form."""
    row = claim.row
    return Finding(
        study=_ANY,
        span=Span(0, 0),
        sentence=row["sentence"],
        lang=row["lang"],
        endpoint=row["endpoint"],
        statistic=row["statistic"],
        value=row["value"],
        unit=row["unit"],
        qualifier=row["qualifier"],
        endpoint_term=slot.endpoint_term,
        arm=Arm(slot.arm) if slot.arm else None,
        ci_low=row["ci_low"],
        ci_high=row["ci_high"],
        ci_level=row["ci_level"],
        p_value=row["p_value"],
        n=row["n"],
        N=row["N"],
        timepoint=slot.timepoint,
        followup=row["followup"],
        subgroup=slot.subgroup,
        stage=slot.stage,
        threshold=slot.threshold,
        grade=row["grade"],
    )


_ANY: Final = Study()  # rows of one study only are compared, whatever each paper calls it


def remark_rows(found: Sequence[Remark]) -> list[dict[str, str]]:
    """The remarks as rows of a table."""
    return [
        {
            "check": one.check,
            "study": one.study.key,
            "trial_name": one.study.trial_name,
            "what": one.words,
            "doc_ids": ";".join(dict.fromkeys(claim.paper for claim in one.rows)),
            "evidence_ids": ";".join(claim.row["evidence_id"] for claim in one.rows),
            "sentences": " | ".join(dict.fromkeys(claim.row["sentence"] for claim in one.rows)),
        }
        for one in found
    ]

"""The normal forms by which a fact is known, whatever language or spelling it was told in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from isa_extract.checking.consistency import grades, in_months
from isa_extract.evidence.agreement import UNIT_FAMILIES, Row

CONTRASTS: Final = ("hazard_ratio", "odds_ratio", "risk_ratio", "risk_reduction", "risk_difference")
"""Statistics between two arms: there the comparator is part of what is told."""

_DASHES: Final = re.compile(r"[‐‑‒–—―−-]")
_BLANKS: Final = re.compile(r"\s+")
_SMALL_WORDS: Final = frozenset(("of", "the", "and", "or", "with", "in", "patients", "subgroup", "group"))
_SUBGROUP_PARTS: Final = re.compile(r"(?:>=|<=|[<>=])?[^\s<>=,;()/-]+")


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """What a value is a value of, its study and data cut apart; all parts in normal form."""

    arm: str
    comparator: str
    endpoint: str
    endpoint_term: str
    statistic: str
    unit: str
    timepoint: str
    subgroup: str
    stage: str
    threshold: str
    grade: str


def slot_of(row: Row, arm: str, comparator: str) -> Slot:
    """The slot of a row whose arms are known already (``studies.ArmBook``)."""
    return Slot(
        arm=arm,
        comparator=comparator if row["statistic"] in CONTRASTS else "",
        endpoint=row["endpoint"],
        endpoint_term=folded(row["endpoint_term"]),
        statistic=row["statistic"],
        unit=UNIT_FAMILIES.get(row["unit"], (row["unit"],))[0],
        timepoint=time_form(row["timepoint"]),
        subgroup=subgroup_form(row["subgroup"]),
        stage=folded(row["stage"]),
        threshold=bare(row["threshold"]).replace("^", ""),
        grade=grade_form(row["grade"]),
    )


def folded(text: str) -> str:
    """Width, case, dashes, runs of blanks and the signs of order levelled out."""
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text).casefold())
    return _BLANKS.sub(" ", text.replace("≥", ">=").replace("≤", "<=")).strip()


def bare(text: str) -> str:
    """``folded``, and no blanks or dashes at all: ``Isa Kd`` is ``isa-Kd``."""
    return re.sub(r"[ -]", "", folded(text))


def time_form(text: str) -> str:
    """``1 year`` as ``12 month``; what is neither months nor years merely folded."""
    months = in_months(folded(text))
    return f"{months} month" if not isinstance(months, str) else months


def grade_form(text: str) -> str:
    """The grades that are meant, so that ``3-5`` is ``>=3``; unread ones merely folded."""
    covered = grades(folded(text)) if text else None
    return "".join(map(str, sorted(covered))) if covered else folded(text)


def subgroup_form(text: str) -> str:
    """The words of a subset of patients in one order, without the small ones."""
    words = set(_SUBGROUP_PARTS.findall(re.sub(r"([<>=]) +", r"\1", folded(text)))) - _SMALL_WORDS
    return " ".join(sorted(words))

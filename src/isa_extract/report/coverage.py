"""Which study reports which endpoint, as a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isa_extract.report.rows import StudyView, endpoint_rank


@dataclass(frozen=True, slots=True)
class Coverage:
    """The endpoints that the paper reports at all, and of each study how many values of each."""

    endpoints: tuple[str, ...]
    lines: tuple[tuple[StudyView, tuple[int, ...]], ...]


def coverage(studies: Sequence[StudyView]) -> Coverage:
    """The grid of one paper."""
    codes = {row["endpoint"] for study in studies for row in study.rows}
    endpoints = tuple(sorted(codes, key=lambda code: (endpoint_rank(code), code)))
    return Coverage(
        endpoints,
        tuple(
            (study, tuple(sum(row["endpoint"] == code for row in study.rows) for code in endpoints))
            for study in studies
        ),
    )

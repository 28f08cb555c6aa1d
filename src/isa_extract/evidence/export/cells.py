"""Cells that a spreadsheet would take for a formula, made harmless.

A sentence that begins with ``=`` is no formula, but a spreadsheet that opens the file would run it ('CSV
injection'). An apostrophe before it makes it text. A cell that is a number and nothing else (``-0.35``) stays
as it is: it cannot do anything, and has to be a number for other programs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

_BEGINS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before it where it could be taken for a formula."""
    if not cell.startswith(_BEGINS) or _NUMBER.fullmatch(cell):
        return cell
    return "'" + cell


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """The rows as CSV, every cell harmless; a carriage return, which `csv` would not quote, is a line feed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_one_newline(harmless(row.get(name, ""))) for name in columns])
    return out.getvalue()


def _one_newline(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")

"""A sentence with its values hidden, so that one may look at the frame in which they stand."""

from __future__ import annotations

import re

from isa_extract.binding.group_names import PEOPLE
from isa_extract.binding.passages import Passage
from isa_extract.finding.quantity import NUMBER_WORD

_PER = re.compile(
    r"%?\s*(?:per|/)\s*(?:\d+\s)?(?:patient[- ]|person[- ])?(?:years?|annum|months?|patients?)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"\s*[%,;]?\s*\)")
_EMPTIED = re.compile(r"[(\[][\s,;]*[)\]]\s?")
"""What is left of a bracket that held nothing but what belongs to a value."""
_COUNTED = re.compile(
    rf"(?<![\w.,-])(?P<ahead>(?:\d{{1,5}}|{NUMBER_WORD})\s+(?:{PEOPLE}\s*)?\(\s*)¤(?P<behind>\s*\))",
    re.IGNORECASE,
)
"""A share with the count before it: 'eight patients (1.3%)'."""
VALUE = "¤"
"""What stands for a value with all that belongs to it."""


def values_hidden(passage: Passage) -> tuple[str, list[int]]:
    """The sentence with each value and what belongs to it as one sign; and each sign's folded offset."""
    text = passage.text
    hidden = bytearray(len(text))
    mentions = passage.of(
        "p", "p-list", "interval", "size", "range", "value", "landmark", "statistic-of-test"
    )
    for start, end in (
        *((q.outer_start, q.outer_end) for q in passage.quantities),
        *((m.start, m.end) for m in mentions),
        *(per.span() for q in passage.quantities if (per := _PER.match(text, q.outer_end))),
    ):
        written = text[start:end]
        end = start + len(written.rstrip())
        if written.count("(") > written.count(")") and (closing := _CLOSING.match(text, end)):
            end = closing.end()
        start += len(written) - len(written.lstrip())
        hidden[start:end] = b"\1" * (end - start)
    for q in passage.quantities:
        hidden[q.start] = 2
    signs = "".join(_sign(text, run) for run in _RUNS.finditer(hidden))
    told = [m.span() for m in _EMPTIED.finditer(signs)]
    told += [m.span(part) for m in _COUNTED.finditer(signs) for part in ("ahead", "behind")]
    for start, end in told:
        hidden[start:end] = b"\1" * (end - start)
    kept = [run for run in _RUNS.finditer(hidden) if run[0][0] != 1]
    shown, origin = "".join(_sign(text, run) for run in kept), [i for run in kept for i in range(*run.span())]
    if "  " not in shown:
        return shown, origin
    single = [i for i, c in enumerate(shown) if c != " " or shown[i - 1 : i] != " "]
    return "".join(shown[i] for i in single), [origin[i] for i in single]


_RUNS = re.compile(rb"\x00+|\x01+|\x02")


def _sign(text: str, run: re.Match[bytes]) -> str:
    """What stands for a run of characters: themselves where they are of no value."""
    return text[run.start() : run.end()] if not run[0][0] else VALUE if run[0][0] == 2 else " " * len(run[0])

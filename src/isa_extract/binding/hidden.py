"""A sentence with its values hidden, so that one may look at the frame in which they stand."""

from __future__ import annotations

import re

from isa_extract.binding.passages import Passage

_PER = re.compile(
    r"%?\s*(?:per|/)\s*(?:\d+\s)?(?:patient[- ]|person[- ])?(?:years?|annum|months?|patients?)\b",
    re.IGNORECASE,
)
VALUE = "¤"
"""What stands for a value with all that belongs to it."""


def values_hidden(passage: Passage) -> tuple[str, list[int]]:
    """The sentence with each value and what belongs to it as one sign; and each sign's folded offset."""
    hidden: list[int] = [0] * len(passage.text)
    for q in passage.quantities:
        for i in range(q.outer_start, q.outer_end):
            hidden[i] = 1
        hidden[q.start] = 2
        if per := _PER.match(passage.text, q.outer_end):
            for i in range(per.start(), per.end()):
                hidden[i] = 1
    for m in passage.of("p", "p-list", "interval", "size", "range", "value", "landmark", "statistic-of-test"):
        for i in range(m.start, m.end):
            hidden[i] = hidden[i] or 1
    kept = [
        (c if not h else VALUE, i)
        for i, (c, h) in enumerate(zip(passage.text, hidden, strict=True))
        if h != 1
    ]
    return "".join(c for c, _ in kept), [i for _, i in kept]

"""Kinds of mentions in families, each with a colour of its own."""

from __future__ import annotations

_FAMILIES = {
    "outcome": "endpoint event statistic median mean risk-reduction difference difference-cue factor-cue",
    "arm": "drug arm-role arm-letter arm-named arm-plain arm-dose arm-class dose",
    "value": "value number unreached zero share fraction events size word-count approx bound",
    "precision": "interval p p-list statistic-of-test",
    "time": "followup landmark data-cut",
    "subset": "subgroup grade threshold stage whole",
    "cue": "direction reference both all-arms distribute from-to ordinal",
    "study": "study-new registry phase design population population-suffix enrolled plan background",
}
FAMILIES = (*_FAMILIES, "other")
"""In the order in which a legend names them."""
_OF_KIND = {kind: name for name, kinds in _FAMILIES.items() for kind in kinds.split()}

STYLES = {
    "outcome": "bright_cyan",
    "arm": "bright_green",
    "value": "bright_yellow",
    "precision": "yellow",
    "time": "bright_blue",
    "subset": "magenta",
    "cue": "bright_magenta",
    "study": "cyan",
    "other": "bright_black",
}
"""The terminal's colours; the page has its own in its style sheet."""


def family(kind: str) -> str:
    """The family of a kind of mention; ``other`` for those that say a number is no result."""
    return _OF_KIND.get(kind, "other")

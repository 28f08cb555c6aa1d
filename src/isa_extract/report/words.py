"""The page's words: what a code, a binding or a flag means, in plain English."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ENDPOINT_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "ORR": ("ORR", "overall response rate"),
    "CR": ("CR", "complete response"),
    "sCR": ("sCR", "stringent complete response"),
    "CR_OR_BETTER": ("CR or better", "complete response or better"),
    "VGPR": ("VGPR", "very good partial response"),
    "VGPR_OR_BETTER": ("VGPR or better", "very good partial response or better"),
    "PR": ("PR", "partial response"),
    "SD": ("SD", "stable disease"),
    "PD": ("PD", "progressive disease"),
    "DCR": ("DCR", "disease control rate"),
    "CLINICAL_BENEFIT": ("Clinical benefit", "clinical benefit rate"),
    "MRD_NEGATIVITY": ("MRD negativity", "no measurable residual disease"),
    "MRD_NEGATIVE_CR": ("MRD-negative CR", "complete response without measurable residual disease"),
    "MRD_NEGATIVITY_SUSTAINED": ("Sustained MRD negativity", "no measurable residual disease, sustained"),
    "RENAL_RESPONSE_COMPLETE": ("Complete renal response", "complete renal response"),
    "RENAL_RESPONSE": ("Renal response", "renal response"),
    "PFS": ("PFS", "progression-free survival"),
    "PFS2": ("PFS2", "time to second progression or death"),
    "OS": ("OS", "overall survival"),
    "EFS": ("EFS", "event-free survival"),
    "DFS": ("DFS", "disease-free survival"),
    "RFS": ("RFS", "relapse-free survival"),
    "LFS": ("LFS", "leukaemia-free survival"),
    "TTP": ("TTP", "time to progression"),
    "DOR": ("DOR", "duration of response"),
    "TTR": ("TTR", "time to response"),
    "TTNT": ("TTNT", "time to next treatment"),
    "NRM": ("NRM", "non-relapse mortality"),
    "TRM": ("TRM", "treatment-related mortality"),
    "RELAPSE": ("Relapse", "relapse"),
    "DEATH": ("Death", "death"),
    "AE": ("AE", "adverse event"),
    "SAE": ("SAE", "serious adverse event"),
    "AE_DISCONTINUATION": ("Stopped for an AE", "treatment stopped for an adverse event"),
    "INFUSION_DURATION": ("Infusion time", "duration of infusion"),
    "OTHER": ("Other", "another measure"),
}
"""Of each endpoint code: how the page writes it, and what it stands for."""

STATISTIC_NAMES: Final[Mapping[str, str]] = {
    "hazard_ratio": "hazard ratio",
    "odds_ratio": "odds ratio",
    "risk_ratio": "risk ratio",
    "risk_reduction": "risk reduction",
    "risk_difference": "risk difference",
}
"""The other statistics are called by their code."""

BINDING_WORDS: Final[Mapping[str, str]] = {
    "explicit": "The text names the arm beside the value.",
    "order": "The text lists arms and values in the same order; the value takes the arm of its place.",
    "direction": "A word of direction (higher, longer, reduced) fits only one pairing of values and arms.",
    "carried": "The sentence names no arm; it is carried over from earlier in the passage.",
    "table": "The arm is the heading of the value's column or row in a table.",
    "single": "The study has only one arm.",
}


@dataclass(frozen=True, slots=True)
class FlagWords:
    """A flag in plain words: its name on the page, and the check that earned it."""

    title: str
    check: str


FLAG_WORDS: Final[Mapping[str, FlagWords]] = {
    "percent-unreachable": FlagWords(
        "Percentage that no count gives",
        "Whether a whole number of patients, out of the denominator printed, rounds to the percentage.",
    ),
    "ci-excludes-value": FlagWords(
        "Interval without its estimate",
        "Whether the estimate lies inside its own confidence interval.",
    ),
    "ci-p-disagree": FlagWords(
        "Interval and p value disagree",
        "Whether the confidence interval and the p value lead to the same verdict.",
    ),
    "arm-not-in-trial": FlagWords(
        "Arm that the study does not have",
        "Whether the treatment named with the value is one of the study's arms as this paper tells them.",
    ),
    "n-over-N": FlagWords(
        "More events than patients",
        "Whether the number of events is at most the number of patients.",
    ),
    "parts-over-whole": FlagWords(
        "Parts that exceed their whole",
        "Whether the parts of a result add up to no more than the whole they belong to.",
    ),
    "read-by-ocr": FlagWords(
        "Read from an image",
        "Whether the page has text of its own; here it is a scan, and its characters were recognised.",
    ),
}


def endpoint_name(code: str) -> str:
    """How the page writes an endpoint code."""
    return ENDPOINT_NAMES[code][0] if code in ENDPOINT_NAMES else code


def endpoint_meaning(code: str) -> str:
    """What an endpoint code stands for."""
    return ENDPOINT_NAMES[code][1] if code in ENDPOINT_NAMES else code


def statistic_name(code: str) -> str:
    """How the page writes a statistic."""
    return STATISTIC_NAMES.get(code, code)


def flag_words(flag: str) -> FlagWords:
    """A flag in words; one the page does not know keeps its code."""
    return FLAG_WORDS.get(flag, FlagWords(flag, "A check of the paper's own figures."))


_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def has_han(text: str) -> bool:
    """Whether a text holds Chinese characters, so that it can be marked as Chinese."""
    return _HAN.search(text) is not None


def fit(text: str, width: float, size: float = 13) -> str:
    """The text, cut with an ellipsis where it would be wider than `width` (an estimate, in pixels)."""
    used = 0.0
    for i, char in enumerate(text):
        used += size * (1.0 if unicodedata.east_asian_width(char) in "WF" else 0.56)
        if used > width:
            return text[: max(0, i - 1)].rstrip() + "…"
    return text

"""Chinese or English, decided block by block: these papers mix both in one sentence."""

from __future__ import annotations

import re
from typing import Literal

from isa_extract.language.normal import HAN

Language = Literal["zh", "en"]

_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")

CHINESE_SHARE = 0.3
"""Han characters per (Han characters + Latin words) from which a block counts as Chinese. A Chinese
sentence full of drug names stays above it, an English one with a Chinese name stays below."""


def detect(text: str) -> Language:
    """The language of a block's text; ``en`` where there is nothing to tell by."""
    han = len(_HAN.findall(text))
    latin = len(_LATIN_WORD.findall(text))
    return "zh" if han and han >= CHINESE_SHARE * (han + latin) else "en"

"""The names by which the mentions of one group find each other."""

from __future__ import annotations

import re

from isa_extract.finding.match import Mention

PEOPLE = (
    r"(?:patients?|participants?|those|recipients?|subjects?|women|men|children|people|persons|adults?|cases|"
    r"responders|individuals)"
)
"""Words for the people of a group, between a value and the group's name."""


def group_name(m: Mention) -> str:
    """The name by which a group's other mentions find it: ``A组``, ``group A``, ``移植组``, ``control group``."""
    if m.kind == "arm-letter":
        return lettered(m, letters_of(m)[0])
    if m.kind == "arm-dose":
        level = re.sub(r"\s*-?\s*mg", " mg", m.part("level", "level_en", "level_at")).strip()
        return level + ("组" if re.search("[\u4e00-\u9fff]", m.text) else "")
    if m.kind == "arm-plain" or (m.kind == "arm-named" and m.code):
        return m.code
    name = re.sub(r"^the\s+", "", m.text.strip(), flags=re.IGNORECASE)
    if re.search("[\u4e00-\u9fff]", name):
        return name if re.search("[组臂]$", name) or m.kind == "arm-role" else name + "组"
    return name.lower()


def lettered(m: Mention, letter: str) -> str:
    """One of the groups that a mention calls by letters: ``A组``, ``队列A``, ``cohort A``."""
    if "队列" in m.text:
        return f"队列{letter}"
    if re.search("[\u4e00-\u9fff]", m.text):
        return f"{letter}组"
    return f"{m.text.split()[0].lower().rstrip('s')} {letter}"


def letters_of(m: Mention) -> list[str]:
    """The single letters (or figures) of 'A、B和C组'; empty for other groups."""
    written = m.part("letters")
    return re.findall(r"[A-H甲乙丙丁1-4]", re.sub(r"and", "", written)) if written else []


def names_of(m: Mention) -> list[str]:
    """All group names of a mention that may list several letters."""
    if m.kind != "arm-letter":
        return [group_name(m)]
    return [lettered(m, x) for x in letters_of(m)]


def without_group_word(name: str) -> str:
    """'standard-care group' is named for the care and 'TPC组' for the label; 'control group' for the group."""
    label = re.fullmatch(r"([A-Z][A-Za-z0-9+/-]+)组", name)
    if label:
        return label[1]
    told = re.match(
        r"(?:the )?(standard[- ](?:of[- ])?care|usual[- ]care|conventional therapy|(?:platinum-based )?chemotherapy)[- ](?:group|arm|cohort)$",
        name,
    )
    return told[1] if told else name

"""How alike two texts are, by edit distance; fast enough for whole papers."""

from __future__ import annotations


def distance(a: str, b: str) -> int:
    """Levenshtein distance, by Myers' bit vectors as Hyyrö gives them, a Python integer for each column."""
    if not a or not b:
        return len(a) + len(b)
    where: dict[str, int] = {}
    for i, char in enumerate(a):
        where[char] = where.get(char, 0) | 1 << i
    full = (1 << len(a)) - 1
    top = 1 << (len(a) - 1)
    rises, falls, score = full, 0, len(a)
    for char in b:
        same = where.get(char, 0)
        vertical = same | falls
        across = (((same & rises) + rises) ^ rises) | same
        up = falls | (full & ~(across | rises))
        down = rises & across
        score += bool(up & top) - bool(down & top)
        up = (up << 1 | 1) & full
        down = (down << 1) & full
        rises = down | (full & ~(vertical | up))
        falls = up & vertical
    return score


def likeness(found: str, source: str) -> float:
    """1 for equal texts, 0 for texts with nothing in common; white space is left out first."""
    a, b = "".join(found.split()), "".join(source.split())
    return 1 - distance(a, b) / max(len(a), len(b), 1)

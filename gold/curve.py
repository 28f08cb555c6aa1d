"""The first-sight figures as lines of text and as a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from isa_extract.scoring.compare import LEVELS
from isa_extract.vocabulary import LANGUAGES

Entry = Mapping[str, str]

_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = (*LEVELS, "arm_precision", "wrong_arm_rate")
_HEADINGS = {"statistic": "stat.", "endpoint": "endp.", "arm_precision": "arm P", "wrong_arm_rate": "wrong"}
_COLOURS = {"zh": "#b3261e", "en": "#1f5fa8"}
_GREY = 'fill="#555"'
_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 640, 280, 44, 34, 16, 40


def lines(entries: Sequence[Entry]) -> Iterator[str]:
    """A table, and a sparkline of the arm level by language."""
    if not entries:
        yield "no batch was recorded yet"
        return
    widest = max(5, *(len(entry["batch"]) for entry in entries))
    heads = " ".join(f"{_HEADINGS.get(name, name):>6}" for name in _SHOWN)
    yield f"{'date':10} {'batch':{widest}} lang  rows {heads}"
    for entry in entries:
        figures = " ".join(f"{entry[name]:>6}" for name in _SHOWN)
        head = f"{entry['date']:10} {entry['batch']:{widest}} {entry['language']:4} {entry['rows']:>5}"
        yield f"{head} {figures}"
    for language in LANGUAGES:
        scores = [float(entry["arm"]) for entry in entries if entry["language"] == language]
        if scores:
            bars = "".join(_BARS[min(int(score * len(_BARS)), len(_BARS) - 1)] for score in scores)
            yield f"{language} arm F1  {bars}  {scores[0]:.3f} → {scores[-1]:.3f}"


def draw(entries: Sequence[Entry]) -> str:
    """An SVG: F1 at the arm level batch by batch, the value level thin and dashed beside it."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'font-family="sans-serif" font-size="11">',
        "<title>F1 on texts never seen before, batch by batch</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="18" font-size="13" fill="#222">First sight: F1 to the arm (line) and of '
        "values alone (dashed), by batch</text>",
    ]
    for tenth in range(0, 11, 2):
        y = _y(tenth / 10)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" {_GREY} text-anchor="end">{tenth / 10:.1f}</text>'
        )
    for place, language in enumerate(LANGUAGES):
        colour, at = _COLOURS[language], _LEFT + 60 * place
        parts.append(f'<path d="M{at} {_HEIGHT - 10}h18" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{at + 23}" y="{_HEIGHT - 6}" fill="#222">{language}</text>')
        parts += _series(entries, language, colour)
    if not entries:
        parts.append(
            f'<text x="{_WIDTH / 2}" y="{_HEIGHT / 2}" {_GREY} text-anchor="middle">no batch yet</text>'
        )
    return "\n".join((*parts, "</svg>")) + "\n"


def _series(entries: Sequence[Entry], language: str, colour: str) -> Iterator[str]:
    own = [(place, entry) for place, entry in enumerate(entries) if entry["language"] == language]
    for level, style in (("value", 'stroke-dasharray="3 3"'), ("arm", 'stroke-width="2"')):
        points = [(_x(place, len(entries)), _y(float(entry[level]))) for place, entry in own]
        if len(points) > 1:
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            yield f'<polyline points="{path}" fill="none" stroke="{colour}" {style}/>'
    for place, entry in own:
        x, y = _x(place, len(entries)), _y(float(entry["arm"]))
        told = escape(f"{entry['date']} {entry['batch']}: {entry['arm']}, {entry['rows']} rows")
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"><title>{told}</title></circle>'
        yield f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle" fill="{colour}">{entry["arm"]}</text>'


def _x(place: int, count: int) -> float:
    return _LEFT + (place + 0.5) * (_WIDTH - _LEFT - _RIGHT) / max(count, 1)


def _y(score: float) -> float:
    return _TOP + (1 - score) * (_HEIGHT - _TOP - _BOTTOM)

"""How fast finding and binding are beside cutting sentences and tokens alone, from 1 kB to 1 MB of text.

    python benchmarks/throughput.py            # print the table
    python benchmarks/throughput.py --write    # also put it into docs/evaluation.md

Warm process, one core, processor time, best of several. The text is that of `gold/dev` in one language, its
texts one after the other, again from the start where it is too short; a paragraph is a line of it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from time import process_time

import evaluation_page

from isa_extract.binding.assemble import extract
from isa_extract.finding.lexicons import chinese_terms
from isa_extract.language.detect import detect
from isa_extract.language.segment import sentences
from isa_extract.records import Block, Paper, Span

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 10_000, 100_000, 1_000_000)
"""Of the text, in bytes of UTF-8."""
_LONG_ENOUGH = 1.5
"""Seconds of processor time after which a measurement is not taken again."""


def running_text(lang: str, size: int) -> str:
    """Text of one language of about `size` bytes, whole lines of it."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "gold" / "dev").glob("*/*.txt"))]
    lines = [line for text in texts if detect(text) == lang for line in text.splitlines() if line.strip()]
    kept, left = [], size
    for line in cycle(lines):
        long = len(line.encode()) + 1
        kept.append(line if long <= left else line.encode()[:left].decode("utf-8", "ignore"))
        left -= long
        if left <= 0:
            return "\n".join(kept)
    raise LookupError(f"no text in {lang!r}")


def paper_of(text: str) -> Paper:
    """A paper each of whose lines is a paragraph."""
    blocks, start = [], 0
    for line in text.splitlines(keepends=True):
        blocks.append(Block("paragraph", (Span(start, start + len(line)),)))
        start += len(line)
    return Paper(doc_id="text", source="", sha256="0" * 64, text=text, blocks=tuple(blocks))


def seconds(work: Callable[[], object]) -> float:
    """The least processor time of several runs."""
    taken: list[float] = []
    while not taken or (sum(taken) < _LONG_ENOUGH and len(taken) < 200):
        start = process_time()
        work()
        taken.append(process_time() - start)
    return min(taken)


def table(sizes: tuple[int, ...] = SIZES) -> Iterator[str]:
    """The measurements as a Markdown table."""
    words = chinese_terms()
    yield "| text | characters | tokens alone, characters/s | tokens, finding, binding, characters/s | ratio of time |"
    yield "|---|---|---|---|---|"
    for lang in ("zh", "en"):
        extract(paper_of(running_text(lang, 20_000)))  # warm
        for size in sizes:
            paper = paper_of(running_text(lang, size))
            alone = seconds(lambda paper=paper: list(sentences(paper, words)))  # type: ignore[misc]
            whole = seconds(lambda paper=paper: extract(paper))  # type: ignore[misc]
            long = len(paper.text)
            cells = (f"{long:,}", f"{long / alone:,.0f}", f"{long / whole:,.0f}", f"{whole / alone:.1f}")
            yield f"| {lang}, {size // 1000:,} kB | " + " | ".join(cells) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/evaluation.md")
    given = parser.parse_args()
    lines = "\n".join((f"{evaluation_page.when()}.\n", *table()))
    print(lines)
    if given.write:
        evaluation_page.put("throughput", lines)


if __name__ == "__main__":
    main()

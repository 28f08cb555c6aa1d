"""Other people's corpora: our figures beside the published ones.

    python benchmarks/run.py DATA [--mapping FILE.toml]      # what `make benchmarks DATA=DIR` runs

DATA is a folder of RCT-ART's `*.jsonl`, of PICO-Corpus (brat standoff), or of any brat corpus with a
mapping of its labels (`--mapping`, or `mapping.toml` in the folder). Which of them it is, is told by
what lies in it. The data stays where it is. Figures by exact and by lenient spans are kept apart.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import brat
import rct_art
import typed_values

from isa_extract.errors import IsaExtractError
from isa_extract.scoring.score import Level

HERE = Path(__file__).resolve().parent
_HEAD = f"{'':26} {'right':>6} {'found':>6} {'gold':>6} {'P':>6} {'R':>6} {'F1':>6}  published F1"


def published(corpus: str, match: str) -> dict[str, str]:
    """Figures of a corpus by label: F1 and whose."""
    figures = tomllib.loads((HERE / "published.toml").read_text(encoding="utf-8"))["figure"]
    return {
        one["label"]: f"{one['f1']:.3f} {one['who']}"
        for one in figures
        if one["corpus"] == corpus and one["match"] == match
    }


def rct_art_lines(folder: Path) -> Iterator[str]:
    """The table scores of every RCT-ART file of a folder, and over all of them."""
    exact, lenient = published("RCT-ART", "exact"), published("RCT-ART", "lenient")
    for path in rct_art.files(folder):
        score = rct_art.score_file(path)
        yield f"RCT-ART {path.stem}: {score.sentences} sentences"
        yield _HEAD
        yield _line("value alone, overlap", score.value)
        yield _line("value with its arm", score.arm)
        yield _line("exact: strict, matched", score.strict.matched)
        yield _line("exact: strict, as publ.", score.strict.as_published, exact.get("strict", ""))
        yield _line("lenient: relaxed, matched", score.relaxed.matched)
        yield _line("lenient: relaxed, as publ.", score.relaxed.as_published, lenient.get("relaxed", ""))
        yield ""


def brat_lines(folder: Path, mapping: brat.LabelMap) -> Iterator[str]:
    """The scores of a brat folder by label: exact, lenient, and study numbers."""
    score = typed_values.score_folder(folder, mapping)
    labels = {name: one for name, one in score.labels.items() if one.lenient.gold or one.lenient.predicted}
    yield f"{mapping.name}: {score.documents} texts"
    exact, lenient = published(mapping.name, "exact"), published(mapping.name, "lenient")
    for title, figures in (("exact", exact), ("lenient", lenient)):
        yield f"{title} spans"
        yield _HEAD
        for name, one in labels.items():
            yield _line(name, getattr(one, title), figures.get(name, ""))
        yield _line("all of these", _sum([getattr(one, title) for one in labels.values()]))
    yield "lenient spans, predictions where the corpus marks nothing left out"
    yield _HEAD
    for name, one in labels.items():
        yield _line(name, one.where_marked)
    if score.numbers:
        yield "as numbers, text by text"
        yield _HEAD
        for name, level in score.numbers.items():
            yield _line(name, level, exact.get(name, ""))
    if score.unknown:
        yield f"labels that the mapping does not know: {', '.join(score.unknown)}"


def mapping_for(folder: Path, given: Path | None) -> brat.LabelMap | None:
    """The mapping of a brat folder: the one given, the folder's own, or a known corpus's.

    Raises:
        ValueError: there are annotations, and nothing says what they mean.
    """
    labels = brat.labels_of(folder)
    if not labels:
        return None
    own = folder / "mapping.toml"
    if given is not None or own.is_file():
        return brat.load_mapping(given or own)
    for path in sorted((HERE / "mappings").glob("*.toml")):
        mapping = brat.load_mapping(path)
        if mapping.marks & labels:
            return mapping
    raise ValueError(
        f"{folder}: brat annotations of no known corpus; give --mapping or put mapping.toml in it"
    )


def report(folder: Path, given: Path | None = None) -> Iterator[str]:
    """Everything that can be said of a folder.

    Raises:
        ValueError: it holds no corpus, or one that cannot be read.
    """
    mapping = mapping_for(folder, given)
    if not rct_art.is_here(folder) and mapping is None:
        raise ValueError(f"{folder}: neither RCT-ART (*.jsonl) nor brat annotations (*.ann)")
    if rct_art.is_here(folder):
        yield from rct_art_lines(folder)
    if mapping is not None:
        yield from brat_lines(folder, mapping)


def _line(name: str, level: Level, beside: str = "") -> str:
    figures = f"{level.precision:6.3f} {level.recall:6.3f} {level.f1:6.3f}"
    return f"{name:26} {level.tp:6} {level.predicted:6} {level.gold:6} {figures}  {beside}".rstrip()


def _sum(levels: Sequence[Level]) -> Level:
    return sum(levels, Level(0, 0, 0))


def main(arguments: Sequence[str] | None = None) -> int:
    """The program; its exit status."""
    parser = argparse.ArgumentParser(description="Score the extractor on other people's corpora.")
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help="labels of a brat corpus")
    given = parser.parse_args(arguments)
    try:
        if not given.data.is_dir():
            raise ValueError(f"{given.data}: no such folder")
        for line in report(given.data, given.mapping):
            print(line)
    except (ValueError, OSError, IsaExtractError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

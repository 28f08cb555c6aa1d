"""What each part buys: every gold set scored with one thing switched off at a time.

    python benchmarks/ablation.py            # print the table
    python benchmarks/ablation.py --write    # also put it into docs/evaluation.md

Nothing under `src/` knows of this: a switch replaces a function for as long as a run lasts. The papers are
read once. `review-pdf` is left out, for it is `review` once more.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import evaluation_page
from spacy.language import Language as Pipeline
from spacy.tokens import Doc

from isa_extract.binding import assemble, directions, readings
from isa_extract.binding.discourse import Discourse
from isa_extract.language import segment
from isa_extract.pipeline.paper import tabulated
from isa_extract.reading import Reader
from isa_extract.reading.files import read_with
from isa_extract.records import Paper
from isa_extract.scoring.gold import Table, load_gold, texts_beside
from isa_extract.scoring.score import NOTHING, Level, score

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "gold"))

from sets import GoldSet, as_evidence, gold_sets  # noqa: E402

_LEVELS = ("arm", "endpoint")
_LANGUAGES = ("zh", "en")

Scores = dict[tuple[str, str], Level]
"""The counts by language and level."""
Switch = Callable[[], AbstractContextManager[object]]


# ------------------------------------------------------------------------------------------ the switches


class _Characters:
    """In place of jieba: every Chinese character is a word."""

    def lcut(self, text: str) -> list[str]:
        return re.findall(r"[A-Za-z]+|\d[\d.,]*\d|\s+|.", text, re.DOTALL)


@contextmanager
def no_words() -> Iterator[None]:
    """No word boundaries in Chinese."""
    with patch.object(segment, "_segmenter", lambda words: _Characters()):
        segment.pipeline.cache_clear()
        yield
    segment.pipeline.cache_clear()


@Pipeline.component("naive_sentence_ends")
def naive_sentence_ends(doc: Doc) -> Doc:
    """A sentence ends with every full stop and semicolon that is a token, or ends one."""
    start = True
    for token in doc:
        token.is_sent_start = start
        start = token.text[-1] in "。.;;!?"
    return doc


@contextmanager
def naive_sentences() -> Iterator[None]:
    """Sentence ends at '。', '.' and ';' wherever they stand: in brackets, behind 'vs', in a list."""
    made = segment.pipeline

    def naive(lang: segment.Language, words: tuple[str, ...] = ()) -> Pipeline:
        nlp = made(lang, words)
        if "naive_sentence_ends" not in nlp.pipe_names:
            nlp.replace_pipe("isa_sentence_ends", "naive_sentence_ends")
        return nlp

    with patch.object(segment, "pipeline", naive):
        made.cache_clear()
        yield
    made.cache_clear()


def no_discourse() -> AbstractContextManager[object]:
    """Every sentence begins with an empty state: no order, topic, endpoint or slot is carried."""
    bind = assemble.bind
    return patch.object(
        assemble,
        "bind",
        lambda passage, study, arms, state, note: bind(passage, study, arms, Discourse(), note),
    )


def no_directions() -> AbstractContextManager[object]:
    """Direction words say nothing."""
    return patch.object(directions, "_near_directions", lambda view: [])


def no_aliases() -> AbstractContextManager[object]:
    """Arms go by their label and drugs only, not by 'group A' or 'the control group'."""
    made = assemble.roster
    return patch.object(
        assemble, "roster", lambda *given: replace(made(*given), aliases={}, written={}, choices={})
    )


def no_roster() -> AbstractContextManager[object]:
    """A sentence knows only the arms that it names itself."""
    bind, made = assemble.bind, assemble.roster
    return patch.object(
        assemble,
        "bind",
        lambda passage, study, arms, state, note: bind(passage, study, made([passage], None), state, note),
    )


def without(reader: str) -> Switch:
    """One reader sees nothing."""
    return lambda: patch.object(readings, reader, lambda view: None)


def _readers() -> list[str]:
    """The readers by name, in the order in which they are asked."""
    return [name for name in readings.asked.__code__.co_names if name in vars(readings) and name[0] != "_"]


SWITCHES: dict[str, Switch] = {
    "everything on": nullcontext,
    "no words in Chinese (jieba)": no_words,
    "sentences at every 。 . ; (spaCy)": naive_sentences,
    "no state of the discourse": no_discourse,
    "no direction words": no_directions,
    "arms without other names": no_aliases,
    "arms of the sentence alone": no_roster,
    **{f"without `{name}`": without(name) for name in _readers()},
}


# --------------------------------------------------------------------------------------------- the table


@dataclass(frozen=True, slots=True)
class Held:
    """A gold set whose papers have been read."""

    one: GoldSet
    truth: Table
    papers: tuple[Paper, ...]


def held(root: Path) -> list[Held]:
    """Every gold set that is here, its papers read."""
    sets = [one for one in gold_sets(root) if one.papers and one.gold.is_file() and one.name != "review-pdf"]
    with Reader() as reader:
        return [
            Held(
                one,
                load_gold(one.gold, texts_beside(one.gold)),
                tuple(read_with(reader, path, path.stem) for path in one.papers),
            )
            for one in sets
        ]


def scored(sets: list[Held]) -> Scores:
    """All sets' counts, added up by the language of the paper."""
    counts: Scores = {}
    for held_set in sets:
        rows = [
            {str(name): str(cell) for name, cell in row.items()}
            for paper in held_set.papers
            for row in tabulated(paper).evidence.to_dict("records")
        ]
        for paper_score in score(
            held_set.truth, as_evidence(rows, held_set.truth, spans=held_set.one.spans)
        ).papers:
            for level in _LEVELS:
                key = paper_score.language, level
                counts[key] = counts.get(key, NOTHING) + paper_score.levels[level]
    return counts


def table(results: dict[str, Scores]) -> Iterator[str]:
    """The results as a Markdown table; differences in points of F1 from everything on."""
    whole = results["everything on"]
    columns = [(lang, level) for lang in _LANGUAGES for level in _LEVELS]
    yield "| | " + " | ".join(f"{lang}, {level}" for lang, level in columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for name, scores in results.items():
        cells = []
        for key in columns:
            f1, by = scores[key].f1, 100 * (scores[key].f1 - whole[key].f1)
            cells.append(f"{f1:.3f}" if scores is whole else f"{f1:.3f} ({by:+.1f})")
        yield f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    """Run every switch and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/evaluation.md")
    parser.add_argument("--only", help="switches whose name holds this")
    given = parser.parse_args()
    sets = held(ROOT)
    results: dict[str, Scores] = {}
    for name, switch in SWITCHES.items():
        if name == "everything on" or not given.only or given.only in name:
            with switch():
                results[name] = scored(sets)
            print(f"{name}: done", file=sys.stderr, flush=True)
    rows = sum(results["everything on"][lang, "arm"].gold for lang in _LANGUAGES)
    texts = sum(len(one.papers) for one in sets)
    told = f"{evaluation_page.when()}; {texts} texts and papers, {rows} gold rows.\n"
    lines = "\n".join([told, *table(results)])
    print(lines)
    if given.write:
        evaluation_page.put("ablation", lines)


if __name__ == "__main__":
    main()

"""Sentences and their tokens: spaCy's blank pipelines, with jieba's words for Chinese."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import jieba
import numpy as np
import spacy
from spacy.language import Language as Pipeline
from spacy.tokens import Doc
from spacy.util import get_words_and_spaces
from spacy.vocab import Vocab

from isa_extract.language.detect import Language, detect
from isa_extract.language.normal import Citation, Folded, fold
from isa_extract.records import Paper, Span

_ENDS = {"。", "！", "？", "!", "?"}
_ABBREVIATIONS = {
    "vs",
    "v",
    "al",
    "e.g",
    "i.e",
    "fig",
    "figs",
    "no",
    "dr",
    "approx",
    "ca",
    "cf",
    "resp",
    "ref",
}
_WIDE = re.compile("[\u3400-\u9fff、。《》「」，：；（）％]")
_MAX_BRACKET = 600
"""Characters after which an open bracket that was never closed is forgotten."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of running text, folded.

    ``text`` is folded text; ``starts`` and ``ends`` are the folded offsets at which tokens start and
    end; ``block`` numbers the block in the paper, ``paragraph_start`` marks the first of a block.
    """

    text: str
    origin: tuple[int, ...]
    lang: Language
    block: int
    kind: str
    section: str
    citations: tuple[Citation, ...]
    starts: frozenset[int]
    ends: frozenset[int]
    paragraph_start: bool
    lines: tuple[Span, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The stretch of ``Paper.text`` behind the folded range ``[start, end)``."""
        return Span(self.origin[start], self.origin[end - 1] + 1)

    def cut(self, kept: Sequence[tuple[int, int]]) -> Sentence:
        """The sentence with nothing but these folded ranges, which lie in order and apart."""
        places = [i for start, end in kept for i in range(start, end)]
        now = {old: new for new, old in enumerate(places)}
        ends = {old + 1: new + 1 for new, old in enumerate(places)}
        return replace(
            self,
            text="".join(self.text[i] for i in places),
            origin=tuple(self.origin[i] for i in places),
            citations=tuple(replace(c, at=ends[c.at]) for c in self.citations if c.at in ends),
            starts=frozenset(now[i] for i in self.starts if i in now),
            ends=frozenset(ends[i] for i in self.ends if i in ends),
            paragraph_start=self.paragraph_start and places[0] == 0,
        )

    def printed(self, text: str) -> str:
        """The sentence as the paper (whose text is given) prints it, on one line."""
        first, last = self.origin[0], self.origin[-1] + 1
        parts = [
            text[max(s.start, first) : min(s.end, last)].strip()
            for s in self.lines
            if s.start < last and first < s.end
        ]
        whole = ""
        for part in filter(None, parts):
            whole += part if not whole or _WIDE.match(whole[-1]) or _WIDE.match(part[0]) else " " + part
        return re.sub(r"\s+", " ", whole)


def sentences(paper: Paper, words: Iterable[str] = (), lang: Language | None = None) -> Iterator[Sentence]:
    """The sentences of a paper's blocks in reading order.

    Args:
        paper: the paper as read.
        words: Chinese terms that jieba must keep in one piece (drugs, endpoints, events).
        lang: of all blocks; None to have each block's language told by its text.
    """
    vocabulary = tuple(words)
    for number, block in enumerate(paper.blocks):
        folded = fold(paper.text, block.lines, paper.superscripts)
        yield from split(folded, number, block.kind, block.section, vocabulary, block.lines, lang)


def split(
    folded: Folded,
    block: int = 0,
    kind: str = "paragraph",
    section: str = "body",
    words: tuple[str, ...] = (),
    lines: tuple[Span, ...] = (),
    lang: Language | None = None,
) -> Iterator[Sentence]:
    """The sentences of one folded block, in ``lang`` or the language that its text tells."""
    lang = lang or detect(folded.text)
    if not folded.text.strip():
        return
    doc = pipeline(lang, words)(folded.text)
    at, long, first = doc.to_array(["IDX", "LENGTH", "SENT_START"]).astype(np.int64).T
    edges = [*np.flatnonzero(first == 1).tolist(), len(doc)]
    for i, (low, high) in enumerate(pairwise(edges)):
        starts, ends = at[low:high], at[low:high] + long[low:high]
        start, end = int(starts[0]), int(ends[-1])
        while end > start and folded.text[end - 1].isspace():
            end -= 1
        if start == end:
            continue
        yield Sentence(
            text=folded.text[start:end],
            origin=folded.origin[start:end],
            lang=lang,
            block=block,
            kind=kind,
            section=section,
            citations=tuple(
                Citation(min(c.at, end) - start, c.numbers) for c in folded.citations if start <= c.at <= end
            ),
            starts=frozenset((starts - start).tolist()),
            ends=frozenset((ends - start).tolist()),
            paragraph_start=i == 0,
            lines=lines,
        )


@cache
def pipeline(lang: Language, words: tuple[str, ...] = ()) -> Pipeline:
    """The spaCy pipeline of a language: tokens and sentence ends. No trained model is involved."""
    if lang == "en":
        nlp = spacy.blank("en")
    else:
        nlp = spacy.blank("zh")
        # spaCy's own use of jieba would start jieba's global tokenizer with its shared cache file
        nlp.tokenizer = ChineseWords(nlp.vocab, _segmenter(words))
    nlp.max_length = 20_000_000
    nlp.add_pipe("isa_sentence_ends")
    return nlp


class ChineseWords:
    """A spaCy tokenizer whose words are those of a jieba segmenter."""

    def __init__(self, vocab: Vocab, segmenter: jieba.Tokenizer) -> None:
        self.vocab = vocab
        self.segmenter = segmenter

    def __call__(self, text: str) -> Doc:
        """The text as a Doc; joining its tokens gives the text back."""
        words, spaces = get_words_and_spaces(self.segmenter.lcut(text), text)
        return Doc(self.vocab, words=words, spaces=spaces)


def _segmenter(words: tuple[str, ...]) -> jieba.Tokenizer:
    """A tokenizer of our own, so that nobody else's dictionary or cache file has a say."""
    jieba.setLogLevel("WARNING")
    tokenizer = jieba.Tokenizer()
    with tempfile.TemporaryDirectory() as private:
        tokenizer.tmp_dir = private
        tokenizer.initialize()
    for word in words:
        # a bare ASCII abbreviation in the dictionary would split longer ones (TEAE)
        if not word.isascii():
            tokenizer.add_word(word)
    return tokenizer


@Pipeline.component("isa_sentence_ends")
def mark_sentence_ends(doc: Doc) -> Doc:
    """Set ``is_sent_start``: after a full stop that is outside brackets and ends no abbreviation."""
    text = doc.text
    # words are read off the text: asking spaCy for each token costs more than all that is asked of them here
    offsets = doc.to_array(["IDX", "LENGTH"]).tolist()
    words = [text[at : at + long] for at, long in offsets]
    depth = opened = 0
    starts_next = True
    starts: list[int] = []
    for i, word in enumerate(words):
        starts.append(1 if starts_next else -1)
        starts_next = False
        if word.isalnum() and not depth:
            continue
        closed = sum(char in ")]" for char in word)  # the tokenizer takes '):' for a face, one token
        if word in ("(", "["):
            depth, opened = depth + 1, offsets[i][0]
        elif closed and not any(char in "([" for char in word):
            depth = max(0, depth - closed)
        elif depth and offsets[i][0] - opened > _MAX_BRACKET:
            depth = 0
        if word in ("。", "！", "？"):
            depth, starts_next = 0, True
        elif not depth and (word in _ENDS or _is_full_stop(words, i, offsets[i][0], text)):
            starts_next = True
    # all at once: setting them one by one has spaCy look at every token each time
    return doc.from_array(["SENT_START"], np.array(starts, dtype=np.int64).astype(np.uint64))  # type: ignore[arg-type]


_GOES_ON_IN_CHINESE = re.compile(r"\s*[\u4e00-\u9fff]")
_BEGINS_ANEW = re.compile(r"""\s+(?:\([a-z]{1,3}\)\s+)?["'(\[]?[A-Z0-9\u4e00-\u9fff]|\s*$""")


def _is_full_stop(words: Sequence[str], i: int, at: int, text: str) -> bool:
    """Whether the word, which begins at this offset of the text, ends a sentence."""
    word = words[i]
    if not word.endswith(".") or i + 1 >= len(words):
        return False
    if word != "." and word[:-1].lower() in _ABBREVIATIONS:
        return False
    if i and word == "." and words[i - 1].lower() in _ABBREVIATIONS:
        return False
    after = at + len(word)
    if word == "." and _GOES_ON_IN_CHINESE.match(text, after):
        return re.search(r"[\u4e00-\u9fff)%\]]\s?\.$", text[max(0, at - 3) : after]) is not None
    return _BEGINS_ANEW.match(text, after) is not None

"""Which files are papers, and the one door to reading them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from isa_extract.errors import PaperError
from isa_extract.reading.child import More
from isa_extract.reading.guard import Limits, Reader
from isa_extract.records import Paper

KINDS = {".pdf": "pdf", ".txt": "txt", ".xml": "xml", ".nxml": "xml", ".html": "html", ".htm": "html"}
"""Suffixes and what they say a file is; ``xml`` is JATS."""

SUFFIXES = tuple(KINDS)
_SHOWN = ".pdf, .xml (JATS), .html or UTF-8 .txt"
# told by the first element or the document type; what stands before it may be comments
_HTML = re.compile(rb"^(?:<[?!](?!doctype)[^>]*>\s*)*(?:<!doctype\s+html|<html[\s>])")
_JATS = re.compile(
    rb"^(?:<[?!](?!doctype)[^>]*>\s*)*(?:<!doctype\s+(?:article|pmc-articleset)|<pmc-articleset[\s>])"
)
_HEADER_REACH = 1024  # bytes; readers of PDF allow that much junk before the header


def find_papers(inputs: Sequence[Path]) -> list[tuple[Path, str]]:
    """The papers that the inputs name, each with its ``doc_id``.

    Folders are searched recursively for the suffixes of ``KINDS``. What does not exist, a folder with no
    paper in it and a file of another kind stay in the list: ``read`` refuses each with its reason, so
    that one wrong input does not stop the others.
    """
    found: dict[Path, Path] = {}  # resolved path -> as given, so that no file is read twice
    for given in inputs:
        members = [given]
        if given.is_dir():
            members = sorted(p for p in given.rglob("*") if _is_paper(p, given)) or [given]
        for path in members:
            found.setdefault(Path(os.path.realpath(path)), path)
    ids = _ids(list(found))
    return [(path, ids[resolved]) for resolved, path in found.items()]


def _is_paper(path: Path, root: Path) -> bool:
    parts = path.relative_to(root).parts
    if path.suffix.lower() not in SUFFIXES or any(part.startswith(".") for part in parts):
        return False
    # pipes and links to nothing are kept, to be refused by name
    return not path.is_dir() and not any(_is_page_store(folder) for folder in path.parents[: len(parts) - 1])


def _is_page_store(folder: Path) -> bool:
    """Whether a browser keeps the pieces of a saved page in the folder: ``x_files`` beside ``x.html``."""
    stem = folder.name.removesuffix("_files")
    return stem != folder.name and any(
        folder.with_name(stem + suffix).exists() for suffix in (".html", ".htm")
    )


def _ids(paths: Sequence[Path]) -> dict[Path, str]:
    """File stems; where two meet, with their folders, then with their suffixes, until none meet."""
    ids = {path: path.stem or path.name for path in paths}
    deepest = max((len(path.parts) for path in paths), default=0)
    for depth in range(1, deepest + 1):
        counts = Counter(ids.values())
        for path in [p for p in paths if counts[ids[p]] > 1]:
            parts = [part for part in path.parts[:-1] if part != path.anchor]
            # the same folder holds 'a.pdf' and 'a.xml': no folder tells them apart, the suffix does
            twins = any(p != path and p.parent == path.parent and p.stem == path.stem for p in paths)
            name = path.name if twins else path.stem
            ids[path] = "/".join([*parts[-depth:], name])
        if max(Counter(ids.values()).values(), default=0) <= 1:
            break
    return ids


def read(path: Path, doc_id: str, limits: Limits | None = None) -> Paper:
    """Read one paper.

    Raises:
        PaperError: with the reason, if it cannot be read.
    """
    with Reader(limits) as reader:
        return read_with(reader, path, doc_id)


def read_with(reader: Reader, path: Path, doc_id: str, more: More | None = None) -> Paper:
    """Read one paper, parsed by a child process that has served others.

    Raises:
        PaperError: with the reason, if it cannot be read.
    """
    return reader.parse(path, doc_id, kind_of(path, reader.limits), more)


def kind_of(path: Path, limits: Limits) -> str:
    """``pdf``, ``txt``, ``xml`` or ``html``, told by the suffix and checked against the file's first bytes.

    Raises:
        PaperError: if it is none of them, or empty, too large or not there.
    """
    source = str(path)
    try:
        if path.is_dir():
            raise PaperError(source, f"a folder with no {_SHOWN} file in it", "give a folder with papers")
        if not path.exists():
            raise PaperError(source, "no such file", "check the path")
        if not path.is_file():
            raise PaperError(source, "not a regular file", f"give a {_SHOWN} file")
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            raise PaperError(
                source,
                f"neither .pdf, .xml, .html nor .txt but {suffix or 'no suffix'}",
                f"give it as {_SHOWN}",
            )
        size = path.stat().st_size
        if size == 0:
            raise PaperError(source, "the file is empty", "fetch it again")
        if size > limits.file_bytes:
            raise PaperError(
                source,
                f"{size / 1e6:.0f} MB, more than {limits.file_bytes / 1e6:.0f}",
                "split it or raise the limit",
            )
        with path.open("rb") as file:
            head = file.read(_HEADER_REACH)
    except OSError as error:
        raise PaperError(source, f"cannot be opened: {error.strerror}", "check its permissions") from None
    _check(source, suffix, head)
    return KINDS[suffix]


def _check(source: str, suffix: str, head: bytes) -> None:
    """Refuse a file whose first bytes contradict its suffix."""
    kind = KINDS[suffix]
    if kind == "pdf":
        if b"%PDF-" not in head:
            raise PaperError(
                source, "not a PDF (no %PDF header)", "fetch it again; it may be a saved web page"
            )
        return
    begin = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    seen = ""
    if begin.startswith(b"%pdf-"):
        seen, right = "a PDF", ".pdf"
    elif kind == "xml" and _HTML.search(begin):
        seen, right = "an HTML page", ".html"
    elif kind == "html" and _JATS.search(begin):
        seen, right = "JATS XML", ".xml"
    if seen:
        raise PaperError(source, f"{seen} that is named {suffix}", f"rename it to {right}")

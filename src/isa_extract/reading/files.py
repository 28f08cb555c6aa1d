"""Which files are papers, and the one door to reading them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from isa_extract.errors import PaperError
from isa_extract.reading import plain
from isa_extract.reading.guard import Limits, Reader
from isa_extract.records import Paper

SUFFIXES = (".pdf", ".txt")
_HEADER_REACH = 1024  # bytes; readers of PDF allow that much junk before the header


def find_papers(inputs: Sequence[Path]) -> list[tuple[Path, str]]:
    """The papers that the inputs name, each with its ``doc_id``.

    Folders are searched recursively for ``.pdf`` and ``.txt``. What does not exist, a folder with no
    paper in it and a file of another kind stay in the list: ``read`` refuses each with its reason, so
    that one wrong input does not stop the others.
    """
    found: dict[Path, Path] = {}  # resolved path -> as given, so that no file is read twice
    for given in inputs:
        members = [given]
        if given.is_dir():
            members = sorted(p for p in given.rglob("*") if _is_paper(p, given)) or [given]
        for path in members:
            found.setdefault(path.resolve(), path)
    ids = _ids(list(found))
    return [(path, ids[resolved]) for resolved, path in found.items()]


def _is_paper(path: Path, root: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return path.suffix.lower() in SUFFIXES and not hidden and path.is_file()


def _ids(paths: Sequence[Path]) -> dict[Path, str]:
    """File stems; where two meet, with their folders, then with their suffixes, until none meet."""
    ids = {path: path.stem or path.name for path in paths}
    deepest = max((len(path.parts) for path in paths), default=0)
    for depth in range(1, deepest + 1):
        counts = Counter(ids.values())
        for path in [p for p in paths if counts[ids[p]] > 1]:
            parts = [part for part in path.parts[:-1] if part != path.anchor]
            # the same folder holds 'a.pdf' and 'a.txt': no folder tells them apart, the suffix does
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


def read_with(reader: Reader, path: Path, doc_id: str) -> Paper:
    """Read one paper, its PDF parsed by a child process that has served others.

    Raises:
        PaperError: with the reason, if it cannot be read.
    """
    if kind_of(path, reader.limits) == "pdf":
        return reader.parse(path, doc_id)
    return plain.read_text(path, doc_id)


def kind_of(path: Path, limits: Limits) -> str:
    """``pdf`` or ``txt``, told by the suffix and checked against the file's first bytes.

    Raises:
        PaperError: if it is neither, or empty, too large or not there.
    """
    source = str(path)
    try:
        if path.is_dir():
            raise PaperError(source, "a folder with no .pdf or .txt file in it", "give a folder with papers")
        if not path.exists():
            raise PaperError(source, "no such file", "check the path")
        if not path.is_file():
            raise PaperError(source, "not a regular file", "give a PDF or a UTF-8 .txt file")
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            raise PaperError(
                source,
                f"neither .pdf nor .txt but {suffix or 'no suffix'}",
                "convert it to PDF or UTF-8 text",
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
    if suffix == ".pdf" and b"%PDF-" not in head:
        raise PaperError(source, "not a PDF (no %PDF header)", "fetch it again; it may be a saved web page")
    if suffix == ".txt" and head.startswith(b"%PDF-"):
        raise PaperError(source, "a PDF that is named .txt", "rename it to .pdf")
    return suffix[1:]

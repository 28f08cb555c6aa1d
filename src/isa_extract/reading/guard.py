"""Papers are parsed in a child process with limits, so that no paper can take the run down with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from isa_extract.errors import PaperError
from isa_extract.reading.child import Child, ChildDied, More
from isa_extract.records import Paper

_PAPERS_PER_CHILD = 40  # a fresh child now and then gives back what the parser's caches hold
_CHILD = "isa_extract.reading.guard:parsed"
_SPENT = ("needs more", "nested too")  # reasons after which a child's memory is not to be trusted


@dataclass(frozen=True, slots=True)
class Limits:
    """What one paper may take.

    Attributes:
        memory_bytes: address space of the child that parses it (where the system can limit it).
        seconds: wall time for it, pages that are read by OCR not counted.
        file_bytes: size of the file.
        pages: number of pages.
        page_chars: characters on any one page.
        text_chars: characters of the whole paper, so that what comes after reading ends too.
        scans: pages that are read by OCR; what goes beyond is reported and not read.
        scan_seconds: wall time on top for each of them (some 10 on a machine that has nothing else to do).
    """

    memory_bytes: int = 2 * 1024**3
    seconds: float = 120.0
    file_bytes: int = 300_000_000
    pages: int = 2000
    page_chars: int = 60_000
    text_chars: int = 5_000_000
    scans: int = 100
    scan_seconds: float = 90.0

    @classmethod
    def given(
        cls,
        memory_gb: float | None = None,
        seconds: float | None = None,
        file_mb: float | None = None,
        pages: int | None = None,
        page_chars: int | None = None,
        scans: int | None = None,
    ) -> Limits:
        """The limits as a user gives them; what is None is as by default."""
        usual = cls()

        def chosen(told: float | None, default: int, unit: float = 1) -> int:
            return default if told is None else int(told * unit)

        return replace(
            usual,
            memory_bytes=chosen(memory_gb, usual.memory_bytes, 1024**3),
            seconds=usual.seconds if seconds is None else seconds,
            file_bytes=chosen(file_mb, usual.file_bytes, 1e6),
            pages=chosen(pages, usual.pages),
            page_chars=chosen(page_chars, usual.page_chars),
            scans=chosen(scans, usual.scans),
        )


class Reader:
    """Parses papers one after another in a child process, started when first needed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._child = Child(_CHILD)
        self._served = 0

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, at once."""
        self._child.end()
        self._served = 0

    def parse(self, path: Path, doc_id: str, kind: str = "pdf", more: More | None = None) -> Paper:
        """Parse one paper.

        Args:
            kind: ``pdf``, ``txt``, ``xml`` (JATS) or ``html``.
            more: told whenever the paper gets more time than the limit says (for pages read by OCR).

        Raises:
            PaperError: with the reason, if it cannot be read within the limits.
        """
        if self._served >= _PAPERS_PER_CHILD:
            self.close()
        try:
            answer = self._child.ask((path, doc_id, kind, self.limits), self.limits.seconds, more)
        except ChildDied as death:
            self._served = 0
            raise PaperError(str(path), *_cause(death)) from None
        self._served += 1
        if isinstance(answer, PaperError):
            if answer.reason.startswith(_SPENT):
                self.close()
            raise answer
        assert isinstance(answer, Paper)
        return answer


def _cause(death: ChildDied) -> tuple[str, str]:
    if death.seconds is not None:
        return f"not read within {death.seconds:g} s", "raise the time limit or re-save the paper"
    return (
        f"the parser died on it ({death.how})",
        "re-save it with another program, or raise the memory limit",
    )


def parsed(request: tuple[Path, str, str, Limits], more: More) -> Paper | PaperError:
    """Parse one paper in this process, its memory limited; what the child answers."""
    path, doc_id, kind, limits = request
    _limit_memory(limits.memory_bytes)
    try:
        paper = _parse(path, doc_id, kind, limits, more)
    except PaperError as error:
        return error
    except MemoryError:
        size = limits.memory_bytes / 1024**3
        return PaperError(str(path), f"needs more than {size:.3g} GB to read", "raise the memory limit")
    except RecursionError:
        return PaperError(str(path), "nested too deeply", "re-save it with another program")
    except OSError as error:
        return PaperError(str(path), f"cannot be opened: {error.strerror}", "check its permissions")
    except Exception as error:  # any parser error is this paper's, never the run's
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        name = kind.upper()
        return PaperError(str(path), f"damaged {name} ({what})", "re-save it with another program")
    return _checked(paper, limits)


def _checked(paper: Paper, limits: Limits) -> Paper | PaperError:
    count = len(paper.text)
    if count <= limits.text_chars:
        return paper
    return PaperError(paper.source, f"{count} characters, more than {limits.text_chars}", "split it")


def _parse(path: Path, doc_id: str, kind: str, limits: Limits, more: More) -> Paper:
    # parsers are imported here, so that only the child pays for them
    if kind == "xml":
        from isa_extract.reading.jats import read_jats

        return read_jats(path, doc_id)
    if kind == "html":
        from isa_extract.reading.html import read_html

        return read_html(path, doc_id)
    if kind == "txt":
        from isa_extract.reading.plain import read_text

        return read_text(path, doc_id)
    from isa_extract.reading.pdf import read_pdf

    return read_pdf(
        path, doc_id, limits.pages, limits.page_chars, limits.scans, lambda: more(limits.scan_seconds)
    )


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the wall limit still holds
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))

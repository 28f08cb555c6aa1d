"""A few child processes that work papers through, so that no paper takes the run down with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from queue import LifoQueue
from types import TracebackType

from isa_extract.errors import IsaExtractError, PaperError
from isa_extract.evidence.silences import Silence, silences
from isa_extract.evidence.store.paper_text import packed, unpacked
from isa_extract.pipeline.paper import PaperResult, extract_with, tabulated
from isa_extract.reading import Limits, Reader
from isa_extract.reading.child import Child, ChildDied, More

_BINDING_SECONDS = 180.0  # on top of what reading may take; the longest seen took 10
_CHILD = "isa_extract.pipeline.workers:worked"


@dataclass(frozen=True, slots=True)
class _Request:
    """A paper to be worked through: read from its file, or taken from ``stored`` as it was read before."""

    path: Path
    doc_id: str
    limits: Limits
    keep: bool = False
    stored: bytes | None = None


@dataclass(frozen=True, slots=True, eq=False)
class KeptResult:
    """A result with what a store keeps beside it.

    Attributes:
        result: what the paper gave.
        text: the paper as read, as bytes with its boxes; None where it came from such bytes.
        silences: what it says that it does not report; empty where nobody keeps it.
    """

    result: PaperResult
    text: bytes | None
    silences: tuple[Silence, ...] = ()


class Workers:
    """At most ``count`` child processes, started when first needed; safe to call from threads."""

    def __init__(self, count: int, limits: Limits | None = None, seconds: float | None = None) -> None:
        self.count = count
        self.limits = limits or Limits()
        self.seconds = self.limits.seconds + _BINDING_SECONDS if seconds is None else seconds
        self._closed = False
        self._idle: LifoQueue[Child] = LifoQueue()
        self._children = [Child(_CHILD, leads=True) for _ in range(count)]
        for child in self._children:
            self._idle.put(child)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the children, at once; papers still in work fail."""
        self._closed = True
        for child in self._children:
            child.end()

    def extract(self, path: Path, doc_id: str) -> PaperResult:
        """Work one paper through in a child; waits for one that is free.

        The result's paper comes without ``boxes``: the rows hold theirs, and a batch need not hold all.

        Raises:
            PaperError: with the reason, if the paper cannot be worked through.
            IsaExtractError: if it is not the paper's fault (a rulebook that is not valid).
        """
        return self._answer(_Request(path, doc_id, self.limits)).result

    def extract_kept(self, path: Path, doc_id: str, stored: bytes | None = None) -> KeptResult:
        """The same, and the paper as read, for whoever keeps it.

        Args:
            path: of the file; only named, not opened, if ``stored`` is given.
            doc_id: of the paper.
            stored: the paper as an earlier call gave it, to be bound anew without being read.

        Raises:
            PaperError: with the reason, if the paper cannot be worked through.
            IsaExtractError: if it is not the paper's fault (a rulebook that is not valid).
        """
        return self._answer(_Request(path, doc_id, self.limits, keep=True, stored=stored))

    def _answer(self, request: _Request) -> KeptResult:
        child = self._idle.get()
        try:
            if self._closed:
                raise PaperError(str(request.path), "not read: the run was ended", "run it again")
            answer = child.ask(request, self.seconds)
        except ChildDied as death:
            raise PaperError(str(request.path), *_cause(death)) from None
        finally:
            self._idle.put(child)
        if isinstance(answer, IsaExtractError):
            raise answer
        assert isinstance(answer, KeptResult)
        return answer


def _cause(death: ChildDied) -> tuple[str, str]:
    if death.seconds is not None:
        return f"not worked through within {death.seconds:g} s", "split the paper or report it"
    return f"the process that worked on it died ({death.how})", "free memory, try again"


def worked(request: _Request, more: More) -> KeptResult | IsaExtractError:
    """Work one paper through in this process, a child; what it answers."""
    return _worked(_reader(request.limits), request, more)


@lru_cache(maxsize=1)
def _reader(limits: Limits) -> Reader:
    return Reader(limits)


def _worked(reader: Reader, request: _Request, more: More) -> KeptResult | IsaExtractError:
    path, text = request.path, None
    try:
        if request.stored is None:
            result = extract_with(reader, path, request.doc_id, more)
            text = packed(result.paper) if request.keep else None
        else:
            result = tabulated(unpacked(request.stored, request.doc_id, str(path)))
        silent = tuple(silences(result.paper, result.studies)) if request.keep else ()
    except IsaExtractError as error:
        return error
    except MemoryError:
        return PaperError(str(path), "not enough memory to work it through", "free memory or split the paper")
    except Exception as error:  # a slip of ours on one paper is that paper's failure, never the run's
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return PaperError(str(path), f"could not be worked through ({what})", "report it with the paper")
    return KeptResult(replace(result, paper=replace(result.paper, boxes=None)), text, silent)

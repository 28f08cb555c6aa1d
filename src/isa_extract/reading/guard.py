"""PDFs are parsed in a child process with limits, so that no paper can take the run down with it."""

from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from isa_extract.errors import PaperError
from isa_extract.records import Paper

_LENGTH = struct.Struct("<Q")
_PAPERS_PER_CHILD = 40  # a fresh child now and then gives back what the parser's caches hold
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # their stacks eat address space


@dataclass(frozen=True, slots=True)
class Limits:
    """What one PDF may take.

    Attributes:
        memory_bytes: address space of the child that parses it (where the system can limit it).
        seconds: wall time for it.
        file_bytes: size of the file.
        pages: number of pages.
        page_chars: characters on any one page.
    """

    memory_bytes: int = 2 * 1024**3
    seconds: float = 120.0
    file_bytes: int = 300_000_000
    pages: int = 2000
    page_chars: int = 60_000


class Reader:
    """Parses PDFs one after another in a child process, started when first needed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None
        self._served = 0

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child, at once."""
        child, self._child, self._served = self._child, None, 0
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()

    def parse(self, path: Path, doc_id: str) -> Paper:
        """Parse one PDF.

        Raises:
            PaperError: with the reason, if it cannot be read within the limits.
        """
        child = self._ready()
        assert child.stdin is not None and child.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(self.limits.seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            _send(child.stdin, (str(path), doc_id, self.limits))
            answer = _receive(child.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            answer = None
        finally:
            timer.cancel()
        if answer is None:
            child.kill()
            code = child.wait()
            self.close()
            raise PaperError(str(path), *self._cause(late.is_set(), code))
        self._served += 1
        if isinstance(answer, PaperError):
            if answer.reason.startswith("needs more"):
                self.close()  # its address space is spent
            raise answer
        assert isinstance(answer, Paper)
        return answer

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._child is not None and (self._child.poll() is not None or self._served >= _PAPERS_PER_CHILD):
            self.close()
        if self._child is None:
            # not multiprocessing: its spawn runs the caller's main script a second time
            self._child = subprocess.Popen(
                [sys.executable, "-c", "from isa_extract.reading.guard import serve; serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ONE_THREAD},
            )
        return self._child

    def _cause(self, late: bool, code: int) -> tuple[str, str]:
        if late:
            return f"not read within {self.limits.seconds:g} s", "raise the time limit or re-save the PDF"
        how = f"signal {-code}" if code < 0 else f"status {code}"
        return f"the PDF parser died on it ({how})", "re-save the PDF with another program and try again"


def serve() -> None:
    """The child's loop: a request in, a paper or its error out, until the parent hangs up."""
    requests = sys.stdin.buffer
    # whatever a library prints must not get between the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limited = False
    while True:
        try:
            request = _receive(requests)
        except EOFError:
            return
        path, doc_id, limits = request
        if not limited:
            _limit_memory(limits.memory_bytes)
            limited = True
        _send(answers, _parsed(Path(path), doc_id, limits))


def _parsed(path: Path, doc_id: str, limits: Limits) -> Paper | PaperError:
    # pdfplumber is imported here, so that only the child pays for it
    from isa_extract.reading.pdf import read_pdf

    try:
        return read_pdf(path, doc_id, limits.pages, limits.page_chars)
    except PaperError as error:
        return error
    except MemoryError:
        size = limits.memory_bytes / 1024**3
        return PaperError(str(path), f"needs more than {size:.3g} GB to read", "raise the memory limit")
    except RecursionError:
        return PaperError(str(path), "nested too deeply", "re-save the PDF with another program")
    except Exception as error:  # any parser error is this paper's, never the run's
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return PaperError(str(path), f"damaged PDF ({what})", "re-save the PDF with another program")


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the wall limit still holds
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))


def _send(pipe: IO[bytes], message: object) -> None:
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return pickle.loads(_exactly(pipe, length))


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data

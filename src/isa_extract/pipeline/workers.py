"""A few child processes that work papers through, so that no paper takes the run down with it.

Not a ``ProcessPoolExecutor``: there, one dead child fails every paper that waits, a hanging one cannot
be ended, and each child runs the caller's main script again (for a flow, all of Prefect).
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from queue import LifoQueue
from types import TracebackType

from isa_extract.errors import IsaExtractError, PaperError
from isa_extract.pipeline.paper import PaperResult, extract_with
from isa_extract.reading import Limits, Reader

_BINDING_SECONDS = 180.0  # on top of what reading may take; the longest seen took 10
_CHILD = "from isa_extract.pipeline.workers import serve; serve()"


class Workers:
    """At most ``count`` child processes, started when first needed; safe to call from threads."""

    def __init__(self, count: int, limits: Limits | None = None, seconds: float | None = None) -> None:
        self.count = count
        self.limits = limits or Limits()
        self.seconds = self.limits.seconds + _BINDING_SECONDS if seconds is None else seconds
        self._closed = False
        self._idle: LifoQueue[_Child] = LifoQueue()
        self._children = [_Child() for _ in range(count)]
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
            child.kill()

    def extract(self, path: Path, doc_id: str) -> PaperResult:
        """Work one paper through in a child; waits for one that is free.

        The result's paper comes without ``boxes``: the rows hold theirs, and a batch need not hold all.

        Raises:
            PaperError: with the reason, if the paper cannot be worked through.
            IsaExtractError: if it is not the paper's fault (a rulebook that is not valid).
        """
        child = self._idle.get()
        try:
            if self._closed:
                raise PaperError(str(path), "not read: the run was ended", "run it again")
            answer = child.ask((path, doc_id, self.limits), self.seconds)
        finally:
            self._idle.put(child)
        if isinstance(answer, IsaExtractError):
            raise answer
        assert isinstance(answer, PaperResult)
        return answer


class _Child:
    """One child process; a dead one is replaced at the next question."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: tuple[Path, str, Limits], seconds: float) -> object:
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            _end(process)

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(request, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            answer: object = pickle.load(process.stdout)
            return answer
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            self.kill()
            source = str(request[0])
            if late.is_set():
                reason = f"not worked through within {seconds:g} s"
                return PaperError(source, reason, "split the paper or report it")
            how = f"status {process.returncode}"
            return PaperError(source, f"the process that worked on it died ({how})", "free memory, try again")
        finally:
            timer.cancel()

    def kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        _end(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.kill()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _CHILD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # so that its own PDF parser can be ended with it
            )
        return self._process


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def serve() -> None:
    """The child's loop: a request in, a result or an error out, until the parent hangs up."""
    requests = sys.stdin.buffer
    # whatever a library prints must not get between the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    reader: Reader | None = None
    while True:
        try:
            path, doc_id, limits = pickle.load(requests)
        except EOFError:
            break
        if reader is None or reader.limits != limits:
            reader = Reader(limits)
        pickle.dump(_worked(reader, path, doc_id), answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()
    if reader is not None:
        reader.close()


def _worked(reader: Reader, path: Path, doc_id: str) -> PaperResult | IsaExtractError:
    try:
        result = extract_with(reader, path, doc_id)
    except IsaExtractError as error:
        return error
    except MemoryError:
        return PaperError(str(path), "not enough memory to work it through", "free memory or split the paper")
    except Exception as error:  # a slip of ours on one paper is that paper's failure, never the run's
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return PaperError(str(path), f"could not be worked through ({what})", "report it with the paper")
    return replace(result, paper=replace(result.paper, boxes=None))

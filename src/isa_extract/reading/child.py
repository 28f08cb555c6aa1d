"""A child process that is asked one thing after another, each within a limit of wall time.

Requests and answers are pickles over its pipes. Not ``multiprocessing``: its spawn runs the caller's main
script a second time (for a flow, all of Prefect), in a pool one dead child fails every task that waits, and
a child that hangs cannot be ended.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

More = Callable[[float], None]
"""Asks the parent for so many seconds more than it gave."""

Answer = Callable[[Any, More], object]
"""What the child does: takes a request, gives the answer to it."""

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # their stacks eat address space
_STEP = 0.5  # seconds between two looks at the clock, at most


@dataclass(frozen=True, slots=True)
class _Wait:
    """The child's word that this request needs so many seconds more."""

    seconds: float


class ChildDied(Exception):
    """The child gave no answer.

    Attributes:
        seconds: the limit that it was ended at; None if it died by itself.
        how: ``signal 11``, ``status 1``.
    """

    def __init__(self, seconds: float | None, how: str) -> None:
        self.seconds = seconds
        self.how = how
        super().__init__(how)


class Child:
    """One child process, started when first asked; a dead one is replaced at the next question.

    Args:
        answer: names the function of ``Answer``'s shape that it runs, as ``module:function``.
        leads: whether it may start processes of its own, which are then ended with it.
    """

    def __init__(self, answer: str, *, leads: bool = False) -> None:
        self._leads = leads
        module, function = answer.split(":")
        self._code = f"from {module} import {function}; from {__name__} import serve; serve({function})"
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: object, seconds: float, more: More | None = None) -> Any:
        """The child's answer.

        Args:
            seconds: wall time it may take, its start included.
            more: told when the child asks for more time, which it gets.

        Raises:
            ChildDied: if it is late, or dies.
        """
        process = self._started()
        assert process.stdin is not None and process.stdout is not None
        clock = _Clock(self, process, seconds)
        try:
            _send(process.stdin, request)
            while isinstance(answer := pickle.load(process.stdout), _Wait):
                clock.add(answer.seconds)
                if more is not None:
                    more(answer.seconds)
            return answer
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            self.end()
            code = process.wait()  # another thread may have ended it
            how = f"signal {-code}" if code < 0 else f"status {code}"
            raise ChildDied(clock.given if clock.late else None, how) from None
        except BaseException:
            self.end()  # an answer that is half read would be taken for the next one's
            raise
        finally:
            clock.stop()

    def end(self) -> None:
        """End the child and what it started, at once."""
        process, self._process = self._process, None
        if process is None:
            return
        self.kill(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill the process, with its group if it leads one."""
        with suppress(ProcessLookupError, PermissionError):
            if self._leads and sys.platform != "win32":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.end()
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", self._code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ONE_THREAD},
                start_new_session=self._leads,
            )
        return self._process


class _Clock:
    """Ends a process when its time is up."""

    def __init__(self, child: Child, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.given = seconds
        self.late = False
        self._child, self._process = child, process
        self._begun = time.monotonic()
        self._stopped = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def add(self, seconds: float) -> None:
        self.given += seconds

    def stop(self) -> None:
        self._stopped.set()

    def _watch(self) -> None:
        while (left := self._begun + self.given - time.monotonic()) > 0:
            if self._stopped.wait(min(left, _STEP)):
                return
        if not self._stopped.is_set():
            self.late = True
            self._child.kill(self._process)


def serve(answer: Answer) -> None:
    """The child's loop: a request in, an answer out, until the parent hangs up."""
    requests = sys.stdin.buffer
    # whatever a library prints must not get between the answers
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def more(seconds: float) -> None:
        _send(answers, _Wait(seconds))

    while True:
        try:
            request = pickle.load(requests)
        except EOFError:
            return
        _send(answers, answer(request, more))


def _send(pipe: IO[bytes], message: object) -> None:
    pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()

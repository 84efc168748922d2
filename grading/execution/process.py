"""One process inside the sandbox, seen from outside: bounded messages, time limits, and an end that leaves nothing."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from grading.execution.memory import held_by
from grading.execution.sandbox import Sandbox

LONGEST = 64_000_000


class SilentError(Exception):
    """No answer in the time given."""


class EndedError(Exception):
    """The process is gone, or says what no process of ours would."""


class TooMuchMemoryError(Exception):
    """The processes of a sandbox hold more together than one work may; they are killed."""


#: Seconds between two looks at the memory.
_LOOK = 0.25


class Process:
    """Starts on creation; `close` kills it with everything it started."""

    def __init__(self, sandbox: Sandbox, script: str, data: Path) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._home = Path(tempfile.mkdtemp()) if sandbox.kind == "none" else None
        self._buffer = bytearray()
        self._memory = sandbox.limits.memory_mb << 20
        self._child = subprocess.Popen(
            sandbox.command(script, data), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            cwd=self._home, env=None if self._home is None else {**os.environ, "HOME": str(self._home)}, bufsize=0,
            start_new_session=True,
        )  # fmt: skip
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._in, self._out = self._child.stdin.fileno(), self._child.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, message: Any, seconds: float) -> Any:
        limit = time.monotonic() + seconds
        self.give(message, seconds)
        return self.take(limit - time.monotonic())

    def give(self, message: Any, seconds: float) -> None:
        """Writes one message. Raises SilentError where nobody reads it in time."""
        limit, left = time.monotonic() + seconds, memoryview(json.dumps(message).encode("ascii") + b"\n")
        while left:
            self._wait(self._in, selectors.EVENT_WRITE, limit)
            try:
                left = left[os.write(self._in, left[:65536]) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise EndedError(str(error)) from error

    def take(self, seconds: float) -> Any:
        """The next message. Raises SilentError after that time, EndedError where the stream ends or makes no sense."""
        limit = time.monotonic() + seconds
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > LONGEST:
                raise EndedError("message too long")
            self._wait(self._out, selectors.EVENT_READ, limit)
            try:
                part = os.read(self._out, 1 << 20)
            except BlockingIOError:
                continue
            if not part:
                raise EndedError(self.errors())
            self._buffer += part
        line, self._buffer = bytes(self._buffer[:end]), self._buffer[end + 1 :]
        try:
            return json.loads(line)
        except (ValueError, RecursionError) as error:
            raise EndedError("message that is no JSON") from error

    def _wait(self, descriptor: int, event: int, limit: float) -> None:
        """Waits, and looks now and then at what all processes inside hold together."""
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, event)
            while not selector.select(min(max(limit - time.monotonic(), 0), _LOOK)):
                if time.monotonic() >= limit:
                    raise SilentError
                if held_by(self._child.pid) > self._memory:
                    self._kill()
                    raise TooMuchMemoryError

    def errors(self) -> str:
        """The last words of the sandbox itself; a student's own output never comes here."""
        self._errors.seek(0)
        return self._errors.read(4000).decode("utf-8", "replace").strip()[-600:]

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, 9)

    def close(self) -> None:
        self._kill()
        for stream in (self._child.stdin, self._child.stdout):
            if stream is not None:
                stream.close()
        self._child.wait()
        self._errors.close()
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)

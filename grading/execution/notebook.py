"""One notebook, run: the student's cells in their process, each test cell at its own place in another one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grading.execution.process import EndedError, Process, SilentError, TooMuchMemoryError
from grading.execution.sandbox import Sandbox

#: Longest time to start, in seconds: a cold machine reads the whole environment from its disk.
START_SECONDS = 90


@dataclass(frozen=True)
class CodeCell:
    """A code cell at its place in the notebook."""

    index: int
    source: str
    is_test: bool


@dataclass
class NotebookRun:
    """What came out. `stopped` is empty where every cell was run, else why no further one was: timed_out,
    out_of_memory, too_much_output, kernel_died, tests_died. `at` is the cell (index in the notebook) where it stopped."""

    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    counts: dict[int, int | None] = field(default_factory=dict)
    stopped: str = ""
    detail: str = ""
    at: int | None = None


class _StoppedError(Exception):
    def __init__(self, why: str, detail: str = "") -> None:
        self.why, self.detail = why, detail


def run_notebook(sandbox: Sandbox, cells: Sequence[CodeCell], data: Path, own_data: Path) -> NotebookRun:
    """Runs code cells in order. `data` is the folder that the student's cells see, `own_data` the one that tests see.

    Raises EndedError where the sandbox itself does not start.
    """
    with Process(sandbox, "student.py", data) as student, Process(sandbox, "tests.py", own_data) as tests:
        done = NotebookRun()
        _Broker(sandbox, student, tests, data, own_data).run(cells, done)
        return done


class _Broker:
    def __init__(self, sandbox: Sandbox, student: Process, tests: Process, data: Path, own_data: Path) -> None:
        self.limits, self.student, self.tests = sandbox.limits, student, tests
        self.end = time.monotonic() + START_SECONDS
        limits = self.limits
        settings = {
            "cell_seconds": limits.cell_seconds,
            "output": limits.output,
            "total_output": limits.total_output,
        }
        student.give({**settings, "data": sandbox.data_folder(data)}, self._left())
        tests.give({"data": sandbox.data_folder(own_data)}, self._left())

    def _left(self, most: float = 1e9) -> float:
        return max(min(most, self.end - time.monotonic()), 0)

    def run(self, cells: Sequence[CodeCell], done: NotebookRun) -> None:
        try:
            self.student.take(self._left())
            self.tests.take(self._left())
        except SilentError:
            raise EndedError(self.student.errors() or "the sandbox does not start") from None
        self.end = time.monotonic() + self.limits.wall_seconds
        for cell in cells:
            try:
                (self._test if cell.is_test else self._cell)(cell, done)
            except _StoppedError as stopped:
                done.stopped, done.detail, done.at = stopped.why, stopped.detail, cell.index
                return

    def _ask_student(self, message: dict[str, Any]) -> Any:
        """The student's answer. It may be anything: only what ends the run is looked at here."""
        try:
            answer = self.student.ask(message, self._left(self.limits.cell_seconds + 10))
        except SilentError:
            raise _StoppedError("timed_out") from None
        except TooMuchMemoryError:
            raise _StoppedError("out_of_memory") from None
        except EndedError:
            raise _StoppedError("kernel_died") from None
        if not isinstance(answer, dict):
            raise _StoppedError("kernel_died")
        if "stopped" in answer:
            why = answer["stopped"]
            raise _StoppedError(
                why if why in ("timed_out", "too_much_output") else "kernel_died", str(answer.get("detail", ""))[:300]
            )
        return answer

    def _cell(self, cell: CodeCell, done: NotebookRun) -> None:
        answer = self._ask_student({"do": "cell", "source": cell.source})
        done.outputs[cell.index] = clean_outputs(answer.get("outputs"))
        count = answer.get("count")
        done.counts[cell.index] = count if type(count) is int else None

    def _test(self, cell: CodeCell, done: NotebookRun) -> None:
        message: Any = {"source": cell.source}
        while True:
            try:
                answer = self.tests.ask(message, self._left(self.limits.cell_seconds + 10))
            except SilentError:
                raise _StoppedError("timed_out") from None
            except TooMuchMemoryError:
                raise _StoppedError("out_of_memory") from None
            except EndedError as error:
                raise _StoppedError("tests_died", str(error)) from None
            if "verdict" in answer:
                done.outputs[cell.index] = verdict_outputs(answer["verdict"])
                done.counts[cell.index] = None
                return
            told = self._ask_student(answer)
            message = told.get("answer", {"refused": str(told.get("refused", ""))[:500]})


def verdict_outputs(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    """The verdict as the output that nbgrader scores: nothing, a number (partial credit), or an error."""
    if verdict["passed"]:
        number = verdict["result"]
        data = {"text/plain": repr(number)}
        return [] if number is None else [
            {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": None}
        ]  # fmt: skip
    return [
        {
            "output_type": "error",
            "ename": verdict["ename"],
            "evalue": verdict["evalue"],
            "traceback": verdict["traceback"],
        }
    ]


def clean_outputs(given: Any) -> list[dict[str, Any]]:
    """What a student's process says its cell put out, kept only where it has the shape of a notebook's outputs."""
    kept = []
    for one in given if isinstance(given, list) else []:
        kind = one.get("output_type") if isinstance(one, dict) else None
        if kind == "stream" and one.get("name") in ("stdout", "stderr") and isinstance(one.get("text"), str):
            kept.append({"output_type": "stream", "name": one["name"], "text": one["text"]})
        elif kind == "error":
            lines = one.get("traceback")
            kept.append({"output_type": "error", "ename": str(one.get("ename")), "evalue": str(one.get("evalue")),
                         "traceback": [str(line) for line in lines] if isinstance(lines, list) else []})  # fmt: skip
        elif kind in ("display_data", "execute_result") and isinstance(one.get("data"), dict):
            count = one.get("execution_count")
            extra = {"execution_count": count if type(count) is int else None} if kind == "execute_result" else {}
            kept.append(
                {
                    "output_type": kind,
                    "data": {str(mime): text for mime, text in one["data"].items()},
                    "metadata": {},
                    **extra,
                }
            )
    return kept

"""The student's side: runs the student's cells in a real kernel, and answers "value of NAME" and "call NAME(args)".

Nothing here is secret: this process knows the student's cells and data only. What it says is the student's word.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MIME = "application/x-jurylab+json"
LOAD = (
    "import importlib.util as _jl_u, sys as _jl_s\n"
    f"_jl_p = _jl_u.spec_from_file_location('jurylab_kernel', {str(HERE / 'kernel.py')!r})\n"
    "_jl_m = _jl_u.module_from_spec(_jl_p); _jl_s.modules['jurylab_kernel'] = _jl_m; _jl_p.loader.exec_module(_jl_m)\n"
    "del _jl_u, _jl_s, _jl_p, _jl_m\n"
)


class TooMuchOutputError(Exception):
    pass


def make_client(settings: dict[str, Any]) -> Any:
    """nbclient with a kernel over IPC: no network exists in the sandbox, and none is needed."""
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbformat.v4 import new_notebook

    class Client(NotebookClient):
        written, written_in_all = 0, 0

        def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
            size = len(json.dumps(msg["content"], default=str))
            self.written, self.written_in_all = self.written + size, self.written_in_all + size
            if self.written > settings["output"] or self.written_in_all > settings["total_output"]:
                raise TooMuchOutputError
            return super().process_message(msg, cell, cell_index)

    home = Path(os.environ["HOME"])
    manager = AsyncKernelManager(transport="ipc", ip=str(home / "kernel"), kernel_name="python3")
    spec: Any = manager.kernel_spec
    spec.argv = [sys.executable, "-I", "-m", "ipykernel_launcher", "-f", "{connection_file}",
                                "--HistoryManager.enabled=False", "--IPKernelApp.log_level=50"]  # fmt: skip
    spec.env = {}
    return Client(new_notebook(),  # type: ignore[no-untyped-call]
        km=manager, timeout=settings["cell_seconds"], allow_errors=True, store_widget_state=False,
                  interrupt_on_timeout=False, iopub_timeout=4, raise_on_iopub_timeout=False,
                  resources={"metadata": {"path": os.getcwd()}})  # fmt: skip


class Student:
    def __init__(self, settings: dict[str, Any]) -> None:
        self.client = make_client(settings)

    def start(self) -> None:
        from jupyter_core.utils import run_sync

        run_sync(self.client.async_start_new_kernel)(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        run_sync(self.client.async_start_new_kernel_client)()
        self._run(LOAD, False)

    def _run(self, source: str, history: bool) -> dict[str, Any]:
        from nbformat.v4 import new_code_cell

        cell = new_code_cell(source)  # type: ignore[no-untyped-call]
        self.client.written = 0
        self.client.nb.cells = [cell]
        self.client.execute_cell(cell, 0, store_history=history)
        return dict(cell)

    def cell(self, request: dict[str, Any]) -> dict[str, Any]:
        done = self._run(request["source"], True)
        return {"outputs": done["outputs"], "count": done["execution_count"]}

    def ask(self, request: dict[str, Any]) -> Any:
        """A question to the kernel; its answer comes back as a display of our own type."""
        question = json.dumps(request)
        done = self._run(f"__import__('sys').modules['jurylab_kernel'].answer({question!r})", False)
        for output in done["outputs"]:
            data = output.get("data", {})
            if output["output_type"] == "display_data" and MIME in data:
                return {"answer": data[MIME]}
        return {"refused": "le notebook n'a pas répondu"}


def stopped(error: BaseException) -> dict[str, str] | None:
    """The state that an error of the client means; None for an error of ours."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    if isinstance(error, CellTimeoutError):
        return {"stopped": "timed_out"}
    if isinstance(error, TooMuchOutputError):
        return {"stopped": "too_much_output"}
    if isinstance(error, DeadKernelError):
        return {"stopped": "kernel_died"}
    return None


def serve(lines: Any) -> None:
    settings = lines.take()
    os.chdir(shutil.copytree(settings["data"], "rendu", copy_function=shutil.copyfile))
    student = Student(settings)
    student.start()
    lines.give({"ready": True})
    while (request := lines.take()) is not None:
        try:
            lines.give(student.cell(request) if request["do"] == "cell" else student.ask(request))
        except Exception as error:  # noqa: BLE001 - every end of a student's kernel is one of four states
            lines.give(stopped(error) or {"stopped": "kernel_died", "detail": f"{type(error).__name__}: {error}"[:300]})
            return


def _lines() -> Any:
    spec = importlib.util.spec_from_file_location("jurylab_messages", HERE / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Lines.of_this_process(64_000_000)


if __name__ == "__main__":
    serve(_lines())

"""What the attacks are let loose on: a course with its secrets, servers that listen, a process to look for."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.execution.notebook import NotebookRun, run_notebook
from grading.execution.sandbox import Limits, Sandbox
from tests.hostile.corpus import REACHED, Attack

#: Small enough that nothing here harms the machine where a limit does not hold.
LIMITS = Limits(
    cell_seconds=10, wall_seconds=25, memory_mb=1024, disk_mb=64, processes=64, files=512, output=200_000, total_output=2_000_000
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """The names that an attack's text may use, the folder of a work's data, and the servers that must hear nothing."""

    names: dict[str, Any]
    data: Path
    listening: tuple[socket.socket, ...]

    def heard(self) -> bool:
        """Whether anybody came to one of the servers."""
        for one in self.listening:
            one.setblocking(False)
            try:
                one.accept() if one.type == socket.SOCK_STREAM else one.recv(100)
            except OSError:
                continue
            return True
        return False


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """A course with secrets in every place that an attack looks at."""
    work = folder / "workspace"
    places = {"gradebook": work / "gradebook.db", "ledger": work / "ledger.db",
              "source": work / "source" / "bc06" / "bc06.ipynb", "other": work / "submitted" / "C002" / "bc06" / "bc06.ipynb"}  # fmt: skip
    for place in places.values():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("secret: le total est faux")
    data = folder / "rendu"
    data.mkdir()
    (data / "donnees.csv").write_text("x\n1\n")
    folder.chmod(0o755)
    import pandas

    with ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = tcp.getsockname()[1]
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", port))
        unix, hidden = (stack.enter_context(socket.socket(socket.AF_UNIX)) for __ in range(2))
        unix.bind(str(folder / "prise"))
        (folder / "prise").chmod(0o777)
        word = f"jurylab-{os.getpid()}-{folder.name}"
        hidden.bind(f"\0{word}")
        for one in (unix, hidden):
            one.listen()
        stack.enter_context(open(places["gradebook"], "rb"))  # a descriptor that nobody may inherit
        names = {
            **{name: str(place) for name, place in places.items()}, "course": str(folder), "port": port, "pid": os.getpid(),
            "home": str(next(one for one in Path.home().iterdir() if one.is_file())), "unix": str(folder / "prise"), "abstract": word,
            "word": f"{word}-sommeil", "site": str(Path(pandas.__file__).parents[1]),
        }  # fmt: skip
        yield World(names, data, (tcp, udp, unix, hidden))


def attacked(attack: Attack, sandbox: Sandbox, here: World) -> NotebookRun:
    return run_notebook(sandbox, attack.cells(here.names), here.data, here.data)


def not_contained(attack: Attack, done: NotebookRun, here: World) -> list[str]:
    """Every way in which an attack got what it wanted; empty where it is contained."""
    told = []
    if REACHED in str(done.outputs):
        told.append("reached")
    if done.stopped not in attack.ends:
        told.append(f"ended: {done.stopped or 'ran'} {done.detail}")
    tests = [done.outputs.get(cell.index) for cell in attack.cells(here.names) if cell.is_test]
    if attack.scores and any(one is not None and not _failed(one) for one in tests):
        told.append("scored")
    if here.heard():
        told.append("a server heard it")
    course = Path(here.names["course"])
    if (course / "trace").exists() or sorted(one.name for one in here.data.iterdir()) != ["donnees.csv"]:
        told.append("files are left")
    if subprocess.run(["pgrep", "-f", here.names["word"]], capture_output=True, check=False).stdout:
        told.append("a process is left")
    return told


def _failed(outputs: list[dict[str, Any]]) -> bool:
    return any(one["output_type"] == "error" for one in outputs)

"""The same attacks on nbgrader's own execution: one kernel for the candidate's cells and for the tests.

`python -m tests.hostile.plain GROUP/NAME FOLDER` runs one of them here and now, unprotected: only inside the box that
`tests.hostile` makes around it.
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from grading.execution.notebook import NotebookRun
from tests.hostile.corpus import Attack, attacks
from tests.hostile.world import LIMITS, World, not_contained, world


def executed(attack: Attack, here: World) -> NotebookRun:
    """nbgrader's Execute preprocessor, in the folder of the work, with its own settings but for the time of a cell."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from nbformat.v4 import new_code_cell, new_notebook
    from nbgrader.preprocessors import Execute

    make: Any = new_code_cell
    cells = attack.cells(here.names)
    notebook = new_notebook(cells=[make(one.source) for one in cells])  # type: ignore[no-untyped-call]
    for cell, one in zip(notebook.cells, cells, strict=True):
        if one.is_test:
            about = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
            cell.metadata["nbgrader"] = {**about, "grade_id": f"test-{one.index}", "points": 1}
    done = NotebookRun()
    os.chdir(here.data)
    step: Any = Execute(timeout=LIMITS.cell_seconds)
    try:
        step.preprocess(notebook, {"metadata": {"path": str(here.data)}})
    except CellTimeoutError:
        done.stopped = "timed_out"
    except DeadKernelError:
        done.stopped = "kernel_died"
    except Exception as error:  # noqa: BLE001 - whatever breaks nbgrader here is how this attack ended
        done.stopped, done.detail = "broken", repr(error)[:200]
    done.outputs = {
        number: [dict(one) for one in cell.outputs]
        for number, cell in enumerate(notebook.cells)
        if cell.execution_count
    }
    return done


def main(name: str, folder: str) -> None:
    warnings.simplefilter("ignore")
    (Path.home() / "lettre.txt").write_text("secret")
    attack = next(one for one in attacks() if f"{one.group}/{one.name}" == name)
    place = Path(folder) / "cours"
    place.mkdir()
    with world(place) as here:
        began = time.monotonic()
        done = executed(attack, here)
        told = [*_told(attack, done, here), *_unlimited(done, time.monotonic() - began)]
        print("\n" + json.dumps({"told": told, "stopped": done.stopped}))


def _told(attack: Attack, done: NotebookRun, here: World) -> list[str]:
    """Without what only says that nbgrader ends it otherwise: it interrupts a cell that is too long, and goes on."""
    return [
        one for one in not_contained(attack, done, here) if not one.startswith("ended:") or done.stopped == "broken"
    ]


def _unlimited(done: NotebookRun, seconds: float) -> list[str]:
    """What ran to its end without any limit to it, where ours has one (half as much again is let pass)."""
    size = len(json.dumps(list(done.outputs.values()), default=str))
    found = ["no limit to the outputs"] if size > 1.5 * LIMITS.total_output else []
    return [*found, "no limit to the whole"] if seconds > 1.4 * LIMITS.wall_seconds else found


if __name__ == "__main__":
    main(*sys.argv[1:])

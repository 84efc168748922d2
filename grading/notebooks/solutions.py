"""The reference solutions, run as candidates' works are: a test that its own solution does not pass is a test to mend.

This is also how a test cell that needs what cannot travel (an object of a candidate's class, an open file) is found.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.errors import JuryLabError, Problem, Problems
from grading.execution.notebook import NotebookRun, run_notebook
from grading.execution.sandbox import Sandbox, open_sandbox
from grading.language import _
from grading.notebooks.nbcourse import nbgrader_config
from grading.notebooks.releasing import source_notebook
from grading.notebooks.run_states import cell_name, checked_cells

if TYPE_CHECKING:
    from grading.course import Course


def check_solutions(course: Course, unsafe: bool = False) -> int:
    """Runs the source notebook of every assessment that has one; gives how many checked cells there are.

    Raises JuryLabError with each cell that does not earn all its points, and why.
    """
    from grading.notebooks.preprocessors import SandboxedExecute

    limits = SandboxedExecute(config=nbgrader_config(course)).limits()
    sandbox = open_sandbox(limits, (course.folder,), unsafe)
    problems, count = Problems(), 0
    for assessment in course.syllabus.assessments:
        folder = course.folder / "assignments" / assessment.slug
        if any(folder.glob("*.ipynb")):
            count += _one(sandbox, folder, source_notebook(folder), problems)
    problems.stop_if_any()
    return count


def _one(sandbox: Sandbox, folder: Path, name: str, problems: Problems) -> int:
    import nbformat

    from grading.notebooks.preprocessors import code_cells

    try:
        notebook: Any = nbformat.read(folder / name, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise JuryLabError(Problem(name, _("notebook illisible ({detail})").format(detail=error))) from error
    with tempfile.TemporaryDirectory(prefix="jurylab-check-") as scratch:
        data = Path(scratch) / "rendu"
        shutil.copytree(folder, data, ignore=shutil.ignore_patterns("*.ipynb", "evaluateur", ".ipynb_checkpoints"))
        Path(scratch).chmod(0o755)
        run = run_notebook(sandbox, code_cells(notebook), data, data)
    if run.stopped:
        where = f"{name}, {cell_name(notebook.cells, run.at or 0)}"
        problems.add(where, _("le corrigé s'arrête ici ({detail})").format(detail=run.detail or run.stopped))
    cells = checked_cells(notebook.cells, run)
    errors = dict(_errors(notebook.cells, run))
    for cell in cells:
        if cell.points != cell.maximum and not run.stopped:
            problems.add(
                f"{name} {cell.grade_id}",
                _("le corrigé n'obtient pas les points de ce contrôle ({detail})").format(
                    detail=errors.get(cell.grade_id, "")
                ),
                _("un contrôle que son corrigé passe"),
            )
    return len(cells)


def _errors(cells: list[Any], run: NotebookRun) -> Iterator[tuple[str, str]]:
    for number, outputs in run.outputs.items():
        for one in outputs:
            if one["output_type"] == "error":
                name = str(cells[number].metadata.get("nbgrader", {}).get("grade_id", ""))
                yield name, f"{one['ename']} : {' '.join(str(one['evalue']).split())[:300]}"

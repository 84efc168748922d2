"""A small case study for tests: two checked questions, one written; and what candidates hand in for it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from grading.course import Course
from tests.course_factory import demo_people, edit

SLUG = "bc06-strategie-digitale"
GOOD = {
    "question-total": "total = ventes['montant'].sum()",
    "question-marge": "def marge(prix, cout):\n    return (prix - cout) / prix",
    "question-avis": "Nous conseillons de vendre en direct.",
}
SOLUTION = "total = ventes['montant'].sum().round(2)"
HIDDEN = "assert abs(total - 60.0) < 0.01, 'le total est faux'"

_CELLS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("markdown", "intro", "# Ventes\n\n## Question 1 : le total", {"locked": True}),
    ("code", "lecture", "import pandas as pd\n\nventes = pd.read_csv('donnees/ventes.csv')", {"locked": True}),
    ("code", "question-total", f"### BEGIN SOLUTION\n{SOLUTION}\n### END SOLUTION", {"solution": True}),
    ("code", "controle-total", f"assert total > 0, 'positif'\n### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS",
     {"grade": True, "locked": True, "points": 2}),
    ("markdown", "enonce-marge", "## Question 2 : la marge", {"locked": True}),
    ("code", "question-marge",
     "def marge(prix, cout):\n    ### BEGIN SOLUTION\n    return 1 - cout / prix  # le taux\n    ### END SOLUTION",
     {"solution": True}),
    ("code", "controle-marge",
     "assert marge(10, 5) == 0.5\n### BEGIN HIDDEN TESTS\nassert abs(marge(8, 6) - 0.25) < 1e-9\n### END HIDDEN TESTS",
     {"grade": True, "locked": True, "points": 3}),
    ("markdown", "question-avis", "*Votre réponse ici.*", {"grade": True, "solution": True, "points": 0}),
)  # fmt: skip


def case_course(folder: Path, shared: bool = True) -> Course:
    """The fictional cohort with the small case study in the place of bc06, nothing released yet."""
    made = demo_people(folder)
    home = made.folder / "assignments" / SLUG
    shutil.rmtree(home)
    (home / "donnees").mkdir(parents=True)
    (home / "evaluateur").mkdir()
    (home / "donnees" / "ventes.csv").write_text("montant\n10\n20\n30\n")
    (home / "evaluateur" / "notes.md").write_text("Le piège est le total hors taxes de l'exercice précédent.\n")
    cells = [_cell(number, *parts) for number, parts in enumerate(_CELLS)]
    write_notebook(home / f"{SLUG}.ipynb", {"cells": cells, "metadata": _KERNEL, "nbformat": 4, "nbformat_minor": 5})
    if shared:
        edit(made.folder / "course" / "course.yaml", "database: sqlite", "exchange: shared_account\ndatabase: sqlite")
    return made.refresh()


_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def _cell(number: int, kind: str, grade_id: str, source: str, about: dict[str, Any]) -> dict[str, Any]:
    plain = {
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "schema_version": 3,
        "grade_id": grade_id,
    }
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": f"c{number}",
        "metadata": {"nbgrader": {**plain, **about}},
        "source": source,
    }
    return {**cell, "outputs": [], "execution_count": None} if kind == "code" else cell


def read_notebook(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def write_notebook(path: Path, notebook: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")


def grade_id(cell: Mapping[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def hand_in(
    course: Course, box: Path, who: str, at: str, answers: Mapping[str, str] | None = None, name: str = f"{SLUG}.ipynb",
    change: Callable[[dict[str, Any]], None] | None = None, raw: str | None = None,
) -> Path:  # fmt: skip
    """One version in a folder of versions, under nbgrader's own name for it."""
    folder = box / f"{who}+{SLUG}+{at}+abc"
    shutil.copytree(course.workspace / "release" / SLUG, folder)
    path = folder / f"{SLUG}.ipynb"
    notebook = read_notebook(path)
    for cell in notebook["cells"]:
        cell["source"] = (answers or GOOD).get(grade_id(cell), cell["source"])
    if change is not None:
        change(notebook)
    write_notebook(path, notebook)
    if raw is not None:
        path.write_text(raw)
    path.rename(folder / name)
    (folder / "rapport.pdf").write_bytes(b"%PDF-1.4 annexe")
    return folder

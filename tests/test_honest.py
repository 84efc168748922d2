"""On honest notebooks, the scores of the two separate processes are those of nbgrader's one kernel."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade

from grading.execution.notebook import run_notebook
from grading.execution.sandbox import Limits, open_sandbox
from grading.loading.answers_file import read_answers
from grading.notebooks.preprocessors import code_cells, is_test_cell
from grading.notebooks.run_states import checked_cells
from tests.course_factory import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
ANSWERS = {path.stem: read_answers(path) for path in sorted((ROOT / "course" / "demo" / "answers").glob("*.yaml"))}
WORKS = [(slug, variant) for slug, variants in ANSWERS.items() for variant in ("", *variants)]


def answered(slug: str, variant: str) -> Any:
    """The source notebook: with its own solutions, or with prepared answers in their place."""
    notebook: Any = nbformat.read(ROOT / "assignments" / slug / f"{slug}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    answers = ANSWERS[slug].get(variant, {})
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return notebook


def scores_of_nbgrader(notebook: Any, folder: Path) -> dict[str, float]:
    make: Any = Execute
    make(timeout=60).preprocess(notebook, {"metadata": {"path": str(folder)}})
    return {one.metadata.nbgrader.grade_id: determine_grade(one)[0] for one in notebook.cells if is_test_cell(one)}


@pytest.mark.parametrize(("slug", "variant"), WORKS)
def test_the_same_scores_as_nbgraders(slug: str, variant: str, tmp_path: Path) -> None:
    data = tmp_path / "rendu"
    shutil.copytree(ROOT / "assignments" / slug, data, ignore=shutil.ignore_patterns("*.ipynb", "evaluateur"))
    tmp_path.chmod(0o755)
    notebook = answered(slug, variant)
    run = run_notebook(open_sandbox(Limits(), (ROOT,)), code_cells(notebook), data, data)
    ours = {one.grade_id: float(one.points) for one in checked_cells(notebook.cells, run)}
    theirs = scores_of_nbgrader(answered(slug, variant), data)
    assert ours == theirs
    assert (sum(ours.values()) > 0) is (variant != "ne-s-execute-pas")

"""jurylab release, with the real nbgrader: what goes out, what must not, and what stays untouched."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest

from grading.cli import main
from grading.course import Course
from grading.errors import JuryLabError
from grading.notebooks.nbcourse import opened_gradebook
from grading.notebooks.releasing import folder_digest, release
from tests.case_factory import HIDDEN, SLUG, SOLUTION, case_course, grade_id, read_notebook, write_notebook
from tests.course_factory import ROOT, demo_people

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return case_course(tmp_path / "cours")


def source(course: Course) -> Path:
    return course.folder / "assignments" / SLUG


def refused(course: Course) -> str:
    with pytest.raises(JuryLabError) as caught:
        release(course, SLUG)
    return str(caught.value)


def test_the_released_notebook_shows_the_rubric_and_hides_the_answers(course: Course) -> None:
    before = folder_digest(source(course))
    done = release(course, SLUG)
    assert folder_digest(source(course)) == before, "assignments/ is never changed"
    text = (done.folder / done.notebook).read_text(encoding="utf-8")
    assert SOLUTION not in text
    assert HIDDEN not in text
    assert "VOTRE CODE ICI" in text
    assert not (done.folder / "evaluateur").exists()
    cells = {grade_id(cell): cell for cell in read_notebook(done.folder / done.notebook)["cells"]}
    criteria = [one for one in course.syllabus.by_slug[SLUG].rubric.criteria if not one.sans_objet]
    assert [one for one in cells if one.startswith("critere-")] == [
        f"critere-{c.id.replace('.', '-')}" for c in criteria
    ]
    task = cells["critere-REAL-1"]["metadata"]["nbgrader"]
    assert (task["task"], task["points"], task["locked"]) == (True, 3.0, True)
    assert cells["grille-jurylab"]["metadata"]["nbgrader"]["locked"]
    assert all((one.note or {})["fr"] not in text for one in criteria)
    assert (done.outbound / done.notebook).read_text(encoding="utf-8") == text


def test_the_gradebook_knows_the_criterion_cells(course: Course) -> None:
    release(course, SLUG)
    with opened_gradebook(course) as book:
        tasks = {
            cell.name: cell.max_score
            for notebook in book.find_assignment(SLUG).notebooks
            for cell in notebook.task_cells
        }
    assert tasks["critere-REAL-1"] == 3
    assert "critere-REAL-3" not in tasks, "sans objet in a technical project"


def test_the_same_release_again_records_nothing(course: Course) -> None:
    assert release(course, SLUG).changed
    with course.ledger.reading() as reader:
        head = reader.head()
    assert not release(course, SLUG).changed
    with course.ledger.reading() as reader:
        assert reader.head() == head


def in_a_text_file(folder: Path) -> None:
    (folder / "lisez-moi.txt").write_text(f"rappel : {SOLUTION}")


def in_another_cell(folder: Path) -> None:
    path = folder / f"{SLUG}.ipynb"
    notebook = read_notebook(path)
    notebook["cells"][0]["source"] += f"\n\nIndice : `{SOLUTION}`"
    write_notebook(path, notebook)


def hidden_test_in_a_workbook(folder: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{escape(HIDDEN)}</t>")
    (folder / "donnees" / "calculs.xlsx").write_bytes(content.getvalue())


def note_in_a_brief(folder: Path) -> None:
    (folder / "enonce.md").write_text("Attention.\n\nLe piège est le total hors taxes de l'exercice précédent.\n")


def marker_left_open(folder: Path) -> None:
    (folder / "outils.py").write_text("### BEGIN SOLUTION\nx = 1\n")


@pytest.mark.parametrize(
    ("leak", "words"),
    [
        (in_a_text_file, "lisez-moi.txt : contient une solution (question-total)"),
        (in_another_cell, f"{SLUG}.ipynb : contient une solution"),
        (hidden_test_in_a_workbook, "calculs.xlsx : contient un test caché (controle-total)"),
        (note_in_a_brief, "enonce.md : contient une note d'évaluateur (notes.md)"),
        (marker_left_open, "outils.py : il reste une marque « BEGIN SOLUTION »"),
    ],
)
def test_a_leak_is_refused_and_nothing_goes_out(course: Course, leak: Callable[[Path], None], words: str) -> None:
    leak(source(course))
    assert words in refused(course)
    assert not (course.workspace / "release" / SLUG).exists()
    assert not (course.workspace / "exchange").exists()


def test_a_rubric_note_in_the_brief_is_refused(course: Course) -> None:
    note = next(one.note for one in course.syllabus.by_slug[SLUG].rubric.criteria if one.note)
    (source(course) / "enonce.md").write_text(note["fr"])
    assert "contient une note d'évaluateur (REAL.1)" in refused(course)


@pytest.mark.parametrize(
    ("cell", "text", "words"),
    [
        (3, "%matplotlib inline\nassert total > 0", "du Python simple"),
        (3, "assert input() == 'x'", "contrôle qui appelle input"),
        (3, "taux = 3\nassert total > taux", "ce contrôle crée « taux »"),
    ],
)
def test_a_test_cell_that_cannot_run_apart_is_refused(course: Course, cell: int, text: str, words: str) -> None:
    path = source(course) / f"{SLUG}.ipynb"
    notebook = read_notebook(path)
    notebook["cells"][cell]["source"] = text
    notebook["cells"][5]["source"] += "\nmarge_nette = taux"
    write_notebook(path, notebook)
    assert words in refused(course)


def test_names_that_release_keeps_for_itself_are_refused(course: Course) -> None:
    path = source(course) / f"{SLUG}.ipynb"
    notebook = read_notebook(path)
    notebook["cells"][0]["metadata"]["nbgrader"]["grade_id"] = "critere-REAL-1"
    write_notebook(path, notebook)
    assert "release ajoute lui-même la grille" in refused(course)


def test_no_notebook_two_notebooks_and_no_such_assessment(course: Course) -> None:
    write_notebook(
        source(course) / "brouillon.ipynb", {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    )
    assert "un notebook, et un seul" in refused(course)
    with pytest.raises(JuryLabError, match="inconnue"):
        release(course, "bc06")


@pytest.mark.parametrize("slug", ["bc01-etude-des-besoins", "bc06-strategie-digitale"])
def test_the_shipped_case_studies_are_released_and_their_solutions_validate(slug: str, tmp_path: Path) -> None:
    """nbgrader's own `validate`: the release stops at the unanswered cells and nowhere else; filled in, it passes."""
    course = demo_people(tmp_path / "cours")
    done = release(course, slug)
    assert done.autograded >= (8 if slug.startswith("bc06") else 4)
    path = done.folder / done.notebook
    told = validate(path)
    assert f"FAILED ON {done.autograded} CELL" in told
    assert "changed" not in told.lower(), "no locked cell looks tampered with"
    solved = read_notebook(ROOT / "assignments" / slug / done.notebook)
    answers = {grade_id(cell): cell["source"] for cell in solved["cells"] if cell["metadata"]["nbgrader"]["solution"]}
    notebook = read_notebook(path)
    for cell in notebook["cells"]:
        cell["source"] = answers.get(grade_id(cell), cell["source"])
    write_notebook(path, notebook)
    assert "Success! Your notebook passes all the tests" in validate(path)


def validate(path: Path) -> str:
    command = [str(Path(sys.executable).parent / "nbgrader"), "validate", str(path)]
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=300, check=False, cwd=path.parent
    )
    return done.stdout + done.stderr


def test_the_solutions_pass_their_own_tests(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--solutions", "--course", str(course.folder)]) in (0, 1)
    assert "10 contrôles passés par leur corrigé" in capsys.readouterr().out  # 8 of bc01, 2 of the small one


def test_a_test_that_its_solution_does_not_pass_is_refused(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong figure, and a value that cannot travel: an object of a class of the notebook's own."""
    path = course.folder / "assignments" / SLUG / f"{SLUG}.ipynb"
    notebook = read_notebook(path)
    by_id = {grade_id(cell): cell for cell in notebook["cells"]}
    by_id["controle-total"]["source"] = "assert total == 61, 'le total est faux'"
    by_id["question-marge"]["source"] = "class Marge:\n    taux = 0.5\nmarge = Marge()"
    by_id["controle-marge"]["source"] = "assert marge.taux == 0.5"
    write_notebook(path, notebook)
    assert main(["check", "--solutions", "--course", str(course.folder)]) == 2
    told = capsys.readouterr().err
    assert (
        "controle-total : le corrigé n'obtient pas les points de ce contrôle (AssertionError : le total est faux)"
        in told
    )
    assert "« Marge » ne peut pas être contrôlée" in told

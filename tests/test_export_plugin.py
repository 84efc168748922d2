"""`nbgrader export` as somebody types it: the contract's columns, quoted, with the ledger's values."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest

from grading.course import Course
from grading.documents.tables import recap_csv
from grading.importing import import_marks
from grading.loading.marks_file import COLUMNS, write_marks
from grading.notebooks.releasing import release
from tests.case_factory import SLUG, case_course

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = case_course(tmp_path_factory.mktemp("export") / "cours")
    release(made, SLUG)  # makes nbgrader's gradebook
    import_marks(made, made.folder / "course" / "demo" / "marks.csv")
    return made.refresh()


def exported(course: Course, target: Path, *options: str) -> str:
    command = [sys.executable, "-m", "nbgrader", "export", f"--to={target}", *options]
    done = subprocess.run(command, cwd=course.folder / "course", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target.read_bytes().decode("utf-8")


def test_the_recap_is_the_contracts(course: Course, tmp_path: Path) -> None:
    text = exported(course, tmp_path / "recap.csv")
    assert text == recap_csv(course)
    rows = {row["candidate_id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 34
    assert any('"' in value and "," in value for value in rows["C008"].values())
    assert any(value.startswith("'=") for value in rows["C020"].values())  # no spreadsheet takes it for a formula


def test_the_marks_are_the_file_that_imports_again(course: Course, tmp_path: Path) -> None:
    text = exported(course, tmp_path / "marks.csv", "--JuryLabExport.table=marks")
    assert text == write_marks(course.current_marks())
    assert import_marks(course, tmp_path / "marks.csv").added == 0


def test_a_few_rows_keep_their_quoting(course: Course, tmp_path: Path) -> None:
    text = exported(
        course, tmp_path / "m.csv", "--JuryLabExport.table=marks", f"--assignment=['{SLUG}']", "--student=['C006']"
    )
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(COLUMNS)
    assert {row["assessment"] for row in rows} == {SLUG}
    assert {row["subject"] for row in rows} == {"C006", "G-BC06-2"}
    whole = csv.DictReader(io.StringIO(write_marks(course.current_marks())))
    assert rows == [row for row in whole if row["assessment"] == SLUG and row["subject"] in ("C006", "G-BC06-2")]

"""jurylab feedback: what each member reads is theirs alone, shown as it stands, and nothing in it can run."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pytest

from grading.cli import main
from grading.course import Course
from grading.documents.feedback import feedback_page, feedback_pages, write_feedback
from grading.errors import JuryLabError
from grading.importing import import_cohort
from grading.ledger.work_events import run_event
from grading.marking import record_mark
from grading.works import CheckedCell, Run, RunState
from tests.course_factory import copy_course

SLUG, TWO = "bc06-strategie-digitale", "bc01-etude-des-besoins"
GROUP = "G-BC06-2"
HOSTILE = '"><script>alert(1)</script>'


def row(
    criterion: str, subject: str, comment: str = "", slug: str = SLUG, grader: str = "f.diallo", **more: str
) -> dict[str, str]:
    given = {
        "assessment": slug,
        "subject": subject,
        "criterion": criterion,
        "grader": grader,
        "state": "marked",
        "level": "3",
    }
    return {**given, "comment": comment, **more}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = copy_course(tmp_path_factory.mktemp("feedback"))
    path = folder / "course" / "demo" / "candidates.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    for one in rows:
        if one["candidate_id"] == "C006":
            one["first_names"], one["birth_name"] = HOSTILE, "</title><svg onload=alert(3)>"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    course = Course(folder)
    import_cohort(course, path.parent)
    course = course.refresh()
    for given in (
        row("REAL.1", GROUP, "Un commentaire\nsur deux lignes & <img src=x onerror=alert(2)>"),
        row("REAL.2", GROUP, state="not_observed", level=""),
        row("X.soutenance", "C006", "Parle clairement"),
        row("X.soutenance", "C007", "Un secret de C007", level="1"),
        row("REAL.1", "C006", "Pilote du groupe", state="adjustment", level="", value="1.5"),
        row("REAL.1", "C007", "Absent aux réunions", state="adjustment", level="", value="-2"),
        row("REAL.1", "G-BC01-2", "Avis de Martin, à l'aveugle", TWO, "e.martin", level="4"),
        row("REAL.1", "G-BC01-2", "Avis de Roux, à l'aveugle", TWO, "c.roux", level="1"),
    ):
        record_mark(course, given)
    cells = tuple(
        CheckedCell(name, Fraction(points), Fraction(2))
        for name, points in (("controle-a", 2), ("controle-b", 1), ("controle-c", 0))
    )
    runs = [Run(SLUG, GROUP, "k", RunState.RAN, "", cells, "bubblewrap"),
            Run(SLUG, "G-BC06-1", "k", RunState.DID_NOT_RUN, "cellule 2 : <b>NameError</b>", (), "bubblewrap")]  # fmt: skip
    with course.ledger.writing() as ledger:
        ledger.append([run_event(one) for one in runs])
    return course.refresh()


def test_a_member_reads_what_is_theirs_and_nothing_of_another(course: Course) -> None:
    page = feedback_page(course, SLUG, "C006")
    assert "Parle clairement" in page
    assert "Modulation +1,50 (ce critère) : Pilote du groupe" in page
    for foreign in ("Un secret de C007", "Absent aux réunions", "−2,00"):
        assert foreign not in page
    other = feedback_page(course, SLUG, "C007")
    assert "Un secret de C007" in other
    assert "Modulation −2,00 (ce critère) : Absent aux réunions" in other
    assert "Pilote du groupe" not in other


def test_everything_that_people_wrote_is_text(course: Course) -> None:
    page = feedback_page(course, SLUG, "C006")
    for raw in ("<script>alert", "<img", "<svg", "onerror=alert(2)>"):
        assert raw not in page
    assert "&lt;img src=x onerror=alert(2)&gt;" in page
    assert "default-src &#39;none&#39;" in page
    assert "<b>NameError" not in feedback_page(course, SLUG, "C001")


def test_missing_is_missing_and_not_observed_is_said(course: Course) -> None:
    page = feedback_page(course, SLUG, "C006")
    assert "critères ne sont pas encore notés" in page
    assert "provisoire" in page
    assert "non observé" in page.lower()
    assert "Pas encore de note" in feedback_page(course, SLUG, "C017")


def test_two_blind_opinions_are_never_shown(course: Course) -> None:
    for who in ("C005", "C006"):
        page = feedback_page(course, TWO, who)
        assert "à l'aveugle" not in page.replace("&#39;", "'")
        assert "évaluation en cours" in page


def test_checked_cells_are_right_or_wrong_and_a_failed_run_says_so(course: Course) -> None:
    page = feedback_page(course, SLUG, "C006")
    for words in ("juste", "en partie", "faux", "2 / 2", "1 / 2", "0 / 2"):
        assert words in page
    stopped = feedback_page(course, SLUG, "C001")
    assert "pas pu être contrôlé" in stopped
    assert "0 / 2" not in stopped


def test_a_page_for_each_member_who_came_or_was_marked(course: Course) -> None:
    found = {one.candidate_id for one in feedback_pages(course, SLUG)}
    assert {"C005", "C006", "C007", "C008"} <= found
    assert "C029" not in found  # another access path
    written = write_feedback(course, SLUG)
    assert all(one.path.read_text(encoding="utf-8") == one.html for one in written)
    assert not list(course.workspace.rglob(".*.partial"))


def test_the_command(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    main(["feedback", SLUG, "--course", str(course.folder), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told
    assert main(["feedback", "bc06", "--course", str(course.folder)]) == 2
    assert SLUG in capsys.readouterr().err


def test_unknown_names(course: Course) -> None:
    with pytest.raises(JuryLabError, match="C026"):
        feedback_page(course, SLUG, "C06")
    with pytest.raises(JuryLabError, match=SLUG):
        feedback_page(course, "bc06", "C006")


def test_no_folder_leaves_the_workspace(course: Course) -> None:
    for one in feedback_pages(course, SLUG):
        assert one.path.resolve().is_relative_to(Path(course.workspace).resolve())

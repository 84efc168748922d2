"""One mark at a time: checked, recorded, acknowledged; a work finalised and reopened; the work as its grader sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grading.course import Course
from grading.errors import JuryLabError
from grading.marking import finalise, record_mark
from grading.work import grader_of, work_view
from tests.course_factory import demo_course, demo_people

ONE, TWO = "bc06-strategie-digitale", "bc01-etude-des-besoins"
GROUP, GRADER = "G-BC06-2", "f.diallo"


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The whole fictional cohort, every mark recorded; nobody changes it."""
    return demo_course(tmp_path_factory.mktemp("marked"))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return demo_people(tmp_path)


def row(criterion: str, subject: str = GROUP, slug: str = ONE, grader: str = GRADER, **more: str) -> dict[str, str]:
    return {
        "assessment": slug,
        "subject": subject,
        "criterion": criterion,
        "grader": grader,
        "state": "marked",
        "level": "3",
        **more,
    }


def refused(course: Course, given: dict[str, str]) -> str:
    before = course.refresh().current_marks()
    with pytest.raises(JuryLabError) as caught:
        record_mark(course, given)
    assert course.refresh().current_marks() == before
    return str(caught.value)


def test_a_mark_is_acknowledged_with_its_number_and_the_same_again_changes_nothing(course: Course) -> None:
    first = record_mark(course, row("REAL.1", value="13.25", comment="Clair"))
    again = record_mark(course, row("REAL.1", value="13.25", comment="Clair"))
    assert first.changed
    assert not again.changed
    assert again.seq == first.seq
    (mark,) = course.refresh().current_marks()
    assert (mark.quarters, mark.level, mark.comment) == (53, 3, "Clair")
    assert record_mark(course, row("REAL.1", level="4")).seq == first.seq + 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (row("REAL.9"), "REAL.9"),
        (row("REAL.1", level="5"), "5"),
        (row("REAL.1", value="19"), "19"),
        (row("REAL.1", value="13.3"), "13.3"),
        (row("REAL.1", grader="e.martin"), "e.martin"),
        (row("REAL.1", subject="G-INCONNU"), "G-INCONNU"),
        (row("DEM.3"), "DEM.3"),
        (row("REAL.1", subject="C005"), "C005"),
        (row("REAL.3"), "REAL.3"),
        (row("REAL.1", state="perdu"), "perdu"),
    ],
)
def test_what_a_file_of_marks_would_refuse_is_refused(course: Course, given: dict[str, str], words: str) -> None:
    assert words in refused(course, given)


def test_a_second_grader_on_a_work_of_one_is_refused(course: Course) -> None:
    record_mark(course, row("REAL.1"))
    assert "évaluateurs sur un même critère" in refused(course, row("REAL.1", grader="t.nguyen"))


def everything(course: Course, view: dict[str, Any], grader: str, slug: str) -> None:
    for criterion in view["criteria"]:
        for entry in criterion["marks"]:
            record_mark(course, row(criterion["id"], entry["subject"], slug, grader))


def test_finalise_lists_what_is_missing_then_locks_until_reopened(course: Course) -> None:
    with pytest.raises(JuryLabError, match=r"DEM\.3 \(C006\)"):
        finalise(course, ONE, GROUP, GRADER)
    everything(course, work_view(course, ONE, GROUP, GRADER), GRADER, ONE)
    view = work_view(course.refresh(), ONE, GROUP, GRADER)
    assert (view["missing"], view["finalised"]) == ([], False)
    assert finalise(course, ONE, GROUP, GRADER).changed
    assert not finalise(course, ONE, GROUP, GRADER).changed
    assert work_view(course.refresh(), ONE, GROUP, GRADER)["finalised"]
    assert "a finalisé ce travail" in refused(course, row("REAL.1", level="4"))
    assert "a finalisé ce travail" in refused(course, row("X.soutenance", "C006", level="4"))
    finalise(course, ONE, GROUP, GRADER, done=False)
    assert record_mark(course, row("REAL.1", level="4")).changed


def test_a_member_names_the_groups_work(course: Course) -> None:
    view = work_view(course, ONE, "C006", GRADER)
    assert view["subject"]["id"] == GROUP
    assert [one["id"] for one in view["subject"]["members"]] == ["C005", "C006", "C007", "C008"]
    assert "REAL.3" not in [one["id"] for one in view["criteria"]]  # says « sans objet » for this block


def test_unknown_names_are_said_with_the_nearest(course: Course) -> None:
    with pytest.raises(JuryLabError, match="bc06-strategie-digitale"):
        work_view(course, "bc06-strategie-digital", GROUP, GRADER)
    with pytest.raises(JuryLabError, match="G-BC06-2"):
        work_view(course, ONE, "G-BC06-22", GRADER)


def test_two_graders_grade_blind(course: Course) -> None:
    subject = "G-BC01-2"
    record_mark(course, row("REAL.1", subject, TWO, "e.martin", level="4", comment="Excellent, sans réserve"))
    view = work_view(course.refresh(), TWO, subject, "c.roux")
    assert "Excellent" not in str(view)
    assert view["criteria"][0]["marks"][0]["mark"] is None
    agreed = row("REAL.1", subject, TWO, "accord", level="2", comment="Après discussion")
    record_mark(course, row("REAL.1", subject, TWO, "c.roux", level="1"))
    record_mark(course, agreed)
    assert work_view(course.refresh(), TWO, subject, "c.roux")["criteria"][0]["marks"][0]["settled"] is None
    for grader in ("e.martin", "c.roux"):
        everything(course, view, grader, TWO)
        finalise(course, TWO, subject, grader)
    settled = work_view(course.refresh(), TWO, subject, "c.roux")["criteria"][0]["marks"][0]["settled"]
    assert settled["level"] == 2


def test_totals_are_the_one_reckoning(marked: Course) -> None:
    whole = marked.reckoning()
    number = whole.layout.assessment_index[ONE]
    for group in ("G-BC06-1", "G-BC06-2", "G-BC06-4"):
        for total in work_view(marked, ONE, group, GRADER)["totals"]:
            hundredths = int(whole.scores.assessment[whole.row_of[total["id"]], number])
            assert total["mark"] == f"{hundredths // 100},{hundredths % 100:02d}"


def test_the_reckoning_of_a_few_is_the_reckoning_of_all(marked: Course) -> None:
    whole = marked.reckoning()
    for ids in (["C007"], ["C033", "C001"], list(whole.row_of)):
        few = marked.reckoning_of(ids)
        for one in ids:
            here, there = few.row_of[one], whole.row_of[one]
            for name in ("assessment", "block", "provisional"):
                left, right = getattr(few.scores, name)[here], getattr(whole.scores, name)[there]
                assert left.tolist() == right.tolist(), (one, name)
            assert few.block_codes[here].tolist() == whole.block_codes[there].tolist()


def test_who_grades(course: Course) -> None:
    assessment = course.syllabus.by_slug[ONE]
    assert grader_of(assessment, None, "quelqu.un") == ""
    assert grader_of(assessment, None, "t.nguyen") == "t.nguyen"
    assert grader_of(assessment, "f.diallo", "t.nguyen") == "f.diallo"
    with pytest.raises(JuryLabError, match="n'évalue pas"):
        grader_of(assessment, "e.martin", "")

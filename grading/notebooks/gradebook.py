"""nbgrader's gradebook, written through: per member and criterion, points = weight x value / 20. Never read as the truth."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from grading.judgements import Standing
from grading.notebooks.nbcourse import gradebook_path, opened_gradebook
from grading.notebooks.rubric_cells import criterion_cell_id
from grading.regulation import FULL

if TYPE_CHECKING:
    from grading.course import Course


def write_through(course: Course, slugs: Iterable[str] | None = None) -> int:
    """Brings the gradebook's manual scores to what the ledger says now; gives how many changed.

    Of assessments that were released (None: of all). Does nothing where there is no gradebook yet.
    """
    if not gradebook_path(course).exists():
        return 0
    wanted = set(course.works().releases)
    wanted &= set(slugs) if slugs is not None else wanted
    if not wanted:
        return 0
    course = course.refresh()
    changed = 0
    with opened_gradebook(course) as book:
        for slug in sorted(wanted):
            changed += _assessment(course, book, slug)
        book.db.commit()
    return changed


def _assessment(course: Course, book: Any, slug: str) -> int:
    from nbgrader.api import MissingEntry

    try:
        assignment = book.find_assignment(slug)
    except MissingEntry:
        return 0
    points = criterion_points(course, slug)
    changed = 0
    for submission in assignment.submissions:
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                key = (submission.student_id, grade.name)
                if not grade.name.startswith("critere-"):
                    continue
                value = points.get(key)
                if grade.manual_score != value or grade.needs_manual_grade != (value is None):
                    grade.manual_score, grade.needs_manual_grade = value, value is None
                    changed += 1
    return changed


def criterion_points(course: Course, slug: str) -> dict[tuple[str, str], float]:
    """(candidate, cell) -> points, for the criteria that carry a value now. A missing mark has no entry: it is not a 0."""
    reckoning = course.reckoning()
    layout, evidence = reckoning.layout, reckoning.evidence
    found = {}
    for column, (assessment, criterion) in enumerate(layout.columns):
        if assessment.slug != slug:
            continue
        for row, candidate in enumerate(evidence.candidates):
            if evidence.standing[row, column] == Standing.MARKED:
                value = Fraction(int(evidence.value[row, column]), FULL)
                found[candidate.candidate_id, criterion_cell_id(criterion.id)] = float(criterion.weight * value)
    return found

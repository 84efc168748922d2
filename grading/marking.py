"""One mark at a time: checked as `marks import` checks a file, recorded, and acknowledged once it is committed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grading.assessment import Assessment
from grading.cohort import Cohort
from grading.errors import JuryLabError, Problem, Problems, listing
from grading.fact_proposals import DepositUnits
from grading.importing import events_with_rubrics, graders_of
from grading.language import _
from grading.ledger import mark_events
from grading.ledger.cohort_events import cohort_of, recorded_rows
from grading.ledger.store import Author
from grading.ledger.work_events import finalise_event, work_log
from grading.loading.marks_file import COLUMNS, marks_of
from grading.loading.tables import Row
from grading.marks import Mark

if TYPE_CHECKING:
    from grading.course import Course


@dataclass(frozen=True)
class Recorded:
    """What the ledger holds once a change is committed: its number, its time (UTC), and whether anything changed."""

    seq: int
    at: str
    changed: bool


def record_mark(course: Course, row: Mapping[str, str], author: Author | None = None) -> Recorded:
    """Records one mark or adjustment; `row` has the columns of marks.csv. The same value again changes nothing.

    Raises JuryLabError with every problem, and where its grader has finalised the work.
    """
    with course.ledger.writing(author) as ledger:
        cohort = cohort_of(recorded_rows(ledger))
        subject = row.get("subject", "")
        current = {
            key: mark_events.mark_of(one) for key, one in mark_events.current_rows(ledger, subjects=[subject]).items()
        }
        mark = _checked(course, row, cohort, current)
        _refuse_finalised(course, cohort, mark, work_log(ledger).finalised)
        changed = current.get(mark.key) != mark
        if changed:
            ledger.append(events_with_rubrics(course, ledger, [mark]))
        return Recorded(ledger.head().count, ledger.last_time(), changed)


def _checked(
    course: Course, row: Mapping[str, str], cohort: Cohort, current: Mapping[mark_events.MarkKey, Mark]
) -> Mark:
    problems = Problems()
    cells = {name: row.get(name, "") for name in COLUMNS}
    one = Row(f"{cells['subject']} {cells['criterion']}", cells, problems)
    marks = marks_of([one], course.syllabus, cohort, graders_of(current.values()), current)
    problems.stop_if_any()
    return marks[0]


def _refuse_finalised(
    course: Course, cohort: Cohort, mark: Mark, finalised: Mapping[tuple[str, str], frozenset[str]]
) -> None:
    unit = DepositUnits(course.syllabus, cohort).unit(mark.assessment, mark.subject)
    if mark.grader in finalised.get((mark.assessment, unit), frozenset()):
        raise JuryLabError(
            Problem(
                unit,
                _("{grader} a finalisé ce travail").format(grader=mark.grader),
                todo=_("le rouvrir, puis changer la note"),
            )
        )


def finalise(
    course: Course, slug: str, subject: str, grader: str, done: bool = True, author: Author | None = None
) -> Recorded:
    """Says that a grader has finished with a work, or reopens it.

    Raises JuryLabError that lists what this grader has not marked yet.
    """
    with course.ledger.writing(author) as ledger:
        cohort = cohort_of(recorded_rows(ledger))
        missing = missing_marks(course.syllabus.by_slug[slug], DepositUnits(course.syllabus, cohort), cohort, subject, grader,
                                {mark_events.mark_of(row).key for row in mark_events.current_rows(ledger).values()})  # fmt: skip
        if done and missing:
            found = _("il manque {list}").format(list=listing(missing))
            raise JuryLabError(Problem(subject, found, _("une note, non observé ou sans objet partout")))
        changed = (grader in work_log(ledger).finalised.get((slug, subject), frozenset())) != done
        if changed:
            ledger.append([finalise_event(slug, subject, grader, done)])
        return Recorded(ledger.head().count, ledger.last_time(), changed)


def missing_marks(
    assessment: Assessment,
    units: DepositUnits,
    cohort: Cohort,
    subject: str,
    grader: str,
    keys: set[mark_events.MarkKey],
) -> list[str]:
    """« REAL.1 », « DEM.3 (C001) » : what a grader has no row for. Members who were absent have nothing to be marked."""
    away = {one.candidate_id for one in cohort.absences if one.assessment == assessment.slug}
    members = [one for one in units.members(assessment.slug, subject) if one not in away]
    due = [
        (criterion.id, one)
        for criterion in assessment.rubric.criteria
        if not criterion.sans_objet and (criterion.individual or subject not in away)
        for one in (members if criterion.individual else [subject])
    ]
    open_ = [(name, one) for name, one in due if (assessment.slug, one, name, grader, False) not in keys]
    return [name if one == subject else f"{name} ({one})" for name, one in open_]

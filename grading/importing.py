"""Bringing files into the ledger: read, check, compare and record inside one transaction, or change nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grading.cohort import Cohort
from grading.errors import JuryLabError, Problem, listing
from grading.events import Event
from grading.language import _, plural
from grading.ledger import mark_events
from grading.ledger.cohort_events import Change, cohort_of, difference, events_of, recorded_rows
from grading.loading.cohort_files import read_cohort
from grading.loading.marks_file import read_marks
from grading.marks import AGREED, Mark

if TYPE_CHECKING:
    from grading.course import Course
    from grading.ledger.store import Reader


@dataclass(frozen=True)
class CohortImport:
    changes: list[Change]
    notices: tuple[str, ...]


@dataclass(frozen=True)
class MarksImport:
    added: int
    changed: int
    same: int
    notices: tuple[str, ...]


def import_cohort(course: Course, path: Path, dry_run: bool = False) -> CohortImport:
    """Records what a cohort's files change. The same files a second time change nothing.

    Raises JuryLabError with every problem, and if a candidate who has marks would go.
    """
    if dry_run or not course.ledger.exists:  # a refused first import must not leave an empty ledger behind
        with _reading(course) as ledger:
            planned = _cohort_changes(course, path, ledger)
        if dry_run:
            return planned
    with course.ledger.writing() as ledger:
        planned = _cohort_changes(course, path, ledger)
        if planned.changes:
            ledger.append(events_of(planned.changes))
    return planned


def _cohort_changes(course: Course, path: Path, ledger: Reader | None) -> CohortImport:
    rows = recorded_rows(ledger) if ledger else {}
    files = read_cohort(path, course.syllabus, cohort_of(rows))
    changes = difference(rows, files.tables)
    gone = [change.key[1] for change in changes if change.after is None and change.key[0] == "candidates"]
    marked = {key[1] for key in mark_events.current_rows(ledger)} if ledger and gone else set()
    lost = [name for name in gone if name in marked]
    if lost:
        raise JuryLabError(
            Problem(
                "candidates.csv",
                plural(
                    _("{ids} a des notes et n'est plus dans le fichier"),
                    _("{ids} ont des notes et ne sont plus dans le fichier"),
                    len(lost),
                ).format(ids=listing(lost)),
                todo=_("remettre la ligne : un candidat noté ne disparaît pas"),
            )
        )
    return CohortImport(changes, files.notices)


@contextmanager
def _reading(course: Course) -> Iterator[Reader | None]:
    if course.ledger.exists:
        with course.ledger.reading() as reader:
            yield reader
    else:
        yield None


def import_marks(course: Course, path: Path) -> MarksImport:
    """Records the marks of a file that are new or different; freezes each rubric at its first mark.

    Raises JuryLabError with every bad row; nothing is recorded then.
    """
    if not course.ledger.exists:  # nobody is known yet: says so, without leaving an empty ledger behind
        read_marks(path, course.syllabus, Cohort(), {})
    with course.ledger.writing() as ledger:
        current = {key: mark_events.mark_of(row) for key, row in mark_events.current_rows(ledger).items()}
        cohort = cohort_of(recorded_rows(ledger))
        file = read_marks(path, course.syllabus, cohort, graders_of(current.values()), current)
        new = [mark for mark in file.marks if current.get(mark.key) != mark]
        added = sum(mark.key not in current for mark in new)
        if new:
            ledger.append(events_with_rubrics(course, ledger, new))
    return MarksImport(added, len(new) - added, len(file.marks) - len(new), file.notices)


def events_with_rubrics(course: Course, ledger: Reader, marks: list[Mark]) -> list[Event]:
    """The events of new marks, after the text of each rubric that they are the first to use."""
    hashes = {slug: assessment.rubric.hash for slug, assessment in course.syllabus.by_slug.items()}
    fresh = sorted({mark.assessment for mark in marks} - set(mark_events.frozen_rubrics(ledger)))
    texts = [mark_events.freeze_event(slug, hashes[slug], rubric_text(course, slug)) for slug in fresh]
    return [*texts, *mark_events.events_of(marks, hashes)]


def rubric_text(course: Course, slug: str) -> bytes:
    return (course.folder / "rubrics" / f"{slug}.yaml").read_bytes()


def graders_of(marks: Iterable[Mark]) -> dict[tuple[str, str, str], set[str]]:
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for mark in marks:
        if mark.state.value != "adjustment" and mark.grader != AGREED:
            found[mark.assessment, mark.subject, mark.criterion].add(mark.grader)
    return found

"""Where a course stands: per assessment, what is expected, what came, what is marked. Nothing heavy is imported here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from grading.assessment import Assessment
from grading.cohort import Candidate, Cohort, Subjects
from grading.events import ADJUSTMENT, MARK
from grading.language import _, plural
from grading.ledger.cohort_events import cohort_of, recorded_rows
from grading.marks import AGREED

if TYPE_CHECKING:
    from grading.course import Course

#: (subject, criterion) -> the graders who marked it.
Cells = dict[tuple[str, str], set[str]]


@dataclass(frozen=True)
class AssessmentStatus:
    """Numbers of one assessment. `expected` and `marked` count judgements: one per criterion and subject."""

    slug: str
    works: int
    received: int
    marked: int
    expected: int
    open_: int

    @property
    def missing(self) -> int:
        return self.expected - self.marked


@dataclass(frozen=True)
class CourseStatus:
    title: str
    regulation: str
    candidates: int
    marks: int
    adjustments: int
    head: str
    assessments: tuple[AssessmentStatus, ...]
    drifts: tuple[str, ...]

    @property
    def to_do(self) -> list[str]:
        """What somebody must act on."""
        texts = [] if self.candidates else [_("aucun candidat : jurylab cohort import DOSSIER")]
        for one in self.assessments:
            if one.missing:
                texts.append(
                    plural(_("{slug} : {count} note manque"), _("{slug} : {count} notes manquent"), one.missing).format(
                        slug=one.slug, count=one.missing
                    )
                )
            if one.open_:
                texts.append(
                    plural(
                        _("{slug} : {count} double évaluation à régler"),
                        _("{slug} : {count} doubles évaluations à régler"),
                        one.open_,
                    ).format(slug=one.slug, count=one.open_)
                )
        texts += [
            _("grille {slug} modifiée depuis les notes : jurylab check").format(slug=slug) for slug in self.drifts
        ]
        return texts

    def rows(self) -> Iterator[tuple[str, ...]]:
        for one in self.assessments:
            todo = one.missing + one.open_
            yield (
                one.slug,
                str(one.works),
                str(one.received),
                str(one.marked),
                str(one.expected),
                str(todo) if todo else "✓",
            )

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "to_do": self.to_do}


def course_status(course: Course) -> CourseStatus:
    """Counts what the ledger holds against what the course expects."""
    syllabus = course.syllabus
    cells: dict[str, Cells] = defaultdict(lambda: defaultdict(set))
    cohort, head, adjustments, marks = Cohort(), "0", 0, 0
    if course.ledger.exists:
        with course.ledger.reading() as reader:
            cohort = cohort_of(recorded_rows(reader))
            for batch in reader.columns(MARK):
                for slug, subject, criterion, grader, __, __ in batch:
                    cells[slug][subject, criterion].add(grader)
            head = str(reader.head().count)
            adjustments = reader.count(ADJUSTMENT)
    marks = sum(len(graders) for found in cells.values() for graders in found.values())
    due = {a.slug: a.due.date() for a in syllabus.assessments}
    subjects = Subjects(cohort.groups_on(due))
    came = {(one.assessment, one.subject) for one in cohort.submissions}
    found = tuple(_assessment(a, cohort, subjects, cells[a.slug], came) for a in syllabus.assessments)
    drifts = tuple(drift.slug for drift in course.drifts)
    return CourseStatus(
        syllabus.title["fr"],
        syllabus.regulation.version,
        len(cohort.candidates),
        marks,
        adjustments,
        head,
        found,
        drifts,
    )


def _assessment(
    assessment: Assessment, cohort: Cohort, subjects: Subjects, cells: Cells, came: set[tuple[str, str]]
) -> AssessmentStatus:
    held = {(one.candidate_id, one.item) for one in cohort.acquired}
    concerned = [c for c in cohort.candidates if assessment.concerns(c.access_path) and _presents(c, assessment, held)]
    if assessment.replaces is not None:  # a resit is open to all and expected of nobody: only those who began it
        begun = {subject for subject, __ in cells}
        concerned = [
            c for c in concerned if c.candidate_id in begun or subjects.of(assessment.slug, c.candidate_id) in begun
        ]
    units = {subjects.of(assessment.slug, c.candidate_id) for c in concerned}
    criteria = [c for c in assessment.rubric.criteria if not c.sans_objet]
    away = {one.candidate_id for one in cohort.absences if one.assessment == assessment.slug}  # absent: nothing to mark
    expected = {(unit, c.id) for unit in units - away for c in criteria if not c.individual}
    expected |= {(one.candidate_id, c.id) for one in concerned for c in criteria if c.individual}
    expected -= {(one, c.id) for one in away for c in criteria if (one, c.id) not in cells}
    two = assessment.graders_per_work == 2
    open_ = sum(1 for key in expected if two and key in cells and AGREED not in cells[key])
    received = sum((assessment.slug, unit) in came for unit in units)
    return AssessmentStatus(
        assessment.slug, len(units), received, sum(key in cells for key in expected), len(expected), open_
    )


def _presents(candidate: Candidate, assessment: Assessment, held: set[tuple[str, str]]) -> bool:
    block = assessment.block
    if block is None:
        return True
    return (not candidate.blocks or block in candidate.blocks) and (candidate.candidate_id, block) not in held

"""Where a course stands: per assessment, what is expected, what came, what is marked. Nothing heavy is imported here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from grading.assessment import Assessment
from grading.cohort import Candidate, Cohort, Subjects
from grading.deadlines import Work, received, work_cut_offs
from grading.errors import listing
from grading.events import ADJUSTMENT, MARK
from grading.fact_proposals import with_deposits
from grading.language import _, plural
from grading.ledger.cohort_events import cohort_of, recorded_rows
from grading.ledger.work_events import work_log
from grading.marks import AGREED
from grading.works import WorkLog, state_label

if TYPE_CHECKING:
    from grading.course import Course

#: (subject, criterion) -> the graders who marked it.
Cells = dict[tuple[str, str], set[str]]


@dataclass(frozen=True)
class AssessmentStatus:
    """Numbers of one assessment. `expected` and `marked` count judgements: one per criterion and subject; the others count
    works: one per group, or candidate alone. `graded`: nothing is missing; `to_grade`: received, and something is.
    `nothing_from` names the works that never came, `not_run` those that autograde could not execute.
    """

    slug: str
    released: bool
    works: int
    received: int
    late: int
    ran: int
    to_grade: int
    graded: int
    finalised: int
    marked: int
    expected: int
    open_: int
    nothing_from: tuple[str, ...]
    waiting: tuple[str, ...]
    not_run: tuple[str, ...]

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
                text = plural(
                    _("{slug} : {count} note manque ({names})"),
                    _("{slug} : {count} notes manquent ({names})"),
                    one.missing,
                )
                names = listing(one.waiting, 6)
                texts.append(text.format(slug=one.slug, count=one.missing, names=names))
            if one.released and one.nothing_from:
                texts.append(_("{slug} : rien reçu de {names}").format(slug=one.slug, names=listing(one.nothing_from)))
            texts += [_("{slug} : {work}").format(slug=one.slug, work=work) for work in one.not_run]
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
                "✓" if one.released else "",
                f"{one.received}/{one.works}",
                str(one.late or ""),
                str(one.ran or ""),
                str(one.to_grade or ""),
                str(one.graded),
                str(one.finalised),
                f"{one.marked}/{one.expected}",
                str(todo) if todo else "✓",
            )

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "to_do": self.to_do}


def course_status(course: Course) -> CourseStatus:
    """Counts what the ledger holds against what the course expects."""
    syllabus = course.syllabus
    cells: dict[str, Cells] = defaultdict(lambda: defaultdict(set))
    cohort, head, adjustments, marks = Cohort(), "0", 0, 0
    log = WorkLog()
    if course.ledger.exists:
        with course.ledger.reading() as reader:
            log = work_log(reader)
            cohort = with_deposits(syllabus, cohort_of(recorded_rows(reader)), log.deposits)
            for batch in reader.columns(MARK):
                for slug, subject, criterion, grader, __, __ in batch:
                    cells[slug][subject, criterion].add(grader)
            head = str(reader.head().count)
            adjustments = reader.count(ADJUSTMENT)
    marks = sum(len(graders) for found in cells.values() for graders in found.values())
    due = {a.slug: a.due.date() for a in syllabus.assessments}
    subjects = Subjects(cohort.groups_on(due))
    limits = work_cut_offs(syllabus, cohort)
    lateness = {work: at > limits[work] for work, at in received(cohort, limits).items() if work in limits}
    found = tuple(_assessment(a, cohort, subjects, cells[a.slug], lateness, log) for a in syllabus.assessments)
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
    assessment: Assessment, cohort: Cohort, subjects: Subjects, cells: Cells, came: Mapping[Work, bool], log: WorkLog
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
    slug = assessment.slug
    handed_in = {unit for unit in units if (slug, unit) in came}
    waiting = {subjects.of(slug, subject) for subject, criterion in expected - set(cells)}
    begun = {subjects.of(slug, subject) for subject, criterion in expected & set(cells)}
    runs = {unit: log.runs[slug, unit] for unit in units if (slug, unit) in log.runs}
    stopped = {unit: run for unit, run in runs.items() if not run.state.scored}
    return AssessmentStatus(
        slug=slug,
        released=slug in log.releases,
        works=len(units),
        received=len(handed_in),
        late=sum(came[slug, unit] for unit in handed_in),
        ran=len(runs) - len(stopped),
        to_grade=len(handed_in & waiting),
        graded=len(begun - waiting),
        finalised=sum(len(log.finalised.get((slug, unit), ())) >= assessment.graders_per_work for unit in units),
        marked=sum(key in cells for key in expected),
        expected=len(expected),
        open_=open_,
        waiting=tuple(sorted({subject for subject, criterion in expected - set(cells)})),
        nothing_from=tuple(sorted(units - handed_in - away)),
        not_run=tuple(
            _("{subject} {state}").format(subject=unit, state=state_label(run.state))
            for unit, run in sorted(stopped.items())
        ),
    )


def _presents(candidate: Candidate, assessment: Assessment, held: set[tuple[str, str]]) -> bool:
    block = assessment.block
    if block is None:
        return True
    return (not candidate.blocks or block in candidate.blocks) and (candidate.candidate_id, block) not in held

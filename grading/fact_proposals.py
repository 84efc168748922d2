"""Proposals of facts: the value that lateness or the autograded cells propose for a criterion, which a grader confirms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from grading.assessment import Syllabus
from grading.cohort import Cohort, Submission
from grading.deadlines import deadline_proposals, received, work_cut_offs
from grading.regulation import FULL
from grading.works import Deposit, Run, WorkLog


@dataclass(frozen=True, slots=True)
class FactProposal:
    """`source` is what propose_from names. `late` (deadline) or `run` (autograde) is the fact behind the value."""

    assessment: str
    subject: str
    criterion: str
    quarters: int
    source: str
    late: timedelta | None = None
    run: Run | None = None


def fact_proposals(syllabus: Syllabus, cohort: Cohort, log: WorkLog) -> dict[tuple[str, str, str], FactProposal]:
    """(assessment, subject, criterion) -> what the facts propose. `cohort` already holds the collected works."""
    every = (*_from_deadlines(syllabus, cohort), *_from_runs(syllabus, log))
    return {(one.assessment, one.subject, one.criterion): one for one in every}


def _from_deadlines(syllabus: Syllabus, cohort: Cohort) -> Iterator[FactProposal]:
    limits = work_cut_offs(syllabus, cohort)
    came = received(cohort, limits)
    for (slug, subject, criterion), quarters in deadline_proposals(syllabus, cohort).items():
        late = max(came[slug, subject] - limits[slug, subject], timedelta(0))
        yield FactProposal(slug, subject, criterion, quarters, "deadline", late=late)


def _from_runs(syllabus: Syllabus, log: WorkLog) -> Iterator[FactProposal]:
    for (slug, subject), run in log.runs.items():
        value = autograde_quarters(run)
        assessment = syllabus.by_slug.get(slug)
        if assessment is None or value is None:
            continue
        for criterion in assessment.rubric.criteria:
            if criterion.propose_from == "autograde" and not criterion.sans_objet:
                yield FactProposal(slug, subject, criterion.id, value, "autograde", run=run)


def autograde_quarters(run: Run) -> int | None:
    """20 x points / maximum of the autograded cells, half up to 0.25, in quarter points; None where the work did not run."""
    if not run.state.scored or not run.maximum:
        return None
    return int(FULL * run.points / run.maximum + Fraction(1, 2))


def with_deposits(syllabus: Syllabus, cohort: Cohort, deposits: Iterable[Deposit]) -> Cohort:
    """The cohort with what was handed in by file beside what `submissions.csv` says. A set aside file is not handed in."""
    known = [one for one in deposits if not one.set_aside and one.assessment in syllabus.by_slug]
    if not known:
        return cohort
    units = DepositUnits(syllabus, cohort)
    zone = {
        a.slug: a.due.tzinfo for a in syllabus.assessments
    }  # an exchange tells UTC: it is read with the due date's clock
    more = [
        Submission(one.assessment, units.of(one), one.received_at.astimezone(zone[one.assessment]), one.by)
        for one in known
    ]
    return replace(cohort, submissions=(*cohort.submissions, *more))


class DepositUnits:
    """Whose work a deposit is: the group that held its author on the day it came, or on the due day if that is earlier;
    where there is none, the author's group on the due day, else the author alone."""

    def __init__(self, syllabus: Syllabus, cohort: Cohort) -> None:
        self._due = {a.slug: a.due for a in syllabus.assessments}
        self._on_due: Mapping[tuple[str, str], str] = cohort.groups_on({s: due.date() for s, due in self._due.items()})
        self._cohort = cohort

    def of(self, one: Deposit) -> str:
        due = self._due[one.assessment]
        day = min(one.received_at.astimezone(due.tzinfo).date(), due.date())
        then = (m.group_id for m in self._cohort.groups
                if m.assessment == one.assessment and m.candidate_id == one.candidate_id and m.holds_on(day))  # fmt: skip
        return next(then, None) or self._on_due.get((one.assessment, one.candidate_id), one.candidate_id)

    def unit(self, slug: str, candidate_id: str) -> str:
        """The group that holds a candidate on the due day, or the candidate."""
        return self._on_due.get((slug, candidate_id), candidate_id)

    def members(self, slug: str, subject: str) -> list[str]:
        """The candidates whom a work is for: those whom the group holds on the due day, or the candidate alone."""
        found = [who for (other, who), group in self._on_due.items() if other == slug and group == subject]
        return sorted(found) or ([subject] if subject in self._cohort.by_id else [])

"""Deadlines: what came when, how late after extensions, and what the regulation proposes for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction

from grading.assessment import Syllabus
from grading.cohort import Cohort
from grading.regulation import Regulation

#: (assessment, subject): a group, or a candidate.
Work = tuple[str, str]


def cut_off(due: datetime, extensions: Mapping[Work, datetime], works: Iterable[Work]) -> datetime:
    """The day and hour after which a work is late: the latest of `due` and the extensions of its subjects."""
    return max([due, *(extensions[work] for work in works if work in extensions)])


def received(cohort: Cohort, cut_offs: Mapping[Work, datetime]) -> dict[Work, datetime]:
    """When each work came: its last version in time, else its first version late."""
    came: dict[Work, datetime] = {}
    for submission in sorted(cohort.submissions, key=lambda one: one.received_at):
        work = (submission.assessment, submission.subject)
        limit = cut_offs.get(work)
        if work not in came or limit is None or submission.received_at <= limit:
            came[work] = submission.received_at
    return came


def proposed_quarters(late: timedelta, regulation: Regulation) -> int:
    """The value proposed for a delay, in quarter points ("up to that many hours late"; source: règlement)."""
    hours = Fraction(late // timedelta(microseconds=1), 3_600_000_000)
    for step in regulation.late:
        if step.hours is None or hours <= step.hours:
            return step.quarters
    return regulation.late[-1].quarters


def deadline_proposals(syllabus: Syllabus, cohort: Cohort) -> dict[tuple[str, str, str], int]:
    """(assessment, subject, criterion) -> quarter points proposed by the lateness of what came."""
    limits = work_cut_offs(syllabus, cohort)
    came = received(cohort, limits)
    found = {}
    for (slug, subject), at in came.items():
        assessment = syllabus.by_slug.get(slug)
        for criterion in assessment.rubric.criteria if assessment else ():
            if criterion.propose_from == "deadline" and not criterion.sans_objet:
                found[slug, subject, criterion.id] = proposed_quarters(at - limits[slug, subject], syllabus.regulation)
    return found


def work_cut_offs(syllabus: Syllabus, cohort: Cohort) -> dict[Work, datetime]:
    """The cut-off of each work that came or was given more time. A member's own work has the group's extension too."""
    extensions = {(one.assessment, one.subject): one.until for one in cohort.extensions}
    works = {(one.assessment, one.subject) for one in cohort.submissions} | set(extensions)
    due = {assessment.slug: assessment.due for assessment in syllabus.assessments}
    groups = cohort.groups_on({slug: moment.date() for slug, moment in due.items()})
    return {
        (slug, subject): cut_off(due[slug], extensions, [(slug, subject), (slug, groups.get((slug, subject), subject))])
        for slug, subject in works
        if slug in due
    }

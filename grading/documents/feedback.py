"""The feedback of one assessment: a page for each candidate who handed in or was marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grading.course import unknown_candidate
from grading.documents.assembly import page
from grading.documents.feedback_view import FeedbackView, feedback_view
from grading.documents.stamp import stamp_of
from grading.errors import JuryLabError, Problem, did_you_mean, listing
from grading.language import _
from grading.sheet import AssessmentPart, assessment_part

if TYPE_CHECKING:
    from grading.course import Course
    from grading.marks import Mark


@dataclass(frozen=True)
class Feedback:
    """One page: where it goes, its text, how many criteria still have no mark."""

    candidate_id: str
    path: Path
    html: str
    missing: int


def feedback_page(course: Course, slug: str, candidate_id: str) -> str:
    """The page of one candidate. Raises JuryLabError for an unknown assessment or candidate."""
    return _page(course, slug, candidate_id, course.current_marks())[0]


def feedback_pages(course: Course, slug: str) -> Iterable[Feedback]:
    """A page for each candidate who handed something in, or has a mark, in an assessment."""
    _known(course, slug)
    marks = [mark for mark in course.current_marks() if mark.assessment == slug]
    marked = {mark.subject for mark in marks}
    came = {one.subject for one in course.cohort().submissions if one.assessment == slug}
    subjects = course.reckoning().evidence.subjects
    for candidate in course.cohort().candidates:
        mine = {candidate.candidate_id, subjects.of(slug, candidate.candidate_id)}
        if mine & (marked | came):
            html, view = _page(course, slug, candidate.candidate_id, marks)
            yield Feedback(
                candidate.candidate_id, feedback_path(course, slug, candidate.candidate_id), html, view.missing
            )


def write_feedback(course: Course, slug: str) -> list[Feedback]:
    """Writes workspace/feedback/<candidate>/<slug>/retour.html for each of them."""
    written = []
    for one in feedback_pages(course, slug):
        one.path.parent.mkdir(parents=True, exist_ok=True)
        partial = one.path.with_name(f".{one.path.name}.partial")
        partial.write_text(one.html, encoding="utf-8")
        partial.replace(one.path)
        written.append(one)
    return written


def feedback_path(course: Course, slug: str, candidate_id: str) -> Path:
    return course.workspace / "feedback" / candidate_id / slug / "retour.html"


def _known(course: Course, slug: str) -> None:
    known = course.syllabus.by_slug
    if slug not in known:
        found = _("épreuve « {slug} » : inconnue").format(slug=slug)
        raise JuryLabError(Problem("SLUG", found, listing(known), did_you_mean(slug, known)))


def _page(course: Course, slug: str, candidate_id: str, marks: Iterable[Mark]) -> tuple[str, FeedbackView]:
    _known(course, slug)
    reckoning = course.reckoning()
    if candidate_id not in reckoning.row_of:
        raise unknown_candidate(candidate_id, reckoning.row_of)
    part: AssessmentPart = assessment_part(reckoning, candidate_id, slug, marks)
    run = course.works().runs.get((slug, part.subject))
    view = feedback_view(reckoning, candidate_id, part, run, course.workspace / "release" / slug)
    stamp = stamp_of(reckoning, None)
    candidate = reckoning.facts.cohort.by_id[candidate_id]
    footer = _("Retour · {name} ({id}) · registre {head} · {date}").format(
        name=candidate.shown_name, id=candidate_id, head=stamp.short_head, date=stamp.date
    )
    regulation = reckoning.layout.syllabus.regulation
    return page("feedback", regulation, footer, stamp=stamp, view=view, candidate=candidate), view

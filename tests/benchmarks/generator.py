"""A seeded course of any size: the shipped assessments, invented candidates in groups of four, two graders and their
agreement on each case study (about 110 marks per candidate)."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from grading.assessment import Assessment
from grading.codes import AccessPath, Kind
from grading.cohort import Candidate, Membership, Submission
from grading.course import Course
from grading.events import Event
from grading.ledger.cohort_events import difference, events_of
from grading.ledger.mark_events import events_of as mark_events_of
from grading.ledger.mark_events import freeze_event
from grading.marks import AGREED, Mark, MarkState

ROOT = Path(__file__).parents[2]
GROUP = 4


def make_course(folder: Path, count: int, seed: int = 2026) -> Course:
    """A course of `count` candidates with every mark in its ledger."""
    for name in ("course", "rubrics"):
        shutil.copytree(ROOT / name, folder / name)
    text = (folder / "course" / "course.yaml").read_text(encoding="utf-8")
    for slug in [a.slug for a in Course(folder).syllabus.assessments if a.kind is Kind.CASE_STUDY]:
        if slug != "bc01-etude-des-besoins" and len(Course(folder).syllabus.by_slug[slug].graders) > 1:
            text = text.replace(f"- slug: {slug}\n", f"- slug: {slug}\n    graders_per_work: 2\n")
    (folder / "course" / "course.yaml").write_text(text, encoding="utf-8")
    course = Course(folder)
    randomness = random.Random(seed)
    candidates = tuple(_candidate(number, randomness) for number in range(count))
    groups = tuple(_memberships(course, candidates))
    submissions = tuple(_submissions(course, candidates))
    tables = {"candidates": candidates, "groups": groups, "submissions": submissions}
    hashes = {slug: a.rubric.hash for slug, a in course.syllabus.by_slug.items()}
    with course.ledger.writing() as ledger:
        ledger.append(events_of(difference({}, tables)))
        ledger.append(_frozen(course))
        ledger.append(mark_events_of(_marks(course, candidates, randomness), hashes))
    return course.refresh()


def _candidate(number: int, randomness: random.Random) -> Candidate:
    path = AccessPath.VAE if number % 20 == 0 else randomness.choice((AccessPath.FI, AccessPath.CA, AccessPath.FC))
    return Candidate(
        candidate_id=f"C{number:05d}", birth_name=f"Nom{number}", usage_name="", first_names=f"Prénom{number}", sex="F",
        birth_date="2001-05-17", birth_place="Lille", birth_insee_code="59350", birth_country="France",
        email=f"c{number}@exemple.fr", access_path=path, entry_level="M1", entry_title_status="produced",
        entered_on=date(2025, 9, 1), blocks=frozenset(), company_months=Fraction(randomness.randrange(4, 20)),
    )  # fmt: skip


def _memberships(course: Course, candidates: tuple[Candidate, ...]) -> Iterator[Membership]:
    for assessment in course.syllabus.of_kind(Kind.CASE_STUDY):
        concerned = [c for c in candidates if assessment.concerns(c.access_path)]
        for number, candidate in enumerate(concerned):
            yield Membership(assessment.slug, _group(assessment, number), candidate.candidate_id, None, None)


def _group(assessment: Assessment, number: int) -> str:
    return f"G-{assessment.slug}-{number // GROUP}"


def _units(assessment: Assessment, candidates: tuple[Candidate, ...]) -> list[str]:
    concerned = [c for c in candidates if assessment.concerns(c.access_path)]
    if assessment.kind is Kind.CASE_STUDY:
        return sorted({_group(assessment, number) for number in range(len(concerned))})
    return [c.candidate_id for c in concerned]


def _submissions(course: Course, candidates: tuple[Candidate, ...]) -> Iterator[Submission]:
    for assessment in course.syllabus.assessments:
        for unit in _units(assessment, candidates):
            yield Submission(assessment.slug, unit, assessment.due, "")


def _frozen(course: Course) -> Iterator[Event]:
    for slug, assessment in course.syllabus.by_slug.items():
        yield freeze_event(slug, assessment.rubric.hash, (course.folder / "rubrics" / f"{slug}.yaml").read_bytes())


def _marks(course: Course, candidates: tuple[Candidate, ...], randomness: random.Random) -> Iterator[Mark]:
    for assessment in course.syllabus.assessments:
        graders = [
            *assessment.graders[: assessment.graders_per_work],
            *([AGREED] if assessment.graders_per_work == 2 else []),
        ]
        people = [c.candidate_id for c in candidates if assessment.concerns(c.access_path)]
        for criterion in assessment.rubric.criteria:
            if criterion.sans_objet:
                continue
            for subject in people if criterion.individual else _units(assessment, candidates):
                for grader in graders:
                    yield replace(_MARK, assessment=assessment.slug, subject=subject, criterion=criterion.id, grader=grader,
                                  quarters=40 + randomness.randrange(24))  # fmt: skip


_MARK = Mark("", "", "", "", MarkState.MARKED, 3, 52, "", "", "2026-06-30T12:00+02:00")

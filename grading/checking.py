"""What `jurylab check` says beside refusals: things that hold together but deserve a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from grading.assessment import Syllabus
from grading.errors import JuryLabError, Problem, Problems, listing
from grading.language import _, plural
from grading.ledger.mark_events import freeze_event
from grading.loading.rubric_file import rubric_from
from grading.loading.yaml_file import decimal_text, read_bytes
from grading.marks import EVERY

if TYPE_CHECKING:
    from grading.course import Course

Warnings = tuple[str, ...]


def course_warnings(course: Course) -> Warnings:
    """Sentences to read; none of them stops anything."""
    return (*_months(course.syllabus), *_group_sizes(course), *_strangers(course), *_drifts(course))


def _months(syllabus: Syllabus) -> Iterator[str]:
    asked, setting = syllabus.certification.company_months, syllabus.regulation.company_months
    if asked is not None and setting is not None and setting < asked:
        yield _("company_months vaut {setting}, moins que les {asked} mois de la fiche").format(
            setting=decimal_text(setting), asked=decimal_text(asked)
        )


def _group_sizes(course: Course) -> Iterator[str]:
    due = {a.slug: a.due.date() for a in course.syllabus.assessments}
    sizes = Counter((slug, group) for (slug, __), group in course.cohort().groups_on(due).items())
    for (slug, group), size in sorted(sizes.items()):
        low, high = course.syllabus.by_slug[slug].group_size
        if not low <= size <= high:
            yield _("{slug}, groupe {group} : {size} le jour de l'échéance, au lieu de {low} à {high}").format(
                slug=slug, group=group, size=size, low=low, high=high
            )


def _strangers(course: Course) -> Iterator[str]:
    """Marks that no longer fit the course: they count for nothing, and somebody should know."""
    known = {(a.slug, c.id) for a in course.syllabus.assessments for c in a.rubric.criteria if not c.sans_objet}
    lost = Counter(
        (m.assessment, m.criterion)
        for m in course.current_marks()
        if m.criterion != EVERY and (m.assessment, m.criterion) not in known
    )
    for (slug, criterion), count in sorted(lost.items()):
        yield plural(
            _("{count} note du registre porte sur {slug} {criterion}, absent du cours : elle ne compte pas"),
            _("{count} notes du registre portent sur {slug} {criterion}, absent du cours : elles ne comptent pas"), count,
        ).format(count=count, slug=slug, criterion=criterion)  # fmt: skip


def _drifts(course: Course) -> Iterator[str]:
    for drift in course.drifts:
        changed, crossing = rubric_effect(course, drift.slug)
        marks = plural(_("{count} note change"), _("{count} notes changent"), changed).format(count=changed)
        bar = plural(_("{count} franchit"), _("{count} franchissent"), crossing).format(count=crossing)
        pass_mark = decimal_text(Fraction(course.syllabus.regulation.pass_mark, 100))
        yield _(
            "grille {slug} modifiée : {marks}, {bar} {pass_mark} ; l'ancienne reste en vigueur jusqu'à jurylab check --confirm {slug}"
        ).format(slug=drift.slug, marks=marks, bar=bar, pass_mark=pass_mark)


def with_file_rubric(course: Course, slug: str) -> Syllabus:
    """The course as it would be with the rubric that is in the file now."""
    problems = Problems()
    content = read_bytes(course.folder / "rubrics" / f"{slug}.yaml", problems)
    problems.stop_if_any()
    rubric = rubric_from(content or b"", f"rubrics/{slug}.yaml", slug, course.syllabus.certification, problems)
    problems.stop_if_any()
    if rubric is None:
        raise JuryLabError(*problems)
    assessments = tuple(replace(a, rubric=rubric) if a.slug == slug else a for a in course.syllabus.assessments)
    return replace(course.syllabus, assessments=assessments)


def rubric_effect(course: Course, slug: str) -> tuple[int, int]:
    """How many candidates' marks of this assessment would change, and how many would cross the pass mark."""
    before, after = course.reckoning(), course.reckon_with(with_file_rubric(course, slug))
    number = before.layout.assessment_index[slug]
    old, new = before.scores.assessment[:, number], after.scores.assessment[:, number]
    bar = course.syllabus.regulation.pass_mark
    return int((old != new).sum()), int(((old >= bar) != (new >= bar)).sum())


def confirm_rubric(course: Course, slug: str) -> None:
    """Puts the file's rubric in force. Raises JuryLabError where there is nothing to confirm."""
    if slug not in {drift.slug for drift in course.drifts}:
        waiting = listing(drift.slug for drift in course.drifts) or _("aucune grille n'attend")
        raise JuryLabError(Problem("--confirm", _("« {value} »").format(value=slug), waiting))
    rubric = with_file_rubric(course, slug).by_slug[slug].rubric
    text = (course.folder / "rubrics" / f"{slug}.yaml").read_bytes()
    course.ledger.append([freeze_event(slug, rubric.hash, text)])

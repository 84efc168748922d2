"""`marks.csv` <-> marks, in the contract's long form. Every bad row is told; nothing is kept if one is bad."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from grading.assessment import Assessment, Syllabus
from grading.cohort import Cohort, Subjects
from grading.errors import Problems, did_you_mean, listing
from grading.language import _
from grading.loading.tables import Row, read_csv
from grading.loading.yaml_file import decimal_text, exact_number, moment
from grading.marks import AGREED, EVERY, SHORTEST_MOTIVE, Mark, MarkState
from grading.regulation import QUARTERS
from grading.rubric import RubricCriterion

COLUMNS = ("assessment", "subject", "criterion", "grader", "state", "level", "value", "comment", "at")
#: What makes a row unique.
Key = tuple[str, str, str, str, bool]
#: (assessment, subject, criterion) -> the graders who have a row there.
Graders = Mapping[tuple[str, str, str], set[str]]


@dataclass(frozen=True)
class MarksFile:
    marks: tuple[Mark, ...]
    notices: tuple[str, ...]


def read_marks(
    path: Path, syllabus: Syllabus, cohort: Cohort, recorded: Graders, current: Mapping[Key, Mark] | None = None
) -> MarksFile:
    """The marks of a file, each checked against its rubric and its subject.

    `recorded` says who has marked what already; `current` are the marks in force: an adjustment whose motive was purged
    may come back as it is. Raises JuryLabError with every bad row.
    """
    problems = Problems()
    table = read_csv(path, "marks", COLUMNS, problems)
    problems.stop_if_any()
    assert table is not None  # read_csv tells a problem otherwise
    marks = marks_of(table.rows, syllabus, cohort, recorded, current or {})
    problems.stop_if_any()
    return MarksFile(marks, tuple(table.notices))


def marks_of(
    rows: Iterable[Row], syllabus: Syllabus, cohort: Cohort, recorded: Graders, current: Mapping[Key, Mark]
) -> tuple[Mark, ...]:
    """The marks of some rows, from a file or from a grader's hand. What is wrong is told through each row."""
    reader = _MarksReader(syllabus, cohort, current)
    marks: list[Mark] = []
    seen: dict[object, str] = {}
    graders = {key: set(names) for key, names in recorded.items()}
    for row in rows:
        mark = reader.mark(row)
        if mark is None:
            continue
        if mark.key in seen:
            row.problem(
                "criterion",
                _("ligne déjà donnée en {where}").format(where=seen[mark.key]),
                todo=_("n'en garder qu'une"),
            )
        seen[mark.key] = row.where
        marks.append(mark)
        _check_graders(row, mark, syllabus.by_slug[mark.assessment], graders)
    return tuple(marks)


def write_marks(marks: Iterable[Mark]) -> str:
    """The contract's text: sorted by key, minimal quotes, LF, values as they were given."""
    out = io.StringIO()
    out.write(",".join(COLUMNS) + "\n")
    for mark in sorted(marks, key=lambda mark: mark.key):
        out.write(_line(row_of(mark)))
    return out.getvalue()


def _line(cells: tuple[str, ...]) -> str:
    """One record that ends with LF. csv only quotes a lone CR when it ends records with CRLF itself."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()[:-2] + "\n"


def row_of(mark: Mark) -> tuple[str, ...]:
    level = "" if mark.level is None else str(mark.level)
    return (mark.assessment, mark.subject, mark.criterion, mark.grader, mark.state.value, level, mark.value,
            mark.comment, mark.at)  # fmt: skip


def _check_graders(row: Row, mark: Mark, assessment: Assessment, graders: dict[tuple[str, str, str], set[str]]) -> None:
    if mark.state is MarkState.ADJUSTMENT or mark.grader == AGREED:
        return
    key = (mark.assessment, mark.subject, mark.criterion)
    names = graders.setdefault(key, set())
    names.add(mark.grader)
    if len(names) > assessment.graders_per_work:
        row.problem(
            "grader",
            _("{count} évaluateurs sur un même critère ({names})").format(
                count=len(names), names=listing(sorted(names))
            ),
            _("{count} au plus (graders_per_work)").format(count=assessment.graders_per_work),
        )


class _MarksReader:
    """Reads one row at a time, with the course at hand."""

    def __init__(self, syllabus: Syllabus, cohort: Cohort, current: Mapping[Key, Mark]) -> None:
        self._syllabus, self._cohort, self._current = syllabus, cohort, current
        due = {assessment.slug: assessment.due.date() for assessment in syllabus.assessments}
        self._subjects = Subjects(cohort.groups_on(due))
        self._groups: dict[str, set[str]] = {slug: set() for slug in due}
        for member in cohort.groups:
            self._groups.setdefault(member.assessment, set()).add(member.group_id)
        self._home = {group: slug for slug, groups in self._groups.items() for group in groups}

    def mark(self, row: Row) -> Mark | None:
        """The mark of a row, or None with every problem of the row told."""
        before = len(row.problems)
        assessment = self._syllabus.by_slug.get(row.known("assessment", self._syllabus.by_slug, _("épreuve")))
        states = [state.value for state in MarkState]
        state = row.choice("state", states)
        at = row.text("at")
        if at and moment(at) is None:
            row.problem("at", _("« {value} »").format(value=at), _("date, heure et décalage, ou vide"))
        if assessment is None:
            return None
        self._check_grader(row, assessment)
        if state not in states:
            return None
        name = row.text("criterion", required=True)
        criterion = assessment.rubric.criterion_by_id.get(name)
        if state == MarkState.ADJUSTMENT:
            level, quarters = None, self._delta(row, assessment, criterion, name)
        else:
            level, quarters = self._judgement(row, assessment, criterion, name, MarkState(state))
        if len(row.problems) > before:
            return None
        value, comment = row.dotted(row.text("value")), row.raw("comment")
        return Mark(assessment.slug, row.text("subject"), name, row.text("grader"), MarkState(state), level, quarters,
                    value, comment, at)  # fmt: skip

    def _check_grader(self, row: Row, assessment: Assessment) -> None:
        allowed = [*assessment.graders, *([AGREED] if assessment.graders_per_work == 2 else [])]
        grader = row.text("grader", required=True)
        if grader and grader not in allowed:
            row.problem(
                "grader",
                _("« {name} » n'évalue pas {slug}").format(name=grader, slug=assessment.slug),
                listing(allowed),
                did_you_mean(grader, allowed),
            )
        row.text("comment")

    def _judgement(
        self, row: Row, assessment: Assessment, criterion: RubricCriterion | None, name: str, state: MarkState
    ) -> tuple[int | None, int | None]:
        if criterion is None and not name:
            return None, None
        if criterion is None:
            known = assessment.rubric.criterion_by_id
            row.problem(
                "criterion",
                _("« {name} » n'est pas dans la grille {slug}").format(name=name, slug=assessment.slug),
                listing(known),
                did_you_mean(name, known),
            )
            return None, None
        if criterion.sans_objet:
            project = listing(assessment.rubric.project) or _("aucun")
            row.problem(
                "criterion",
                _("{name} est sans objet dans {slug} (projet : {project})").format(
                    name=name, slug=assessment.slug, project=project
                ),
                todo=_("retirer la ligne"),
            )
        self._check_subject(row, assessment, criterion)
        if state is not MarkState.MARKED:
            for column in ("level", "value"):
                if row.text(column):
                    row.problem(
                        column,
                        _("« {value} » sur une ligne {state}").format(value=row.text(column), state=state.value),
                        _("vide"),
                    )
            return None, None
        return self._level_and_value(row, assessment)

    def _level_and_value(self, row: Row, assessment: Assessment) -> tuple[int | None, int | None]:
        levels = {str(level.id): level for level in assessment.rubric.levels}
        level = levels.get(row.choice("level", levels))
        if level is None:
            return None, None
        given = row.text("value")
        if not given:
            return level.id, level.default
        value = exact_number(row.dotted(given))
        if value is None or (value * QUARTERS).denominator != 1:
            row.problem("value", _("« {value} »").format(value=given), _("un nombre par pas de 0.25"))
        elif not level.holds(int(value * QUARTERS)):
            low, high = (decimal_text(Fraction(bound, QUARTERS)) for bound in (level.lowest, level.highest))
            row.problem(
                "value",
                _("« {value} » hors du niveau {level}").format(value=given, level=level.id),
                _("de {low} à {high}").format(low=low, high=high),
            )
        else:
            return level.id, int(value * QUARTERS)
        return None, None

    def _delta(self, row: Row, assessment: Assessment, criterion: RubricCriterion | None, name: str) -> int | None:
        groups = [c.id for c in assessment.rubric.criteria if not c.individual and not c.sans_objet]
        if (name != EVERY and name not in groups) or not groups:
            row.problem(
                "criterion",
                _("« {name} » ne se module pas").format(name=name),
                listing([EVERY, *groups] if groups else [_("rien : aucun critère de groupe")]),
            )
        candidate = row.text("subject", required=True)
        if candidate in self._home:
            row.problem(
                "subject", _("« {id} » est un groupe").format(id=candidate), _("le candidat que la modulation concerne")
            )
        else:
            self._is_concerned(row, assessment, candidate)
        if row.text("level"):
            row.problem("level", _("« {value} » sur une modulation").format(value=row.text("level")), _("vide"))
        known = self._current.get((assessment.slug, candidate, name, row.text("grader"), True))
        purged = known is not None and not known.comment and known.value == row.dotted(row.text("value"))
        if len(row.text("comment")) < SHORTEST_MOTIVE and not purged:
            row.problem(
                "comment",
                _("modulation sans motif, ou motif trop court"),
                _("{count} caractères ou plus").format(count=SHORTEST_MOTIVE),
            )
        given, bound = row.text("value"), self._syllabus.regulation.adjustment_bound
        value = exact_number(row.dotted(given)) if given else None
        if value is None or (value * QUARTERS).denominator != 1 or abs(value * QUARTERS) > bound:
            limit = decimal_text(Fraction(bound, QUARTERS))
            row.problem(
                "value",
                _("« {value} »").format(value=given),
                _("de -{limit} à +{limit} par pas de 0.25 (règlement)").format(limit=limit),
            )
            return None
        return int(value * QUARTERS)

    def _check_subject(self, row: Row, assessment: Assessment, criterion: RubricCriterion) -> None:
        subject, slug = row.text("subject", required=True), assessment.slug
        if subject in self._groups[slug]:
            if criterion.individual:
                row.problem(
                    "subject",
                    _("{criterion} est individuel, « {id} » est un groupe").format(criterion=criterion.id, id=subject),
                    _("un candidat"),
                )
        elif subject in self._home:
            row.problem(
                "subject",
                _("le groupe « {id} » est celui de {other}").format(id=subject, other=self._home[subject]),
                _("un groupe de {slug}").format(slug=slug),
            )
        elif self._is_concerned(row, assessment, subject) and not criterion.individual:
            group = self._subjects.of(slug, subject)
            if group != subject:
                row.problem(
                    "subject",
                    _("{criterion} se note pour le groupe, « {id} » est un candidat").format(
                        criterion=criterion.id, id=subject
                    ),
                    _("son groupe : {group}").format(group=group),
                )

    def _is_concerned(self, row: Row, assessment: Assessment, candidate_id: str) -> bool:
        candidate = self._cohort.by_id.get(candidate_id)
        if candidate is None:
            if candidate_id:
                known = [*self._cohort.by_id, *self._groups[assessment.slug]]
                row.problem(
                    "subject",
                    _("ni candidat ni groupe : « {id} »").format(id=candidate_id),
                    todo=did_you_mean(candidate_id, known),
                )
            return False
        if not assessment.concerns(candidate.access_path):
            row.problem(
                "subject",
                _("la voie {path} de {id} n'est pas concernée par {slug}").format(
                    path=candidate.access_path, id=candidate_id, slug=assessment.slug
                ),
            )
            return False
        return True

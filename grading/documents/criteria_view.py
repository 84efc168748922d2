"""One criterion of the sheet: what each grader said, what stands, and why, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from grading.assessment import Assessment
from grading.judgements import Standing
from grading.language import _, current
from grading.marks import AGREED, EVERY, SYSTEM, Mark, MarkState
from grading.regulation import Regulation
from grading.sentences.wording import mark_text, number_text
from grading.sheet import AssessmentPart, CriterionPart


class Opinion(NamedTuple):
    who: str
    level: str
    value: str
    comment: str


class CriterionLine(NamedTuple):
    """`kept` is the value that counts, empty where none does; `words` says how the criterion stands."""

    id: str
    text: str
    origin: str
    weight: str
    competences: str
    scope: str
    determinant: bool
    opinions: tuple[Opinion, ...]
    adjustments: tuple[str, ...]
    kept: str
    words: str
    waits: bool


def criterion_line(
    part: CriterionPart, within: AssessmentPart, regulation: Regulation, determinant: str | None
) -> CriterionLine:
    criterion = part.criterion
    return CriterionLine(
        id=criterion.id,
        text=part.text,
        origin=_("critère de l'école (règlement)") if criterion.text else "",
        weight=number_text(criterion.weight),
        competences=" ".join(criterion.competences),
        scope=_("individuel") if criterion.individual else "",
        determinant=criterion.id == determinant and within.assessment.block is not None,
        opinions=tuple(_opinion(mark, within.assessment) for mark in sorted(part.marks, key=_order)),
        adjustments=tuple(_adjustments(part, regulation)),
        kept=_points(part.quarters),
        words=standing_text(part, within.assessment),
        waits=part.standing in (Standing.NO_MARK, Standing.DISAGREEMENT, Standing.ABSENT),
    )


def standing_text(part: CriterionPart, assessment: Assessment) -> str:
    """How the criterion stands, for somebody who knows none of our words. Nothing to say of an ordinary mark."""
    if part.counts_zero:
        return _("compte 0 (règlement)")
    words = {
        Standing.NO_MARK: _("pas encore noté"),
        Standing.MARKED: "",
        Standing.NOT_OBSERVED: _("non observé : ne compte pas"),
        Standing.NOT_APPLICABLE: _("sans objet : ne compte pas"),
        Standing.ABSENT: _("absent à cette épreuve : ne compte pas"),
        Standing.OUT: _("compétences dispensées : ne compte pas"),
    }
    if part.standing is Standing.DISAGREEMENT:
        return _disagreement(part, assessment)
    if part.standing is Standing.OUT and part.criterion.sans_objet:
        return _("sans objet pour ce type de projet (fiche) : ne compte pas")
    return words[part.standing]


def _disagreement(part: CriterionPart, assessment: Assessment) -> str:
    alone = len([mark for mark in part.marks if mark.grader != AGREED]) < assessment.graders_per_work
    return _("attend le second évaluateur") if alone else _("deux avis : l'accord reste à établir")


def _order(mark: Mark) -> tuple[bool, str]:
    """What graders settled comes after what each said."""
    return mark.grader == AGREED, mark.grader


def _opinion(mark: Mark, assessment: Assessment) -> Opinion:
    names = {AGREED: _("Accord des évaluateurs"), SYSTEM: _("Proposé par le système")}
    states = {MarkState.NOT_OBSERVED: _("non observé"), MarkState.NOT_APPLICABLE: _("sans objet")}
    level = assessment.rubric.level_by_id.get(mark.level) if mark.level is not None else None
    label = level.label.get(current(), level.label["fr"]) if level else ""
    return Opinion(
        names.get(mark.grader, mark.grader), states.get(mark.state, label), _points(mark.quarters), mark.comment
    )


def _adjustments(part: CriterionPart, regulation: Regulation) -> Iterator[str]:
    for mark in part.adjustments:
        scope = _("toute l'épreuve") if mark.criterion == EVERY else _("ce critère")
        yield _("Modulation {delta} ({scope}, {who}) : {motive}").format(
            delta=_delta(mark.quarters or 0), scope=scope, who=mark.grader, motive=mark.comment
        )
    total = sum(mark.quarters or 0 for mark in part.adjustments)
    if part.adjustments and (part.standing is not Standing.MARKED or part.counts_zero):
        yield _("Sans effet : ce critère ne porte pas de note.")
    elif abs(total) > regulation.adjustment_bound:
        yield _("Modulations ramenées à {bound} points au plus (règlement).").format(
            bound=_points(regulation.adjustment_bound)
        )


def _points(quarters: int | None) -> str:
    """Quarter points as points: 53 -> 13,25."""
    return "" if quarters is None else mark_text(quarters * 25)


def _delta(quarters: int) -> str:
    return f"{'+' if quarters > 0 else '−'}{mark_text(abs(quarters) * 25)}"

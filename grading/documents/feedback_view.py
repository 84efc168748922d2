"""What one member of a group reads of an assessment: their own levels and comments, never another member's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from grading.assessment import Assessment
from grading.documents.criteria_view import standing_text
from grading.documents.deliveries import absence_text, received_text
from grading.documents.figures import Figure, mark_figure
from grading.judgements import Standing
from grading.language import _, current
from grading.marks import AGREED, EVERY, Mark, MarkState
from grading.proposals import Reckoning
from grading.scoring import NONE
from grading.sentences.wording import mark_text, number_text
from grading.sheet import AssessmentPart, CriterionPart
from grading.works import Run, state_label


class FeedbackLine(NamedTuple):
    """One criterion. `level` and `value` are empty where nothing counts yet; `words` then says how it stands."""

    id: str
    text: str
    weight: str
    scope: str
    level: str
    descriptor: str
    value: str
    words: str
    comment: str
    adjustments: tuple[str, ...]


class CheckedLine(NamedTuple):
    title: str
    verdict: str
    points: str
    code: str


class FeedbackView(NamedTuple):
    title: str
    group: str
    members: tuple[str, ...]
    received: str
    late: bool
    absence: str
    mark: Figure
    provisional: bool
    lines: tuple[FeedbackLine, ...]
    checked: tuple[CheckedLine, ...]
    stopped: str
    missing: int


def feedback_view(
    reckoning: Reckoning, candidate_id: str, part: AssessmentPart, run: Run | None, release: Path
) -> FeedbackView:
    """`release` is the folder handed out: it names the questions."""
    names = reckoning.facts.cohort.by_id
    received, late = received_text(part, candidate_id, reckoning)
    lines = tuple(_line(one, part.assessment) for one in part.criteria if not one.criterion.sans_objet)
    waiting = (Standing.NO_MARK, Standing.DISAGREEMENT)
    return FeedbackView(
        title=part.assessment.shown_title,
        group=part.subject if part.subject != candidate_id else "",
        members=tuple(names[one].shown_name for one in part.members if one in names),
        received=received,
        late=late,
        absence=absence_text(part),
        mark=mark_figure(part.mark),
        provisional=part.provisional and part.mark != NONE,
        lines=lines,
        checked=tuple(_checked(run, release)) if run is not None and run.state.scored else (),
        stopped=_stopped(run) if run is not None and not run.state.scored else "",
        missing=sum(one.standing in waiting for one in part.criteria if not one.criterion.sans_objet),
    )


def _line(part: CriterionPart, assessment: Assessment) -> FeedbackLine:
    criterion, language = part.criterion, current()
    official = _official(part, assessment)
    level = _level(part, official, assessment)
    texts = criterion.descriptors.get(level.id, {}) if level else {}
    return FeedbackLine(
        id=criterion.id,
        text=part.text,
        weight=number_text(criterion.weight),
        scope=_("note individuelle") if criterion.individual else _("note du groupe"),
        level=level.label.get(language, level.label["fr"]) if level else "",
        descriptor=texts.get(language, texts.get("fr", "")),
        value="" if part.quarters is None else mark_text(part.quarters * 25),
        words=_("évaluation en cours") if part.standing is Standing.DISAGREEMENT else standing_text(part, assessment),
        comment=official.comment if official else "",
        adjustments=tuple(_adjustments(part)) if part.standing is Standing.MARKED and not part.counts_zero else (),
    )


def _official(part: CriterionPart, assessment: Assessment) -> Mark | None:
    """The judgement that was given: what two graders settled, or the only grader's. A blind mark is never shown."""
    if assessment.graders_per_work == 2:
        return next((mark for mark in part.marks if mark.grader == AGREED), None)
    return part.marks[0] if len(part.marks) == 1 else None


def _level(part: CriterionPart, official: Mark | None, assessment: Assessment):  # type: ignore[no-untyped-def]  # a Level, or None
    if part.standing is not Standing.MARKED or part.counts_zero or part.quarters is None:
        return None
    if official is not None and official.state is MarkState.MARKED and official.level is not None:
        return assessment.rubric.level_by_id.get(official.level)
    return assessment.rubric.level_of(part.quarters)


def _adjustments(part: CriterionPart) -> Iterator[str]:
    """Those of this member: a sheet holds no other."""
    for mark in part.adjustments:
        sign = "+" if (mark.quarters or 0) > 0 else "−"
        scope = _("toute l'épreuve") if mark.criterion == EVERY else _("ce critère")
        yield _("Modulation {delta} ({scope}) : {motive}").format(
            delta=sign + mark_text(abs(mark.quarters or 0) * 25), scope=scope, motive=mark.comment
        )


def _checked(run: Run, release: Path) -> Iterator[CheckedLine]:
    titles = question_titles(release)
    for cell in run.cells:
        full, none = cell.points == cell.maximum, cell.points == 0
        verdict, code = (_("juste"), "VAL") if full else (_("faux"), "NVAL") if none else (_("en partie"), "ATT")
        points = f"{number_text(cell.points)} / {number_text(cell.maximum)}"
        yield CheckedLine(titles.get(cell.grade_id, cell.grade_id), verdict, points, code)


def _stopped(run: Run) -> str:
    text = state_label(run.state)
    return f"{text} ({run.reason})" if run.reason else text


def question_titles(release: Path) -> dict[str, str]:
    """grade id -> the nearest heading above that cell, in the notebook handed out. A folder that is gone names nothing."""
    found: dict[str, str] = {}
    for path in sorted(release.glob("*.ipynb")):
        title = ""
        for cell in json.loads(path.read_bytes())["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                heads = [line.lstrip("# ").strip() for line in source.splitlines() if line.startswith("#")]
                title = heads[-1] if heads else title
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if grade_id:
                found[grade_id] = title or grade_id
    return found

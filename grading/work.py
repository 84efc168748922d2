"""One work as its grader sees it: the rubric, what they have said, what the facts propose, what it comes to.

One shape for the notebook's widget and for any page: plain JSON, texts already in the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from grading.assessment import Assessment
from grading.certification import Certification
from grading.deadlines import received, work_cut_offs
from grading.errors import JuryLabError, Problem, did_you_mean
from grading.fact_proposals import DepositUnits, FactProposal, fact_proposals
from grading.language import _, current
from grading.marking import missing_marks
from grading.marks import AGREED, Mark, MarkState
from grading.regulation import QUARTERS
from grading.rubric import RubricCriterion
from grading.scoring import NONE
from grading.sentences.block import block_sentence
from grading.sentences.wording import mark_text, number_text
from grading.works import state_label

if TYPE_CHECKING:
    from grading.course import Course

Json = dict[str, Any]


def work_view(course: Course, slug: str, subject: str, grader: str) -> Json:
    """`assessment`, `subject` (with `members`), `grader`, `facts` (sentences), `levels`, `criteria` (each with one entry per
    subject in `marks`), `totals` (per member), `missing`, `finalised`.

    `subject` may be a member: their group's work is meant. Raises JuryLabError for an unknown assessment or subject.
    """
    return _View(course, slug, subject, grader).json()


class _View:
    def __init__(self, course: Course, slug: str, subject: str, grader: str) -> None:
        known = course.syllabus.by_slug
        if slug not in known:
            raise JuryLabError(
                Problem(
                    "assessment", _("épreuve « {slug} » : inconnue").format(slug=slug), "", did_you_mean(slug, known)
                )
            )
        self.course, self.assessment, self.grader = course, known[slug], grader
        self.slug = slug
        self.cohort = course.cohort()
        self.log = course.works()
        units = DepositUnits(course.syllabus, self.cohort)
        self.subject = units.unit(slug, subject)
        self.members = units.members(slug, self.subject)
        if not self.members:
            names = [*self.cohort.by_id, *{one.group_id for one in self.cohort.groups if one.assessment == slug}]
            raise JuryLabError(
                Problem(
                    "subject",
                    _("ni candidat ni groupe : « {id} »").format(id=subject),
                    "",
                    did_you_mean(subject, names),
                )
            )
        self.marks = {mark.key: mark for mark in course.current_marks(subjects={self.subject, *self.members})}
        self.units = units
        self.proposals = fact_proposals(course.syllabus, self.cohort, self.log)

    def json(self) -> Json:
        assessment, names = self.assessment, self.cohort.by_id
        done = self.log.finalised.get((self.slug, self.subject), frozenset())
        missing = (
            missing_marks(assessment, self.units, self.cohort, self.subject, self.grader, set(self.marks))
            if self.grader
            else []
        )
        return {
            "assessment": {"slug": self.slug, "title": assessment.shown_title, "graders": list(assessment.graders),
                           "two": assessment.graders_per_work == 2},
            "subject": {"id": self.subject, "group": self.subject not in names,
                        "members": [{"id": one, "name": names[one].shown_name} for one in self.members]},
            "grader": self.grader,
            "facts": list(self._facts()),
            "levels": [self._level(level) for level in assessment.rubric.levels],
            "criteria": [self._criterion(one) for one in assessment.rubric.criteria if not one.sans_objet],
            "totals": list(self._totals()),
            "missing": missing,
            "finalised": self.grader in done,
        }  # fmt: skip

    def _facts(self) -> Iterator[Json]:
        """What is known of the work before anybody reads it."""
        limits = work_cut_offs(self.course.syllabus, self.cohort)
        at = received(self.cohort, limits).get((self.slug, self.subject))
        if at is None:
            yield {"text": _("Rien n'a été rendu."), "look": True}
        else:
            late = at - limits[self.slug, self.subject]
            text = _("Rendu le {moment}").format(moment=at.strftime(_("%d/%m/%Y à %H:%M")))
            if late > timedelta(0):
                text = _("{text}, {hours} h après l'échéance").format(text=text, hours=_hours(late))
            yield {"text": text + ".", "look": late > timedelta(0)}
        others = sorted({mark.grader for mark in self._of_others()})
        if others and self.assessment.graders_per_work == 1:
            yield {
                "text": _("Déjà noté par {names} : un seul évaluateur par travail.").format(names=", ".join(others)),
                "look": True,
            }
        run = self.log.runs.get((self.slug, self.subject))
        if run is not None:
            points = f" : {number_text(run.points)} / {number_text(run.maximum)}" if run.state.scored else ""
            reason = f" ({run.reason})" if run.reason else ""
            yield {"text": _("Notebook {state}{points}{reason}.").format(
                state=state_label(run.state), points=points, reason=reason), "look": not run.state.scored}  # fmt: skip

    def _of_others(self) -> list[Mark]:
        mine = ("", self.grader, AGREED)
        return [m for m in self.marks.values() if m.assessment == self.slug and self.grader and m.grader not in mine
                and m.state is not MarkState.ADJUSTMENT]  # fmt: skip

    def _level(self, level: Any) -> Json:
        low, high, default = (
            number_text(Fraction(one, QUARTERS)) for one in (level.lowest, level.highest, level.default)
        )
        return {
            "id": level.id,
            "label": level.label.get(current(), level.label["fr"]),
            "range": _("{low} à {high}").format(low=low, high=high),
            "low": level.lowest,
            "high": level.highest,
            "default": level.default,
            "shown": default,
        }

    def _criterion(self, criterion: RubricCriterion) -> Json:
        language = current()
        return {
            "id": criterion.id,
            "text": criterion_sentence(self.course.syllabus.certification, criterion),
            "weight": number_text(criterion.weight),
            "competences": list(criterion.competences),
            "individual": criterion.individual,
            "descriptors": {
                str(number): one.get(language, one.get("fr", "")) for number, one in criterion.descriptors.items()
            },
            "note": (criterion.note or {}).get(language, (criterion.note or {}).get("fr", "")),
            "marks": [
                self._entry(criterion, one) for one in (self.members if criterion.individual else [self.subject])
            ],
        }

    def _entry(self, criterion: RubricCriterion, subject: str) -> Json:
        mark = self.marks.get((self.slug, subject, criterion.id, self.grader, False))
        settled = self.marks.get((self.slug, subject, criterion.id, AGREED, False))
        proposal = self.proposals.get((self.slug, subject, criterion.id)) or self.proposals.get(
            (self.slug, self.subject, criterion.id)
        )
        return {
            "subject": subject,
            "name": self.cohort.by_id[subject].shown_name if subject in self.cohort.by_id else "",
            "mark": self._mark(mark) if mark else None,
            "settled": self._mark(settled) if settled and self._all_done() else None,
            "proposal": self._proposal(proposal) if proposal and mark is None else None,
        }

    def _all_done(self) -> bool:
        """A mark that graders settled is shown once each has finished: until then each grades blind."""
        return len(self.log.finalised.get((self.slug, self.subject), frozenset())) >= self.assessment.graders_per_work

    def _mark(self, mark: Mark) -> Json:
        shown = "" if mark.quarters is None else number_text(Fraction(mark.quarters, QUARTERS))
        return {
            "state": mark.state.value,
            "level": mark.level,
            "quarters": mark.quarters,
            "shown": shown,
            "comment": mark.comment,
        }

    def _proposal(self, one: FactProposal) -> Json:
        level = self.assessment.rubric.level_of(one.quarters)
        if one.late is not None:
            delay = _("{hours} h de retard").format(hours=_hours(one.late)) if one.late else _("à temps")
            why = _("proposé par l'heure du dépôt : {delay} (règlement)").format(delay=delay)
        else:
            points = f"{number_text(one.run.points)} / {number_text(one.run.maximum)}" if one.run else ""
            why = _("proposé par les cellules contrôlées : {points} points").format(points=points)
        return {
            "level": level.id if level else None,
            "quarters": one.quarters,
            "shown": number_text(Fraction(one.quarters, QUARTERS)),
            "why": why,
        }

    def _totals(self) -> Iterator[Json]:
        """What each member gets, from the one reckoning."""
        reckoning = self.course.reckoning_of(self.members)
        number = reckoning.layout.assessment_index[self.slug]
        blocks = reckoning.layout.block_ids
        for one in self.members:
            row = reckoning.row_of[one]
            mark = int(reckoning.scores.assessment[row, number])
            total: Json = {
                "id": one, "name": self.cohort.by_id[one].shown_name, "mark": "" if mark == NONE else mark_text(mark),
                "provisional": bool(reckoning.scores.provisional[row, number]), "block": None,
            }  # fmt: skip
            if self.assessment.block in blocks:
                place = blocks.index(self.assessment.block)
                figure = int(reckoning.scores.block[row, place])
                total["block"] = {
                    "id": self.assessment.block,
                    "mark": "" if figure == NONE else mark_text(figure),
                    "code": str(reckoning.block_codes[row, place]),
                    "sentence": block_sentence(reckoning, row, place),
                }
            yield total


def _hours(late: timedelta) -> str:
    """Whole hours, begun ones counted: a delay is never told as 0 h."""
    return str(-(-late // timedelta(hours=1)))


def criterion_sentence(certification: Certification, criterion: RubricCriterion) -> str:
    """The fiche's own sentence, or the school's for a criterion that it adds."""
    registered = certification.criterion_by_id.get(criterion.id)
    if registered is not None:
        return registered.text
    text = criterion.text or {}
    return text.get(current(), text.get("fr", criterion.id))


def grader_of(assessment: Assessment, given: str | None, login: str) -> str:
    """Who marks: the one named, the only one there is, or this login if it grades here; else nobody yet.

    Raises JuryLabError where the one named does not grade this assessment.
    """
    if given is not None and given not in assessment.graders:
        raise JuryLabError(
            Problem(
                "grader",
                _("« {name} » n'évalue pas {slug}").format(name=given, slug=assessment.slug),
                ", ".join(assessment.graders),
            )
        )
    if given is not None:
        return given
    if len(assessment.graders) == 1:
        return assessment.graders[0]
    return login if login in assessment.graders else ""

"""The fiche de synthèse: one candidate's path, experience and results, as values that a page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from grading.assessment import Assessment
from grading.certification import Block, Competence
from grading.codes import BlockCode, Flag, Kind, TitleCode
from grading.cohort import Absence, Acquired, Candidate, Education, Experience
from grading.deadlines import received, work_cut_offs
from grading.judgements import Standing
from grading.language import _
from grading.marks import EVERY, Mark, MarkState
from grading.proposals import Reckoning
from grading.rubric import RubricCriterion
from grading.scoring import NONE
from grading.sentences import block_sentence, mark_text, title_sentence


@dataclass(frozen=True)
class CriterionPart:
    """One criterion for the candidate: how it stands, its value in quarter points where marked, who said what."""

    criterion: RubricCriterion
    text: str
    standing: Standing
    quarters: int | None
    counts_zero: bool
    marks: tuple[Mark, ...]
    adjustments: tuple[Mark, ...]


@dataclass(frozen=True)
class AssessmentPart:
    """One assessment that counts. `mark` in hundredths, NONE where nothing is marked."""

    assessment: Assessment
    mark: int
    provisional: bool
    subject: str
    members: tuple[str, ...]
    received_at: datetime | None
    absence: Absence | None
    not_submitted: bool
    criteria: tuple[CriterionPart, ...]


@dataclass(frozen=True)
class CompetencePart:
    competence: Competence
    mark: int
    acquired: bool
    dispensed: bool
    dispensation_shown: bool


@dataclass(frozen=True)
class BlockPart:
    """One block: what the rules propose, in a sentence, and the figures under it."""

    block: Block
    code: BlockCode
    mark: int
    sentence: str
    held: Acquired | None
    competences: tuple[CompetencePart, ...]
    assessments: tuple[AssessmentPart, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything that a juror sees of one candidate."""

    candidate: Candidate
    certification_title: str
    certification_code: str
    regulation_version: str
    education: tuple[Education, ...]
    experiences: tuple[Experience, ...]
    blocks: tuple[BlockPart, ...]
    others: tuple[AssessmentPart, ...]
    company_mark: int
    company_evaluation: int
    english_mark: int
    thesis_mark: int
    months_asked: str
    title: TitleCode
    sentence: str
    flags: tuple[Flag, ...]

    def _repr_html_(self) -> str:
        """A short form for notebooks; the page is `jurylab sheet ID`."""
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(part.block.id)}</td><td style='text-align:right'>{mark_text(part.mark)}</td>"
            f"<td>{part.code}</td><td style='text-align:left'>{escape(part.sentence)}</td></tr>"
            for part in self.blocks
        )
        heads = "".join(f"<th>{escape(word)}</th>" for word in (_("bloc"), _("note"), _("proposition"), _("pourquoi")))
        return (
            f"<h3>{escape(self.candidate.shown_name)} ({escape(self.candidate.candidate_id)})</h3>"
            f"<p><strong>{self.title}</strong> : {escape(self.sentence)}</p>"
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )


def make_sheet(reckoning: Reckoning, candidate_id: str, marks: Iterable[Mark]) -> Sheet:
    """The sheet of one candidate. `marks` are the current ones of the course; those of others are left out."""
    return _SheetMaker(reckoning, candidate_id, list(marks)).sheet()


def assessment_part(reckoning: Reckoning, candidate_id: str, slug: str, marks: Iterable[Mark]) -> AssessmentPart:
    """One assessment of one candidate, whether it counts for a block or not."""
    return _SheetMaker(reckoning, candidate_id, list(marks)).part(slug)


class _SheetMaker:
    def __init__(self, reckoning: Reckoning, candidate_id: str, marks: list[Mark]) -> None:
        self.reckoning, self.id = reckoning, candidate_id
        self.row = reckoning.row_of[candidate_id]
        self.syllabus = reckoning.layout.syllabus
        self.cohort = reckoning.facts.cohort
        self.marks = marks
        self.received = received(self.cohort, work_cut_offs(self.syllabus, self.cohort))

    def sheet(self) -> Sheet:
        reckoning, row, certification = self.reckoning, self.row, self.syllabus.certification
        scores = reckoning.scores
        marks = {kind: int(scores.of_kind(kind)[row]) for kind in Kind}
        return Sheet(
            candidate=self.cohort.by_id[self.id],
            certification_title=certification.title,
            certification_code=certification.code,
            regulation_version=self.syllabus.regulation.version,
            education=tuple(one for one in self.cohort.education if one.candidate_id == self.id),
            experiences=tuple(one for one in self.cohort.experiences if one.candidate_id == self.id),
            blocks=tuple(self._block(number, block) for number, block in enumerate(certification.blocks)),
            others=tuple(self._assessment(a) for a in self._counting(None)),
            company_mark=marks[Kind.COMPANY_MISSION],
            company_evaluation=marks[Kind.COMPANY_EVALUATION],
            english_mark=marks[Kind.ENGLISH],
            thesis_mark=marks[Kind.THESIS],
            months_asked="" if reckoning.months_asked is None else str(reckoning.months_asked),
            title=TitleCode(reckoning.title_codes[row]),
            sentence=title_sentence(reckoning, row),
            flags=reckoning.flags(row),
        )

    def part(self, slug: str) -> AssessmentPart:
        return self._assessment(self.syllabus.by_slug[slug])

    def _counting(self, block: str | None) -> list[Assessment]:
        counts = self.reckoning.scores.counts[self.row]
        return [a for number, a in enumerate(self.syllabus.assessments) if counts[number] and a.block == block]

    def _block(self, number: int, block: Block) -> BlockPart:
        code = BlockCode(self.reckoning.block_codes[self.row, number])
        held = next((one for one in self.cohort.acquired if (one.candidate_id, one.item) == (self.id, block.id)), None)
        shown = code not in (BlockCode.NP, BlockCode.ACQ, BlockCode.DISP)
        return BlockPart(
            block=block,
            code=code,
            mark=int(self.reckoning.scores.block[self.row, number]) if shown else NONE,
            sentence=block_sentence(self.reckoning, self.row, number),
            held=held,
            competences=tuple(self._competence(one) for one in block.competences),
            assessments=tuple(self._assessment(a) for a in self._counting(block.id)) if shown else (),
        )

    def _competence(self, competence: Competence) -> CompetencePart:
        place = self.syllabus.certification.competence_ids.index(competence.id)
        mark = int(self.reckoning.scores.competence[self.row, place])
        dispensed = bool(self.reckoning.evidence.dispensed[self.row, place])
        recorded = any((one.candidate_id, one.item) == (self.id, competence.id) for one in self.cohort.acquired)
        return CompetencePart(
            competence, mark, dispensed or mark >= self.syllabus.regulation.pass_mark, dispensed, recorded
        )

    def _assessment(self, assessment: Assessment) -> AssessmentPart:
        number = self.reckoning.layout.assessment_index[assessment.slug]
        subject = self.reckoning.evidence.subjects.of(assessment.slug, self.id)
        groups = self.reckoning.evidence.subjects.group_of
        came = [
            self.received[key]
            for key in ((assessment.slug, subject), (assessment.slug, self.id))
            if key in self.received
        ]
        return AssessmentPart(
            assessment=assessment,
            mark=int(self.reckoning.scores.assessment[self.row, number]),
            provisional=bool(self.reckoning.scores.provisional[self.row, number]),
            subject=subject,
            members=tuple(
                sorted(one for (slug, one), group in groups.items() if (slug, group) == (assessment.slug, subject))
            ),
            received_at=came[0] if came else None,
            absence=next(
                (
                    one
                    for one in self.cohort.absences
                    if (one.assessment, one.candidate_id) == (assessment.slug, self.id)
                ),
                None,
            ),
            not_submitted=bool(self.reckoning.evidence.not_submitted[self.row, number]),
            criteria=tuple(self._criterion(assessment, criterion, subject) for criterion in assessment.rubric.criteria),
        )

    def _criterion(self, assessment: Assessment, criterion: RubricCriterion, subject: str) -> CriterionPart:
        column = self.reckoning.layout.column_of[assessment.slug, criterion.id]
        evidence = self.reckoning.evidence
        standing = Standing(int(evidence.standing[self.row, column]))
        holder = self.id if criterion.individual else subject
        own = [m for m in self.marks if m.assessment == assessment.slug]
        official = self.syllabus.certification.criterion_by_id.get(criterion.id)
        deltas = () if criterion.individual else (criterion.id, EVERY)
        return CriterionPart(
            criterion=criterion,
            text=official.text if official else (criterion.text or {}).get("fr", criterion.id),
            standing=standing,
            quarters=int(evidence.value[self.row, column]) if standing is Standing.MARKED else None,
            counts_zero=bool(evidence.by_regulation[self.row, column]),
            marks=tuple(m for m in own if m.subject == holder and m.criterion == criterion.id
                        and m.state is not MarkState.ADJUSTMENT),
            adjustments=tuple(m for m in own if m.subject == self.id and m.criterion in deltas
                              and m.state is MarkState.ADJUSTMENT and m.quarters),
        )  # fmt: skip

"""The fiche de synthèse as its page shows it: the values of `grading.sheet`, in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from grading.certification import Block
from grading.codes import (
    BlockCode,
    Flag,
    Meaning,
    TitleCode,
    block_meaning,
    flag_meaning,
    kind_label,
    path_label,
    title_meaning,
)
from grading.documents.criteria_view import CriterionLine, criterion_line
from grading.documents.deliveries import absence_text, received_text
from grading.documents.figures import Figure, mark_figure
from grading.documents.recap_view import PROVISIONAL, birth_name_text
from grading.language import _
from grading.proposals import Reckoning
from grading.recap import BLANK
from grading.scoring import NONE
from grading.sentences.wording import date_text, mark_text, number_text, partial_date_text
from grading.sheet import AssessmentPart, BlockPart, CompetencePart, Sheet


class CompetenceLine(NamedTuple):
    id: str
    text: str
    mark: Figure
    glyph: str
    words: str
    code: str


class AssessmentView(NamedTuple):
    title: str
    kind: str
    mark: Figure
    provisional: bool
    replaces: str
    members: tuple[str, ...]
    received: str
    late: bool
    absence: str
    lines: tuple[CriterionLine, ...]
    two_graders: bool
    open: bool


class BlockView(NamedTuple):
    block: Block
    code: str
    meaning: Meaning
    mark: Figure
    provisional: bool
    sentence: str
    share: str
    competences: tuple[CompetenceLine, ...]
    assessments: tuple[AssessmentView, ...]


class Passage(NamedTuple):
    """One line of a life: a title obtained, a job held."""

    period: str
    what: str
    where: str
    more: tuple[str, ...]


class SheetView(NamedTuple):
    sheet: Sheet
    identity: tuple[tuple[str, str], ...]
    born: str
    path: str
    months: str
    marks: tuple[tuple[str, Figure], ...]
    title_code: str
    title: Meaning
    flags: tuple[tuple[Flag, Meaning], ...]
    education: tuple[Passage, ...]
    experiences: tuple[Passage, ...]
    blocks: tuple[BlockView, ...]
    others: tuple[AssessmentView, ...]


def sheet_view(sheet: Sheet, reckoning: Reckoning) -> SheetView:
    maker = _Maker(sheet, reckoning)
    return SheetView(
        sheet=sheet,
        identity=tuple(maker.identity()),
        born=birth_name_text(sheet.candidate),
        path=path_label(sheet.candidate.access_path),
        months=maker.months(),
        marks=tuple(maker.marks()),
        title_code=str(sheet.title),
        title=title_meaning(TitleCode(sheet.title)),
        flags=tuple((flag, flag_meaning(flag)) for flag in sheet.flags),
        education=tuple(maker.education()),
        experiences=tuple(maker.experiences()),
        blocks=tuple(maker.block(part) for part in sheet.blocks),
        others=tuple(maker.assessment(part, False) for part in sheet.others),
    )


class _Maker:
    def __init__(self, sheet: Sheet, reckoning: Reckoning) -> None:
        self.sheet, self.reckoning = sheet, reckoning
        self.candidate = sheet.candidate
        self.syllabus = reckoning.layout.syllabus
        self.is_vae = bool(reckoning.is_vae[reckoning.row_of[self.candidate.candidate_id]])

    # The person.

    def identity(self) -> Iterator[tuple[str, str]]:
        one = self.candidate
        yield _("Nom de naissance"), one.birth_name
        if one.usage_name:
            yield _("Nom d'usage"), one.usage_name
        yield _("Prénoms"), one.first_names
        yield _("Naissance"), self._birth()
        yield _("Identifiant"), one.candidate_id
        yield _("Voie d'accès"), f"{path_label(one.access_path)} ({one.access_path})"
        yield _("Entrée en formation"), date_text(one.entered_on)
        yield _("Niveau d'entrée"), one.entry_level or _("non renseigné")
        yield _("Titre d'entrée"), self._entry_title()
        yield _("Blocs présentés"), " ".join(sorted(one.blocks)) or _("tous")

    def _birth(self) -> str:
        one = self.candidate
        place = ", ".join(part for part in (one.birth_place, one.birth_country) if part)
        when = partial_date_text(one.birth_date)
        if when and place:
            return _("{when}, à {place}").format(when=when, place=place)
        return when or place or _("non renseignée")

    def _entry_title(self) -> str:
        words = {"produced": _("produit"), "pending": _("pas encore produit"), "not_required": _("non demandé")}
        return words[self.candidate.entry_title_status]

    def education(self) -> Iterator[Passage]:
        for one in self.sheet.education:
            level = _("niveau {level}").format(level=one.level) if one.level else ""
            yield Passage(period_text(one.since, one.until), one.title, one.institution, tuple(filter(None, [level])))

    def experiences(self) -> Iterator[Passage]:
        for one in self.sheet.experiences:
            tutor = _("Tuteur ou responsable : {name}").format(name=one.supervisor) if one.supervisor else ""
            where = " · ".join(part for part in (one.organisation, one.contract) if part)
            yield Passage(
                period_text(one.since, one.until), one.role, where, tuple(filter(None, [one.missions, tutor]))
            )

    # What counts for no block.

    def months(self) -> str:
        if not self.sheet.months_asked:
            return ""
        if self.is_vae:
            return _("non demandé en VAE (fiche)")
        return _("{months} mois validés, pour {asked} demandés").format(
            months=number_text(self.candidate.company_months or Fraction(0)),
            asked=number_text(self.reckoning.months_asked or Fraction(0)),
        )

    def marks(self) -> Iterator[tuple[str, Figure]]:
        yield _("Mission en entreprise"), mark_figure(self.sheet.company_mark)
        yield _("Évaluation par l'entreprise"), mark_figure(self.sheet.company_evaluation)
        yield _("Anglais"), mark_figure(self.sheet.english_mark)
        yield _("Thèse professionnelle"), mark_figure(self.sheet.thesis_mark)

    # Results.

    def block(self, part: BlockPart) -> BlockView:
        code = BlockCode(part.code)  # the reckoning's arrays may hold the bare text
        shown = code not in BLANK
        listed = part.competences if code not in (BlockCode.NP, BlockCode.ACQ) else ()
        acquired = sum(one.acquired for one in part.competences)
        return BlockView(
            block=part.block,
            code=code.value,
            meaning=block_meaning(code),
            mark=mark_figure(part.mark),
            provisional=code in PROVISIONAL and part.mark != NONE,
            sentence=part.sentence,
            share=f"{acquired}/{len(part.competences)}" if shown else "",
            competences=tuple(self._competence(one, shown) for one in listed),
            # What the jury will talk about is open; what nobody questions is one click away.
            assessments=tuple(self.assessment(one, code is not BlockCode.VAL) for one in part.assessments),
        )

    def _competence(self, part: CompetencePart, shown: bool) -> CompetenceLine:
        glyph, words, code = self._acquired(part)
        if part.dispensation_shown and not part.dispensed:
            words += " · " + _("dispense de suivre l'enseignement (fiche)")
        figure = mark_figure(part.mark if shown else NONE)
        return CompetenceLine(part.competence.id, part.competence.text, figure, glyph, words, code)

    def _acquired(self, part: CompetencePart) -> tuple[str, str, str]:
        """Glyph, words, and the code whose colour it takes."""
        floor = self.syllabus.regulation.competence_floor
        if part.dispensed:
            return "D", _("acquise par dispense (règlement)"), "DISP"
        if part.acquired:
            return "✓", _("acquise"), "VAL"
        if part.mark == NONE:
            return "?", _("sans note"), "ATT"
        if part.mark < floor:
            return "✕", _("non acquise, sous le plancher de {floor}").format(floor=mark_text(floor)), "NVAL"
        return "✕", _("non acquise"), "NVAL"

    def assessment(self, part: AssessmentPart, is_open: bool) -> AssessmentView:
        names = self.reckoning.facts.cohort.by_id
        replaced = self.syllabus.by_slug[part.assessment.replaces].shown_title if part.assessment.replaces else ""
        received, late = received_text(part, self.candidate.candidate_id, self.reckoning)
        determinant = self.syllabus.certification.determinant
        lines = [criterion_line(one, part, self.syllabus.regulation, determinant) for one in part.criteria]
        return AssessmentView(
            title=part.assessment.shown_title,
            kind=kind_label(part.assessment.kind),
            mark=mark_figure(part.mark),
            provisional=part.provisional and part.mark != NONE,
            replaces=replaced,
            members=tuple(
                names[one].shown_name if one in names else one
                for one in part.members
                if one != self.candidate.candidate_id
            ),
            received=received,
            late=late,
            absence=absence_text(part),
            lines=tuple(lines),
            two_graders=part.assessment.graders_per_work == 2,
            open=is_open or part.provisional or part.absence is not None,
        )


def period_text(since: str, until: str) -> str:
    """A period whose ends may be unknown, or known to the month only."""
    if since and until:
        return _("{since} au {until}").format(since=partial_date_text(since), until=partial_date_text(until))
    if since:
        return _("depuis {since}").format(since=partial_date_text(since))
    return _("jusqu'à {until}").format(until=partial_date_text(until)) if until else ""

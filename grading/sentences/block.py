"""Why a block is proposed as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grading.assessment import Assessment
from grading.codes import BlockCode, Origin
from grading.evidence import AbsenceState
from grading.judgements import Standing
from grading.language import _, plural
from grading.layout import Bools
from grading.proposals import Reckoning
from grading.scoring import NONE
from grading.sentences.wording import enumeration, joined, mark_text, origin, partial_date_text, quoted


def block_sentence(reckoning: Reckoning, row: int, block: int) -> str:
    """One candidate, one block: the whole explanation."""
    return _Block(reckoning, row, block).sentence()


class _Block:
    """One block of one candidate, with the questions that its sentence answers."""

    def __init__(self, reckoning: Reckoning, row: int, block: int) -> None:
        self.reckoning, self.row, self.block = reckoning, row, block
        self.rule = reckoning.layout.syllabus.regulation
        self.words = reckoning.layout.syllabus.certification.blocks[block]
        self.mark = int(reckoning.scores.block[row, block])
        self.determinant = int(reckoning.scores.determinant[row, block])

    def sentence(self) -> str:
        code = BlockCode(self.reckoning.block_codes[self.row, self.block])
        reasons: dict[BlockCode, Callable[[], Iterator[str]]] = {
            BlockCode.ACQ: self._acquired,
            BlockCode.NP: self._not_presented,
            BlockCode.DISP: self._dispensed,
            BlockCode.ATT: self._waiting,
            BlockCode.ABS_J: self._justified,
            BlockCode.ABS_NJ: self._unjustified,
            BlockCode.VAL: self._passed,
            BlockCode.NVAL: self._failed,
        }
        return joined([*reasons[code](), *self._expired(code)])

    # What each code says.

    def _acquired(self) -> Iterator[str]:
        candidate = self.reckoning.evidence.candidates[self.row].candidate_id
        held = next(
            one
            for one in self.reckoning.facts.cohort.acquired
            if (one.candidate_id, one.item) == (candidate, self.words.id)
        )
        earlier = {
            "earlier_session": _("à une session antérieure"),
            "earlier_fiche": _("au titre d'une fiche antérieure"),
        }
        text = _("le bloc est déjà acquis {how}").format(how=earlier[held.basis])
        if held.date:
            text += _(", le {day}").format(day=partial_date_text(held.date))
        if held.reference:
            text += f" ({held.reference})"
        yield text
        yield _("il le reste, et n'est pas évalué à cette séance")

    def _not_presented(self) -> Iterator[str]:
        yield _("le candidat ne présente pas ce bloc à cette séance")

    def _dispensed(self) -> Iterator[str]:
        yield _("toutes les compétences du bloc sont dispensées, et la dispense vaut acquis {origin}").format(
            origin=origin(Origin.REGULATION)
        )

    def _waiting(self) -> Iterator[str]:
        yield _("on ne peut pas encore conclure")
        yield from self._unmarked()
        yield from self._absent(AbsenceState.PENDING, _("l'absence à {where} attend son justificatif"))
        if self.reckoning.determinant_missing[self.row, self.block] and not self._waits(
            self.reckoning.layout.determinant
        ):
            yield _("le critère déterminant {id} {fiche} n'est noté dans aucune épreuve du bloc").format(
                id=self.reckoning.layout.syllabus.certification.determinant, fiche=origin(Origin.FICHE)
            )
        tied = self.reckoning.layout.tied
        missing = [
            name
            for number, name in self._competences()
            if self.reckoning.competence_missing[self.row, number] and not self._waits(tied[:, number])
        ]
        if missing:
            yield plural(
                _("aucune note ne porte sur la compétence {ids}"),
                _("aucune note ne porte sur les compétences {ids}"),
                len(missing),
            ).format(ids=enumeration(missing))
        yield from self._provisional()

    def _justified(self) -> Iterator[str]:
        yield from self._absent(AbsenceState.JUSTIFIED, _("l'absence à {where} est justifiée"))
        yield from self._absent(AbsenceState.UNJUSTIFIED, _("l'absence à {where} n'est pas justifiée"))
        yield _("l'épreuve reste à passer {origin}").format(origin=origin(Origin.REGULATION))
        yield from self._provisional()

    def _unjustified(self) -> Iterator[str]:
        yield from self._absent(AbsenceState.UNJUSTIFIED, _("l'absence à {where} n'est pas justifiée"))
        yield _("le bloc ne peut pas être validé {origin}").format(origin=origin(Origin.REGULATION))
        yield from self._provisional()

    def _passed(self) -> Iterator[str]:
        yield self._against(
            _("la note du bloc, {mark} sur 20, atteint le seuil de {bar} {origin}"), self.mark, self.rule.pass_mark
        )
        yield _("chaque compétence atteint le plancher de {bar} {origin}").format(
            bar=mark_text(self.rule.competence_floor), origin=origin(Origin.REGULATION)
        )
        if self.determinant != NONE:
            yield self._on_determinant(
                _("le critère déterminant {id} {fiche}, noté {mark}, atteint son plancher de {bar} {origin}")
            )
        yield from self._between()
        yield from self._zeros()
        yield from self._dispensations()

    def _failed(self) -> Iterator[str]:
        if self.mark < self.rule.pass_mark:
            yield self._against(
                _("la note du bloc, {mark} sur 20, est sous le seuil de {bar} {origin}"), self.mark, self.rule.pass_mark
            )
        else:
            yield self._against(
                _("la note du bloc, {mark} sur 20, atteint le seuil de {bar} {origin}"), self.mark, self.rule.pass_mark
            )
        yield from self._low()
        if self.reckoning.determinant_low[self.row, self.block]:
            yield self._on_determinant(
                _("le critère déterminant {id} {fiche}, noté {mark}, est sous son plancher de {bar} {origin}")
            )
        yield from self._zeros()
        yield from self._dispensations()
        yield _("aucun autre bloc ne compense {origin}").format(origin=origin(Origin.REGULATION))

    # Parts of sentences.

    def _against(self, text: str, mark: int, bar: int) -> str:
        return text.format(mark=mark_text(mark), bar=mark_text(bar), origin=origin(Origin.REGULATION))

    def _on_determinant(self, text: str) -> str:
        return text.format(
            id=self.reckoning.layout.syllabus.certification.determinant, fiche=origin(Origin.FICHE),
            mark=mark_text(self.determinant), bar=mark_text(self.rule.determinant_floor), origin=origin(Origin.REGULATION),
        )  # fmt: skip

    def _competences(self) -> list[tuple[int, str]]:
        """(column, id) of the block's competences."""
        inside = self.reckoning.layout.competence_block[:, self.block]
        ids = self.reckoning.layout.syllabus.certification.competence_ids
        return [(number, name) for number, name in enumerate(ids) if inside[number]]

    def _assessments(self) -> list[tuple[int, Assessment]]:
        """(column, assessment) of those that count for the block."""
        counts = self.reckoning.scores.counts[self.row] & self.reckoning.layout.in_block[:, self.block]
        return [(number, a) for number, a in enumerate(self.reckoning.layout.syllabus.assessments) if counts[number]]

    def _standing_at(self, assessment: Assessment, standing: Standing) -> list[str]:
        """Ids of the criteria of an assessment that stand so."""
        cells = self.reckoning.evidence.standing[self.row]
        return [
            criterion.id
            for column, (a, criterion) in enumerate(self.reckoning.layout.columns)
            if a is assessment and cells[column] == standing
        ]

    def _unmarked(self) -> Iterator[str]:
        for number, assessment in self._assessments():
            if self.reckoning.evidence.not_submitted[self.row, number]:
                yield _("le travail « {title} » n'a jamais été remis").format(title=assessment.shown_title)
            missing = self._standing_at(assessment, Standing.NO_MARK)
            if missing and len(missing) + len(self._standing_at(assessment, Standing.OUT)) == len(
                assessment.rubric.criteria
            ):
                yield _("« {title} » n'a aucune note").format(title=assessment.shown_title)
            elif missing:
                yield plural(
                    _("dans « {title} », il manque la note de {ids}"),
                    _("dans « {title} », il manque les notes de {ids}"),
                    len(missing),
                ).format(title=assessment.shown_title, ids=enumeration(missing))
            open_ = self._standing_at(assessment, Standing.DISAGREEMENT)
            if open_:
                yield _("dans « {title} », les deux évaluateurs ne se sont pas encore accordés sur {ids}").format(
                    title=assessment.shown_title, ids=enumeration(open_)
                )

    def _waits(self, columns: Bools) -> bool:
        """One of these criteria awaits a mark that is already asked for above."""
        counted = self.reckoning.scores.counts[self.row] & self.reckoning.layout.in_block[:, self.block]
        cells = columns & counted[self.reckoning.layout.assessment]
        return bool((self.reckoning.scores.waits[self.row] & cells).any())

    def _expired(self, code: BlockCode) -> Iterator[str]:
        """A block that would be certified, for a candidate to whom nothing of this fiche may be issued."""
        if self.reckoning.expired[self.row] and code in (BlockCode.VAL, BlockCode.DISP):
            yield _(
                "mais la fiche avait expiré à l'entrée du candidat : ce bloc ne peut pas lui être délivré {law}"
            ).format(law=origin(Origin.LAW))

    def _absent(self, state: AbsenceState, text: str) -> Iterator[str]:
        absence = self.reckoning.evidence.absence[self.row]
        slugs = [quoted(a.shown_title) for number, a in self._assessments() if absence[number] == state]
        if slugs:
            yield text.format(where=enumeration(slugs))

    def _zeros(self) -> Iterator[str]:
        """What counts 0 because the regulation says so, never because a mark is missing."""
        absent, missing = self._counted_zero()
        if absent:
            yield _("l'absence injustifiée à {where} compte 0 {origin}").format(
                where=enumeration(absent), origin=origin(Origin.REGULATION)
            )
        if missing:
            yield _("le travail jamais remis de {where} compte 0 {origin}").format(
                where=enumeration(missing), origin=origin(Origin.REGULATION)
            )

    def _counted_zero(self) -> tuple[list[str], list[str]]:
        """Titles of the assessments with a criterion that counts 0: for an absence, for a work that never came."""
        evidence, layout = self.reckoning.evidence, self.reckoning.layout
        name = evidence.candidates[self.row].candidate_id
        absent, missing = [], []
        for number, assessment in self._assessments():
            zero = evidence.by_regulation[self.row] & (layout.assessment == number)
            own = layout.individual | evidence.subjects.is_alone(assessment.slug, name)
            away = self.rule.absence_is_zero and evidence.absence[self.row, number] == AbsenceState.UNJUSTIFIED
            if away and (zero & own).any():
                absent.append(quoted(assessment.shown_title))
            if (zero & ~own if away else zero).any():
                missing.append(quoted(assessment.shown_title))
        return absent, missing

    def _low(self) -> Iterator[str]:
        """Competences under the floor."""
        scores = self.reckoning.scores.competence[self.row]
        low = [(name, int(scores[n])) for n, name in self._competences() if self.reckoning.competence_low[self.row, n]]
        if low:
            yield plural(
                _("la compétence {listed} est sous le plancher de {bar} {origin}"),
                _("les compétences {listed} sont sous le plancher de {bar} {origin}"),
                len(low),
            ).format(
                listed=enumeration(f"{name} ({mark_text(mark)})" for name, mark in low),
                bar=mark_text(self.rule.competence_floor),
                origin=origin(Origin.REGULATION),
            )

    def _between(self) -> Iterator[str]:
        """Competences at or above the floor but under the pass mark: a validated block may hold some."""
        scores = self.reckoning.scores.competence[self.row]
        dispensed = self.reckoning.evidence.dispensed[self.row]
        low = [
            (name, int(scores[n]))
            for n, name in self._competences()
            if scores[n] < self.rule.pass_mark and not dispensed[n]
        ]
        if low:
            listed = enumeration(f"{name} ({mark_text(mark)})" for name, mark in low)
            yield plural(
                _("la compétence {listed} est entre le plancher et le seuil"),
                _("les compétences {listed} sont entre le plancher et le seuil"), len(low),
            ).format(listed=listed)  # fmt: skip

    def _dispensations(self) -> Iterator[str]:
        candidate = self.reckoning.evidence.candidates[self.row].candidate_id
        mine = {one.item for one in self.reckoning.facts.cohort.acquired if one.candidate_id == candidate}
        names = [name for __, name in self._competences() if name in mine]
        if names and self.rule.dispensation_acquires:
            yield _("{ids} : dispense qui vaut acquis {origin}").format(
                ids=enumeration(names), origin=origin(Origin.REGULATION)
            )
        elif names:
            yield _(
                "le candidat est dispensé de suivre {ids} {origin} ; la compétence est évaluée comme les autres"
            ).format(ids=enumeration(names), origin=origin(Origin.FICHE))

    def _provisional(self) -> Iterator[str]:
        if self.mark != NONE:
            yield _("note provisoire du bloc : {mark} sur 20").format(mark=mark_text(self.mark))

"""Why the title is proposed as it is: every reason, not only the first."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from grading.codes import BlockCode, Kind, Origin, TitleCode
from grading.evidence import AbsenceState
from grading.judgements import Standing
from grading.language import _, plural
from grading.proposals import Reckoning
from grading.scoring import NONE
from grading.sentences.wording import date_text, enumeration, joined, mark_text, number_text, origin


def title_sentence(reckoning: Reckoning, row: int) -> str:
    """One candidate: the whole explanation."""
    return _Title(reckoning, row).sentence()


class _Title:
    def __init__(self, reckoning: Reckoning, row: int) -> None:
        self.reckoning, self.row = reckoning, row
        self.candidate = reckoning.evidence.candidates[row]
        self.code = TitleCode(reckoning.title_codes[row])
        self.count = len(reckoning.layout.block_ids)
        self.fiche = origin(Origin.FICHE)

    def sentence(self) -> str:
        if self.reckoning.expired[self.row]:
            return joined([*self._expired(), *self._blocks(), *self._obstacles()])
        if self.code in (TitleCode.TITRE, TitleCode.SUSPENDU):
            return joined([*self._whole(), *self._obstacles(), *self._satisfied()])
        if self.code is TitleCode.AJOURNE:
            return joined([*self._waiting(), *self._obstacles()])
        return joined([*self._partial(), *(self._obstacles() if self._all_presented() else ())])

    def _all_presented(self) -> bool:
        return not self._of(BlockCode.NP)

    def _of(self, *codes: BlockCode) -> list[str]:
        found = self.reckoning.block_codes[self.row]
        return [name for number, name in enumerate(self.reckoning.layout.block_ids) if found[number] in codes]

    # Openings.

    def _expired(self) -> Iterator[str]:
        end = self.reckoning.layout.syllabus.certification.ends_on
        assert end is not None  # nobody is expired without an end
        yield _("l'entrée en formation, le {day}, suit la fin d'enregistrement de la fiche, le {end} {fiche}").format(
            day=date_text(self.candidate.entered_on), end=date_text(end), fiche=self.fiche
        )
        yield _("ni le titre ni un bloc de cette fiche ne peut lui être délivré {law}").format(law=origin(Origin.LAW))

    def _whole(self) -> Iterator[str]:
        yield _("les {count} blocs que demande le titre sont réunis {fiche} : {detail}").format(
            count=self.count, fiche=self.fiche, detail=self._held()
        )

    def _held(self) -> str:
        if len(self._of(BlockCode.VAL)) == self.count:
            return _("tous proposés validés")
        parts = []
        for code, words in (
            (BlockCode.VAL, _("{ids} proposés validés")),
            (BlockCode.ACQ, _("{ids} acquis antérieurement")),
            (BlockCode.DISP, _("{ids} dispensés")),
        ):
            if names := self._of(code):
                parts.append(words.format(ids=enumeration(names)))
        return ", ".join(parts)

    def _waiting(self) -> Iterator[str]:
        if not self._of(BlockCode.ATT, BlockCode.ABS_J):
            yield from self._whole()
            yield _("mais le titre ne peut pas être proposé à cette séance")
            return
        yield _("le titre demande les {count} blocs {fiche} et ne peut pas être proposé à cette séance").format(
            count=self.count, fiche=self.fiche
        )
        yield from self._blocks()
        if ready := self._of(BlockCode.VAL):
            yield plural(
                _("le bloc {ids}, proposé validé, peut être certifié dès cette séance {fiche}"),
                _("les blocs {ids}, proposés validés, peuvent être certifiés dès cette séance {fiche}"), len(ready),
            ).format(ids=enumeration(ready), fiche=self.fiche)  # fmt: skip

    def _partial(self) -> Iterator[str]:
        presented = [
            name for n, name in enumerate(self.reckoning.layout.block_ids) if self.reckoning.presented[self.row, n]
        ]
        gained = self._of(BlockCode.VAL, BlockCode.DISP)
        if not presented:
            yield _("aucun bloc n'est présenté à cette séance")
        elif len(presented) == 1:
            yield _("seul le bloc {id} est présenté").format(id=presented[0])
            if gained:
                yield _("il est proposé validé, et son certificat pourra être délivré {fiche}").format(fiche=self.fiche)
            elif presented == self._of(BlockCode.NVAL):
                yield _("il n'est pas proposé")
            else:
                yield from self._blocks()
        elif gained:
            yield plural(
                _("le bloc {ids} est proposé validé, et son certificat pourra être délivré {fiche}"),
                _("les blocs {ids} sont proposés validés, et leurs certificats pourront être délivrés {fiche}"), len(gained),
            ).format(ids=enumeration(gained), fiche=self.fiche)  # fmt: skip
        else:
            yield _("aucun bloc n'est proposé à cette séance")
        if len(presented) > 1:
            yield from self._blocks()
        if held := self._of(BlockCode.ACQ):
            yield plural(
                _("le bloc {ids}, acquis antérieurement, le reste"),
                _("les blocs {ids}, acquis antérieurement, le restent"),
                len(held),
            ).format(ids=enumeration(held))
        if len(presented) > 1:
            yield _("le titre entier demande les {count} blocs {fiche}").format(count=self.count, fiche=self.fiche)

    # Reasons.

    def _blocks(self) -> Iterator[str]:
        """Blocks that are presented and not gained, by what they wait for or lack."""
        for code, one, many in (
            (BlockCode.ATT, _("le bloc {ids} est en attente"), _("les blocs {ids} sont en attente")),
            (BlockCode.ABS_J, _("le bloc {ids} reste à passer, après une absence justifiée"),
             _("les blocs {ids} restent à passer, après une absence justifiée")),
            (BlockCode.ABS_NJ, _("le bloc {ids} n'est pas proposé, pour une absence injustifiée"),
             _("les blocs {ids} ne sont pas proposés, pour une absence injustifiée")),
            (BlockCode.NVAL, _("le bloc {ids} n'est pas proposé"), _("les blocs {ids} ne sont pas proposés")),
        ):  # fmt: skip
            if names := self._of(code):
                yield plural(one, many, len(names)).format(ids=enumeration(names))

    def _obstacles(self) -> Iterator[str]:
        """What the title asks for beside the blocks, and is not there."""
        if self.reckoning.months_short[self.row]:
            yield self._on_months(
                _("la période en entreprise validée est de {months} mois, sous les {asked} demandés {origin}")
            )
        if self.reckoning.english_incomplete[self.row]:
            yield from self._english()
        if self.reckoning.entry_pending[self.row]:
            yield _("le titre d'entrée n'est pas encore produit, ce qui suspend l'obtention du titre {fiche}").format(
                fiche=self.fiche
            )

    def _satisfied(self) -> Iterator[str]:
        """What the title asks for beside the blocks, and is there."""
        if self.reckoning.months_asked is not None and not self.reckoning.months_short[self.row]:
            if self.reckoning.is_vae[self.row]:
                yield _("la période en entreprise n'est pas demandée en VAE {fiche}").format(fiche=self.fiche)
            else:
                yield self._on_months(_("{months} mois en entreprise sont validés, pour {asked} demandés {origin}"))
        if self.reckoning.layout.syllabus.certification.english and not self.reckoning.english_incomplete[self.row]:
            mark = int(self.reckoning.scores.of_kind(Kind.ENGLISH)[self.row])
            yield _("l'anglais est évalué, {mark} sur 20 {fiche}").format(mark=mark_text(mark), fiche=self.fiche)

    def _on_months(self, text: str) -> str:
        registered = self.reckoning.layout.syllabus.certification.company_months
        asked = self.reckoning.months_asked or Fraction(0)
        source = Origin.FICHE if registered == asked else Origin.REGULATION
        months = self.candidate.company_months or Fraction(0)
        return text.format(months=number_text(months), asked=number_text(asked), origin=origin(source))

    def _english(self) -> Iterator[str]:
        scores, evidence = self.reckoning.scores, self.reckoning.evidence
        chosen = scores.counts[self.row] & self.reckoning.layout.of_kind(Kind.ENGLISH)
        mark, bar = (
            int(scores.of_kind(Kind.ENGLISH)[self.row]),
            self.reckoning.layout.syllabus.regulation.english_pass_mark,
        )
        if (evidence.absence[self.row][chosen] != AbsenceState.NONE).any():
            yield _("le candidat a été absent à l'épreuve d'anglais, que la fiche demande {fiche}").format(
                fiche=self.fiche
            )
        elif bar is not None and mark != NONE and mark < bar:
            yield _("la note d'anglais, {mark}, est sous le seuil de {bar} {origin}").format(
                mark=mark_text(mark), bar=mark_text(bar), origin=origin(Origin.REGULATION)
            )
        missing = self._english_missing(chosen)
        if missing:
            yield _("l'anglais n'est pas entièrement évalué {fiche} : il manque {ids}").format(
                fiche=self.fiche, ids=enumeration(missing)
            )
        elif mark == NONE:
            yield _("l'anglais, que la fiche demande {fiche}, n'a aucune note").format(fiche=self.fiche)

    def _english_missing(self, chosen: np.ndarray) -> list[str]:
        standing = self.reckoning.evidence.standing[self.row]
        waits = (Standing.NO_MARK, Standing.DISAGREEMENT)
        return [
            criterion.id
            for column, (a, criterion) in enumerate(self.reckoning.layout.columns)
            if chosen[self.reckoning.layout.assessment_index[a.slug]] and standing[column] in waits
        ]

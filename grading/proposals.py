"""The regulation applied: DESIGN 3.3, rules 7 to 9. The platform proposes; the jury decides."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.codes import HELD, AccessPath, BlockCode, Flag, Kind, TitleCode
from grading.evidence import AbsenceState, Evidence, Facts, gather
from grading.judgements import Standing
from grading.layout import Bools, Ints, Layout
from grading.scoring import NONE, Scores

Codes = NDArray[np.object_]
#: "Within 1 point of its bar", in hundredths.
NEAR = 100


def reckon(layout: Layout, facts: Facts) -> Reckoning:
    """Everything that the rules say of everybody, from the facts of one moment."""
    evidence = gather(layout, facts)
    return Reckoning(layout, evidence, Scores(layout, evidence), facts)


@dataclass(frozen=True)
class Reckoning:
    """Codes and flags of N candidates. Each property is one condition of the regulation, under its own name."""

    layout: Layout
    evidence: Evidence
    scores: Scores
    facts: Facts

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {candidate.candidate_id: row for row, candidate in enumerate(self.evidence.candidates)}

    # What each candidate holds and presents.

    @cached_property
    def acquired(self) -> Bools:
        """(N, B) the block was acquired earlier."""
        held = {(one.candidate_id, one.item) for one in self.facts.cohort.acquired}
        return self._per_block(lambda candidate, block: (candidate, block) in held)

    @cached_property
    def presented(self) -> Bools:
        """(N, B) listed in `blocks` and not acquired."""
        wanted = {c.candidate_id: c.blocks for c in self.evidence.candidates}
        listed = self._per_block(lambda candidate, block: not wanted[candidate] or block in wanted[candidate])
        return listed & ~self.acquired

    def _per_block(self, holds) -> Bools:  # type: ignore[no-untyped-def]  # a predicate of two words
        rows = [[holds(c.candidate_id, block) for block in self.layout.block_ids] for c in self.evidence.candidates]
        return np.array(rows, dtype=bool).reshape(len(rows), len(self.layout.block_ids))

    # Conditions of a block proposal, in the order of rule 7.

    @cached_property
    def all_dispensed(self) -> Bools:
        left = (~self.evidence.dispensed).astype(np.int64) @ self._competence_block
        return np.asarray(left == 0)

    @cached_property
    def _competence_block(self) -> Ints:
        return self.layout.competence_block.astype(np.int64)

    @cached_property
    def unmarked(self) -> Bools:
        """(N, B) a criterion has no mark or is in disagreement."""
        return self.scores.any_in_block(self.scores.waits)

    def absent(self, *states: AbsenceState) -> Bools:
        """(N, B) an absence in one of these states, in an assessment that counts for the block."""
        found = np.isin(self.evidence.absence, states) & self.scores.counts
        return (found.astype(np.int64) @ self.layout.in_block.astype(np.int64)) > 0

    @cached_property
    def determinant_missing(self) -> Bools:
        """(N, B) the determinant criterion stands in a rubric that counts, is marked in none and absent in none."""
        standing, column = self.evidence.standing, self.layout.determinant & ~self.layout.sans_objet
        stands = self.scores.any_in_block(np.broadcast_to(column, standing.shape))
        return stands & ~self.scores.any_in_block(
            column & ((standing == Standing.MARKED) | (standing == Standing.ABSENT))
        )

    @cached_property
    def competence_missing(self) -> Bools:
        """(N, C) neither dispensed nor tied to an absent criterion, and no marked criterion."""
        counted = self.scores.counts[:, self.layout.assessment]
        absent = (self.evidence.standing == Standing.ABSENT) & counted
        tied_to_absent = (absent.astype(np.int64) @ self.layout.tied.astype(np.int64)) > 0
        return np.asarray((self.scores.competence == NONE) & ~self.evidence.dispensed & ~tied_to_absent)

    @cached_property
    def waiting(self) -> Bools:
        """(N, B) the block cannot be concluded: ATT."""
        missing = (self.competence_missing.astype(np.int64) @ self._competence_block) > 0
        return self.unmarked | self.absent(AbsenceState.PENDING) | self.determinant_missing | missing

    @cached_property
    def passes(self) -> Bools:
        """(N, B) block mark, each competence and the determinant criterion at or above their bars."""
        rule = self.layout.syllabus.regulation
        low = (self.competence_low.astype(np.int64) @ self._competence_block) > 0
        return (self.scores.block >= rule.pass_mark) & ~low & ~self.determinant_low

    @cached_property
    def competence_low(self) -> Bools:
        """(N, C) under the floor, and not dispensed."""
        floor = self.layout.syllabus.regulation.competence_floor
        return np.asarray(
            (self.scores.competence < floor) & (self.scores.competence != NONE) & ~self.evidence.dispensed
        )

    @cached_property
    def determinant_low(self) -> Bools:
        """(N, B) the determinant criterion is marked, under its floor."""
        floor = self.layout.syllabus.regulation.determinant_floor
        return np.asarray((self.scores.determinant < floor) & (self.scores.determinant != NONE))

    @cached_property
    def block_codes(self) -> Codes:
        """(N, B) rule 7: the first that applies. Blocks never compensate each other."""
        unjustified = self.absent(AbsenceState.UNJUSTIFIED)
        if self.layout.syllabus.regulation.absence_is_zero:
            unjustified = np.zeros_like(unjustified)
        return _first_that_applies(
            (self.acquired, BlockCode.ACQ),
            (~self.presented, BlockCode.NP),
            (self.all_dispensed, BlockCode.DISP),
            (self.waiting, BlockCode.ATT),
            (self.absent(AbsenceState.JUSTIFIED), BlockCode.ABS_J),
            (unjustified, BlockCode.ABS_NJ),
            (self.passes, BlockCode.VAL),
            otherwise=BlockCode.NVAL,
        )

    # Conditions of the title, rule 8.

    @cached_property
    def is_vae(self) -> Bools:
        return self._per_candidate([c.access_path is AccessPath.VAE for c in self.evidence.candidates])

    @cached_property
    def expired(self) -> Bools:
        """(N,) entered after the fiche's end date; the same day is in time."""
        end = self.layout.syllabus.certification.ends_on
        return self._per_candidate([end is not None and c.entered_on > end for c in self.evidence.candidates])

    @property
    def months_asked(self) -> Fraction | None:
        """Company months asked for, None where the fiche asks for none."""
        asked = self.layout.syllabus.certification.company_months
        setting = self.layout.syllabus.regulation.company_months
        return asked if asked is None or setting is None else setting

    @cached_property
    def months_short(self) -> Bools:
        """(N,) the company period is under what is asked (not asked of VAE)."""
        asked = self.months_asked
        short = [asked is not None and (c.company_months or 0) < asked for c in self.evidence.candidates]
        return self._per_candidate(short) & ~self.is_vae

    @cached_property
    def english_incomplete(self) -> Bools:
        if not self.layout.syllabus.certification.english:
            return np.zeros(len(self.evidence.candidates), dtype=bool)
        counted = self.scores.counts & self.layout.of_kind(Kind.ENGLISH)
        settled = np.isin(
            self.evidence.standing, (Standing.MARKED, Standing.NOT_OBSERVED, Standing.NOT_APPLICABLE, Standing.OUT)
        )
        open_ = (self.scores.any_in_assessment(~settled) & counted).any(axis=1)
        absent = ((self.evidence.absence != AbsenceState.NONE) & counted).any(axis=1)
        mark, bar = self.scores.of_kind(Kind.ENGLISH), self.layout.syllabus.regulation.english_pass_mark
        return np.asarray(open_ | absent | (mark == NONE) | (mark < (bar or 0)))

    @cached_property
    def entry_pending(self) -> Bools:
        return self._per_candidate([c.entry_title_status == "pending" for c in self.evidence.candidates])

    def _per_candidate(self, values: list[bool]) -> Bools:
        return np.array(values, dtype=bool)

    @cached_property
    def title_codes(self) -> Codes:
        """(N,) rule 8: the first that applies."""
        codes, presented = self.block_codes, self.presented
        held = np.isin(codes, list(HELD))
        gained = np.isin(codes, [BlockCode.VAL, BlockCode.DISP]).any(axis=1)
        open_ = (presented & np.isin(codes, [BlockCode.ATT, BlockCode.ABS_J])).any(axis=1)
        one = presented.sum(axis=1) == 1
        whole = held.all(axis=1)
        return _first_that_applies(
            (self.expired, TitleCode.AJOURNE),
            (open_, TitleCode.AJOURNE),
            (whole & (self.months_short | self.english_incomplete), TitleCode.AJOURNE),
            (whole & self.entry_pending, TitleCode.SUSPENDU),
            (whole, TitleCode.TITRE),
            (one & gained, TitleCode.BLOC_SEUL),
            (one, TitleCode.AUCUN),
            (gained, TitleCode.BLOCS),
            otherwise=TitleCode.AUCUN,
        )

    # Flags, rule 9. They look at the blocks presented and at what counts for no block.

    @cached_property
    def _looked_at(self) -> Bools:
        """(N, A) the assessment counts, for a presented block or for none."""
        of_block = (self.presented.astype(np.int64) @ self.layout.in_block.T.astype(np.int64)) > 0
        return self.scores.counts & (of_block | ~self.layout.in_block.any(axis=1))

    def _seen(self, cells: Bools) -> Bools:
        return np.asarray((self.scores.any_in_assessment(cells) & self._looked_at).any(axis=1))

    @cached_property
    def near(self) -> Bools:
        """(N,) a block mark or a competence of a presented block within 1 point of its bar."""
        rule, shown = self.layout.syllabus.regulation, self.presented & ~self.all_dispensed
        block = _within(self.scores.block, rule.pass_mark) & shown
        of_shown = (shown.astype(np.int64) @ self._competence_block.T) > 0
        competence = _within(self.scores.competence, rule.competence_floor) & of_shown & ~self.evidence.dispensed
        return np.asarray(block.any(axis=1) | competence.any(axis=1))

    @cached_property
    def company_open(self) -> Bools:
        """(N,) months short, a mission criterion unmarked, or no company evaluation (not asked of VAE)."""
        if self.months_asked is None:
            return np.zeros(len(self.evidence.candidates), dtype=bool)
        unmarked = self.scores.any_in_assessment(self.evidence.standing == Standing.NO_MARK)
        mission = (unmarked & self.scores.counts & self.layout.of_kind(Kind.COMPANY_MISSION)).any(axis=1)
        evaluated = self.scores.of_kind(Kind.COMPANY_EVALUATION) != NONE
        return np.asarray((self.months_short | mission | ~evaluated) & ~self.is_vae)

    @cached_property
    def flag_table(self) -> dict[Flag, Bools]:
        """Each flag, for each candidate."""
        standing, codes = self.evidence.standing, self.block_codes
        shown = self.presented & ~self.all_dispensed
        return {
            Flag.INCOMPLET: np.asarray((codes == BlockCode.ATT).any(axis=1)),
            Flag.DESACCORD: self._seen(standing == Standing.DISAGREEMENT),
            Flag.PROCHE_SEUIL: self.near,
            Flag.DETERMINANT: np.asarray((self.determinant_low & shown).any(axis=1)),
            Flag.MODULATION: self._seen(self.evidence.adjusted),
            Flag.NON_OBSERVE: self._seen(standing == Standing.NOT_OBSERVED),
            Flag.ABSENCE: np.asarray(((self.evidence.absence != AbsenceState.NONE) & self._looked_at).any(axis=1)),
            Flag.NON_RENDU: np.asarray((self.evidence.not_submitted & self._looked_at).any(axis=1)),
            Flag.ENTREPRISE: self.company_open,
            Flag.ANGLAIS: self.english_incomplete,
            Flag.TITRE_ENTREE: self.entry_pending,
            Flag.FICHE_EXPIREE: self.expired,
        }

    def flags(self, row: int) -> tuple[Flag, ...]:
        return tuple(flag for flag, holds in self.flag_table.items() if holds[row])

    def competences_acquired(self) -> Ints:
        """(N, B) how many competences are acquired: dispensed, or at or above the pass mark."""
        acquired = self.evidence.dispensed | (self.scores.competence >= self.layout.syllabus.regulation.pass_mark)
        return acquired.astype(np.int64) @ self._competence_block


def _within(marks: Ints, bar: int) -> Bools:
    return np.asarray((marks != NONE) & (np.abs(marks - bar) <= NEAR))


def _first_that_applies(*rules: tuple[Any, str], otherwise: str) -> Codes:
    """The code of the first condition that holds, element by element."""
    codes = np.full(rules[0][0].shape, otherwise, dtype=object)
    for holds, code in reversed(rules):
        codes[holds] = code
    return codes

"""What a juror should look at, block by block: the flags of rule 9, held against one block instead of a candidate."""

from __future__ import annotations

from grading.codes import Flag
from grading.evidence import AbsenceState
from grading.judgements import Standing
from grading.layout import Bools, Ints
from grading.proposals import NEAR, Reckoning
from grading.scoring import NONE


def block_markers(reckoning: Reckoning) -> dict[Flag, Bools]:
    """(N, B) for each flag that concerns a block. Only presented blocks bear one, as in the flags themselves."""
    scores, evidence = reckoning.scores, reckoning.evidence
    shown = reckoning.presented & ~reckoning.all_dispensed
    in_block = reckoning.layout.in_block.astype(int)
    table = {
        Flag.DESACCORD: scores.any_in_block(evidence.standing == Standing.DISAGREEMENT),
        Flag.PROCHE_SEUIL: _near(reckoning),
        Flag.DETERMINANT: reckoning.determinant_low,
        Flag.MODULATION: scores.any_in_block(evidence.adjusted),
        Flag.NON_OBSERVE: scores.any_in_block(evidence.standing == Standing.NOT_OBSERVED),
        Flag.ABSENCE: ((evidence.absence != AbsenceState.NONE) & scores.counts).astype(int) @ in_block > 0,
        Flag.NON_RENDU: (evidence.not_submitted & scores.counts).astype(int) @ in_block > 0,
        Flag.FICHE_EXPIREE: reckoning.expired[:, None] & shown,
    }
    return {flag: holds & shown for flag, holds in table.items()}


def _near(reckoning: Reckoning) -> Bools:
    """(N, B) the block mark, or one of its competences, within 1 point of its bar."""
    rule, scores = reckoning.layout.syllabus.regulation, reckoning.scores
    competence = _within(scores.competence, rule.competence_floor) & ~reckoning.evidence.dispensed
    by_competence = competence.astype(int) @ reckoning.layout.competence_block.astype(int) > 0
    near: Bools = _within(scores.block, rule.pass_mark) | by_competence
    return near


def _within(marks: Ints, bar: int) -> Bools:
    within: Bools = (marks != NONE) & (abs(marks - bar) <= NEAR)
    return within

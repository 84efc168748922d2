"""The only arithmetic: DESIGN 3.3, rules 3 to 6. Exact integers; rounded half up to 0.01, where the rules say so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grading.codes import Kind
from grading.evidence import Evidence
from grading.judgements import Standing
from grading.layout import Bools, Ints, Layout

#: In place of a mark where there is none: never a number that could be taken for one.
NONE = -1


def hundredths(points: Ints, weights: Ints) -> Ints:
    """points / weights, from quarter points to hundredths of a point, rounded half up; NONE where weights are 0."""
    safe = np.where(weights == 0, 1, weights)
    return np.where(weights == 0, NONE, (50 * points + safe) // (2 * safe)).astype(np.int64)


@dataclass(frozen=True)
class Scores:
    """Every mark of every candidate, in hundredths of a point, NONE where nothing is marked."""

    layout: Layout
    evidence: Evidence

    @cached_property
    def marked(self) -> Bools:
        return np.asarray(self.evidence.standing == Standing.MARKED)

    @cached_property
    def waits(self) -> Bools:
        """(N, K) the criterion has no mark, or is in disagreement."""
        standing = self.evidence.standing
        return np.asarray((standing == Standing.NO_MARK) | (standing == Standing.DISAGREEMENT))

    @cached_property
    def counts(self) -> Bools:
        """(N, A) the assessment counts: its path is the candidate's, and no complete resit stands in for it."""
        counts = self.evidence.concerned.copy()
        whole = self.complete & self.evidence.concerned
        index = self.layout.assessment_index
        for resit in self.layout.syllabus.assessments:
            if resit.replaces is None:
                continue
            counts[:, index[resit.slug]] &= whole[:, index[resit.slug]]
            replaced: str | None = resit.replaces
            while replaced is not None:  # a second resit stands in for the first, and for what that one replaced
                counts[:, index[replaced]] &= ~whole[:, index[resit.slug]]
                replaced = self.layout.syllabus.by_slug[replaced].replaces
        return counts

    @cached_property
    def complete(self) -> Bools:
        """(N, A) no criterion without a mark, in disagreement or absent, and at least one marked."""
        open_ = self.waits | (self.evidence.standing == Standing.ABSENT)
        return ~self.any_in_assessment(open_) & self.any_in_assessment(self.marked)

    @cached_property
    def provisional(self) -> Bools:
        """(N, A) a criterion has no mark or is in disagreement."""
        return self.any_in_assessment(self.waits)

    def any_in_assessment(self, cells: Bools) -> Bools:
        """(N, K) -> (N, A): true where one column of the assessment is."""
        return np.logical_or.reduceat(cells, self.layout.starts, axis=1)

    def any_in_block(self, cells: Bools) -> Bools:
        """(N, K) -> (N, B): true where one column of an assessment that counts for the block is."""
        found = self.any_in_assessment(cells) & self.counts
        return (found.astype(np.int64) @ self.layout.in_block.astype(np.int64)) > 0

    @cached_property
    def _value(self) -> Ints:
        return np.where(self.marked, self.evidence.value, 0).astype(self.layout.number)

    @cached_property
    def _points(self) -> Ints:
        """(N, A) sum of weight x value over the marked criteria."""
        return np.add.reduceat(self._value * self.layout.weights, self.layout.starts, axis=1)

    @cached_property
    def _weights(self) -> Ints:
        """(N, A) sum of the weights of the marked criteria."""
        return np.add.reduceat(self.marked * self.layout.weights, self.layout.starts, axis=1)

    @cached_property
    def assessment(self) -> Ints:
        """(N, A) rule 3."""
        return hundredths(self._points, self._weights)

    def _over_block(self, picked: Bools) -> Ints:
        """Rule 4: sum(coefficient x weight x value) / sum(coefficient x weight), over the marked criteria that
        `picked` (K, X) picks in the assessments that count. Gives (N, X)."""
        counted = self.counts[:, self.layout.assessment] & self.marked
        weights = picked * self.layout.block_weights[:, None]
        return hundredths((self._value * counted) @ weights, counted.astype(self.layout.number) @ weights)

    @cached_property
    def competence(self) -> Ints:
        """(N, C) rule 4."""
        return self._over_block(self.layout.tied)

    @cached_property
    def determinant(self) -> Ints:
        """(N, B) rule 4, over the determinant criterion."""
        return self._over_block(self.layout.determinant[:, None] & self.layout.in_block[self.layout.assessment])

    @cached_property
    def block(self) -> Ints:
        """(N, B) rule 5."""
        return np.stack([self.mean(self.layout.in_block[:, b]) for b in range(len(self.layout.block_ids))], axis=1)

    def of_kind(self, kind: Kind) -> Ints:
        """(N,) rule 5 over the assessments of one kind that count."""
        return self.mean(self.layout.of_kind(kind))

    def mean(self, chosen: Bools) -> Ints:
        """(N,) sum(coefficient x assessment mark) / sum(coefficient), over the chosen assessments that count and
        have a marked criterion, from exact assessment marks."""
        used = self.counts & chosen & (self._weights != 0)
        weights = np.where(used, self._weights, 1)
        common = np.lcm.reduce(weights, axis=1)[:, None]
        coefficients = np.where(used, self.layout.coefficients, 0)
        points = (coefficients * np.where(used, self._points, 0) * (common // weights)).sum(axis=1)
        return hundredths(points, coefficients.sum(axis=1) * common[:, 0])

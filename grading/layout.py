"""The course as columns: one per (assessment, criterion), with the exact integer weights that the sums need.

Weights and coefficients may be decimals; multiplied by the least common multiple of their denominators they are
integers, and every quotient of DESIGN 3.3 stays the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import lcm, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.assessment import Assessment, Syllabus
from grading.codes import Kind
from grading.regulation import FULL
from grading.rubric import RubricCriterion

Ints = NDArray[Any]
Bools = NDArray[Any]


@dataclass(frozen=True)
class Layout:
    """K columns over A assessments, B blocks and C competences; the arrays below say what each column is."""

    syllabus: Syllabus

    @cached_property
    def columns(self) -> tuple[tuple[Assessment, RubricCriterion], ...]:
        return tuple((a, criterion) for a in self.syllabus.assessments for criterion in a.rubric.criteria)

    @cached_property
    def column_of(self) -> dict[tuple[str, str], int]:
        return {(a.slug, criterion.id): k for k, (a, criterion) in enumerate(self.columns)}

    @cached_property
    def assessment_index(self) -> dict[str, int]:
        return {a.slug: number for number, a in enumerate(self.syllabus.assessments)}

    @cached_property
    def assessment(self) -> Ints:
        """(K,) the assessment of each column."""
        return np.array([self.assessment_index[a.slug] for a, __ in self.columns], dtype=np.intp)

    @cached_property
    def individual(self) -> Bools:
        return np.array([criterion.individual for __, criterion in self.columns], dtype=bool)

    @cached_property
    def sans_objet(self) -> Bools:
        return np.array([criterion.sans_objet for __, criterion in self.columns], dtype=bool)

    @cached_property
    def determinant(self) -> Bools:
        return np.array([criterion.determinant for __, criterion in self.columns], dtype=bool)

    @cached_property
    def two_graders(self) -> Bools:
        """(K,) two graders mark this criterion, each alone, and settle between them."""
        return np.array([a.graders_per_work == 2 for a, __ in self.columns], dtype=bool)

    @cached_property
    def block_ids(self) -> tuple[str, ...]:
        return tuple(block.id for block in self.syllabus.certification.blocks)

    @cached_property
    def in_block(self) -> Bools:
        """(A, B) the assessment counts for the block."""
        return np.array([[a.block == block for block in self.block_ids] for a in self.syllabus.assessments], dtype=bool)

    @cached_property
    def competence_block(self) -> Bools:
        """(C, B) the competence belongs to the block."""
        blocks = self.syllabus.certification.blocks
        return np.array(
            [[c in block.competences for block in blocks] for b in blocks for c in b.competences], dtype=bool
        )

    @cached_property
    def tied(self) -> Bools:
        """(K, C) the criterion is tied to the competence."""
        ids = self.syllabus.certification.competence_ids
        return np.array([[one in criterion.competences for one in ids] for __, criterion in self.columns], dtype=bool)

    @cached_property
    def coefficients(self) -> Ints:
        """(A,) integers in the proportion of the coefficients."""
        values = [a.rubric.coefficient for a in self.syllabus.assessments]
        scale = lcm(*(value.denominator for value in values)) if values else 1
        return np.array([int(value * scale) for value in values], dtype=self.number)

    @cached_property
    def _plain_weights(self) -> list[int]:
        values = [criterion.weight for __, criterion in self.columns]
        scale = lcm(*(value.denominator for value in values)) if values else 1
        return [int(value * scale) for value in values]

    @cached_property
    def weights(self) -> Ints:
        """(K,) integers in the proportion of the weights."""
        return np.array(self._plain_weights, dtype=self.number)

    @cached_property
    def starts(self) -> Ints:
        """(A,) the first column of each assessment: columns of one assessment stand together."""
        sizes = [len(a.rubric.criteria) for a in self.syllabus.assessments]
        return np.cumsum([0, *sizes[:-1]])

    @cached_property
    def block_weights(self) -> Ints:
        """(K,) coefficient x weight of a column."""
        return self.weights * self.coefficients[self.assessment]

    @cached_property
    def number(self) -> type[np.int64] | type[object]:
        """Machine integers where no sum of the course can overflow them, Python's own otherwise."""
        scale = lcm(*(a.rubric.coefficient.denominator for a in self.syllabus.assessments))
        totals = []
        for block in (*self.block_ids, None):
            inside = [a for a in self.syllabus.assessments if a.block == block]
            weights = [
                sum(w for w, (a, __) in zip(self._plain_weights, self.columns, strict=True) if a is one)
                for one in inside
            ]
            totals.append(prod(max(w, 1) for w in weights) * sum(int(a.rubric.coefficient * scale) for a in inside))
        largest = max([*totals, sum(self._plain_weights)]) * FULL * 100
        return np.int64 if largest < 2**62 else object

    def of_kind(self, kind: Kind) -> Bools:
        """(A,) the assessments of one kind."""
        return np.array([a.kind is kind for a in self.syllabus.assessments], dtype=bool)

"""The rubric (grille): criteria x described levels, bound to one assessment."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from grading.codes import Kind

Localised = dict[str, str]


@dataclass(frozen=True)
class Level:
    """A described level on /20. `lowest`, `default` and `highest` in quarter points."""

    id: int
    label: Localised
    lowest: int
    default: int
    highest: int

    def holds(self, quarters: int) -> bool:
        return self.lowest <= quarters <= self.highest


@dataclass(frozen=True)
class RubricCriterion:
    """A criterion as marked in one assessment. `competences` are ids of the assessment's block.

    `sans_objet` is true where the fiche's condition (business, technical) is not met by the rubric's project.
    """

    id: str
    weight: Fraction
    individual: bool
    competences: tuple[str, ...]
    descriptors: dict[int, Localised]
    propose_from: str | None = None
    text: Localised | None = None
    note: Localised | None = None
    sans_objet: bool = False
    determinant: bool = False


@dataclass(frozen=True)
class Rubric:
    """Frozen by content: `hash` is the SHA-256 of the file's bytes, and each mark keeps it."""

    slug: str
    kind: Kind
    block: str | None
    project: tuple[str, ...]
    coefficient: Fraction
    levels: tuple[Level, ...]
    criteria: tuple[RubricCriterion, ...]
    hash: str = field(default="", compare=False)

    @cached_property
    def criterion_by_id(self) -> dict[str, RubricCriterion]:
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def level_by_id(self) -> dict[int, Level]:
        return {level.id: level for level in self.levels}

    def level_of(self, quarters: int) -> Level | None:
        """The level whose range holds a value, if any."""
        return next((level for level in self.levels if level.holds(quarters)), None)

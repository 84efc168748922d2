"""The registered certification (fiche): blocks, competences, criteria, what it asks for. Never corrected here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from grading.codes import AccessPath


@dataclass(frozen=True)
class Competence:
    """One competence row of a block, printed as registered. `id` is block.competence, e.g. BC01.C1."""

    id: str
    text: str


@dataclass(frozen=True)
class Block:
    """A block of competences. `code` is the register's (RNCP35284BC01), `id` ours (BC01)."""

    id: str
    code: str
    title: str
    competences: tuple[Competence, ...]


@dataclass(frozen=True)
class Criterion:
    """A criterion of the fiche. `condition` is a project type (business, technical) or None: always applies."""

    id: str
    text: str
    condition: str | None = None
    determinant: bool = False
    deadline: bool = False


@dataclass(frozen=True)
class JuryRules:
    """Composition that the fiche requires: members, external ones, each college, each sex."""

    members: int
    external: int
    employers: int
    women: int


@dataclass(frozen=True)
class Certification:
    """A certification as registered (source: fiche).

    `ends_on` is the last day on which a candidate may have entered; `company_months` and `english` are None and
    False where the fiche asks for nothing.
    """

    code: str
    title: str
    level: int
    certifier: str
    ends_on: date | None
    blocks: tuple[Block, ...]
    criteria: tuple[Criterion, ...]
    paths: tuple[AccessPath, ...]
    company_months: Fraction | None = None
    english: bool = False
    jury: JuryRules | None = None
    doubts: tuple[str, ...] = ()

    @cached_property
    def block_by_id(self) -> dict[str, Block]:
        return {block.id: block for block in self.blocks}

    @cached_property
    def criterion_by_id(self) -> dict[str, Criterion]:
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def competence_ids(self) -> tuple[str, ...]:
        return tuple(competence.id for block in self.blocks for competence in block.competences)

    @cached_property
    def determinant(self) -> str | None:
        """The id of the criterion that the fiche calls determinant, if any."""
        return next((criterion.id for criterion in self.criteria if criterion.determinant), None)

"""The assessment (épreuve): when, for whom, graded by whom; and the course's whole list of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from grading.certification import Certification
from grading.codes import AccessPath, Kind
from grading.language import current
from grading.regulation import Regulation
from grading.rubric import Localised, Rubric


@dataclass(frozen=True)
class Milestone:
    at: datetime
    title: Localised


@dataclass(frozen=True)
class Assessment:
    """One assessment of the course. `paths` None: for every access path. `replaces`: this is a resit of that slug."""

    slug: str
    opens: datetime
    due: datetime
    graders: tuple[str, ...]
    rubric: Rubric
    graders_per_work: int = 1
    group_size: tuple[int, int] = (1, 6)
    language: str = "fr"
    paths: frozenset[AccessPath] | None = None
    replaces: str | None = None
    milestones: tuple[Milestone, ...] = ()
    title: Localised | None = None

    @property
    def shown_title(self) -> str:
        """The title in the current language, else the slug."""
        return self.title[current()] if self.title else self.slug

    @property
    def block(self) -> str | None:
        return self.rubric.block

    @property
    def kind(self) -> Kind:
        return self.rubric.kind

    def concerns(self, path: AccessPath) -> bool:
        return self.paths is None or path in self.paths


@dataclass(frozen=True)
class Syllabus:
    """What the course is: the certification, the regulation and the assessments with their rubrics."""

    title: Localised
    certification: Certification
    regulation: Regulation
    assessments: tuple[Assessment, ...]
    database: str = "sqlite"
    #: How the file exchange tells people apart: `unix_accounts` (a file's owner is its author) or `shared_account`.
    exchange: str = "unix_accounts"

    @cached_property
    def by_slug(self) -> dict[str, Assessment]:
        return {assessment.slug: assessment for assessment in self.assessments}

    def of_kind(self, kind: Kind) -> tuple[Assessment, ...]:
        return tuple(assessment for assessment in self.assessments if assessment.kind is kind)

"""The cohort (promotion): candidates, groups, what they hold already, what they handed in, who sits and who grades.

Every class is one row of the CSV file that bears its table's name; field names are the file's columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property

from grading.codes import AccessPath


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate. `blocks` empty means all of them; `company_months` None means none validated.

    `birth_date` is kept as written (1990, 1990-05 or 1990-05-17): a day or month may be unknown.
    """

    candidate_id: str
    birth_name: str
    usage_name: str
    first_names: str
    sex: str
    birth_date: str
    birth_place: str
    birth_insee_code: str
    birth_country: str
    email: str
    access_path: AccessPath
    entry_level: str
    entry_title_status: str
    entered_on: date
    blocks: frozenset[str]
    company_months: Fraction | None

    @property
    def shown_name(self) -> str:
        return f"{self.usage_name or self.birth_name} {self.first_names}".strip() or self.candidate_id


@dataclass(frozen=True, slots=True)
class Membership:
    """A candidate in a group, from one day to another, both included; None is unbounded."""

    assessment: str
    group_id: str
    candidate_id: str
    since: date | None
    until: date | None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Acquired:
    """A block held already, or a competence dispensed (basis vae_dispensation)."""

    candidate_id: str
    item: str
    basis: str
    date: str
    reference: str


@dataclass(frozen=True, slots=True)
class Submission:
    assessment: str
    subject: str
    received_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Extension:
    assessment: str
    subject: str
    until: datetime
    motive: str
    granted_by: str


@dataclass(frozen=True, slots=True)
class Absence:
    """`state` is justified, unjustified or pending."""

    assessment: str
    candidate_id: str
    state: str
    motive: str


@dataclass(frozen=True, slots=True)
class Education:
    candidate_id: str
    title: str
    institution: str
    level: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Experience:
    candidate_id: str
    organisation: str
    role: str
    contract: str
    since: str
    until: str
    missions: str
    supervisor: str


@dataclass(frozen=True, slots=True)
class Juror:
    juror_id: str
    name: str
    sex: str
    college: str
    external: bool
    organisation: str
    internal_role: str


@dataclass(frozen=True, slots=True)
class Person:
    person_id: str
    login: str
    role: str
    assessments: str


@dataclass(frozen=True)
class Cohort:
    """Everything known of the people of a course at one moment."""

    candidates: tuple[Candidate, ...] = ()
    groups: tuple[Membership, ...] = ()
    acquired: tuple[Acquired, ...] = ()
    submissions: tuple[Submission, ...] = ()
    extensions: tuple[Extension, ...] = ()
    absences: tuple[Absence, ...] = ()
    education: tuple[Education, ...] = ()
    experiences: tuple[Experience, ...] = ()
    jurors: tuple[Juror, ...] = ()
    people: tuple[Person, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Candidate]:
        return {candidate.candidate_id: candidate for candidate in self.candidates}

    def groups_on(self, due_days: Mapping[str, date]) -> dict[tuple[str, str], str]:
        """(assessment, candidate) -> the group that holds them on the assessment's due day; absent: alone."""
        return {
            (member.assessment, member.candidate_id): member.group_id
            for member in self.groups
            if member.assessment in due_days and member.holds_on(due_days[member.assessment])
        }


@dataclass(frozen=True)
class Subjects:
    """Who is marked under which id: the group of a candidate in an assessment, or the candidate alone."""

    group_of: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, assessment: str, candidate_id: str) -> str:
        return self.group_of.get((assessment, candidate_id), candidate_id)

    def is_alone(self, assessment: str, candidate_id: str) -> bool:
        return (assessment, candidate_id) not in self.group_of

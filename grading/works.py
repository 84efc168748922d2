"""The work handed in (rendu): every version that came, the one that counts, and what its execution gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from grading.language import _


class RunState(StrEnum):
    """How a work stands after `jurylab autograde`. Only the first two give points; the others are a state, never a 0."""

    RAN = "ran"
    RAN_WITH_ERRORS = "ran_with_errors"
    DID_NOT_RUN = "did_not_run"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    TOO_MUCH_OUTPUT = "too_much_output"
    FORBIDDEN = "forbidden"
    MISSING_FILE = "missing_file"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"

    @property
    def scored(self) -> bool:
        return self in (RunState.RAN, RunState.RAN_WITH_ERRORS)


def state_label(state: RunState) -> str:
    """The state in words."""
    return {
        RunState.RAN: _("exécuté"),
        RunState.RAN_WITH_ERRORS: _("exécuté, avec des erreurs"),
        RunState.DID_NOT_RUN: _("ne s'exécute pas"),
        RunState.TIMED_OUT: _("temps dépassé"),
        RunState.OUT_OF_MEMORY: _("mémoire dépassée"),
        RunState.TOO_MUCH_OUTPUT: _("sorties trop volumineuses"),
        RunState.FORBIDDEN: _("tente ce qui est interdit"),
        RunState.MISSING_FILE: _("notebook absent"),
        RunState.MALFORMED: _("notebook illisible"),
        RunState.TOO_LARGE: _("rendu trop volumineux"),
    }[state]


@dataclass(frozen=True, slots=True)
class Deposit:
    """One version that a candidate handed in. `identity` is `verified` where the file's owner is the member's login,
    `declared` where everybody shares one account. `set_aside` says why it is never collected; empty: it may be."""

    assessment: str
    candidate_id: str
    received_at: datetime
    by: str
    identity: str
    digest: str
    folder: str
    set_aside: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """The version that counts for a group (or a candidate alone): the digest of one of its deposits."""

    assessment: str
    subject: str
    digest: str
    received_at: datetime
    candidate_id: str


@dataclass(frozen=True, slots=True)
class CheckedCell:
    """One autograded cell: points earned of its maximum."""

    grade_id: str
    points: Fraction
    maximum: Fraction


@dataclass(frozen=True, slots=True)
class Run:
    """What one execution of a collected work gave. `key` names what was run: the work, its tests, the environment."""

    assessment: str
    subject: str
    key: str
    state: RunState
    reason: str
    cells: tuple[CheckedCell, ...]
    sandbox: str

    @property
    def points(self) -> Fraction:
        return sum((cell.points for cell in self.cells), Fraction(0))

    @property
    def maximum(self) -> Fraction:
        return sum((cell.maximum for cell in self.cells), Fraction(0))


@dataclass(frozen=True, slots=True)
class Release:
    """What was handed out: the digest of the released folder."""

    assessment: str
    digest: str
    at: str


@dataclass(frozen=True)
class WorkLog:
    """Everything recorded about works, by (assessment, subject) where there is one."""

    deposits: tuple[Deposit, ...] = ()
    collected: Mapping[tuple[str, str], Collected] = field(default_factory=dict)
    runs: Mapping[tuple[str, str], Run] = field(default_factory=dict)
    releases: Mapping[str, Release] = field(default_factory=dict)
    #: (assessment, subject) -> the graders who have finalised.
    finalised: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)

"""The school's own rules (règlement), versioned. The fiche gives no threshold: all of these are the school's."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

#: Marks, thresholds and deltas are whole numbers of quarter points: 10/20 is 40.
QUARTERS = 4
#: 20/20, in quarter points.
FULL = 20 * QUARTERS


@dataclass(frozen=True)
class LateStep:
    """Up to `hours` late (None: any delay), the deadline criterion is proposed `quarters` quarter points."""

    hours: Fraction | None
    quarters: int


@dataclass(frozen=True)
class Agreement:
    """How two blind marks may agree. `tolerance` and `never_across` in quarter points."""

    tolerance: int = 2 * QUARTERS
    never_across: int = 10 * QUARTERS
    auto: bool = False


DEFAULT_LATE = (
    LateStep(Fraction(0), 18 * QUARTERS),
    LateStep(Fraction(24), 12 * QUARTERS),
    LateStep(Fraction(72), 8 * QUARTERS),
    LateStep(None, 2 * QUARTERS),
)


@dataclass(frozen=True)
class Regulation:
    """The settings of `regulation.yaml`. Thresholds in hundredths of a point, deltas in quarter points."""

    version: str
    pass_mark: int = 1000
    competence_floor: int = 800
    determinant_floor: int = 800
    adjustment_bound: int = 3 * QUARTERS
    unjustified_absence: str = "zero"
    company_months: Fraction | None = None
    late: tuple[LateStep, ...] = DEFAULT_LATE
    confirm_proposals: bool = True
    agreement: Agreement = field(default_factory=Agreement)
    english_pass_mark: int | None = None
    not_submitted: str = "wait"
    vae_dispensation: str = "following"
    tie: str = "president"
    resit_months: int = 12
    quorum: int = 4

    @property
    def absence_is_zero(self) -> bool:
        return self.unjustified_absence == "zero"

    @property
    def dispensation_acquires(self) -> bool:
        return self.vae_dispensation == "acquired"

"""The mark (note): one grader's judgement on one criterion; and the adjustment (modulation) of a group mark."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

#: The grader named on a mark that two graders have settled between them.
AGREED = "accord"
#: The grader named on an unconfirmed proposal of a fact, where the regulation lets it count.
SYSTEM = "system"
#: The criterion of an adjustment that concerns every group criterion of the assessment.
EVERY = "*"
#: Shortest motive of an adjustment, in characters.
SHORTEST_MOTIVE = 10


class MarkState(StrEnum):
    MARKED = "marked"
    NOT_OBSERVED = "not_observed"
    NOT_APPLICABLE = "not_applicable"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Mark:
    """One row of `marks.csv`. `quarters` is the value (or the delta) in quarter points; `value` the text as given."""

    assessment: str
    subject: str
    criterion: str
    grader: str
    state: MarkState
    level: int | None
    quarters: int | None
    value: str
    comment: str
    at: str

    @property
    def key(self) -> tuple[str, str, str, str, bool]:
        """(assessment, subject, criterion, grader, is an adjustment): a file holds each once, the last one counts."""
        return (self.assessment, self.subject, self.criterion, self.grader, self.state is MarkState.ADJUSTMENT)

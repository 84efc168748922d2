"""What the ledger records: one event is one fact, said by somebody at some time."""

from __future__ import annotations

from dataclasses import dataclass

MARK = "mark"
ADJUSTMENT = "adjustment"
RUBRIC = "rubric"
PURGE = "purge"
RELEASE = "release"
DEPOSIT = "deposit"
COLLECT = "collect"
RUN = "run"
FINALISE = "finalise"
#: The tables of the cohort are kinds of event too; a row that an import no longer holds is `removed`.
COHORT = (
    "candidates", "groups", "acquired", "submissions", "extensions", "absences", "education", "experiences", "jurors",
    "people",
)  # fmt: skip
RECORDED = "recorded"
REMOVED = "removed"

#: What `jurylab purge` may delete, and the kinds of event whose payload it deletes.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "identities": ("candidates",),
    "path": ("education", "experiences"),
    "comments": (MARK, RUN),
    "motives": (ADJUSTMENT, "extensions", "absences"),
    "people": ("jurors", "people"),
}


#: A mark as the reckoning reads it: subject, then assessment, criterion, grader and state in one word joined by
#: SEPARATOR (few different ones exist, and each is taken apart once), then quarter points.
PackedRow = tuple[str, str, int]
SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact to record. `facts` is JSON kept in clear; `payload` is personal and can be purged."""

    kind: str
    assessment: str = ""
    subject: str = ""
    criterion: str = ""
    grader: str = ""
    state: str = ""
    level: int | None = None
    quarters: int | None = None
    item: str = ""
    rubric: str = ""
    facts: str = ""
    payload: str = ""

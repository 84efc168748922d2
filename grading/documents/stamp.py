"""What each document says of itself: which course, which rules, which state of the ledger, when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from grading.language import _, current
from grading.ledger.chain import ORIGIN, Head
from grading.proposals import Reckoning

#: Characters of the hash that a person compares; the whole of it is in the page too.
_SHORT = 12


@dataclass(frozen=True)
class Stamp:
    course: str
    certification: str
    regulation: str
    head: str
    moment: datetime
    as_of: datetime | None

    @property
    def short_head(self) -> str:
        count, digest = self.head.split(":")
        return f"{count}:{digest[:_SHORT]}"

    @property
    def date(self) -> str:
        """When the figures were reckoned, or the past moment that they show."""
        text = _("établi le {moment}") if self.as_of is None else _("état au {moment}")
        return text.format(moment=moment_text(self.moment.astimezone()))


class Fixed:
    """The same reckoning for a whole document, so that its parts never tell of two moments."""

    def __init__(self, reckoning: Reckoning) -> None:
        self._reckoning = reckoning

    def reckoning(self, as_of: datetime | None = None) -> Reckoning:
        return self._reckoning


def stamp_of(reckoning: Reckoning, as_of: datetime | None) -> Stamp:
    syllabus = reckoning.layout.syllabus
    return Stamp(
        course=syllabus.title[current()],
        certification=f"{syllabus.certification.code} {syllabus.certification.title}",
        regulation=syllabus.regulation.version,
        head=reckoning.facts.head or str(Head(0, ORIGIN)),
        moment=as_of or reckoning.facts.now,
        as_of=as_of,
    )


def moment_text(moment: datetime) -> str:
    return moment.strftime(_("%d/%m/%Y à %H:%M"))


def sheet_file(candidate_id: str) -> str:
    """A file name that no identifier can turn into a path."""
    return f"fiche-{re.sub(r'[^A-Za-z0-9._-]', '_', candidate_id)}.html"

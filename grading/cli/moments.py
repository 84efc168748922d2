"""Dates given on the command line."""

from __future__ import annotations

from datetime import datetime, time

from grading.errors import JuryLabError, Problem
from grading.language import _

#: A year outside these is a slip of the finger, and a purge cannot be undone.
FIRST_YEAR, LAST_YEAR = 2000, 2100


def moment_option(option: str, text: str, end_of_day: bool = True) -> datetime:
    """A moment. A day alone is its end (or its beginning), on this machine's clock; so is a time without an offset."""
    from grading.loading.tables import calendar_day

    try:
        day = calendar_day(text.strip())
        edge = time.max if end_of_day else time.min
        found = datetime.combine(day, edge) if day is not None else datetime.fromisoformat(text.strip())
        if FIRST_YEAR <= found.year <= LAST_YEAR:
            return found.astimezone()
    except (ValueError, OverflowError):
        pass
    raise JuryLabError(
        Problem(option, _("« {value} »").format(value=text), _("2026-07-02, 02/07/2026 ou 2026-07-02T14:00+02:00"))
    )

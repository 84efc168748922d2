"""Dates given on the command line."""

from __future__ import annotations

from datetime import datetime, time

from grading.errors import JuryLabError, Problem
from grading.language import _


def moment_option(option: str, text: str, end_of_day: bool = True) -> datetime:
    """A moment. A day alone is its end (or its beginning), on this machine's clock; so is a time without an offset."""
    from grading.loading.tables import calendar_day

    day = calendar_day(text.strip())
    if day is not None:
        return datetime.combine(day, time.max if end_of_day else time.min).astimezone()
    try:
        return datetime.fromisoformat(text.strip()).astimezone()
    except ValueError:
        raise JuryLabError(
            Problem(option, _("« {value} »").format(value=text), _("2026-07-02, 02/07/2026 ou 2026-07-02T14:00+02:00"))
        ) from None

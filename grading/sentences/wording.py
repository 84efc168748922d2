"""Figures, dates and lists as they are read aloud."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from grading.codes import Origin
from grading.language import _, current
from grading.scoring import NONE


def mark_text(hundredths: int) -> str:
    """1234 -> 12,34 in French, 12.34 in English; a dash where there is no mark."""
    return "—" if hundredths == NONE else decimal_mark(f"{hundredths // 100}.{hundredths % 100:02d}")


def decimal_mark(text: str) -> str:
    return text.replace(".", ",") if current() == "fr" else text


def number_text(value: Fraction) -> str:
    """An exact decimal without useless zeros: 6, or 5,5 in French."""
    return decimal_mark(f"{float(value):.2f}".rstrip("0").rstrip("."))


def date_text(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def partial_date_text(iso: str) -> str:
    """2024-07-12 -> 12/07/2024, 2024-07 -> 07/2024, 2024 -> 2024."""
    return "/".join(reversed(iso.split("-")))


def enumeration(words: Iterable[str]) -> str:
    """A, B et C."""
    every = list(words)
    if len(every) < 2:
        return "".join(every)
    return _("{first} et {last}").format(first=", ".join(every[:-1]), last=every[-1])


def quoted(text: str) -> str:
    return _("« {value} »").format(value=text)


def origin(source: Origin) -> str:
    """(fiche), (loi), (règlement): where the rule of a figure comes from."""
    words = {Origin.FICHE: _("fiche"), Origin.LAW: _("loi"), Origin.REGULATION: _("règlement")}
    return f"({words[source]})"


def joined(parts: Iterable[str]) -> str:
    """Reasons, one after the other, as one sentence."""
    text = _(" ; ").join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}." if text else ""

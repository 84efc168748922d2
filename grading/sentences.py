"""The sentence under each proposal, for a juror who knows no code: what is proposed, on which figures, by which rule."""

from __future__ import annotations

from grading.language import _, current
from grading.proposals import Reckoning
from grading.scoring import NONE


def mark_text(hundredths: int) -> str:
    """1234 -> 12,34 in French, 12.34 in English; a dash where there is no mark."""
    if hundredths == NONE:
        return "—"
    text = f"{hundredths // 100}.{hundredths % 100:02d}"
    return text.replace(".", ",") if current() == "fr" else text


def block_sentence(reckoning: Reckoning, row: int, block: int) -> str:
    return _("en cours")


def title_sentence(reckoning: Reckoning, row: int) -> str:
    return _("en cours")

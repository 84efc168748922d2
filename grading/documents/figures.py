"""Figures as a page shows them: the text, the value that sorts, the length of the bar."""

from __future__ import annotations

from typing import Any, NamedTuple

from grading.recap import figure_text
from grading.scoring import NONE
from grading.sentences.wording import decimal_mark, mark_text


class Figure(NamedTuple):
    """`text` in the reader's language, `value` with a dot, `bar` in quarter points; empty and None where nothing is."""

    text: str
    value: str
    bar: int | None


def recap_figure(column: tuple[str, str], value: Any) -> Figure:
    """A number of the recap. The bar is rounded down: 9,99 never touches the tick of 10."""
    text = figure_text(column, value)
    return Figure(decimal_mark(text), text, int(value * 4) if text else None)


def mark_figure(hundredths: int) -> Figure:
    if hundredths == NONE:
        return Figure("", "", None)
    return Figure(mark_text(hundredths), f"{hundredths // 100}.{hundredths % 100:02d}", hundredths // 25)

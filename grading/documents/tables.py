"""The recap as plain tables for other programs: CSV and JSON, with the same names and figures (DESIGN 3.5)."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime
from typing import Any

import pandas as pd

from grading.course import Course
from grading.recap import figure_text, flat_name

#: A cell that begins with one of these may run as a formula in a spreadsheet.
RISKY = ("=", "+", "-", "@", "\t", "\r")


def recap_csv(course: Course, as_of: datetime | None = None) -> str:
    """UTF-8, LF, minimal quotes. Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    frame = course.recap(as_of)
    names = columns_of(frame)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([flat_name(name) for name in names])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow([_cell(name, value) for name, value in zip(names, row, strict=True)])
    return out.getvalue()


def recap_json(course: Course, as_of: datetime | None = None) -> str:
    """A list of objects: marks are numbers or null, text is as recorded."""
    frame = course.recap(as_of)
    names = [flat_name(name) for name in columns_of(frame)]
    rows = [
        {name: _plain(value) for name, value in zip(names, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]
    return json.dumps(rows, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def columns_of(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """The two-level header (pandas' own type for it says plain text)."""
    names: list[Any] = list(frame.columns)
    return names


def is_risky(text: str) -> bool:
    return text.startswith(RISKY)


def _cell(name: tuple[str, str], value: Any) -> str:
    text = figure_text(name, value)
    if not isinstance(value, str):
        return text
    inner = re.sub(r"([;\t\r\n])([=+\-@])", r"\1'\2", text)  # a French spreadsheet begins a cell after a semicolon
    return f"'{inner}" if is_risky(text) else inner


def _plain(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return None if value != value else float(value)  # NaN is the only float that differs from itself

"""JuryLab: from marks to the jury's decision. `from grading import open_course`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grading.course import open_course as open_course

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """`open_course` is found when it is asked for: the commands that do not reckon start faster."""
    if name == "open_course":
        from grading.course import open_course

        return open_course
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Courses for tests: the shipped one with its fictional cohort, in a folder of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from grading.course import Course
from grading.importing import import_cohort, import_marks

ROOT = Path(__file__).parents[1]


def copy_course(folder: Path) -> Path:
    """The course files as shipped, nothing recorded yet."""
    for name in ("course", "rubrics", "assignments"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def demo_people(folder: Path) -> Course:
    """The shipped course with the fictional cohort, and no mark yet."""
    course = Course(copy_course(folder))
    import_cohort(course, folder / "course" / "demo")
    return course.refresh()


def demo_course(folder: Path) -> Course:
    """The shipped course with the fictional cohort and its marks."""
    course = demo_people(folder)
    import_marks(course, folder / "course" / "demo" / "marks.csv")
    return course.refresh()


def edit(path: Path, before: str, after: str) -> None:
    """Replaces a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert before in text, f"{before!r} is not in {path.name}"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")

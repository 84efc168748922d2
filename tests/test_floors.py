"""The house: a module imports only from its own floor's own package, or from floors below."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: From the ground up. A package stands for all its modules.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("language",),
    ("errors",),
    ("content", "execution"),
    ("codes",),
    ("certification", "regulation", "rubric", "cohort", "marks", "events", "works"),
    ("assessment",),
    ("loading", "ledger"),
    ("deadlines", "layout"),
    ("judgements", "fact_proposals"),
    ("evidence",),
    ("scoring",),
    ("proposals",),
    ("sentences",),
    ("sheet", "recap"),
    ("course",),
    ("checking", "importing", "status"),
    ("marking",),
    ("work",),
    ("documents", "notebooks"),
    ("cli",),
)
FLOOR = {name: number for number, floor in enumerate(FLOORS) for name in floor}
#: Libraries that stay in one place: library -> the rooms that may import it.
ONLY_IN = {
    "sqlalchemy": ("ledger",),
    "alembic": ("ledger",),
    "sqlite3": ("ledger",),
    "yaml": ("loading",),
    "openpyxl": ("loading",),
    "pandas": ("recap", "course", "documents", "cli", "execution"),
    "numpy": ("layout", "judgements", "evidence", "scoring", "proposals", "sentences", "recap", "execution"),
    "xlsxwriter": ("documents",),
    "jinja2": ("documents",),
    "argparse": ("cli",),
    "nbgrader": ("notebooks",),
    "traitlets": ("notebooks",),
}
#: Pure rooms: no file, no database, no process.
PURE = ("codes", "works", "fact_proposals", "certification", "regulation", "rubric", "cohort", "marks", "events", "assessment",
        "deadlines", "layout",         "judgements", "evidence", "scoring", "proposals", "sentences")  # fmt: skip


def modules() -> list[Path]:
    return sorted((ROOT / "grading").rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(ROOT / "grading").with_suffix("").parts
    return parts[0]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(path: Path) -> Iterator[str]:
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "grading" and len(parts) > 1 and parts[1] in FLOOR:
            yield parts[1]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_from_below(path: Path) -> None:
    name = room(path)
    if name == "__init__":
        return
    assert name in FLOOR, f"{name} stands on no floor: add it to FLOORS"
    wrong = [other for other in ours(path) if other != name and FLOOR[other] >= FLOOR[name]]
    assert not wrong


@pytest.mark.parametrize(("library", "rooms"), ONLY_IN.items())
def test_a_library_stays_in_its_rooms(library: str, rooms: tuple[str, ...]) -> None:
    users = {room(path) for path in modules() if any(name.split(".")[0] == library for name in imports(path))}
    assert users <= set(rooms)


@pytest.mark.parametrize("name", PURE)
def test_words_and_reckoning_are_pure(name: str) -> None:
    outside = {"os", "pathlib", "sqlite3", "io", "shutil", "subprocess", "socket", "pandas", "yaml", "sqlalchemy"}
    found = {one.split(".")[0] for path in modules() if room(path) == name for one in imports(path)}
    assert not found & outside


def test_only_the_command_line_prints() -> None:
    for path in modules():
        calls = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)]
        prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
        assert not prints or room(path) == "cli", path


def test_files_can_be_read_in_one_sitting() -> None:
    long = {str(path.relative_to(ROOT)): n for path in modules() if (n := len(path.read_text().splitlines())) > 340}
    assert not long

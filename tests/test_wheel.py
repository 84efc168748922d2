"""The wheel carries the course, and nothing that git does not know."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from tests.course_factory import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def tracked() -> set[str]:
    out = subprocess.run(["git", "-C", str(ROOT), "ls-files"], check=True, capture_output=True, text=True).stdout
    return set(out.splitlines())


def source_of(name: str) -> str:
    """Where the repository keeps a file of the wheel."""
    if name.startswith("jurylab_"):
        return f"extensions/{name}"
    return name.removeprefix("grading/content/")


def test_everything_in_the_wheel_is_tracked(names: set[str]) -> None:
    sources = {source_of(name) for name in names if ".dist-info/" not in name}
    assert sources <= tracked()


def test_the_whole_course_is_in_the_wheel(names: set[str]) -> None:
    shipped = {name for name in tracked() if name.startswith(("course/", "rubrics/", "assignments/"))}
    assert {f"grading/content/{name}" for name in shipped} <= names
    assert "grading/ledger/migrations/versions/0001_ledger.py" in names


def test_the_extensions_are_in_the_wheel(names: set[str]) -> None:
    assert {"jurylab_widgets/rubric.js", "jurylab_widgets/rubric.css", "jurylab_nbgrader/export.py"} <= names


def test_the_lock_names_exact_versions_and_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    assert lines
    assert all("==" in line and "/" not in line for line in lines)


def test_every_locked_version_runs_on_debians_own_python() -> None:
    """Debian 12 has Python 3.11.2: a package that asks for a later patch could not be installed there."""
    locked = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").split())
    for name, version in locked.items():
        try:
            found = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # of another platform
        assert found["Version"] == version, name
        assert SpecifierSet(found["Requires-Python"] or "").contains("3.11.2"), name


def test_no_path_of_a_machine_in_the_tree() -> None:
    words = ("/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "index-u" + "rl")
    for name in tracked():
        path = Path(ROOT / name)
        if path.suffix in (".py", ".md", ".toml", ".yaml", ".txt", ".html", ".css", ".js", "") and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            assert not [word for word in words if word in text], name

"""The example notebook runs in a real kernel, and what it shows is readable."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.course_factory import demo_course

pytestmark = [
    pytest.mark.slow,
    # The kernel's own libraries warn about themselves; nothing of ours does.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning", "ignore::ResourceWarning"),
]


def test_the_example_notebook_runs(tmp_path: Path) -> None:
    folder = demo_course(tmp_path).folder
    notebook = nbformat.read(folder / "course" / "exemple.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder / "course")}})
    client.execute()
    shown = [output["data"] for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    html = " ".join(data.get("text/html", "") for data in shown)
    assert "Le titre demande les 6 blocs" in html
    assert "BC01" in html
    assert "C013" in html

"""What a run came to: the points of its checked cells, its state, and the reason that its reader needs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from grading.errors import JuryLabError
from grading.execution.notebook import NotebookRun
from grading.language import _, plural
from grading.works import CheckedCell, RunState


def checked_cells(notebook: list[Any], run: NotebookRun) -> tuple[CheckedCell, ...]:
    """nbgrader's own scoring, cell by cell."""
    from nbformat.notebooknode import from_dict
    from nbgrader.utils import determine_grade

    from grading.notebooks.preprocessors import is_test_cell

    found = []
    for number, cell in enumerate(notebook):
        if is_test_cell(cell):
            cell.outputs = [from_dict(one) for one in run.outputs.get(number, [])]  # type: ignore[no-untyped-call]
            try:
                points, most = determine_grade(cell)
            except ValueError:  # a test that gives more than its maximum
                points = most = float(cell.metadata.nbgrader.points)
            found.append(CheckedCell(cell.metadata.nbgrader.grade_id, Fraction(str(points or 0)), Fraction(str(most))))
    return tuple(found)


_STOPPED = {
    "timed_out": RunState.TIMED_OUT,
    "too_much_output": RunState.TOO_MUCH_OUTPUT,
    "out_of_memory": RunState.OUT_OF_MEMORY,
}


def _moved_text(notebook: list[Any], released: tuple[Any, ...]) -> str:
    """What the evaluator should know of a notebook that ran, but no longer is the one handed out."""
    from grading.notebooks.preprocessors import RESTORED, is_test_cell

    lost = sum(RESTORED in cell.metadata and is_test_cell(cell) for cell in notebook)
    if lost:
        text = plural(_("{count} cellule contrôlée manquait"), _("{count} cellules contrôlées manquaient"), lost)
        return text.format(count=lost)
    order = {cell.metadata.nbgrader.grade_id: place for place, cell in enumerate(released)}
    places = [order.get(cell.metadata.get("nbgrader", {}).get("grade_id"), -1) for cell in notebook]
    places = [place for place in places if place >= 0]
    return "" if places == sorted(places) else _("des cellules ont changé de place")


def state_of(
    notebook: list[Any], run: NotebookRun, cells: tuple[CheckedCell, ...], released: tuple[Any, ...]
) -> tuple[RunState, str]:
    """How a run ended, and why. Cells that fail while others earn points are errors of the work; a work that fails and
    earns nothing is one that did not run: its 0 would say nothing."""
    if run.stopped == "not_started":
        return RunState.DID_NOT_RUN, _("le bac à sable n'a pas pu l'ouvrir ({detail})").format(detail=run.detail)
    if run.stopped:
        return _STOPPED.get(run.stopped, RunState.DID_NOT_RUN), _stopped_text(notebook, run)
    first = next(_errors(notebook, run), None)
    if first is None:
        return RunState.RAN, _moved_text(notebook, released)
    number, error = first
    detail = " ".join(error["evalue"].split())[:300]
    name = f"{error['ename']} : {detail}" if detail else error["ename"]
    reason = _("{cell} : {error}").format(cell=cell_name(notebook, number), error=name)
    if error["ename"] == "MemoryError":
        return RunState.OUT_OF_MEMORY, reason
    if any(cell.points for cell in cells) or not cells:
        return RunState.RAN_WITH_ERRORS, reason
    return (RunState.FORBIDDEN if _is_refusal(error) else RunState.DID_NOT_RUN), reason


#: What a cell raises where the sandbox says no: the network, another's file, a place that is read-only.
_REFUSALS = (
    "PermissionError",
    "gaierror",
    "URLError",
    "ConnectionRefusedError",
    "ConnectionError",
    "ConnectError",
    "NewConnectionError",
)
_REFUSED_CODES = ("[Errno 1]", "[Errno 13]", "[Errno 30]", "[Errno 101]", "[Errno 111]")


def _is_refusal(error: dict[str, Any]) -> bool:
    return error["ename"] in _REFUSALS or (error["ename"] == "OSError" and error["evalue"].startswith(_REFUSED_CODES))


def _errors(notebook: list[Any], run: NotebookRun) -> Iterator[tuple[int, dict[str, Any]]]:
    from grading.notebooks.preprocessors import is_test_cell

    for number, outputs in sorted(run.outputs.items()):
        if not is_test_cell(notebook[number]):
            for output in outputs:
                if output["output_type"] == "error":
                    yield number, output


def _stopped_text(notebook: list[Any], run: NotebookRun) -> str:
    where = cell_name(notebook, run.at or 0)
    texts = {
        "timed_out": _("{cell} ne finit pas dans le temps donné"),
        "too_much_output": _("{cell} écrit trop"),
        "out_of_memory": _("{cell} prend trop de mémoire"),
        "kernel_died": _("{cell} a arrêté l'exécution"),
        "tests_died": _("le contrôle {cell} s'est arrêté"),
    }
    return texts[run.stopped].format(cell=where)


def cell_name(notebook: list[Any], number: int) -> str:
    """A cell as its reader finds it: its place among the code cells, and its grade id if it has one."""
    place = sum(cell.cell_type == "code" for cell in notebook[: number + 1])
    grade_id = notebook[number].metadata.get("nbgrader", {}).get("grade_id")
    name = _("cellule de code {number}").format(number=place)
    return f"{name} ({grade_id})" if grade_id else name


def malformed_text(error: Exception) -> str:
    """Libraries tell what they found in many lines; an evaluator needs one."""
    lines = str(error).strip().splitlines()
    known = isinstance(error, (ValueError, JuryLabError)) or type(error).__module__.startswith(
        ("nbformat", "jsonschema")
    )
    detail = lines[0][:200] if lines and known else _("structure inattendue")
    return _("ce n'est pas un notebook lisible ({detail})").format(detail=detail)

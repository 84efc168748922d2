"""The steps that JuryLab puts into nbgrader's autograding: metadata as released, execution in the sandbox, honest scores."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.preprocessors.overwritecells import OverwriteCells
from traitlets import Integer

from grading.execution.notebook import CodeCell, NotebookRun
from grading.execution.sandbox import Limits

#: Says in a cell's metadata that it was not in what the candidate handed in.
RESTORED = "jurylab_restored"


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Cells of the release as they were released: what a candidate changed in a cell's metadata is undone, the copy of a
    cell loses its id, a cell whose metadata a tool dropped is known again by its nbformat id or its locked text, a test or
    criterion cell that was deleted comes back after the cell that preceded it."""

    #: The released cells that have a grade id, in order; set by the converter.
    released: tuple[Any, ...] = ()

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        by_id = {cell.metadata.nbgrader.grade_id: cell for cell in self.released}
        seen: set[str] = set()
        for cell in nb.cells:
            cell.metadata.pop(RESTORED, None)
            about = cell.metadata.get("nbgrader")
            grade_id = about.get("grade_id") if isinstance(about, dict) else None
            if not isinstance(grade_id, str) or grade_id not in by_id or grade_id in seen:
                cell.metadata.pop("nbgrader", None)
                continue
            seen.add(grade_id)
            self._as_released(cell, by_id[grade_id])
        seen |= self._known_again(nb, seen)
        for place, cell in enumerate(self.released):
            if cell.metadata.nbgrader.grade_id not in seen and not utils.is_solution(cell):
                restored = deepcopy(cell)
                restored.metadata[RESTORED] = True
                nb.cells.insert(self._after(nb, place), restored)
        return nb, resources

    def _known_again(self, nb: Any, seen: set[str]) -> set[str]:
        """Gives their metadata back to cells that lost it; the grade ids found so."""
        lost = [cell for cell in self.released if cell.metadata.nbgrader.grade_id not in seen]
        by_id = {cell.get("id"): cell for cell in lost if cell.get("id")}
        by_text = {
            (cell.cell_type, cell.source): cell for cell in lost if utils.is_locked(cell) and cell.source.strip()
        }
        found: set[str] = set()
        for cell in nb.cells:
            released = by_id.get(cell.get("id")) or by_text.get((cell.cell_type, cell.source))
            if "nbgrader" in cell.metadata or released is None:
                continue
            grade_id = released.metadata.nbgrader.grade_id
            if grade_id not in found:
                found.add(grade_id)
                self._as_released(cell, released)
        return found

    def _as_released(self, cell: Any, released: Any) -> None:
        cell.metadata.nbgrader = dict(released.metadata.nbgrader)
        if cell.cell_type != released.cell_type:
            OverwriteCells(parent=self).update_cell_type(cell, released.cell_type)
        if utils.is_locked(cell):
            cell.source = released.source

    def _after(self, nb: Any, place: int) -> int:
        """Where a deleted cell goes: after the nearest cell before it that is still there; at the end where nothing of the
        release is left, as a test before every answer could only fail."""
        before = [cell.metadata.nbgrader.grade_id for cell in self.released[:place]]
        here = {cell.metadata.get("nbgrader", {}).get("grade_id"): number for number, cell in enumerate(nb.cells)}
        if not here.keys() - {None}:
            return len(nb.cells)
        return next((here[one] + 1 for one in reversed(before) if one in here), 0)


class SandboxedExecute(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts the outputs of a run into the notebook. The run itself happened in the sandbox, once for the whole group."""

    timeout = Integer(30, help="seconds for one cell").tag(config=True)
    wall_timeout = Integer(300, help="seconds for one work").tag(config=True)
    memory = Integer(4096, help="mebibytes for one process").tag(config=True)
    disk = Integer(256, help="mebibytes that one work may write, its own copied files included").tag(config=True)

    #: The run whose outputs are put in; set by the converter.
    run: NotebookRun | None = None

    def limits(self) -> Limits:
        return Limits(
            cell_seconds=self.timeout, wall_seconds=self.wall_timeout, memory_mb=self.memory, disk_mb=self.disk
        )

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        from nbformat.notebooknode import from_dict
        from nbformat.v4 import output_from_msg  # noqa: F401 - nbformat's v4 must be loaded before its nodes are made

        if self.run is not None:
            for number, cell in enumerate(nb.cells):
                if cell.cell_type == "code":
                    cell.outputs = [from_dict(one) for one in self.run.outputs.get(number, [])]  # type: ignore[no-untyped-call]
                    cell.execution_count = self.run.counts.get(number)
        return nb, resources


class SaveHonestGrades(SaveAutoGrades):  # type: ignore[misc]
    """nbgrader's scores, but for a work that did not run: no score then, rather than a 0."""

    scored = True

    def _add_score(self, cell: Any, resources: Any) -> None:
        if self.scored or not is_test_cell(cell):
            super()._add_score(cell, resources)
            return
        grade = self.gradebook.find_grade(
            cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id
        )
        grade.auto_score, grade.needs_manual_grade = None, True
        self.gradebook.db.commit()


def is_test_cell(cell: Any) -> bool:
    return bool(cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell))


def code_cells(nb: Any) -> list[CodeCell]:
    return [
        CodeCell(number, cell.source, is_test_cell(cell))
        for number, cell in enumerate(nb.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]

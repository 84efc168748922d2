"""nbgrader's Autograde converter, with the execution taken out: sanitise, then put in what the sandbox gave and score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.converters.autograde import Autograde
from nbgrader.converters.base import BaseConverter
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
)

from grading.execution.notebook import NotebookRun
from grading.notebooks.nbcourse import course_directory
from grading.notebooks.preprocessors import RestoreCells, SandboxedExecute, SaveHonestGrades


class SandboxedAutograde(Autograde):  # type: ignore[misc]
    """One work of one candidate. With a run: its outputs and scores; without: the notebook made clean, to be run."""

    run: NotebookRun | None = None
    scored = True
    released: tuple[Any, ...] = ()

    def _init_preprocessors(self) -> None:
        self.exporter._preprocessors = []
        steps = (
            (ClearOutput, RestoreCells, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata)
            if self._sanitizing
            else (SandboxedExecute, LimitOutput, SaveHonestGrades, CheckCellMetadata)
        )
        for step in steps:
            self.exporter.register_preprocessor(self._made(step), enabled=True)

    def _made(self, step: type[Any]) -> Any:
        made = step(parent=self.exporter)
        for name in ("run", "scored", "released"):
            if hasattr(type(made), name):
                setattr(made, name, getattr(self, name))
        return made

    def convert_single_notebook(self, notebook_filename: str) -> None:
        if self.run is not None:
            super().convert_single_notebook(notebook_filename)
            return
        self._sanitizing = True
        self._init_preprocessors()
        BaseConverter.convert_single_notebook(self, notebook_filename)


def convert(
    config: Any, slug: str, candidate_id: str, released: tuple[Any, ...], run: NotebookRun | None, scored: bool
) -> Path:
    """One pass over a submitted work; gives the folder of the result."""
    directory = course_directory(config, slug, candidate_id)
    converter = SandboxedAutograde(coursedir=directory, config=config)
    converter.force, converter.run, converter.scored, converter.released = True, run, scored, released
    converter.start()
    return Path(directory.format_path(directory.autograded_directory, candidate_id, slug))

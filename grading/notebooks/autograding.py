"""jurylab autograde: each collected work is executed once in the sandbox, scored for every member, recorded last.

The event in the ledger is written when everything else of a work is done: a run that is killed leaves none, and the next
one does that work again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.errors import JuryLabError, Problem
from grading.execution.notebook import NotebookRun, run_notebook
from grading.execution.process import EndedError
from grading.execution.sandbox import Sandbox, open_sandbox
from grading.fact_proposals import DepositUnits
from grading.language import _
from grading.ledger.work_events import run_event
from grading.notebooks.collecting import released_notebook
from grading.notebooks.nbcourse import nbgrader_config, opened_gradebook, quietly
from grading.notebooks.releasing import folder_digest, known_assessment
from grading.notebooks.run_states import checked_cells, malformed_text, state_of
from grading.works import CheckedCell, Collected, Run, RunState

if TYPE_CHECKING:
    from grading.course import Course

#: Changes when a work must be executed again because JuryLab itself runs it otherwise.
ENGINE = "strict-1"
LARGEST_NOTEBOOK = 20_000_000
Progress = Callable[[str], None]


@dataclass(frozen=True)
class _Job:
    """One work to execute: who it is for, and where its clean copy lies."""

    work: Collected
    key: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class AutogradeReport:
    done: tuple[Run, ...]
    skipped: int


def autograde(
    course: Course, slug: str, unsafe: bool = False, force: bool = False, tell: Progress = lambda text: None
) -> AutogradeReport:
    """Executes the collected works that are new or changed, two at a time. Nothing is executed twice.

    Raises JuryLabError where nothing was released or collected, or where this machine has no sandbox.
    """
    known_assessment(course, slug)
    log = course.works()
    works = [one for (name, __), one in sorted(log.collected.items()) if name == slug]
    if slug not in log.releases or not works:
        step = "collect" if slug in log.releases else "release"
        raise JuryLabError(Problem(slug, _("rien à exécuter"), todo=f"jurylab {step} {slug}"))
    sandbox = _sandbox(course, unsafe)
    units = DepositUnits(course.syllabus, course.cohort())
    environment = _environment(course, slug)
    jobs, skipped = [], 0
    for work in works:
        members = tuple(units.members(slug, work.subject))
        job = _Job(work, _key(environment, work, members, sandbox), members)
        known = log.runs.get((slug, work.subject))
        if not force and known is not None and known.key == job.key and _complete(course, job):
            skipped += 1
        elif members:
            jobs.append(job)
    runs = []
    with opened_gradebook(course):
        pass  # says what the gradebook lacks before anything runs
    for number, run in enumerate(_Autograding(course, slug, sandbox).all(jobs), 1):
        runs.append(run)
        tell(f"{number}/{len(jobs)} {run.subject}")
    return AutogradeReport(tuple(runs), skipped)


def _sandbox(course: Course, unsafe: bool) -> Sandbox:
    from grading.notebooks.preprocessors import SandboxedExecute

    limits = SandboxedExecute(config=nbgrader_config(course)).limits()
    return open_sandbox(limits, (course.folder,), unsafe)


def _environment(course: Course, slug: str) -> str:
    """What a result depends on beside the work: the source with its tests and data, the limits, the engine."""
    source = folder_digest(course.workspace / "source" / slug)
    config = nbgrader_config(course)
    return f"{ENGINE} {source} {json.dumps(config.get('SandboxedExecute', {}), sort_keys=True, default=str)}"


def _key(environment: str, work: Collected, members: tuple[str, ...], sandbox: Sandbox) -> str:
    text = "\n".join((environment, work.digest, sandbox.kind, *members))
    return hashlib.sha256(text.encode()).hexdigest()


def _complete(course: Course, job: _Job) -> bool:
    slug = job.work.assessment
    return all((course.workspace / "autograded" / member / slug).is_dir() for member in job.members)


class _Autograding:
    def __init__(self, course: Course, slug: str, sandbox: Sandbox) -> None:
        self.course, self.slug, self.sandbox = course, slug, sandbox
        self.config = nbgrader_config(course)
        self.name = released_notebook(course, slug)
        self.released = self._released_cells()

    def _released_cells(self) -> tuple[Any, ...]:
        import nbformat

        notebook: Any = nbformat.read(self.course.workspace / "release" / self.slug / self.name, as_version=4)  # type: ignore[no-untyped-call]
        return tuple(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id"))

    def all(self, jobs: list[_Job]) -> Iterator[Run]:
        """Each work: made clean (here), executed (in the sandbox, several at once), scored and recorded (here)."""
        with (
            tempfile.TemporaryDirectory(prefix="jurylab-run-") as scratch,
            ThreadPoolExecutor(os.cpu_count() or 1) as pool,
        ):
            os.chmod(scratch, 0o755)
            own_data = self._own_data(Path(scratch) / "tests")
            waiting = []
            for number, job in enumerate(jobs):
                prepared = self._opened(job, Path(scratch) / str(number))
                started = (
                    pool.submit(run_notebook, self.sandbox, prepared.cells, prepared.folder, own_data)
                    if isinstance(prepared, _Prepared)
                    else None
                )
                waiting.append((job, prepared, started))
            for job, prepared, started in waiting:
                if isinstance(prepared, _Prepared):
                    yield self._scored(job, prepared, _ended(started))
                else:
                    yield self._recorded(job, prepared[0], prepared[1], ())

    def _opened(self, job: _Job, target: Path) -> _Prepared | tuple[RunState, str]:
        """A work ready to run, or why it cannot be: whatever one file breaks, the other works go on."""
        refused = self._unreadable(job)
        if refused is not None:
            return refused
        try:
            return self._prepared(job, target)
        except Exception as error:  # noqa: BLE001 - nbgrader's own steps on a candidate's file
            return RunState.MALFORMED, malformed_text(error)

    def _own_data(self, target: Path) -> Path:
        """What test cells read: the source's own files, never a candidate's."""
        shutil.copytree(self.course.workspace / "source" / self.slug, target, ignore=shutil.ignore_patterns("*.ipynb"))
        _readable(target)
        return target

    def _unreadable(self, job: _Job) -> tuple[RunState, str] | None:
        """Why a work cannot even be opened, if so."""
        path = self._submitted(job.members[0])
        if not path.is_file():
            return RunState.MISSING_FILE, _("le rendu ne contient pas {name}").format(name=self.name)
        if path.stat().st_size > LARGEST_NOTEBOOK:
            return RunState.TOO_LARGE, _("le notebook pèse {size} Mo").format(size=path.stat().st_size // 1_000_000)
        return _malformed(path)

    def _submitted(self, member: str) -> Path:
        return self.course.workspace / "submitted" / member / self.slug / self.name

    def _prepared(self, job: _Job, target: Path) -> _Prepared:
        """The clean notebook's code cells, and the folder that its cells will see: no notebook, no test in it."""
        import nbformat

        from grading.notebooks.converter import convert
        from grading.notebooks.preprocessors import code_cells

        with quietly(job.work.subject):
            folder = convert(self.config, self.slug, job.members[0], self.released, None, True)
        notebook: Any = nbformat.read(folder / self.name, as_version=4)  # type: ignore[no-untyped-call]
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.ipynb", "timestamp.txt"), symlinks=True)
        _readable(target)
        return _Prepared(target, code_cells(notebook), notebook.cells)

    def _scored(self, job: _Job, prepared: _Prepared, run: NotebookRun) -> Run:
        from grading.notebooks.converter import convert

        cells = checked_cells(prepared.notebook, run)
        state, reason = state_of(prepared.notebook, run, cells, self.released)
        for member in job.members:
            with quietly(member):
                convert(self.config, self.slug, member, self.released, run, state.scored)
        return self._recorded(job, state, reason, cells if state.scored else (), converted=True)

    def _recorded(
        self, job: _Job, state: RunState, reason: str, cells: tuple[CheckedCell, ...], converted: bool = False
    ) -> Run:
        if not converted:
            self._known_to_gradebook(job)
        run = Run(self.slug, job.work.subject, job.key, state, reason, cells, self.sandbox.kind)
        self.course.ledger.append([run_event(run)])
        return run

    def _known_to_gradebook(self, job: _Job) -> None:
        """A work that cannot be opened is a submission all the same: its criteria are graded by hand. No score."""
        with opened_gradebook(self.course) as book:
            for member in job.members:
                book.update_or_create_student(member)
                submission = book.update_or_create_submission(self.slug, member)
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        grade.auto_score, grade.needs_manual_grade = None, True
                book.db.commit()
        for member in job.members:
            target = self.course.workspace / "autograded" / member / self.slug
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(self.course.workspace / "submitted" / member / self.slug, target, symlinks=True)


@dataclass(frozen=True)
class _Prepared:
    folder: Path
    cells: list[Any]
    notebook: list[Any]


def _malformed(path: Path) -> tuple[RunState, str] | None:
    import nbformat

    try:
        notebook: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
    except Exception as error:  # noqa: BLE001 - a candidate's file may break the reader in any way
        return RunState.MALFORMED, malformed_text(error)
    return None


def _ended(started: Future[NotebookRun] | None) -> NotebookRun:
    """What a run gave. A sandbox that this work alone keeps from starting (a disk it fills) is the end of this work."""
    assert started is not None
    try:
        return started.result()
    except EndedError as error:
        return NotebookRun(stopped="not_started", detail=str(error)[:300])


def _readable(folder: Path) -> None:
    """The sandbox's own user reads these files, whatever the candidate's rights on them were."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)

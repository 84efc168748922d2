"""jurylab release: from a source in assignments/ to the notebook that candidates receive."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.assessment import Assessment
from grading.errors import JuryLabError, Problem, Problems, did_you_mean, listing
from grading.language import _
from grading.ledger.work_events import release_event, work_log
from grading.notebooks.checked_cells import unrunnable_tests
from grading.notebooks.leaks import PRIVATE, find_leaks, secrets_of
from grading.notebooks.nbcourse import course_directory, nbgrader_config, opened_gradebook, quietly
from grading.notebooks.rubric_cells import rubric_cells

if TYPE_CHECKING:
    from grading.course import Course

_LEFT_OUT = (PRIVATE, ".*", "__pycache__", "*.pyc")


@dataclass(frozen=True)
class Released:
    """What was handed out: the folder, the notebook's name, its cells, where the exchange has it."""

    folder: Path
    notebook: str
    criteria: int
    autograded: int
    points: float
    changed: bool
    outbound: Path


def release(course: Course, slug: str) -> Released:
    """Makes the notebook of a case study and hands it out through the exchange.

    `assignments/` is only read. Raises JuryLabError with every problem; what was released before stays then.
    """
    assessment = known_assessment(course, slug)
    source = course.folder / "assignments" / slug
    name = source_notebook(source)
    with tempfile.TemporaryDirectory(prefix="jurylab-release-") as scratch:
        root = Path(scratch)
        copy = _completed_copy(course, assessment, source, name, root / "source" / slug)
        config = nbgrader_config(course)
        config.CourseDirectory.root = str(root)
        _generate(config, slug, database=False)
        _refuse_leaks(assessment, source, root / "release" / slug)
        _replace(copy, course.workspace / "source" / slug)
    with opened_gradebook(course):
        pass  # made here: the first one takes seconds, and says what it lacks
    config = nbgrader_config(course)
    _generate(config, slug, database=True)
    outbound = _publish(config, slug)
    folder = course.workspace / "release" / slug
    changed = _recorded(course, slug, folder_digest(folder))
    cells = notebook_cells(folder / name)
    tests = [one for one in cells if is_test(one)]
    return Released(folder, name, sum(is_task(one) for one in cells), len(tests),
                    sum(float(one["metadata"]["nbgrader"]["points"]) for one in tests), changed, outbound)  # fmt: skip


def known_assessment(course: Course, slug: str) -> Assessment:
    found = course.syllabus.by_slug.get(slug)
    if found is None:
        known = course.syllabus.by_slug
        raise JuryLabError(
            Problem(
                "SLUG", _("épreuve « {slug} » : inconnue").format(slug=slug), listing(known), did_you_mean(slug, known)
            )
        )
    return found


def source_notebook(source: Path) -> str:
    """The name of the one notebook of an assignment. Raises JuryLabError where there is none, or several."""
    found = sorted(path.name for path in source.glob("*.ipynb"))
    if len(found) == 1:
        return found[0]
    told = listing(found) if found else _("aucun notebook")
    raise JuryLabError(
        Problem(
            str(source),
            told,
            _("un notebook, et un seul, à la racine de ce dossier"),
            _("le créer, ou déplacer les autres"),
        )
    )


def _completed_copy(course: Course, assessment: Assessment, source: Path, name: str, target: Path) -> Path:
    """The source with the rubric appended, in a folder of its own."""
    import nbformat

    links = [path for path in source.rglob("*") if path.is_symlink()]
    if links:
        raise JuryLabError(*(Problem(str(link), _("lien symbolique"), _("de vrais fichiers")) for link in links))
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    problems = Problems()
    try:
        notebook: Any = nbformat.read(target / name, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        found = _("notebook illisible ({detail})").format(detail=error)
        raise JuryLabError(Problem(str(source / name), found)) from error
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if grade_id.startswith(("critere-", "grille-jurylab")):
            problems.add(
                name, _("cellule « {id} »").format(id=grade_id), _("un autre nom : release ajoute lui-même la grille")
            )
    unrunnable_tests(name, notebook.cells, problems)
    problems.stop_if_any()
    notebook.cells += rubric_cells(course.syllabus, assessment)
    nbformat.write(notebook, target / name)  # type: ignore[no-untyped-call]
    return target


def _generate(config: Any, slug: str, database: bool) -> None:
    from nbgrader.converters.generate_assignment import GenerateAssignment

    with quietly(f"assignments/{slug}"):
        converter = GenerateAssignment(coursedir=course_directory(config, slug), config=config)
        converter.force, converter.no_database = True, not database
        if not database:  # the step that writes to the gradebook
            converter.preprocessors = [one for one in converter.preprocessors if one.__name__ != "SaveCells"]
        converter.start()


def _refuse_leaks(assessment: Assessment, source: Path, released: Path) -> None:
    notes = {one.id: "\n".join(one.note.values()) for one in assessment.rubric.criteria if one.note}
    problems = Problems()
    find_leaks(released, secrets_of(source, notes), problems)
    problems.stop_if_any()


def _publish(config: Any, slug: str) -> Path:
    """Puts the release where the Assignment List of the candidates finds it."""
    from nbgrader.exchange import ExchangeFactory

    with quietly("exchange"):
        factory = ExchangeFactory(config=config)
        sender = factory.ReleaseAssignment(
            coursedir=course_directory(config, slug), authenticator=_authenticator(config), config=config
        )
        sender.force = True
        sender.start()
        return Path(sender.dest_path)


def _authenticator(config: Any) -> Any:
    from nbgrader.auth import Authenticator

    return Authenticator(config=config)


def _recorded(course: Course, slug: str, digest: str) -> bool:
    """Records the release where it is a new one."""
    with course.ledger.writing() as ledger:
        known = work_log(ledger).releases.get(slug)
        if known is not None and known.digest == digest:
            return False
        ledger.append([release_event(slug, digest)])
        return True


def _replace(new: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(new, fresh)
    shutil.rmtree(place, ignore_errors=True)
    fresh.rename(place)


def folder_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of a folder's files."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{path.relative_to(folder)}\0{content}\n".encode())
    return total.hexdigest()


def notebook_cells(path: Path) -> list[dict[str, Any]]:
    """The cells of a notebook of ours (a source or a release)."""
    cells: list[dict[str, Any]] = json.loads(path.read_bytes())["cells"]
    return cells


def is_test(cell: Any) -> bool:
    """An autograded cell: graded, code, not an answer."""
    about = cell.get("metadata", {}).get("nbgrader", {})
    return bool(cell["cell_type"] == "code" and about.get("grade") and not about.get("solution"))


def is_task(cell: Any) -> bool:
    return bool(cell.get("metadata", {}).get("nbgrader", {}).get("task"))

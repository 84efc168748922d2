"""A course as nbgrader sees it: its configuration, its converters, its gradebook."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.errors import JuryLabError, Problem
from grading.language import _

if TYPE_CHECKING:
    from grading.course import Course

CONFIG = "nbgrader_config.py"


def nbgrader_config(course: Course) -> Any:
    """The course's nbgrader_config.py, with what JuryLab relies on put back where the file changed it.

    Raises JuryLabError where the file is missing or cannot be read.
    """
    from traitlets.config import Config
    from traitlets.config.loader import PyFileConfigLoader

    path = course.folder / "course" / CONFIG
    if not path.is_file():
        raise JuryLabError(
            Problem(str(path), _("fichier introuvable"), todo=_("le reprendre d'un cours neuf (jurylab new DOSSIER)"))
        )
    try:
        config: Any = PyFileConfigLoader(CONFIG, path=str(path.parent)).load_config()
    except Exception as error:
        raise JuryLabError(Problem(str(path), _("illisible ({detail})").format(detail=error))) from error
    config = Config(config)
    place = config.CourseDirectory
    place.root = str(course.workspace)
    place.source_directory, place.release_directory = "source", "release"
    place.submitted_directory, place.autograded_directory = "submitted", "autograded"
    place.db_url = f"sqlite:///{course.workspace / 'gradebook.db'}"
    if "course_id" not in place:
        place.course_id = "jurylab"
    return config


def gradebook_path(course: Course) -> Path:
    return course.workspace / "gradebook.db"


def exchange_folder(course: Course) -> Path:
    """The root of nbgrader's exchange for this course's own id: holds inbound/ and outbound/."""
    config = nbgrader_config(course)
    root = config.Exchange.get("root", "/usr/local/share/nbgrader/exchange")
    return Path(str(root)) / str(config.CourseDirectory.course_id)


def course_directory(config: Any, slug: str, student: str = "*") -> Any:
    from nbgrader.coursedir import CourseDirectory

    found = CourseDirectory(config=config)
    found.assignment_id, found.student_id = slug, student
    return found


@contextmanager
def quietly(where: str) -> Iterator[list[str]]:
    """nbgrader talks through its logger: what it says is kept, and told only if it fails."""
    from nbgrader.converters.base import NbGraderException
    from nbgrader.exchange import ExchangeError

    told: list[str] = []
    handler = _Keep(told)
    loggers = [logging.getLogger("traitlets"), logging.getLogger("alembic")]
    before = [(logger, logger.propagate, logger.level, list(logger.handlers)) for logger in loggers]
    for logger in loggers:
        logger.propagate, logger.handlers = False, [handler]
    try:
        with _environment_on_path(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbgrader's own, of its libraries: nobody here can act on them
            yield told
    except (NbGraderException, ExchangeError) as error:
        raise JuryLabError(Problem(where, _("nbgrader refuse ({detail})").format(detail=_said(told, error)))) from error
    finally:
        for logger, propagate, level, handlers in before:
            logger.propagate, logger.level, logger.handlers = propagate, level, handlers


class _Keep(logging.Handler):
    def __init__(self, told: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        self._told.append(record.getMessage())


def _said(told: list[str], error: BaseException) -> str:
    """What went wrong in nbgrader's words: the last line of each traceback that it logged, else its last message."""
    ends = [text.strip().splitlines()[-1] for text in told if "Traceback" in text]
    return " · ".join(dict.fromkeys(ends) or told[-2:] or [str(error)])[-800:]


@contextmanager
def _environment_on_path() -> Iterator[None]:
    """nbgrader calls the `alembic` script by name: it must be found when the environment is not activated."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), before))
    try:
        yield
    finally:
        os.environ["PATH"] = before


@contextmanager
def opened_gradebook(course: Course) -> Iterator[Any]:
    """nbgrader's gradebook, made where there is none."""
    from nbgrader.api import Gradebook

    config = nbgrader_config(course)
    course.workspace.mkdir(parents=True, exist_ok=True)
    with quietly("gradebook.db"), Gradebook(config.CourseDirectory.db_url, config.CourseDirectory.course_id) as book:
        yield book

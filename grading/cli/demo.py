"""jurylab demo: the whole chain on a fictional cohort, offline, no question asked."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grading.cli.course import make_course
from grading.cli.recap import terminal_recap
from grading.cli.terminal import Subparsers, command, say, say_json, write_file
from grading.cli.works import no_sandbox_option, progress
from grading.errors import JuryLabError, Problem
from grading.language import _

#: Says that a course was made by `jurylab demo`: the fictional cohort never enters another one.
MARKER = "workspace/demonstration.txt"

if TYPE_CHECKING:
    from grading.course import Course


def register(commands: Subparsers) -> None:
    parser = command(commands, "demo", run_demo, _("tout montrer sur une promotion fictive, hors ligne"), course=False)
    parser.add_argument(
        "folder", metavar="DIR", nargs="?", default="jurylab-demo", help=_("dossier du cours (défaut : jurylab-demo)")
    )
    parser.add_argument("--quiet", action="store_true", help=_("ne dire que la dernière ligne"))
    no_sandbox_option(parser, _("exécuter les rendus fictifs sans protection, là où bubblewrap n'existe pas"))


def run_demo(options: argparse.Namespace) -> int:
    from grading.course import open_course
    from grading.execution.sandbox import Limits, open_sandbox
    from grading.importing import import_cohort, import_marks

    began = time.monotonic()
    folder = Path(options.folder)

    def tell(text: str) -> None:
        if not (options.quiet or options.json):
            say(text)

    open_sandbox(Limits(), unsafe=options.unsafe)  # said before anything is made
    if not (folder / "course" / "course.yaml").is_file():
        make_course(folder, MARKER)
        _share_one_account(folder)
        tell(_("Cours créé dans {folder}").format(folder=folder))
    elif not (folder / MARKER).exists():
        raise JuryLabError(
            Problem(
                str(folder),
                _("ce dossier contient un cours qui n'est pas une démonstration"),
                _("un dossier vide ou nouveau : la promotion fictive n'entre pas dans un vrai cours"),
            )
        )
    course = open_course(folder)
    people = import_cohort(course, folder / "course" / "demo")
    tell(
        _("Promotion fictive : {count} candidats, {changes} lignes enregistrées").format(
            count=len(course.cohort().candidates), changes=len(people.changes)
        )
    )
    for line in _case_studies(course, options.unsafe, progress(options.quiet or options.json)):
        tell(line)
    marks = import_marks(course, folder / "course" / "demo" / "marks.csv")
    tell(
        _("Notes : {added} ajoutées, {changed} changées, {same} déjà là").format(
            added=marks.added, changed=marks.changed, same=marks.same
        )
    )
    course = course.refresh()
    for line in _after_marks(course):
        tell(line)
    tell("\n" + terminal_recap(course) + "\n")
    files = write_documents(course)
    page = course.documents / "recap.html"
    if options.json:
        say_json(
            {
                "course": str(folder.absolute()),
                "candidates": len(course.cohort().candidates),
                "files": [str(f) for f in files],
            }
        )
        return 0
    tell(_("{count} documents écrits en {seconds} s").format(count=len(files), seconds=round(time.monotonic() - began)))
    say(_("Ouvrez maintenant : {page}").format(page=page))
    return 0


def _share_one_account(folder: Path) -> None:
    """Everybody in the demonstration is the same account: the course says so, and identities are recorded as declared."""
    path = folder / "course" / "course.yaml"
    line = _("exchange: shared_account # démonstration : un seul compte rend pour tous")
    path.write_text(f"{path.read_text(encoding='utf-8').rstrip()}\n\n{line}\n", encoding="utf-8")


def _case_studies(course: Course, unsafe: bool, advanced: Callable[[str], None]) -> Iterator[str]:
    """Hands out, hands in for every group, collects and executes the case studies that have prepared answers."""
    from grading.cli.works import autograde_lines, collect_lines
    from grading.notebooks.autograding import autograde
    from grading.notebooks.collecting import collect
    from grading.notebooks.demonstration import demonstrated, hand_in
    from grading.notebooks.releasing import release

    for slug in demonstrated(course):
        done = release(course, slug)
        yield _("Distribué : {notebook}, {tests} cellules contrôlées, {criteria} critères").format(
            notebook=done.notebook, tests=done.autograded, criteria=done.criteria
        )
        hand_in(course, slug)
        yield from collect_lines(slug, collect(course, slug))
        yield from autograde_lines(slug, autograde(course, slug, unsafe, tell=advanced))


def _after_marks(course: Course) -> Iterator[str]:
    """What follows the evaluators' marks: nbgrader's gradebook, and a page for each candidate."""
    from grading.documents.feedback import write_feedback
    from grading.notebooks.demonstration import demonstrated
    from grading.notebooks.gradebook import write_through

    scores = write_through(course)
    yield _("Carnet de notes nbgrader : {count} notes de critères").format(count=scores)
    for slug in demonstrated(course):
        written = write_feedback(course, slug)
        yield _("Retours : {count} pages pour {slug}").format(count=len(written), slug=slug)


def write_documents(course: Course) -> list[Path]:
    """The recap in every form, and a sheet for each candidate."""
    from grading.documents.stamp import sheet_file
    from grading.documents.tables import recap_csv, recap_json
    from grading.documents.webpage import recap_page, sheet_page
    from grading.documents.workbook import recap_workbook

    folder = course.documents
    written = []
    for candidate in course.cohort().candidates:
        path = folder / sheet_file(candidate.candidate_id)
        write_file(path, sheet_page(course, candidate.candidate_id))
        written.append(path)
    for name, text in (("csv", recap_csv(course)), ("json", recap_json(course)), ("html", recap_page(course))):
        write_file(folder / f"recap.{name}", text)
        written.append(folder / f"recap.{name}")
    write_file(folder / "recap.xlsx", recap_workbook(course))
    return [*written, folder / "recap.xlsx"]

"""jurylab new, check, status."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from grading.cli.terminal import Subparsers, command, say, say_json, table, warn
from grading.content import content_folder
from grading.errors import JuryLabError, Problem
from grading.language import _


def register(commands: Subparsers) -> None:
    parser = command(
        commands, "new", run_new, _("créer un cours : course/, assignments/ et rubrics/ dans un dossier"), course=False
    )
    parser.add_argument("folder", metavar="DIR", help=_("dossier à créer, ou vide"))
    parser = command(commands, "check", run_check, _("vérifier les fichiers du cours : tous les problèmes d'un coup"))
    parser.add_argument("--confirm", metavar="SLUG", help=_("mettre en vigueur la grille modifiée de cette épreuve"))
    parser.add_argument(
        "--solutions",
        action="store_true",
        help=_("exécuter aussi les corrigés : chaque contrôle doit les laisser passer"),
    )
    command(commands, "status", run_status, _("où en est le cours : épreuves, notes, ce qui manque"))


def run_new(options: argparse.Namespace) -> int:
    folder = Path(options.folder)
    make_course(folder)
    if options.json:
        say_json({"course": str(folder.absolute())})
    else:
        say(_("Cours créé dans {folder}. Ensuite : jurylab check --course {folder}").format(folder=folder))
    return 0


def make_course(folder: Path, marker: str = "") -> None:
    """Copies the content that ships. The school owns it from then on. `marker` is a file to add, by name."""
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise JuryLabError(Problem(str(folder), _("ce dossier n'est pas vide"), _("un dossier vide ou nouveau")))
    source = content_folder()
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        for name in ("course", "assignments", "rubrics"):
            if (source / name).is_dir():
                shutil.copytree(
                    source / name, partial / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
                )
            else:
                (partial / name).mkdir(parents=True)
        if marker:
            (partial / marker).parent.mkdir(parents=True, exist_ok=True)
            (partial / marker).write_text(
                _("Cours de démonstration : `jurylab demo` peut y revenir.") + "\n", encoding="utf-8"
            )
        if folder.exists():
            for part in partial.iterdir():  # the folder may be the current one: it is filled, not replaced
                part.rename(folder / part.name)
        else:
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def run_check(options: argparse.Namespace) -> int:
    from grading.checking import Warnings, confirm_rubric, course_warnings
    from grading.course import open_course
    from grading.notebooks.checked_cells import check_sources

    course = open_course(options.course)
    check_sources(course)
    if options.solutions:
        from grading.notebooks.solutions import check_solutions

        count = check_solutions(course)
        if not options.json:
            say(_("{count} contrôles passés par leur corrigé.").format(count=count))
    if options.confirm:
        confirm_rubric(course, options.confirm)
        course = course.refresh()
    warnings: Warnings = course_warnings(course)
    syllabus = course.syllabus
    counts = {
        "blocks": len(syllabus.certification.blocks),
        "assessments": len(syllabus.assessments),
        "criteria": sum(len(a.rubric.criteria) for a in syllabus.assessments),
        "regulation": syllabus.regulation.version,
    }
    if options.json:
        say_json({**counts, "warnings": list(warnings)})
        return 1 if warnings else 0
    say(
        _(
            "{blocks} blocs, {assessments} épreuves, {criteria} critères, règlement {regulation} : les fichiers se tiennent."
        ).format(**counts)
    )
    for text in warnings:
        warn(text)
    return 1 if warnings else 0


def run_status(options: argparse.Namespace) -> int:
    from grading.course import open_course
    from grading.status import course_status

    course = open_course(options.course)
    status = course_status(course)
    if options.json:
        say_json(status.as_json())
        return 1 if status.to_do else 0
    say(status.title)
    say(
        _("Règlement {version} · {candidates} candidats · {marks} notes · registre {head}").format(
            version=status.regulation, candidates=status.candidates, marks=status.marks, head=status.head
        )
    )
    say()
    header = (
        _("épreuve"), _("distribué"), _("reçus"), _("en retard"), _("exécutés"), _("à noter"), _("notés"), _("finalisés"),
        _("notes"), _("à faire"),
    )  # fmt: skip
    say(table(header, status.rows(), right=(2, 3, 4, 5, 6, 7, 8)))
    for text in status.to_do:
        say(f"  · {text}")
    return 1 if status.to_do else 0

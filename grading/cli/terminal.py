"""What the commands share: options, tables whose columns align, JSON."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.errors import JuryLabError, Problem, os_reason
from grading.language import _

if TYPE_CHECKING:
    from grading.course import Course

Subparsers = Any  # argparse's own type is private
Handler = Callable[[argparse.Namespace], int]


def command(
    commands: Subparsers, name: str, run: Handler, help: str, course: bool = True, json: bool = True
) -> argparse.ArgumentParser:
    """A command with the options that all have."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
    parser.set_defaults(run=run)
    if course:
        parser.add_argument(
            "--course",
            metavar="DIR",
            help=_("dossier du cours (défaut : celui où l'on se trouve, sinon JURYLAB_COURSE)"),
        )
    if json:
        parser.add_argument("--json", action="store_true", help=_("répondre en JSON, pour les scripts"))
    return parser


def group(commands: Subparsers, name: str, help: str) -> Subparsers:
    """A family of commands: `jurylab marks import`."""
    parser = commands.add_parser(name, help=help, description=help)
    return parser.add_subparsers(dest=f"{name}_command", metavar=_("COMMANDE"), required=True)


def opened(options: argparse.Namespace) -> Course:
    from grading.course import open_course

    course = open_course(options.course)
    for drift in course.drifts:
        warn(
            _("grille {slug} modifiée depuis les notes ; l'ancienne reste en vigueur (jurylab check)").format(
                slug=drift.slug
            )
        )
    return course


def say(text: str = "") -> None:
    print(text)


def warn(text: str) -> None:
    print(_("Attention : {text}").format(text=text), file=sys.stderr)


def say_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def width(text: str) -> int:
    """Columns that a text takes in a terminal: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def padded(text: str, columns: int, right: bool = False) -> str:
    space = " " * max(columns - width(text), 0)
    return space + text if right else text + space


def shortened(text: str, columns: int) -> str:
    """The text in at most that many columns, with an ellipsis where it is cut. Control characters are shown as blanks."""
    clean = "".join(" " if unicodedata.category(char) in ("Cc", "Cf") else char for char in text)
    used = 0
    for number, char in enumerate(clean):
        used += width(char)
        if used > columns:
            kept = clean[:number]
            while width(kept) > columns - 1:  # two characters at most: the last one kept may be wide
                kept = kept[:-1]
            return kept + "…"
    return clean


def table(header: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Aligned columns; those of `right` are numbers."""
    every = [list(header), *(list(row) for row in rows)]
    widths = [max(width(row[column]) for row in every) for column in range(len(header))]
    lines = ["  ".join(padded(cell, widths[n], n in right) for n, cell in enumerate(row)).rstrip() for row in every]
    return "\n".join([lines[0], "  ".join("─" * size for size in widths), *lines[1:]])


def write_file(path: Path, content: str | bytes) -> None:
    """Writes a whole file or none of it. Raises JuryLabError that names the file."""
    path = path.absolute()
    refuse_own_files(path)
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            partial.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise JuryLabError(
            Problem(
                str(path),
                _("écriture impossible ({detail})").format(detail=os_reason(error)),
                todo=_("écrire ailleurs"),
            )
        ) from error


def refuse_own_files(path: Path) -> None:
    """An output never takes the place of the ledger, nor of a file of a course."""
    found = path.absolute()
    parents = found.parents
    ledger = found.parent.name == "workspace" and found.name.startswith("ledger.db")
    home = any(
        p.name in ("course", "rubrics", "assignments") and (p.parent / "course" / "course.yaml").is_file()
        for p in parents
    )
    if ledger or (home and found.exists()):
        raise JuryLabError(
            Problem(str(path), _("ce fichier appartient au cours"), todo=_("donner un autre nom de fichier"))
        )

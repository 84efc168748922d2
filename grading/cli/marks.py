"""jurylab marks import, marks export."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

from grading.cli.terminal import Subparsers, command, group, opened, say, say_json, write_file
from grading.language import _


def register(commands: Subparsers) -> None:
    family = group(commands, "marks", _("les notes, en format long (marks.csv)"))
    parser = command(
        family,
        "import",
        run_import,
        _("enregistrer les notes d'un fichier : toutes, ou aucune si une ligne est fausse"),
    )
    parser.add_argument("path", metavar="PATH", help=_("marks.csv"))
    parser = command(
        family, "export", run_export, _("écrire les notes en vigueur, dans la forme que l'import relit"), json=False
    )
    parser.add_argument("path", metavar="PATH", nargs="?", help=_("fichier à écrire (défaut : la sortie standard)"))
    parser.add_argument(
        "--history", action="store_true", help=_("écrire toutes les lignes du registre, pour lecture seulement")
    )


def run_import(options: argparse.Namespace) -> int:
    from grading.importing import import_marks

    done = import_marks(opened(options), Path(options.path))
    if options.json:
        say_json({"added": done.added, "changed": done.changed, "same": done.same, "notices": list(done.notices)})
        return 0
    for notice in done.notices:
        say(_("À savoir : {notice}").format(notice=notice))
    say(
        _("Notes ajoutées : {added}, changées : {changed}, déjà là : {same}.").format(
            added=done.added, changed=done.changed, same=done.same
        )
    )
    return 0


def run_export(options: argparse.Namespace) -> int:
    from grading.loading.marks_file import write_marks

    course = opened(options)
    text = _history(course) if options.history else write_marks(course.current_marks())
    if options.path:
        write_file(Path(options.path), text)
        say(_("Écrit : {path}").format(path=options.path))
    else:
        print(text, end="")
    return 0


def _history(course) -> str:  # type: ignore[no-untyped-def]  # a Course
    """Every recorded row, in order, with who recorded it and when."""
    from grading.events import ADJUSTMENT, MARK
    from grading.ledger.mark_events import mark_of
    from grading.loading.marks_file import COLUMNS, row_of

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, "seq", "recorded_at", "recorded_by"])
    if course.ledger.exists:
        with course.ledger.reading() as reader:
            for row in reader.rows((MARK, ADJUSTMENT)):
                writer.writerow([*row_of(mark_of(row)), row.seq, row.at, row.actor])
    return out.getvalue()

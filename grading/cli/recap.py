"""jurylab recap, sheet."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grading.cli.moments import moment_option
from grading.cli.terminal import Subparsers, command, opened, say, shortened, table, write_file
from grading.errors import JuryLabError, Problem
from grading.language import _

if TYPE_CHECKING:
    from grading.course import Course

FORMATS = ("csv", "json", "html", "xlsx")


def register(commands: Subparsers) -> None:
    parser = command(commands, "recap", run_recap, _("le tableau récapitulatif : candidats x blocs"), json=False)
    parser.add_argument("--format", choices=FORMATS, help=_("défaut : un tableau dans le terminal"))
    parser.add_argument("--as-of", metavar="DATE", help=_("tel que le registre était à cette date"))
    parser.add_argument(
        "--output", metavar="FILE", help=_("fichier à écrire (xlsx, par défaut : workspace/documents/recap.xlsx)")
    )
    parser = command(commands, "sheet", run_sheet, _("la fiche de synthèse d'un candidat, en HTML"), json=False)
    parser.add_argument("candidate", metavar="ID", nargs="?", help=_("identifiant du candidat"))
    parser.add_argument("--all", action="store_true", help=_("une fiche par candidat, dans workspace/documents/"))
    parser.add_argument("--as-of", metavar="DATE", help=_("telle que le registre était à cette date"))
    parser.add_argument(
        "--output",
        metavar="FILE",
        help=_("fichier à écrire (défaut : workspace/documents/fiche-ID.html ; - : la sortie standard)"),
    )


def run_recap(options: argparse.Namespace) -> int:
    course = opened(options)
    as_of = moment_option("--as-of", options.as_of) if options.as_of else None
    if options.format is None:
        _deliver(terminal_recap(course, as_of) + "\n", options.output)
    elif options.format == "xlsx":
        _deliver_workbook(course, as_of, options.output)
    else:
        _deliver(_text(course, options.format, as_of), options.output)
    return 0


def _text(course: Course, form: str, as_of: datetime | None) -> str:
    from grading.documents.tables import recap_csv, recap_json
    from grading.documents.webpage import recap_page

    return {"csv": recap_csv, "json": recap_json, "html": recap_page}[form](course, as_of)


def _deliver(text: str, output: str | None) -> None:
    if output and output != "-":
        write_file(Path(output), text)
        say(_("Écrit : {path}").format(path=output))
    else:
        sys.stdout.write(text)


def _deliver_workbook(course: Course, as_of: datetime | None, output: str | None) -> None:
    from grading.documents.workbook import recap_workbook

    target = Path(output) if output else course.documents / "recap.xlsx"
    write_file(target, recap_workbook(course, as_of))
    say(_("Écrit : {path}").format(path=target))


def run_sheet(options: argparse.Namespace) -> int:
    from grading.documents.stamp import sheet_file
    from grading.documents.webpage import sheet_page

    course = opened(options)
    as_of = moment_option("--as-of", options.as_of) if options.as_of else None
    if options.all == bool(options.candidate):
        raise JuryLabError(
            Problem("jurylab sheet", _("un candidat, ou --all"), todo=_("jurylab sheet C001, ou jurylab sheet --all"))
        )
    if not options.all:
        text = sheet_page(course, options.candidate, as_of)
        _deliver(text, options.output or str(course.documents / sheet_file(options.candidate)))
        return 0
    folder = Path(options.output) if options.output else course.documents
    everybody = course.reckoning(as_of).row_of
    for candidate in everybody:
        write_file(folder / sheet_file(candidate), sheet_page(course, candidate, as_of))
    say(_("{count} fiches écrites dans {folder}").format(count=len(everybody), folder=folder))
    return 0


def terminal_recap(course: Course, as_of: datetime | None = None) -> str:
    """The recap in a terminal: one line per candidate, a mark and a code per block, the title, the flags."""
    from grading.recap import figure_text
    from grading.sentences.wording import decimal_mark

    frame = course.recap(as_of)
    if frame.empty:
        return _("Aucun candidat : jurylab cohort import DOSSIER")
    ids = course.reckoning(as_of).layout.block_ids
    rows = []
    for __, row in frame.iterrows():
        name = shortened(f"{row['usage_name', ''] or row['birth_name', '']} {row['first_names', '']}", 28)
        cells = [_cell(decimal_mark(figure_text((b, "mark"), row[b, "mark"])), row[b, "proposal"]) for b in ids]
        rows.append(
            [row["candidate_id", ""], name, row["access_path", ""], *cells, row["title", "proposal"], row["flags", ""]]
        )
    header = [_("id"), _("candidat"), _("voie"), *ids, _("titre"), _("à regarder")]
    return table(header, rows)


def _cell(mark: str, code: str) -> str:
    return f"{mark:>5} {code}" if mark else f"    - {code}"

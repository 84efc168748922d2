"""jurylab audit verify, backup, restore, purge."""

from __future__ import annotations

import argparse
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grading.cli.moments import moment_option
from grading.cli.terminal import Subparsers, command, group, opened, refuse_own_files, say, say_json, warn
from grading.errors import JuryLabError, Problem
from grading.events import CATEGORIES
from grading.language import _

if TYPE_CHECKING:
    from grading.course import Course
    from grading.ledger import Ledger
    from grading.ledger.chain import Head


def register(commands: Subparsers) -> None:
    family = group(commands, "audit", _("le registre : prouver qu'il n'a pas été changé"))
    parser = command(
        family, "verify", run_verify, _("relire toute la chaîne et nommer la première ligne qui ne tient pas")
    )
    parser.add_argument("--anchor", metavar="COUNT:HASH", help=_("tête imprimée sur un document scellé"))
    parser = command(commands, "backup", run_backup, _("copier le registre, même en cours d'usage"))
    parser.add_argument("path", metavar="FILE")
    parser = command(
        commands, "restore", run_restore, _("remettre une sauvegarde en place ; l'ancien registre est gardé à côté")
    )
    parser.add_argument("path", metavar="FILE")
    parser = command(commands, "purge", run_purge, _("effacer des textes personnels ; la chaîne reste vérifiable"))
    parser.add_argument("--category", required=True, choices=sorted(CATEGORIES), help=_("ce qu'il faut effacer"))
    parser.add_argument("--before", required=True, metavar="DATE", help=_("enregistré avant cette date"))


def _ledger(options: argparse.Namespace) -> Ledger:
    """The ledger alone: these commands must work when a course file is broken."""
    from grading.course import find_course
    from grading.ledger import Ledger

    return Ledger(find_course(options.course) / "workspace" / "ledger.db")


def run_verify(options: argparse.Namespace) -> int:
    anchor = _anchor(options.anchor) if options.anchor else None
    with _ledger(options).reading() as reader:
        head, fault = reader.verify(anchor)
    state = "broken" if fault else "anchored" if anchor else "not_anchored"
    if options.json:
        say_json(
            {
                "state": state,
                "head": str(head),
                "row": fault.seq if fault else None,
                "reason": fault.reason if fault else None,
            }
        )
        return 1 if fault else 0
    if fault:
        say(
            _("Le registre ne tient pas à la ligne {seq} : {reason}.").format(
                seq=fault.seq, reason=_reason(fault.reason)
            )
        )
        return 1
    text = _("Registre cohérent, ancré : {head}") if anchor else _("Registre cohérent, non ancré : {head}")
    say(text.format(head=head))
    return 0


def _reason(reason: str) -> str:
    from grading.ledger import chain

    return {
        chain.GAP: _("une ligne manque ou est en trop"),
        chain.CHANGED: _("son contenu a changé"),
        chain.PAYLOAD_CHANGED: _("son texte personnel a changé"),
        chain.PAYLOAD_GONE: _("son texte personnel a disparu sans purge"),
        chain.PAYLOAD_ALONE: _("elle a été retirée, son texte personnel est resté"),
        chain.NOT_THE_ANCHOR: _("elle n'est pas celle de l'ancre : le passé a été réécrit"),
        chain.SHORTER: _("elle manque, l'ancre la connaît"),
    }[reason]


def _anchor(text: str) -> Head:
    from grading.ledger.chain import Head

    match = re.fullmatch(r"(\d{1,12}):([0-9a-f]{64})", text.strip())
    if match is None:
        raise JuryLabError(
            Problem(
                "--anchor", _("« {value} »").format(value=text), _("un nombre, deux-points, 64 chiffres hexadécimaux")
            )
        )
    return Head(int(match[1]), match[2])


def run_backup(options: argparse.Namespace) -> int:
    from grading.ledger.saving import backup

    path = Path(options.path).absolute()
    refuse_own_files(path)
    head = backup(_ledger(options), path)
    if options.json:
        say_json({"file": str(path), "head": str(head)})
    else:
        say(_("Sauvegarde : {path}, tête {head}").format(path=path, head=head))
    return 0


def run_restore(options: argparse.Namespace) -> int:
    from grading.ledger.saving import restore

    head, kept = restore(_ledger(options), Path(options.path))
    if options.json:
        say_json({"head": str(head), "kept": str(kept) if kept else None})
        return 0
    say(_("Registre remis à la tête {head}").format(head=head))
    if kept:
        say(_("L'ancien est gardé : {path}").format(path=kept))
    return 0


def run_purge(options: argparse.Namespace) -> int:
    from grading.ledger.purging import purge

    course: Course = opened(options)
    before: datetime = moment_option("--before", options.before, end_of_day=False)
    if before > datetime.now().astimezone():
        raise JuryLabError(
            Problem("--before", _("« {value} » est dans l'avenir").format(value=options.before), _("une date passée"))
        )
    count = purge(course.ledger, options.category, before)
    for path in sorted(course.ledger.path.parent.glob("ledger.db.before-restore-*")):
        warn(_("{path} est une copie d'avant la purge : elle garde ces textes").format(path=path))
    if options.json:
        say_json({"category": options.category, "deleted": count})
    else:
        say(_("{count} textes effacés ({category}).").format(count=count, category=options.category))
    return 0

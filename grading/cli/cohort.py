"""jurylab cohort import."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.cli.terminal import Subparsers, command, group, opened, say, say_json
from grading.language import _, plural

if TYPE_CHECKING:
    from grading.ledger.cohort_events import Change

_SHOWN = 20
_VERBS = ("changed", "removed", "added")


def register(commands: Subparsers) -> None:
    family = group(commands, "cohort", _("la promotion : candidats, groupes, acquis, absences, jury"))
    parser = command(
        family, "import", run_import, _("lire la promotion (dossier de CSV ou classeur XLSX) et l'enregistrer")
    )
    parser.add_argument("path", metavar="PATH", help=_("dossier de CSV, ou fichier .xlsx"))
    parser.add_argument("--dry-run", action="store_true", help=_("montrer ce qui changerait, sans rien enregistrer"))


def run_import(options: argparse.Namespace) -> int:
    from grading.importing import import_cohort

    course, path = opened(options), Path(options.path)
    planned = import_cohort(course, path, dry_run=True)
    if options.json:
        recorded = planned if options.dry_run else import_cohort(course, path)
        found = [{"table": t, "change": verb, "count": n} for (t, verb), n in sorted(_counts(recorded.changes).items())]
        say_json({"changes": found, "recorded": not options.dry_run, "notices": list(recorded.notices)})
        return 0
    for notice in planned.notices:
        say(_("À savoir : {notice}").format(notice=notice))
    if not planned.changes:
        say(_("Rien ne change : la promotion est déjà enregistrée."))
        return 0
    _show(planned.changes)
    if options.dry_run:
        say(_("Rien n'est enregistré (--dry-run)."))
        return 0
    count = len(import_cohort(course, path).changes)
    say(plural(_("{n} ligne enregistrée."), _("{n} lignes enregistrées."), count).format(n=count))
    return 0


def _counts(changes: list[Change]) -> Counter[tuple[str, str]]:
    return Counter((change.key[0], _verb(change)) for change in changes)


def _show(changes: list[Change]) -> None:
    """The difference: what is changed or goes first, one line each; then how many of each, table by table."""
    ordered = sorted(changes, key=lambda change: _VERBS.index(_verb(change)))
    for change in ordered[:_SHOWN]:
        say(f"  {_describe(change)}")
    if len(changes) > _SHOWN:
        say(_("  … et {count} autres").format(count=len(changes) - _SHOWN))
    words = {
        "added": (_("{n} ajout"), _("{n} ajouts")),
        "changed": (_("{n} changement"), _("{n} changements")),
        "removed": (_("{n} retrait"), _("{n} retraits")),
    }
    counts = _counts(changes)
    for table in sorted({table for table, __ in counts}):
        parts = [plural(*words[verb], n).format(n=n) for verb in _VERBS if (n := counts[table, verb])]
        say(f"{table} : {', '.join(parts)}")


def _verb(change: Change) -> str:
    if change.before is None:
        return "added"
    return "removed" if change.after is None else "changed"


def _describe(change: Change) -> str:
    label = " ".join(part for part in change.key if part)
    if change.before is None:
        return f"+ {label}"
    if change.after is None:
        return f"- {label}"
    parts = [
        f"{field.name} : {_shown(getattr(change.before, field.name))} → {_shown(getattr(change.after, field.name))}"
        for field in fields(change.after)
        if getattr(change.before, field.name) != getattr(change.after, field.name)
    ]
    return f"~ {label} ({' ; '.join(parts)})"


def _shown(value: Any) -> str:
    """A value as its file writes it."""
    if value is None or value == "":
        return _("(vide)")
    if isinstance(value, frozenset):
        return " ".join(sorted(value)) or "*"
    if isinstance(value, Fraction):
        return f"{float(value):g}"
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)

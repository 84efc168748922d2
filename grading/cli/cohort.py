"""jurylab cohort import."""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any

from grading.cli.terminal import Subparsers, command, group, opened, say, say_json
from grading.language import _, plural

_SHOWN = 20


def register(commands: Subparsers) -> None:
    family = group(commands, "cohort", _("la promotion : candidats, groupes, acquis, absences, jury"))
    parser = command(
        family, "import", run_import, _("lire la promotion (dossier de CSV ou classeur XLSX) et l'enregistrer")
    )
    parser.add_argument("path", metavar="PATH", help=_("dossier de CSV, ou fichier .xlsx"))
    parser.add_argument("--dry-run", action="store_true", help=_("montrer ce qui changerait, sans rien enregistrer"))


def run_import(options: argparse.Namespace) -> int:
    from grading.importing import import_cohort

    course = opened(options)
    done = import_cohort(course, Path(options.path), dry_run=options.dry_run)
    counts = Counter((change.key[0], _verb(change)) for change in done.changes)
    if options.json:
        found = [{"table": table, "change": verb, "count": count} for (table, verb), count in sorted(counts.items())]
        say_json({"changes": found, "recorded": not options.dry_run, "notices": list(done.notices)})
        return 0
    for notice in done.notices:
        say(_("Lu : {notice}").format(notice=notice))
    if not done.changes:
        say(_("Rien ne change : la promotion est déjà enregistrée."))
        return 0
    for change in done.changes[:_SHOWN]:
        say(f"  {_describe(change)}")
    if len(done.changes) > _SHOWN:
        say(_("  … et {count} autres").format(count=len(done.changes) - _SHOWN))
    words = {
        "added": (_("{n} ajout"), _("{n} ajouts")),
        "changed": (_("{n} changement"), _("{n} changements")),
        "removed": (_("{n} retrait"), _("{n} retraits")),
    }
    for table in sorted({table for table, __ in counts}):
        parts = [plural(*words[verb], n).format(n=n) for verb in words if (n := counts[table, verb])]
        say(f"{table} : {', '.join(parts)}")
    say(_("Rien n'est enregistré (--dry-run).") if options.dry_run else
        plural(_("{n} ligne enregistrée."), _("{n} lignes enregistrées."), len(done.changes)).format(n=len(done.changes)))  # fmt: skip
    return 0


def _verb(change: Any) -> str:
    if change.before is None:
        return "added"
    return "removed" if change.after is None else "changed"


def _describe(change: Any) -> str:
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
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)

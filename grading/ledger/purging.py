"""Purge: personal texts go, by category and date; the chain still verifies, and says that it was a purge."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grading.errors import JuryLabError, Problem, listing
from grading.events import CATEGORIES, PURGE, Event
from grading.language import _
from grading.ledger import connection as door

if TYPE_CHECKING:
    from grading.ledger.store import Ledger, Reader


def purge(ledger: Ledger, category: str, before: datetime) -> int:
    """Deletes the personal texts of a category recorded before a moment, and records that it did. Gives their number."""
    from grading.ledger.store import timestamp

    if category not in CATEGORIES:
        raise JuryLabError(
            Problem("jurylab purge", _("catégorie « {name} »").format(name=category), listing(CATEGORIES))
        )
    if not ledger.exists:
        return 0
    with ledger.writing() as writer:
        seqs = _seqs(writer, category, timestamp(before))
        if seqs:
            facts = json.dumps({"category": category, "before": timestamp(before), "count": len(seqs)})
            writer.append([Event(PURGE, item=category, facts=facts)])
            writer.delete_payloads(seqs)
    _forget(ledger.path)
    return len(seqs)


def _seqs(reader: Reader, category: str, before: str) -> list[int]:
    rows = reader.rows(CATEGORIES[category])
    return [row.seq for row in rows if row.payload is not None and row.at < before]


def _forget(path: Path) -> None:
    """What was deleted leaves the file itself: the write-ahead log is folded in and the pages rewritten."""
    with (
        door.sentences(path),
        closing(sqlite3.connect(path, timeout=door.PATIENCE, isolation_level=None)) as connection,
    ):
        folded = _folded(connection)
        if folded:
            connection.execute("VACUUM")
            folded = _folded(connection)
    if not folded:
        raise JuryLabError(
            Problem(
                str(path),
                _("textes effacés, mais le fichier en garde la trace tant qu'une autre commande le lit"),
                todo=_("relancer la même purge quand elle aura fini"),
            )
        )


def _folded(connection: sqlite3.Connection) -> bool:
    """The write-ahead log is emptied into the file; false where somebody still reads from it."""
    return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def purged_events(reader: Reader) -> set[int]:
    """The events whose personal text a recorded purge has had the right to delete."""
    allowed: set[int] = set()
    for row in reader.rows([PURGE], payload=False):
        category, before = _said(row.facts)
        kinds = CATEGORIES.get(category, ())
        allowed.update(one.seq for one in reader.rows(kinds, payload=False) if one.at < before and one.seq < row.seq)
    return allowed


def _said(facts: str) -> tuple[str, str]:
    """What a purge recorded; nothing where its row was tampered with: the chain then names it."""
    try:
        found = json.loads(facts)
        return str(found["category"]), str(found["before"])
    except (ValueError, TypeError, KeyError):
        return "", ""

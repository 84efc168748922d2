"""Keeping a ledger: purge of personal texts, backup while in use, restore to the same head."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grading.errors import JuryLabError, Problem, listing
from grading.events import CATEGORIES, PURGE, Event
from grading.language import _
from grading.ledger import connection as door
from grading.ledger.chain import Head

if TYPE_CHECKING:
    from grading.ledger.store import Ledger, Reader


def purge(ledger: Ledger, category: str, before: datetime) -> int:
    """Deletes the personal texts of a category recorded before a moment, and records that it did. Gives their number."""
    from grading.ledger.store import timestamp

    if category not in CATEGORIES:
        raise JuryLabError(
            Problem("jurylab purge", _("catégorie « {name} »").format(name=category), listing(CATEGORIES))
        )
    with ledger.writing() as writer:
        seqs = _seqs(writer, category, timestamp(before))
        if not seqs:
            return 0
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
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def purged_events(reader: Reader) -> set[int]:
    """The events whose personal text a recorded purge has had the right to delete."""
    allowed: set[int] = set()
    for row in reader.rows([PURGE], payload=False):
        facts = json.loads(row.facts)
        kinds = CATEGORIES.get(facts["category"], ())
        allowed.update(
            one.seq for one in reader.rows(kinds, payload=False) if one.at < facts["before"] and one.seq < row.seq
        )
    return allowed


def backup(ledger: Ledger, target: Path) -> Head:
    """Copies the ledger while it is in use. The file appears whole or not at all, and is verified before it does."""
    from grading.ledger.store import Ledger as Store

    partial = target.with_name(target.name + ".partial")
    try:
        with ledger.reading():
            pass  # says that there is no ledger, before a file is made
        partial.unlink(missing_ok=True)
        with (
            door.sentences(ledger.path),
            closing(sqlite3.connect(ledger.path, timeout=door.PATIENCE)) as source,
            closing(sqlite3.connect(partial)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        head = _verified(Store(partial))
        os.replace(partial, target)
    except OSError as error:
        raise JuryLabError(
            Problem(str(target), _("écriture impossible ({detail})").format(detail=error.strerror))
        ) from error
    finally:
        _remove(partial)
    return head


def restore(ledger: Ledger, source: Path) -> tuple[Head, Path | None]:
    """Puts a backup in the ledger's place. What was there is kept beside it. Gives the head, and where the old one is.

    Raises JuryLabError if the backup's chain does not hold; nothing is changed then.
    """
    from grading.ledger.store import Ledger as Store

    if not source.exists():
        raise JuryLabError(Problem(str(source), _("fichier introuvable"), todo=_("vérifier le nom de la sauvegarde")))
    _verified(Store(source))
    partial = ledger.path.with_name(ledger.path.name + ".partial")
    kept: Path | None = None
    try:
        ledger.path.parent.mkdir(parents=True, exist_ok=True)
        with (
            door.sentences(source),
            closing(sqlite3.connect(source)) as saved,
            closing(sqlite3.connect(partial)) as copy,
        ):
            saved.backup(copy)
        head = _verified(Store(partial))
        if ledger.exists:
            kept = _free_name(ledger.path)
            backup(ledger, kept)
            _take_place(ledger.path, partial)
        else:
            os.replace(partial, ledger.path)
    except OSError as error:
        raise JuryLabError(
            Problem(str(ledger.path), _("écriture impossible ({detail})").format(detail=error.strerror))
        ) from error
    finally:
        _remove(partial)
    door.migrate(ledger.path)
    return head, kept


def _take_place(path: Path, replacement: Path) -> None:
    """Replaces the content through the database itself: others may have the file open."""
    with (
        door.sentences(path),
        closing(sqlite3.connect(replacement)) as source,
        closing(sqlite3.connect(path, timeout=door.PATIENCE)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")


def _free_name(path: Path) -> Path:
    number = 1
    while (candidate := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    return candidate


def _verified(store: Ledger) -> Head:
    with store.reading() as reader:
        head, fault = reader.verify()
    if fault is not None:
        raise JuryLabError(
            Problem(
                str(store.path),
                _("la chaîne ne tient pas à la ligne {seq}").format(seq=fault.seq),
                todo=_("prendre une autre sauvegarde"),
            )
        )
    return head


def _remove(path: Path) -> None:
    for name in (
        path,
        path.with_name(path.name + "-journal"),
        path.with_name(path.name + "-wal"),
        path.with_name(path.name + "-shm"),
    ):
        name.unlink(missing_ok=True)

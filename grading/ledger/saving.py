"""Backup while in use, and restore to the same head."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from grading.errors import BusyError, JuryLabError, Problem, os_reason
from grading.language import _
from grading.ledger import connection as door
from grading.ledger.chain import Head

if TYPE_CHECKING:
    from grading.ledger.store import Ledger


def backup(ledger: Ledger, target: Path) -> Head:
    """Copies the ledger while it is in use. The file appears whole or not at all, and is verified before it does."""
    if target.exists() and not _is_sqlite(target):
        raise JuryLabError(
            Problem(
                str(target),
                _("ce fichier existe, et n'est pas une sauvegarde"),
                todo=_("donner un autre nom de fichier"),
            )
        )
    if target.exists() and ledger.path.exists() and target.samefile(ledger.path):
        raise JuryLabError(
            Problem(str(target), _("c'est le registre lui-même"), todo=_("donner un autre nom de fichier"))
        )
    with ledger.reading():
        pass  # says that there is no ledger, before a file is made
    partial = target.with_name(target.name + ".partial")
    try:
        head = _copied(ledger.path, partial)
        os.replace(partial, target)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        _remove(partial)
    return head


def restore(ledger: Ledger, source: Path) -> tuple[Head, Path | None]:
    """Puts a backup in the ledger's place. What was there is kept beside it. Gives the head, and where the old one is.

    Raises JuryLabError if the backup's chain does not hold; nothing is changed then.
    """
    if not source.exists():
        raise JuryLabError(Problem(str(source), _("fichier introuvable"), todo=_("vérifier le nom de la sauvegarde")))
    partial = ledger.path.with_name(ledger.path.name + ".partial")
    try:
        ledger.path.parent.mkdir(parents=True, exist_ok=True)
        head = _copied(source, partial)
        kept, in_use = _keep(ledger)
        if in_use:
            _replace_content(ledger.path, partial)
        else:
            _remove(ledger.path)  # with what a killed writer left beside it: it would be replayed into the new file
            os.replace(partial, ledger.path)
    except OSError as error:
        raise _unwritable(ledger.path, error) from error
    finally:
        _remove(partial)
    door.migrate(ledger.path)
    return head, kept


def _is_sqlite(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(16) in (b"", b"SQLite format 3\x00")


def _copied(source: Path, target: Path) -> Head:
    """A verified copy in one file, without a write-ahead log beside it."""
    _remove(target)
    with door.sentences(source), closing(sqlite3.connect(source, timeout=door.PATIENCE)) as original:
        original.execute("SELECT count(*) FROM sqlite_master").fetchone()  # not a database: said of the source
        target.touch()  # a folder that is missing or closed is said as such, before the database says it its way
        with door.sentences(target), closing(sqlite3.connect(target)) as copy:
            door.copy_database(original, copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    door.refuse_newer(target, told=source)
    if door.revision(target) is None:
        raise JuryLabError(
            Problem(str(source), _("ce fichier n'est pas un registre"), todo=_("prendre une autre sauvegarde"))
        )
    return _verified(target, told=source)


def _verified(path: Path, told: Path) -> Head:
    from grading.ledger.store import Ledger

    with Ledger(path).reading() as reader:
        head, fault = reader.verify()
    if fault is None:
        return head
    raise JuryLabError(
        Problem(
            str(told),
            _("la chaîne ne tient pas à la ligne {seq}").format(seq=fault.seq),
            todo=_("prendre une autre sauvegarde"),
        )
    )


def _keep(ledger: Ledger) -> tuple[Path | None, bool]:
    """Keeps what stands in the ledger's place: a backup where it holds, else the very bytes, for who may look later.

    Gives the file it is kept in, and whether it holds (others may have it open).
    """
    if not ledger.path.exists():
        return None, False
    kept = _free_name(ledger.path)
    try:
        backup(ledger, kept)
    except BusyError:
        raise
    except JuryLabError:
        for suffix in ("", "-wal"):
            part = ledger.path.with_name(ledger.path.name + suffix)
            if part.exists():
                shutil.copyfile(part, kept.with_name(kept.name + suffix))
        return kept, False
    return kept, True


def _replace_content(path: Path, replacement: Path) -> None:
    """Replaces the content through the database itself: others may have the file open."""
    with (
        door.sentences(path),
        closing(sqlite3.connect(replacement)) as source,
        closing(sqlite3.connect(path, timeout=door.PATIENCE)) as target,
    ):
        door.copy_database(source, target)
        target.execute("PRAGMA journal_mode=WAL")


def _free_name(path: Path) -> Path:
    number = 1
    while (candidate := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    return candidate


def _unwritable(path: Path, error: OSError) -> JuryLabError:
    return JuryLabError(Problem(str(path), _("écriture impossible ({detail})").format(detail=os_reason(error))))


def _remove(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)

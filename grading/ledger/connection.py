"""The one door to the database. Reading goes through the driver (no import of SQLAlchemy: commands start fast),
writing through SQLAlchemy, one writer at a time; both turn the driver's refusals into sentences."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from grading.errors import BusyError, JuryLabError, Problem, os_reason
from grading.language import _

if TYPE_CHECKING:
    from sqlalchemy import Connection

#: How long a command waits for another one to finish writing, in seconds.
PATIENCE = float(os.environ.get("JURYLAB_PATIENCE", "5"))
#: The newest migration.
REVISION = "0001"


@contextmanager
def sentences(path: Path) -> Iterator[None]:
    """Turns the driver's errors about this file into errors that say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _refusal(path, error) from error


def _refusal(path: Path, error: BaseException) -> JuryLabError:
    text = str(error).lower()
    busy = "locked" in text or "busy" in text
    return (BusyError if busy else JuryLabError)(_sentence(path, error, text))


def _sentence(path: Path, error: BaseException, text: str) -> Problem:
    where = str(path)
    if "locked" in text or "busy" in text:
        return Problem(
            where, _("registre occupé par une autre commande"), todo=_("attendre qu'elle finisse, puis recommencer")
        )
    if "readonly" in text or "read-only" in text:
        return Problem(
            where, _("registre en lecture seule"), todo=_("donner le droit d'écrire sur ce fichier et son dossier")
        )
    if "full" in text:
        return Problem(
            where, _("disque plein"), todo=_("libérer de la place, puis recommencer : rien n'a été enregistré")
        )
    if "unable to open" in text:
        return Problem(where, _("impossible d'ouvrir le registre"), todo=_("vérifier le dossier et ses droits"))
    if "not a database" in text or "malformed" in text or "no such table" in text:
        return Problem(where, _("ce fichier n'est pas un registre, ou il est abîmé"), todo=_("jurylab restore FICHIER"))
    if "ledger:" in text:
        return Problem(where, _("le registre refuse de changer son passé ({detail})").format(detail=error))
    return Problem(where, _("la base de données refuse ({detail})").format(detail=error))


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection that sees one moment of the ledger."""
    with sentences(path), closing(_opened(path)) as connection:
        connection.execute("BEGIN")
        yield connection


def _opened(path: Path) -> sqlite3.Connection:
    """Read-only. In a folder where nothing may be written, SQLite cannot share a WAL file: with no log beside it
    nobody is writing, and it is read as it lies."""
    uri = f"file:{quote(str(path.absolute()))}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        alone = not path.with_name(path.name + "-wal").exists()
        shut_out = "unable to open" in str(error) or "readonly" in str(error)
        if not (shut_out and alone and os.access(path, os.R_OK)):
            raise
        connection = sqlite3.connect(f"{uri}&immutable=1", uri=True, timeout=PATIENCE, isolation_level=None)
    return connection


@contextmanager
def writing(path: Path) -> Iterator[Connection]:
    """One transaction, begun before anything is read, committed at the end of the block or not at all."""
    from sqlalchemy.exc import DBAPIError

    engine = _engine(path)
    try:
        with sentences(path), engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise _refusal(path, error.orig or error) from error
    finally:
        engine.dispose()


def _engine(path: Path):  # type: ignore[no-untyped-def]  # SQLAlchemy's Engine, imported only by those who write
    from sqlalchemy import URL, create_engine, event

    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": PATIENCE})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN below: the driver must not
        _use_wal(connection)
        for pragma in ("synchronous=FULL", "recursive_triggers=ON", "secure_delete=ON", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Readers never wait for the writer. SQLite does not wait by itself to change the mode: this does."""
    limit = time.monotonic() + PATIENCE
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.02)


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's connection under a SQLAlchemy one: reads inside a writing transaction."""
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


def migrate(path: Path) -> None:
    """Brings a ledger to the newest schema; creates it where there is none."""
    stands = revision(path)
    if stands == REVISION:
        return
    if stands is not None and stands > REVISION:
        raise JuryLabError(_too_new(path))
    from alembic import command
    from alembic.config import Config

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JuryLabError(
            Problem(str(path.parent), _("dossier impossible à créer ({detail})").format(detail=os_reason(error)))
        ) from error
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with writing(path) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def refuse_newer(path: Path, told: Path) -> None:
    """Raises JuryLabError, naming the file `told`, where a newer JuryLab made the ledger."""
    if (revision(path) or "") > REVISION:
        raise JuryLabError(_too_new(told))


def _too_new(path: Path) -> Problem:
    return Problem(
        str(path),
        _("registre d'une version plus récente de JuryLab"),
        todo=_("mettre JuryLab à jour, puis recommencer"),
    )


def revision(path: Path) -> str | None:
    """The migration that a ledger stands at; None where there is none, or only a file that a full disk cut short."""
    if not path.exists():
        return None
    if not _has_content(path):
        raise JuryLabError(
            Problem(
                str(path),
                _("registre vide (0 octet) : il a peut-être été tronqué"),
                todo=_("jurylab restore FICHIER ; s'il n'a jamais servi, effacer ce fichier"),
            )
        )
    with reading(path) as connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _has_content(path: Path) -> bool:
    """False where a file stays empty: another command that has just begun it is given the time to write."""
    limit = time.monotonic() + PATIENCE
    while path.stat().st_size == 0:
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True


def copy_database(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copies a database while it is in use. Waits for others as long as any command does, then gives up."""
    limit = time.monotonic() + PATIENCE
    left = [-1]

    def progress(status: int, remaining: int, total: int) -> None:
        nonlocal limit
        if remaining != left[0]:
            left[0], limit = remaining, time.monotonic() + PATIENCE
        elif time.monotonic() > limit:
            raise sqlite3.OperationalError("database is locked")

    source.backup(target, pages=1024, progress=progress, sleep=0.05)

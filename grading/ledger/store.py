"""Adding events, and reading what is now (or was then) the last one of each key."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from os import urandom
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from grading.errors import JuryLabError, Problem
from grading.events import Event, PackedRow
from grading.language import _
from grading.ledger import connection as door
from grading.ledger.chain import HASHED, ORIGIN, Fault, Head, first_fault, link, payload_hash

if TYPE_CHECKING:
    from sqlalchemy import Connection

_BATCH = 20_000


class Row(NamedTuple):
    """One recorded event as the readers see it; `payload` is None where there is none or it was purged."""

    seq: int
    kind: str
    assessment: str
    subject: str
    criterion: str
    grader: str
    state: str
    level: int | None
    quarters: int | None
    item: str
    at: str
    actor: str
    rubric: str
    facts: str
    payload: str | None


class Entry(NamedTuple):
    """One row of a table that events describe: only what its reader needs."""

    kind: str
    subject: str
    assessment: str
    item: str
    state: str
    facts: str
    payload: str | None


@dataclass(frozen=True)
class Author:
    """Who acts. `identity` says how we know: `local` is one trusted person on one machine."""

    login: str
    identity: str = "local"

    @classmethod
    def of_this_process(cls) -> Author:
        import getpass

        try:
            return cls(getpass.getuser())
        except (KeyError, OSError):  # no account of that uid, no LOGNAME
            return cls("inconnu")


def timestamp(moment: datetime) -> str:
    """A moment in the ledger's own form: UTC, microseconds, sortable as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Ledger:
    """The append-only events of one course, in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def exists(self) -> bool:
        return door.revision(self.path) is not None

    @contextmanager
    def reading(self) -> Iterator[Reader]:
        """What the ledger holds at one moment; later writes are not seen."""
        if not self.exists:
            raise JuryLabError(
                Problem(str(self.path), _("pas encore de registre"), todo="jurylab cohort import DOSSIER")
            )
        with door.reading(self.path) as connection:
            yield Reader(connection)

    @contextmanager
    def writing(self, author: Author | None = None) -> Iterator[Writer]:
        """One transaction: what is read in it stays true until what is added in it is committed."""
        door.migrate(self.path)
        with door.writing(self.path) as connection:
            yield Writer(connection, author or Author.of_this_process())

    def append(self, events: Iterable[Event], author: Author | None = None) -> Head:
        """Adds events in one transaction. When it returns, they are committed."""
        with self.writing(author) as writer:
            writer.append(events)
            return writer.head()


class Reader:
    """Questions to the ledger, all answered as of the same moment."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def head(self, as_of: datetime | None = None) -> Head:
        """Where the chain stands, now or at a moment."""
        sql = "SELECT seq, hash FROM event WHERE at <= ? ORDER BY seq DESC LIMIT 1"
        row = self._connection.execute(sql, (_until(as_of),)).fetchone()
        return Head(*row) if row else Head(0, ORIGIN)

    def rows(
        self,
        kinds: Iterable[str],
        as_of: datetime | None = None,
        payload: bool = True,
        subjects: Iterable[str] | None = None,
    ) -> Iterator[Row]:
        """Every event of some kinds, in order, up to a moment by the time recorded in the ledger; of some subjects, or
        of all."""
        names, only = list(kinds), list(subjects or ())
        chosen = f" AND e.subject IN ({','.join('?' * len(only))})" if subjects is not None else ""
        text, join = ("p.json", "LEFT JOIN payload p ON p.event = e.seq") if payload else ("NULL", "")
        sql = (
            "SELECT e.seq, e.kind, e.assessment, e.subject, e.criterion, e.grader, e.state, e.level, e.quarters, e.item,"
            f" e.at, e.actor, e.rubric, e.facts, {text} FROM event e {join}"
            f" WHERE e.kind IN ({','.join('?' * len(names))}) AND e.at <= ?{chosen} ORDER BY e.seq"
        )
        return map(Row._make, self._connection.execute(sql, (*names, _until(as_of), *only)))

    def entries(self, kinds: Iterable[str], as_of: datetime | None = None, payload: bool = True) -> Iterator[Entry]:
        """The events that describe the rows of some tables, in order."""
        names = list(kinds)
        text, join = ("p.json", "LEFT JOIN payload p ON p.event = e.seq") if payload else ("NULL", "")
        sql = (
            f"SELECT e.kind, e.subject, e.assessment, e.item, e.state, e.facts, {text} FROM event e {join}"
            f" WHERE e.kind IN ({','.join('?' * len(names))}) AND e.at <= ? ORDER BY e.seq"
        )
        return map(Entry._make, self._connection.execute(sql, (*names, _until(as_of))))

    def columns(self, kind: str, as_of: datetime | None = None) -> Iterator[list[tuple[Any, ...]]]:
        """(assessment, subject, criterion, grader, state, quarters or 0) of one kind, in order, in batches."""
        cursor = self._connection.execute(
            "SELECT assessment, subject, criterion, grader, state, coalesce(quarters, 0)"
            " FROM event WHERE kind = ? AND at <= ? ORDER BY seq",
            (kind, _until(as_of)),
        )
        while batch := cursor.fetchmany(_BATCH):
            yield batch

    def packed(
        self, kind: str, as_of: datetime | None = None, subjects: Iterable[str] | None = None
    ) -> Iterator[list[PackedRow]]:
        """The same rows as (subject, the other words in one, quarters): a million of them are read twice as fast. Of
        some subjects, or of all."""
        only = list(subjects or ())
        chosen = f" AND subject IN ({','.join('?' * len(only))})" if subjects is not None else ""
        cursor = self._connection.execute(
            "SELECT subject, assessment || char(31) || criterion || char(31) || grader || char(31) || state,"
            f" coalesce(quarters, 0) FROM event WHERE kind = ? AND at <= ?{chosen} ORDER BY seq",
            (kind, _until(as_of), *only),
        )
        while batch := cursor.fetchmany(_BATCH):
            yield batch

    def count(self, kind: str) -> int:
        return int(self._connection.execute("SELECT count(*) FROM event WHERE kind = ?", (kind,)).fetchone()[0])

    def verify(self, anchor: Head | None = None) -> tuple[Head, Fault | None]:
        """The head reached and the first row that does not hold."""
        from grading.ledger.purging import purged_events

        rows = self._connection.execute(f"SELECT {', '.join(HASHED)}, hash FROM event ORDER BY seq")
        stored = {row[0]: (row[1], row[2]) for row in self._connection.execute("SELECT event, salt, json FROM payload")}
        return first_fault(rows, stored, purged_events(self), anchor)


def _until(as_of: datetime | None) -> str:
    return timestamp(as_of) if as_of is not None else "9999"


class Writer(Reader):
    """Reads and adds inside one transaction."""

    def __init__(self, connection: Connection, author: Author) -> None:
        super().__init__(door.driver(connection))
        self._sql = connection
        self._author = author

    def append(self, events: Iterable[Event], now: datetime | None = None) -> None:
        """Adds events at the end of the chain, all at the same recorded time, never before an earlier one's."""
        from grading.ledger.schema import event as event_table
        from grading.ledger.schema import payload as payload_table

        head = self.head()
        seq, previous = head.count, head.hash
        at = max(timestamp(now or datetime.now(UTC)), self.last_time())
        rows: list[dict[str, object]] = []
        texts: list[dict[str, object]] = []
        for one in events:
            seq += 1
            salt = urandom(16).hex() if one.payload else ""
            promised = payload_hash(salt, one.payload) if one.payload else ""
            values = (
                seq, one.kind, one.assessment, one.subject, one.criterion, one.grader, one.state, one.level, one.quarters,
                one.item, at, self._author.login, self._author.identity, one.rubric, one.facts, promised,
            )  # fmt: skip
            previous = link(previous, values)
            rows.append({**dict(zip(HASHED, values, strict=True)), "hash": previous})
            if one.payload:
                texts.append({"event": seq, "salt": salt, "json": one.payload})
            if len(rows) >= _BATCH:
                self._insert(event_table, rows, payload_table, texts)
        self._insert(event_table, rows, payload_table, texts)

    def last_time(self) -> str:
        """When the last event was recorded, empty where there is none."""
        return self._connection.execute("SELECT max(at) FROM event").fetchone()[0] or ""

    def _insert(
        self, events: Any, rows: list[dict[str, object]], payloads: Any, texts: list[dict[str, object]]
    ) -> None:
        if rows:
            self._sql.execute(events.insert(), rows)
        if texts:
            self._sql.execute(payloads.insert(), texts)
        rows.clear()
        texts.clear()

    def delete_payloads(self, seqs: Iterable[int]) -> None:
        self._connection.executemany("DELETE FROM payload WHERE event = ?", ((seq,) for seq in seqs))

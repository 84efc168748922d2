"""The ledger: nothing of its past changes unseen, nothing acknowledged is lost, and its troubles are told in sentences."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grading.codes import AccessPath
from grading.cohort import Candidate
from grading.errors import JuryLabError
from grading.events import CATEGORIES, MARK, PURGE, Event
from grading.ledger import Ledger, chain, cohort_events
from grading.ledger import connection as door
from grading.ledger.chain import HASHED, ORIGIN, Fault, Head
from grading.ledger.purging import purge
from grading.ledger.saving import backup, restore
from grading.ledger.schema import metadata
from grading.ledger.store import Author

ROOT = Path(__file__).resolve().parent.parent
SECRET = "Motif-Confidentiel-4711"
TOMORROW = datetime.now(UTC) + timedelta(days=1)


def marks(*subjects: str, comment: str = SECRET) -> list[Event]:
    payload = json.dumps({"comment": comment}) if comment else ""
    return [
        Event(MARK, "epreuve", subject, "REAL.1", "e.martin", "marked", 3, 52, rubric="r", facts="{}", payload=payload)
        for subject in subjects
    ]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Five marks, each with a comment."""
    ledger = Ledger(tmp_path / "cours" / "ledger.db")
    ledger.append(marks("C1", "C2", "C3", "C4", "C5"))
    return ledger


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.1)


def verified(ledger: Ledger, anchor: Head | None = None) -> tuple[Head, Fault | None]:
    with ledger.reading() as reader:
        return reader.verify(anchor)


def fault(ledger: Ledger, anchor: Head | None = None) -> Fault | None:
    return verified(ledger, anchor)[1]


def head(ledger: Ledger) -> Head:
    with ledger.reading() as reader:
        return reader.head()


def subjects(ledger: Ledger, as_of: datetime | None = None) -> list[str]:
    with ledger.reading() as reader:
        return [row.subject for row in reader.rows([MARK], as_of)]


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that is none of the house's, as the file's owner may open one."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def tamper(ledger: Ledger, *statements: str) -> None:
    """What the file's owner can do: take the triggers away, then write."""
    with opened(ledger.path) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def everything(ledger: Ledger) -> dict[str, list[Any]]:
    with opened(ledger.path) as connection:
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("event", "payload")}


# Adding and reading.


def test_what_is_added_is_read_back_in_order(ledger: Ledger) -> None:
    assert subjects(ledger) == ["C1", "C2", "C3", "C4", "C5"]
    assert head(ledger).count == 5
    assert ledger.append(marks("C6")) == head(ledger)
    with ledger.reading() as reader:
        row = list(reader.rows([MARK]))[-1]
    assert (row.seq, row.subject, row.level, row.quarters) == (6, "C6", 3, 52)
    assert json.loads(row.payload or "") == {"comment": SECRET}


def test_who_and_how_we_know_is_recorded(ledger: Ledger) -> None:
    ledger.append(marks("C6"), Author("a.lefort", "hub"))
    with opened(ledger.path) as connection:
        assert connection.execute("SELECT actor, identity FROM event WHERE seq = 6").fetchone() == ("a.lefort", "hub")
        assert connection.execute("SELECT DISTINCT identity FROM event WHERE seq < 6").fetchall() == [("local",)]


def test_an_empty_ledger_has_the_head_of_nothing(tmp_path: Path) -> None:
    assert Ledger(tmp_path / "ledger.db").append([]) == Head(0, ORIGIN)


def test_a_transaction_that_fails_records_nothing(ledger: Ledger) -> None:
    before = everything(ledger)

    def torn() -> Iterator[Event]:
        yield from marks("C6", "C7")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ledger.append(torn())
    assert everything(ledger) == before


def test_a_reader_sees_one_moment(ledger: Ledger) -> None:
    with ledger.reading() as reader:
        assert reader.count(MARK) == 5
        ledger.append(marks("C6"))
        assert reader.count(MARK) == 5
    assert subjects(ledger)[-1] == "C6"


def test_as_of_goes_by_the_recorded_time(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    noon = datetime(2026, 3, 6, 12, tzinfo=UTC)
    for hour, subject in enumerate(("C1", "C2", "C3")):
        with ledger.writing() as writer:
            writer.append(marks(subject), now=noon + timedelta(hours=hour))
    assert subjects(ledger, noon - timedelta(seconds=1)) == []
    assert subjects(ledger, noon) == ["C1"]
    assert subjects(ledger, noon + timedelta(minutes=90)) == ["C1", "C2"]
    assert subjects(ledger) == ["C1", "C2", "C3"]
    with ledger.reading() as reader:
        columns = [row[1] for batch in reader.columns(MARK, noon + timedelta(minutes=90)) for row in batch]
    assert columns == ["C1", "C2"]


def test_recorded_time_never_goes_back(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    noon = datetime(2026, 3, 6, 12, tzinfo=UTC)
    for now in (noon, noon - timedelta(hours=5)):
        with ledger.writing() as writer:
            writer.append(marks("C1"), now=now)
    with ledger.reading() as reader:
        first, second = (row.at for row in reader.rows([MARK]))
    assert first == second == "2026-03-06T12:00:00.000000Z"


# The past is not changed by mistake.

FORBIDDEN = {
    "change": "UPDATE event SET quarters = 80 WHERE seq = 2",
    "change nothing": "UPDATE event SET quarters = quarters WHERE seq = 2",
    "delete": "DELETE FROM event WHERE seq = 5",
    "delete all": "DELETE FROM event",
    "replace": "INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 2",
    "upsert": "INSERT INTO event SELECT * FROM event WHERE seq = 2 ON CONFLICT DO UPDATE SET quarters = 80",
    "insert after a gap": f"INSERT INTO event SELECT 7, {', '.join(HASHED[1:])}, hash FROM event WHERE seq = 2",
    "insert before the first": f"INSERT INTO event SELECT 0, {', '.join(HASHED[1:])}, hash FROM event WHERE seq = 2",
    "insert without number": f"INSERT INTO event SELECT NULL, {', '.join(HASHED[1:])}, hash FROM event WHERE seq = 2",
    "change a payload": "UPDATE payload SET json = '{}' WHERE event = 2",
    "delete a payload": "DELETE FROM payload WHERE event = 2",
    "replace a payload": "INSERT OR REPLACE INTO payload VALUES (2, 'sel', '{}')",
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_statement_that_changes_the_past_is_refused(ledger: Ledger, name: str) -> None:
    before = everything(ledger)
    with opened(ledger.path) as connection, pytest.raises(sqlite3.IntegrityError, match="ledger: "):
        connection.execute(FORBIDDEN[name])
    assert everything(ledger) == before


@pytest.mark.parametrize("name", FORBIDDEN)
def test_the_house_itself_cannot_change_the_past(ledger: Ledger, name: str) -> None:
    before = everything(ledger)
    with pytest.raises(JuryLabError, match="le registre refuse de changer son passé"), ledger.writing() as writer:
        writer._sql.exec_driver_sql(FORBIDDEN[name])
    assert everything(ledger) == before


# The chain finds what was changed on purpose.

CHANGES = {name: f"UPDATE event SET {name} = 'autre' WHERE seq = 3" for name in HASHED if name != "seq"}
CHANGES |= {
    "level": "UPDATE event SET level = 4 WHERE seq = 3",
    "quarters": "UPDATE event SET quarters = 80 WHERE seq = 3",
    "no quarters": "UPDATE event SET quarters = NULL WHERE seq = 3",
    "hash": f"UPDATE event SET hash = '{ORIGIN}' WHERE seq = 3",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_row_is_found(ledger: Ledger, name: str) -> None:
    tamper(ledger, CHANGES[name])
    assert fault(ledger) == Fault(3, chain.CHANGED)


def test_two_rows_swapped_are_found(ledger: Ledger) -> None:
    tamper(ledger, "UPDATE event SET seq = 99 WHERE seq = 2", "UPDATE event SET seq = 2 WHERE seq = 3")
    tamper(ledger, "UPDATE event SET seq = 3 WHERE seq = 99")
    assert fault(ledger) == Fault(2, chain.CHANGED)


@pytest.mark.parametrize("seq", [1, 3])
def test_a_row_taken_away_is_found(ledger: Ledger, seq: int) -> None:
    tamper(ledger, f"DELETE FROM event WHERE seq = {seq}")
    assert fault(ledger) == Fault(seq, chain.GAP)


def test_the_last_row_taken_away_is_found_with_an_anchor_only(ledger: Ledger) -> None:
    anchor = head(ledger)
    tamper(ledger, "DELETE FROM payload WHERE event = 5", "DELETE FROM event WHERE seq = 5")
    assert fault(ledger) is None
    assert fault(ledger, anchor) == Fault(5, chain.SHORTER)


def test_a_chain_written_anew_is_found_with_an_anchor_only(ledger: Ledger, tmp_path: Path) -> None:
    anchor = head(ledger)
    other = Ledger(tmp_path / "autre.db")
    other.append(marks("C1", "C2", "C3", "C4", "FAUX", "C6"))
    assert fault(other) is None
    assert fault(other, anchor) == Fault(5, chain.NOT_THE_ANCHOR)


def test_an_anchor_holds_when_the_ledger_has_grown(ledger: Ledger) -> None:
    anchor = head(ledger)
    ledger.append(marks("C6", "C7"))
    assert verified(ledger, anchor) == (head(ledger), None)
    assert str(anchor).startswith("5:")


PAYLOADS = {
    "changed": ("UPDATE payload SET json = '{}' WHERE event = 3", Fault(3, chain.PAYLOAD_CHANGED)),
    "salt changed": ("UPDATE payload SET salt = 'sel' WHERE event = 3", Fault(3, chain.PAYLOAD_CHANGED)),
    "deleted without purge": ("DELETE FROM payload WHERE event = 3", Fault(3, chain.PAYLOAD_GONE)),
    "given to an event that had none": ("INSERT INTO payload VALUES (6, 's', '{}')", Fault(6, chain.PAYLOAD_CHANGED)),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_that_is_not_the_one_recorded_is_found(ledger: Ledger, name: str) -> None:
    ledger.append(marks("C6", comment=""))
    statement, expected = PAYLOADS[name]
    tamper(ledger, statement)
    assert fault(ledger) == expected


# Purge.


def kept_texts(ledger: Ledger) -> list[int]:
    with opened(ledger.path) as connection:
        return [seq for (seq,) in connection.execute("SELECT event FROM payload ORDER BY event")]


def files_that_hold(ledger: Ledger, text: str) -> list[str]:
    return [path.name for path in ledger.path.parent.iterdir() if text.encode() in path.read_bytes()]


def test_a_purged_text_leaves_the_file_and_the_chain_holds(ledger: Ledger) -> None:
    anchor = head(ledger)
    assert files_that_hold(ledger, SECRET)
    assert purge(ledger, "comments", TOMORROW) == 5
    assert files_that_hold(ledger, SECRET) == []
    assert kept_texts(ledger) == []
    assert verified(ledger, anchor) == (head(ledger), None)
    assert head(ledger).count == 6


def test_a_purge_leaves_the_figures(ledger: Ledger) -> None:
    purge(ledger, "comments", TOMORROW)
    with ledger.reading() as reader:
        first = next(reader.rows([MARK]))
        assert (first.subject, first.quarters, first.payload) == ("C1", 52, None)
        (record,) = reader.rows([PURGE])
    assert json.loads(record.facts)["count"] == 5


def test_a_purge_stops_at_its_date(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    noon = datetime(2026, 3, 6, 12, tzinfo=UTC)
    for day in range(3):
        with ledger.writing() as writer:
            writer.append(marks(f"C{day}"), now=noon + timedelta(days=day))
    assert purge(ledger, "comments", noon + timedelta(days=1)) == 1
    assert kept_texts(ledger) == [2, 3]
    assert fault(ledger) is None


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_purge_deletes_its_own_category_only(tmp_path: Path, category: str) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    kinds = [kind for every in CATEGORIES.values() for kind in every]
    ledger.append(Event(kind, subject="C1", payload='{"motive":"m"}') for kind in kinds)
    assert purge(ledger, category, TOMORROW) == len(CATEGORIES[category])
    kept = [kind for seq, kind in enumerate(kinds, 1) if seq in kept_texts(ledger)]
    assert kept == [kind for kind in kinds if kind not in CATEGORIES[category]]
    assert fault(ledger) is None


def test_a_purge_of_nothing_records_nothing(ledger: Ledger) -> None:
    before = head(ledger)
    assert purge(ledger, "motives", TOMORROW) == 0
    assert head(ledger) == before


def test_an_unknown_category(ledger: Ledger) -> None:
    with pytest.raises(JuryLabError, match="« commentaires » · attendu : identities, path, comments"):
        purge(ledger, "commentaires", TOMORROW)


def test_a_text_deleted_beside_a_purge_is_found(ledger: Ledger) -> None:
    """A purge of motives gives no right to delete comments, nor a text recorded since."""
    ledger.append([Event("absences", subject="C1", payload='{"motive":"m"}')])
    purge(ledger, "motives", TOMORROW)
    with opened(ledger.path) as connection:
        connection.execute("DELETE FROM payload WHERE event = 2")
    assert fault(ledger) == Fault(2, chain.PAYLOAD_GONE)


def test_a_text_recorded_after_a_purge_is_not_covered_by_it(ledger: Ledger) -> None:
    purge(ledger, "comments", TOMORROW)
    ledger.append(marks("C6"))
    tamper(ledger, "DELETE FROM payload WHERE event = 7")
    assert fault(ledger) == Fault(7, chain.PAYLOAD_GONE)


def test_a_purged_candidate_keeps_what_is_not_personal(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    person = Candidate(
        candidate_id="C1", birth_name="Roy", usage_name="", first_names="Anne", sex="F", birth_date="1990",
        birth_place="Lyon", birth_insee_code="", birth_country="", email="a@exemple.fr", access_path=AccessPath.FI,
        entry_level="M1", entry_title_status="produced", entered_on=date(2024, 9, 9), blocks=frozenset(),
        company_months=None,
    )  # fmt: skip
    ledger.append(cohort_events.events_of(cohort_events.difference({}, {"candidates": [person]})))
    purge(ledger, "identities", TOMORROW)
    with ledger.reading() as reader:
        (found,) = cohort_events.cohort_of(cohort_events.recorded_rows(reader)).candidates
    assert (found.candidate_id, found.entered_on, found.entry_level) == ("C1", person.entered_on, "M1")
    assert found.shown_name == "C1"
    assert (found.birth_name, found.first_names, found.birth_date, found.email) == ("", "", "", "")


# Backup and restore.


def test_a_drill(ledger: Ledger, tmp_path: Path) -> None:
    """Backup, more work, disaster, restore to the same head, work again."""
    saved = backup(ledger, tmp_path / "sauvegarde.db")
    assert saved == head(ledger)
    later = ledger.append(marks("C6"))
    restored, kept = restore(ledger, tmp_path / "sauvegarde.db")
    assert restored == saved == head(ledger)
    assert kept is not None
    assert verified(Ledger(kept)) == (later, None)
    ledger.append(marks("C7"))
    assert fault(ledger, saved) is None
    assert subjects(ledger)[-1] == "C7"


def test_a_restore_where_there_is_no_ledger(ledger: Ledger, tmp_path: Path) -> None:
    saved = backup(ledger, tmp_path / "sauvegarde.db")
    other = Ledger(tmp_path / "ailleurs" / "workspace" / "ledger.db")
    assert restore(other, tmp_path / "sauvegarde.db") == (saved, None)
    assert fault(other, saved) is None
    assert other.append(marks("C6")).count == 6


def test_two_restores_keep_two_old_ledgers(ledger: Ledger, tmp_path: Path) -> None:
    backup(ledger, tmp_path / "sauvegarde.db")
    kept = [restore(ledger, tmp_path / "sauvegarde.db")[1] for __ in range(2)]
    assert [path.name for path in kept if path] == ["ledger.db.before-restore-1", "ledger.db.before-restore-2"]


def test_a_backup_is_one_file(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "sauvegardes"
    folder.mkdir()
    backup(ledger, folder / "sauvegarde.db")
    backup(ledger, folder / "sauvegarde.db")
    assert [path.name for path in folder.iterdir()] == ["sauvegarde.db"]


def test_a_backup_of_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(JuryLabError, match="pas encore de registre"):
        backup(Ledger(tmp_path / "ledger.db"), tmp_path / "sauvegarde.db")
    assert list(tmp_path.iterdir()) == []


def test_a_backup_of_a_chain_that_does_not_hold(ledger: Ledger, tmp_path: Path) -> None:
    tamper(ledger, CHANGES["quarters"])
    with pytest.raises(JuryLabError, match="la chaîne ne tient pas à la ligne 3"):
        backup(ledger, tmp_path / "sauvegarde.db")
    assert not (tmp_path / "sauvegarde.db").exists()


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "changed": (lambda path: tamper(Ledger(path), CHANGES["quarters"]), "la chaîne ne tient pas à la ligne 3"),
    "cut short": (lambda path: os.truncate(path, 5000), "ce fichier n'est pas un registre, ou il est abîmé"),
    "another file": (lambda path: path.write_bytes(b"pas un registre" * 500), "ce fichier n'est pas un registre"),
    "empty": (lambda path: path.write_bytes(b""), "ce fichier n'est pas un registre"),
    "missing": (lambda path: path.unlink(), "fichier introuvable"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_backup_is_refused_and_nothing_changes(ledger: Ledger, tmp_path: Path, name: str) -> None:
    spoil, sentence = BROKEN[name]
    copy = tmp_path / "sauvegarde.db"
    backup(ledger, copy)
    spoil(copy)
    ledger.append(marks("C6"))
    before = everything(ledger)
    with pytest.raises(JuryLabError, match=sentence):
        restore(ledger, copy)
    assert everything(ledger) == before
    assert [path.name for path in ledger.path.parent.iterdir()] == ["ledger.db"]


# Several at once.

WRITER = """
import sys
from pathlib import Path
from grading.events import Event
from grading.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    ledger.append([Event("mark", subject=f"{sys.argv[2]}-{number}", payload='{"comment":"c"}')])
"""


def writer(ledger: Ledger, name: str, count: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JURYLAB_PATIENCE": "30"}
    command = [sys.executable, "-c", WRITER, str(ledger.path), name, str(count)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)


def finished(process: subprocess.Popen[str]) -> None:
    __, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors


def test_two_writers_at_once(ledger: Ledger) -> None:
    writers = [writer(ledger, name, 200) for name in ("A", "B")]
    for process in writers:
        finished(process)
    found = subjects(ledger)[5:]
    assert sorted(found) == sorted(f"{name}-{number}" for name in "AB" for number in range(200))
    for name in "AB":
        assert [one for one in found if one.startswith(name)] == [f"{name}-{number}" for number in range(200)]
    assert verified(ledger) == (head(ledger), None)


def test_backups_while_a_writer_writes(ledger: Ledger, tmp_path: Path) -> None:
    process = writer(ledger, "A", 150)
    saved = [backup(ledger, tmp_path / "sauvegarde-0.db")]
    while process.poll() is None:
        saved.append(backup(ledger, tmp_path / f"sauvegarde-{len(saved)}.db"))
    finished(process)
    assert len({one.count for one in saved}) > 2, "the writer wrote while we copied"
    for number, one in enumerate(saved):
        assert verified(Ledger(tmp_path / f"sauvegarde-{number}.db")) == (one, None)
        assert fault(ledger, anchor=one) is None


# Troubles.


def refused(ledger: Ledger, sentence: str) -> None:
    """Writing fails with a sentence, and nothing changes."""
    before = everything(ledger)
    with pytest.raises(JuryLabError, match=sentence) as caught:
        ledger.append(marks("C6", comment="x" * 100_000))
    assert caught.value.problems[0].where == str(ledger.path)
    assert caught.value.problems[0].todo
    assert everything(ledger) == before


@contextmanager
def every_connection(monkeypatch: pytest.MonkeyPatch, pragma: str) -> Iterator[None]:
    """Every connection to a database is made under a pragma."""
    connect = sqlite3.connect

    def under(*args: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)
        connection.execute(pragma)
        return connection

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", under)
        patch.setattr(sqlite3.dbapi2, "connect", under)
        yield


@pytest.mark.usefixtures("impatient")
def test_a_ledger_that_another_command_writes(ledger: Ledger) -> None:
    with opened(ledger.path) as other:
        other.execute("BEGIN IMMEDIATE")
        refused(ledger, "registre occupé par une autre commande")
        assert len(subjects(ledger)) == 5, "reading goes on"
        other.execute("ROLLBACK")
    assert ledger.append(marks("C6")).count == 6


def test_a_command_waits_for_another_to_finish(ledger: Ledger) -> None:
    with closing(sqlite3.connect(ledger.path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, other.execute, ["ROLLBACK"])
        release.start()
        assert ledger.append(marks("C6")).count == 6
        release.join()


@pytest.mark.usefixtures("impatient")
def test_a_ledger_that_another_program_keeps_for_itself(ledger: Ledger) -> None:
    with opened(ledger.path) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for act in (lambda: subjects(ledger), lambda: ledger.append(marks("C6"))):
            with pytest.raises(JuryLabError, match="registre occupé par une autre commande"):
                act()
        other.execute("ROLLBACK")
    assert len(subjects(ledger)) == 5


def test_a_ledger_that_may_only_be_read(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    with every_connection(monkeypatch, "PRAGMA query_only=ON"):
        refused(ledger, "registre en lecture seule")


def test_a_full_disk(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    with every_connection(monkeypatch, "PRAGMA max_page_count=10"):
        refused(ledger, "disque plein")
    assert fault(ledger) is None


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "workspace").write_text("un fichier", "utf-8")
    with pytest.raises(JuryLabError, match="workspace"):
        Ledger(tmp_path / "workspace" / "ledger.db").append(marks("C1"))


def test_a_file_that_is_no_ledger(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    ledger.path.write_bytes(b"pas un registre" * 500)
    for act in (lambda: subjects(ledger), lambda: ledger.append(marks("C1"))):
        with pytest.raises(JuryLabError, match="ce fichier n'est pas un registre") as caught:
            act()
        assert "jurylab restore" in caught.value.problems[0].todo
    assert ledger.path.read_bytes() == b"pas un registre" * 500


def test_a_course_that_has_no_ledger_yet(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    with pytest.raises(JuryLabError, match="pas encore de registre"):
        subjects(ledger)
    assert not ledger.exists


# Migrations.


def test_the_migrations_build_the_schema(ledger: Ledger) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{ledger.path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_revision_is_the_newest_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "grading/ledger/migrations"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == door.REVISION


def test_migrating_again_changes_nothing(ledger: Ledger) -> None:
    before = everything(ledger)
    door.migrate(ledger.path)
    assert everything(ledger) == before


# Faults told to the house: each mark goes when its fault does.


@pytest.mark.parametrize("damage", ["changed", "cut short", "another file", "empty"])
def test_a_restore_over_a_damaged_ledger(ledger: Ledger, tmp_path: Path, damage: str) -> None:
    saved = backup(ledger, tmp_path / "sauvegarde.db")
    BROKEN[damage][0](ledger.path)
    restored, kept = restore(ledger, tmp_path / "sauvegarde.db")
    assert restored == saved == head(ledger)
    assert kept is not None
    assert kept.exists()


KILLED = """
import os, sys
from pathlib import Path
from grading.events import Event
from grading.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
with ledger.reading() as reader:
    reader.head()
    ledger.append([Event("mark")] * 300)
    os.kill(os.getpid(), 9)
"""


def test_a_restore_beside_the_log_of_a_killed_writer(ledger: Ledger, tmp_path: Path) -> None:
    saved = backup(ledger, tmp_path / "sauvegarde.db")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", KILLED, str(ledger.path)], env=environment, check=False)
    assert ledger.path.with_name("ledger.db-wal").stat().st_size > 0
    ledger.path.unlink()
    restore(ledger, tmp_path / "sauvegarde.db")
    assert verified(ledger) == (saved, None)


RESTORE = """
import sys
from pathlib import Path
from grading.errors import JuryLabError
from grading.ledger import Ledger
from grading.ledger.saving import restore
try:
    restore(Ledger(Path(sys.argv[1])), Path(sys.argv[2]))
except JuryLabError as error:
    print(error)
"""


def test_a_restore_while_another_command_writes(ledger: Ledger, tmp_path: Path) -> None:
    backup(ledger, tmp_path / "sauvegarde.db")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "JURYLAB_PATIENCE": "0.1"}
    command = [sys.executable, "-c", RESTORE, str(ledger.path), str(tmp_path / "sauvegarde.db")]
    with opened(ledger.path) as other:
        other.execute("BEGIN IMMEDIATE")
        told = subprocess.run(command, env=environment, timeout=3, capture_output=True, encoding="utf-8", check=True)
    assert "registre occupé" in told.stdout


def test_a_folder_with_a_question_mark(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "promo 2026 ?" / "ledger.db")
    ledger.append(marks("C1"))
    assert [path.name for path in tmp_path.iterdir()] == ["promo 2026 ?"]
    assert subjects(ledger) == ["C1"]


def test_the_first_write_waits_for_another_to_finish(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE autre (a)")
        release = threading.Timer(0.3, other.execute, ["COMMIT"])
        release.start()
        try:
            assert Ledger(path).append(marks("C1")).count == 1
        finally:
            release.join()


@pytest.mark.parametrize("facts", ["", "{}", '{"category":"comments"}', "[]"])
def test_a_changed_purge_is_found(ledger: Ledger, facts: str) -> None:
    purge(ledger, "comments", TOMORROW)
    tamper(ledger, f"UPDATE event SET facts = '{facts}' WHERE seq = 6")
    assert fault(ledger) is not None


@pytest.mark.usefixtures("impatient")
def test_a_purge_while_another_command_reads(ledger: Ledger) -> None:
    with ledger.reading() as reader:
        assert reader.count(MARK) == 5
        try:
            purge(ledger, "comments", TOMORROW)
        except JuryLabError:
            return
        assert files_that_hold(ledger, SECRET) == []


def test_a_first_write_on_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    with every_connection(monkeypatch, "PRAGMA max_page_count=3"), pytest.raises(JuryLabError, match="disque plein"):
        ledger.append(marks("C1"))
    with pytest.raises(JuryLabError, match="pas encore de registre"):
        subjects(ledger)


def test_a_backup_into_a_folder_that_is_not_there(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(JuryLabError) as caught:
        backup(ledger, tmp_path / "nulle-part" / "sauvegarde.db")
    assert "nulle-part" in caught.value.problems[0].where

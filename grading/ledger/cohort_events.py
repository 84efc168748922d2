"""The cohort as events: one per row that appears, changes or goes. Personal columns go to the payload."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from grading import cohort as words
from grading.codes import AccessPath
from grading.events import COHORT, RECORDED, REMOVED, Event
from grading.ledger.store import Reader, Row

_CLASSES: dict[str, type[Any]] = {
    "candidates": words.Candidate, "groups": words.Membership, "acquired": words.Acquired,
    "submissions": words.Submission, "extensions": words.Extension, "absences": words.Absence,
    "education": words.Education, "experiences": words.Experience, "jurors": words.Juror, "people": words.Person,
}  # fmt: skip
#: Names, birth data, motives, biographies: what `purge` may delete. All other columns stay as facts.
_PERSONAL: dict[str, frozenset[str]] = {
    "candidates": frozenset(
        {
            "birth_name",
            "usage_name",
            "first_names",
            "sex",
            "birth_date",
            "birth_place",
            "birth_insee_code",
            "birth_country",
            "email",
        }
    ),
    "submissions": frozenset({"by"}),
    "extensions": frozenset({"motive", "granted_by"}),
    "absences": frozenset({"motive"}),
    "education": frozenset(["title", "institution", "level", "since", "until"]),
    "experiences": frozenset(["organisation", "role", "contract", "since", "until", "missions", "supervisor"]),
    "jurors": frozenset({"name", "organisation"}),
    "people": frozenset({"login"}),
}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _fraction(text: str | None) -> Fraction | None:
    return Fraction(text) if text is not None else None


_DECODE: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("candidates", "access_path"): AccessPath,
    ("candidates", "entered_on"): date.fromisoformat,
    ("candidates", "blocks"): frozenset,
    ("candidates", "company_months"): _fraction,
    ("groups", "since"): _day,
    ("groups", "until"): _day,
    ("submissions", "received_at"): datetime.fromisoformat,
    ("extensions", "until"): datetime.fromisoformat,
}
_FIELDS = {table: tuple(field.name for field in fields(kind)) for table, kind in _CLASSES.items()}

#: (table, subject, assessment, rest of the key): what one recorded row is known by.
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Change:
    """One row that an import adds (before None), changes, or removes (after None)."""

    key: Key
    before: Any | None
    after: Any | None


def keys_of(table: str, rows: Iterable[Any]) -> dict[Key, Any]:
    """Each row under its key. Rows of a person's past are numbered: their key must not hold personal words."""
    found: dict[Key, Any] = {}
    for row in rows:
        if table == "groups":
            key = (table, row.candidate_id, row.assessment, f"{row.group_id} {row.since or ''}")
        elif table == "acquired":
            key = (table, row.candidate_id, "", row.item)
        elif table == "submissions":
            key = (table, row.subject, row.assessment, row.received_at.isoformat())
        elif table == "extensions":
            key = (table, row.subject, row.assessment, "")
        elif table == "absences":
            key = (table, row.candidate_id, row.assessment, "")
        elif table in ("education", "experiences"):
            key = (table, row.candidate_id, "", "1")
        elif table == "jurors":
            key = (table, row.juror_id, "", "")
        elif table == "people":
            key = (table, row.person_id, "", row.role)
        else:
            key = (table, row.candidate_id, "", "")
        number = 2
        while key in found:  # only the numbered tables: the others were checked for double keys
            key = (*key[:3], str(number))
            number += 1
        found[key] = row
    return found


def recorded_rows(reader: Reader, as_of: datetime | None = None) -> dict[Key, Row]:
    """The last event of each row of the cohort that is not removed."""
    last: dict[Key, Row] = {}
    for row in reader.rows(COHORT, as_of):
        key = (row.kind, row.subject, row.assessment, row.item)
        if row.state == REMOVED:
            last.pop(key, None)
        else:
            last[key] = row
    return last


def cohort_of(rows: Mapping[Key, Row]) -> words.Cohort:
    """The cohort that some recorded rows describe, each table sorted by key."""
    tables: dict[str, list[Any]] = {table: [] for table in COHORT}
    for key in sorted(rows):
        row = rows[key]
        if row.kind in ("education", "experiences") and row.payload is None:
            continue  # purged: nothing is left to show
        tables[row.kind].append(_decoded(row))
    return words.Cohort(**{table: tuple(found) for table, found in tables.items()})


def _decoded(row: Row) -> Any:
    values = json.loads(row.facts)
    if row.payload:
        values.update(json.loads(row.payload))
    table = row.kind
    for name in _FIELDS[table]:
        if name not in values:
            values[name] = ""
        elif (table, name) in _DECODE:
            values[name] = _DECODE[table, name](values[name])
    return _CLASSES[table](**values)


def difference(recorded: Mapping[Key, Row], tables: Mapping[str, Iterable[Any]]) -> list[Change]:
    """What recording these tables would change. Tables that are not given stay as they are."""
    changes = []
    for table, rows in tables.items():
        wanted = keys_of(table, rows)
        for key, value in wanted.items():
            known = recorded.get(key)
            before = _decoded(known) if known is not None else None
            if before != value:
                changes.append(Change(key, before, value))
        gone = [key for key in recorded if key[0] == table and key not in wanted]
        changes.extend(Change(key, _decoded(recorded[key]), None) for key in gone)
    return changes


def events_of(changes: Iterable[Change]) -> Iterable[Event]:
    for change in changes:
        table, subject, assessment, item = change.key
        if change.after is None:
            yield Event(table, assessment, subject, state=REMOVED, item=item)
            continue
        values = {name: _encoded(getattr(change.after, name)) for name in _FIELDS[table]}
        personal = {name: values.pop(name) for name in _FIELDS[table] if name in _PERSONAL.get(table, ())}
        yield Event(table, assessment, subject, state=RECORDED, item=item, facts=_json(values),
                    payload=_json(personal) if any(personal.values()) else "")  # fmt: skip


def _encoded(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

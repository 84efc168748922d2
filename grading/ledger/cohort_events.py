"""The cohort as events: one per row that appears, changes or goes. Personal columns go to the payload."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from fractions import Fraction
from itertools import chain
from typing import Any

from grading import cohort as words
from grading.codes import AccessPath
from grading.events import COHORT, RECORDED, REMOVED, Event
from grading.ledger.store import Entry, Reader

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
    "extensions": frozenset({"motive", "granted_by"}),
    "absences": frozenset({"motive"}),
    "education": frozenset(["title", "institution", "level", "since", "until"]),
    "experiences": frozenset(["organisation", "role", "contract", "since", "until", "missions", "supervisor"]),
    "jurors": frozenset({"name", "organisation"}),
    "people": frozenset({"login"}),
}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _fraction(text: str) -> Fraction | None:
    return Fraction(text) if text else None


_DECODE: dict[str, tuple[tuple[str, Callable[[Any], Any]], ...]] = {
    "candidates": (
        ("access_path", AccessPath), ("entered_on", date.fromisoformat), ("blocks", frozenset), ("company_months", _fraction),
    ),
    "groups": (("since", _day), ("until", _day)),
    "submissions": (("received_at", datetime.fromisoformat),),
    "extensions": (("until", datetime.fromisoformat),),
    "jurors": (("external", bool),),
}  # fmt: skip
_FIELDS = {table: tuple(field.name for field in fields(kind)) for table, kind in _CLASSES.items()}
_EMPTY = {table: dict.fromkeys(names, "") for table, names in _FIELDS.items()}
#: The field that an event's subject column holds.
_SUBJECT = {
    table: next(name for name in ("juror_id", "person_id", "candidate_id", "subject") if name in names)
    for table, names in _FIELDS.items()
}

#: (table, subject, assessment, rest of the key): what one recorded row is known by, as the first columns of an Entry.
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


def recorded_rows(reader: Reader, as_of: datetime | None = None) -> dict[Key, Entry]:
    """The last event of each row of the cohort that is not removed."""
    plain = [table for table in COHORT if table not in _PERSONAL]
    rows = chain(reader.entries(_PERSONAL, as_of), reader.entries(plain, as_of, payload=False))
    last = {row[:4]: row for row in rows}
    return {key: row for key, row in last.items() if row.state != REMOVED}


def cohort_of(rows: Mapping[Key, Entry]) -> words.Cohort:
    """The cohort that some recorded rows describe: candidates sorted by id, the rest by key."""
    tables: dict[str, list[Any]] = {table: [] for table in COHORT}
    for __, row in sorted(rows.items()):
        if row.kind in ("education", "experiences") and row.payload is None:
            continue  # purged: nothing is left to show
        tables[row.kind].append(_decoded(row))
    return words.Cohort(**{table: tuple(found) for table, found in tables.items()})


def _decoded(row: Entry) -> Any:
    """The value that an event recorded: what it does not say is empty."""
    table = row.kind
    values = {**_EMPTY[table], _SUBJECT[table]: row.subject, **json.loads(row.facts)}
    if row.assessment:
        values["assessment"] = row.assessment
    if row.payload:
        values.update(json.loads(row.payload))
    for name, decode in _DECODE.get(table, ()):
        values[name] = decode(values[name])
    return _CLASSES[table](**values)


def difference(recorded: Mapping[Key, Entry], tables: Mapping[str, Iterable[Any]]) -> list[Change]:
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
        said = {name: _encoded(getattr(change.after, name)) for name in _FIELDS[table]}
        values = {name: value for name, value in said.items() if value and name not in (_SUBJECT[table], "assessment")}
        personal = {name: values.pop(name) for name in list(values) if name in _PERSONAL.get(table, ())}
        yield Event(table, assessment, subject, state=RECORDED, item=item, facts=_json(values),
                    payload=_json(personal) if personal else "")  # fmt: skip


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

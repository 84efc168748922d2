"""The cohort as events: one per row that appears, changes or goes. Personal columns go to the payload."""

from __future__ import annotations

import json
from collections import defaultdict
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


#: Tables of which one person may have several rows that nothing else tells apart: they are numbered, and compared
#: as a whole (their key must not hold personal words, and their order in a file means nothing).
_NUMBERED = ("education", "experiences", "people")


_REST: dict[str, Callable[[Any], str]] = {
    "groups": lambda row: f"{row.group_id} {row.since or ''}",
    "acquired": lambda row: str(row.item),
    "submissions": lambda row: str(row.received_at.isoformat()),
}


def _keyed(table: str, rows: Iterable[Any], before: Mapping[Key, Any]) -> dict[Key, Any]:
    """Each row under its key. In a numbered table a row that is recorded already keeps its number."""
    if table not in _NUMBERED:
        rest = _REST.get(table, lambda row: "")
        return {(table, getattr(row, _SUBJECT[table]), getattr(row, "assessment", ""), rest(row)): row for row in rows}
    recorded: dict[str, dict[str, Any]] = defaultdict(dict)
    for key, value in before.items():
        recorded[key[1]][key[3]] = value
    people: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        people[getattr(row, _SUBJECT[table])].append(row)
    return {
        (table, person, "", number): row
        for person, mine in people.items()
        for number, row in _numbered(mine, recorded[person]).items()
    }


def _numbered(rows: list[Any], recorded: dict[str, Any]) -> dict[str, Any]:
    """Numbers one person's rows: equal ones keep theirs, the others take those left over, then new ones."""
    free = dict(recorded)
    found: dict[str, Any] = {}
    new = []
    for row in rows:
        same = next((number for number, value in free.items() if value == row), None)
        if same is None:
            new.append(row)
        else:
            found[same] = free.pop(same)
    numbers = [*free, *(str(n) for n in range(1, len(rows) + len(recorded) + 1) if str(n) not in recorded)]
    return {**found, **dict(zip(numbers, new, strict=False))}


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
    changes: list[Change] = []
    for table, rows in tables.items():
        before = {key: _decoded(entry) for key, entry in recorded.items() if key[0] == table}
        wanted = _keyed(table, rows, before)
        changes += [Change(key, before.get(key), row) for key, row in wanted.items() if before.get(key) != row]
        changes += [Change(key, row, None) for key, row in before.items() if key not in wanted]
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

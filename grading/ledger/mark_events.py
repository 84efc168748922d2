"""Marks and adjustments as events, and the rubric texts that they were made with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from grading.events import ADJUSTMENT, MARK, RUBRIC, Event
from grading.ledger.store import Reader, Row
from grading.marks import Mark, MarkState

MarkKey = tuple[str, str, str, str, bool]


def events_of(marks: Iterable[Mark], rubric_hashes: Mapping[str, str]) -> Iterator[Event]:
    for mark in marks:
        facts = {name: text for name, text in (("value", mark.value), ("at", mark.at)) if text}
        yield Event(
            ADJUSTMENT if mark.state is MarkState.ADJUSTMENT else MARK,
            mark.assessment, mark.subject, mark.criterion, mark.grader, mark.state.value, mark.level, mark.quarters,
            rubric=rubric_hashes[mark.assessment],
            facts=json.dumps(facts, ensure_ascii=False, separators=(",", ":")) if facts else "",
            payload=json.dumps({"comment": mark.comment}, ensure_ascii=False) if mark.comment else "",
        )  # fmt: skip


def mark_of(row: Row) -> Mark:
    facts = json.loads(row.facts) if row.facts else {}
    comment = json.loads(row.payload)["comment"] if row.payload else ""
    return Mark(
        row.assessment, row.subject, row.criterion, row.grader, MarkState(row.state), row.level, row.quarters,
        facts.get("value", ""), comment, facts.get("at", ""),
    )  # fmt: skip


def current_rows(
    reader: Reader, as_of: datetime | None = None, subjects: Iterable[str] | None = None
) -> dict[MarkKey, Row]:
    """The last event of each key, marks and adjustments; of some subjects, or of all."""
    last: dict[MarkKey, Row] = {}
    for row in reader.rows((MARK, ADJUSTMENT), as_of, subjects=subjects):
        last[row.assessment, row.subject, row.criterion, row.grader, row.kind == ADJUSTMENT] = row
    return last


def freeze_event(slug: str, rubric_hash: str, text: bytes) -> Event:
    """Records the text of a rubric: it is the one in force for its assessment until another is recorded."""
    return Event(RUBRIC, slug, rubric=rubric_hash, facts=json.dumps(text.decode("utf-8-sig"), ensure_ascii=False))


def frozen_rubrics(reader: Reader, as_of: datetime | None = None) -> dict[str, tuple[str, bytes]]:
    """slug -> (hash, text) of the rubric in force, for those that marks were made with."""
    rows = reader.rows([RUBRIC], as_of, payload=False)
    return {row.assessment: (row.rubric, json.loads(row.facts).encode()) for row in rows}

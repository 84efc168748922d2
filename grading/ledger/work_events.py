"""Works as events: what was released, what came, what counts, what its execution gave, who has finished with it."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from fractions import Fraction
from typing import Any

from grading.events import COLLECT, DEPOSIT, FINALISE, RECORDED, RELEASE, REMOVED, RUN, Event
from grading.ledger.store import Reader, Row
from grading.works import CheckedCell, Collected, Deposit, Release, Run, RunState, WorkLog


def release_event(slug: str, digest: str) -> Event:
    return Event(RELEASE, slug, state=RECORDED, item=digest)


def deposit_event(one: Deposit) -> Event:
    facts = {"at": one.received_at.isoformat(), "by": one.by, "identity": one.identity, "folder": one.folder}
    if one.set_aside:
        facts["set_aside"] = one.set_aside
    return Event(DEPOSIT, one.assessment, one.candidate_id, state=RECORDED, item=one.digest, facts=_json(facts))


def collect_event(one: Collected) -> Event:
    facts = {"at": one.received_at.isoformat(), "by": one.candidate_id}
    return Event(COLLECT, one.assessment, one.subject, state=RECORDED, item=one.digest, facts=_json(facts))


def run_event(one: Run) -> Event:
    """The reason may quote a candidate's own words: it can be purged with the comments."""
    cells = [[cell.grade_id, str(cell.points), str(cell.maximum)] for cell in one.cells]
    return Event(
        RUN, one.assessment, one.subject, state=one.state.value, item=one.key,
        facts=_json({"cells": cells, "sandbox": one.sandbox}),
        payload=_json({"reason": one.reason}) if one.reason else "",
    )  # fmt: skip


def finalise_event(slug: str, subject: str, grader: str, done: bool = True) -> Event:
    return Event(FINALISE, slug, subject, grader=grader, state=RECORDED if done else REMOVED)


def work_log(reader: Reader, as_of: datetime | None = None) -> WorkLog:
    """What the ledger says of works, now or as it stood at a moment."""
    deposits: dict[tuple[str, ...], Deposit] = {}
    collected, runs, releases = {}, {}, {}
    finalised: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in reader.rows((RELEASE, DEPOSIT, COLLECT, RUN, FINALISE), as_of):
        work = (row.assessment, row.subject)
        if row.kind == RELEASE:
            releases[row.assessment] = Release(row.assessment, row.item, row.at)
        elif row.kind == DEPOSIT:
            one = _deposit(row)
            deposits[one.assessment, one.candidate_id, one.digest, one.received_at.isoformat()] = one
        elif row.kind == COLLECT:
            facts = json.loads(row.facts)
            collected[work] = Collected(*work, row.item, datetime.fromisoformat(facts["at"]), facts["by"])
        elif row.kind == RUN:
            runs[work] = _run(row)
        elif row.state == REMOVED:
            finalised[work].discard(row.grader)
        else:
            finalised[work].add(row.grader)
    done = {work: frozenset(graders) for work, graders in finalised.items() if graders}
    return WorkLog(tuple(deposits.values()), collected, runs, releases, done)


def _deposit(row: Row) -> Deposit:
    facts = json.loads(row.facts)
    return Deposit(row.assessment, row.subject, datetime.fromisoformat(facts["at"]), facts["by"], facts["identity"],
                   row.item, facts["folder"], facts.get("set_aside", ""))  # fmt: skip


def _run(row: Row) -> Run:
    facts = json.loads(row.facts)
    cells = tuple(CheckedCell(name, Fraction(points), Fraction(top)) for name, points, top in facts["cells"])
    reason = json.loads(row.payload)["reason"] if row.payload else ""
    return Run(row.assessment, row.subject, row.item, RunState(row.state), reason, cells, facts["sandbox"])


def _json(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

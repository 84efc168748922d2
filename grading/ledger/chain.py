"""The SHA-256 chain: each event's hash covers the event and the hash before it, so no past row can change unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

#: The columns that the hash covers, in this order (all but the hash itself).
HASHED = (
    "seq", "kind", "assessment", "subject", "criterion", "grader", "state", "level", "quarters", "item", "at", "actor",
    "identity", "rubric", "facts", "payload_hash",
)  # fmt: skip
ORIGIN = "0" * 64


@dataclass(frozen=True)
class Head:
    """Where the chain stands: how many events, and the hash of the last one. Printed on what is sealed."""

    count: int
    hash: str

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"


def link(previous: str, values: Sequence[object]) -> str:
    """The hash of an event whose HASHED columns hold `values`, after an event of hash `previous`."""
    text = json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def payload_hash(salt: str, text: str) -> str:
    return hashlib.sha256((salt + text).encode()).hexdigest()


@dataclass(frozen=True)
class Fault:
    """The first row that does not hold, and why (one of the words below)."""

    seq: int
    reason: str


def _changed(payload: tuple[object, object], promised: object) -> bool:
    salt, text = payload
    return not (isinstance(salt, str) and isinstance(text, str)) or payload_hash(salt, text) != promised


GAP, CHANGED, PAYLOAD_CHANGED, PAYLOAD_GONE, PAYLOAD_ALONE, NOT_THE_ANCHOR, SHORTER = (
    "gap", "changed", "payload_changed", "payload_gone", "payload_alone", "not_the_anchor", "shorter",
)  # fmt: skip


def first_fault(
    rows: Iterable[Sequence[object]],
    payloads: Mapping[int, tuple[object, object]],
    purged: set[int],
    anchor: Head | None,
) -> tuple[Head, Fault | None]:
    """Walks the chain. `rows` are HASHED columns then the hash, by seq; `payloads` by seq; `purged` the seqs whose
    payload a recorded purge may have deleted. Gives the head reached and the first fault, if any."""
    previous, expected = ORIGIN, 0
    for row in rows:
        expected += 1
        *values, stored = row
        seq = values[0]
        if seq != expected:
            return Head(expected - 1, previous), Fault(expected, GAP)
        if any(isinstance(value, bytes) for value in row) or link(previous, values) != stored:
            return Head(expected - 1, previous), Fault(expected, CHANGED)
        promised = values[-1]
        if expected in payloads and _changed(payloads[expected], promised):
            return Head(expected - 1, previous), Fault(expected, PAYLOAD_CHANGED)
        if promised and expected not in payloads and expected not in purged:
            return Head(expected - 1, previous), Fault(expected, PAYLOAD_GONE)
        previous = str(stored)
        if anchor is not None and anchor.count == expected and anchor.hash != previous:
            return Head(expected, previous), Fault(expected, NOT_THE_ANCHOR)
    head = Head(expected, previous)
    if anchor is not None and anchor.count > expected:
        return head, Fault(expected + 1, SHORTER)
    if anchor is not None and anchor.count == 0 and anchor.hash != ORIGIN:
        return head, Fault(0, NOT_THE_ANCHOR)
    if alone := [seq for seq in payloads if seq > expected]:  # its event was removed from the end
        return head, Fault(min(alone), PAYLOAD_ALONE)
    return head, None

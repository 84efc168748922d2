"""From the ledger's rows to one judgement per subject and criterion: the last row of each key, two graders as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from grading.events import SEPARATOR, PackedRow
from grading.layout import Bools, Ints, Layout
from grading.marks import AGREED, MarkState
from grading.regulation import Agreement

#: assessment, subject, criterion, grader, state, quarter points (0 where nothing is marked).
MarkRow = tuple[str, str, str, str, str, int]


class Standing(IntEnum):
    """How a criterion stands for a candidate."""

    NO_MARK = 0
    MARKED = 1
    NOT_OBSERVED = 2
    NOT_APPLICABLE = 3
    DISAGREEMENT = 4
    ABSENT = 5
    OUT = 6  # sans objet, or all its competences dispensed


_STANDING = {
    MarkState.MARKED.value: Standing.MARKED,
    MarkState.NOT_OBSERVED.value: Standing.NOT_OBSERVED,
    MarkState.NOT_APPLICABLE.value: Standing.NOT_APPLICABLE,
}


class Codes(dict[str, int]):
    """Numbers words in order of first sight."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


@dataclass(frozen=True)
class _Rows:
    """The last row of each key, sorted by cell (subject x column): who, how it stands, its value."""

    cell: Ints
    agreed: Bools
    standing: Ints
    quarters: Ints


def judge(layout: Layout, marks: Iterable[Sequence[PackedRow]], subjects: Codes) -> tuple[Ints, Ints]:
    """(S, K) standing and value in quarter points. Subjects that are new to `subjects` are numbered after the others."""
    rows = _last_rows(layout, marks, subjects)
    size = (len(subjects), len(layout.columns))
    standing, value = np.zeros(size, dtype=np.int8), np.zeros(size, dtype=np.int16)
    blind, settled = ~rows.agreed, rows.agreed
    cell, judged, quarters = _reduced(layout, rows.cell[blind], rows.standing[blind], rows.quarters[blind])
    standing.ravel()[cell], value.ravel()[cell] = judged, quarters
    standing.ravel()[rows.cell[settled]] = rows.standing[settled]
    value.ravel()[rows.cell[settled]] = rows.quarters[settled]
    return standing, value


def _last_rows(layout: Layout, marks: Iterable[Sequence[PackedRow]], subjects: Codes) -> _Rows:
    packed = Codes()
    batches: list[Sequence[Ints]] = [[np.zeros(0, dtype=np.int64)] * 3]
    for batch in marks:
        if batch:
            names, words, values = zip(*batch, strict=True)
            batches.append([_numbers(subjects, names), _numbers(packed, words), np.array(values, dtype=np.int64)])
    subject, word, quarters = (np.concatenate(part) for part in zip(*batches, strict=True))
    column, grader, standing = (part[word] for part in _taken_apart(layout, packed))
    cell = subject * len(layout.columns) + column
    key = cell * (len(packed) + 1) + grader
    order = np.argsort(key, kind="stable")
    order = order[
        column[order] >= 0
    ]  # marks that the course no longer knows are told by `check`, and count for nothing
    last = order[_ends(key[order])]
    return _Rows(cell[last], grader[last] == 0, standing[last], quarters[last])


def _numbers(codes: Mapping[str, int], words: Sequence[str]) -> Ints:
    return np.fromiter(map(codes.__getitem__, words), dtype=np.int64, count=len(words))


def _taken_apart(layout: Layout, packed: Codes) -> tuple[Ints, Ints, Ints]:
    """For each packed word: its column (-1 where the course has none), its grader (0: settled), its standing."""
    graders = Codes({AGREED: 0})
    parts = [word.split(SEPARATOR) for word in packed]
    column = [layout.column_of.get((slug, criterion), -1) for slug, criterion, __, __ in parts]
    grader = [graders[name] for __, __, name, __ in parts]
    standing = [_STANDING[state] for __, __, __, state in parts]
    return np.array(column, dtype=np.int64), np.array(grader, dtype=np.int64), np.array(standing, dtype=np.int64)


def _ends(ordered: Ints) -> Bools:
    """True at the last of each run of equal values."""
    return np.append(ordered[1:] != ordered[:-1], np.ones(min(len(ordered), 1), dtype=bool))


def _reduced(layout: Layout, cell: Ints, standing: Ints, quarters: Ints) -> tuple[Ints, Ints, Ints]:
    """One judgement per cell where nobody has settled: one grader's mark stands alone; where two are due, or two
    marked, it is a disagreement, unless the regulation lets close marks agree by themselves."""
    end = np.flatnonzero(_ends(cell))
    count = np.diff(np.append(-1, end))
    two_due = layout.two_graders[cell[end] % len(layout.columns)]
    alone = (count == 1) & ~two_due
    judged = np.where(alone, standing[end], Standing.DISAGREEMENT)
    value = np.where(alone, quarters[end], 0)
    rule = layout.syllabus.regulation.agreement
    if rule.auto:
        pair = np.flatnonzero((count == 2) & two_due)
        one, two = end[pair] - 1, end[pair]
        agreed = _agree(rule, standing[one], standing[two], quarters[one], quarters[two])
        judged[pair[agreed]] = Standing.MARKED
        value[pair[agreed]] = ((quarters[one] + quarters[two] + 1) // 2)[agreed]  # the mean, half up to 0.25
    return cell[end], judged, value


def _agree(rule: Agreement, one: Ints, two: Ints, first: Ints, second: Ints) -> Bools:
    """Both marked, close, and on the same side of the bar (which itself counts as above)."""
    both = (one == Standing.MARKED) & (two == Standing.MARKED)
    close = np.abs(first - second) <= rule.tolerance
    return np.asarray(both & close & ((first >= rule.never_across) == (second >= rule.never_across)))

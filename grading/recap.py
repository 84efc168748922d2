"""The recap (tableau récapitulatif): candidates x blocks, as a pandas DataFrame with a two-level header (DESIGN 3.5).

Two-level columns: ("BC01", "mark") is `BC01.mark` in a file; a column that stands alone has an empty second level.
"""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from grading.codes import BlockCode, Flag, Kind
from grading.cohort import Cohort
from grading.layout import Ints
from grading.loading.yaml_file import decimal_text
from grading.proposals import Reckoning
from grading.scoring import NONE

if TYPE_CHECKING:
    from grading.marks import Mark

IDENTITY = ("candidate_id", "birth_name", "usage_name", "first_names", "access_path")
OF_A_BLOCK = ("mark", "proposal", "decision", "competences")
AFTER = (
    ("company", "months"), ("company", "mark"), ("company", "evaluation"), ("english", "mark"), ("thesis", "mark"),
    ("title", "proposal"), ("title", "decision"), ("flags", ""),
)  # fmt: skip
#: Blocks with one of these proposals show no mark: nothing was marked for them at this session.
BLANK = (BlockCode.NP, BlockCode.ACQ, BlockCode.DISP)


class Reckoned(Protocol):
    """What the recap needs of a course."""

    def reckoning(self, as_of: datetime | None = None) -> Reckoning: ...


def recap_table(course: Reckoned, as_of: datetime | None = None) -> pd.DataFrame:
    """One row per candidate, by candidate_id. Marks are floats with two exact decimals, NaN where there is none."""
    reckoning = course.reckoning(as_of)
    people = pd.DataFrame(
        [[getattr(c, name) for name in IDENTITY] for c in reckoning.evidence.candidates],
        columns=list(IDENTITY),
        dtype=str,
    )
    people.columns = pd.MultiIndex.from_tuples([(name, "") for name in IDENTITY])
    blocks = _block_results(reckoning).pivot(index="row", columns="block", values=list(OF_A_BLOCK))
    wanted = pd.MultiIndex.from_product([reckoning.layout.block_ids, OF_A_BLOCK])
    blocks = blocks.swaplevel(axis="columns").reindex(columns=wanted)  # a course without candidates has its columns too
    for block in reckoning.layout.block_ids:
        blocks[block, "mark"] = blocks[block, "mark"].astype("float64")
    after = pd.DataFrame(_after(reckoning), columns=pd.MultiIndex.from_tuples(AFTER))
    blocks.index.name = None
    table = pd.concat([people, blocks, after], axis="columns")
    table.columns.names = [None, None]
    return table


def _block_results(reckoning: Reckoning) -> pd.DataFrame:
    """Candidates x blocks in long form: one row per pair."""
    count, ids = len(reckoning.evidence.candidates), reckoning.layout.block_ids
    totals = reckoning.layout.competence_block.sum(axis=0)
    shown = ~np.isin(reckoning.block_codes, BLANK)
    marks = points(np.where(shown, reckoning.scores.block, NONE))
    acquired = reckoning.competences_acquired()
    text = np.array(
        [[f"{n}/{total}" for n in range(total + 1)] + [""] * (totals.max() - total) for total in totals], dtype=object
    )
    shares = np.where(shown, text[np.arange(len(ids)), acquired], "")
    return pd.DataFrame({
        "row": np.repeat(np.arange(count), len(ids)),
        "block": np.tile(np.array(ids, dtype=object), count),
        "mark": marks.ravel(),
        "proposal": [str(code) for code in reckoning.block_codes.ravel()],
        "decision": "",
        "competences": shares.ravel(),
    })  # fmt: skip


def _after(reckoning: Reckoning) -> dict[tuple[str, str], Any]:
    candidates, scores = reckoning.evidence.candidates, reckoning.scores
    return {
        ("company", "months"): [_months(c.company_months) for c in candidates],
        ("company", "mark"): points(scores.of_kind(Kind.COMPANY_MISSION)),
        ("company", "evaluation"): points(scores.of_kind(Kind.COMPANY_EVALUATION)),
        ("english", "mark"): points(scores.of_kind(Kind.ENGLISH)),
        ("thesis", "mark"): points(scores.of_kind(Kind.THESIS)),
        ("title", "proposal"): [str(code) for code in reckoning.title_codes],
        ("title", "decision"): "",
        ("flags", ""): _flags(reckoning),
    }


def _months(months: Fraction | None) -> float:
    return float("nan") if months is None else float(months)


def _flags(reckoning: Reckoning) -> list[str]:
    table = np.stack(list(reckoning.flag_table.values()), axis=1)
    names = [flag.value for flag in Flag]
    return [" ".join(name for name, holds in zip(names, row, strict=True) if holds) for row in table.tolist()]


def points(hundredths: Ints) -> Ints:
    """Hundredths to points, NaN where there is no mark."""
    return np.where(hundredths == NONE, np.nan, hundredths / 100)


def flat_name(column: tuple[str, str]) -> str:
    """("BC01", "mark") -> BC01.mark, ("flags", "") -> flags."""
    return ".".join(part for part in column if part)


def is_mark(column: tuple[str, str]) -> bool:
    """Columns that hold a mark on /20 (two decimals)."""
    return column[1] in ("mark", "evaluation")


def figure_text(column: tuple[str, str], value: Any) -> str:
    """A cell of the recap as the contract writes it: two decimals for a mark, empty where there is nothing."""
    if isinstance(value, float):
        if np.isnan(value):
            return ""
        return f"{value:.2f}" if is_mark(column) else decimal_text(Fraction(value))
    return str(value)


def candidates_table(cohort: Cohort) -> pd.DataFrame:
    """The candidates as registered, one row each, by candidate_id."""
    columns = [*IDENTITY, "entry_level", "entry_title_status", "entered_on", "blocks", "company_months"]
    rows = [
        (*(str(getattr(c, name)) for name in IDENTITY), c.entry_level, c.entry_title_status, c.entered_on.isoformat(),
         " ".join(sorted(c.blocks)) or "*", _months(c.company_months))
        for c in cohort.candidates
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("candidate_id")


def marks_frame(marks: list[Mark]) -> pd.DataFrame:
    """The current marks and adjustments: `points` on /20 (or the delta), by key."""
    return pd.DataFrame(
        [
            (m.assessment, m.subject, m.criterion, m.grader, m.state.value, m.level,
             float("nan") if m.quarters is None else m.quarters / 4, m.comment)
            for m in sorted(marks, key=lambda mark: mark.key)
        ],
        columns=["assessment", "subject", "criterion", "grader", "state", "level", "points", "comment"],
    ).astype({"level": "Int64"})  # fmt: skip

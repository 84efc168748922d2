"""The fictional cohort: the engine gives what was computed apart, by hand-written fractions, for each candidate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from grading.codes import BlockCode, Flag, TitleCode
from grading.course import Course
from grading.recap import figure_text
from tests import make_demo
from tests.course_factory import ROOT, demo_course

EXPECTED: dict[str, dict[str, Any]] = json.loads(
    (ROOT / "tests" / "data" / "demo_expected.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return demo_course(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def recap(course: Course) -> dict[str, dict[tuple[str, str], Any]]:
    frame = course.recap()
    return {row["candidate_id", ""]: dict(row) for __, row in frame.iterrows()}


@pytest.mark.parametrize("candidate", EXPECTED)
def test_proposals_are_those_computed_apart(recap: dict[str, dict[tuple[str, str], Any]], candidate: str) -> None:
    row, expected = recap[candidate], EXPECTED[candidate]
    blocks = {
        block: {"mark": figure_text((block, "mark"), row[block, "mark"]), "proposal": row[block, "proposal"]}
        for block in expected["blocks"]
    }
    assert blocks == expected["blocks"]
    assert row["title", "proposal"] == expected["title"]
    assert sorted(row["flags", ""].split()) == expected["flags"]


def test_nobody_is_left_out(recap: dict[str, Any]) -> None:
    assert set(recap) == set(EXPECTED)
    assert len(EXPECTED) >= 24


def test_the_cohort_shows_every_code_that_data_can_express() -> None:
    codes = {part["proposal"] for one in EXPECTED.values() for part in one["blocks"].values()}
    # DISP needs a regulation where a dispensation acquires, ABS_NJ one where an absence is not a zero
    assert codes == {
        str(code)
        for code in (BlockCode.VAL, BlockCode.NVAL, BlockCode.ACQ, BlockCode.NP, BlockCode.ABS_J, BlockCode.ATT)
    }
    assert {one["title"] for one in EXPECTED.values()} == {str(code) for code in TitleCode}
    assert {flag for one in EXPECTED.values() for flag in one["flags"]} == {str(flag) for flag in Flag}


def test_the_generator_gives_the_shipped_bytes(tmp_path: Path) -> None:
    for name in ("course", "rubrics"):
        shutil.copytree(ROOT / name, tmp_path / name)
    made = make_demo.write(tmp_path)
    assert made.read_bytes() == (ROOT / "course" / "demo" / "marks.csv").read_bytes()


def test_the_page_names_everybody() -> None:
    page = (ROOT / "docs" / "promotion-de-demonstration.md").read_text(encoding="utf-8")
    assert all(f"| {candidate} |" in page for candidate in EXPECTED)

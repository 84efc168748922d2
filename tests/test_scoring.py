"""The arithmetic: DESIGN 3.3, rules 3 to 6, and the resits of 3.1."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.assessment import Assessment
from grading.layout import Layout
from tests.strategies import (
    CASE,
    COMPANY,
    ENGLISH,
    MISSION,
    STEADY,
    THESIS,
    Part,
    World,
    absent,
    assessment,
    criterion,
    fiche,
    mark,
    outcome_of,
    resit,
    world,
    worlds,
)


def weighted(
    slug: str, *pairs: tuple[float | str, float], coefficient: float | str = 1, block: str = "B1"
) -> list[Part]:
    """An assessment and its marks, as (weight, points)."""
    criteria = [criterion(f"X.{n}", weight, ties=f"{block}.C1") for n, (weight, _) in enumerate(pairs)]
    marks = [mark(f"X.{n}", points, on=slug) for n, (_, points) in enumerate(pairs)]
    return [assessment(slug, *criteria, block=block, coefficient=coefficient), *marks]


def exact(quarters_missing: int) -> list[Part]:
    """An assessment whose exact mark is 10 less that many ten-thousandths of a point, 25 at a time."""
    return weighted("case", (10_000 - quarters_missing, 10), (quarters_missing, 9.75))


# Rule 3.


def test_an_assessment_mark_is_weighted() -> None:
    assert world(*weighted("case", (3, 12), (1, 8))).mark() == 1100


def test_weights_may_be_decimals() -> None:
    assert world(*weighted("case", ("0.1", 10), ("0.2", 13))).mark() == 1200


def test_only_marked_criteria_weigh() -> None:
    told = world(assessment("case", criterion("G"), criterion("H", 9)), mark("G", 12), mark("H", "not_observed"))
    assert told.mark() == 1200


def test_a_mark_is_shown_even_when_provisional() -> None:
    assert world(mark("G", 12)).outcome().assessments == {"case": 1200}


def test_nothing_marked_is_no_mark_and_never_zero() -> None:
    told = world().outcome()
    assert (told.assessments["case"], told.blocks["B1"], told.competences["B1.C1"]) == (None, None, None)


def test_a_zero_is_a_mark() -> None:
    assert world(mark("G", 0), mark("I", 0)).mark() == 0


# Rules 4 and 5.


def test_a_competence_is_weighted_by_coefficient_and_weight() -> None:
    parts = weighted("a", (3, 12), (1, 8), coefficient=2), weighted("b", (2, 6))
    # competence (6x12 + 2x8 + 2x6) / 10; block (2x11 + 6) / 3
    told = world(*parts[0], *parts[1]).outcome()
    assert (told.competences["B1.C1"], told.blocks["B1"]) == (1000, 933)


def test_a_competence_is_over_the_criteria_tied_to_it() -> None:
    case = assessment(
        "case", criterion("G", 3, ties="B1.C1 B1.C2"), criterion("H", ties="B1.C2"), criterion("X.a", ties="")
    )
    told = world(case, mark("G", 8), mark("H", 16), mark("X.a", 20), certification=fiche({"B1": 2})).outcome()
    assert told.competences == {"B1.C1": 800, "B1.C2": 1000}
    assert told.blocks["B1"] == 1200


def test_the_determinant_mark_is_over_its_criterion_in_every_rubric_of_the_block() -> None:
    a = assessment("a", criterion("REAL.5", 3), criterion("G"), coefficient=2)
    b = assessment("b", criterion("REAL.5", 2))
    told = world(a, b, mark("REAL.5", 12, on="a"), mark("G", 20, on="a"), mark("REAL.5", 8, on="b")).outcome()
    assert told.determinants["B1"] == 1100


def test_coefficients_may_be_decimals() -> None:
    told = world(*weighted("a", (1, 12), coefficient="0.5"), *weighted("b", (7, 9), coefficient="0.25"))
    assert told.mark() == 1100


def test_an_assessment_without_a_marked_criterion_does_not_weigh() -> None:
    told = world(
        *weighted("a", (1, 12)), assessment("b", criterion("G"), coefficient=9), mark("G", "not_observed", on="b")
    )
    assert told.mark() == 1200


def test_an_assessment_for_another_path_does_not_weigh() -> None:
    told = world(*weighted("a", (1, 12)), assessment("b", criterion("G"), paths="VAE CA"), mark("G", 2, on="b"))
    assert told.mark() == 1200


def test_marks_that_count_for_no_block_are_reckoned_by_kind() -> None:
    second = replace(ENGLISH, slug="oral", rubric=replace(ENGLISH.rubric, slug="oral"))
    marks = [
        mark("ENT.1", 11, on="mission"), mark("EVE.1", 12, on="firm"), mark("REAL.1", 13, on="thesis"),
        mark("ANG.1", 14, on="english"), mark("ANG.1", 15, on="oral"),
    ]  # fmt: skip
    told = world(CASE, MISSION, COMPANY, THESIS, ENGLISH, second, *marks).outcome()
    assert (told.company, told.evaluation, told.thesis, told.english) == (1100, 1200, 1300, 1450)
    assert told.blocks["B1"] is None


# Rule 6.


@pytest.mark.parametrize(
    ("missing", "shown", "code"),
    [
        (0, 1000, "VAL"),
        (199, 1000, "VAL"),
        (200, 1000, "VAL"),  # 9,995 exactly: half up
        (201, 999, "NVAL"),
        (400, 999, "NVAL"),
    ],
)
def test_a_displayed_ten_is_never_below_ten(missing: int, shown: int, code: str) -> None:
    told = world(*exact(missing))
    assert (told.mark(), told.code()) == (shown, code)


@pytest.mark.parametrize(("missing", "shown", "code"), [(200, 800, "VAL"), (201, 799, "NVAL")])
def test_a_displayed_eight_is_never_below_the_floor(missing: int, shown: int, code: str) -> None:
    names = ("REAL.5", "X.a")
    weights = (10_000 - missing, missing)
    low = [criterion(name, weight, ties="B1.C2") for name, weight in zip(names, weights, strict=True)]
    case = assessment("case", criterion("G", 10_000), *low)
    told = world(case, mark("G", 20), mark("REAL.5", 8), mark("X.a", 7.75), certification=fiche({"B1": 2}))
    assert (told.outcome().competences["B1.C2"], told.code()) == (shown, code)


def test_nothing_is_rounded_on_the_way() -> None:
    # 9,995 and 9,99: their mean is 9,9925, not the mean of the displayed 10,00 and 9,99
    other = [(9_600, 10.0), (400, 9.75)]
    told = world(*exact(200), *weighted("other", *other))
    assert told.outcome().assessments == {"case": 1000, "other": 999}
    assert told.mark() == 999


@pytest.mark.parametrize(("points", "thirds"), [(10.25, 1008), (10.5, 1017), (10.75, 1025)])
def test_thirds_are_rounded_once(points: float, thirds: int) -> None:
    assert world(*weighted("case", (2, 10), (1, points))).mark() == thirds


# Resits. `case` is marked 8 and 8 unless a test says otherwise.

FAILED = (CASE, resit(), mark("G", 8), mark("I", 8))


def sat(points_g: float | str, points_i: float | str, on: str = "resit") -> list[Part]:
    return [mark("G", points_g, on=on), mark("I", points_i, on=on)]


@pytest.mark.parametrize(
    ("rows", "points", "counting"),
    [
        ([], 8, "case"),
        (sat(12, 14), 13, "resit"),  # better
        (sat(4, 6), 5, "resit"),  # worse
        ([mark("G", 20, on="resit")], 8, "case"),  # incomplete
        (sat(12, "not_observed"), 12, "resit"),
        (sat("not_observed", "not_applicable"), 8, "case"),  # nothing is marked
        ([*sat(12, 14), absent("justified", on="resit")], 8, "case"),
        ([*sat(12, 14), absent("pending", on="resit")], 8, "case"),
        ([*sat(12, 14), absent("unjustified", on="resit")], 0, "resit"),  # counts 0, which is not absent
        ([*sat(12, 14), absent("justified")], 13, "resit"),  # absent the first time
    ],
)
def test_a_resit_stands_in_once_complete(rows: list[Part], points: float, counting: str) -> None:
    told = world(*FAILED, *rows)
    assert (told.mark(), told.outcome().counting) == (points * 100, {counting})


def test_an_absence_kept_absent_never_completes_a_resit() -> None:
    told = world(*FAILED, *sat(12, 14), absent("unjustified", on="resit"), unjustified_absence="absent")
    assert (told.code(), told.mark(), told.outcome().flags & {"ABSENCE"}) == ("NVAL", 800, set())


def test_a_resit_in_disagreement_counts_for_nothing() -> None:
    told = world(CASE, resit(graders=2), mark("G", 8), mark("I", 8), *sat(12, 14))
    assert (told.mark(), told.outcome().flags & {"DESACCORD"}) == (800, set())


def test_a_resit_settles_what_the_first_left_open() -> None:
    told = world(CASE, resit(), absent("pending"), *sat(12, 14))
    assert (told.code(), told.outcome().flags & {"ABSENCE", "INCOMPLET"}) == ("VAL", set())


def test_a_resit_for_other_paths_changes_nothing() -> None:
    told = world(CASE, resit(paths="CA"), mark("G", 8), mark("I", 8), *sat(12, 14))
    assert told.outcome().counting == {"case"}


def test_a_resit_replaces_its_assessment_only() -> None:
    other = weighted("other", (1, 10))
    assert world(*FAILED, *other, *sat(14, 14)).outcome().counting == {"resit", "other"}


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("rows", "counting"),
    [
        ([], "case"),
        (sat(9, 9), "resit"),
        ([*sat(9, 9), *sat(7, 7, "again")], "again"),
        (sat(7, 7, "again"), "again"),  # the second time, having missed the first
        ([*sat(9, 9), mark("G", 7, on="again")], "resit"),
    ],
)
def test_a_chain_of_resits(rows: list[Part], counting: str, backwards: bool) -> None:
    chain: list[Assessment] = [CASE, resit(), resit("resit", "again")]
    told = world(*(reversed(chain) if backwards else chain), mark("G", 8), mark("I", 8), *rows)
    assert told.outcome().counting == {counting}


def test_english_may_be_resat_too() -> None:
    again = replace(ENGLISH, slug="again", replaces="english")
    told = world(CASE, ENGLISH, again, mark("ANG.1", 8, on="english"), mark("ANG.1", 12, on="again")).outcome()
    assert told.english == 1200


# Exact whatever the size.


def heavy(*coefficients: float | str) -> list[Part]:
    pairs: list[tuple[float | str, float]] = [("999.999", 19.75), ("999.998", 20), (1000, 18)]
    return [
        part
        for n, one in enumerate(coefficients)
        for part in weighted(f"a{n}", (f"99{n}.997", 9), *pairs, coefficient=one)
    ]


def test_machine_integers_where_they_hold() -> None:
    assert Layout(world(*weighted("case", (3, 12), (1, 8))).syllabus).number is np.int64


def test_python_integers_where_machine_integers_would_overflow() -> None:
    told = world(*heavy(1, 2, "0.5", "999.999"))
    assert Layout(told.syllabus).number is object
    assert told.mark() == 1670


def test_the_coefficients_of_another_block_change_nothing() -> None:
    """All coefficients of a course are brought to one denominator: that one must fit too."""
    blocks = fiche({"B1": 1, "B2": 1})
    told = world(*heavy(1, 1), *weighted("light", (1, 12), coefficient="0.0001", block="B2"), certification=blocks)
    assert (told.mark("B1"), told.mark("B2")) == (1670, 1200)


NUMBERS = st.integers(1, 10**6).map(lambda thousandths: f"{thousandths / 1000:.3f}")
PAIRS = st.lists(st.tuples(NUMBERS, st.integers(0, 80).map(lambda quarters: quarters / 4)), min_size=1, max_size=3)


@settings(STEADY, max_examples=60)
@given(st.lists(st.tuples(NUMBERS, st.sampled_from(["B1", "B2"]), PAIRS), min_size=1, max_size=5))
def test_any_weights_and_coefficients_give_the_exact_mark(
    drawn: list[tuple[str, str, list[tuple[float | str, float]]]],
) -> None:
    parts = [
        part
        for number, (coefficient, block, pairs) in enumerate(drawn)
        for part in weighted(f"a{number}", *pairs, coefficient=coefficient, block=block)
    ]
    world(*parts, certification=fiche({"B1": 1, "B2": 1})).outcome()


@settings(STEADY, max_examples=60)
@given(worlds())
def test_no_mark_is_under_the_lowest_value_given(drawn: World) -> None:
    """not_observed, not_applicable and missing never act as zero."""
    rule = replace(
        drawn.syllabus.regulation, unjustified_absence="absent", not_submitted="wait", confirm_proposals=True
    )
    calm = replace(drawn, syllabus=replace(drawn.syllabus, regulation=rule), adjustments=())
    lowest = min((row[5] * 25 for row in calm.rows if row[4] == "marked"), default=0)
    for one in calm.cohort.candidates:
        said = outcome_of(calm.reckoning(), one.candidate_id)
        others = (said.company, said.evaluation, said.english, said.thesis)
        marks = [*said.assessments.values(), *said.blocks.values(), *said.competences.values(), *others]
        assert all(found >= lowest for found in marks if found is not None)

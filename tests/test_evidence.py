"""What stands under each criterion: DESIGN 3.3, rules 1 and 2."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from grading.regulation import Agreement
from tests.strategies import (
    CASE,
    DAY,
    DUE,
    HOUR,
    Part,
    World,
    absent,
    adjust,
    assessment,
    criterion,
    fiche,
    handed_in,
    holds,
    mark,
    member,
    person,
    world,
)

#: One criterion, so that the block's mark is the criterion's value.
ONE = assessment("case", criterion("G"))
OWN = assessment("case", criterion("I", individual=True))
#: The same, graded by two.
TWO = assessment("case", criterion("G"), graders=2)
TWO_FOR_ONE = assessment("case", criterion("I", individual=True), graders=2)
PAIR = (person("ana"), person("bob"), member("g1", "ana"), member("g1", "bob"))


def said(told: World) -> tuple[str, int | None]:
    return told.code(), told.mark()


# Who is marked under which id.


def test_a_group_mark_is_each_members_and_an_individual_one_is_its_owners() -> None:
    told = world(*PAIR, mark("G", 12, of="g1"), mark("I", 10, of="ana"), mark("I", 18, of="bob"))
    assert (told.mark(who="ana"), told.mark(who="bob")) == (1100, 1500)


TODAY = DUE.date()


@pytest.mark.parametrize(
    ("since", "until", "points"),
    [
        (None, None, 12), (TODAY, TODAY, 12), (TODAY + DAY, None, 8), (None, TODAY - DAY, 8), (None, TODAY + DAY, 12),
        (TODAY - DAY, None, 12),
    ],
)  # fmt: skip
def test_the_group_of_the_due_day_gives_the_marks(since: date | None, until: date | None, points: int) -> None:
    told = world(ONE, member("g1", since=since, until=until), mark("G", 12, of="g1"), mark("G", 8, of="ana"))
    assert told.mark() == points * 100


def test_who_moved_has_the_marks_of_the_group_of_the_due_day() -> None:
    moves = member("g1", until=TODAY - DAY), member("g2", since=TODAY)
    assert world(ONE, *moves, mark("G", 8, of="g1"), mark("G", 12, of="g2")).mark() == 1200


def test_a_candidate_alone_carries_every_criterion() -> None:
    assert world(mark("G", 12), mark("I", 9)).mark() == 1050


def test_the_last_row_of_a_key_counts() -> None:
    assert world(ONE, mark("G", 4), mark("G", 15), mark("G", 9)).mark() == 900


def test_a_later_row_may_take_a_mark_away() -> None:
    assert said(world(ONE, mark("G", 4), mark("G", "not_applicable"))) == ("ATT", None)


@pytest.mark.parametrize("state", ["not_observed", "not_applicable"])
def test_what_is_not_a_mark_is_left_out_of_every_sum(state: str) -> None:
    assert said(world(mark("G", 12), mark("I", state))) == ("VAL", 1200)


def test_a_criterion_sans_objet_is_left_out_and_waits_for_nothing() -> None:
    case = assessment("case", criterion("G"), criterion("REAL.3", 5, sans_objet=True))
    assert said(world(case, mark("G", 12), mark("REAL.3", 2))) == ("VAL", 1200)


# Two graders.


@pytest.mark.parametrize(
    "rows",
    [
        [mark("G", 12)],
        [mark("G", 12), mark("G", 12, by="max")],  # even when equal
        [mark("G", "not_observed"), mark("G", "not_observed", by="max")],
    ],
)
def test_blind_marks_are_a_disagreement(rows: list[Part]) -> None:
    told = world(TWO, *rows)
    assert said(told) == ("ATT", None)
    assert "DESACCORD" in told.outcome().flags


def test_no_row_is_no_disagreement() -> None:
    assert "DESACCORD" not in world(TWO).outcome().flags


def test_a_disagreement_is_left_out_of_the_provisional_mark() -> None:
    case = assessment("case", criterion("G"), criterion("I"), graders=2)
    assert said(world(case, mark("G", 12, by="accord"), mark("I", 4))) == ("ATT", 1200)


@pytest.mark.parametrize("first", [True, False])
def test_the_accord_settles_whenever_it_was_made(first: bool) -> None:
    blind, agreed = [mark("G", 8), mark("G", 16, by="max")], [mark("G", 13, by="accord")]
    assert said(world(TWO, *(agreed + blind if first else blind + agreed))) == ("VAL", 1300)


def test_an_accord_may_be_that_nothing_was_observed() -> None:
    case = assessment("case", criterion("G"), criterion("H"), graders=2)
    told = world(case, mark("H", 12, by="accord"), mark("G", 4), mark("G", "not_observed", by="accord"))
    assert said(told) == ("VAL", 1200)


def auto(one: float | str, two: float | str, **bounds: int) -> World:
    return world(TWO, mark("G", one), mark("G", two, by="max"), agreement=Agreement(auto=True, **bounds))


@pytest.mark.parametrize(
    ("one", "two", "agreed"),
    [
        (12, 12, 1200),
        (12, 14, 1300),
        (14, 12, 1300),
        (8, 9.75, 900),  # 8,875 is rounded half up to 0,25
        (10, 12, 1100),  # the bar itself counts as above
        (12, 14.25, None),  # further than the tolerance
        (9.75, 10, None),  # across the bar
        (9.75, 10.25, None),
        (12, "not_observed", None),
        (0.5, "not_observed", None),  # which is not near zero
        ("not_observed", "not_observed", None),
    ],
)
def test_close_marks_on_one_side_of_the_bar_may_agree(one: float, two: float, agreed: int | None) -> None:
    assert said(auto(one, two)) == ("ATT" if agreed is None else "VAL" if agreed >= 1000 else "NVAL", agreed)


def test_tolerance_and_bar_are_the_regulations() -> None:
    assert auto(9.75, 10, never_across=48).mark() == 1000  # 9,875
    assert auto(12, 12.25, tolerance=0).mark() is None


def test_one_grader_does_not_agree_alone() -> None:
    assert world(TWO, mark("G", 12), agreement=Agreement(auto=True)).mark() is None


def test_an_accord_stands_against_the_mean() -> None:
    assert auto(12, 14).with_(mark("G", 11, by="accord")).mark() == 1100


# Adjustments.


def test_an_adjustment_moves_its_candidate_only() -> None:
    told = world(ONE, *PAIR, mark("G", 10, of="g1"), adjust("G", 1.5, of="ana"))
    assert (told.mark(who="ana"), told.mark(who="bob")) == (1150, 1000)
    assert [("MODULATION" in told.outcome(who).flags) for who in ("ana", "bob")] == [True, False]


@pytest.mark.parametrize(
    ("points", "deltas", "found"),
    [
        (10, [2, 0.5], 12.5),  # they add up
        (10, [3, -1], 12),
        (10, [3, 2], 13),  # their sum is held within the bound
        (10, [-3, -3], 7),
        (19, [3], 20),  # then the value within 0..20
        (1, [-2], 0),
        (19, [3, 3, -3], 20),  # the sum before the bound, the bound before the value
    ],
)
def test_adjustments_add_up_within_the_bound_and_the_scale(points: float, deltas: list[float], found: float) -> None:
    rows = [adjust("G", delta, by=f"grader{number}") for number, delta in enumerate(deltas)]
    assert world(ONE, mark("G", points), *rows).mark() == found * 100


def test_the_bound_is_the_regulations() -> None:
    assert world(ONE, mark("G", 10), adjust("G", 3), adjustment_bound=4).mark() == 1100


def test_a_star_moves_every_group_criterion_and_no_individual_one() -> None:
    case = assessment("case", criterion("G"), criterion("H"), criterion("I", individual=True))
    told = world(case, mark("G", 10), mark("H", 12), mark("I", 14), adjust("*", 1.5))
    assert told.mark() == 1300


def test_a_star_adds_to_what_concerns_one_criterion() -> None:
    assert world(ONE, mark("G", 10), adjust("*", 1), adjust("G", -0.5)).mark() == 1050


def test_the_last_adjustment_of_a_key_counts() -> None:
    assert world(ONE, mark("G", 10), adjust("G", 3), adjust("G", 1)).mark() == 1100


def test_an_adjustment_survives_later_group_marks() -> None:
    told = world(ONE, *PAIR, mark("G", 10, of="g1"), adjust("G", 2)).with_(mark("G", 13, of="g1"))
    assert told.mark() == 1500


def test_adjustments_come_after_the_accord_and_after_the_mean() -> None:
    assert world(TWO, mark("G", 9.75, by="accord"), adjust("G", 0.25)).mark() == 1000
    assert auto(8, 9.75).with_(adjust("G", 1)).mark() == 1000


@pytest.mark.parametrize("row", [mark("G", "not_observed"), mark("G", "not_applicable"), mark("I", 12)])
def test_where_nothing_is_marked_no_adjustment_applies(row: Part) -> None:
    told = world(row, adjust("G", 3))
    assert "MODULATION" not in told.outcome().flags
    assert told.mark() in (None, 1200)


def test_an_adjustment_of_another_assessment_does_not_apply() -> None:
    other = assessment("other", criterion("G"), paths="VAE")
    assert world(ONE, other, mark("G", 10), adjust("G", 3, on="other")).mark() == 1000


# Unconfirmed proposals of facts.

DEM5 = assessment("case", criterion("DEM.5"))
DEM5_OWN = assessment("case", criterion("DEM.5", individual=True))


def test_a_proposal_waits_for_a_grader() -> None:
    assert said(world(DEM5, handed_in())) == ("ATT", None)


@pytest.mark.parametrize(("late", "points"), [(0 * HOUR, 18), (HOUR, 12), (25 * HOUR, 8), (73 * HOUR, 2)])
def test_a_regulation_may_let_it_count_unconfirmed(late: timedelta, points: int) -> None:
    assert world(DEM5, handed_in(late), confirm_proposals=False).mark() == points * 100


@pytest.mark.parametrize("given", [9, "not_observed", "not_applicable"])
def test_any_row_stands_against_the_proposal(given: float | str) -> None:
    told = world(DEM5, handed_in(), mark("DEM.5", given), confirm_proposals=False)
    assert told.mark() == (900 if given == 9 else None)


def test_a_proposal_counts_as_the_accord_where_two_are_due() -> None:
    case = assessment("case", criterion("DEM.5"), graders=2)
    assert said(world(case, handed_in(), confirm_proposals=False)) == ("VAL", 1800)
    assert said(world(case, handed_in(), mark("DEM.5", 18), confirm_proposals=False)) == ("ATT", None)


def test_an_adjustment_applies_to_a_proposal_that_counts() -> None:
    assert world(DEM5, handed_in(), adjust("*", -1), confirm_proposals=False).mark() == 1700


@pytest.mark.parametrize("case", [DEM5, DEM5_OWN])
def test_the_lateness_of_a_group_is_each_members(case: Part) -> None:
    told = world(case, *PAIR, handed_in(HOUR, of="g1"), confirm_proposals=False)
    assert (told.mark(who="ana"), told.mark(who="bob")) == (1200, 1200)


def test_what_a_member_hands_in_proposes_for_their_individual_criterion() -> None:
    told = world(DEM5_OWN, *PAIR, handed_in(HOUR, of="ana"), confirm_proposals=False)
    assert (told.mark(who="ana"), told.mark(who="bob")) == (1200, None)


# Dispensations.

BOTH = fiche({"B1": 2})
CASES = (
    assessment("case", criterion("G"), criterion("H", ties="B1.C2")),
    assessment("vae", criterion("REAL.5", ties="B1.C2"), paths="CA"),
)


def test_a_dispensation_from_following_is_assessed_like_any_other() -> None:
    told = world(*CASES, holds("B1.C2"), mark("G", 12), mark("H", 6), certification=BOTH)
    assert (said(told), told.outcome().acquired) == (("NVAL", 900), {"B1": 1})


def test_a_dispensation_may_count_as_acquired() -> None:
    told = world(*CASES, holds("B1.C2"), mark("G", 12), certification=BOTH, vae_dispensation="acquired")
    assert (said(told), told.outcome().acquired) == (("VAL", 1200), {"B1": 2})


def test_a_mark_on_a_dispensed_criterion_does_not_count() -> None:
    rows = mark("G", 12), mark("H", 2)
    told = world(*CASES, holds("B1.C2"), *rows, certification=BOTH, vae_dispensation="acquired")
    assert said(told) == ("VAL", 1200)


def test_a_criterion_of_another_competence_too_stays() -> None:
    case = assessment("case", criterion("G"), criterion("H", ties="B1.C1 B1.C2"))
    told = world(case, holds("B1.C2"), mark("G", 12), certification=BOTH, vae_dispensation="acquired")
    assert told.code() == "ATT"


def test_a_criterion_tied_to_nothing_stays() -> None:
    case = assessment("case", criterion("G"), criterion("X.a", ties=""))
    told = world(case, holds("B1.C2"), mark("G", 12), certification=BOTH, vae_dispensation="acquired")
    assert told.code() == "ATT"


def test_the_determinant_criterion_is_never_dispensed() -> None:
    told = world(
        *CASES, person(path="CA"), holds("B1.C2"), mark("G", 12), certification=BOTH, vae_dispensation="acquired"
    )
    assert told.code() == "ATT"
    assert told.with_(mark("REAL.5", 7, on="vae")).code() == "NVAL"


def test_a_dispensation_is_its_owners() -> None:
    people = person("ana"), person("bob")
    told = world(*CASES, *people, holds("B1.C2", of="bob"), certification=BOTH, vae_dispensation="acquired")
    assert [told.outcome(who).acquired["B1"] for who in ("ana", "bob")] == [0, 1]


# Absences. Columns: the state, the policy, what stands for a member of a group (G 12, I 8), for a candidate alone.


@pytest.mark.parametrize(
    ("state", "policy", "in_group", "alone"),
    [
        ("justified", "zero", ("ABS_J", 1200), ("ABS_J", None)),
        ("justified", "absent", ("ABS_J", 1200), ("ABS_J", None)),
        ("unjustified", "zero", ("NVAL", 600), ("NVAL", 0)),
        ("unjustified", "absent", ("ABS_NJ", 1200), ("ABS_NJ", None)),
        ("pending", "zero", ("ATT", 1200), ("ATT", None)),
        ("pending", "absent", ("ATT", 1200), ("ATT", None)),
    ],
)
def test_absence(state: str, policy: str, in_group: tuple[str, int | None], alone: tuple[str, int | None]) -> None:
    rows = [mark("G", 12, of="g1"), mark("I", 8)]
    assert said(world(member(), absent(state), *rows, unjustified_absence=policy)) == in_group
    assert said(world(absent(state), mark("G", 12), mark("I", 8), unjustified_absence=policy)) == alone


@pytest.mark.parametrize(("policy", "code"), [("zero", "VAL"), ("absent", "ABS_NJ")])
def test_an_absence_touches_no_criterion_of_the_group(policy: str, code: str) -> None:
    told = world(ONE, member(), absent("unjustified"), mark("G", 12, of="g1"), unjustified_absence=policy)
    assert said(told) == (code, 1200)


def test_an_absence_is_not_a_missing_mark() -> None:
    assert world(member(), absent("justified"), mark("G", 12, of="g1")).code() == "ABS_J"


def test_a_group_criterion_without_a_mark_waits_all_the_same() -> None:
    assert world(member(), absent("justified")).code() == "ATT"


@pytest.mark.parametrize("rows", [[], [mark("I", 14)], [mark("I", "not_observed")]])
def test_an_unjustified_absence_counts_zero_whatever_was_written(rows: list[Part]) -> None:
    assert said(world(OWN, *rows, absent("unjustified"))) == ("NVAL", 0)


def test_an_unjustified_absence_counts_zero_in_a_disagreement() -> None:
    assert said(world(TWO_FOR_ONE, mark("I", 14), absent("unjustified"))) == ("NVAL", 0)


def test_what_is_not_applicable_or_sans_objet_stays_out_of_the_zero() -> None:
    case = assessment("case", *CASE.rubric.criteria, criterion("REAL.3", 4, sans_objet=True, individual=True))
    told = world(case, member(), absent("unjustified"), mark("G", 12, of="g1"), mark("I", "not_applicable"))
    assert said(told) == ("VAL", 1200)


def test_what_is_dispensed_out_stays_out_of_the_zero() -> None:
    case = assessment("case", criterion("G"), criterion("H", ties="B1.C2", individual=True))
    told = world(
        case, member(), absent("unjustified"), mark("G", 12, of="g1"), holds("B1.C2"), certification=BOTH,
        vae_dispensation="acquired",
    )  # fmt: skip
    assert said(told) == ("VAL", 1200)


def test_no_adjustment_lifts_the_zero_of_an_absence() -> None:
    told = world(mark("G", 12), mark("I", 12), adjust("*", 3), absent("unjustified"))
    assert told.mark() == 0
    assert "MODULATION" not in told.outcome().flags


def test_group_criteria_keep_their_mark_and_adjustments() -> None:
    told = world(member(), mark("G", 12, of="g1"), adjust("G", 2), absent("unjustified"))
    assert told.mark() == 700


def test_the_absence_of_one_is_not_the_others() -> None:
    told = world(*PAIR, absent("unjustified", of="ana"), mark("G", 12, of="g1"), mark("I", 12, of="bob"))
    assert (told.code(who="ana"), told.code(who="bob")) == ("NVAL", "VAL")


def test_an_absence_from_what_is_not_for_them_is_nothing() -> None:
    other = assessment("other", criterion("G"), paths="VAE")
    told = world(ONE, other, mark("G", 12), absent("justified", on="other"))
    assert (told.code(), "ABSENCE" in told.outcome().flags) == ("VAL", False)

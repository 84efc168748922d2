"""What came when, how late it was, and what the regulation says of it (DESIGN 3.2, 3.3 rule 9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

import pytest

from grading.cohort import Cohort
from grading.deadlines import cut_off, deadline_proposals, proposed_quarters, received
from grading.regulation import LateStep, Regulation
from tests.strategies import (
    AFTER,
    BEFORE,
    CASE,
    DAY,
    DUE,
    HOUR,
    Part,
    absent,
    assessment,
    criterion,
    extended,
    handed_in,
    mark,
    member,
    person,
    resit,
    world,
)

TICK = timedelta(microseconds=1)
LATE = assessment("case", criterion("DEM.5"))
WORK = ("case", "ana")


@pytest.mark.parametrize(
    ("given", "limit"),
    [
        ({}, DUE),
        ({WORK: DUE + DAY}, DUE + DAY),
        ({WORK: DUE + DAY, ("case", "g1"): DUE + 2 * DAY}, DUE + 2 * DAY),
        ({WORK: DUE - DAY}, DUE),  # an extension never takes time back
        ({("other", "ana"): DUE + DAY}, DUE),
    ],
)
def test_cut_off_is_the_latest_of_due_and_extensions(given: dict[tuple[str, str], datetime], limit: datetime) -> None:
    assert cut_off(DUE, given, [WORK, ("case", "g1")]) == limit


@pytest.mark.parametrize(
    ("hours", "kept"),
    [
        ([-5, -2], -2),  # the last version in time
        ([-2, -5], -2),  # whatever the order of the rows
        ([-2, 3], -2),  # a late version does not replace one in time
        ([4, 3], 3),  # the first of those that are late
        ([-2, 0], 0),  # the cut-off itself is in time
    ],
)
def test_which_version_counts(hours: list[int], kept: int) -> None:
    cohort = Cohort(submissions=tuple(handed_in(late * HOUR) for late in hours))
    assert received(cohort, {WORK: DUE}) == {WORK: DUE + kept * HOUR}


@pytest.mark.parametrize(
    ("late", "points"),
    [
        (-HOUR, 18), (0 * HOUR, 18), (TICK, 12), (24 * HOUR, 12), (24 * HOUR + TICK, 8), (72 * HOUR, 8),
        (72 * HOUR + TICK, 2), (900 * DAY, 2),
    ],
)  # fmt: skip
def test_up_to_that_many_hours_late(late: timedelta, points: int) -> None:
    assert proposed_quarters(late, Regulation("")) == points * 4


def test_steps_are_the_schools_own() -> None:
    rule = Regulation("", late=(LateStep(Fraction(1, 2), 60), LateStep(None, 0)))
    assert [proposed_quarters(minutes * TICK * 60_000_000, rule) for minutes in (30, 31)] == [60, 0]


def proposals(*parts: Part) -> dict[tuple[str, str, str], int]:
    told = world(*parts)
    return deadline_proposals(told.syllabus, told.cohort)


def test_lateness_proposes_a_value_for_the_deadline_criterion_only() -> None:
    case = assessment("case", criterion("DEM.5"), criterion("REAL.1"))
    assert proposals(case, handed_in(HOUR)) == {("case", "ana", "DEM.5"): 48}


def test_lateness_is_counted_after_the_extension() -> None:
    assert proposals(LATE, handed_in(30 * HOUR), extended(24 * HOUR)) == {("case", "ana", "DEM.5"): 48}


def test_a_groups_work_proposes_for_the_group() -> None:
    assert proposals(LATE, member("g1"), handed_in(of="g1")) == {("case", "g1", "DEM.5"): 72}


@pytest.mark.parametrize("case", [assessment("case", criterion("DEM.5", sans_objet=True)), CASE])
def test_nothing_is_proposed_where_the_criterion_does_not_stand(case: Part) -> None:
    assert proposals(case, handed_in()) == {}


def test_nothing_is_proposed_for_what_never_came() -> None:
    assert proposals(LATE, extended(DAY)) == {}


# Work that never came.


@pytest.mark.parametrize(
    ("now", "events", "missing"),
    [
        (BEFORE, [], False),
        (DUE, [], False),  # the cut-off itself is in time
        (DUE + TICK, [], True),
        (AFTER, [handed_in()], False),
        (AFTER, [handed_in(HOUR)], False),  # late, but it came
        (DUE + HOUR, [extended(DAY)], False),
        (DUE + DAY, [extended(DAY)], False),
        (DUE + DAY + TICK, [extended(DAY)], True),
        (DUE + HOUR, [extended(-DAY)], True),
        (AFTER, [handed_in(on="other")], True),
    ],
)
def test_work_that_never_came_is_flagged_after_its_cut_off(now: datetime, events: list[Part], missing: bool) -> None:
    other = assessment("other", criterion("G"), paths="VAE")
    assert ("NON_RENDU" in world(CASE, other, *events, now=now).outcome().flags) is missing


@pytest.mark.parametrize(
    ("event", "now", "missing"),
    [
        (handed_in(of="g1"), AFTER, set()),
        (handed_in(of="ana"), AFTER, {"bob"}),  # what a member hands in is that member's
        (extended(DAY, of="g1"), DUE + HOUR, set()),
        (extended(DAY, of="ana"), DUE + HOUR, {"bob"}),
    ],
)
def test_the_work_of_a_group_is_the_work_of_its_members(event: Part, now: datetime, missing: set[str]) -> None:
    told = world(person("ana"), person("bob"), member("g1", "ana"), member("g1", "bob"), event, now=now)
    assert {who for who in ("ana", "bob") if "NON_RENDU" in told.outcome(who).flags} == missing


def test_by_default_work_that_never_came_waits() -> None:
    assert world(now=AFTER).code() == "ATT"


def test_a_school_may_count_zero_what_has_no_row() -> None:
    told = world(mark("I", 18), now=AFTER, not_submitted="zero")
    assert (told.mark(), told.code()) == (900, "NVAL")


@pytest.mark.parametrize(("now", "code"), [(DUE, "ATT"), (DUE + TICK, "NVAL")])
def test_zero_counts_from_the_cut_off_on(now: datetime, code: str) -> None:
    assert world(now=now, not_submitted="zero").code() == code


def test_zero_waits_for_the_extension() -> None:
    assert world(extended(DAY), now=DUE + HOUR, not_submitted="zero").code() == "ATT"


def test_a_row_that_is_not_a_mark_is_a_row() -> None:
    told = world(mark("G", "not_observed"), mark("I", 12), now=AFTER, not_submitted="zero")
    assert told.mark() == 1200


def test_work_that_came_is_never_zero_for_want_of_a_mark() -> None:
    assert world(handed_in(HOUR), now=AFTER, not_submitted="zero").code() == "ATT"


def test_nobody_is_expected_at_a_resit_of_which_nothing_is_recorded() -> None:
    told = world(CASE, resit(), mark("G", 12), mark("I", 12), handed_in(), now=AFTER, not_submitted="zero")
    assert told.outcome().counting == {"case"}


def test_who_has_begun_a_resit_is_expected_at_it() -> None:
    rows = [mark("G", 12), mark("I", 12), mark("I", 8, on="resit")]
    told = world(CASE, resit(), *rows, handed_in(), now=AFTER, not_submitted="zero")
    assert told.mark() == 400


def test_a_justified_absence_is_not_zero_for_work_that_never_came() -> None:
    assert world(absent("justified"), now=AFTER, not_submitted="zero").code() == "ABS_J"

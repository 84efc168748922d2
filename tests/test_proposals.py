"""What the rules propose: DESIGN 3.3, rules 7 to 9, one table per code and per flag, then what always holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from grading.codes import AccessPath, Flag
from grading.judgements import MarkRow
from tests.reference import Outcome
from tests.strategies import (
    AFTER,
    CASE,
    COMPANY,
    DAY,
    ENDS_ON,
    ENGLISH,
    MISSION,
    STEADY,
    THESIS,
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
    outcome_of,
    person,
    world,
    worlds,
)

PASSED = mark("G", 12), mark("I", 12)
TWO_COMPETENCES = fiche({"B1": 2})
DETERMINED = assessment("case", criterion("REAL.5"), criterion("G", 9))
SPREAD = assessment("case", criterion("G", 9), criterion("H", ties="B1.C2"))


def spread(first: float, second: float, *parts: Part, **rule: Any) -> World:
    """A block of two competences, the first with nine tenths of the weight."""
    return world(SPREAD, mark("G", first), mark("H", second), *parts, certification=TWO_COMPETENCES, **rule)


# Rule 7: the code of a block.


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "ATT"),
        ([mark("G", 12)], "ATT"),
        ([*PASSED], "VAL"),
        ([mark("G", 10), mark("I", 10)], "VAL"),
        ([mark("G", 9.75), mark("I", 10)], "NVAL"),
        ([mark("G", 12), mark("I", "not_observed")], "VAL"),
        ([mark("G", "not_applicable"), mark("I", "not_observed")], "ATT"),  # nothing marked for the competence
        ([*PASSED, absent("pending")], "ATT"),
        ([*PASSED, absent("justified")], "ABS_J"),
        ([*PASSED, absent("unjustified")], "NVAL"),
        ([*PASSED, holds("B1")], "ACQ"),
        ([mark("G", 2), mark("I", 2), holds("B1")], "ACQ"),
        ([absent("pending"), holds("B1")], "ACQ"),
        ([*PASSED, holds("B1.C1")], "VAL"),
        ([assessment("vae", criterion("G"), paths="VAE"), *PASSED], "ATT"),  # no assessment is for them
    ],
)
def test_block_code(parts: list[Part], code: str) -> None:
    assert world(*parts).code() == code


def test_what_is_not_listed_is_not_presented() -> None:
    told = world(CASE, *PASSED, person(blocks="B1"), certification=fiche({"B1": 1, "B2": 1})).outcome()
    assert told.codes == {"B1": "VAL", "B2": "NP"}


def test_what_is_acquired_is_acquired_whether_listed_or_not() -> None:
    told = world(person(blocks="B1"), holds("B2"), certification=fiche({"B1": 1, "B2": 1})).outcome()
    assert told.codes == {"B1": "ATT", "B2": "ACQ"}


def test_a_block_whose_every_competence_is_dispensed_is_dispensed() -> None:
    dispensed = holds("B1.C1"), holds("B1.C2")
    assert spread(2, 2, *dispensed, vae_dispensation="acquired").code() == "DISP"
    assert spread(2, 2, dispensed[0], vae_dispensation="acquired").code() == "NVAL"
    assert spread(12, 12, *dispensed).code() == "VAL"


def test_what_is_not_presented_is_not_dispensed() -> None:
    told = world(
        person(blocks="B2"), holds("B1.C1"), certification=fiche({"B1": 1, "B2": 1}), vae_dispensation="acquired"
    )
    assert told.code() == "NP"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([absent("unjustified")], "ABS_NJ"),
        ([absent("unjustified"), absent("justified", on="other")], "ABS_J"),
        ([absent("unjustified"), absent("pending", on="other")], "ATT"),
    ],
)
def test_of_two_absences_the_first_code_that_applies(parts: list[Part], code: str) -> None:
    other = assessment("other", criterion("I", individual=True))
    assert world(CASE, other, *PASSED, mark("I", 12, on="other"), *parts, unjustified_absence="absent").code() == code


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (12, 8, "VAL"),  # a competence between floor and pass mark
        (12, 7.75, "NVAL"),  # under the floor, though the block reaches 11,57
        (10, 10, "VAL"),
        (9.75, 20, "VAL"),
        (9.75, 12, "NVAL"),  # 9,98
    ],
)
def test_each_competence_has_a_floor_and_the_block_a_pass_mark(first: float, second: float, code: str) -> None:
    assert spread(first, second).code() == code


def test_thresholds_are_the_regulations() -> None:
    assert spread(12, 7.75, competence_floor=775).code() == "VAL"
    assert spread(12, 12, pass_mark=1201).code() == "NVAL"


@pytest.mark.parametrize(
    ("given", "code"),
    [([mark("REAL.5", 8)], "VAL"), ([mark("REAL.5", 7.75)], "NVAL"), ([mark("REAL.5", "not_observed")], "ATT")],
)
def test_the_determinant_criterion_has_a_floor_and_must_be_marked_once(given: list[MarkRow], code: str) -> None:
    assert world(DETERMINED, mark("G", 14), *given).code() == code


def test_marked_in_one_rubric_the_determinant_may_be_left_out_of_another() -> None:
    other = assessment("other", criterion("REAL.5"))
    told = world(DETERMINED, other, mark("G", 14), mark("REAL.5", "not_observed"), mark("REAL.5", 9, on="other"))
    assert told.code() == "VAL"


def test_an_absent_determinant_is_not_a_missing_one() -> None:
    case = assessment("case", criterion("REAL.5", individual=True), criterion("G"))
    assert world(case, member("g1"), mark("G", 12, of="g1"), absent("justified")).code() == "ABS_J"


def test_a_rubric_without_the_determinant_asks_for_none() -> None:
    assert world(*PASSED, determinant_floor=2000).code() == "VAL"


def test_a_competence_with_no_marked_criterion_waits() -> None:
    case = assessment("case", criterion("G"), criterion("H", ties="B1.C2"))
    told = world(case, mark("G", 12), mark("H", "not_observed"), certification=TWO_COMPETENCES)
    assert told.code() == "ATT"


def test_a_competence_tied_to_an_absent_criterion_does_not_wait() -> None:
    case = assessment("case", criterion("G"), criterion("H", ties="B1.C2", individual=True))
    told = world(
        case, mark("G", 12), absent("unjustified"), certification=TWO_COMPETENCES, unjustified_absence="absent"
    )
    assert told.code() == "ABS_NJ"


# Rule 8: the title. Two blocks, one case study each, marked as told.

BLOCKS = fiche({"B1": 1, "B2": 1})
SECOND = assessment("second", criterion("G", ties="B2.C1"), block="B2")
ONE = assessment("case", criterion("G"))


def two(first: float | str, second: float | str, *parts: Part, **options: Any) -> World:
    options = {"certification": BLOCKS, **options}
    return world(ONE, SECOND, mark("G", first), mark("G", second, on="second"), *parts, **options)


@pytest.mark.parametrize(
    ("first", "second", "parts", "title"),
    [
        (12, 12, [], "TITRE"),
        (12, 4, [holds("B2")], "TITRE"),
        (4, 4, [holds("B1"), holds("B2")], "TITRE"),
        (12, 4, [], "BLOCS"),
        (4, 4, [], "AUCUN"),
        (12, 4, [person(blocks="B1")], "BLOC_SEUL"),
        (4, 12, [person(blocks="B1")], "AUCUN"),
        (12, 4, [holds("B1")], "AUCUN"),  # one presented, not validated; the block held stays held
        (4, 12, [person(blocks="B1"), holds("B1")], "AUCUN"),  # none presented
        (12, "not_observed", [], "AJOURNE"),
        (4, "not_observed", [], "AJOURNE"),
        (12, "not_observed", [person(blocks="B1")], "BLOC_SEUL"),
        (12, 12, [absent("justified")], "AJOURNE"),
        (12, 12, [absent("pending")], "AJOURNE"),
        (12, 12, [absent("unjustified")], "BLOCS"),
        (12, 12, [person(title="pending")], "SUSPENDU"),
        (12, 12, [person(title="not_required")], "TITRE"),
        (12, 4, [person(title="pending")], "BLOCS"),
    ],
)
def test_title_code(first: float | str, second: float | str, parts: list[Part], title: str) -> None:
    assert two(first, second, *parts).outcome().title == title


def test_an_absence_that_is_not_excused_does_not_adjourn_the_title() -> None:
    assert two(12, 12, absent("unjustified"), unjustified_absence="absent").outcome().title == "BLOCS"


def test_a_dispensed_block_counts_for_the_title_and_alone() -> None:
    acquired = {"vae_dispensation": "acquired"}
    assert two(4, 12, holds("B1.C1"), **acquired).outcome().title == "TITRE"
    assert two(4, 4, holds("B1.C1"), **acquired).outcome().title == "BLOCS"
    assert two(4, 4, holds("B1.C1"), person(blocks="B1"), **acquired).outcome().title == "BLOC_SEUL"


ASKS_MONTHS, ASKS_ENGLISH = fiche(months=6), fiche(english=True)


@pytest.mark.parametrize(
    ("who", "rule", "title"),
    [
        (person(months=6), {}, "TITRE"),
        (person(months=5), {}, "AJOURNE"),
        (person(months=None), {}, "AJOURNE"),  # none validated
        (person(months=None, path="VAE"), {}, "TITRE"),  # not asked of VAE
        (person(months=5, title="pending"), {}, "AJOURNE"),
        (person(months=6), {"company_months": 8}, "AJOURNE"),
        (person(months=8), {"company_months": 8}, "TITRE"),
    ],
)
def test_the_title_asks_for_a_company_period(who: Part, rule: dict[str, Any], title: str) -> None:
    assert world(CASE, who, *PASSED, certification=ASKS_MONTHS, **rule).outcome().title == title


def test_where_the_fiche_asks_for_nothing_nothing_is_asked() -> None:
    told = world(*PASSED, company_months=8, english_pass_mark=1000).outcome()
    assert (told.title, told.flags) == ("TITRE", set())


SPOKEN = assessment("spoken", criterion("ANG.2", individual=True, ties=""), block=None, kind=ENGLISH.kind)


def english(points: float | str, on: str = "english") -> MarkRow:
    return mark("ANG.1" if on == "english" else "ANG.2", points, on=on)


@pytest.mark.parametrize(
    ("parts", "bar", "title"),
    [
        ([], None, "AJOURNE"),
        ([english(4)], None, "TITRE"),  # no pass mark by default
        ([english(4)], 1000, "AJOURNE"),
        ([english(10)], 1000, "TITRE"),
        ([english("not_observed")], None, "AJOURNE"),  # at least one criterion is marked
        ([english(12), SPOKEN], None, "AJOURNE"),  # each criterion of each assessment
        ([english(12), SPOKEN, english("not_observed", "spoken")], None, "TITRE"),
        ([english(8), SPOKEN, english(12, "spoken")], 1000, "TITRE"),
        ([english(12), absent("justified", on="english")], None, "AJOURNE"),
        ([english(12), absent("unjustified", on="english")], None, "AJOURNE"),
    ],
)
def test_the_title_asks_for_english(parts: list[Part], bar: int | None, title: str) -> None:
    told = world(CASE, ENGLISH, *PASSED, *parts, certification=ASKS_ENGLISH, english_pass_mark=bar).outcome()
    assert (told.title, "ANGLAIS" in told.flags) == (title, title == "AJOURNE")


def test_english_that_is_not_for_their_path_is_incomplete() -> None:
    only = replace(ENGLISH, paths=frozenset({AccessPath.CA}))
    told = world(CASE, only, *PASSED, english(12), certification=ASKS_ENGLISH)
    assert told.outcome().title == "AJOURNE"


def test_english_and_company_concern_the_whole_title_only() -> None:
    asks = fiche({"B1": 1, "B2": 1}, months=6, english=True)
    assert two(12, 4, certification=asks).outcome().title == "BLOCS"
    assert two(12, 4, person(blocks="B1"), certification=asks).outcome().title == "BLOC_SEUL"


@pytest.mark.parametrize(
    ("entered", "title", "flags"),
    [(ENDS_ON, "TITRE", set()), (ENDS_ON + DAY, "AJOURNE", {"FICHE_EXPIREE"}), (ENDS_ON - DAY, "TITRE", set())],
)
def test_who_enters_after_the_end_of_the_fiche_gets_nothing_of_it(entered: date, title: str, flags: set[str]) -> None:
    told = world(CASE, person(entered=entered), *PASSED, certification=fiche(ends_on=ENDS_ON)).outcome()
    assert (told.title, told.flags, told.codes["B1"]) == (title, flags, "VAL")


# Rule 9: flags.


@pytest.mark.parametrize(
    ("told", "flags"),
    [
        (world(*PASSED), set()),
        (world(), {"INCOMPLET"}),
        (world(holds("B1")), set()),
        (world(assessment("case", criterion("G"), graders=2), mark("G", 12)), {"INCOMPLET", "DESACCORD"}),
        (world(ONE, mark("G", 11)), {"PROCHE_SEUIL"}),
        (world(DETERMINED, mark("G", 14), mark("REAL.5", 7.75)), {"DETERMINANT"}),
        (world(*PASSED, adjust("G", 1)), {"MODULATION"}),
        (world(*PASSED, adjust("G", 0)), set()),
        (world(mark("G", 12), mark("I", "not_observed")), {"NON_OBSERVE"}),
        (world(mark("G", 12), mark("I", "not_applicable")), set()),
        (world(*PASSED, absent("justified")), {"ABSENCE"}),
        (world(*PASSED, absent("pending")), {"ABSENCE", "INCOMPLET"}),
        (world(*PASSED, absent("unjustified")), {"ABSENCE"}),
        (world(*PASSED, now=AFTER), {"NON_RENDU"}),
        (world(*PASSED, handed_in(), now=AFTER), set()),
        (world(*PASSED, certification=ASKS_MONTHS), {"ENTREPRISE"}),
        (world(*PASSED, certification=ASKS_ENGLISH), {"ANGLAIS"}),
        (world(*PASSED, person(title="pending")), {"TITRE_ENTREE"}),
        (world(*PASSED, person(entered=ENDS_ON + DAY), certification=fiche(ends_on=ENDS_ON)), {"FICHE_EXPIREE"}),
    ],
)
def test_flags(told: World, flags: set[str]) -> None:
    assert told.outcome().flags == flags


@pytest.mark.parametrize(("points", "near"), [(8.75, False), (9, True), (10, True), (11, True), (11.25, False)])
def test_within_one_point_of_the_pass_mark_on_either_side(points: float, near: bool) -> None:
    told = world(ONE, mark("G", points), competence_floor=0).outcome()
    assert ("PROCHE_SEUIL" in told.flags) is near


@pytest.mark.parametrize(("points", "near"), [(6.75, False), (7, True), (8, True), (9, True), (9.25, False)])
def test_within_one_point_of_the_floor_of_a_competence(points: float, near: bool) -> None:
    assert ("PROCHE_SEUIL" in spread(16, points).outcome().flags) is near


def test_what_is_not_presented_raises_no_flag() -> None:
    told = two(12, 10, adjust("G", 1, on="second"), absent("pending", on="second"), person(blocks="B1"))
    assert told.outcome().flags == set()


def test_what_counts_for_no_block_raises_flags_too() -> None:
    told = world(CASE, THESIS, *PASSED, mark("REAL.1", "not_observed", on="thesis"), absent("justified", on="thesis"))
    assert told.outcome().flags == {"ABSENCE"}  # absent, whatever was written
    assert world(CASE, THESIS, *PASSED, mark("REAL.1", "not_observed", on="thesis")).outcome().flags == {"NON_OBSERVE"}


@pytest.mark.parametrize(
    ("who", "rows", "raised"),
    [
        (person(months=6), {"ENT.1": 12, "EVE.1": 12}, False),
        (person(months=5), {"ENT.1": 12, "EVE.1": 12}, True),
        (person(months=6), {"EVE.1": 12}, True),
        (person(months=6), {"ENT.1": "not_observed", "EVE.1": 12}, False),
        (person(months=6), {"ENT.1": 12}, True),
        (person(months=6), {"ENT.1": 12, "EVE.1": "not_observed"}, True),
        (person(path="VAE"), {}, False),
    ],
)
def test_company_flag(who: Part, rows: dict[str, float | str], raised: bool) -> None:
    marks = [mark(name, given, on="mission" if name == "ENT.1" else "firm") for name, given in rows.items()]
    told = world(CASE, MISSION, COMPANY, who, *PASSED, *marks, certification=ASKS_MONTHS).outcome()
    assert ("ENTREPRISE" in told.flags) is raised


def test_every_flag_is_listed_in_its_order() -> None:
    reckoning = world().reckoning()
    assert list(reckoning.flag_table) == list(Flag)


# Competences acquired (3.5).


@pytest.mark.parametrize(("first", "second", "count"), [(10, 9.75, 1), (10, 10, 2), (9.75, 4, 0)])
def test_a_competence_is_acquired_at_the_pass_mark(first: float, second: float, count: int) -> None:
    assert spread(first, second).outcome().acquired == {"B1": count}


# What always holds.


def everybody(told: World) -> dict[str, Outcome]:
    reckoning = told.reckoning()
    return {one.candidate_id: outcome_of(reckoning, one.candidate_id) for one in told.cohort.candidates}


def ruled(told: World, **changes: Any) -> World:
    course = told.syllabus
    return replace(told, syllabus=replace(course, regulation=replace(course.regulation, **changes)))


@settings(STEADY, max_examples=150, phases=tuple(Phase))
@given(worlds(most=1, most_blocks=1))
def test_grading_says_what_the_reference_says_of_one_block(told: World) -> None:
    told.outcome("c0")


@settings(STEADY, max_examples=250)
@given(worlds())
def test_grading_says_what_the_reference_says(told: World) -> None:
    for one in told.cohort.candidates:
        told.outcome(one.candidate_id)


@settings(STEADY, max_examples=15)
@given(worlds(least=10, most=10, most_blocks=2))
def test_one_candidate_alone_is_the_same_as_among_ten(told: World) -> None:
    among = everybody(told)
    for one in told.cohort.candidates:
        alone = replace(told, cohort=replace(told.cohort, candidates=(one,)))
        assert everybody(alone) == {one.candidate_id: among[one.candidate_id]}


@settings(STEADY, max_examples=40)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_rows_of_different_keys_never_matters(told: World, random: Any) -> None:
    by_key: dict[tuple[str, ...], list[MarkRow]] = defaultdict(list)
    for row in told.rows:
        by_key[row[:4]].append(row)
    keys = list(by_key)
    random.shuffle(keys)
    tables = {name: tuple(reversed(table)) for name, table in vars(told.cohort).items() if isinstance(table, tuple)}
    cohort = replace(told.cohort, **tables)
    mixed = replace(told, rows=tuple(row for key in keys for row in by_key[key]), cohort=cohort)
    assert everybody(mixed) == everybody(told)


@settings(STEADY, max_examples=40)
@given(worlds(), st.sampled_from([0, 40, 80]))
def test_a_later_row_of_the_same_key_wins(told: World, quarters: int) -> None:
    before = tuple((*row[:4], "marked", quarters) for row in told.rows)
    assert everybody(replace(told, rows=before + told.rows)) == everybody(told)


#: From worse to better. A whole title that waits for papers (AJOURNE) is past some blocks (BLOCS).
TITLES = ["AUCUN", "BLOC_SEUL", "BLOCS", "AJOURNE", "SUSPENDU", "TITRE"]
CODES = ["NVAL", "VAL"]


@settings(STEADY, max_examples=60)
@given(worlds(), st.data())
def test_raising_a_mark_never_worsens_a_proposal(drawn: World, data: st.DataObject) -> None:
    agreement = replace(drawn.syllabus.regulation.agreement, auto=False)  # two close marks may part when one rises
    told = ruled(drawn, agreement=agreement)
    low = [number for number, row in enumerate(told.rows) if row[4] == "marked" and row[5] < 80]
    assume(low)
    number = data.draw(st.sampled_from(low))
    row = told.rows[number]
    raised = (*row[:5], min(80, row[5] + data.draw(st.sampled_from([1, 8, 80]))))
    after = everybody(replace(told, rows=(*told.rows[:number], raised, *told.rows[number + 1 :])))
    for who, was in everybody(told).items():
        now = after[who]
        for block, code in was.codes.items():
            assert code == now.codes[block] or (code, now.codes[block]) == ("NVAL", "VAL")
            assert (was.blocks[block] or 0) <= (now.blocks[block] or 0)
        assert TITLES.index(was.title) <= TITLES.index(now.title)


@settings(STEADY, max_examples=60)
@given(worlds(), st.data())
def test_a_mark_that_is_missing_never_gives_val_or_nval(drawn: World, data: st.DataObject) -> None:
    """Take a mark away: a block that is still concluded did not rest on it."""
    told = ruled(drawn, not_submitted="wait", confirm_proposals=True)
    first = [row[:3] for row in told.rows if told.syllabus.by_slug[row[0]].replaces is None]
    assume(first)
    gone = data.draw(st.sampled_from(first))
    after = everybody(replace(told, rows=tuple(row for row in told.rows if row[:3] != gone)))
    for who, was in everybody(told).items():
        now = after[who]
        for block in told.syllabus.certification.blocks:
            if now.codes[block.id] in CODES:
                names = [one.id for one in block.competences]
                assert (now.codes[block.id], now.blocks[block.id]) == (was.codes[block.id], was.blocks[block.id])
                assert [now.competences[name] for name in names] == [was.competences[name] for name in names]


@settings(STEADY, max_examples=40)
@given(worlds())
def test_no_block_compensates_another(told: World) -> None:
    rows = {
        "without": tuple(row for row in told.rows if told.syllabus.by_slug[row[0]].block == "B1"),
        "at twenty": tuple(
            row if told.syllabus.by_slug[row[0]].block == "B1" or row[4] != "marked" else (*row[:5], 80)
            for row in told.rows
        ),
    }
    was = everybody(told)
    for kept in rows.values():
        for who, now in everybody(replace(told, rows=kept)).items():
            assert (now.codes["B1"], now.blocks["B1"]) == (was[who].codes["B1"], was[who].blocks["B1"])


@settings(STEADY, max_examples=40)
@given(worlds())
def test_an_adjustment_survives_later_group_marks(told: World) -> None:
    """Adjustments are looked up when the marks are, whatever came after them."""
    again = replace(told, rows=told.rows + tuple(row for row in told.rows if row[4] == "marked"))
    last = {row[:4]: row for row in again.rows}
    assert everybody(again) == everybody(replace(told, rows=tuple(last.values())))

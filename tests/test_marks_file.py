"""marks.csv: an exact round trip, and every bad row told in a sentence."""

from __future__ import annotations

import csv
import io
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.cohort import Cohort
from grading.errors import JuryLabError
from grading.ledger import Ledger
from grading.ledger.mark_events import current_rows, events_of, mark_of
from grading.loading.cohort_files import read_cohort
from grading.loading.course_files import read_syllabus
from grading.loading.marks_file import COLUMNS, MarksFile, read_marks, write_marks
from grading.marks import Mark, MarkState

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "course/demo"
SYLLABUS = read_syllabus(ROOT)
COHORT = Cohort(**read_cohort(DEMO, SYLLABUS, Cohort()).tables)
HEADER = ",".join(COLUMNS)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "marks.csv"


def read(file: Path, *rows: str) -> MarksFile:
    """Reads rows of the contract's form (with no row: the file as it is)."""
    if rows:
        file.write_text("\n".join((HEADER, *rows, "")), "utf-8")
    return read_marks(file, SYLLABUS, COHORT, {})


def sentences(file: Path, *rows: str) -> list[str]:
    with pytest.raises(JuryLabError) as caught:
        read(file, *rows)
    return [str(problem) for problem in caught.value.problems]


# Round trip.


def test_the_demo_marks_round_trip_exactly(file: Path) -> None:
    text = (DEMO / "marks.csv").read_text("utf-8")
    marks = read(DEMO / "marks.csv").marks
    assert len(marks) > 1000
    assert write_marks(marks) == text
    assert write_marks(reversed(marks)) == text


def test_the_demo_marks_round_trip_through_the_ledger(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    hashes = {assessment.slug: assessment.rubric.hash for assessment in SYLLABUS.assessments}
    ledger.append(events_of(read(DEMO / "marks.csv").marks, hashes))
    with ledger.reading() as reader:
        marks = [mark_of(row) for row in current_rows(reader).values()]
    assert write_marks(marks) == (DEMO / "marks.csv").read_text("utf-8")


@pytest.mark.parametrize("value", ["", "13", "13.5", "13.50", "013.5", "+13.5", "13."])
def test_a_value_is_kept_as_it_was_given(file: Path, value: str) -> None:
    row = f"anglais,C001,ANG.1,h.oconnor,marked,3,{value},,"
    (mark,) = read(file, row).marks
    assert mark.quarters == (54 if "." in value and "5" in value else 52)
    assert write_marks([mark]) == f"{HEADER}\n{row}\n"


def test_an_empty_value_is_the_default_of_the_level(file: Path) -> None:
    marks = read(file, "anglais,C001,ANG.1,h.oconnor,marked,1,,,", "anglais,C001,ANG.2,h.oconnor,marked,4,,,").marks
    assert [mark.quarters for mark in marks] == [4 * 4, 18 * 4]


GROUPS = sorted({(m.assessment, m.group_id) for m in COHORT.groups})
COMMENTS = st.one_of(
    st.text(st.sampled_from("aé\"',;\n\t =+-@«»’ \u00a0œ€😀"), max_size=40),
    st.sampled_from(["=1+1", '"', '""', "\n", ",", " espaces ", "a\nb", '=HYPERLINK("x")', "'", "\u2028"]),
)
WITH_RETURNS = st.text(st.sampled_from('a\r\n",'), max_size=10)
MOMENTS = st.sampled_from(["", "2026-06-08T14:15:00+02:00", "2026-06-08T14:15+02:00", "2026-06-08T12:15:00Z"])


@st.composite
def marks(draw: st.DrawFn, comments: st.SearchStrategy[str] = COMMENTS) -> Mark:
    """A valid row of any kind: a group criterion, an individual one, an adjustment."""
    kind = draw(st.sampled_from(["group", "individual", "adjustment"]))
    slug, group = draw(st.sampled_from(GROUPS))
    assessment = SYLLABUS.by_slug[slug]
    member = next(m.candidate_id for m in COHORT.groups if m.group_id == group)
    individual = kind == "individual"
    criteria = [c for c in assessment.rubric.criteria if not c.sans_objet and c.individual == individual]
    name, grader = draw(st.sampled_from(criteria)).id, assessment.graders[0]
    comment, at = draw(comments), draw(MOMENTS)
    if kind == "adjustment":
        delta = draw(st.integers(-12, 12))
        motive = "motif assez long" + comment
        name = draw(st.sampled_from(["*", name]))
        return Mark(
            slug, member, name, grader, MarkState.ADJUSTMENT, None, delta, f"{float(Fraction(delta, 4))}", motive, at
        )
    subject = member if individual else group
    state = draw(st.sampled_from([MarkState.MARKED, MarkState.NOT_OBSERVED, MarkState.NOT_APPLICABLE]))
    if state is not MarkState.MARKED:
        return Mark(slug, subject, name, grader, state, None, None, "", comment, at)
    level = draw(st.sampled_from(assessment.rubric.levels))
    quarters = draw(st.integers(level.lowest, level.highest))
    if draw(st.booleans()):
        return Mark(slug, subject, name, grader, state, level.id, level.default, "", comment, at)
    return Mark(slug, subject, name, grader, state, level.id, quarters, f"{float(Fraction(quarters, 4))}", comment, at)


def assert_round_trip(file: Path, rows: list[Mark]) -> None:
    text = write_marks(rows)
    file.write_bytes(text.encode())
    again = read(file)
    assert list(again.marks) == sorted(rows, key=lambda mark: mark.key)
    assert again.notices == ()
    assert write_marks(again.marks) == text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(marks(), max_size=8, unique_by=lambda mark: mark.key))
def test_any_valid_rows_round_trip_exactly(file: Path, rows: list[Mark]) -> None:
    assert_round_trip(file, rows)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(marks(comments=WITH_RETURNS), max_size=4, unique_by=lambda mark: mark.key))
def test_carriage_returns_round_trip_exactly(file: Path, rows: list[Mark]) -> None:
    assert_round_trip(file, rows)


def test_the_file_is_sorted_with_minimal_quotes_and_lf(file: Path) -> None:
    text = write_marks(
        read(
            file,
            "anglais,C002,ANG.1,h.oconnor,marked,3,,,",
            'anglais,C001,ANG.2,h.oconnor,marked,3,,"un, deux",',
            "anglais,C001,ANG.1,h.oconnor,marked,3,,simple,",
        ).marks
    )
    assert [line.split(",")[1:3] for line in text.splitlines()[1:]] == [
        ["C001", "ANG.1"],
        ["C001", "ANG.2"],
        ["C002", "ANG.1"],
    ]
    assert text.endswith(",,\n")
    assert '"un, deux"' in text
    assert '"simple"' not in text
    assert "\r" not in text


# Bad rows. G-BC01-1 holds C001 on the due day; bc01 is a business project with two graders per work.

GROUP = "bc01-etude-des-besoins,G-BC01-1"
ALONE = "anglais,C001,ANG.1,h.oconnor"
BAD_ROWS = {
    "unknown assessment": ("anglai,C001,ANG.1,h.oconnor,marked,3,,,", "assessment : épreuve « anglai » : inconnu"),
    "unknown subject": (
        "anglais,C0001,ANG.1,h.oconnor,marked,3,,,",
        "subject : ni candidat ni groupe : « C0001 » · à faire : vouliez-vous dire « C001 » ?",
    ),
    "no subject": ("anglais,,ANG.1,h.oconnor,marked,3,,,", "subject : vide · attendu : une valeur"),
    "group of another assessment": (
        "bc02-conception-des-evolutions,G-BC01-1,REAL.1,e.martin,marked,3,,,",
        "subject : le groupe « G-BC01-1 » est celui de bc01-etude-des-besoins",
    ),
    "candidate for a group criterion": (
        "bc01-etude-des-besoins,C001,REAL.1,e.martin,marked,3,,,",
        "subject : REAL.1 se note pour le groupe, « C001 » est un candidat · attendu : son groupe : G-BC01-1",
    ),
    "group for an individual criterion": (
        f"{GROUP},DEM.3,e.martin,marked,3,,,",
        "subject : DEM.3 est individuel, « G-BC01-1 » est un groupe · attendu : un candidat",
    ),
    "path that the assessment does not concern": (
        "vae-bc01,C001,REAL.1,e.martin,marked,3,,,",
        "subject : la voie FI de C001 n'est pas concernée par vae-bc01",
    ),
    "unknown criterion": (
        f"{GROUP},REAL.6,e.martin,marked,3,,,",
        "criterion : « REAL.6 » n'est pas dans la grille bc01-etude-des-besoins · attendu : REAL.1",
    ),
    "grader of another assessment": (
        f"{GROUP},REAL.1,h.oconnor,marked,3,,,",
        "grader : « h.oconnor » n'évalue pas bc01-etude-des-besoins · attendu : e.martin, c.roux, accord",
    ),
    "no grader": (f"{GROUP},REAL.1,,marked,3,,,", "grader : vide"),
    "agreement where one grader is due": (
        "anglais,C001,ANG.1,accord,marked,3,,,",
        "grader : « accord » n'évalue pas anglais · attendu : h.oconnor",
    ),
    "system as a grader": ("anglais,C001,ANG.1,system,marked,3,,,", "grader : « system » n'évalue pas anglais"),
    "unknown state": (
        f"{ALONE},markd,3,,,",
        "state : « markd » · attendu : marked, not_observed, not_applicable, adjustment · à faire : vouliez-vous dire « marked » ?",
    ),
    "no state": (f"{ALONE},,3,,,", "state : vide"),
    "unknown level": (f"{ALONE},marked,5,,,", "level : « 5 » · attendu : 1, 2, 3, 4"),
    "no level": (f"{ALONE},marked,,12,,", "level : vide"),
    "value outside the level": (f"{ALONE},marked,3,16,,", "value : « 16 » hors du niveau 3 · attendu : de 10 à 15.75"),
    "value between two levels": (f"{ALONE},marked,1,7.9,,", "value : « 7.9 » · attendu : un nombre par pas de 0.25"),
    "value off its step": (f"{ALONE},marked,3,12.1,,", "value : « 12.1 » · attendu : un nombre par pas de 0.25"),
    "value with a comma": (f'{ALONE},marked,3,"12,5",,', "value : « 12,5 » · attendu : un nombre par pas de 0.25"),
    "value that is no number": (f"{ALONE},marked,3,bien,,", "value : « bien » · attendu : un nombre"),
    "value with an exponent": (f"{ALONE},marked,3,1e1,,", "value : « 1e1 »"),
    "value that is no finite number": (f"{ALONE},marked,3,nan,,", "value : « nan »"),
    "level of what was not observed": (f"{ALONE},not_observed,3,,,", "level : « 3 » sur une ligne not_observed"),
    "value of what does not apply": (f"{ALONE},not_applicable,,12,,", "value : « 12 » sur une ligne not_applicable"),
    "moment without offset": (
        f"{ALONE},marked,3,,,2026-06-08T14:15",
        "at : « 2026-06-08T14:15 » · attendu : date, heure",
    ),
    "control character": (f"{ALONE},marked,3,,a\x1bb,", "comment : contient un caractère de contrôle"),
    "adjustment without motive": (
        "bc01-etude-des-besoins,C001,REAL.1,e.martin,adjustment,,1,,",
        "comment : modulation sans motif, ou motif trop court · attendu : 10 caractères ou plus",
    ),
    "adjustment with a motive of spaces": (
        "bc01-etude-des-besoins,C001,REAL.1,e.martin,adjustment,,1,court          ,",
        "comment : modulation sans motif",
    ),
    "adjustment beyond the bound": (
        "bc01-etude-des-besoins,C001,REAL.1,e.martin,adjustment,,3.25,absent aux deux revues,",
        "value : « 3.25 » · attendu : de -3 à +3 par pas de 0.25 (règlement)",
    ),
    "adjustment beyond the bound, down": (
        "bc01-etude-des-besoins,C001,*,e.martin,adjustment,,-3.25,absent aux deux revues,",
        "value : « -3.25 » · attendu : de -3 à +3",
    ),
    "adjustment of nothing": (
        "bc01-etude-des-besoins,C001,REAL.1,e.martin,adjustment,,,absent aux deux revues,",
        "value : «  » · attendu : de -3 à +3",
    ),
    "adjustment with a level": (
        "bc01-etude-des-besoins,C001,REAL.1,e.martin,adjustment,3,1,absent aux deux revues,",
        "level : « 3 » sur une modulation · attendu : vide",
    ),
    "adjustment of a group": (
        f"{GROUP},REAL.1,e.martin,adjustment,,1,absent aux deux revues,",
        "subject : « G-BC01-1 » est un groupe · attendu : le candidat que la modulation concerne",
    ),
    "adjustment of an individual criterion": (
        "bc01-etude-des-besoins,C001,DEM.3,e.martin,adjustment,,1,absent aux deux revues,",
        "criterion : « DEM.3 » ne se module pas · attendu : *, REAL.1",
    ),
    "adjustment of an unknown candidate": (
        "bc01-etude-des-besoins,C999,*,e.martin,adjustment,,1,absent aux deux revues,",
        "subject : ni candidat ni groupe : « C999 »",
    ),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_is_told_in_a_sentence(file: Path, name: str) -> None:
    row, sentence = BAD_ROWS[name]
    told = sentences(file, row)
    assert told[0].startswith(f"marks.csv:2 {sentence}")
    assert len(told) == 1


def test_a_criterion_that_the_project_leaves_out(file: Path) -> None:
    """REAL.3 is for business projects: were this one technical, it could not be marked, nor adjusted."""
    slug = "bc01-etude-des-besoins"
    text = (ROOT / f"rubrics/{slug}.yaml").read_text("utf-8").replace("project: [business]", "project: [technical]")
    technical = read_syllabus(ROOT, {slug: text.encode()})
    rows = (
        f"{GROUP},REAL.3,e.martin,marked,3,,,",
        f"{slug},C001,REAL.3,e.martin,adjustment,,1,absent aux deux revues,",
    )
    assert len(read(file, *rows).marks) == 2
    with pytest.raises(JuryLabError) as caught:
        read_marks(file, technical, COHORT, {})
    assert [problem.found for problem in caught.value.problems] == [
        "REAL.3 est sans objet dans bc01-etude-des-besoins (projet : technical)",
        "« REAL.3 » ne se module pas",
    ]


def test_every_bad_row_is_told_with_its_line(file: Path) -> None:
    told = sentences(
        file,
        f"{ALONE},marked,9,,,",
        "anglais,C002,ANG.1,h.oconnor,marked,3,,bien,",
        'anglais,C003,ANG.1,h.oconnor,marked,3,,"deux\nlignes",',
        "anglais,C999,ANG.1,personne,marked,3,99,,",
    )
    assert [line.split(" : ")[0] for line in told] == [
        "marks.csv:2 level",
        "marks.csv:6 grader",
        "marks.csv:6 subject",
        "marks.csv:6 value",
    ]


def test_a_key_given_twice(file: Path) -> None:
    told = sentences(file, f"{ALONE},marked,3,,,", f"{ALONE},not_observed,,,,")
    assert told == ["marks.csv:3 criterion : ligne déjà donnée en marks.csv:2 · à faire : n'en garder qu'une"]


def test_a_mark_and_an_adjustment_have_two_keys(file: Path) -> None:
    """A candidate alone is marked on criteria of scope group, and may be adjusted on them."""
    slug, name = next(
        (a.slug, c.candidate_id)
        for a in SYLLABUS.assessments
        if a.block and any(not criterion.individual for criterion in a.rubric.criteria)
        for c in COHORT.candidates
        if a.concerns(c.access_path)
        and not any((m.assessment, m.candidate_id) == (a.slug, c.candidate_id) for m in COHORT.groups)
    )
    grader = SYLLABUS.by_slug[slug].graders[0]
    marks = read(
        file,
        f"{slug},{name},REAL.1,{grader},marked,3,,,",
        f"{slug},{name},REAL.1,{grader},adjustment,,-1,travail repris seul,",
        f"{slug},{name},*,{grader},adjustment,,0.5,travail repris seul,",
    ).marks
    assert [(mark.state.value, mark.quarters) for mark in marks] == [
        ("marked", 52),
        ("adjustment", -4),
        ("adjustment", 2),
    ]


# Graders.


def test_two_graders_where_two_are_due_then_their_agreement(file: Path) -> None:
    rows = [f"{GROUP},REAL.1,{grader},marked,3,,," for grader in ("c.roux", "e.martin", "accord")]
    assert [mark.grader for mark in read(file, *rows).marks] == ["c.roux", "e.martin", "accord"]


def test_two_graders_where_one_is_due(file: Path) -> None:
    row = "bc02-conception-des-evolutions,{group},REAL.1,{grader},marked,3,,,"
    group = next(m.group_id for m in COHORT.groups if m.assessment == "bc02-conception-des-evolutions")
    rows = [row.format(group=group, grader=grader) for grader in ("e.martin", "s.benali")]
    assert sentences(file, *rows) == [
        "marks.csv:3 grader : 2 évaluateurs sur un même critère (e.martin, s.benali) · attendu : 1 au plus (graders_per_work)"
    ]


def test_a_grader_beside_one_who_is_recorded(file: Path) -> None:
    group = next(m.group_id for m in COHORT.groups if m.assessment == "bc02-conception-des-evolutions")
    key = ("bc02-conception-des-evolutions", group, "REAL.1")
    file.write_text(f"{HEADER}\n{','.join(key)},e.martin,marked,3,,,\n", "utf-8")
    with pytest.raises(JuryLabError, match="2 évaluateurs sur un même critère"):
        read_marks(file, SYLLABUS, COHORT, {key: {"s.benali"}})
    assert len(read_marks(file, SYLLABUS, COHORT, {key: {"e.martin"}}).marks) == 1


@pytest.mark.parametrize("value", ["-3", "-0.25", "0", "+3", "3.00"])
def test_adjustments_up_to_the_bound(file: Path, value: str) -> None:
    row = f"bc01-etude-des-besoins,C001,*,e.martin,adjustment,,{value},absent aux deux revues,"
    (mark,) = read(file, row).marks
    assert mark.quarters == Fraction(value) * 4
    assert write_marks([mark]) == f"{HEADER}\n{row}\n"


# Files.


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "séparateur « ; »"), ("utf-8-sig", "marque d'ordre des octets"), ("cp1252", "lu en Windows-1252")],
)
def test_a_french_spreadsheet_is_read_and_said(file: Path, encoding: str, said: str) -> None:
    rows = [f"{ALONE},marked,3,12.5,Très réussi,", "anglais,C001,ANG.2,h.oconnor,not_observed,,,,"]
    rows.append("bc01-etude-des-besoins,C001,*,e.martin,adjustment,,-0.25,absent aux deux revues,")
    wanted = read(file, *rows).marks
    with file.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, delimiter=";")
        for row in csv.reader(io.StringIO("\n".join((HEADER, *rows)))):
            writer.writerow(
                [cell.replace(".", ",") if name == "value" else cell for name, cell in zip(COLUMNS, row, strict=True)]
            )
    found = read(file)
    assert found.marks == wanted
    assert any(said in notice for notice in found.notices)


def test_a_file_that_is_not_there(file: Path) -> None:
    (told,) = sentences(file)
    assert "fichier introuvable" in told


def test_an_empty_file(file: Path) -> None:
    file.write_bytes(b"")
    (told,) = sentences(file)
    assert told.startswith("marks.csv : fichier vide · attendu : un en-tête : assessment,subject,criterion")


def test_a_header_alone_is_no_mark(file: Path) -> None:
    file.write_text(f"{HEADER}\n", "utf-8")
    assert read(file).marks == ()


def test_a_wrong_header(file: Path) -> None:
    file.write_text(f"{HEADER.replace('criterion', 'critere')}\n", "utf-8")
    told = sentences(file)
    assert any("colonne « criterion » absente" in line for line in told)
    assert any("colonne inconnue « critere »" in line and "« criterion » ?" in line for line in told)


# Faults told to the house: each mark goes when its fault does.


@pytest.mark.parametrize("row", [",C001,ANG.1,h.oconnor,marked,3,,,", "anglais,C001,,h.oconnor,marked,3,,,"])
def test_an_empty_cell_is_told_once(file: Path, row: str) -> None:
    assert len(sentences(file, row)) == 1


def test_a_row_cut_short(file: Path) -> None:
    assert len(sentences(file, "anglais,C001,ANG.1,h.oconnor,marked,3")) == 1

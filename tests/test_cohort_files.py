"""The cohort: a folder of CSV or one XLSX, every problem told at once, a second import that changes nothing."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from grading.assessment import Syllabus
from grading.cohort import Cohort
from grading.errors import JuryLabError
from grading.ledger import Ledger
from grading.ledger.cohort_events import Change, cohort_of, difference, events_of, recorded_rows
from grading.loading.cohort_files import COLUMNS, read_cohort
from grading.loading.course_files import read_syllabus

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "course/demo"
TABLES = [DEMO / f"{name}.csv" for name in COLUMNS]


@pytest.fixture(scope="module")
def syllabus() -> Syllabus:
    return read_syllabus(ROOT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the cohort that ships."""
    copy = tmp_path / "cohorte"
    copy.mkdir()
    for table in TABLES:
        shutil.copy(table, copy)
    return copy


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.db")


def changes_of(ledger: Ledger, path: Path, syllabus: Syllabus) -> list[Change]:
    """Records a cohort; gives what that changed."""
    with ledger.writing() as writer:
        recorded = recorded_rows(writer)
        files = read_cohort(path, syllabus, cohort_of(recorded))
        changes = difference(recorded, files.tables)
        writer.append(events_of(changes))
    return changes


def cohort_in(ledger: Ledger) -> Cohort:
    with ledger.reading() as reader:
        return cohort_of(recorded_rows(reader))


def edit(folder: Path, table: str, old: str, new: str) -> int:
    """Replaces a text that stands once or more, the first time; gives the line where it stands."""
    path = folder / f"{table}.csv"
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is no longer in {table}.csv"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def add(folder: Path, table: str, *rows: str) -> int:
    """Adds rows at the end; gives the line of the last one."""
    path = folder / f"{table}.csv"
    path.write_text(path.read_text("utf-8") + "".join(f"{row}\n" for row in rows), "utf-8")
    return path.read_text("utf-8").count("\n")


def sentences(path: Path, syllabus: Syllabus, recorded: Cohort | None = None) -> list[str]:
    with pytest.raises(JuryLabError) as caught:
        read_cohort(path, syllabus, recorded or Cohort())
    return [str(problem) for problem in caught.value.problems]


# The cohort that ships.


def test_the_demo_cohort_loads(syllabus: Syllabus) -> None:
    files = read_cohort(DEMO, syllabus, Cohort())
    assert set(files.tables) == set(COLUMNS)
    assert len(files.tables["candidates"]) >= 24
    assert files.notices == ("marks.csv n'est pas une table de la promotion : jurylab marks import",)
    paths = {candidate.access_path.value for candidate in files.tables["candidates"]}
    assert paths == {"FI", "CA", "FC", "CQ", "VAE"}


def test_every_row_is_recorded_and_read_back(ledger: Ledger, syllabus: Syllabus) -> None:
    files = read_cohort(DEMO, syllabus, Cohort())
    changes_of(ledger, DEMO, syllabus)
    recorded = cohort_in(ledger)
    for name, rows in files.tables.items():
        assert Counter(getattr(recorded, name)) == Counter(rows), name


def test_a_second_import_changes_nothing(ledger: Ledger, syllabus: Syllabus) -> None:
    assert changes_of(ledger, DEMO, syllabus)
    assert changes_of(ledger, DEMO, syllabus) == []


def test_a_changed_name_is_one_change(ledger: Ledger, folder: Path, syllabus: Syllabus) -> None:
    changes_of(ledger, folder, syllabus)
    edit(folder, "candidates", "C001,Marchand,", "C001,Marchand-Royer,")
    (change,) = changes_of(ledger, folder, syllabus)
    assert change.before is not None
    assert change.after is not None
    assert (change.before.birth_name, change.after.birth_name) == ("Marchand", "Marchand-Royer")
    assert cohort_in(ledger).by_id["C001"].birth_name == "Marchand-Royer"


def test_a_row_that_goes_is_one_change(ledger: Ledger, folder: Path, syllabus: Syllabus) -> None:
    changes_of(ledger, folder, syllabus)
    count = len(cohort_in(ledger).extensions)
    line = (folder / "extensions.csv").read_text("utf-8").splitlines()[1]
    edit(folder, "extensions", line + "\n", "")
    (change,) = changes_of(ledger, folder, syllabus)
    assert change.after is None
    assert len(cohort_in(ledger).extensions) == count - 1


def test_a_table_that_is_not_there_keeps_what_is_recorded(ledger: Ledger, folder: Path, syllabus: Syllabus) -> None:
    changes_of(ledger, folder, syllabus)
    for table in TABLES:
        if table.stem != "candidates":
            (folder / table.name).unlink()
    assert changes_of(ledger, folder, syllabus) == []
    assert cohort_in(ledger).groups


def test_rows_in_another_order_change_nothing(ledger: Ledger, folder: Path, syllabus: Syllabus) -> None:
    changes_of(ledger, folder, syllabus)
    for name in ("candidates", "groups", "submissions", "people", "jurors"):
        header, *rows = (folder / f"{name}.csv").read_text("utf-8").splitlines(keepends=True)
        (folder / f"{name}.csv").write_text(header + "".join(reversed(rows)), "utf-8")
    assert changes_of(ledger, folder, syllabus) == []


# One XLSX.


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """The cohort that ships, as one workbook of text cells, with a sheet that is none of ours."""
    path = tmp_path / "promotion.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("notes").write_string(0, 0, "libre")
        for table in TABLES:
            sheet = book.add_worksheet(table.stem)
            for number, row in enumerate(rows_of(table)):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell)
    return path


def test_a_workbook_gives_the_same_cohort(workbook: Path, syllabus: Syllabus) -> None:
    assert read_cohort(workbook, syllabus, Cohort()).tables == read_cohort(DEMO, syllabus, Cohort()).tables


def test_a_workbook_of_dates_and_numbers_gives_the_same_cohort(tmp_path: Path, syllabus: Syllabus) -> None:
    path = tmp_path / "promotion.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("candidates")
        for number, row in enumerate(rows_of(DEMO / "candidates.csv")):
            for column, cell in enumerate(row):
                if len(cell) == 10 and cell[4] == cell[7] == "-":
                    sheet.write_datetime(number, column, date.fromisoformat(cell))
                elif len(cell) < 5 and cell.replace(".", "", 1).isdigit():  # a code with leading zeros stays text
                    sheet.write_number(number, column, float(cell))
                else:
                    sheet.write_string(number, column, cell)
    wanted = read_cohort(DEMO, syllabus, Cohort()).tables["candidates"]
    assert read_cohort(path, syllabus, Cohort()).tables == {"candidates": wanted}


def test_a_problem_in_a_workbook_names_its_sheet_and_row(tmp_path: Path, syllabus: Syllabus) -> None:
    path = tmp_path / "promotion.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "jurors"
    book.active.append(list(COLUMNS["jurors"]))
    book.active.append(["J01", "Anne Roy", "F", "employeur", "yes", "", ""])
    book.save(path)
    (told,) = sentences(path, syllabus)
    assert told.startswith("promotion.xlsx[jurors]:2 college : « employeur »")
    assert "employer, employee" in told


def broken(path: Path, part: str) -> Path:
    """A workbook in which one part is cut short."""
    target = path.with_name("abime.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            copy.writestr(name, content[:60] if name.endswith(part) else content)
    return target


BROKEN: dict[str, Callable[[Path], Path]] = {
    "text": lambda path: path.with_name("abime.xlsx"),
    "sheet": lambda path: broken(path, "sheet3.xml"),
    "book": lambda path: broken(path, "workbook.xml"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_workbook(workbook: Path, syllabus: Syllabus, name: str) -> None:
    workbook.with_name("abime.xlsx").write_bytes(b"candidate_id;birth_name")
    (told,) = sentences(BROKEN[name](workbook), syllabus)
    assert told.startswith("abime.xlsx")
    assert "classeur illisible" in told


# Each check, with its sentence.

CANDIDATE = "C901,Roy,,Anne,F,1999-01-01,,,,,FI,M1,produced,2024-09-09,*,6"
#: Rows added to a table -> the column that is named, and words of the sentence.
CHECKS: dict[str, tuple[str, list[str], str, str]] = {
    "candidate twice": ("candidates", [CANDIDATE, CANDIDATE], "", "« C901 » déjà donné ligne"),
    "group under a candidate's id": ("groups", ["anglais,C001,C002,,"], "group_id", "« C001 » est aussi un candidat"),
    "two groups on the due day": (
        "groups",
        ["bc01-etude-des-besoins,G-AUTRE,C001,,"],
        "group_id",
        "C001 est dans deux groupes (G-BC01-1, G-AUTRE) le jour de l'échéance",
    ),
    "group of two assessments": (
        "groups",
        ["bc02-conception-des-evolutions,G-BC01-1,C001,2020-01-01,2020-02-01"],
        "group_id",
        "« G-BC01-1 » est déjà un groupe de bc01-etude-des-besoins",
    ),
    "path that the assessment does not concern": (
        "groups",
        ["vae-bc01,G-VAE,C001,,"],
        "candidate_id",
        "la voie FI de C001 n'est pas concernée par vae-bc01",
    ),
    "group that ends before it begins": (
        "groups",
        ["anglais,G-ANG,C001,2026-02-01,2026-01-01"],
        "until",
        "finit avant de commencer",
    ),
    "unknown candidate": (
        "absences",
        ["anglais,C0O2,pending,"],
        "candidate_id",
        "candidat « C0O2 » : inconnu · à faire : vouliez-vous dire « C0",
    ),
    "unknown assessment": (
        "absences",
        ["anglai,C002,pending,"],
        "assessment",
        "épreuve « anglai » : inconnu · à faire : vouliez-vous dire « anglais » ?",
    ),
    "absence twice": (
        "absences",
        ["anglais,C002,pending,", "anglais,C002,justified,"],
        "",
        "« C002 anglais » déjà donné ligne",
    ),
    "unknown state of absence": (
        "absences",
        ["anglais,C002,excused,"],
        "state",
        "« excused » · attendu : justified, unjustified, pending",
    ),
    "unknown block": (
        "candidates",
        [CANDIDATE.replace("*", "BC01 BC07")],
        "blocks",
        "bloc inconnu « BC07 » · attendu : *, BC01",
    ),
    "no block": ("candidates", [CANDIDATE.replace("*", "")], "blocks", "vide"),
    "access path that is closed": (
        "candidates",
        [CANDIDATE.replace("FI", "CL")],
        "access_path",
        "« CL » · attendu : FI, CA, FC, CQ, VAE",
    ),
    "day that is none": (
        "candidates",
        [CANDIDATE.replace("2024-09-09", "31/02/2024")],
        "entered_on",
        "« 31/02/2024 » · attendu : une date : 2026-02-10 ou 10/02/2026",
    ),
    "day with a two-digit year": (
        "candidates",
        [CANDIDATE.replace("2024-09-09", "09/09/24")],
        "entered_on",
        "« 09/09/24 »",
    ),
    "month that is none": (
        "candidates",
        [CANDIDATE.replace("1999-01-01", "1999-13")],
        "birth_date",
        "« 1999-13 » · attendu : 1990, 1990-05",
    ),
    "negative months": ("candidates", [CANDIDATE.replace(",6", ",-6")], "company_months", "« -6 »"),
    "identifier with a space": (
        "candidates",
        [CANDIDATE.replace("C901", "C 901")],
        "candidate_id",
        "« C 901 » · attendu : lettres sans accent",
    ),
    "control character": ("candidates", [CANDIDATE.replace("Roy", "R\x07oy")], "birth_name", "caractère de contrôle"),
    "submission of nobody": (
        "submissions",
        ["anglais,G-BC01-1,2026-05-20T09:00+02:00,"],
        "subject",
        "groupe de cette épreuve ou candidat « G-BC01-1 » : inconnu",
    ),
    "moment without offset": (
        "submissions",
        ["anglais,C001,2026-05-20T09:00,"],
        "received_at",
        "« 2026-05-20T09:00 » · attendu : date, heure et décalage",
    ),
    "extension without motive": (
        "extensions",
        ["anglais,C001,2026-06-20T09:00+02:00,,a.lefort"],
        "motive",
        "vide · attendu : une valeur",
    ),
    "unknown block or competence": (
        "acquired",
        ["C001,BC01.C9,vae_dispensation,,"],
        "item",
        "bloc ou compétence « BC01.C9 » : inconnu",
    ),
    "block held by a dispensation": (
        "acquired",
        ["C001,BC01,vae_dispensation,,"],
        "basis",
        "« vae_dispensation » · attendu : earlier_session, earlier_fiche",
    ),
    "juror of no college": (
        "jurors",
        ["J90,Anne Roy,F,school,yes,,"],
        "college",
        "« school » · attendu : employer, employee",
    ),
    "role that nobody has": (
        "people",
        ["P90,a.roy,grades,"],
        "role",
        "« grades » · attendu : lead, grader, secretary, juror, candidate",
    ),
    "login of an unknown candidate": ("people", ["C999,a.roy,candidate,"], "person_id", "candidat « C999 » : inconnu"),
    "grader of an unknown assessment": (
        "people",
        ["P90,a.roy,grader,bc01-etude"],
        "assessments",
        "épreuve inconnue « bc01-etude »",
    ),
    "more cells than columns": (
        "absences",
        ["anglais,C002,pending,malade, certificat à venir"],
        "",
        "5 cellules · attendu : 4 cellules · à faire : mettre entre guillemets",
    ),
    "quotation mark left open": ("absences", ['anglais,C002,pending,"malade'], "", "CSV illisible"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_wrong_is_told_where_it_stands(folder: Path, syllabus: Syllabus, name: str) -> None:
    table, rows, column, found = CHECKS[name]
    line = add(folder, table, *rows)
    (told,) = sentences(folder, syllabus)
    assert told.startswith(f"{table}.csv:{line} {column}".rstrip())
    assert found in told


def test_every_problem_of_every_table_is_told_at_once(folder: Path, syllabus: Syllabus) -> None:
    add(folder, "candidates", CANDIDATE.replace("*", "BC07"))
    add(folder, "groups", "anglais,C001,C002,,")
    add(folder, "jurors", "J90,Anne Roy,F,school,perhaps,,")
    tables = Counter(told.split(".csv")[0] for told in sentences(folder, syllabus))
    assert tables == {"candidates": 1, "groups": 1, "jurors": 2}


def test_nothing_is_recorded_when_a_row_is_wrong(ledger: Ledger, folder: Path, syllabus: Syllabus) -> None:
    head = ledger.append([])
    add(folder, "absences", "anglais,C999,pending,")
    with pytest.raises(JuryLabError):
        changes_of(ledger, folder, syllabus)
    assert ledger.append([]) == head


# Headers, empty files, files that are not there.


def test_a_wrong_header_proposes_the_nearest_column(folder: Path, syllabus: Syllabus) -> None:
    edit(folder, "absences", "candidate_id", "candidat_id")
    told = sentences(folder, syllabus)
    assert any("absences.csv:1 : colonne « candidate_id » absente" in line for line in told)
    assert any("colonne inconnue « candidat_id »" in line and "« candidate_id » ?" in line for line in told)


def test_a_column_given_twice(folder: Path, syllabus: Syllabus) -> None:
    edit(folder, "absences", "motive", "motive,motive")
    assert "absences.csv:1 : colonne « motive » en double" in sentences(folder, syllabus)


def test_columns_in_another_order(folder: Path, syllabus: Syllabus) -> None:
    rows = [[row[3], *row[:3]] for row in rows_of(DEMO / "absences.csv")]
    with (folder / "absences.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert read_cohort(folder, syllabus, Cohort()).tables == read_cohort(DEMO, syllabus, Cohort()).tables


@pytest.mark.parametrize("content", ["", "\n", "\n,,,\n"])
def test_an_empty_file(folder: Path, syllabus: Syllabus, content: str) -> None:
    (folder / "absences.csv").write_text(content, "utf-8")
    (told,) = sentences(folder, syllabus)
    assert told.startswith("absences.csv : fichier vide · attendu : un en-tête : assessment,candidate_id,state,motive")


def test_an_empty_folder(tmp_path: Path, syllabus: Syllabus) -> None:
    (told,) = sentences(tmp_path, syllabus)
    assert "aucune table de promotion · attendu : candidates.csv, groups.csv" in told


def test_a_path_that_is_not_there(tmp_path: Path, syllabus: Syllabus) -> None:
    (told,) = sentences(tmp_path / "promotion", syllabus)
    assert "introuvable · attendu : un dossier de CSV ou un fichier .xlsx" in told


def test_a_path_that_is_neither_folder_nor_workbook(syllabus: Syllabus) -> None:
    (told,) = sentences(DEMO / "candidates.csv", syllabus)
    assert "ni un dossier ni un classeur" in told


# Dates, numbers and the form of a French spreadsheet.


@pytest.mark.parametrize("written", ["2024-09-09", "09/09/2024", "9/9/2024"])
def test_a_day_may_be_written_the_french_way(folder: Path, syllabus: Syllabus, written: str) -> None:
    add(folder, "candidates", CANDIDATE.replace("2024-09-09", written))
    assert read(folder, syllabus).by_id["C901"].entered_on == date(2024, 9, 9)


@pytest.mark.parametrize(
    ("written", "kept"),
    [("1990", "1990"), ("1990-05", "1990-05"), ("1990-05-17", "1990-05-17"), ("17/05/1990", "1990-05-17"), ("", "")],
)
def test_a_birth_date_may_be_partly_unknown(folder: Path, syllabus: Syllabus, written: str, kept: str) -> None:
    add(folder, "candidates", CANDIDATE.replace("1999-01-01", written))
    assert read(folder, syllabus).by_id["C901"].birth_date == kept


def test_months_are_exact_and_may_be_empty(folder: Path, syllabus: Syllabus) -> None:
    add(folder, "candidates", CANDIDATE.replace(",6", ",5.7"), CANDIDATE.replace("C901", "C902").replace(",6", ","))
    candidates = read(folder, syllabus).by_id
    assert candidates["C901"].company_months == Fraction(57, 10)
    assert candidates["C902"].company_months is None


def read(path: Path, syllabus: Syllabus) -> Cohort:
    return Cohort(**read_cohort(path, syllabus, Cohort()).tables)


def as_french_spreadsheet(folder: Path, encoding: str) -> None:
    """Each table as Excel saves it in France: semicolons, decimal commas, CRLF."""
    for table in TABLES:
        rows = rows_of(folder / table.name)
        if table.stem == "candidates":
            rows = [[*row[:-1], row[-1].replace(".", ",")] for row in rows]
        with (folder / table.name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "séparateur « ; »"), ("utf-8-sig", "marque d'ordre des octets"), ("cp1252", "lu en Windows-1252")],
)
def test_a_french_spreadsheet_is_read_and_said(folder: Path, syllabus: Syllabus, encoding: str, said: str) -> None:
    for table in TABLES:  # Windows-1252 lacks some letters of some names
        text = table.read_text("utf-8").encode("cp1252", errors="ignore").decode("cp1252")
        (folder / table.name).write_text(text, "utf-8")
    wanted = read(folder, syllabus)
    as_french_spreadsheet(folder, encoding)
    files = read_cohort(folder, syllabus, Cohort())
    assert Cohort(**files.tables) == wanted
    assert any(notice.startswith("candidates.csv : séparateur « ; »") for notice in files.notices)
    assert any(notice.startswith("candidates.csv") and said in notice for notice in files.notices)


def test_a_decimal_comma_in_a_comma_file_is_refused(folder: Path, syllabus: Syllabus) -> None:
    line = add(folder, "candidates", CANDIDATE.replace(",6", ',"5,5"'))
    assert sentences(folder, syllabus) == [f"candidates.csv:{line} company_months : « 5,5 » · attendu : un nombre"]


def test_bytes_that_are_no_text(folder: Path, syllabus: Syllabus) -> None:
    (folder / "absences.csv").write_bytes(b"assessment,candidate_id,state,motive\nanglais,C002,pending,\x81\n")
    assert any("ni UTF-8 ni Windows-1252" in told for told in sentences(folder, syllabus))


# Faults told to the house: each mark goes when its fault does.


def test_one_wrong_day_is_told_once(folder: Path, syllabus: Syllabus) -> None:
    edit(folder, "candidates", "2024-09-09", "2024-13-09")
    assert len(sentences(folder, syllabus)) == 1


def test_a_candidate_under_the_id_of_a_recorded_group(folder: Path, syllabus: Syllabus) -> None:
    recorded = read(folder, syllabus)
    for table in TABLES:
        if table.stem != "candidates":
            (folder / table.name).unlink()
    add(folder, "candidates", CANDIDATE.replace("C901", "G-BC01-1"))
    assert any("G-BC01-1" in told for told in sentences(folder, syllabus, recorded))


def test_a_candidate_who_goes_while_recorded_groups_hold_them(folder: Path, syllabus: Syllabus) -> None:
    recorded = read(folder, syllabus)
    for table in TABLES:
        if table.stem != "candidates":
            (folder / table.name).unlink()
    row = next(line for line in (DEMO / "candidates.csv").read_text("utf-8").splitlines() if line.startswith("C001"))
    edit(folder, "candidates", row + "\n", "")
    assert any("C001" in told for told in sentences(folder, syllabus, recorded))


def test_a_past_in_another_order_changes_nothing(ledger: Ledger, folder: Path, syllabus: Syllabus) -> None:
    changes_of(ledger, folder, syllabus)
    header, *rows = (folder / "education.csv").read_text("utf-8").splitlines(keepends=True)
    (folder / "education.csv").write_text(header + "".join(reversed(rows)), "utf-8")
    assert changes_of(ledger, folder, syllabus) == []


def test_a_row_cut_short(folder: Path, syllabus: Syllabus) -> None:
    line = add(folder, "absences", "anglais,C002,pending")
    assert any(f"absences.csv:{line}" in told for told in sentences(folder, syllabus))


def test_a_day_in_week_form(folder: Path, syllabus: Syllabus) -> None:
    add(folder, "candidates", CANDIDATE.replace("2024-09-09", "2024-W37-1"))
    assert len(sentences(folder, syllabus)) == 1


def test_a_misspelt_table_is_told(folder: Path, syllabus: Syllabus) -> None:
    (folder / "extensions.csv").rename(folder / "extension.csv")
    assert any(
        "extension.csv ignoré" in text and "extensions.csv" in text
        for text in read_cohort(folder, syllabus, Cohort()).notices
    )

"""Documents: the same figures in every form, nothing hostile that runs, nothing fetched from elsewhere."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from grading.codes import BlockCode, Flag, TitleCode
from grading.course import Course
from grading.documents.assembly import css_text
from grading.documents.markers import block_markers
from grading.documents.recap_view import Work, recap_view
from grading.documents.stamp import sheet_file
from grading.documents.tables import recap_csv, recap_json
from grading.documents.webpage import recap_page, sheet_page
from grading.documents.workbook import recap_workbook
from grading.errors import JuryLabError
from grading.importing import import_cohort, import_marks
from grading.language import using
from tests.course_factory import copy_course, demo_course, edit

BLOCKS = ("BC01", "BC02", "BC03", "BC04", "BC05", "BC06")
FIGURES = ("company.months", "company.mark", "company.evaluation", "english.mark", "thesis.mark")
#: candidate -> (birth name, first names), each an attack on one of the forms.
HOSTILE = {
    "C001": ("=cmd()", "<script>alert(1)</script>"),
    "C002": ('"><img src=x onerror=alert(1)>', "O'Brien, \"dit\" l'Autre"),
    "C003": ("</style><b>", "{{ 7*7 }} ${7*7}"),
    "C004": ("@SUM(A1)", "https://exemple.invalid/"),
    "C005": ("-1+2", "\\3c b\\3e ; } body { display: none }"),
}
Table = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return demo_course(tmp_path_factory.mktemp("documents"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Course:
    folder = copy_course(tmp_path_factory.mktemp("hostile"))
    path = folder / "course" / "demo" / "candidates.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    for row in rows:
        row["birth_name"], row["first_names"] = HOSTILE.get(
            row["candidate_id"], (row["birth_name"], row["first_names"])
        )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    edit(folder / "course" / "demo" / "marks.csv", "CV fine, cover letter", "<script>alert(2)</script> letter")
    opened = Course(folder)
    import_cohort(opened, path.parent)
    import_marks(opened, path.parent / "marks.csv")
    return opened.refresh()


class Page(HTMLParser):
    """Tags with their attributes, the rows of each table body as cells, the text of style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[Cell]] = []
        self.raw: dict[str, str] = {"style": "", "script": ""}
        self.words: list[str] = []
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "br", "col"):
            self._inside.append(tag)
        if "tbody" in self._inside and tag == "tr":
            self.rows.append([])
        if "tbody" in self._inside and tag in ("th", "td"):
            self.rows[-1].append(Cell(dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._inside, f"</{tag}> closes nothing"
        assert self._inside.pop() == tag, f"</{tag}> out of place"

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] in self.raw:
            self.raw[self._inside[-1]] += data
            return
        self.words.append(data)
        if "tbody" in self._inside and ("th" in self._inside or "td" in self._inside):
            self.rows[-1][-1].pieces.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def attributes(self, name: str) -> list[str]:
        return [attributes[name] or "" for __, attributes in self.tags if name in attributes]


class Cell:
    def __init__(self, attributes: dict[str, str | None]) -> None:
        self.attributes = attributes
        self.pieces: list[str] = []

    @property
    def value(self) -> str:
        return self.attributes["data-v"] or ""


def by_candidate(rows: list[dict[str, str]]) -> Table:
    return {row["candidate_id"]: row for row in rows}


def of_csv(course: Course) -> Table:
    return by_candidate(list(csv.DictReader(io.StringIO(recap_csv(course)))))


def workbook(course: Course, folder: Path) -> Any:
    (folder / "recap.xlsx").write_bytes(recap_workbook(course))
    return openpyxl.load_workbook(folder / "recap.xlsx")


# The same figures in every form.


def test_csv_has_the_columns_of_the_contract(course: Course) -> None:
    text = recap_csv(course)
    expected = ["candidate_id", "birth_name", "usage_name", "first_names", "access_path"]
    expected += [f"{block}.{part}" for block in BLOCKS for part in ("mark", "proposal", "decision", "competences")]
    expected += [*FIGURES, "title.proposal", "title.decision", "flags"]
    assert text.splitlines()[0] == ",".join(expected)
    assert "\r" not in text
    assert len(of_csv(course)) == len(course.recap())
    assert of_csv(course)["C009"]["BC02.mark"] == "10.00"


def test_json_says_the_same(course: Course) -> None:
    expected = of_csv(course)
    for row in json.loads(recap_json(course)):
        told = expected[row["candidate_id"]]
        assert list(row) == list(told)
        for name, value in row.items():
            if name.endswith((".mark", ".evaluation", ".months")):
                assert value == (float(told[name]) if told[name] else None)
            else:
                assert value == told[name].removeprefix("'")


def test_the_page_says_the_same(course: Course) -> None:
    expected = of_csv(course)
    rows = Page(recap_page(course)).rows
    assert [row[1].pieces[0] for row in rows] == list(expected)
    for row in rows:
        told = expected[row[1].pieces[0]]
        for number, block in enumerate(BLOCKS):
            cell, decision = row[2 + 2 * number], row[3 + 2 * number]
            assert cell.value == told[f"{block}.mark"]
            assert cell.pieces[0] == told[f"{block}.mark"].replace(".", ",") or not cell.value
            assert told[f"{block}.proposal"] in cell.pieces
            assert not told[f"{block}.competences"] or told[f"{block}.competences"] in cell.pieces
            assert decision.pieces == []
        last = 2 + 2 * len(BLOCKS)
        for number, name in enumerate(FIGURES):
            assert row[last + number].value == told[name]
            assert row[last + number].pieces == ([told[name].replace(".", ",")] if told[name] else [])
        assert told["title.proposal"] in row[last + 5].pieces
        assert (row[last + 7].attributes["data-q"] or "").split() == told["flags"].split()


def test_the_workbook_says_the_same(course: Course, tmp_path: Path) -> None:
    sheet = workbook(course, tmp_path)["Récapitulatif"]
    expected = of_csv(course)
    names = [cell.value for cell in sheet[1]]
    assert names == recap_csv(course).splitlines()[0].split(",")
    assert sheet.max_row == len(expected) + 1
    for cells in sheet.iter_rows(min_row=2):
        told = expected[cells[0].value]
        for name, cell in zip(names, cells, strict=True):
            if name.endswith((".mark", ".evaluation", ".months")):
                assert cell.value == (float(told[name]) if told[name] else None)
                assert cell.value is None or cell.number_format == "0.00"
            else:
                assert (cell.value or "") == told[name].removeprefix("'")
    assert sheet.freeze_panes == "E2"
    assert sheet.auto_filter.ref.startswith("A1:")


def test_the_workbook_has_a_sheet_per_block_and_the_legend(course: Course, tmp_path: Path) -> None:
    book = workbook(course, tmp_path)
    assert book.sheetnames == ["Récapitulatif", *BLOCKS, "Légende"]
    expected = of_csv(course)
    for block in BLOCKS:
        head, *rows = list(book[block].values)
        assert [row[0] for row in rows] == list(expected)
        for row in rows:
            told = expected[row[0]]
            assert row[2] == (float(told[f"{block}.mark"]) if told[f"{block}.mark"] else None)
            assert row[3] == told[f"{block}.proposal"]
            competences = [one for name, one in zip(head, row, strict=True) if name.startswith(f"{block}.C")]
            above = sum(one is not None and one >= 10 for one in competences)
            assert not told[f"{block}.competences"] or told[f"{block}.competences"] == f"{above}/{len(competences)}"
    codes = {row[0] for row in book["Légende"].values}
    assert {str(code) for code in (*BlockCode, *TitleCode, *Flag)} <= codes


def test_the_workbook_has_the_same_bytes_twice(course: Course, tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    first.write_bytes(recap_workbook(course))
    second.write_bytes(recap_workbook(course.refresh()))
    assert first.read_bytes() == second.read_bytes()


def test_each_sheet_says_the_marks_of_the_recap(course: Course) -> None:
    for candidate, told in of_csv(course).items():
        page = Page(sheet_page(course, candidate))
        overview = page.rows[: len(BLOCKS)]
        assert [row[1].value for row in overview] == [told[f"{block}.mark"] for block in BLOCKS]
        shares = [told[f"{block}.competences"] for block in BLOCKS]
        assert [row[3].pieces for row in overview] == [[f"{one} acquises"] if one else [] for one in shares]


def test_a_sheet_holds_every_sentence_and_competence(course: Course) -> None:
    for candidate in course.recap()["candidate_id", ""]:
        sheet, text = course.sheet(candidate), Page(sheet_page(course, candidate)).text
        assert " ".join(sheet.sentence.split()) in text
        for part in sheet.blocks:
            assert part.sentence in text
            assert part.block.title in text
            for one in part.assessments:
                assert one.assessment.shown_title in text
                assert all(" ".join(criterion.text.split()) in text for criterion in one.criteria)


# What the documents show, case by case.


def test_a_sheet_tells_how_each_criterion_stands(course: Course) -> None:
    def text(candidate: str) -> str:
        return Page(sheet_page(course, candidate)).text

    assert "deux avis : l'accord reste à établir" in text("C013")
    assert "attend le second évaluateur" in text("C015")
    assert "pas encore noté" in text("C014")
    assert "non observé : ne compte pas" in text("C004")
    assert "sans objet pour ce type de projet (fiche) : ne compte pas" in text("C003")
    assert " sans objet : ne compte pas" in text("C005")
    assert "compte 0 (règlement)" in text("C032")
    assert "absent à cette épreuve : ne compte pas" in text("C010")
    assert "Absence justifiée." in text("C010")
    assert "Modulation +" in text("C006") + text("C007") + text("C008")
    assert "Jamais rendu" in text("C027")
    assert "de retard." in " ".join(text(candidate) for candidate in of_csv(course))
    assert "(délai accordé)" in text("C015")
    assert "née Perrault" in text("C017")


def test_no_motive_of_an_absence_is_told(course: Course) -> None:
    assert "audience" not in sheet_page(course, "C033")


def test_markers_of_blocks_are_the_flags_of_candidates(course: Course) -> None:
    reckoning = course.reckoning()
    for flag, holds in block_markers(reckoning).items():
        marked, flagged = holds.any(axis=1), reckoning.flag_table[flag]
        assert not (marked & ~flagged).any(), flag  # a mission or English may raise a flag that no block bears
        if flag in (Flag.PROCHE_SEUIL, Flag.DETERMINANT):
            assert (marked == flagged).all(), flag


def test_each_candidate_is_in_one_group_of_work(course: Course) -> None:
    view = recap_view(course, None)
    assert sum(group.size for group in view.groups) == len(view.lines)
    work = {line.candidate_id: line.work for line in view.lines}
    assert work["C001"] == Work.CLEAN
    assert work["C007"] == work["C008"] == work["C018"] == work["C028"] == Work.DELIBERATE
    assert work["C013"] == Work.INCOMPLETE
    assert Work.DECIDED not in work.values()


def test_every_code_is_in_the_legend(course: Course) -> None:
    page = recap_page(course)
    text = Page(page[page.index('<section id="legende"') : page.index("</main>")]).text
    for code in (*BlockCode, *TitleCode, *Flag):
        assert f" {code} " in text


def test_the_page_says_what_it_shows(course: Course) -> None:
    with course.ledger.reading() as reader:
        head = reader.head()
    page = recap_page(course)
    text = Page(page).text
    assert course.syllabus.title["fr"] in text
    assert "règlement 2026-1" in text
    assert f"{head.count}:{head.hash[:12]}" in text
    assert str(head) in page
    assert str(head) in sheet_page(course, "C001")


def test_a_past_state_is_said(course: Course) -> None:
    assert "état au 31/12/2099" in recap_page(course, datetime(2099, 12, 31, 12, tzinfo=UTC))


def test_names_link_to_the_sheets_that_are_there(course: Course) -> None:
    assert "fiche-C001.html" not in recap_page(course)
    course.documents.mkdir(parents=True, exist_ok=True)
    try:
        (course.documents / "fiche-C001.html").write_text("", encoding="utf-8")
        assert [h for h in Page(recap_page(course)).attributes("href") if h[0] != "#"] == ["fiche-C001.html"]
    finally:
        shutil.rmtree(course.documents)
    assert sheet_file("../../x y") == "fiche-.._.._x_y.html"


def test_an_unknown_candidate_is_refused(course: Course) -> None:
    with pytest.raises(JuryLabError, match="C999"):
        sheet_page(course, "C999")


def test_marks_have_a_dot_in_english(course: Course) -> None:
    with using("en"):
        assert '<html lang="en">' in recap_page(course)
        assert ">14.67<" in recap_page(course)


# Hostile names.


@pytest.mark.parametrize("make", [recap_page, lambda course: sheet_page(course, "C001")], ids=["recap", "sheet"])
def test_a_page_fetches_nothing_and_runs_only_its_own_script(hostile: Course, make: Any) -> None:
    text = make(hostile)
    page = Page(text)
    tags = [tag for tag, __ in page.tags]
    assert tags.count("script") == 1
    assert tags.count("style") == 1
    assert not {"img", "link", "iframe", "object", "embed", "form", "base", "svg"} & set(tags)
    names = {name for __, attributes in page.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("src", "style", "srcset", "action")]
    assert all(re.fullmatch(r"#[a-z0-9-]+|fiche-[\w.-]+\.html", target) for target in page.attributes("href"))
    assert "@import" not in page.raw["style"]
    assert "url(" not in page.raw["style"]
    assert not re.search(r"fetch|XMLHttp|import\(|innerHTML|eval", page.raw["script"])
    policy = page.attributes("content")[0]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for raw in page.raw.values():
        assert base64.b64encode(hashlib.sha256(raw.encode()).digest()).decode() in policy


def test_hostile_names_are_shown_as_they_are(hostile: Course) -> None:
    page = Page(recap_page(hostile))
    for number, (birth, first) in enumerate(HOSTILE.values()):
        assert page.rows[number][0].pieces[0] == f"{birth} {first}"
    assert page.attributes("title").count("=cmd() <script>alert(1)</script>") == 1


@pytest.mark.parametrize("candidate", HOSTILE)
def test_hostile_names_in_a_sheet(hostile: Course, candidate: str) -> None:
    page = Page(sheet_page(hostile, candidate))
    assert " ".join(" ".join(HOSTILE[candidate]).split()) in page.text
    assert [tag for tag, __ in page.tags].count("script") == 1
    assert "<script" not in page.raw["style"]
    assert "display: none }" not in page.raw["style"]


def test_hostile_text_in_tables(hostile: Course, tmp_path: Path) -> None:
    table = of_csv(hostile)
    assert table["C001"]["birth_name"] == "'=cmd()"
    assert table["C001"]["first_names"] == "<script>alert(1)</script>"
    assert table["C002"]["first_names"] == HOSTILE["C002"][1]
    assert table["C004"]["birth_name"] == "'@SUM(A1)"
    assert table["C005"]["birth_name"] == "'-1+2"
    plain = {row["candidate_id"]: row for row in json.loads(recap_json(hostile))}
    assert [plain[one]["birth_name"] for one in HOSTILE] == [birth for birth, __ in HOSTILE.values()]
    book = workbook(hostile, tmp_path)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type in ("s", "n") and cell.hyperlink is None for cell in row)
    first = book["Récapitulatif"][2]
    assert first[1].value == "=cmd()"
    assert first[1].quotePrefix
    assert not first[3].quotePrefix


def test_no_character_of_a_name_ends_a_css_string() -> None:
    assert css_text('a"b</style>') == '"a\\22 b\\3c \\2f style\\3e "'


# In a browser (.ci/run).


@pytest.mark.browser
def test_the_page_sorts_and_filters(hostile: Course, tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    (tmp_path / "recap.html").write_text(recap_page(hostile), encoding="utf-8")
    (tmp_path / "sheet.html").write_text(sheet_page(hostile, "C001"), encoding="utf-8")
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.goto(f"file://{tmp_path}/recap.html")
        marks = "[...document.querySelectorAll('tbody tr')].map(row => row.cells[2].dataset.v)"
        head = page.locator("thead tr:nth-child(2) th").first
        head.locator("button").press("Enter")
        assert head.get_attribute("aria-sort") == "ascending"
        values = page.evaluate(marks)
        known = [float(one) for one in values if one]
        assert known == sorted(known)
        assert values[len(known) :] == [""] * (len(values) - len(known))
        head.locator("button").click()
        assert head.get_attribute("aria-sort") == "descending"
        assert [float(one) for one in page.evaluate(marks) if one] == sorted(known, reverse=True)
        page.get_by_role("button", name="Incomplets").click()
        shown = page.locator("tbody tr:visible")
        assert f"Incomplets{shown.count()}" in (page.locator("[data-work=incomplete]").text_content() or "")
        page.get_by_role("button", name="Tous").click()
        page.get_by_role("searchbox").fill("leila")
        assert shown.count() == 1
        assert "Candidats montrés : 1 sur 34" in (page.get_by_role("status").text_content() or "")
        page.goto(f"file://{tmp_path}/sheet.html")
        page.get_by_role("button", name="Ouvrir tous").click()
        assert page.locator("details:not([open])").count() == 0
        browser.close()
    assert said == []

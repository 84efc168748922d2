"""nbgrader's own formgrader on our course: it shows the marks written through, and runs nothing that a candidate left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from grading.course import Course
from grading.marking import record_mark
from grading.notebooks.autograding import autograde
from grading.notebooks.collecting import collect
from grading.notebooks.gradebook import write_through
from grading.notebooks.nbcourse import opened_gradebook
from grading.notebooks.releasing import release
from tests.browser.lab import ARGUMENTS, CHROMIUM, lab
from tests.case_factory import GOOD, SLUG, case_course, hand_in

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]
CANARY = "<img src=x onerror=\"window.canari='joué'\"><script>window.canari='joué'</script><b>gras</b>"
CLOSING = '"><script>window.canari="nom"</script>'
SOURCE = f"""{GOOD["question-total"]}
from IPython.display import HTML, Markdown, display
display(HTML({CANARY!r}), Markdown({CANARY!r}), ventes)"""


def changed(notebook: dict[str, Any]) -> None:
    """Cells of their own, whose nbgrader name and code would end formgrader's own tags."""
    about = {"grade": True, "solution": True, "locked": False, "task": False, "schema_version": 3, "points": 3}
    for kind in ("markdown", "raw"):
        cell = {"cell_type": kind, "id": f"ajout-{kind}", "source": f"Ajout {CANARY}",
                "metadata": {"nbgrader": {**about, "grade_id": CLOSING + kind}, "raw_mimetype": "text/html"}}  # fmt: skip
        notebook["cells"].append(cell)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = case_course(tmp_path_factory.mktemp("formgrader") / "cours")
    release(made, SLUG)
    box = made.folder / "rendus"
    answers = {**GOOD, "question-total": SOURCE, "question-avis": f"Notre avis {CANARY}"}
    hand_in(made, box, "C005", "2026-05-14 10:00:00.000000 UTC", answers, change=changed)
    collect(made, SLUG, box)
    autograde(made, SLUG)
    given = {"assessment": SLUG, "subject": "G-BC06-2", "grader": "f.diallo", "state": "marked"}
    record_mark(made, {**given, "criterion": "REAL.1", "level": "3", "value": "13.5"})
    record_mark(made, {**given, "criterion": "DEM.1", "level": "4", "value": "18"})
    write_through(made.refresh(), [SLUG])
    return made


@pytest.fixture(scope="module")
def page(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    home: Path = tmp_path_factory.mktemp("maison")
    with lab(course.folder, home) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, base_url=address)
        found = context.new_page()
        found.goto("/lab?token=essai")  # the session's cookie
        yield found
        browser.close()


def submission(course: Course, who: str) -> str:
    with opened_gradebook(course) as book:
        return str(book.find_submission_notebook(SLUG, SLUG, who).id)


def test_formgrader_shows_the_marks_written_through(page: Page, course: Course) -> None:
    page.goto(f"/formgrader/submissions/{submission(course, 'C006')}")
    score = page.locator(".score").filter(visible=True)
    expect(score.first).to_be_visible(timeout=60_000)
    shown = {one.get_attribute("id"): one.input_value() for one in score.all()}
    assert shown["critere-REAL-1"] == "2.025"  # 3 x 13.5 / 20
    assert shown["critere-DEM-1"] == "1.8"  # 2 x 18 / 20
    assert shown["critere-DEM-2"] == ""  # missing is not 0


def test_nothing_that_a_candidate_left_runs_there(page: Page, course: Course) -> None:
    for who in ("C005", "C007"):
        page.goto(f"/formgrader/submissions/{submission(course, who)}")
        expect(page.locator("b", has_text="gras").first).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Ajout").first).to_be_visible()
        page.wait_for_timeout(500)
        assert page.evaluate("window.canari") is None
        expect(page.locator("table.dataframe td", has_text="30")).to_have_count(1)  # and a table is still a table
        asked = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
        assert not [one for one in asked if one.endswith("/x")]


def test_the_gradebook_lists_the_work(page: Page) -> None:
    page.goto(f"/formgrader/gradebook/{SLUG}/{SLUG}")
    expect(page.get_by_text("Submission #1", exact=False).first).to_be_visible(timeout=60_000)

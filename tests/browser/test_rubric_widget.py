"""The rubric widget in a real JupyterLab, by mouse and by keyboard; what the ledger holds afterwards."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from grading.course import Course
from grading.ledger.work_events import run_event
from grading.marks import Mark, MarkState
from grading.works import CheckedCell, Run, RunState
from tests.browser.lab import ARGUMENTS, CHROMIUM, lab, write_notebook
from tests.course_factory import demo_people

pytestmark = [pytest.mark.browser]
SLUG, GROUP, GRADER = "bc06-strategie-digitale", "G-BC06-2", "f.diallo"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The fictional cohort without a mark; one work executed."""
    made = demo_people(tmp_path_factory.mktemp("cours"))
    cells = (CheckedCell("controle-a", Fraction(7), Fraction(10)),)
    made.ledger.append([run_event(Run(SLUG, GROUP, "k", RunState.RAN, "", cells, "bubblewrap"))])
    write_notebook(
        made.folder / "grille.ipynb",
        "from jurylab_widgets import RubricWidget\n"
        f"RubricWidget({str(made.folder)!r}, {SLUG!r}, {GROUP!r}, grader={GRADER!r})",
    )
    return made


@pytest.fixture(scope="module")
def page(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with lab(course.folder, tmp_path_factory.mktemp("maison")) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        found = browser.new_page(viewport={"width": 1400, "height": 1000})
        found.goto(f"{address}/lab/tree/grille.ipynb?token=essai")
        found.get_by_role("region", name="notebook content").or_(found.locator(".jp-Notebook")).first.wait_for(
            timeout=90_000
        )
        found.locator(".jp-Notebook .jp-Cell").first.click()
        found.keyboard.press("Shift+Enter")
        found.locator(".jl-rubric").wait_for(timeout=90_000)
        yield found
        browser.close()


@pytest.fixture
def rubric(page: Page) -> Locator:
    return page.locator(".jl-rubric")


def marks(course: Course) -> dict[tuple[str, str], Mark]:
    return {(m.criterion, m.subject): m for m in course.current_marks() if m.assessment == SLUG}


def recorded(course: Course, criterion: str, subject: str = GROUP, **wanted: object) -> None:
    """Waits until the ledger holds a mark with these parts."""
    limit = time.monotonic() + 15
    found: dict[str, object] = {}
    while time.monotonic() < limit:
        mark = marks(course).get((criterion, subject))
        found = {name: getattr(mark, name, None) for name in wanted}
        if found == wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"{criterion}: {found} instead of {wanted}")


def acknowledged(rubric: Locator) -> None:
    expect(rubric.locator(".jl-state.pending")).to_have_count(0, timeout=15_000)
    expect(rubric.locator(".jl-said.good")).to_have_text(re.compile(r"enregistré \d\d:\d\d:\d\d"), timeout=15_000)


def test_a_level_by_mouse_is_a_mark_of_the_ledger(rubric: Locator, course: Course) -> None:
    rubric.locator("[data-key='level REAL.1 G-BC06-2 3']").click()
    recorded(course, "REAL.1", level=3, quarters=52, grader=GRADER)
    acknowledged(rubric)
    rubric.get_by_role("button", name="Un quart de point de plus").click()
    recorded(course, "REAL.1", value="13.25")
    expect(rubric.locator(".jl-stepper output")).to_have_text("13,25 / 20")


def test_a_comment_keeps_every_character(rubric: Locator, course: Course, page: Page) -> None:
    area = rubric.locator("textarea").first
    area.fill('Coûts & gains <b>"justes"</b>, 1 point manque')
    area.blur()
    recorded(course, "REAL.1", comment='Coûts & gains <b>"justes"</b>, 1 point manque', quarters=53)
    assert page.locator(".jl-rubric b", has_text="justes").count() == 0


def test_the_keyboard_alone(rubric: Locator, course: Course, page: Page) -> None:
    rubric.locator("[data-key='level REAL.1 G-BC06-2 3']").focus()
    page.keyboard.press("ArrowDown")
    expect(rubric.locator(".jl-card.open .jl-id")).to_have_text("REAL.2")
    press(page, "Digit4", "'")  # the AZERTY board's key
    recorded(course, "REAL.2", level=4)
    acknowledged(rubric)
    press(page, "ArrowUp", "ArrowUp", shift=True)
    recorded(course, "REAL.2", quarters=73)
    acknowledged(rubric)
    press(page, "ArrowLeft", "ArrowLeft")
    recorded(course, "REAL.2", level=3)
    press(page, "Numpad2", "ArrowDown")  # NumLock off: an arrow, no digit
    expect(rubric.locator(".jl-card.open .jl-id")).to_have_text("REAL.4")
    press(page, "Digit0", "à")
    recorded(course, "REAL.4", state=MarkState.NOT_OBSERVED)


def press(page: Page, code: str, key: str, shift: bool = False) -> None:
    """A key by its place and what the board's layout makes of it."""
    session = page.context.new_cdp_session(page)
    text = key if len(key) == 1 else ""
    about: dict[str, Any] = {"code": code, "key": key, "modifiers": 8 if shift else 0}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **about, **({"text": text} if text else {})})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **about})


def test_letters_typed_in_a_comment_are_no_commands(rubric: Locator, course: Course, page: Page) -> None:
    before = marks(course)
    area = rubric.locator("textarea").first
    area.focus()
    page.keyboard.type("1 2 3 & ?")
    assert area.input_value().endswith("1 2 3 & ?")
    assert marks(course) == before
    page.keyboard.press("Escape")


def test_a_proposal_waits_and_is_confirmed(rubric: Locator, course: Course) -> None:
    rubric.locator("[data-key='card DEM.5']").click()
    expect(rubric.locator(".jl-proposal")).to_contain_text("proposé par l'heure du dépôt : à temps (règlement)")
    assert ("DEM.5", GROUP) not in marks(course)
    rubric.get_by_role("button", name="Confirmer", exact=True).click()
    recorded(course, "DEM.5", quarters=72)


def test_each_member_has_their_own_line(rubric: Locator, course: Course) -> None:
    rubric.locator("[data-key='card X.soutenance']").click()
    expect(rubric.locator(".jl-entry")).to_have_count(4)
    rubric.locator("[data-key='level X.soutenance C006 2']").click()
    recorded(course, "X.soutenance", "C006", level=2)
    assert ("X.soutenance", "C005") not in marks(course)


def test_the_total_is_the_reckoning(rubric: Locator, course: Course) -> None:
    reckoning = course.refresh().reckoning()
    number = reckoning.layout.assessment_index[SLUG]
    hundredths = int(reckoning.scores.assessment[reckoning.row_of["C006"], number])
    shown = f"{hundredths // 100},{hundredths % 100:02d} / 20 provisoire"
    expect(rubric.locator(".jl-totals tr", has_text="Anne-Laure")).to_contain_text(shown)


def test_a_refused_change_is_told_and_undone(rubric: Locator, course: Course, page: Page) -> None:
    """Another grader has marked it meanwhile: the rule of one grader per work refuses."""
    from grading.marking import record_mark

    row = {
        "assessment": SLUG,
        "subject": GROUP,
        "criterion": "DEM.4",
        "grader": "t.nguyen",
        "state": "marked",
        "level": "2",
    }
    record_mark(course, row)
    rubric.locator("[data-key='card DEM.4']").click()
    rubric.locator("[data-key='level DEM.4 G-BC06-2 4']").click()
    expect(rubric.locator(".jl-said.bad")).to_contain_text("2 évaluateurs sur un même critère", timeout=15_000)
    expect(rubric.locator("[data-key='level DEM.4 G-BC06-2 4']")).to_have_attribute("aria-checked", "false")

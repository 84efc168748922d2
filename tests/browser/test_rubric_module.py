"""The rubric's module alone in Chromium, with a host that answers when it is told to: quick keys, typing, refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from grading.work import work_view
from jurylab_widgets.rubric import texts
from tests.browser.lab import ARGUMENTS, CHROMIUM
from tests.course_factory import ROOT, demo_people

pytestmark = [pytest.mark.browser]
MODULE = (ROOT / "extensions" / "jurylab_widgets" / "rubric.js").read_text(encoding="utf-8")
HOST = """async ([source, view, texts]) => {
  const module = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const heard = {};
  const host = window.host = {
    view, sent: [], module,
    get: (name) => (name === "texts" ? texts : host.view),
    on: (name, does) => { heard[name] = does; }, off() {},
    send: (content) => host.sent.push(content),
    answer: (message) => heard["msg:custom"](message),
    show: (view) => { host.view = view; heard["change:view"](); },
  };
  document.body.replaceChildren();
  module.default.render({ model: host, el: document.body });
}"""


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return work_view(demo_people(tmp_path_factory.mktemp("cours")), "bc06-strategie-digitale", "G-BC06-2", "f.diallo")


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser.new_page()
        browser.close()


@pytest.fixture
def page(browser_page: Page, view: dict[str, Any]) -> Page:
    browser_page.evaluate(HOST, [MODULE, view, texts()])
    return browser_page


def sent(page: Page) -> list[dict[str, Any]]:
    return list(page.evaluate("host.sent"))


def marked(view: dict[str, Any], turn: int, **mark: Any) -> dict[str, Any]:
    """The view after the server has recorded a mark on the first criterion."""
    after = json.loads(json.dumps(view))
    after["turn"] = turn
    after["criteria"][0]["marks"][0]["mark"] = {"state": "marked", "comment": "", "shown": "13", **mark}
    return dict(after)


def first_level(page: Page, level: int) -> str:
    return f"[data-key='level REAL.1 G-BC06-2 {level}']"


def test_quick_keys_add_up_before_any_answer(page: Page) -> None:
    page.locator(first_level(page, 3)).click()
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Shift+ArrowDown")
    assert [one["value"] for one in sent(page)] == ["", "13.25", "13.5", "13.25"]
    assert [one["level"] for one in sent(page)] == [3, 3, 3, 3]
    assert page.locator(".jl-stepper output").inner_text() == "13,25 / 20"
    assert page.locator(".jl-state.pending").count() == 1


def test_an_old_answer_does_not_undo_a_newer_key(page: Page, view: dict[str, Any]) -> None:
    page.locator(first_level(page, 3)).click()
    page.keyboard.press("Digit4")
    page.evaluate("([after]) => { host.answer({id: 1, kind: 'ack', at: '10:00:00'}); host.show(after); }",
                  [marked(view, 1, level=3, quarters=52)])  # fmt: skip
    assert page.locator(first_level(page, 4)).get_attribute("aria-checked") == "true"
    page.evaluate("([after]) => { host.answer({id: 2, kind: 'ack', at: '10:00:01'}); host.show(after); }",
                  [marked(view, 2, level=4, quarters=72, shown="18")])  # fmt: skip
    assert page.locator(first_level(page, 4)).get_attribute("aria-checked") == "true"
    assert page.locator(".jl-state.pending").count() == 0
    assert "10:00:01" in page.locator(".jl-said").inner_text()


def test_a_refused_change_goes_back_to_what_is_recorded(page: Page) -> None:
    page.locator(first_level(page, 2)).click()
    page.evaluate("host.answer({id: 1, kind: 'refused', problems: ['un seul évaluateur']})")
    assert page.locator(first_level(page, 2)).get_attribute("aria-checked") == "false"
    assert "un seul évaluateur" in page.locator(".jl-said.bad").inner_text()


def test_a_comment_goes_with_the_level_just_chosen(page: Page) -> None:
    page.locator(first_level(page, 3)).click()
    area = page.locator("textarea").first
    area.fill("Trois scénarios chiffrés")
    area.blur()
    assert sent(page)[-1] == {"kind": "mark", "subject": "G-BC06-2", "criterion": "REAL.1", "state": "marked", "level": 3,
                              "value": "", "comment": "Trois scénarios chiffrés", "id": 2}  # fmt: skip


def test_typing_goes_on_while_an_answer_arrives(page: Page, view: dict[str, Any]) -> None:
    page.locator(first_level(page, 3)).click()
    page.locator("textarea").first.click()
    page.keyboard.type("Plan clair")
    page.keyboard.press("Home")
    page.evaluate("([after]) => { host.answer({id: 1, kind: 'ack', at: '10:00:00'}); host.show(after); }",
                  [marked(view, 1, level=3, quarters=52)])  # fmt: skip
    page.keyboard.type("Un ")
    assert page.locator("textarea").first.input_value() == "Un Plan clair"
    assert len(sent(page)) == 1
    page.locator("textarea").first.blur()
    assert sent(page)[-1]["comment"] == "Un Plan clair"


def test_more_typed_after_a_comment_was_sent_is_kept(page: Page, view: dict[str, Any]) -> None:
    page.locator(first_level(page, 3)).click()
    area = page.locator("textarea").first
    area.fill("Un")
    area.blur()
    area.fill("Un deux")
    page.evaluate("([after]) => { host.answer({id: 2, kind: 'ack', at: '10:00:00'}); host.show(after); }",
                  [marked(view, 2, level=3, quarters=52, comment="Un")])  # fmt: skip
    assert page.locator("textarea").first.input_value() == "Un deux"
    page.locator("textarea").first.blur()
    assert sent(page)[-1]["comment"] == "Un deux"


@pytest.mark.parametrize(
    ("event", "digit"),
    [
        ({"code": "Digit3", "key": '"'}, 3),  # AZERTY without Shift
        ({"code": "Digit3", "key": "3"}, 3),
        ({"code": "Numpad4", "key": "4"}, 4),
        ({"code": "Numpad4", "key": "ArrowLeft"}, None),  # NumLock off
        ({"code": "Digit1", "key": "1", "ctrlKey": True}, None),
        ({"code": "KeyA", "key": "a"}, None),
        ({"code": "", "key": "5"}, None),
    ],
)
def test_a_digit_by_its_place(page: Page, event: dict[str, Any], digit: int | None) -> None:
    assert page.evaluate("(event) => host.module.digitOf(event)", event) == digit


@pytest.mark.parametrize(("quarters", "by", "after"), [(52, 1, 53), (63, 1, 63), (40, -1, 40), (40, 1, 41)])
def test_a_step_stays_inside_its_level(page: Page, quarters: int, by: int, after: int) -> None:
    found = page.evaluate("([q, by]) => host.module.stepped(q, by, {low: 40, high: 63})", [quarters, by])
    assert found == after


def test_nothing_that_people_wrote_becomes_an_element(page: Page, view: dict[str, Any]) -> None:
    word = "<img src=x onerror=window.canari=1>"
    after = marked(view, 0, level=3, quarters=52, comment=word)
    after["assessment"]["title"] = after["subject"]["members"][0]["name"] = word
    after["facts"] = [{"text": word, "look": True}]
    after["criteria"][0].update(text=word, note=word, descriptors={"1": word})
    page.evaluate("([after]) => host.show(after)", [after])
    page.wait_for_timeout(200)
    assert page.locator("img").count() == 0
    assert page.evaluate("window.canari") is None


def test_the_module_reads_no_file_of_the_network() -> None:
    assert "http" not in MODULE.replace("https://anywidget", "")
    assert Path(ROOT / "extensions" / "jurylab_widgets" / "rubric.css").read_text().count("url(") == 0

"""Documentation is tested: commands, settings, rubric fields, golden sentences."""

from __future__ import annotations

import argparse
import dataclasses
import re

import pytest

from grading.cli import build_parser
from grading.codes import BlockCode, Flag, TitleCode, block_meaning, flag_meaning, title_meaning
from grading.regulation import Regulation
from grading.rubric import Level, RubricCriterion
from tests.course_factory import ROOT

DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}

    def walk(parser: argparse.ArgumentParser, name: str) -> None:
        families = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
        for family in families:
            for word, child in family.choices.items():
                walk(child, f"{name} {word}")
        if not families:
            found[name] = parser

    walk(build_parser(), "jurylab")
    return found


@pytest.mark.parametrize("name", commands())
def test_each_command_and_option_is_documented(name: str) -> None:
    section = page("commandes.md").split(f"## `{name}", 1)
    assert len(section) == 2, f"{name} has no section"
    text = section[1].split("\n## ", 1)[0]
    options = [o for action in commands()[name]._actions for o in action.option_strings if o.startswith("--")]
    missing = [o for o in options if o not in ("--help", "--course", "--json") and f"`{o}" not in text]
    assert not missing


@pytest.mark.parametrize("setting", [field.name for field in dataclasses.fields(Regulation)])
def test_each_setting_of_the_regulation_is_documented(setting: str) -> None:
    assert f"`{setting}`" in page("reglement.md")
    assert re.search(rf"^{setting}:", (ROOT / "course" / "regulation.yaml").read_text(encoding="utf-8"), re.M)


def test_each_field_of_a_rubric_is_documented() -> None:
    names = ["assessment", "kind", "block", "project", "coefficient", "levels", "criteria", "scope", "min", "max"]
    names += [
        f.name for f in dataclasses.fields(RubricCriterion) if f.name not in ("individual", "sans_objet", "determinant")
    ]
    names += [f.name for f in dataclasses.fields(Level) if f.name not in ("lowest", "highest")]
    assert [name for name in names if f"`{name}`" not in page("grilles.md")] == []


@pytest.mark.parametrize("code", [*BlockCode, *TitleCode, *Flag])
def test_each_code_has_a_label_and_a_meaning(code: BlockCode | TitleCode | Flag) -> None:
    meaning = {BlockCode: block_meaning, TitleCode: title_meaning, Flag: flag_meaning}[type(code)](code)  # type: ignore[operator]
    assert all(meaning)
    assert meaning.sentence.endswith(".")


def test_links_between_pages_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *DOCS.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (path.parent / target).exists(), f"{path.name} -> {target}"


def test_golden_sentences() -> None:
    """`docs/phrases.md` holds one sentence for every code and mix of reasons; each is what the engine says today."""
    from tests.golden import page_text

    assert page("phrases.md") == page_text(), "make it again: python -m tests.golden"


@pytest.mark.parametrize("code", [*BlockCode, *TitleCode, *Flag])
def test_the_juror_page_shows_the_same_signs(code: BlockCode | TitleCode | Flag) -> None:
    meaning = {BlockCode: block_meaning, TitleCode: title_meaning, Flag: flag_meaning}[type(code)](code)  # type: ignore[operator]
    assert f"| `{code}` | {meaning.glyph} |" in page("jury.md")

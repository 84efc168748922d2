"""The catalogue: every message of the source has its English, and the two languages read as they should."""

from __future__ import annotations

import re
import string
import tomllib

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from grading.cli import main
from grading.codes import BlockCode, block_meaning
from grading.course import Course
from grading.language import plural, using
from grading.sentences import block_sentence, title_sentence
from tests.course_factory import ROOT, demo_course

FOLDER = ROOT / "grading" / "locale" / "en" / "LC_MESSAGES"


def texts(catalogue: Catalog) -> dict[str, str]:
    """French -> English, without the header."""
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def source_messages() -> set[str]:
    """What `make catalogue` extracts, by the mappings of pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = settings["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {m["pattern"]: {k: v for k, v in m.items() if k not in ("pattern", "method")} for m in mappings}
    found = extract_from_dir(ROOT, methods, options, keywords={"_": None})
    return {str(message) for _file, _line, message, _comments, _context in found}


def fields(text: str) -> set[str]:
    """Placeholders: {name}, and the letters of a date format."""
    named = {part[1] for part in string.Formatter().parse(text) if part[1] is not None}
    return named | set(re.findall(r"%[A-Za-z]", text))


def outer_spaces(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text) - len(text.rstrip())


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (FOLDER / "jurylab.po").open("rb") as file:
        return read_po(file, locale="en")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return demo_course(tmp_path_factory.mktemp("language"))


@pytest.fixture(autouse=True)
def no_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JURYLAB_LANG", raising=False)


def test_every_message_is_translated_and_none_is_obsolete(catalogue: Catalog) -> None:
    wanted, known = source_messages(), texts(catalogue)
    assert sorted(wanted - set(known)) == [], "make catalogue, then translate"
    assert sorted(set(known) - wanted) == [], "make catalogue"
    assert not catalogue.obsolete
    assert [french for french, english in known.items() if not english.strip()] == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


def test_a_translation_keeps_placeholders_and_outer_spaces(catalogue: Catalog) -> None:
    for french, english in texts(catalogue).items():
        assert fields(french) == fields(english), french
        assert outer_spaces(re.sub(" (?=[:;?!])", "", french)) == outer_spaces(english), french


def test_english_has_no_french_typography(catalogue: Catalog) -> None:
    assert [english for english in texts(catalogue).values() if re.search(r"\S [:;?!]|[«»]", english)] == []


def test_the_compiled_catalogue_is_the_written_one(catalogue: Catalog) -> None:
    with (FOLDER / "jurylab.mo").open("rb") as file:
        assert texts(read_mo(file)) == texts(catalogue)


def test_a_block_sentence_follows_the_language(course: Course) -> None:
    reckoning = course.reckoning()
    row = reckoning.row_of["C001"]
    french = block_sentence(reckoning, row, 0)
    assert french.startswith("La note du bloc, 14,67 sur 20, atteint le seuil de 10,00 (règlement)")
    assert not re.search(r"\d\.\d\d\b", french)
    with using("en"):
        english = block_sentence(reckoning, row, 0)
        assert english.startswith("The block's mark, 14.67 out of 20, reaches the pass mark of 10.00 (regulation)")
        assert not re.search(r"\d,\d", english + title_sentence(reckoning, row))
    assert block_sentence(reckoning, row, 0) == french


def test_the_variable_chooses_and_an_unknown_language_is_french(monkeypatch: pytest.MonkeyPatch) -> None:
    assert block_meaning(BlockCode.VAL).label == "validé"
    for value, label in (("en", "validated"), ("en_GB.UTF-8", "validated"), ("de", "validé"), ("", "validé")):
        monkeypatch.setenv("JURYLAB_LANG", value)
        assert block_meaning(BlockCode.VAL).label == label


@pytest.mark.parametrize(("language", "zero"), [("fr", "one"), ("en", "many")])
def test_nought_is_singular_in_french_only(language: str, zero: str) -> None:
    with using(language):
        assert [plural("one", "many", count) for count in (0, 1, 2)] == [zero, "one", "many"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "show everything on a fictional cohort"), ("fr", "tout montrer sur une promotion fictive")],
)
def test_help_is_in_the_language(
    language: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JURYLAB_LANG", language)
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    assert said in capsys.readouterr().out

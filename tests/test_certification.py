"""The registered text, quoted exactly; and an invented fiche, which shows that nothing of RNCP35284 is hard-coded."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from grading.certification import Certification
from grading.codes import AccessPath
from grading.course import Course
from grading.errors import Problems
from grading.ledger import cohort_events, mark_events
from grading.loading.certification_file import certification_from
from grading.loading.cohort_files import read_cohort
from grading.loading.course_files import read_syllabus
from grading.loading.marks_file import read_marks
from grading.recap import figure_text, flat_name

ROOT = Path(__file__).resolve().parent.parent
FICHE = ROOT / "course/certification.yaml"
OTHER = ROOT / "tests/data/autre-fiche"
#: Keys of certification.yaml that are ours: its header says so. Every text under any other key is quoted.
OURS = {
    "schema", "source", "id", "date_decision", "date_echeance", "objet", "portee",
    "condition", "formats", "livrables", "lieux", "modalites", "transversale", "note",
    "issue", "non_precise_par_la_fiche", "balise_open_data", "effet_plateforme", "phase", "colonnes", "reassemblages",
    "doubts",
}  # fmt: skip


def folded(text: str) -> str:
    return " ".join(text.split())


def quoted(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(where, text) of everything that the file quotes."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key not in OURS:
                yield from quoted(part, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for part in value:
            name = part.get("id", "") if isinstance(part, dict) else ""
            yield from quoted(part, f"{path}.{name}".rstrip("."))
    elif isinstance(value, str):
        yield path, value


RAW = yaml.safe_load(FICHE.read_text("utf-8"))
PAGE = folded((ROOT / "tests/data/fiche-rncp35284.txt").read_text("utf-8"))
FRAGMENTS = [part["fragments"] for part in RAW["reassemblages"] if "fragments" in part]
TEXTS = list(quoted(RAW))


@pytest.fixture(scope="module")
def fiche() -> Certification:
    problems = Problems()
    certification = certification_from(FICHE.read_bytes(), "certification.yaml", problems)
    assert list(problems) == []
    assert certification is not None
    return certification


def test_every_section_is_quoted() -> None:
    sections = Counter(where.split(".")[0] for where, __ in TEXTS)
    assert sections["blocs"] >= 6 * 2 + 22
    assert sections["criteres"] == 3 + 17
    assert {"fiche", "capacites", "entreprise", "anglais", "regles_certification"} <= set(sections)
    assert {"jury", "voies_acces", "entree_formation", "admission", "emplois_accessibles"} <= set(sections)
    assert len(TEXTS) > 150


def test_every_quoted_text_is_on_the_page() -> None:
    missing = [(where, text) for where, text in TEXTS if folded(text) not in PAGE]
    whole = [" ".join(parts) for parts in FRAGMENTS]
    assert [where for where, text in missing if folded(text) not in whole] == []


def test_fragments_of_a_reassembled_text_are_on_the_page() -> None:
    assert FRAGMENTS
    assert [part for parts in FRAGMENTS for part in parts if folded(part) not in PAGE] == []


def test_blocks_and_competences(fiche: Certification) -> None:
    assert [block.id for block in fiche.blocks] == ["BC01", "BC02", "BC03", "BC04", "BC05", "BC06"]
    assert [block.code for block in fiche.blocks] == [f"RNCP35284BC0{n}" for n in range(1, 7)]
    assert [len(block.competences) for block in fiche.blocks] == [4, 3, 4, 4, 4, 3]
    assert len(fiche.competence_ids) == 22
    assert len({competence.text for block in fiche.blocks for competence in block.competences}) == 18


def test_criteria(fiche: Certification) -> None:
    families = Counter(criterion.id.split(".")[0] for criterion in fiche.criteria)
    assert families == {"REAL": 5, "DEM": 5, "ENT": 7, "EVE": 3, "ANG": 2}
    assert fiche.determinant == "REAL.5"
    assert [criterion.id for criterion in fiche.criteria if criterion.deadline] == ["DEM.5"]
    conditions = {criterion.id: criterion.condition for criterion in fiche.criteria if criterion.condition}
    assert conditions == {"REAL.3": "business", "REAL.4": "technical"}


def test_what_the_fiche_asks_for(fiche: Certification) -> None:
    assert fiche.code == "RNCP35284"
    assert fiche.title == "Expert en management des systèmes d'information"
    assert fiche.ends_on == date(2026, 2, 10)
    assert fiche.company_months == 6
    assert fiche.english
    assert fiche.jury is not None
    assert (fiche.jury.members, fiche.jury.external, fiche.jury.employers, fiche.jury.women) == (4, 3, 2, 2)
    assert fiche.paths == (AccessPath.FI, AccessPath.CA, AccessPath.FC, AccessPath.CQ, AccessPath.VAE)


def test_titles_are_printed_as_registered(fiche: Certification) -> None:
    assert fiche.block_by_id["BC01"].title.count("(") == 1
    assert ")" not in fiche.block_by_id["BC01"].title, "the register's unclosed parenthesis is kept"
    assert fiche.block_by_id["BC05"].title.endswith("transformation digitale.")
    assert any("BC01.intitule" in doubt for doubt in fiche.doubts)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The invented course, with its cohort and marks recorded, before anything was due."""
    folder = tmp_path_factory.mktemp("autre") / "cours"
    shutil.copytree(OTHER, folder)
    course = Course(folder, now=datetime(2026, 1, 10, tzinfo=UTC))
    files = read_cohort(folder / "course/cohort", course.syllabus, course.cohort())
    course.ledger.append(cohort_events.events_of(cohort_events.difference({}, files.tables)))
    marks = read_marks(folder / "course/cohort/marks.csv", course.syllabus, course.cohort(), {}).marks
    hashes = {assessment.slug: assessment.rubric.hash for assessment in course.syllabus.assessments}
    course.ledger.append(mark_events.events_of(marks, hashes))
    return course.refresh()


def test_an_invented_fiche_loads() -> None:
    other = read_syllabus(OTHER).certification
    assert [block.id for block in other.blocks] == ["A", "B", "C"]
    assert other.certifier == "ÉCOLE DES JARDINS D'ESSAI, CONSERVATOIRE DES SEMENCES"
    assert other.determinant == "TER.2"
    assert (other.english, other.company_months) == (False, None)
    assert other.paths == (AccessPath.FI, AccessPath.CL)
    assert other.jury is not None
    assert (other.jury.members, other.jury.external, other.jury.employers, other.jury.women) == (6, 6, 3, 3)


def test_an_invented_fiche_takes_its_own_conditions() -> None:
    other = read_syllabus(OTHER)
    technical = other.by_slug["semences"].rubric.criterion_by_id["TER.4"]
    assert technical.sans_objet
    assert other.by_slug["visite"].rubric.criterion_by_id["SUI.1"].propose_from == "deadline"
    assert other.by_slug["registre"].rubric.coefficient == Fraction(2)


# Reckoned by hand, with pass mark 10, competence floor 7, determinant floor 9:
#   N1 A: soins (2x12 + 10.5 + 15)/4 = 12.375, registre 13; (12.375 + 2x13)/3 = 12.79. B: (14 + 16 + 2x8.75)/4 = 11.88,
#      but TER.2 is 8.75, under its floor. C: 10.
#   N2 A: TER.1 is 12 + 1; (2x13 + 10.5 + 9)/4 = 11.375, registre 6; (11.375 + 12)/3 = 7.79. A.1 = (2x13 + 9)/3 = 11.67,
#      A.2 = (10.5 + 9 + 2x6)/4 = 7.88. B: (14 + 16 + 2x9)/4 = 12. C: an unjustified absence, said `absent`.
#   N3 presents B only: (10 + 7.5 + 2x11)/4 = 9.88; B.1 = 10, B.2 = (7.5 + 2x11)/3 = 9.83.
#   N4 A: (16 + 2x20)/3 = 18.67. B: 12. C: held since an earlier session. Entered on the last day: in time.
#   N5 has no mark, and entered one day too late.
EXPECTED = {
    "N1": ("12.79 VAL 2/2", "11.88 NVAL 2/2", "10.00 VAL 1/1", "BLOCS", "PROCHE_SEUIL DETERMINANT"),
    "N2": ("7.79 NVAL 1/2", "12.00 VAL 2/2", "ABS_NJ 0/1", "BLOCS", "PROCHE_SEUIL MODULATION ABSENCE"),
    "N3": ("NP", "9.88 NVAL 1/2", "NP", "AUCUN", "PROCHE_SEUIL"),
    "N4": ("18.67 VAL 2/2", "12.00 VAL 2/2", "ACQ", "TITRE", ""),
    "N5": ("ATT 0/2", "ATT 0/2", "ATT 0/1", "AJOURNE", "INCOMPLET FICHE_EXPIREE"),
}


@pytest.mark.parametrize("candidate", EXPECTED)
def test_an_invented_fiche_reckons(course: Course, candidate: str) -> None:
    shown = recap_cells(course)[candidate]
    blocks = [[shown[f"{block}.{part}"] for part in ("mark", "proposal", "competences")] for block in "ABC"]
    found = (*(" ".join(filter(None, cells)) for cells in blocks), shown["title.proposal"], shown["flags"])
    assert found == EXPECTED[candidate]


def test_an_invented_fiche_asks_for_no_english_and_no_company(course: Course) -> None:
    for shown in recap_cells(course).values():
        assert {shown[f"company.{part}"] for part in ("months", "mark", "evaluation")} == {""}
        assert shown["english.mark"] == ""
        assert "ANGLAIS" not in shown["flags"]
        assert "ENTREPRISE" not in shown["flags"]


def recap_cells(course: Course) -> dict[str, dict[str, str]]:
    """candidate -> column -> the cell as a file shows it."""
    table = course.recap()
    columns: list[Any] = list(table.columns)
    rows = [
        {flat_name(column): figure_text(column, value) for column, value in zip(columns, row, strict=True)}
        for row in table.itertuples(index=False)
    ]
    return {row["candidate_id"]: row for row in rows}

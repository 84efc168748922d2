"""A wrong value in a course file is told with its file, its line, what was found and what is allowed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from grading.codes import AccessPath
from grading.errors import JuryLabError, Problem
from grading.language import using
from grading.loading.course_files import read_syllabus
from grading.loading.rubric_file import rubric_hash

ROOT = Path(__file__).resolve().parent.parent
COURSE, FICHE, RULES = "course/course.yaml", "course/certification.yaml", "course/regulation.yaml"
BC01, ENGLISH, RESIT = "rubrics/bc01-etude-des-besoins.yaml", "rubrics/anglais.yaml", "rubrics/bc03-rattrapage.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the course that ships."""
    for name in ("course", "rubrics"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("demo"))
    return tmp_path


def edit(folder: Path, file: str, old: str, new: str) -> int:
    """Replaces a text that stands once or more, the first time; gives the line where it stands."""
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is no longer in {file}"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def problems_of(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(JuryLabError) as caught:
        read_syllabus(folder)
    return caught.value.problems


def test_the_course_that_ships_loads() -> None:
    syllabus = read_syllabus(ROOT)
    assert len(syllabus.assessments) == 18
    assert syllabus.regulation.pass_mark == 1000


class Edit(NamedTuple):
    """One wrong value: where it is written, and words of the sentence that its author reads."""

    file: str
    old: str
    new: str
    found: str
    allowed: str = ""
    #: Lines from the first line that changes to the line that is named; None where only the file is.
    below: int | None = 0


EDITS = {
    "unknown key, with the nearest one": Edit(
        RULES, "pass_mark: 10", "pass_marc: 10", "clé inconnue « pass_marc »", "pass_mark"
    ),
    "unknown key of an assessment": Edit(
        COURSE, "    graders_per_work: 2", "    graders_per_wrk: 2", "graders_per_wrk"
    ),
    "unknown key of a level": Edit(ENGLISH, "min: 0, ", "min: 0, mim: 1, ", "clé inconnue « mim »", "default"),
    "unknown key of a criterion": Edit(
        ENGLISH, "    scope: individual\n", "    scope: individual\n    poids: 2\n", "« poids »", "weight", below=1
    ),
    "unknown key of the fiche": Edit(FICHE, "  niveau: 7", "  niveau: 7\n  nivo: 7", "clé inconnue « nivo »", below=1),
    "missing key": Edit(COURSE, "    due: 2026-03-06T18:00+01:00\n", "", "clé « due » absente ou vide", below=-3),
    "empty key": Edit(RULES, "version: 2026-1", "version:", "clé « version » absente ou vide"),
    "missing text of a criterion of the school": Edit(BC01, "- id: REAL.1", "- id: X.besoins", "clé « text » absente"),
    "duplicate key": Edit(RULES, "quorum: 4", "quorum: 4\nquorum: 5", "clé « quorum » en double", below=1),
    "text for a number": Edit(RULES, "pass_mark: 10", "pass_mark: dix", "« dix »", "un nombre de 0 à 20"),
    "number out of its range": Edit(RULES, "pass_mark: 10", "pass_mark: 21", "« 21 »", "un nombre de 0 à 20"),
    "number off its step": Edit(RULES, "adjustment_bound: 3", "adjustment_bound: 3.1", "« 3.1 »", "pas de 0.25"),
    "fraction for a whole number": Edit(RULES, "quorum: 4", "quorum: 3.5", "« 3.5 »", "pas de 1"),
    "decimal comma": Edit(RULES, "pass_mark: 10", "pass_mark: 9,5", "« 9,5 »", "un nombre de 0 à 20"),
    "exponent": Edit(RULES, "pass_mark: 10", "pass_mark: 1e1", "« 1e1 »", "un nombre"),
    "infinity": Edit(RULES, "pass_mark: 10", "pass_mark: .inf", "« .inf »", "un nombre"),
    "word for true or false": Edit(RULES, "auto: false", "auto: non", "« non »", "true, false"),
    "word that no rule knows": Edit(RULES, "tie: president", "tie: presidente", "« presidente »", "president"),
    "list for a value": Edit(RULES, "quorum: 4", "quorum: [4]", "n'est pas une valeur simple"),
    "value for a list": Edit(COURSE, "graders: [h.oconnor]", "graders: h.oconnor", "n'est pas une liste", "[a, b]"),
    "value for keys": Edit(RULES, "agreement: {tolerance: 2, never_across: 10, auto: false}", "agreement: 2", "clés"),
    "late steps in disorder": Edit(RULES, "hours: 72", "hours: 12", "paliers de retard", "croissantes", below=-2),
    "grader words that name nobody": Edit(COURSE, "graders: [h.oconnor]", "graders: [accord]", "« accord »"),
    "one grader where two are due": Edit(
        COURSE, "graders: [e.martin, c.roux]", "graders: [e.martin]", "un seul évaluateur", "deux évaluateurs"
    ),
    "date that is none": Edit(COURSE, "2026-03-06T18:00+01:00", "2026-02-30T18:00+01:00", "« 2026-02-30T", "décalage"),
    "date without offset": Edit(
        COURSE, "2026-03-06T18:00+01:00", "2026-03-06T18:00", "« 2026-03-06T18:00 »", "décalage"
    ),
    "due before opening": Edit(COURSE, "due: 2026-03-06", "due: 2025-03-06", "précède l'ouverture", "après opens"),
    "date of a milestone": Edit(COURSE, "at: 2026-01-26T18:00+01:00", "at: demain", "« demain »", "décalage"),
    "group size in disorder": Edit(COURSE, "group_size: [2, 6]", "group_size: [6, 2]", "6, 2", "[2, 6]"),
    "access path that is closed": Edit(
        COURSE, "for: [FI, CA, FC, CQ]", "for: [FI, CL]", "« CL »", "FI, CA, FC, CQ, VAE"
    ),
    "slug that leaves the folder": Edit(COURSE, "slug: anglais", "slug: ../anglais", "« ../anglais »", "minuscules"),
    "file that leaves the folder": Edit(
        COURSE, "certification: cert", "certification: ../cert", "« ../cert", "course/"
    ),
    "end date of the fiche": Edit(FICHE, '"2026-02-10"', '"10/02/2026"', "« 10/02/2026 »", "2026-02-10"),
    "kind of project of the fiche": Edit(
        FICHE, "type_projet: business", "type_projet: affaires", "« affaires »", "business"
    ),
    "criterion of the fiche twice": Edit(FICHE, "id: DEM.2,", "id: DEM.1,", "« DEM.1 » en double", below=None),
    "levels that overlap": Edit(ENGLISH, "max: 7.75", "max: 8.25", "chevauchent", "croissantes", below=1),
    "level whose default is outside": Edit(
        ENGLISH, "default: 9,", "default: 12,", "en désordre", "min ≤ default ≤ max"
    ),
    "level without descriptor": Edit(ENGLISH, "      2:\n", "      5:\n", "« 2 » absente", below=-3),
    "rubric of another assessment": Edit(ENGLISH, "assessment: anglais", "assessment: anglai", "« anglai »", "anglais"),
    "kind of assessment": Edit(ENGLISH, "kind: english", "kind: englich", "« englich »", "english"),
    "unknown block": Edit(BC01, "block: BC01", "block: BC07", "bloc inconnu « BC07 »", "BC01, BC02"),
    "block where none counts": Edit(ENGLISH, "kind: english", "kind: english\nblock: BC01", "aucun bloc", below=1),
    "case study without block": Edit(BC01, "block: BC01\n", "", "clé « block » absente", "BC01", below=-2),
    "kind of project": Edit(BC01, "project: [business]", "project: [buisness]", "« buisness »", "business, technical"),
    "zero coefficient": Edit(BC01, "coefficient: 1", "coefficient: 0", "« 0 »", "supérieur à 0"),
    "unknown criterion": Edit(BC01, "- id: REAL.1", "- id: REEL.1", "critère inconnu « REEL.1 »", "X.<nom>"),
    "criterion twice": Edit(BC01, "- id: REAL.2", "- id: REAL.1", "critère « REAL.1 » en double"),
    "criterion without weight": Edit(ENGLISH, "    weight: 3\n", "", "clé « weight » absente", below=-1),
    "criterion of weight zero": Edit(ENGLISH, "weight: 3", "weight: 0", "« 0 »", "supérieur à 0"),
    "unknown scope": Edit(ENGLISH, "scope: individual", "scope: alone", "« alone »", "group, individual"),
    "competence of another block": Edit(BC01, "[BC01.C2, BC01.C3]", "[BC02.C1]", "« BC02.C1 »", "BC01.C1, BC01.C2"),
    "competence twice": Edit(BC01, "[BC01.C2, BC01.C3]", "[BC01.C2, BC01.C2]", "« BC01.C2 » en double"),
    "text of the fiche rewritten": Edit(
        BC01, "  - id: REAL.1\n", "  - id: REAL.1\n    text: {fr: mieux dit}\n", "ne se réécrit pas", below=1
    ),
    "lateness proposed for another criterion": Edit(
        BC01, "propose_from: null", "propose_from: deadline", "n'est pas celui des délais", "DEM.5"
    ),
    "tab at the start of a line": Edit(RULES, "pass_mark: 10", "\tpass_mark: 10", "YAML illisible"),
    "quotation mark left open": Edit(RULES, "version: 2026-1", 'version: "2026-1', "YAML illisible"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_wrong_value_is_told_where_it_stands(folder: Path, name: str) -> None:
    wrong = EDITS[name]
    line = edit(folder, wrong.file, wrong.old, wrong.new)
    problems = problems_of(folder)
    told = [problem for problem in problems if wrong.found in problem.found]
    assert told, [str(problem) for problem in problems]
    assert wrong.allowed in told[0].allowed
    place = f"{wrong.file}:{line + wrong.below}" if wrong.below is not None else wrong.file
    assert re.match(rf"{re.escape(place)}\b", told[0].where), told[0]


def sentences(folder: Path) -> str:
    return "\n".join(str(problem) for problem in problems_of(folder))


def test_the_nearest_word_is_proposed(folder: Path) -> None:
    edit(folder, RULES, "pass_mark: 10", "pass_marc: 10")
    edit(folder, BC01, "block: BC01", "block: BC10")
    edit(folder, ENGLISH, "- id: ANG.1", "- id: AGN.1")
    told = sentences(folder)
    assert "vouliez-vous dire « pass_mark » ?" in told
    assert re.search(r"bloc inconnu « BC10 ».*vouliez-vous dire « BC0\d » \?", told)
    assert "vouliez-vous dire « ANG.1 » ?" in told


def test_problems_of_every_file_are_told_at_once(folder: Path) -> None:
    edit(folder, COURSE, "due: 2026-03-06T18:00+01:00", "due: bientôt")
    edit(folder, RULES, "pass_mark: 10", "pass_mark: dix")
    edit(folder, FICHE, "  niveau: 7", "  niveau: sept")
    edit(folder, BC01, "weight: 3", "weight: -1")
    edit(folder, ENGLISH, "kind: english", "kind: anglais")
    (folder / RESIT).unlink()
    told = sentences(folder)
    assert all(word in told for word in ("« bientôt »", "« dix »", "« sept »", "« -1 »", "« anglais »", "introuvable"))


def test_the_error_reads_as_one_line_a_problem(folder: Path) -> None:
    edit(folder, RULES, "pass_mark: 10", "pass_mark: dix")
    edit(folder, RULES, "quorum: 4", "quorum: 0")
    with pytest.raises(JuryLabError) as caught:
        read_syllabus(folder)
    assert str(caught.value).splitlines() == [
        "course/regulation.yaml:4 pass_mark : « dix » · attendu : un nombre de 0 à 20, par pas de 0.01",
        "course/regulation.yaml:22 quorum : « 0 » · attendu : un nombre de 1 à 50, par pas de 1",
    ]


@pytest.mark.parametrize("file", [COURSE, FICHE, RULES, BC01])
def test_a_file_that_is_missing(folder: Path, file: str) -> None:
    (folder / file).unlink()
    (problem,) = problems_of(folder)
    assert problem.where.endswith(file)
    assert problem.found == "fichier introuvable"
    assert problem.todo


@pytest.mark.parametrize("file", [COURSE, FICHE, RULES, BC01])
@pytest.mark.parametrize("content", [b"", b"\n", b"# rien\n", b"- une liste\n", b"un mot"])
def test_a_file_that_holds_no_key(folder: Path, file: str, content: bytes) -> None:
    (folder / file).write_bytes(content)
    (problem,) = problems_of(folder)
    assert (problem.where, problem.found) == (file, "fichier vide ou sans clés")


@pytest.mark.parametrize("file", [COURSE, FICHE, RULES, BC01])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_that_is_not_in_utf8(folder: Path, file: str, encoding: str) -> None:
    text = (folder / file).read_text("utf-8") + "# épreuve\n"
    (folder / file).write_bytes(text.encode(encoding, errors="replace"))
    (problem,) = problems_of(folder)
    assert problem.where == file
    assert "UTF-8" in problem.found


def test_a_byte_order_mark_changes_nothing(folder: Path) -> None:
    content = (folder / BC01).read_bytes()
    (folder / BC01).write_bytes(b"\xef\xbb\xbf" + content)
    assert read_syllabus(folder).by_slug["bc01-etude-des-besoins"].rubric.hash == rubric_hash(content)


def test_a_frozen_rubric_stands_for_its_file(folder: Path) -> None:
    content = (folder / BC01).read_bytes()
    edit(folder, BC01, "weight: 3", "weight: 8")
    slug = "bc01-etude-des-besoins"
    assert read_syllabus(folder).by_slug[slug].rubric.criterion_by_id["REAL.1"].weight == 8
    frozen = read_syllabus(folder, {slug: content}).by_slug[slug].rubric
    assert frozen.criterion_by_id["REAL.1"].weight == 3
    assert frozen.hash == rubric_hash(content)


def test_absent_settings_take_the_defaults(folder: Path) -> None:
    shipped = read_syllabus(folder).regulation
    (folder / RULES).write_text("version: 2026-1\ncompany_months: 6\n", "utf-8")
    assert read_syllabus(folder).regulation == shipped


# What only the whole course can show.


def test_a_course_without_english(folder: Path) -> None:
    edit(folder, ENGLISH, "kind: english", "kind: thesis")
    assert "aucune épreuve d'anglais" in sentences(folder)


def test_zero_for_an_absence_needs_an_individual_criterion(folder: Path) -> None:
    path = folder / "rubrics/evaluation-entreprise.yaml"
    path.write_text(path.read_text("utf-8").replace("scope: individual", "scope: group"), "utf-8")
    told = sentences(folder)
    assert "evaluation-entreprise n'a aucun critère individuel" in told
    assert "scope: individual" in told
    edit(folder, RULES, "unjustified_absence: zero", "unjustified_absence: absent")
    assert read_syllabus(folder).regulation.unjustified_absence == "absent"


REPLACES = "replaces: bc03-conduite-de-projet"
RESITS = {
    "an assessment of another block": ("replaces: bc02-conception-des-evolutions", "d'un autre bloc"),
    "an assessment of another kind": ("replaces: vae-bc03", "d'un autre genre"),
    "an assessment that is not there": ("replaces: bc03-conduite-de-projets", "« bc03-conduite-de-projets », inconnue"),
    "itself": ("replaces: bc03-rattrapage", "se remplace elle-même"),
}


@pytest.mark.parametrize("name", RESITS)
def test_a_resit_replaces_an_assessment_of_its_block_and_kind(folder: Path, name: str) -> None:
    replaces, found = RESITS[name]
    edit(folder, COURSE, REPLACES, replaces)
    assert found in sentences(folder)


def add_resit(folder: Path, slug: str, replaces: str) -> None:
    """A third assessment of BC03, with the resit's rubric."""
    with (folder / COURSE).open("a", encoding="utf-8") as course:
        course.write(f"  - {{slug: {slug}, opens: 2026-09-01T09:00+02:00, due: 2026-09-30T18:00+02:00, ")
        course.write(f"graders: [c.roux], for: [FI, CA, FC, CQ], replaces: {replaces}}}\n")
    text = (folder / RESIT).read_text("utf-8").replace("bc03-rattrapage", slug)
    (folder / f"rubrics/{slug}.yaml").write_text(text, "utf-8")


def test_a_second_resit_replaces_the_first(folder: Path) -> None:
    add_resit(folder, "bc03-second", "bc03-rattrapage")
    assert read_syllabus(folder).by_slug["bc03-second"].replaces == "bc03-rattrapage"


def test_two_resits_of_one_assessment_are_refused(folder: Path) -> None:
    add_resit(folder, "bc03-second", "bc03-conduite-de-projet")
    assert "plusieurs rattrapages remplacent bc03-conduite-de-projet" in sentences(folder)


def test_resits_in_a_circle_are_refused(folder: Path) -> None:
    edit(folder, COURSE, REPLACES, "replaces: bc03-second")
    add_resit(folder, "bc03-second", "bc03-rattrapage")
    told = sentences(folder)
    assert "bc03-second se remplace elle-même" in told
    assert "bc03-rattrapage se remplace elle-même" in told


def test_a_resit_for_a_path_that_the_first_does_not_concern(folder: Path) -> None:
    text = (folder / COURSE).read_text("utf-8")
    (folder / COURSE).write_text(text.replace(f"    for: [FI, CA, FC, CQ]\n    {REPLACES}", f"    {REPLACES}"), "utf-8")
    assert "concerne des voies que bc03-conduite-de-projet ne concerne pas" in sentences(folder)


def test_an_assessment_given_twice(folder: Path) -> None:
    edit(folder, COURSE, "slug: bc05-reponse-appel-offres", "slug: bc06-strategie-digitale")
    assert "épreuve « bc06-strategie-digitale » en double" in sentences(folder)


def untie(folder: Path, rubric: str, competence: str, but: str = "") -> None:
    """Takes a competence away from every criterion of a rubric, but one."""
    criterion, lines = "", []
    for line in (folder / rubric).read_text("utf-8").splitlines(keepends=True):
        criterion = line.split()[-1] if "- id: " in line else criterion
        tied = "competences:" in line and criterion != but
        lines.append(re.sub(f", {competence}|{competence}, ", "", line) if tied else line)
    (folder / rubric).write_text("".join(lines), "utf-8")


def test_a_competence_that_only_a_criterion_sans_objet_could_meet(folder: Path) -> None:
    untie(folder, "rubrics/vae-bc04.yaml", "BC04.C3", but="REAL.4")
    assert "vae-bc04" in read_syllabus(folder).by_slug
    edit(folder, "rubrics/vae-bc04.yaml", "project: [technical]", "project: [business]")
    assert "la compétence BC04.C3 ne dépend que de critères sans objet (REAL.4)" in sentences(folder)


def test_a_competence_that_no_criterion_is_tied_to(folder: Path) -> None:
    untie(folder, "rubrics/vae-bc06.yaml", "BC06.C2")
    assert "la compétence BC06.C2 n'est rattachée à aucun critère pour la voie VAE" in sentences(folder)


def test_a_block_without_an_assessment(folder: Path) -> None:
    text = (folder / COURSE).read_text("utf-8")
    kept = [part for part in re.split(r"(?=^  - )", text, flags=re.M) if "bc06" not in part]
    (folder / COURSE).write_text("".join(kept), "utf-8")
    assert "le bloc BC06 n'a aucune épreuve" in sentences(folder)


# Faults told to the house: each mark goes when its fault does.


def test_an_assessment_that_nobody_grades(folder: Path) -> None:
    edit(folder, COURSE, "graders: [h.oconnor]", "graders: []")
    assert "graders" in sentences(folder)


def test_one_wrong_weight_is_told_once(folder: Path) -> None:
    edit(folder, ENGLISH, "weight: 3", "weight: lourd")
    assert len(problems_of(folder)) == 1


def test_one_wrong_bound_is_told_once(folder: Path) -> None:
    edit(folder, ENGLISH, "min: 8,", "min: huit,")
    assert len(problems_of(folder)) == 1


def test_zero_for_an_absence_needs_an_individual_criterion_that_applies(folder: Path) -> None:
    rubric = folder / "rubrics/vae-bc04.yaml"
    text = rubric.read_text("utf-8").replace("scope: individual", "scope: group")
    text = text.replace("project: [technical]", "project: [business]")
    head, tail = text.split("- id: REAL.4\n")
    rubric.write_text(head + "- id: REAL.4\n" + tail.replace("scope: group", "scope: individual", 1), "utf-8")
    assert "vae-bc04 n'a aucun critère individuel" in sentences(folder)


def test_a_resit_that_replaces_nothing_is_told_on_its_line(folder: Path) -> None:
    line = edit(folder, COURSE, REPLACES, "replaces: rien")
    (problem,) = problems_of(folder)
    assert line - 10 < int(problem.where.split(":")[1].split()[0]) <= line


def test_a_resit_that_leaves_a_competence_untied(folder: Path) -> None:
    untie(folder, RESIT, "BC03.C3")
    assert "BC03.C3" in sentences(folder)


# The course that ships.


def test_every_criterion_of_the_fiche_is_used() -> None:
    syllabus = read_syllabus(ROOT)
    used = {c.id for assessment in syllabus.assessments for c in assessment.rubric.criteria if not c.sans_objet}
    assert set(syllabus.certification.criterion_by_id) - used == set()


@pytest.mark.parametrize("path", ["FI", "CA", "FC", "CQ", "VAE"])
def test_every_competence_is_tied_to_two_criteria_that_apply(path: str) -> None:
    syllabus = read_syllabus(ROOT)
    counted = [a for a in syllabus.assessments if a.replaces is None and a.concerns(AccessPath(path))]
    for competence in syllabus.certification.competence_ids:
        tied = {
            (assessment.slug, criterion.id)
            for assessment in counted
            for criterion in assessment.rubric.criteria
            if competence in criterion.competences and not criterion.sans_objet
        }
        assert len(tied) >= 2, competence


def test_sentences_follow_the_language(folder: Path) -> None:
    edit(folder, RULES, "quorum: 4", "quorum: [4]")
    with using("en"), pytest.raises(JuryLabError) as caught:
        read_syllabus(folder)
    assert caught.value.problems[0].where == "course/regulation.yaml:22 quorum"

"""Writes `docs/phrases.md`: what is said for every code and mix of reasons, from the fictional cohort and variants of
its regulation. Run `python -m tests.golden` after a sentence changes, and read the page aloud."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from grading.assessment import Syllabus
from grading.codes import BlockCode, block_meaning, title_meaning
from grading.course import Course
from grading.proposals import Reckoning
from grading.sentences import block_sentence, title_sentence
from tests.course_factory import ROOT, demo_course

HEAD = """# Les phrases

Sous chaque proposition, une phrase dit pourquoi, pour un juré qui ne connaît aucun code. Chaque chiffre y nomme
l'origine de sa règle : *fiche*, *loi* ou *règlement*. Cette page est écrite par `python -m tests.golden` à partir de la
promotion fictive ; un test la compare à ce que la plateforme dit aujourd'hui.
"""
#: Title of the part, changes of the regulation, candidates whose sentences are shown.
VARIANTS: tuple[tuple[str, dict[str, object], tuple[str, ...]], ...] = (
    ("Avec le règlement livré", {}, (
        "C001", "C008", "C009", "C010", "C011", "C012", "C013", "C014", "C016", "C017", "C018", "C020", "C022", "C023", "C024",
        "C027", "C028", "C030", "C031", "C032", "C033", "C034",
    )),
    ("Une absence injustifiée ne donne pas de note (`unjustified_absence: absent`)", {"unjustified_absence": "absent"}, ("C011", "C032")),
    ("La dispense de VAE vaut acquis (`vae_dispensation: acquired`)", {"vae_dispensation": "acquired"}, ("C030", "C031")),
    ("Un travail jamais arrivé compte 0 (`not_submitted: zero`)", {"not_submitted": "zero"}, ("C027",)),
    ("L'anglais a un seuil (`english_pass_mark: 14`)", {"english_pass_mark": 1400}, ("C002", "C005")),
)  # fmt: skip


def page_text() -> str:
    with tempfile.TemporaryDirectory() as folder:
        course = demo_course(Path(folder))
        parts = [HEAD]
        said: set[str] = set()
        for title, changes, candidates in VARIANTS:
            parts.append(f"\n## {title}\n")
            reckoning = course.reckon_with(changed(course, changes))
            parts += [candidate_text(reckoning, candidate, said) for candidate in candidates]
        parts.append(dispensed_text(course))
        return "\n".join(parts) + "\n"


def changed(course: Course, changes: dict[str, object]) -> Syllabus:
    return replace(course.syllabus, regulation=replace(course.syllabus.regulation, **changes))  # type: ignore[arg-type]


def candidate_text(reckoning: Reckoning, candidate_id: str, said: set[str]) -> str:
    """The candidate's sentences, without those of a form (figures apart) that the page holds already."""
    row = reckoning.row_of[candidate_id]
    person, code = reckoning.evidence.candidates[row], reckoning.title_codes[row]
    lines = [
        f"### {candidate_id}, {person.access_path}",
        "",
        f"**{title_meaning(code).label}** (`{code}`) : {title_sentence(reckoning, row)}",
        "",
    ]
    for number, block in enumerate(reckoning.layout.block_ids):
        found = BlockCode(reckoning.block_codes[row, number])
        sentence = block_sentence(reckoning, row, number)
        shape = re.sub(r"[0-9]+|« .*? »", "", sentence)
        if shape not in said:
            lines.append(f"- {block}, {block_meaning(found).label} (`{found}`) : {sentence}")
        said.add(shape)
    return "\n".join([*lines, ""])


def dispensed_text(course: Course) -> str:
    """DISP needs every competence of a block dispensed, which nobody of the fictional cohort has."""
    from datetime import UTC, datetime

    from grading.cohort import Acquired
    from grading.evidence import Facts
    from grading.layout import Layout
    from grading.proposals import reckon

    syllabus = changed(course, {"vae_dispensation": "acquired"})
    cohort = course.cohort()
    block = syllabus.certification.blocks[1]
    dispensed = tuple(Acquired("C030", c.id, "vae_dispensation", "2026-01-05", "Livret 2") for c in block.competences)
    facts = Facts(
        replace(cohort, acquired=(*cohort.acquired, *dispensed)), (), (), datetime(2026, 7, 1, tzinfo=UTC), {}
    )
    reckoning = reckon(Layout(syllabus), facts)
    sentence = block_sentence(reckoning, reckoning.row_of["C030"], 1)
    return f"### Un bloc entier dispensé\n\n- {block.id}, {block_meaning(BlockCode.DISP).label} (`DISP`) : {sentence}"


if __name__ == "__main__":
    (ROOT / "docs" / "phrases.md").write_text(page_text(), encoding="utf-8")

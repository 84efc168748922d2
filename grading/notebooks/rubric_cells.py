"""The rubric in the notebook: a locked section that shows it, and one task cell per criterion, graded by hand."""

from __future__ import annotations

from typing import Any

from grading.assessment import Assessment, Syllabus
from grading.language import _
from grading.loading.yaml_file import decimal_text
from grading.rubric import RubricCriterion

SECTION = "grille-jurylab"


def criterion_cell_id(criterion_id: str) -> str:
    """The grade id of a criterion's cell: critere-REAL-1 (nbgrader accepts no dot)."""
    return "critere-" + criterion_id.replace(".", "-")


def rubric_cells(syllabus: Syllabus, assessment: Assessment) -> list[Any]:
    """The cells to append to a copy of the source. Criteria that are sans objet have none."""
    criteria = [one for one in assessment.rubric.criteria if not one.sans_objet]
    return [_section(syllabus, assessment, criteria), *(_task(syllabus, assessment, one) for one in criteria)]


def sentence_of(syllabus: Syllabus, criterion: RubricCriterion, language: str) -> str:
    """The criterion in words: the fiche's own sentence, or the school's."""
    registered = syllabus.certification.criterion_by_id.get(criterion.id)
    if registered is not None:
        return registered.text
    return criterion.text[language] if criterion.text else criterion.id


def _section(syllabus: Syllabus, assessment: Assessment, criteria: list[RubricCriterion]) -> Any:
    rows = [_("| Critère | Poids | Noté pour |"), "|---|---|---|"]
    rows += [
        f"| {one.id} : {_cell(sentence_of(syllabus, one, assessment.language))} | {decimal_text(one.weight)} "
        f"| {_('chaque membre') if one.individual else _('le groupe')} |"
        for one in criteria
    ]
    text = "\n".join([
        _("## Grille d'évaluation"), "",
        _("Votre travail est évalué sur ces critères. Leurs niveaux sont décrits plus bas ; n'écrivez rien dans ces cellules."),
        "", *rows,
    ])  # fmt: skip
    return _markdown(SECTION, text, {"grade": False, "task": False})


def _task(syllabus: Syllabus, assessment: Assessment, criterion: RubricCriterion) -> Any:
    language = assessment.language
    lines = [f"### {criterion.id} : {sentence_of(syllabus, criterion, language)}", "",
             _("| Niveau | Sur 20 | Ce qui se voit dans le travail |"), "|---|---|---|"]  # fmt: skip
    for level in assessment.rubric.levels:
        text = criterion.descriptors.get(level.id, {})
        span = f"{level.lowest / 4:g} à {level.highest / 4:g}".replace(".", ",")
        lines.append(f"| {_cell(level.label[language])} | {span} | {_cell(text.get(language) or text.get('fr', ''))} |")
    if criterion.note:
        lines += ["", "=== BEGIN MARK SCHEME ===", criterion.note[language], "=== END MARK SCHEME ==="]
    metadata = {"grade": False, "task": True, "points": float(criterion.weight)}
    return _markdown(criterion_cell_id(criterion.id), "\n".join(lines), metadata)


def _cell(text: str) -> str:
    """Text inside a table's cell: one line, no bar of its own."""
    return " ".join(text.split()).replace("|", "\\|")


def _markdown(grade_id: str, source: str, metadata: dict[str, Any]) -> Any:
    from nbformat.v4 import new_markdown_cell

    full = {"grade_id": grade_id, "locked": True, "solution": False, "schema_version": 3, **metadata}
    return new_markdown_cell(  # type: ignore[no-untyped-call]
        source, id=grade_id[:60], metadata={"nbgrader": full, "deletable": False, "editable": False}
    )

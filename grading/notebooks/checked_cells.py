"""Test cells that cannot run apart from the student's process are told before a notebook is handed out (DESIGN 6)."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from grading.errors import Problems
from grading.language import _

if TYPE_CHECKING:
    from grading.course import Course


def check_sources(course: Course) -> None:
    """Looks at every source notebook of the course's assessments. Raises JuryLabError with every problem."""
    problems = Problems()
    for assessment in course.syllabus.assessments:
        for path in sorted((course.folder / "assignments" / assessment.slug).glob("*.ipynb")):
            name = str(path.relative_to(course.folder))
            try:
                cells = json.loads(path.read_bytes())["cells"]
                plain = [{**cell, "source": "".join(cell["source"])} for cell in cells]
            except (ValueError, LookupError, TypeError) as error:
                problems.add(name, _("notebook illisible ({detail})").format(detail=type(error).__name__))
                continue
            unrunnable_tests(name, plain, problems)
    problems.stop_if_any()


def unrunnable_tests(name: str, cells: Sequence[Any], problems: Problems) -> None:
    """Tells each test cell that is no plain Python, asks for input, or makes a name that a later answer uses."""
    for place, cell in enumerate(cells):
        about = cell.get("metadata", {}).get("nbgrader", {})
        if not (cell["cell_type"] == "code" and about.get("grade") and not about.get("solution")):
            continue
        where = f"{name} {about.get('grade_id', '')}"
        tree = _parsed(cell["source"])
        if tree is None:
            problems.add(where, _("contrôle qui n'est pas du Python simple"), _("des assert, sans %magie ni !commande"))
            continue
        for word in ("input", "get_ipython", "exit", "quit"):
            if word in _loaded(tree):
                problems.add(
                    where,
                    _("contrôle qui appelle {word}").format(word=word),
                    _("des assert sur des valeurs et des fonctions"),
                )
        made = _stored(tree)
        later = {word for one in cells[place + 1 :] for word in _used_by_answers(one)}
        for word in sorted(made & later):
            problems.add(where, _("ce contrôle crée « {word} », qu'une cellule suivante utilise").format(word=word),
                         _("un autre nom : les contrôles s'exécutent à part"))  # fmt: skip


def _parsed(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def _loaded(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _stored(tree: ast.Module) -> set[str]:
    """Names that a cell makes at its top level, its imports apart: a module is the same on both sides."""
    return {word for node in tree.body for word in _targets(node)}


def _targets(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
        return
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id


def _used_by_answers(cell: Any) -> set[str]:
    """Names that a cell run on the student's side uses without making them itself."""
    about = cell.get("metadata", {}).get("nbgrader", {})
    if cell["cell_type"] != "code" or (about.get("grade") and not about.get("solution")):
        return set()
    tree = _parsed(cell["source"])
    if tree is None:
        return set()
    made = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return (
        _loaded(tree)
        - made
        - {arg.arg for node in ast.walk(tree) if isinstance(node, ast.arguments) for arg in node.args}
    )

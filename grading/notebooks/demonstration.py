"""The demonstration's candidates hand in: the released notebook, filled with prepared answers, put into the exchange."""

from __future__ import annotations

import json
import shutil
from datetime import UTC
from typing import TYPE_CHECKING

from grading.language import _
from grading.loading.answers_file import HandIn, read_answers, read_hand_ins
from grading.notebooks.collecting import released_notebook
from grading.notebooks.nbcourse import exchange_folder

if TYPE_CHECKING:
    from grading.course import Course


def demonstrated(course: Course) -> tuple[str, ...]:
    """The case studies that the demonstration hands out: those that have prepared answers."""
    folder = course.folder / "course" / "demo" / "answers"
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def hand_in(course: Course, slug: str) -> int:
    """Puts each fictional version into the exchange, under its author's name and time; gives how many."""
    home = course.folder / "course" / "demo"
    answers = read_answers(home / "answers" / f"{slug}.yaml")
    mine = [one for one in read_hand_ins(home / "answers" / "handins.csv") if one.assessment == slug]
    for one in mine:
        _put(course, one, answers[one.variant])
    return len(mine)


def _put(course: Course, one: HandIn, answers: dict[str, str]) -> None:
    stamp = one.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    target = exchange_folder(course) / "inbound" / f"{one.candidate_id}+{one.assessment}+{stamp}"
    if target.exists():
        return
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(course.workspace / "release" / one.assessment, partial)
    path = partial / released_notebook(course, one.assessment)
    notebook = json.loads(path.read_bytes())
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            cell["source"] = answers[grade_id]
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
    text = _("Rendu de {who}, {date}\n").format(who=one.candidate_id, date=one.at.strftime("%d/%m/%Y %H:%M"))
    (partial / "rendu.txt").write_text(text, encoding="utf-8")
    (partial / "timestamp.txt").write_text(stamp, encoding="utf-8")
    partial.rename(target)

"""The rubric as a widget: each change is an event of the ledger, acknowledged once it is committed."""

from __future__ import annotations

import os
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from grading import open_course
from grading.course import Course
from grading.errors import JuryLabError, Problem
from grading.language import _
from grading.ledger.store import Author
from grading.marking import Recorded, finalise, record_mark
from grading.sentences.wording import decimal_mark
from grading.work import grader_of, work_view

_HERE = Path(__file__).parent


class RubricWidget(anywidget.AnyWidget):
    """Marks one work on its rubric.

    `course` is a Course or its folder, `subject` a group or a candidate, `grader` the login of who marks (default: the
    only grader of the assessment, else this login if it grades there, else a choice in the widget).

    The page sends {id, kind: mark | finalise | reopen | grader, ...}; the answer is {id, kind: ack, at, seq} once
    committed, or {id, kind: refused, problems}; `view` (see grading.work) follows, reckoned by the server.
    """

    _esm = _HERE / "rubric.js"
    _css = _HERE / "rubric.css"
    view = traitlets.Dict().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        course: Course | str | os.PathLike[str],
        assessment: str,
        subject: str,
        grader: str | None = None,
        **traits: Any,
    ) -> None:
        self._course = course if isinstance(course, Course) else open_course(course)
        self._slug, self._subject = assessment, subject
        self._lock = threading.Lock()
        seen = work_view(self._course, assessment, subject, "")
        self._grader = grader_of(self._course.syllabus.by_slug[assessment], grader, Author.of_this_process().login)
        self._subject = seen["subject"]["id"]
        super().__init__(view=self._view(), texts=texts(), **traits)
        self.on_msg(self._heard)

    def _view(self) -> dict[str, Any]:
        return work_view(self._course, self._slug, self._subject, self._grader)

    def _heard(self, widget: Any, content: dict[str, Any], buffers: list[bytes]) -> None:
        number = content.get("id")
        try:
            done = self._done(content)
        except JuryLabError as error:
            self.send({"id": number, "kind": "refused", "problems": [str(one) for one in error.problems]})
            self.view = {**self._view(), "turn": number}
            return
        if done is not None:
            self.send({"id": number, "kind": "ack", "seq": done.seq, "at": _clock(done.at)})
        self._course = self._course.refresh()
        self.view = {**self._view(), "turn": number}
        if done is not None and done.changed:
            threading.Thread(target=self._write_through, args=(number,), daemon=True).start()

    def _done(self, content: dict[str, Any]) -> Recorded | None:
        kind, author = content.get("kind"), Author(self._grader, "local")
        if kind == "grader":
            self._grader = grader_of(self._course.syllabus.by_slug[self._slug], str(content.get("grader")), "")
            return None
        if not self._grader:
            raise JuryLabError(Problem(self._subject, _("qui évalue ?"), todo=_("choisir son nom d'abord")))
        if kind == "mark":
            return record_mark(self._course, self._row(content), author)
        if kind in ("finalise", "reopen"):
            return finalise(self._course, self._slug, self._subject, self._grader, kind == "finalise", author)
        raise JuryLabError(Problem("widget", _("message inconnu : {kind}").format(kind=kind)))

    def _row(self, content: dict[str, Any]) -> dict[str, str]:
        """A row of marks.csv. The value is left out where it is the level's own."""
        names = ("subject", "criterion", "state", "level", "value", "comment")
        given = {name: "" if content.get(name) is None else str(content[name]) for name in names}
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        return {**given, "assessment": self._slug, "grader": self._grader, "at": now}

    def _write_through(self, number: Any) -> None:
        """nbgrader's gradebook follows, without making anybody wait; where it cannot, the widget says so."""
        from grading.notebooks.gradebook import write_through

        try:
            with self._lock:
                write_through(self._course, [self._slug])
        except Exception as error:  # noqa: BLE001 - another program's database: the mark itself is safe in the ledger
            text = _("La note est enregistrée ; le carnet de nbgrader ne l'a pas reçue ({detail}).").format(
                detail=error
            )
            self.send({"id": number, "kind": "notice", "text": text})


def _clock(recorded: str) -> str:
    """The recorded time (UTC) as the clock of this machine shows it."""
    return datetime.fromisoformat(recorded.replace("Z", "+00:00")).astimezone().strftime("%H:%M:%S")


def texts() -> dict[str, str]:
    """Every word that the module shows."""
    return {
        "who": _("Qui évalue ?"),
        "choose": _("choisir…"),
        "weight": _("poids"),
        "individual": _("individuel"),
        "group": _("groupe"),
        "levels": _("Niveaux"),
        "not_observed": _("Non observé"),
        "not_applicable": _("Sans objet"),
        "value": _("Valeur sur 20"),
        "less": _("Un quart de point de moins"),
        "more": _("Un quart de point de plus"),
        "comment": _("Commentaire"),
        "decimal": decimal_mark("."),
        "note": _("Pour l'évaluateur"),
        "confirm": _("Confirmer"),
        "pending": _("enregistrement…"),
        "saved": _("enregistré {at}"),
        "refused": _("refusé : {text}"),
        "empty": _("à noter"),
        "done": _("noté"),
        "proposed": _("proposition à confirmer"),
        "provisional": _("provisoire"),
        "no_mark": _("pas encore de note"),
        "missing": _("Il manque {count} : {list}"),
        "complete": _("Tout est noté."),
        "finalise": _("Finaliser"),
        "reopen": _("Rouvrir"),
        "finalised": _("finalisé"),
        "settled": _("Accord : {value}"),
        "shortcuts": _("Raccourcis clavier"),
        "help": _(
            "1 à 4 niveau · 0 non observé · ↑ ↓ critère · ← → niveau · Maj+↑ ↓ quart de point · C commentaire · Échap sortir"
        ),
    }

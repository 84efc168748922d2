"""`nbgrader export` in the contract's columns. Values come from the ledger: the gradebook shows missing as 0."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from nbgrader.plugins import ExportPlugin
from traitlets import Enum, Unicode

from grading.course import Course, find_course
from grading.documents.tables import recap_csv
from grading.loading.marks_file import write_marks

_LABELS = {"recap": "candidate_id", "marks": "subject"}


class JuryLabExport(ExportPlugin):  # type: ignore[misc]
    """The recap table, or the marks in their long form. `--student` and `--assignment` keep some rows only."""

    course = Unicode("", help="folder of the course (default: the one that holds the gradebook)").tag(config=True)
    table = Enum(["recap", "marks"], "recap", help="recap: candidates x blocks; marks: marks.csv").tag(config=True)

    def export(self, gradebook: Any) -> None:
        course = Course(self._folder(gradebook))
        text = recap_csv(course) if self.table == "recap" else write_marks(course.current_marks())
        target = Path(self.to or f"{self.table}.csv")
        target.write_text(self._kept(course, text), encoding="utf-8", newline="")
        self.log.info("Exporting the %s of %s to %s", self.table, course.folder, target)

    def _folder(self, gradebook: Any) -> Path:
        """The gradebook lies in COURSE/workspace."""
        if self.course:
            return find_course(self.course)
        database = gradebook.db.get_bind().url.database
        return find_course(Path(str(database)).absolute().parents[1])

    def _kept(self, course: Course, text: str) -> str:
        """The rows asked for, as they were written: quoting is the contract's own."""
        if not self.student and not (self.assignment and self.table == "marks"):
            return text
        cohort = course.cohort()
        mine = set(self.student)
        groups = {one.group_id for one in cohort.groups if one.candidate_id in mine}
        out = io.StringIO()
        rows = csv.DictReader(io.StringIO(text, newline=""))
        writer = csv.DictWriter(out, rows.fieldnames or [], lineterminator="\n")
        writer.writeheader()
        for row in rows:
            student = not mine or row[_LABELS[self.table]] in mine | groups
            assignment = self.table == "recap" or not self.assignment or row["assessment"] in self.assignment
            if student and assignment:
                writer.writerow(row)
        return out.getvalue()

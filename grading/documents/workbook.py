"""The recap as a workbook: the flat columns of the contract, one sheet per block, and the legend."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from grading.course import Course
from grading.documents.legend import block_legend, legend, path_legend
from grading.documents.stamp import Fixed, Stamp, moment_text, stamp_of
from grading.documents.tables import columns_of, is_risky
from grading.language import _
from grading.proposals import Reckoning
from grading.recap import BLANK, flat_name, recap_table
from grading.scoring import NONE

#: The same figures give the same bytes: what a workbook says of its own making is not a fact of the course.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  # XlsxWriter wants no time zone
_LONGEST = 32_767  # characters in a cell; XlsxWriter leaves a longer text out altogether
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", "_"))


def recap_workbook(course: Course, as_of: datetime | None = None) -> bytes:
    """The bytes of an XLSX. Numbers are numbers, and text is never a formula nor a link."""
    reckoning = course.reckoning(as_of)
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": _CREATED})
        maker = _Maker(book, reckoning)
        maker.recap()
        for place in range(len(reckoning.layout.block_ids)):
            maker.block(place)
        maker.legend(stamp_of(reckoning, as_of))
    return content.getvalue()


class _Maker:
    def __init__(self, book: Any, reckoning: Reckoning) -> None:
        self.book, self.reckoning = book, reckoning
        self.frame = recap_table(Fixed(reckoning))
        self.number = book.add_format({"num_format": "0.00"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        # Typed again in a cell, a text that begins with = would run; the quote prefix keeps it a text.
        self.quoted = book.add_format({"quote_prefix": True})
        self.taken = {"history"}  # a name that Excel keeps for itself

    # Sheets.

    def recap(self) -> None:
        sheet = self._sheet(_("Récapitulatif"))
        columns = columns_of(self.frame)
        rows = self.frame.itertuples(index=False, name=None)
        self._table(sheet, [flat_name(column) for column in columns], rows, frozen=4)
        sheet.set_column(0, 0, 13)
        sheet.set_column(1, 3, 20)
        sheet.set_column(len(columns) - 3, len(columns) - 2, 14)
        sheet.set_column(len(columns) - 1, len(columns) - 1, 40)

    def block(self, place: int) -> None:
        """One block: what the rules give, and the marks under it."""
        block = self.reckoning.layout.syllabus.certification.blocks[place]
        ids, scores = self.reckoning.layout.syllabus.certification.competence_ids, self.reckoning.scores
        assessments = [
            (number, one)
            for number, one in enumerate(self.reckoning.layout.syllabus.assessments)
            if one.block == block.id
        ]
        competences = [ids.index(one.id) for one in block.competences]
        names = ["candidate_id", _("candidat"), "mark", "proposal", "decision", "competences"]
        names += [one.slug for __, one in assessments] + [ids[number] for number in competences]
        determinant = self.reckoning.layout.syllabus.certification.determinant
        names += [determinant] if determinant else []

        def row(number: int, shown: Sequence[Any]) -> list[Any]:
            candidate = self.reckoning.evidence.candidates[number]
            marks = [scores.assessment[number, a] if scores.counts[number, a] else NONE for a, __ in assessments]
            marks += [scores.competence[number, c] for c in competences]
            marks += [scores.determinant[number, place]] if determinant else []
            blank = self.reckoning.block_codes[number, place] in BLANK
            return [candidate.candidate_id, candidate.shown_name, *shown, *(_points(m, blank) for m in marks)]

        parts = [(block.id, part) for part in ("mark", "proposal", "decision", "competences")]
        shown = self.frame[parts].itertuples(index=False, name=None)
        sheet = self._sheet(block.id)
        self._table(sheet, names, (row(number, one) for number, one in enumerate(shown)), frozen=2)
        sheet.set_column(0, 0, 13)
        sheet.set_column(1, 1, 30)
        sheet.set_column(2, len(names) - 1, 13)

    def legend(self, stamp: Stamp) -> None:
        sheet = self._sheet(_("Légende"))
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 6)
        sheet.set_column(2, 2, 28)
        sheet.set_column(3, 3, 70)
        for number, row in enumerate(self._legend_rows(stamp)):
            for column, text in enumerate(row):
                self._text(sheet, number, column, text, self.head if len(row) == 1 else None)

    def _legend_rows(self, stamp: Stamp) -> Iterable[tuple[str, ...]]:
        yield (stamp.course,)
        yield _("certification"), "", stamp.certification
        yield _("règlement"), "", stamp.regulation
        yield _("registre"), "", str(stamp.head)
        if stamp.as_of is not None:
            yield _("état au"), "", moment_text(stamp.as_of)
        for group in legend():
            yield (group.title,)
            for entry in group.entries:
                yield entry.code, entry.meaning.glyph, entry.meaning.label, entry.meaning.sentence
        yield (_("Voies d'accès"),)
        for code, label in path_legend():
            yield code, "", label
        yield (_("Blocs, tels qu'enregistrés"),)
        for code, title in block_legend(self.reckoning.layout.syllabus.certification):
            yield code, "", title

    # Cells.

    def _sheet(self, name: str) -> Any:
        """A worksheet whose name Excel accepts, and no other sheet bears."""
        base = name.translate(_FORBIDDEN)[:28] or "_"
        chosen, number = base, 2
        while chosen.casefold() in self.taken:
            chosen, number = f"{base}_{number}", number + 1
        self.taken.add(chosen.casefold())
        return self.book.add_worksheet(chosen)

    def _table(self, sheet: Any, names: Sequence[str], rows: Iterable[Sequence[Any]], frozen: int) -> None:
        for column, name in enumerate(names):
            self._text(sheet, 0, column, name, self.head)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._cell(sheet, last, column, value)
        sheet.freeze_panes(1, frozen)
        sheet.autofilter(0, 0, last, len(names) - 1)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def _cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, str):
            if value:
                self._text(sheet, row, column, value, None)
        elif value is not None and value == value:  # NaN differs from itself
            sheet.write_number(row, column, float(value), self.number)

    def _text(self, sheet: Any, row: int, column: int, text: str, look: Any) -> None:
        sheet.write_string(row, column, text[:_LONGEST], look or (self.quoted if is_risky(text) else None))


def _points(hundredths: Any, blank: bool) -> float | None:
    return None if blank or hundredths == NONE else int(hundredths) / 100

"""The recap and the sheet as pages that need nothing else: no network, no server, one file each."""

from __future__ import annotations

from datetime import datetime

from grading.course import Course, unknown_candidate
from grading.documents.assembly import page
from grading.documents.legend import block_legend, legend, path_legend
from grading.documents.recap_view import recap_view
from grading.documents.sheet_view import sheet_view
from grading.documents.stamp import stamp_of
from grading.language import _
from grading.sentences.wording import mark_text
from grading.sheet import make_sheet


def recap_page(course: Course, as_of: datetime | None = None) -> str:
    """The recap (tableau récapitulatif): candidates x blocks, to sort, filter and print on A3."""
    view = recap_view(course, as_of)
    syllabus = view.reckoning.layout.syllabus
    footer = _("{course} · règlement {version} · registre {head} · {date}").format(
        course=view.stamp.course, version=view.stamp.regulation, head=view.stamp.short_head, date=view.stamp.date
    )
    return page(
        "recap", syllabus.regulation, footer,
        stamp=view.stamp, lines=view.lines, groups=view.groups, blocks=view.reckoning.layout.block_ids, legend=legend(),
        paths=path_legend(), block_titles=block_legend(syllabus.certification),
        pass_mark=mark_text(syllabus.regulation.pass_mark),
        floor=mark_text(syllabus.regulation.competence_floor),
    )  # fmt: skip


def sheet_page(course: Course, candidate_id: str, as_of: datetime | None = None) -> str:
    """The fiche de synthèse of one candidate. Raises JuryLabError if nobody has that id."""
    reckoning = course.reckoning(as_of)
    if candidate_id not in reckoning.row_of:
        raise unknown_candidate(candidate_id, reckoning.row_of)
    stamp = stamp_of(reckoning, as_of)
    view = sheet_view(make_sheet(reckoning, candidate_id, course.current_marks(as_of)), reckoning)
    footer = _("Fiche de synthèse · {name} ({id}) · registre {head} · {date}").format(
        name=view.sheet.candidate.shown_name, id=candidate_id, head=stamp.short_head, date=stamp.date
    )
    return page("sheet", reckoning.layout.syllabus.regulation, footer, stamp=stamp, view=view, sheet=view.sheet)

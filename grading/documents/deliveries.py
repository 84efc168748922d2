"""What came, when, and who was there: the sentences of one assessment of the sheet."""

from __future__ import annotations

from datetime import timedelta

from grading.deadlines import cut_off, work_cut_offs
from grading.documents.stamp import moment_text
from grading.language import _, plural
from grading.proposals import Reckoning
from grading.sheet import AssessmentPart


def received_text(part: AssessmentPart, candidate_id: str, reckoning: Reckoning) -> tuple[str, bool]:
    """When the work came against its cut-off, and whether it is late (or never came)."""
    cohort, slug = reckoning.facts.cohort, part.assessment.slug
    works = [(slug, part.subject), (slug, candidate_id)]
    extensions = {(one.assessment, one.subject): one.until for one in cohort.extensions}
    if part.received_at is None:
        limit = moment_text(cut_off(part.assessment.due, extensions, works))
        if part.not_submitted:
            return _("Jamais rendu ; attendu le {limit}.").format(limit=limit), True
        return _("Pas encore rendu ; attendu le {limit}.").format(limit=limit), False
    came = {(one.assessment, one.subject) for one in cohort.submissions}
    due = work_cut_offs(reckoning.layout.syllabus, cohort)[next(work for work in works if work in came)]
    text = _("Rendu le {moment}, pour le {limit}").format(moment=moment_text(part.received_at), limit=moment_text(due))
    if due > part.assessment.due:
        text += _(" (délai accordé)")
    if part.received_at <= due:
        return _("{text} : à temps.").format(text=text), False
    return _("{text} : {delay} de retard.").format(text=text, delay=delay_text(part.received_at - due)), True


def delay_text(late: timedelta) -> str:
    minutes = -(-late // timedelta(minutes=1))  # a second late is a minute late, never "0 minute"
    if minutes < 60:
        return plural(_("{count} minute"), _("{count} minutes"), minutes).format(count=minutes)
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    days, hours = divmod(hours, 24)
    text = plural(_("{count} jour"), _("{count} jours"), days).format(count=days)
    return f"{text} {hours} h" if hours else text


def absence_text(part: AssessmentPart) -> str:
    """The state alone: a motive may tell of somebody's health, and the jury does not need it to decide."""
    words = {
        "justified": _("Absence justifiée."),
        "unjustified": _("Absence injustifiée."),
        "pending": _("Absence dont le justificatif est attendu."),
    }
    return words[part.absence.state] if part.absence else ""

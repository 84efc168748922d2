"""What stands under each criterion for each candidate: DESIGN 3.3, rules 1 and 2, before any sum.

Rows come from the ledger in order; the last one of a key counts. One candidate or ten thousand: the same code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import numpy as np

from grading.cohort import Candidate, Cohort, Subjects
from grading.deadlines import Work, cut_off
from grading.events import PackedRow
from grading.judgements import Codes, MarkRow, Standing, judge
from grading.layout import Bools, Ints, Layout
from grading.marks import EVERY
from grading.regulation import FULL, Regulation


class AbsenceState(IntEnum):
    NONE = 0
    JUSTIFIED = 1
    UNJUSTIFIED = 2
    PENDING = 3


_ABSENCE = {
    "justified": AbsenceState.JUSTIFIED, "unjustified": AbsenceState.UNJUSTIFIED, "pending": AbsenceState.PENDING,
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """Everything the reckoning looks at, at one moment. `proposed` holds unconfirmed proposals of facts; `head` says
    where the ledger stood when it was read (count:hash), for the documents that show the figures."""

    cohort: Cohort
    marks: Iterable[Sequence[PackedRow]]
    adjustments: Iterable[MarkRow]
    now: datetime
    proposed: Mapping[tuple[str, str, str], int]
    head: str = ""


@dataclass(frozen=True)
class Evidence:
    """N candidates x K columns. `value` in quarter points, after adjustments, meaningful where `standing` is MARKED."""

    candidates: tuple[Candidate, ...]
    subjects: Subjects
    standing: Ints
    value: Ints
    absence: Ints  # (N, A) AbsenceState
    not_submitted: Bools  # (N, A) never came, cut-off passed
    adjusted: Bools  # (N, K) an adjustment applies
    by_regulation: Bools  # (N, K) counts 0 by the regulation
    dispensed: Bools  # (N, C) the competence counts as acquired by dispensation
    concerned: Bools  # (N, A) the assessment is for the candidate's access path


def gather(layout: Layout, facts: Facts) -> Evidence:
    """Puts every mark, absence, adjustment and dispensation where it belongs."""
    return _Gathering(layout, facts).evidence()


class _Gathering:
    """The steps of `gather`, in the order of the regulation. Subjects are numbered: candidates first, then groups."""

    def __init__(self, layout: Layout, facts: Facts) -> None:
        self.layout, self.facts = layout, facts
        self.regulation: Regulation = layout.syllabus.regulation
        self.candidates = facts.cohort.candidates
        due = {a.slug: a.due.date() for a in layout.syllabus.assessments}
        self.subjects = Subjects(facts.cohort.groups_on(due))
        self.codes = Codes()
        for candidate in self.candidates:
            self.codes[candidate.candidate_id]
        self.own = np.arange(len(self.candidates))
        self.unit = self._units()
        self.alone = self.unit == self.own[:, None]

    def evidence(self) -> Evidence:
        layout, rule = self.layout, self.regulation
        standing, value = self._marks()
        concerned = self._concerned()
        dispensed = self._dispensed()
        self._confirmed_by_nobody(standing, value)
        standing[:, layout.sans_objet] = Standing.OUT
        standing[self._dispensed_out(dispensed)] = Standing.OUT
        absence = self._absences()
        zero = self._count_absences(standing, absence)
        missing = self._not_submitted() & concerned
        if rule.not_submitted == "zero":
            sat = self._sat(standing, absence)
            zero |= (standing == Standing.NO_MARK) & (missing & sat)[:, layout.assessment]
        standing[zero] = Standing.MARKED
        delta, adjusted = self._adjustments()
        adjusted &= (standing == Standing.MARKED) & ~zero
        bound = rule.adjustment_bound
        value = np.clip(value + np.where(adjusted, np.clip(delta, -bound, bound), 0), 0, FULL)
        value[zero] = 0
        return Evidence(
            self.candidates, self.subjects, standing, value, absence, missing, adjusted, zero, dispensed, concerned
        )

    def _units(self) -> Ints:
        """(N, A) the subject that carries the group criteria of a candidate: their group, or themselves."""
        unit = np.repeat(self.own[:, None], len(self.layout.syllabus.assessments), axis=1)
        for (slug, candidate_id), group in self.subjects.group_of.items():
            if candidate_id in self.facts.cohort.by_id:
                unit[self.codes[candidate_id], self.layout.assessment_index[slug]] = self.codes[group]
        return unit

    def _concerned(self) -> Bools:
        paths = [[a.concerns(c.access_path) for a in self.layout.syllabus.assessments] for c in self.candidates]
        return np.array(paths, dtype=bool).reshape(len(self.candidates), len(self.layout.syllabus.assessments))

    def _marks(self) -> tuple[Ints, Ints]:
        """(N, K) standing and value: the candidate's own judgement for an individual criterion, else the group's."""
        standing, value = judge(self.layout, self.facts.marks, self.codes)
        holder = np.where(self.layout.individual, self.own[:, None], self.unit[:, self.layout.assessment])
        column = np.arange(len(self.layout.columns))
        return standing[holder, column], value[holder, column].astype(np.int64)

    def _confirmed_by_nobody(self, standing: Ints, value: Ints) -> None:
        """Unconfirmed proposals of facts count as a mark by `system`, only where no other row exists. What a member
        handed in alone decides their individual criteria, before what the group handed in."""
        if self.regulation.confirm_proposals:
            return
        own_first = sorted(self.facts.proposed.items(), key=lambda item: item[0][1] not in self.facts.cohort.by_id)
        for (slug, subject, criterion), quarters in own_first:
            column = self.layout.column_of[slug, criterion]
            alone = self.layout.individual[column] and subject in self.facts.cohort.by_id
            holders = np.array([self.codes[subject]]) if alone else self._candidates_of(slug, subject)
            free = holders[standing[holders, column] == Standing.NO_MARK]
            standing[free, column] = Standing.MARKED
            value[free, column] = quarters

    def _candidates_of(self, slug: str, subject: str) -> Ints:
        code = self.codes.get(subject, -1)
        return np.flatnonzero(self.unit[:, self.layout.assessment_index[slug]] == code)

    def _dispensed(self) -> Bools:
        ids = self.layout.syllabus.certification.competence_ids
        table = np.zeros((len(self.candidates), len(ids)), dtype=bool)
        if self.regulation.dispensation_acquires:
            place = {name: number for number, name in enumerate(ids)}
            for one in self.facts.cohort.acquired:
                if one.item in place and one.candidate_id in self.facts.cohort.by_id:
                    table[self.codes[one.candidate_id], place[one.item]] = True
        return table

    def _dispensed_out(self, dispensed: Bools) -> Bools:
        """(N, K) every competence of the criterion is dispensed; the determinant criterion never goes out."""
        tied = self.layout.tied
        left = (~dispensed).astype(np.int64) @ tied.T.astype(np.int64)
        return np.asarray((left == 0) & tied.any(axis=1) & ~self.layout.determinant)

    def _absences(self) -> Ints:
        table = np.zeros((len(self.candidates), len(self.layout.syllabus.assessments)), dtype=np.int8)
        for one in self.facts.cohort.absences:
            if one.candidate_id in self.facts.cohort.by_id and one.assessment in self.layout.assessment_index:
                table[self.codes[one.candidate_id], self.layout.assessment_index[one.assessment]] = _ABSENCE[one.state]
        return table

    def _count_absences(self, standing: Ints, absence: Ints) -> Bools:
        """Individual criteria (for a candidate alone, all) are absent; gives those that count 0 instead."""
        layout = self.layout
        touched = layout.individual | self.alone[:, layout.assessment]
        stays = (standing == Standing.NOT_APPLICABLE) | (standing == Standing.OUT)
        kind = absence[:, layout.assessment]
        absent = (kind != AbsenceState.NONE) & touched & ~stays
        zero = absent & (kind == AbsenceState.UNJUSTIFIED) & self.regulation.absence_is_zero
        standing[absent & ~zero] = Standing.ABSENT
        return np.asarray(zero, dtype=bool)

    def _not_submitted(self) -> Bools:
        """(N, A) no version ever came, and the cut-off (with the extensions of the work) has passed."""
        slugs = self.layout.assessment_index
        came = np.zeros((len(self.codes), len(slugs)), dtype=bool)
        for one in self.facts.cohort.submissions:
            if one.subject in self.codes and one.assessment in slugs:
                came[self.codes[one.subject], slugs[one.assessment]] = True
        span = np.arange(len(slugs))
        missing = ~(came[self.unit, span] | came[self.own[:, None], span])
        missing &= np.array([self.facts.now > a.due for a in self.layout.syllabus.assessments], dtype=bool)
        extensions = {(one.assessment, one.subject): one.until for one in self.facts.cohort.extensions}
        for slug, subject in extensions:
            due = self.layout.syllabus.by_slug[slug].due if slug in slugs else None
            code = self.codes.get(subject)
            if due is None or code is None:
                continue
            for row in {*self._candidates_of(slug, subject).tolist(), *([code] if code < len(self.candidates) else [])}:
                missing[row, slugs[slug]] &= self.facts.now > self._cut_off(due, extensions, slug, row)
        return missing

    def _cut_off(self, due: datetime, extensions: Mapping[Work, datetime], slug: str, row: int) -> datetime:
        name = self.candidates[row].candidate_id
        return cut_off(due, extensions, [(slug, name), (slug, self.subjects.of(slug, name))])

    def _sat(self, standing: Ints, absence: Ints) -> Bools:
        """(N, A) a work that is expected: every one but a resit of which nothing exists for the candidate.

        A resit is open to a whole access path, and only those who sit it can be given a 0 for it.
        """
        begun = (standing != Standing.NO_MARK) & (standing != Standing.OUT)
        sat = absence != AbsenceState.NONE
        for number, assessment in enumerate(self.layout.syllabus.assessments):
            columns = self.layout.assessment == number
            sat[:, number] |= True if assessment.replaces is None else begun[:, columns].any(axis=1)
        return np.asarray(sat)

    def _adjustments(self) -> tuple[Ints, Bools]:
        """(N, K) the sum of the adjustments of each criterion, and whether one that is not nil exists."""
        layout = self.layout
        size = (len(self.candidates), len(layout.columns))
        delta, touched = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
        last = {row[:4]: row for row in self.facts.adjustments}
        for slug, subject, criterion, __, __, quarters in last.values():
            if subject not in self.facts.cohort.by_id or slug not in layout.assessment_index:
                continue
            columns = layout.assessment == layout.assessment_index[slug]
            if criterion != EVERY:
                columns = columns & (np.arange(len(columns)) == layout.column_of.get((slug, criterion), -1))
            columns = columns & ~layout.individual
            delta[self.codes[subject], columns] += quarters or 0
            touched[self.codes[subject], columns] |= bool(quarters)
        return delta, touched

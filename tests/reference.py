"""DESIGN 3.3 read slowly: one candidate at a time, with fractions, loops and dicts. Only the tests use it.

It is written from the text of the contract and shares no arithmetic with `grading`: where the two differ, one of
them has misread the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import NamedTuple

from grading.assessment import Assessment, Syllabus
from grading.certification import Block
from grading.events import SEPARATOR, PackedRow
from grading.evidence import Facts
from grading.judgements import MarkRow
from grading.rubric import RubricCriterion

HELD = ("VAL", "ACQ", "DISP")


@dataclass(frozen=True)
class Outcome:
    """What the rules say of one candidate. Marks in hundredths of a point, None where there is none."""

    counting: Set[str]
    assessments: Mapping[str, int | None]
    blocks: Mapping[str, int | None]
    competences: Mapping[str, int | None]
    determinants: Mapping[str, int | None]
    acquired: Mapping[str, int]
    codes: Mapping[str, str]
    title: str
    flags: Set[str]
    company: int | None
    evaluation: int | None
    english: int | None
    thesis: int | None


class Cell(NamedTuple):
    """How one criterion stands: a word, the value on /20 when it is `marked`, whether an adjustment applies."""

    word: str
    value: Fraction = Fraction(0)
    adjusted: bool = False


NO_MARK, DISAGREEMENT, ABSENT, OUT = Cell("no mark"), Cell("disagreement"), Cell("absent"), Cell("out")
ZERO = Cell("marked", Fraction(0))


def expected(syllabus: Syllabus, facts: Facts, candidate_id: str) -> Outcome:
    """What DESIGN 3.3 gives for one candidate."""
    return _Candidate(syllabus, facts, candidate_id).outcome()


def half_up(value: Fraction, step: Fraction) -> Fraction:
    return floor(value / step + Fraction(1, 2)) * step


def hundredths(value: Fraction | None) -> int | None:
    """Rule 6, the one rounding of a mark."""
    return None if value is None else int(half_up(value, Fraction(1, 100)) * 100)


def mean(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """sum(weight x value) / sum(weight); None over nothing."""
    points = weights = Fraction(0)
    for weight, value in pairs:
        points, weights = points + weight * value, weights + weight
    return points / weights if weights else None


def _unpacked(row: PackedRow) -> MarkRow:
    subject, words, quarters = row
    slug, criterion, grader, state = words.split(SEPARATOR)
    return (slug, subject, criterion, grader, state, quarters)


class _Candidate:
    def __init__(self, syllabus: Syllabus, facts: Facts, candidate_id: str) -> None:
        self.syllabus, self.facts, self.rule = syllabus, facts, syllabus.regulation
        self.fiche, self.cohort = syllabus.certification, facts.cohort
        self.me = next(one for one in facts.cohort.candidates if one.candidate_id == candidate_id)
        self.items = {one.item for one in facts.cohort.acquired if one.candidate_id == candidate_id}
        self.rows = [_unpacked(row) for batch in facts.marks for row in batch]
        self.cells = {
            (a.slug, criterion.id): self.cell(a, criterion)
            for a in syllabus.assessments
            for criterion in a.rubric.criteria
        }

    # 3.1: under which ids the candidate is marked.

    def group(self, a: Assessment) -> str | None:
        """The group that holds the candidate on the due day."""
        day = a.due.date()
        for one in self.cohort.groups:
            mine = one.assessment == a.slug and one.candidate_id == self.me.candidate_id
            if mine and (one.since is None or one.since <= day) and (one.until is None or day <= one.until):
                return one.group_id
        return None

    def subjects(self, a: Assessment) -> list[str]:
        group = self.group(a)
        return [self.me.candidate_id] if group is None else [self.me.candidate_id, group]

    # Rule 1.

    def judged(self, a: Assessment, criterion: RubricCriterion) -> Cell:
        """What the graders' rows say, before anything else."""
        subject = self.me.candidate_id if criterion.individual else self.group(a) or self.me.candidate_id
        found: dict[str, tuple[str, int]] = {}
        for slug, whom, what, grader, state, quarters in self.rows:
            if (slug, whom, what) == (a.slug, subject, criterion.id):
                found[grader] = (state, quarters)
        if a.graders_per_work == 2 and "accord" in found:
            return self.as_cell(found["accord"])
        if a.graders_per_work == 2 and found:
            return self.settled_alone(list(found.values()))
        if found:
            return self.as_cell(next(iter(found.values()))) if len(found) == 1 else DISAGREEMENT
        return self.proposed(a, criterion, subject)

    def as_cell(self, row: tuple[str, int]) -> Cell:
        state, quarters = row
        return Cell(state, Fraction(quarters, 4) if state == "marked" else Fraction(0))

    def settled_alone(self, rows: list[tuple[str, int]]) -> Cell:
        """Two graders without an accord: a disagreement, unless `agreement.auto` lets them agree."""
        rule, cells = self.rule.agreement, [self.as_cell(row) for row in rows]
        if not rule.auto or len(cells) != 2 or any(cell.word != "marked" for cell in cells):
            return DISAGREEMENT
        one, two = cells[0].value, cells[1].value
        bar = Fraction(rule.never_across, 4)
        if abs(one - two) > Fraction(rule.tolerance, 4) or (one >= bar) != (two >= bar):
            return DISAGREEMENT
        return Cell("marked", half_up((one + two) / 2, Fraction(1, 4)))

    def proposed(self, a: Assessment, criterion: RubricCriterion, subject: str) -> Cell:
        """Rule 9: an unconfirmed proposal of a fact, where the regulation lets it count and no row exists."""
        if not self.rule.confirm_proposals:
            for whom in (subject, self.group(a) or subject):
                if (a.slug, whom, criterion.id) in self.facts.proposed:
                    return Cell("marked", Fraction(self.facts.proposed[a.slug, whom, criterion.id], 4))
        return NO_MARK

    def dispensed(self, competence: str) -> bool:
        return self.rule.vae_dispensation == "acquired" and competence in self.items

    def out(self, criterion: RubricCriterion) -> bool:
        """Sans objet, or every competence dispensed, the determinant criterion excepted."""
        all_dispensed = bool(criterion.competences) and all(self.dispensed(one) for one in criterion.competences)
        return criterion.sans_objet or (all_dispensed and not criterion.determinant)

    def delta(self, a: Assessment, criterion: RubricCriterion) -> tuple[Fraction, bool]:
        """The adjustments that concern a criterion: their sum within the bound, and whether one is not nil."""
        last: dict[tuple[str, str], int] = {}
        for slug, whom, what, grader, _, quarters in self.facts.adjustments:
            if (slug, whom) == (a.slug, self.me.candidate_id) and what in ("*", criterion.id):
                last[what, grader] = quarters
        if criterion.individual:
            return Fraction(0), False
        bound = Fraction(self.rule.adjustment_bound, 4)
        return max(-bound, min(bound, Fraction(sum(last.values()), 4))), any(last.values())

    def cell(self, a: Assessment, criterion: RubricCriterion) -> Cell:
        """Rules 1 and 2."""
        judged = OUT if self.out(criterion) else self.judged(a, criterion)
        touched = criterion.individual or self.group(a) is None
        absence = self.absence(a)
        if absence and touched and judged.word not in ("out", "not_applicable"):
            return ZERO if absence == "unjustified" and self.rule.unjustified_absence == "zero" else ABSENT
        if judged == NO_MARK and self.rule.not_submitted == "zero" and self.never_came(a) and self.expected_at(a):
            return ZERO
        if judged.word != "marked":
            return judged
        delta, adjusted = self.delta(a, criterion)
        return Cell("marked", max(Fraction(0), min(Fraction(20), judged.value + delta)), adjusted)

    def absence(self, a: Assessment) -> str:
        mine = (a.slug, self.me.candidate_id)
        return next((one.state for one in self.cohort.absences if (one.assessment, one.candidate_id) == mine), "")

    def never_came(self, a: Assessment) -> bool:
        """3.2: nothing came, and the cut-off (`due`, or the extension) has passed."""
        subjects = self.subjects(a)
        if any(one.assessment == a.slug and one.subject in subjects for one in self.cohort.submissions):
            return False
        more = [one.until for one in self.cohort.extensions if one.assessment == a.slug and one.subject in subjects]
        return a.concerns(self.me.access_path) and self.facts.now > max([a.due, *more])

    def expected_at(self, a: Assessment) -> bool:
        """Nobody is expected at a resit of which nothing is recorded for them."""
        judged = [self.judged(a, criterion) for criterion in a.rubric.criteria if not self.out(criterion)]
        return a.replaces is None or bool(self.absence(a)) or any(cell != NO_MARK for cell in judged)

    # Resits (3.1), rules 3 to 6.

    def of(self, a: Assessment) -> list[tuple[RubricCriterion, Cell]]:
        return [(criterion, self.cells[a.slug, criterion.id]) for criterion in a.rubric.criteria]

    def words(self, a: Assessment) -> set[str]:
        return {cell.word for _, cell in self.of(a)}

    def complete(self, a: Assessment) -> bool:
        return "marked" in self.words(a) and not self.words(a) & {"no mark", "disagreement", "absent"}

    def stood_in_for(self, a: Assessment) -> bool:
        """A resit of this one is complete, or a resit of that resit."""
        resits = [one for one in self.syllabus.assessments if one.replaces == a.slug]
        mine = [one for one in resits if one.concerns(self.me.access_path)]
        return any(self.complete(one) or self.stood_in_for(one) for one in mine)

    def counts(self, a: Assessment) -> bool:
        if not a.concerns(self.me.access_path) or self.stood_in_for(a):
            return False
        return a.replaces is None or self.complete(a)

    def counting(self, block: str | None) -> list[Assessment]:
        return [a for a in self.syllabus.assessments if a.block == block and self.counts(a)]

    def marked(self, a: Assessment) -> list[tuple[RubricCriterion, Fraction]]:
        return [(criterion, cell.value) for criterion, cell in self.of(a) if cell.word == "marked"]

    def assessment_mark(self, a: Assessment) -> Fraction | None:
        return mean((criterion.weight, value) for criterion, value in self.marked(a))

    def mean_of(self, chosen: list[Assessment]) -> int | None:
        """Rule 5."""
        marks = [(a.rubric.coefficient, self.assessment_mark(a)) for a in chosen]
        return hundredths(mean((coefficient, mark) for coefficient, mark in marks if mark is not None))

    def kind_mark(self, kind: str) -> int | None:
        return self.mean_of([a for a in self.syllabus.assessments if a.kind == kind and self.counts(a)])

    def competence_mark(self, block: Block, competence: str) -> int | None:
        return hundredths(
            mean(
                (a.rubric.coefficient * criterion.weight, value)
                for a in self.counting(block.id)
                for criterion, value in self.marked(a)
                if competence in criterion.competences
            )
        )

    def determinant_mark(self, block: Block) -> int | None:
        return hundredths(
            mean(
                (a.rubric.coefficient * criterion.weight, value)
                for a in self.counting(block.id)
                for criterion, value in self.marked(a)
                if criterion.determinant
            )
        )

    # Rule 7.

    def presents(self, block: Block) -> bool:
        return (not self.me.blocks or block.id in self.me.blocks) and block.id not in self.items

    def waits(self, block: Block) -> bool:
        counting = self.counting(block.id)
        if any(self.words(a) & {"no mark", "disagreement"} or self.absence(a) == "pending" for a in counting):
            return True
        cells = [(criterion, cell) for a in counting for criterion, cell in self.of(a)]
        determinant = [cell.word for criterion, cell in cells if criterion.determinant and not criterion.sans_objet]
        if determinant and "marked" not in determinant and "absent" not in determinant:
            return True
        for competence in block.competences:
            tied = {cell.word for criterion, cell in cells if competence.id in criterion.competences}
            if not self.dispensed(competence.id) and not tied & {"marked", "absent"}:
                return True
        return False

    def code(self, block: Block) -> str:
        if block.id in self.items:
            return "ACQ"
        if not self.presents(block):
            return "NP"
        if all(self.dispensed(one.id) for one in block.competences):
            return "DISP"
        if self.waits(block):
            return "ATT"
        absences = {self.absence(a) for a in self.counting(block.id)}
        if "justified" in absences:
            return "ABS_J"
        if "unjustified" in absences and self.rule.unjustified_absence == "absent":
            return "ABS_NJ"
        return "VAL" if self.passes(block) else "NVAL"

    def passes(self, block: Block) -> bool:
        mark, determinant = self.mean_of(self.counting(block.id)), self.determinant_mark(block)
        needed = [self.competence_mark(block, one.id) for one in block.competences if not self.dispensed(one.id)]
        return (
            mark is not None
            and mark >= self.rule.pass_mark
            and all(one is None or one >= self.rule.competence_floor for one in needed)
            and (determinant is None or determinant >= self.rule.determinant_floor)
        )

    # Rule 8.

    @property
    def is_vae(self) -> bool:
        return self.me.access_path == "VAE"

    def months_short(self) -> bool:
        asked = self.fiche.company_months
        if asked is None or self.is_vae:
            return False
        setting = self.rule.company_months
        return (self.me.company_months or Fraction(0)) < (asked if setting is None else setting)

    def english_complete(self) -> bool:
        if not self.fiche.english:
            return True
        counting = [a for a in self.syllabus.assessments if a.kind == "english" and self.counts(a)]
        if any(self.absence(a) or self.words(a) & {"no mark", "disagreement", "absent"} for a in counting):
            return False
        mark, bar = self.kind_mark("english"), self.rule.english_pass_mark
        return mark is not None and (bar is None or mark >= bar)

    def expired(self) -> bool:
        return self.fiche.ends_on is not None and self.me.entered_on > self.fiche.ends_on

    def title(self) -> str:
        codes = [self.code(block) for block in self.fiche.blocks]
        presented = [self.code(block) for block in self.fiche.blocks if self.presents(block)]
        if self.expired() or "ATT" in presented or "ABS_J" in presented:
            return "AJOURNE"
        if all(code in HELD for code in codes):
            if self.months_short() or not self.english_complete():
                return "AJOURNE"
            return "SUSPENDU" if self.me.entry_title_status == "pending" else "TITRE"
        gained = "VAL" in codes or "DISP" in codes
        if len(presented) == 1:
            return "BLOC_SEUL" if gained else "AUCUN"
        return "BLOCS" if gained else "AUCUN"

    # Rule 9.

    def looked_at(self) -> list[Assessment]:
        """What counts, for a presented block or for no block."""
        blocks = [None, *(block.id for block in self.fiche.blocks if self.presents(block))]
        return [a for a in self.syllabus.assessments if a.block in blocks and self.counts(a)]

    def company_open(self) -> bool:
        if self.fiche.company_months is None or self.is_vae:
            return False
        missions = [a for a in self.looked_at() if a.kind == "company_mission"]
        unmarked = any("no mark" in self.words(a) for a in missions)
        return self.months_short() or unmarked or self.kind_mark("company_evaluation") is None

    def near(self) -> bool:
        """Within 1 point of a bar; dispensed competences have none."""
        for block in self.fiche.blocks:
            open_ = [one.id for one in block.competences if not self.dispensed(one.id)]
            if not self.presents(block) or not open_:
                continue
            marks = [(self.mean_of(self.counting(block.id)), self.rule.pass_mark)]
            marks += [(self.competence_mark(block, one), self.rule.competence_floor) for one in open_]
            if any(mark is not None and abs(mark - bar) <= 100 for mark, bar in marks):
                return True
        return False

    def determinant_low(self) -> bool:
        shown = [block for block in self.fiche.blocks if self.presents(block) and self.code(block) != "DISP"]
        marks = [self.determinant_mark(block) for block in shown]
        return any(mark is not None and mark < self.rule.determinant_floor for mark in marks)

    def flags(self) -> frozenset[str]:
        looked_at = self.looked_at()
        cells = [cell for a in looked_at for _, cell in self.of(a)]
        words = {cell.word for cell in cells}
        holds = {
            "INCOMPLET": any(self.code(block) == "ATT" for block in self.fiche.blocks),
            "DESACCORD": "disagreement" in words,
            "PROCHE_SEUIL": self.near(),
            "DETERMINANT": self.determinant_low(),
            "MODULATION": any(cell.adjusted for cell in cells),
            "NON_OBSERVE": "not_observed" in words,
            "ABSENCE": any(self.absence(a) for a in looked_at),
            "NON_RENDU": any(self.never_came(a) for a in looked_at),
            "ENTREPRISE": self.company_open(),
            "ANGLAIS": not self.english_complete(),
            "TITRE_ENTREE": self.me.entry_title_status == "pending",
            "FICHE_EXPIREE": self.expired(),
        }
        return frozenset(name for name, holding in holds.items() if holding)

    def acquired(self, block: Block) -> int:
        marks = {one.id: self.competence_mark(block, one.id) for one in block.competences}
        bar = self.rule.pass_mark
        return sum(self.dispensed(name) or (mark is not None and mark >= bar) for name, mark in marks.items())

    def outcome(self) -> Outcome:
        blocks, assessments = self.fiche.blocks, self.syllabus.assessments
        return Outcome(
            counting=frozenset(a.slug for a in assessments if self.counts(a)),
            assessments={a.slug: hundredths(self.assessment_mark(a)) for a in assessments},
            blocks={block.id: self.mean_of(self.counting(block.id)) for block in blocks},
            competences={one.id: self.competence_mark(block, one.id) for block in blocks for one in block.competences},
            determinants={block.id: self.determinant_mark(block) for block in blocks},
            acquired={block.id: self.acquired(block) for block in blocks},
            codes={block.id: self.code(block) for block in blocks},
            title=self.title(),
            flags=self.flags(),
            company=self.kind_mark("company_mission"),
            evaluation=self.kind_mark("company_evaluation"),
            english=self.kind_mark("english"),
            thesis=self.kind_mark("thesis"),
        )

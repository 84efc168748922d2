"""Small worlds for the reckoning: builders for tests that are read, and strategies for worlds drawn at random.

`world(CASE, mark("G", 12), absent("justified"))` is one candidate, ana, in a course with one case study. Values are
points on /20. Everything happens around DUE; `now` is the day before unless a test says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st

from grading.assessment import Assessment, Syllabus
from grading.certification import Block, Certification, Competence, Criterion
from grading.codes import AccessPath, Kind
from grading.cohort import Absence, Acquired, Candidate, Cohort, Extension, Membership, Submission
from grading.deadlines import deadline_proposals
from grading.events import SEPARATOR, PackedRow
from grading.evidence import Facts
from grading.judgements import MarkRow
from grading.layout import Layout
from grading.proposals import Reckoning, reckon
from grading.regulation import Agreement, LateStep, Regulation
from grading.rubric import Rubric, RubricCriterion
from grading.scoring import NONE
from tests.reference import Outcome, expected

DUE = datetime(2026, 3, 6, 18, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEFORE, AFTER = DUE - DAY, DUE + 10 * DAY
ENDS_ON = date(2026, 2, 10)
#: The same worlds at every run, with nothing kept between two runs. To shrink a whole world would take minutes.
STEADY = settings(derandomize=True, deadline=None, phases=[Phase.generate])

# What the course is.


def fiche(
    blocks: Mapping[str, int] | None = None,
    *,
    ends_on: date | None = None,
    months: int | None = None,
    english: bool = False,
) -> Certification:
    """A certification with some competences per block, B1.C1 and so on; by default one block of one competence."""
    return Certification(
        code="RNCP00001", title="Fiche inventée", level=7, certifier="École", ends_on=ends_on, english=english,
        blocks=tuple(_block(name, count) for name, count in (blocks or {"B1": 1}).items()),
        criteria=(
            Criterion("REAL.1", ""), Criterion("REAL.3", "", condition="business"),
            Criterion("REAL.4", "", condition="technical"), Criterion("REAL.5", "", determinant=True),
            Criterion("DEM.5", "", deadline=True),
        ),
        paths=tuple(AccessPath), company_months=None if months is None else Fraction(months),
    )  # fmt: skip


def _block(name: str, count: int) -> Block:
    return Block(name, f"RNCP00001{name}", name, tuple(Competence(f"{name}.C{n}", "") for n in range(1, count + 1)))


def criterion(
    name: str, weight: float | str = 1, *, individual: bool = False, ties: str = "B1.C1", sans_objet: bool = False
) -> RubricCriterion:
    """REAL.5 is the determinant criterion, DEM.5 the one that lateness proposes. `ties` are competences."""
    return RubricCriterion(
        name, Fraction(str(weight)), individual, tuple(ties.split()), {}, "deadline" if name == "DEM.5" else None,
        sans_objet=sans_objet, determinant=name == "REAL.5",
    )  # fmt: skip


def assessment(
    slug: str,
    *criteria: RubricCriterion,
    block: str | None = "B1",
    kind: Kind = Kind.CASE_STUDY,
    coefficient: float | str = 1,
    graders: int = 1,
    paths: str = "",
    replaces: str | None = None,
    due: datetime = DUE,
) -> Assessment:
    """`paths` as in « FI CA »; none for all of them."""
    rubric = Rubric(slug, kind, block, (), Fraction(str(coefficient)), (), criteria)
    access = frozenset(AccessPath(path) for path in paths.split()) or None
    return Assessment(slug, due - 30 * DAY, due, ("eva", "max"), rubric, graders, paths=access, replaces=replaces)


#: One criterion for the group, one for each member.
CASE = assessment("case", criterion("G"), criterion("I", individual=True))
ENGLISH = assessment("english", criterion("ANG.1", individual=True, ties=""), block=None, kind=Kind.ENGLISH)
MISSION = assessment("mission", criterion("ENT.1", individual=True, ties=""), block=None, kind=Kind.COMPANY_MISSION)
COMPANY = assessment("firm", criterion("EVE.1", individual=True, ties=""), block=None, kind=Kind.COMPANY_EVALUATION)
THESIS = assessment("thesis", criterion("REAL.1", individual=True, ties=""), block=None, kind=Kind.THESIS)


def resit(of: str = "case", slug: str = "resit", **changes: Any) -> Assessment:
    """CASE again, in place of `of`."""
    return assessment(slug, *CASE.rubric.criteria, replaces=of, **changes)


# Who is there, and what happened.


def person(
    name: str = "ana", path: str = "FI", blocks: str = "", months: int | None = None, title: str = "produced",
    entered: date = date(2025, 9, 1),
) -> Candidate:  # fmt: skip
    """`blocks` as in « B1 B3 »; none for all of them."""
    return Candidate(
        candidate_id=name, birth_name=name, usage_name="", first_names="", sex="F", birth_date="1999", birth_place="",
        birth_insee_code="", birth_country="FR", email="", access_path=AccessPath(path), entry_level="6",
        entry_title_status=title, entered_on=entered, blocks=frozenset(blocks.split()),
        company_months=None if months is None else Fraction(months),
    )  # fmt: skip


def mark(name: str, given: float | str, *, of: str = "ana", on: str = "case", by: str = "eva") -> MarkRow:
    """A row of the ledger: points on /20, or a state such as not_observed."""
    if isinstance(given, str):
        return (on, of, name, by, given, 0)
    return (on, of, name, by, "marked", int(given * 4))


def packed(row: MarkRow) -> PackedRow:
    """The row as the ledger gives it to the reckoning."""
    slug, subject, criterion, grader, state, quarters = row
    return (subject, SEPARATOR.join((slug, criterion, grader, state)), quarters)


def adjust(name: str, delta: float, *, of: str = "ana", on: str = "case", by: str = "eva") -> MarkRow:
    return (on, of, name, by, "adjustment", int(delta * 4))


def member(
    group: str = "g1", of: str = "ana", *, on: str = "case", since: date | None = None, until: date | None = None
) -> Membership:
    return Membership(on, group, of, since, until)


def absent(state: str, *, of: str = "ana", on: str = "case") -> Absence:
    return Absence(on, of, state, "")


def handed_in(late: timedelta = -HOUR, *, of: str = "ana", on: str = "case") -> Submission:
    return Submission(on, of, DUE + late, "")


def extended(more: timedelta, *, of: str = "ana", on: str = "case") -> Extension:
    return Extension(on, of, DUE + more, "motive", "lead")


def holds(item: str, *, of: str = "ana") -> Acquired:
    """A block acquired earlier, or a competence dispensed."""
    return Acquired(of, item, "vae_dispensation" if "." in item else "earlier_session", "", "")


Part = Assessment | MarkRow | Candidate | Membership | Absence | Submission | Extension | Acquired


@dataclass(frozen=True, repr=False)
class World:
    """A course and what is known of its people at one moment."""

    syllabus: Syllabus
    cohort: Cohort
    rows: tuple[MarkRow, ...] = ()
    adjustments: tuple[MarkRow, ...] = ()
    now: datetime = BEFORE
    proposed: Mapping[tuple[str, str, str], int] = field(default_factory=dict)

    def __repr__(self) -> str:
        """What a failing test shows, one thing a line; a setting only where it is not the default."""
        plain = vars(Regulation(""))
        lines = [f"{name} {value}" for name, value in vars(self.syllabus.regulation).items() if value != plain[name]]
        for a in self.syllabus.assessments:
            paths = " ".join(sorted(a.paths or ()))
            lines.append(f"{a.slug} x {a.rubric.coefficient}, {a.graders_per_work=} {paths=} {a.replaces=}")
            told = ((c.id, str(c.weight), c.individual, c.sans_objet, c.competences) for c in a.rubric.criteria)
            lines += ["    {} x {} individual={} sans_objet={} {}".format(*one) for one in told]
        who = ((c.candidate_id, c.access_path, sorted(c.blocks), c.company_months) for c in self.cohort.candidates)
        lines += ["{} {} blocks={} months={}".format(*one) for one in who]
        for name in _TABLES.values():
            lines += [" ".join(map(str, (name, *astuple(row)))) for row in getattr(self.cohort, name)]
        lines += [" ".join(map(str, row)) for row in (*self.rows, *self.adjustments)]
        return "\n".join([*lines, f"now {self.now}, proposed {dict(self.proposed)}"])

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(repr(self))

    def facts(self) -> Facts:
        half = len(self.rows) // 2  # the ledger gives its rows in batches
        batches = [[packed(row) for row in part] for part in (self.rows[:half], self.rows[half:])]
        return Facts(self.cohort, batches, self.adjustments, self.now, self.proposed)

    def reckoning(self) -> Reckoning:
        return reckon(Layout(self.syllabus), self.facts())

    def outcome(self, who: str = "ana") -> Outcome:
        """What grading says, held against the reference."""
        said, wanted = outcome_of(self.reckoning(), who), expected(self.syllabus, self.facts(), who)
        assert said == wanted, [
            (name, value, vars(wanted)[name]) for name, value in vars(said).items() if value != vars(wanted)[name]
        ]
        return said

    def code(self, block: str = "B1", who: str = "ana") -> str:
        return self.outcome(who).codes[block]

    def mark(self, block: str = "B1", who: str = "ana") -> int | None:
        return self.outcome(who).blocks[block]

    def with_(self, *parts: Part) -> World:
        """The same world, with more rows after the others."""
        more = world(*parts)
        tables = {name: getattr(self.cohort, name) + getattr(more.cohort, name) for name in _TABLES.values()}
        return replace(
            self, cohort=replace(self.cohort, **tables), rows=self.rows + more.rows,
            adjustments=self.adjustments + more.adjustments,
        )  # fmt: skip


_TABLES: dict[type, str] = {
    Membership: "groups", Absence: "absences", Submission: "submissions", Extension: "extensions",
    Acquired: "acquired",
}  # fmt: skip


def syllabus(*assessments: Assessment, certification: Certification | None = None, **rule: Any) -> Syllabus:
    return Syllabus({"fr": ""}, certification or fiche(), Regulation("test", **rule), assessments)


def world(
    *parts: Part, certification: Certification | None = None, now: datetime = BEFORE,
    proposed: Mapping[tuple[str, str, str], int] | None = None, **rule: Any,
) -> World:  # fmt: skip
    """Parts in any order; without an assessment CASE, without a candidate ana; keywords are settings."""
    rows = [part for part in parts if isinstance(part, tuple)]
    tables: dict[str, Any] = {
        name: tuple(part for part in parts if isinstance(part, kind)) for kind, name in _TABLES.items()
    }
    people = tuple(part for part in parts if isinstance(part, Candidate)) or (person(),)
    assessments = tuple(part for part in parts if isinstance(part, Assessment)) or (CASE,)
    course = syllabus(*assessments, certification=certification, **rule)
    cohort = Cohort(candidates=people, **tables)
    return World(
        course, cohort, tuple(row for row in rows if row[4] != "adjustment"),
        tuple(row for row in rows if row[4] == "adjustment"), now,
        deadline_proposals(course, cohort) if proposed is None else proposed,
    )  # fmt: skip


def outcome_of(reckoning: Reckoning, who: str) -> Outcome:
    """What grading says of one candidate, in the reference's words."""
    row, layout, scores = reckoning.row_of[who], reckoning.layout, reckoning.scores
    kinds = (Kind.COMPANY_MISSION, Kind.COMPANY_EVALUATION, Kind.ENGLISH, Kind.THESIS)
    company, evaluation, english, thesis = (_mark(scores.of_kind(kind)[row]) for kind in kinds)
    slugs, ids = list(layout.assessment_index), layout.block_ids
    return Outcome(
        counting=frozenset(slug for slug, counts in zip(slugs, scores.counts[row], strict=True) if counts),
        assessments=_marks(slugs, scores.assessment[row]),
        blocks=_marks(ids, scores.block[row]),
        competences=_marks(layout.syllabus.certification.competence_ids, scores.competence[row]),
        determinants=_marks(ids, scores.determinant[row]),
        acquired={name: int(count) for name, count in zip(ids, reckoning.competences_acquired()[row], strict=True)},
        codes={name: str(code) for name, code in zip(ids, reckoning.block_codes[row], strict=True)},
        title=str(reckoning.title_codes[row]),
        flags=frozenset(str(flag) for flag in reckoning.flags(row)),
        company=company, evaluation=evaluation, english=english, thesis=thesis,
    )  # fmt: skip


def _marks(names: Any, marks: Any) -> dict[str, int | None]:
    return {name: _mark(one) for name, one in zip(names, marks, strict=True)}


def _mark(hundredths: Any) -> int | None:
    return None if hundredths == NONE else int(hundredths)


# Worlds drawn at random. Most cells are marked, near the bars: a world where nothing is settled says only ATT.


@lru_cache(maxsize=None, typed=True)
def one_of(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def seldom(usual: Any, *others: Any, times: int = 4) -> st.SearchStrategy[Any]:
    """`usual`, and once in a while one of the others."""
    return one_of(*[usual] * (times * len(others)), *others)


LATE = (Regulation("").late, (LateStep(Fraction(2), 48), LateStep(None, 20)))
NUMBERS = one_of("1", "1", "2", "3", "0.5", "1.25", "0.001", "7")
NAMES = one_of(
    ("REAL.1",), ("REAL.1", "REAL.5"), ("REAL.1", "REAL.3", "DEM.5"), ("REAL.5", "DEM.5"), ("REAL.3", "REAL.5", "X.a")
)
#: Points on /20, near the bars more often than not.
POINTS = one_of(10, 10, 9.75, 8, 7.75, 12, 15, 18, 20, 0, 9, 11)
STATES = seldom("marked", "not_observed", times=20)
RAGGED = seldom("marked", "not_observed", "not_applicable", "nothing", "nothing", times=2)
GRADERS = {
    1: one_of(("eva",)),
    2: one_of(*[("accord",)] * 8, *[("eva", "max", "accord")] * 8, *[("eva", "max")] * 3, ("max",)),
}
COUNTLESS = (Kind.COMPANY_MISSION, Kind.COMPANY_EVALUATION, Kind.ENGLISH, Kind.THESIS)


def _regulation(draw: st.DrawFn) -> Regulation:
    return Regulation(
        "drawn", pass_mark=draw(one_of(1000, 950, 0)), competence_floor=draw(one_of(800, 900, 0)),
        determinant_floor=draw(one_of(800, 1000)), adjustment_bound=draw(one_of(12, 3, 0)),
        unjustified_absence=draw(one_of("zero", "absent")),
        company_months=draw(one_of(None, Fraction(8), Fraction(0))), late=draw(one_of(*LATE)),
        confirm_proposals=draw(one_of(True, False)),
        agreement=Agreement(draw(one_of(8, 0, 3)), draw(one_of(40, 36)), draw(one_of(False, True))),
        english_pass_mark=draw(one_of(None, 1000, 0)), not_submitted=draw(one_of("wait", "zero")),
        vae_dispensation=draw(one_of("following", "acquired")),
    )  # fmt: skip


def _syllabus(draw: st.DrawFn, most_blocks: int) -> Syllabus:
    counts = {f"B{n + 1}": draw(one_of(1, 2, 3)) for n in range(draw(one_of(*range(1, most_blocks + 1))))}
    course = fiche(
        counts, ends_on=draw(one_of(None, ENDS_ON)), months=draw(one_of(None, 6)), english=draw(one_of(True, False))
    )
    found = [a for block in course.blocks for a in _assessments_of(draw, block)]
    for kind in COUNTLESS:
        found += [_assessment(draw, f"{kind}-{n}", None, kind) for n in range(draw(seldom(1, 0, 2, times=2)))]
    if draw(one_of(False, True)):
        found.reverse()  # resits before what they replace
    return Syllabus({"fr": ""}, course, _regulation(draw), tuple(found))


def _assessments_of(draw: st.DrawFn, block: Block) -> list[Assessment]:
    """Case studies of a block with their resits, and a VAE file or not."""
    found = []
    for number in range(draw(one_of(1, 2))):
        paths, before = draw(one_of("", "FI CA")), None
        for step in range(draw(one_of(1, 1, 2, 3))):
            slug = f"{block.id}-{number}-{step}"
            found.append(_assessment(draw, slug, block, Kind.CASE_STUDY, paths, before))
            before = slug
    if draw(one_of(False, True)):
        found.append(_assessment(draw, f"{block.id}-vae", block, Kind.VAE, "VAE"))
    return found


def _assessment(
    draw: st.DrawFn, slug: str, block: Block | None, kind: Kind, paths: str = "", before: str | None = None
) -> Assessment:
    ids = tuple(one.id for one in block.competences) if block else ()
    criteria = [
        criterion(
            name, draw(NUMBERS), individual=draw(one_of(False, True)),
            ties=" ".join(draw(one_of(ids, ids, ids[:1], ids[-1:]))),
            sans_objet=name == "REAL.3" and draw(one_of(False, True)),
        )
        for name in draw(NAMES)
    ]  # fmt: skip
    return assessment(
        slug, *criteria, block=block.id if block else None, kind=kind, coefficient=draw(NUMBERS),
        graders=draw(seldom(1, 2)), paths=paths, replaces=before, due=DUE + draw(seldom(0, 1, times=2)) * DAY,
    )  # fmt: skip


def _candidate(draw: st.DrawFn, name: str, course: Certification) -> Candidate:
    return person(
        name, draw(one_of("FI", "FI", "CA", "VAE")), draw(seldom("", "B1", "B1 B2", times=1)) if len(course.blocks) > 1 else "",
        draw(one_of(6, 5, 8, None)), draw(seldom("produced", "pending", times=2)), ENDS_ON + draw(seldom(0, 1)) * DAY,
    )  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn, least: int = 1, most: int = 3, most_blocks: int = 4) -> World:
    """Between `least` and `most` candidates, c0 and so on, in a course of 1 to `most_blocks` blocks."""
    course = _syllabus(draw, most_blocks)
    people = tuple(
        _candidate(draw, f"c{n}", course.certification) for n in range(draw(one_of(*range(least, most + 1))))
    )
    tables: dict[str, list[Any]] = {name: [] for name in _TABLES.values()}
    blocks, competences = tuple(course.certification.block_by_id), course.certification.competence_ids
    for one in people:
        items = draw(one_of((), (), blocks[:1], competences, competences[:2]))
        tables["acquired"] += [holds(item, of=one.candidate_id) for item in items]
    states = draw(one_of(STATES, RAGGED))
    rows: list[MarkRow] = []
    adjustments: list[MarkRow] = []
    for a in course.assessments:
        subjects = sorted({subject for one in people for subject in _events(draw, a, one, tables)})
        for subject in subjects:
            if a.replaces is None or draw(one_of(True, False)):
                rows += _rows(draw, a, subject, states)
        for one in people:
            adjustments += _adjustments(draw, a, one.candidate_id)
    cohort = Cohort(candidates=people, **{name: tuple(found) for name, found in tables.items()})
    now = draw(one_of(BEFORE, DUE, DUE + HOUR, DUE + 30 * HOUR, AFTER))
    return World(course, cohort, tuple(rows), tuple(adjustments), now, deadline_proposals(course, cohort))


def _events(draw: st.DrawFn, a: Assessment, one: Candidate, tables: dict[str, list[Any]]) -> list[str]:
    """Groups, an absence, what was handed in and the time given; gives the subjects who may be marked."""
    who, due = one.candidate_id, a.due.date()
    kind = draw(one_of("alone", "alone", "g1", "g1", "g2", "moved", "left", "came later", "that day"))
    since, until = {"left": (None, due - DAY), "came later": (due + DAY, None), "that day": (due, due)}.get(
        kind, (None, None)
    )
    mine = [member("g2" if kind == "g2" else "g1", who, on=a.slug, since=since, until=until)] if kind != "alone" else []
    if kind == "moved":
        mine = [member("g1", who, on=a.slug, until=due - DAY), member("g2", who, on=a.slug, since=due)]
    mine = [replace(one, group_id=f"{a.slug}-{one.group_id}") for one in mine]
    tables["groups"] += mine
    if state := draw(seldom("", "justified", "unjustified", "pending")):
        tables["absences"].append(absent(state, of=who, on=a.slug))
    subjects = [who, *sorted({one.group_id for one in mine})]
    subject = draw(one_of(*subjects))
    if (late := draw(one_of(-1, -1, None, 0, 1, 24, 25))) is not None:
        tables["submissions"].append(handed_in(late * HOUR, of=subject, on=a.slug))
    if more := draw(seldom(0, 1, 24, 100, -24, times=2)):
        given = extended(more * HOUR, of=subject, on=a.slug)
        taken = {(other.assessment, other.subject) for other in tables["extensions"]}
        tables["extensions"] += [given] * ((a.slug, subject) not in taken)
    return subjects


def _rows(draw: st.DrawFn, a: Assessment, subject: str, states: st.SearchStrategy[str]) -> list[MarkRow]:
    rows: list[MarkRow] = []
    for one in a.rubric.criteria:
        if one.individual and not subject.startswith("c"):
            continue
        graders = draw(GRADERS[a.graders_per_work])
        again = draw(seldom(0, 1))  # a row that a later one of its key replaces
        for grader in (*graders[:again], *graders):
            if (state := draw(states)) != "nothing":
                given = draw(POINTS) if state == "marked" else state
                rows.append(mark(one.id, given, of=subject, on=a.slug, by=grader))
    return rows


def _adjustments(draw: st.DrawFn, a: Assessment, who: str) -> list[MarkRow]:
    names = ("*", *(one.id for one in a.rubric.criteria if not one.individual))
    deltas, graders = one_of(-3, -0.75, 0, 0.25, 1, 3), one_of("eva", "max")
    return [
        adjust(draw(one_of(*names)), draw(deltas), of=who, on=a.slug, by=draw(graders))
        for _ in range(draw(seldom(0, 1, 2, 3, times=2)))
    ]

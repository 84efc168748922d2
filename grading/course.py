"""One course, opened: the one object that knows its files, its ledger and what they answer."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.assessment import Syllabus
from grading.cohort import Cohort
from grading.errors import JuryLabError, Problem, did_you_mean
from grading.events import ADJUSTMENT, MARK
from grading.fact_proposals import FactProposal, fact_proposals, with_deposits
from grading.language import _
from grading.ledger import Ledger
from grading.ledger.cohort_events import cohort_of, recorded_rows
from grading.ledger.mark_events import current_rows, frozen_rubrics, mark_of
from grading.ledger.work_events import work_log
from grading.loading.course_files import read_syllabus
from grading.loading.rubric_file import rubric_hash
from grading.marks import Mark
from grading.works import WorkLog

if TYPE_CHECKING:
    import pandas as pd

    from grading.ledger.store import Reader
    from grading.proposals import Reckoning
    from grading.sheet import Sheet


def find_course(given: str | os.PathLike[str] | None = None) -> Path:
    """The course folder: the one given, else the nearest parent that holds one, else JURYLAB_COURSE."""
    if given is not None:
        folder = Path(given)
        if (folder / "course" / "course.yaml").is_file():
            return folder.absolute()
        raise JuryLabError(
            Problem(str(folder), _("pas de course/course.yaml dans ce dossier"), todo=_("jurylab new DOSSIER"))
        )
    here = Path.cwd()
    named = os.environ.get("JURYLAB_COURSE")
    for folder in (here, *here.parents):
        if (folder / "course" / "course.yaml").is_file():
            return folder
    if named:
        return find_course(named)
    raise JuryLabError(
        Problem(
            str(here),
            _("aucun cours ici ni au-dessus"),
            todo=_("se placer dans un cours, donner --course DOSSIER, ou jurylab new DOSSIER"),
        )
    )


def open_course(path: str | os.PathLike[str] | None = None) -> Course:
    """Opens a course folder (default: the one that holds the current folder).

    Raises JuryLabError with every problem of its files.
    """
    return Course(find_course(path))


@dataclass(frozen=True)
class Drift:
    """A rubric whose file is no longer the one that marks were made with."""

    slug: str
    in_force: str
    on_disk: str


class Course:
    """A course folder with its ledger. What it answers is read once; `refresh` reads again."""

    def __init__(self, folder: Path, now: datetime | None = None) -> None:
        self.folder = folder
        self._now = now
        self.ledger = Ledger(self.workspace / "ledger.db")
        self.syllabus = self._read_syllabus()

    def __repr__(self) -> str:
        return f"<Course {self.syllabus.title['fr']!r} {self.folder}>"

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def documents(self) -> Path:
        return self.workspace / "documents"

    def refresh(self) -> Course:
        """The same course, read again from its files and its ledger."""
        return Course(self.folder, self._now)

    # The course files.

    def _read_syllabus(self) -> Syllabus:
        """The files, with the rubrics in force: those that marks were made with, until a change is confirmed."""
        self._frozen: dict[str, str] = {}
        if not self.ledger.exists:
            return self._supported(read_syllabus(self.folder))
        with self.ledger.reading() as reader:
            frozen = frozen_rubrics(reader)
        self._frozen = {slug: recorded for slug, (recorded, __) in frozen.items()}
        syllabus = read_syllabus(self.folder, {slug: text for slug, (__, text) in frozen.items()})
        if any(self._frozen.get(slug) != self._on_disk(slug) for slug in syllabus.by_slug if slug in self._frozen):
            read_syllabus(self.folder)  # a file that replaces a rubric in force must itself be readable
        return self._supported(syllabus)

    def _on_disk(self, slug: str) -> str:
        path = self.folder / "rubrics" / f"{slug}.yaml"
        return rubric_hash(path.read_bytes()) if path.exists() else ""

    def _supported(self, syllabus: Syllabus) -> Syllabus:
        if syllabus.database == "sqlite":
            return syllabus
        raise JuryLabError(
            Problem(
                "course/course.yaml database",
                _("« {value} »").format(value=syllabus.database),
                "sqlite",
                _("PostgreSQL n'est pas encore pris en charge"),
            )
        )

    def _syllabus_at(self, reader: Reader, as_of: datetime | None) -> Syllabus:
        """The course with the rubrics that were in force at a moment."""
        if as_of is None:
            return self.syllabus
        return read_syllabus(self.folder, {slug: text for slug, (__, text) in frozen_rubrics(reader, as_of).items()})

    @cached_property
    def drifts(self) -> tuple[Drift, ...]:
        """Rubrics whose file has changed since marks were made with them."""
        found = []
        for slug in self.syllabus.by_slug:
            on_disk = self._on_disk(slug)
            if slug in self._frozen and self._frozen[slug] != on_disk:
                found.append(Drift(slug, self._frozen[slug], on_disk))
        return tuple(found)

    # What the ledger says.

    def cohort(self, as_of: datetime | None = None) -> Cohort:
        """The people, and what came from them: on paper (submissions.csv) or by file."""
        if not self.ledger.exists:
            return Cohort()
        with self.ledger.reading() as reader:
            return self._people(reader, as_of, work_log(reader, as_of))

    def _people(self, reader: Reader, as_of: datetime | None, log: WorkLog) -> Cohort:
        return with_deposits(self.syllabus, cohort_of(recorded_rows(reader, as_of)), log.deposits)

    def works(self, as_of: datetime | None = None) -> WorkLog:
        """What was released, handed in, collected, executed and finalised."""
        if not self.ledger.exists:
            return WorkLog()
        with self.ledger.reading() as reader:
            return work_log(reader, as_of)

    def fact_proposals(self) -> dict[tuple[str, str, str], FactProposal]:
        """(assessment, subject, criterion) -> the value that lateness or the autograded cells propose."""
        return fact_proposals(self.syllabus, self.cohort(), self.works())

    def current_marks(self, as_of: datetime | None = None, subjects: Iterable[str] | None = None) -> list[Mark]:
        """The marks and adjustments in force, by key; of some subjects, or of all."""
        if not self.ledger.exists:
            return []
        with self.ledger.reading() as reader:
            return [mark_of(row) for __, row in sorted(current_rows(reader, as_of, subjects).items())]

    # What the rules answer.

    def reckoning(self, as_of: datetime | None = None) -> Reckoning:
        """Everything that the rules say, now or as the ledger stood at a moment."""
        return self._reckoned if as_of is None else self._reckon(as_of)

    @cached_property
    def _reckoned(self) -> Reckoning:
        return self._reckon(None)

    def reckoning_of(self, candidate_ids: Iterable[str]) -> Reckoning:
        """What the rules say of some candidates only: the same figures, sooner."""
        wanted = set(candidate_ids)
        return self._reckon(None, only=wanted)

    def reckon_with(self, syllabus: Syllabus) -> Reckoning:
        """What the rules would say if the course were another one. Nothing is stored."""
        return self._reckon(None, syllabus)

    def _reckon(
        self, as_of: datetime | None, syllabus: Syllabus | None = None, only: set[str] | None = None
    ) -> Reckoning:
        from grading.evidence import Facts
        from grading.layout import Layout
        from grading.proposals import reckon

        now = as_of or self._now or datetime.now(UTC)
        if not self.ledger.exists:
            return reckon(Layout(syllabus or self.syllabus), Facts(Cohort(), (), (), now, {}))
        with self.ledger.reading() as reader, _collector_paused():
            syllabus = syllabus or self._syllabus_at(reader, as_of)
            log = work_log(reader, as_of)
            cohort = self._people(reader, as_of, log)
            found = {} if syllabus.regulation.confirm_proposals else fact_proposals(syllabus, cohort, log)
            proposed = {key: one.quarters for key, one in found.items()}
            subjects = None
            if only is not None:
                cohort = replace(cohort, candidates=tuple(c for c in cohort.candidates if c.candidate_id in only))
                subjects = only | {one.group_id for one in cohort.groups if one.candidate_id in only}
            adjustments = [row for batch in reader.columns(ADJUSTMENT, as_of) for row in batch]
            marks, head = reader.packed(MARK, as_of, subjects), str(reader.head(as_of))
            return reckon(Layout(syllabus), Facts(cohort, marks, adjustments, now, proposed, head))

    def recap(self, as_of: datetime | None = None) -> pd.DataFrame:
        """The recap table, candidates x blocks."""
        from grading.recap import recap_table

        return recap_table(self, as_of)

    def candidates(self) -> pd.DataFrame:
        from grading.recap import candidates_table

        return candidates_table(self.cohort())

    def marks(self) -> pd.DataFrame:
        from grading.recap import marks_frame

        return marks_frame(self.current_marks())

    def sheet(self, candidate_id: str, as_of: datetime | None = None) -> Sheet:
        """The fiche de synthèse of one candidate. Raises JuryLabError if nobody has that id."""
        from grading.sheet import make_sheet

        reckoning = self.reckoning(as_of)
        if candidate_id not in reckoning.row_of:
            raise unknown_candidate(candidate_id, reckoning.row_of)
        subjects = {
            candidate_id,
            *(reckoning.evidence.subjects.of(slug, candidate_id) for slug in self.syllabus.by_slug),
        }
        return make_sheet(reckoning, candidate_id, self.current_marks(as_of, subjects))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A ledger's rows hold no cycles: looking for some among a million of them takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def unknown_candidate(candidate_id: str, known: Any) -> JuryLabError:
    return JuryLabError(
        Problem(candidate_id, _("aucun candidat ne porte cet identifiant"), todo=did_you_mean(candidate_id, known))
    )

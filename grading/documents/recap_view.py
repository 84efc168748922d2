"""The recap as its page shows it: rows, counters, and the work that each candidate asks of the jury."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from grading.codes import HELD, BlockCode, Flag, Meaning, TitleCode, block_meaning, flag_meaning, title_meaning
from grading.cohort import Candidate
from grading.course import Course
from grading.documents.figures import Figure, recap_figure
from grading.documents.markers import block_markers
from grading.documents.stamp import Fixed, Stamp, sheet_file, stamp_of
from grading.language import _
from grading.proposals import Reckoning
from grading.recap import recap_table

Row = Mapping[tuple[str, str], Any]
#: Marks under these proposals may still change.
PROVISIONAL = (BlockCode.ATT, BlockCode.ABS_J, BlockCode.ABS_NJ)
FIGURES = (
    ("company", "months"),
    ("company", "mark"),
    ("company", "evaluation"),
    ("english", "mark"),
    ("thesis", "mark"),
)
#: The order in which a jury looks: what is missing first (SCREENS, jury room).
URGENT = (Flag.INCOMPLET, Flag.PROCHE_SEUIL, Flag.DESACCORD, Flag.DETERMINANT)


class Work(StrEnum):
    """What a candidate asks of the jury. Each candidate is in one group, and one only."""

    DELIBERATE = "deliberate"
    CLEAN = "clean"
    INCOMPLETE = "incomplete"
    DECIDED = "decided"


class WorkGroup(NamedTuple):
    key: str
    label: str
    sentence: str
    size: int


class Badge(NamedTuple):
    """A code with its glyph, its label and its meaning."""

    code: str
    meaning: Meaning


class Cell(NamedTuple):
    """One block of one candidate."""

    block: str
    mark: Figure
    provisional: bool
    competences: str
    proposal: Badge
    decision: str
    markers: tuple[Meaning, ...]


class Line(NamedTuple):
    """One candidate."""

    candidate_id: str
    name: str
    born: str
    path: str
    link: str
    work: str
    cells: tuple[Cell, ...]
    figures: tuple[Figure, ...]
    title: Badge
    decision: str
    flags: tuple[Badge, ...]
    urgency: int


class RecapView(NamedTuple):
    stamp: Stamp
    reckoning: Reckoning
    lines: tuple[Line, ...]
    groups: tuple[WorkGroup, ...]


def recap_view(course: Course, as_of: datetime | None) -> RecapView:
    reckoning = course.reckoning(as_of)
    stamp = stamp_of(reckoning, as_of)
    lines = tuple(_Lines(course, reckoning).lines())
    return RecapView(stamp, reckoning, lines, _groups(lines))


class _Lines:
    def __init__(self, course: Course, reckoning: Reckoning) -> None:
        self.reckoning = reckoning
        self.folder = course.documents
        self.blocks = reckoning.layout.block_ids
        self.markers = {flag: holds.tolist() for flag, holds in block_markers(reckoning).items()}
        self.presented = reckoning.presented.tolist()
        inside = reckoning.layout.competence_block.astype(int)
        self.low = (((reckoning.competence_low.astype(int) @ inside) > 0) & reckoning.presented).tolist()
        # Meanings are asked for once: a thousand rows show the same ten.
        self.of_block = {code.value: Badge(code.value, block_meaning(code)) for code in BlockCode}
        self.of_title = {code.value: Badge(code.value, title_meaning(code)) for code in TitleCode}
        self.of_flag = {flag.value: Badge(flag.value, flag_meaning(flag)) for flag in Flag}

    def lines(self) -> Iterator[Line]:
        frame = recap_table(Fixed(self.reckoning))
        rows: list[Any] = frame.to_dict("records")
        for number, row in enumerate(rows):
            yield self._line(number, row)

    def _line(self, number: int, row: Row) -> Line:
        candidate = self.reckoning.evidence.candidates[number]
        flags = row["flags", ""].split()
        name = sheet_file(candidate.candidate_id)
        return Line(
            candidate_id=candidate.candidate_id,
            name=candidate.shown_name,
            born=birth_name_text(candidate),
            path=str(candidate.access_path),
            link=name if (self.folder / name).is_file() else "",
            work=self._work(number, row, flags),
            cells=tuple(self._cell(number, place, row) for place in range(len(self.blocks))),
            figures=tuple(recap_figure(column, row[column]) for column in FIGURES),
            title=self.of_title[row["title", "proposal"]],
            decision=row["title", "decision"],
            flags=tuple(self.of_flag[flag] for flag in flags),
            urgency=_urgency(flags),
        )

    def _cell(self, number: int, place: int, row: Row) -> Cell:
        block = self.blocks[place]
        proposal = row[block, "proposal"]
        return Cell(
            block=block,
            mark=recap_figure((block, "mark"), row[block, "mark"]),
            provisional=proposal in PROVISIONAL,
            competences=row[block, "competences"],
            proposal=self.of_block[proposal],
            decision=row[block, "decision"],
            markers=(*self._markers(number, place), *([_low_competence()] if self.low[number][place] else [])),
        )

    def _markers(self, number: int, place: int) -> Iterator[Meaning]:
        return (self.of_flag[flag].meaning for flag, holds in self.markers.items() if holds[number][place])

    def _work(self, number: int, row: Row, flags: list[str]) -> Work:
        if row["title", "decision"]:
            return Work.DECIDED
        if Flag.INCOMPLET in flags:
            return Work.INCOMPLETE
        shown = [
            row[b, "proposal"] for b, presented in zip(self.blocks, self.presented[number], strict=True) if presented
        ]
        settled = row["title", "proposal"] in (TitleCode.TITRE, TitleCode.BLOCS, TitleCode.BLOC_SEUL)
        return Work.CLEAN if settled and all(code in HELD for code in shown) else Work.DELIBERATE


def _low_competence() -> Meaning:
    """No flag of the candidate says it, and it is what keeps a block with a good mark from being proposed."""
    return Meaning("↓", _("compétence sous le plancher"), _("Une compétence du bloc est sous son plancher."))


def birth_name_text(candidate: Candidate) -> str:
    """The birth name, where the candidate goes by another one."""
    if not candidate.usage_name or candidate.usage_name == candidate.birth_name:
        return ""
    words = {"F": _("née {name}"), "M": _("né {name}")}
    return words.get(candidate.sex, _("né(e) {name}")).format(name=candidate.birth_name)


def _urgency(flags: list[str]) -> int:
    ranks = [rank for rank, flag in enumerate(URGENT) if flag in flags]
    return ranks[0] if ranks else len(URGENT) + (not flags)


def _groups(lines: tuple[Line, ...]) -> tuple[WorkGroup, ...]:
    count = Counter(line.work for line in lines)
    words = {
        Work.DELIBERATE: (
            _("À délibérer"),
            _("rien ne manque aux blocs, mais l'un d'eux au moins, ou le titre, n'est pas proposé"),
        ),
        Work.CLEAN: (_("Proposés validés"), _("tout ce que le candidat présente est proposé validé")),
        Work.INCOMPLETE: (_("Incomplets"), _("un bloc présenté attend une note ou une pièce")),
        Work.DECIDED: (_("Décidés"), _("le jury a décidé")),
    }
    return tuple(WorkGroup(key.value, label, sentence, count[key]) for key, (label, sentence) in words.items())

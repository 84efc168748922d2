"""The legend: every code that a document may show, with its glyph, its label and its meaning."""

from __future__ import annotations

from typing import NamedTuple

from grading.certification import Certification
from grading.codes import (
    AccessPath,
    BlockCode,
    Flag,
    Meaning,
    TitleCode,
    block_meaning,
    flag_meaning,
    path_label,
    title_meaning,
)
from grading.language import _


class Entry(NamedTuple):
    code: str
    meaning: Meaning


class Group(NamedTuple):
    title: str
    entries: tuple[Entry, ...]


def legend() -> tuple[Group, ...]:
    """Proposals and decisions for a block, for the title, then what a juror should look at."""
    return (
        Group(_("Blocs : propositions et décisions"), tuple(Entry(c.value, block_meaning(c)) for c in BlockCode)),
        Group(_("Titre : propositions et décisions"), tuple(Entry(c.value, title_meaning(c)) for c in TitleCode)),
        Group(_("À regarder"), tuple(Entry(c.value, flag_meaning(c)) for c in Flag)),
    )


def path_legend() -> tuple[tuple[str, str], ...]:
    return tuple((path.value, path_label(path)) for path in AccessPath)


def block_legend(certification: Certification) -> tuple[tuple[str, str], ...]:
    """The blocks' titles, as registered."""
    return tuple((block.id, block.title) for block in certification.blocks)

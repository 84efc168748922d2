"""Prepared answers of the demonstration: what fictional groups hand in, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from grading.errors import JuryLabError, Problem, Problems
from grading.language import _
from grading.loading.tables import read_csv

HAND_IN_COLUMNS = ("assessment", "by", "variant", "at")


@dataclass(frozen=True, slots=True)
class HandIn:
    """One fictional version: whose, which variant of the answers, when."""

    assessment: str
    candidate_id: str
    variant: str
    at: datetime


def read_hand_ins(path: Path) -> tuple[HandIn, ...]:
    problems = Problems()
    table = read_csv(path, "handins", HAND_IN_COLUMNS, problems)
    problems.stop_if_any()
    rows = table.rows if table else []
    found = [(row.text("assessment"), row.text("by"), row.text("variant"), row.moment("at")) for row in rows]
    problems.stop_if_any()
    return tuple(HandIn(slug, who, variant, at) for slug, who, variant, at in found if at is not None)


def read_answers(path: Path) -> dict[str, dict[str, str]]:
    """variant -> grade id -> the cell's new source, what `base` brings included. Raises JuryLabError."""
    try:
        variants = yaml.safe_load(path.read_text(encoding="utf-8"))["variants"]
        return {name: _answers(variants, name) for name in variants}
    except (OSError, yaml.YAMLError, KeyError, TypeError, RecursionError) as error:
        raise JuryLabError(
            Problem(str(path), _("réponses préparées illisibles ({detail})").format(detail=error))
        ) from error


def _answers(variants: dict[str, dict[str, dict[str, str]]], name: str) -> dict[str, str]:
    one = variants[name]
    base = _answers(variants, str(one["base"])) if "base" in one else {}
    return {**base, **{grade_id: str(source).rstrip("\n") for grade_id, source in one["answers"].items()}}

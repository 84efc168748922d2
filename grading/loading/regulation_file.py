"""`regulation.yaml` -> Regulation. Absent settings take the defaults of the regulation that ships."""

from __future__ import annotations

from fractions import Fraction

from grading.errors import Problems
from grading.language import _
from grading.loading.yaml_file import MapReader, parse
from grading.regulation import DEFAULT_LATE, QUARTERS, Agreement, LateStep, Regulation

_QUARTER = Fraction(1, QUARTERS)
_HUNDREDTH = Fraction(1, 100)


def regulation_from(content: bytes, where: str, problems: Problems) -> Regulation | None:
    root = parse(content, where, problems)
    if root is None:
        return None
    english = root.number("english_pass_mark", 0, 20, step=_HUNDREDTH) if "english_pass_mark" in root else None
    months = root.number("company_months", 0, 120) if "company_months" in root else None
    root.ignore("english_pass_mark", "company_months")
    regulation = Regulation(
        version=root.text("version"),
        pass_mark=_threshold(root, "pass_mark", 10),
        competence_floor=_threshold(root, "competence_floor", 8),
        determinant_floor=_threshold(root, "determinant_floor", 8),
        adjustment_bound=_quarters(root, "adjustment_bound", 3),
        unjustified_absence=root.choice("unjustified_absence", ("zero", "absent"), "zero"),
        company_months=months,
        late=_late(root),
        confirm_proposals=root.boolean("confirm_proposals", True),
        agreement=_agreement(root),
        english_pass_mark=None if english is None else int(english * 100),
        not_submitted=root.choice("not_submitted", ("wait", "zero"), "wait"),
        vae_dispensation=root.choice("vae_dispensation", ("following", "acquired"), "following"),
        tie=root.choice("tie", ("president", "not_validated", "deferred"), "president"),
        resit_months=root.integer("resit_months", 0, 120, 12),
        quorum=root.integer("quorum", 1, 50, 4),
    )
    root.finish()
    return regulation


def _threshold(root: MapReader, key: str, default: int) -> int:
    return int(root.number(key, 0, 20, Fraction(default), _HUNDREDTH) * 100)


def _quarters(root: MapReader, key: str, default: int) -> int:
    return int(root.number(key, 0, 20, Fraction(default), _QUARTER) * QUARTERS)


def _agreement(root: MapReader) -> Agreement:
    reader = root.map("agreement", required=False)
    if reader is None:
        return Agreement()
    agreement = Agreement(
        _quarters(reader, "tolerance", 2), _quarters(reader, "never_across", 10), reader.boolean("auto", False)
    )
    reader.finish()
    return agreement


def _late(root: MapReader) -> tuple[LateStep, ...]:
    readers = root.maps("late", required=False)
    steps = []
    for reader in readers:
        hours = reader.number("hours", 0, 100_000) if "hours" in reader else None
        reader.ignore("hours")
        steps.append(LateStep(hours, int(reader.number("value", 0, 20, step=_QUARTER) * QUARTERS)))
        reader.finish()
    if not steps:
        return DEFAULT_LATE
    bounds = [step.hours for step in steps]
    known = [hours for hours in bounds if hours is not None]
    if None in bounds[:-1] or bounds[-1] is not None or known != sorted(set(known)):
        root.problem(
            "late", _("paliers de retard en désordre"), _("des heures croissantes, puis « hours: null » en dernier")
        )
    return tuple(steps)

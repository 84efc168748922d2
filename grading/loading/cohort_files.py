"""The cohort's tables (a folder of CSV, or one XLSX) -> rows checked against the course and against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grading.assessment import Syllabus
from grading.codes import AccessPath
from grading.cohort import (
    Absence,
    Acquired,
    Candidate,
    Cohort,
    Education,
    Experience,
    Extension,
    Juror,
    Membership,
    Person,
    Submission,
)
from grading.errors import Problems, did_you_mean, listing
from grading.language import _
from grading.loading.cohort_checks import Rows, check_keys, check_recorded, check_references
from grading.loading.tables import Row, Table, read_csv, read_workbook

#: Table -> columns, as in the contract (DESIGN 3.1).
COLUMNS: dict[str, tuple[str, ...]] = {
    "candidates": (
        "candidate_id", "birth_name", "usage_name", "first_names", "sex", "birth_date", "birth_place",
        "birth_insee_code", "birth_country", "email", "access_path", "entry_level", "entry_title_status",
        "entered_on", "blocks", "company_months",
    ),
    "groups": ("assessment", "group_id", "candidate_id", "from", "until"),
    "acquired": ("candidate_id", "item", "basis", "date", "reference"),
    "submissions": ("assessment", "subject", "received_at", "by"),
    "extensions": ("assessment", "subject", "until", "motive", "granted_by"),
    "absences": ("assessment", "candidate_id", "state", "motive"),
    "education": ("candidate_id", "title", "institution", "level", "from", "until"),
    "experiences": ("candidate_id", "organisation", "role", "contract", "from", "until", "missions", "supervisor"),
    "jurors": ("juror_id", "name", "sex", "college", "external", "organisation", "internal_role"),
    "people": ("person_id", "login", "role", "assessments"),
}  # fmt: skip
ROLES = ("lead", "grader", "secretary", "juror", "candidate")


@dataclass(frozen=True)
class CohortFiles:
    """What was read: only the tables that were there, and how they were read."""

    tables: Mapping[str, tuple[Any, ...]]
    notices: tuple[str, ...]


def read_cohort(path: Path, syllabus: Syllabus, recorded: Cohort) -> CohortFiles:
    """The cohort of a folder or workbook. A table that is not there keeps what is `recorded`.

    Raises JuryLabError with every problem of every table.
    """
    problems = Problems()
    tables = _tables(path, problems)
    problems.stop_if_any()
    read = {name: _rows(name, table, syllabus) for name, table in tables.items()}
    cohort = replace(recorded, **{name: tuple(row for __, row in rows) for name, rows in read.items()})
    for name, rows in read.items():
        check_keys(name, rows, problems)
    named = {row.raw("candidate_id").strip() for row in tables["candidates"].rows} if "candidates" in tables else set()
    check_references(read, cohort, syllabus, named | set(cohort.by_id))
    check_recorded(read, tables, cohort, problems)
    problems.stop_if_any()
    notices = (*(notice for table in tables.values() for notice in table.notices), *_ignored(path))
    return CohortFiles({name: tuple(row for __, row in rows) for name, rows in read.items()}, notices)


def _tables(path: Path, problems: Problems) -> dict[str, Table]:
    if path.is_dir():
        found = {name: path / f"{name}.csv" for name in COLUMNS if (path / f"{name}.csv").exists()}
        read = {name: read_csv(file, name, COLUMNS[name], problems) for name, file in found.items()}
        tables = {name: table for name, table in read.items() if table is not None}
    elif path.suffix.lower() == ".xlsx":
        tables = read_workbook(path, dict(COLUMNS), problems)
    else:
        found_text = _("introuvable") if not path.exists() else _("ni un dossier ni un classeur")
        problems.add(str(path), found_text, _("un dossier de CSV ou un fichier .xlsx"))
        return {}
    if not tables and not problems:
        problems.add(str(path), _("aucune table de promotion"), listing(f"{name}.csv" for name in COLUMNS))
    return tables


def _ignored(path: Path) -> Iterator[str]:
    """Files of the folder that are no table of a cohort: a misspelt name must not go unseen."""
    names = sorted(file.name for file in path.glob("*.csv") if file.stem not in COLUMNS) if path.is_dir() else []
    for name in names:
        if name == "marks.csv":
            yield _("marks.csv n'est pas une table de la promotion : jurylab marks import")
        else:
            hint = did_you_mean(name, [f"{table}.csv" for table in COLUMNS])
            yield _("{file} ignoré, ce n'est pas une table de la promotion").format(file=name) + (
                f" · {hint}" if hint else ""
            )


def _rows(name: str, table: Table, syllabus: Syllabus) -> Rows:
    reader = _READERS[name]
    rows = []
    for row in table.rows:
        value = reader(row, syllabus)
        if value is not None:
            rows.append((row, value))
    return rows


def _candidate(row: Row, syllabus: Syllabus) -> Candidate | None:
    certification = syllabus.certification
    opened = [str(path) for path in certification.paths]
    path = row.choice("access_path", opened)
    blocks = row.text("blocks", required=True)
    names = frozenset() if blocks == "*" else frozenset(blocks.split())
    for block in sorted(names - set(certification.block_by_id)):
        row.problem(
            "blocks", _("bloc inconnu « {block} »").format(block=block), "*, " + listing(certification.block_by_id)
        )
    entered_on = row.day("entered_on", required=True)
    months = row.number("company_months")
    if months is not None and not 0 <= months <= 1200:
        row.problem(
            "company_months", _("« {value} »").format(value=row.text("company_months")), _("des mois, 0 ou plus")
        )
    birth = row.text("birth_name", required=True)
    values = {key: row.text(key) for key in ("usage_name", "first_names", "birth_place", "birth_insee_code",
                                             "birth_country", "email", "entry_level")}  # fmt: skip
    identifier = row.identifier("candidate_id")
    sex = row.choice("sex", ("F", "M"), required=False)
    status = row.choice("entry_title_status", ("produced", "pending", "not_required"))
    birth_date = row.partial_day("birth_date")
    if path not in opened or entered_on is None:
        return None
    return Candidate(
        candidate_id=identifier, birth_name=birth, sex=sex, birth_date=birth_date, access_path=AccessPath(path),
        entry_title_status=status, entered_on=entered_on, blocks=names, company_months=months, **values,
    )  # fmt: skip


def _membership(row: Row, syllabus: Syllabus) -> Membership | None:
    slug = row.known("assessment", syllabus.by_slug, _("épreuve"))
    since, until = row.day("from"), row.day("until")
    if since and until and until < since:
        row.problem(
            "until", _("finit avant de commencer"), _("un jour à partir de {day}").format(day=since.isoformat())
        )
    return Membership(slug, row.identifier("group_id"), row.text("candidate_id", required=True), since, until)


def _acquired(row: Row, syllabus: Syllabus) -> Acquired | None:
    certification = syllabus.certification
    item, basis = row.text("item", required=True), row.text("basis", required=True)
    blocks, competences = list(certification.block_by_id), certification.competence_ids
    if item in blocks:
        row.choice("basis", ("earlier_session", "earlier_fiche"))
    elif item in competences:
        row.choice("basis", ("vae_dispensation",))
    else:
        row.known("item", [*blocks, *competences], _("bloc ou compétence"))
    return Acquired(
        row.text("candidate_id", required=True), item, basis, row.partial_day("date"), row.text("reference")
    )


def _submission(row: Row, syllabus: Syllabus) -> Submission | None:
    slug = row.known("assessment", syllabus.by_slug, _("épreuve"))
    received = row.moment("received_at")
    subject, by = row.text("subject", required=True), row.text("by")
    return Submission(slug, subject, received, by) if received else None


def _extension(row: Row, syllabus: Syllabus) -> Extension | None:
    slug = row.known("assessment", syllabus.by_slug, _("épreuve"))
    until = row.moment("until")
    subject, motive, by = (
        row.text("subject", required=True),
        row.text("motive", required=True),
        row.text("granted_by", required=True),
    )
    assessment = syllabus.by_slug.get(slug)
    if until and assessment and until <= assessment.due:
        due = assessment.due.isoformat(timespec="minutes")
        row.problem(
            "until",
            _("« {value} » ne prolonge rien").format(value=row.text("until")),
            _("après l'échéance, {due}").format(due=due),
        )
    return Extension(slug, subject, until, motive, by) if until else None


def _absence(row: Row, syllabus: Syllabus) -> Absence | None:
    slug = row.known("assessment", syllabus.by_slug, _("épreuve"))
    state = row.choice("state", ("justified", "unjustified", "pending"))
    return Absence(slug, row.text("candidate_id", required=True), state, row.text("motive"))


def _education(row: Row, syllabus: Syllabus) -> Education | None:
    return Education(
        candidate_id=row.text("candidate_id", required=True),
        title=row.text("title"),
        institution=row.text("institution"),
        level=row.text("level"),
        since=row.partial_day("from"),
        until=row.partial_day("until"),
    )


def _experience(row: Row, syllabus: Syllabus) -> Experience | None:
    return Experience(
        candidate_id=row.text("candidate_id", required=True),
        organisation=row.text("organisation"),
        role=row.text("role"),
        contract=row.text("contract"),
        since=row.partial_day("from"),
        until=row.partial_day("until"),
        missions=row.text("missions"),
        supervisor=row.text("supervisor"),
    )


def _juror(row: Row, syllabus: Syllabus) -> Juror | None:
    external = row.choice("external", ("yes", "no"))
    college = row.choice("college", ("employer", "employee"))
    return Juror(row.identifier("juror_id"), row.text("name", required=True), row.choice("sex", ("F", "M")), college,
                 external == "yes", row.text("organisation"), row.text("internal_role"))  # fmt: skip


def _person(row: Row, syllabus: Syllabus) -> Person | None:
    slugs = row.text("assessments")
    for slug in slugs.split() if slugs != "*" else ():
        if slug not in syllabus.by_slug:
            row.problem("assessments", _("épreuve inconnue « {slug} »").format(slug=slug), listing(syllabus.by_slug))
    return Person(row.identifier("person_id"), row.text("login", required=True), row.choice("role", ROLES), slugs)


_READERS: dict[str, Callable[[Row, Syllabus], Any]] = {
    "candidates": _candidate, "groups": _membership, "acquired": _acquired, "submissions": _submission,
    "extensions": _extension, "absences": _absence, "education": _education, "experiences": _experience,
    "jurors": _juror, "people": _person,
}  # fmt: skip

"""What the cohort's tables must hold together: keys given once, references that exist, groups that do not collide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from grading.assessment import Syllabus
from grading.cohort import Cohort
from grading.errors import Problems
from grading.language import _
from grading.loading.tables import Row, Table

#: The rows of one table: where each stands, and its value.
Rows = list[tuple[Row, Any]]

#: Table -> what makes a row unique, as (subject, assessment, rest of the key).
KEYS: dict[str, Callable[[Any], tuple[str, str, str]]] = {
    "candidates": lambda r: (r.candidate_id, "", ""),
    "groups": lambda r: (r.candidate_id, r.assessment, f"{r.group_id} {r.since or ''}"),
    "acquired": lambda r: (r.candidate_id, "", r.item),
    "submissions": lambda r: (r.subject, r.assessment, r.received_at.isoformat()),
    "extensions": lambda r: (r.subject, r.assessment, ""),
    "absences": lambda r: (r.candidate_id, r.assessment, ""),
    "education": lambda r: (r.candidate_id, "", f"{r.title}|{r.institution}|{r.since}"),
    "experiences": lambda r: (r.candidate_id, "", f"{r.organisation}|{r.role}|{r.since}"),
    "jurors": lambda r: (r.juror_id, "", ""),
    "people": lambda r: (r.person_id, "", f"{r.role}|{r.login}"),
}


def check_keys(name: str, rows: Rows, problems: Problems) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for row, value in rows:
        key = KEYS[name](value)
        if key in seen:
            shown = " ".join(part for part in key if part)
            problems.add(
                row.where,
                _("« {key} » déjà donné ligne {line}").format(key=shown, line=seen[key]),
                todo=_("ne garder qu'une ligne"),
            )
        seen.setdefault(key, row.where.rsplit(":", 1)[-1])


def check_references(read: Mapping[str, Rows], cohort: Cohort, syllabus: Syllabus, known: set[str]) -> None:
    """`known` holds every candidate id that is named, even on a row with another fault: one fault, one problem."""
    for name in ("groups", "acquired", "absences", "education", "experiences"):
        for row, __ in read.get(name, ()):
            row.known("candidate_id", known, _("candidat"))
    groups = {(member.assessment, member.group_id) for member in cohort.groups}
    for name in ("submissions", "extensions"):
        for row, value in read.get(name, ()):
            if value.subject not in known and (value.assessment, value.subject) not in groups:
                row.known("subject", [*cohort.by_id, *(group for slug, group in groups if slug == value.assessment)],
                          _("groupe de cette épreuve ou candidat"))  # fmt: skip
    _check_groups(read.get("groups", []), cohort, syllabus)
    for row, absence in read.get("absences", ()):
        person, assessment = cohort.by_id.get(absence.candidate_id), syllabus.by_slug.get(absence.assessment)
        if person and assessment and not assessment.concerns(person.access_path):
            row.problem(
                "assessment",
                _("la voie {path} de {id} n'est pas concernée par {slug}").format(
                    path=person.access_path, id=absence.candidate_id, slug=absence.assessment
                ),
            )
    logins: dict[str, str] = {}
    for row, value in read.get("people", ()):
        if logins.setdefault(value.login, value.person_id) != value.person_id:
            row.problem(
                "login",
                _("« {login} » est déjà celui de {person}").format(login=value.login, person=logins[value.login]),
                _("un identifiant de connexion par personne"),
            )
        if value.role == "candidate":
            row.known("person_id", known, _("candidat"))
        if value.role == "juror":
            row.known("person_id", [juror.juror_id for juror in cohort.jurors], _("membre du jury"))


def check_recorded(read: Mapping[str, Rows], tables: Mapping[str, Table], cohort: Cohort, problems: Problems) -> None:
    """What is recorded and not in the files must still fit the candidates that are."""
    if "candidates" not in read:
        return
    where, ids = tables["candidates"].where, {row.raw("candidate_id").strip() for row in tables["candidates"].rows}
    for name in ("groups", "acquired", "absences", "education", "experiences"):
        held = sorted({one.candidate_id for one in getattr(cohort, name)} - ids) if name not in read else []
        for candidate in held:
            problems.add(
                where,
                _("{id} n'y est plus, et la table {table} enregistrée le cite").format(id=candidate, table=name),
                todo=_("remettre la ligne, ou importer aussi {table}.csv").format(table=name),
            )
    if "groups" not in read:
        for group in sorted({member.group_id for member in cohort.groups} & ids):
            problems.add(
                where, _("« {id} » est aussi un groupe enregistré").format(id=group), _("un identifiant à lui")
            )


def _check_groups(rows: Rows, cohort: Cohort, syllabus: Syllabus) -> None:
    home: dict[str, str] = {}
    due_group: dict[tuple[str, str], str] = {}
    due_days: dict[str, date] = {a.slug: a.due.date() for a in syllabus.assessments}
    for row, member in rows:
        group, slug, candidate = member.group_id, member.assessment, member.candidate_id
        if group in cohort.by_id:
            row.problem("group_id", _("« {id} » est aussi un candidat").format(id=group), _("un identifiant à lui"))
        if home.setdefault(group, slug) != slug:
            row.problem(
                "group_id",
                _("« {id} » est déjà un groupe de {slug}").format(id=group, slug=home[group]),
                _("un groupe appartient à une seule épreuve"),
            )
        person = cohort.by_id.get(candidate)
        assessment = syllabus.by_slug.get(slug)
        if person and assessment and not assessment.concerns(person.access_path):
            row.problem(
                "candidate_id",
                _("la voie {path} de {id} n'est pas concernée par {slug}").format(
                    path=person.access_path, id=candidate, slug=slug
                ),
            )
        if slug in due_days and member.holds_on(due_days[slug]):
            other = due_group.setdefault((slug, candidate), group)
            if other != group:
                row.problem(
                    "group_id",
                    _("{id} est dans deux groupes ({first}, {second}) le jour de l'échéance").format(
                        id=candidate, first=other, second=group
                    ),
                    todo=_("dater le changement avec from et until"),
                )

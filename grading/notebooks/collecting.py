"""jurylab collect: one work per group, every version kept, what cannot be believed set aside and said."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from grading.assessment import Assessment
from grading.cohort import Cohort
from grading.deadlines import received, work_cut_offs
from grading.errors import JuryLabError, Problem, listing
from grading.fact_proposals import DepositUnits, with_deposits
from grading.language import _
from grading.ledger.cohort_events import cohort_of, recorded_rows
from grading.ledger.work_events import collect_event, deposit_event, work_log
from grading.notebooks.deposits import Found, in_exchange, in_folder, keep, who_is
from grading.notebooks.nbcourse import exchange_folder
from grading.notebooks.releasing import is_task, is_test, known_assessment, notebook_cells
from grading.works import Collected, Deposit

if TYPE_CHECKING:
    from grading.course import Course


@dataclass(frozen=True)
class CollectReport:
    """`collected` are the works that count; `late` those of them that came after their cut-off; `conflicts` and
    `set_aside` are sentences; `missing` the groups or candidates from whom nothing came, their cut-off passed or not."""

    collected: tuple[Collected, ...]
    versions: int
    new: int
    late: tuple[str, ...]
    conflicts: tuple[str, ...]
    set_aside: tuple[str, ...]
    missing: tuple[str, ...]
    notices: tuple[str, ...]


def collect(course: Course, slug: str, folder: Path | None = None) -> CollectReport:
    """Takes what was handed in, from the exchange or a folder. The same again changes nothing.

    Raises JuryLabError where the place does not exist, or the case study was not released.
    """
    assessment = known_assessment(course, slug)
    if slug not in course.works().releases:
        raise JuryLabError(Problem(slug, _("pas encore distribué"), todo=f"jurylab release {slug}"))
    found = list(_found(course, slug, folder))
    cohort = course.cohort()
    deposits = [_deposit(course, assessment, cohort, one) for one in found]
    for one, deposit in zip(found, deposits, strict=True):
        if not deposit.set_aside:
            keep(one, kept_folder(course, deposit))
    with course.ledger.writing() as ledger:
        known = work_log(ledger).deposits
        seen = {_identity(one): one for one in known}
        fresh = [one for one in deposits if seen.get(_identity(one)) != one]
        every = {**seen, **{_identity(one): one for one in deposits}}
        mine = [one for one in every.values() if one.assessment == slug]
        people = cohort_of(recorded_rows(ledger))
        units = DepositUnits(course.syllabus, people)
        counted = chosen(course, assessment, people, mine)
        before = work_log(ledger).collected
        news = [one for one in counted if before.get((slug, one.subject)) != one]
        events = [*map(deposit_event, fresh), *map(collect_event, news)]
        if events:
            ledger.append(events)
    notices = [text for one in counted for text in _place(course, assessment, units, one, mine)]
    if folder is None and course.syllabus.exchange != "shared_account":
        notices += _touched_since(counted, list(zip(found, deposits, strict=True)))
    return _report(course, assessment, people, units, counted, mine, len(fresh), notices)


def kept_folder(course: Course, one: Deposit) -> Path:
    """Where a version is kept for good."""
    stamp = one.received_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S")
    return course.workspace / "deposits" / one.assessment / one.candidate_id / f"{stamp}-{one.digest[:12]}"


def _identity(one: Deposit) -> tuple[str, str, str, datetime]:
    return (one.assessment, one.candidate_id, one.digest, one.received_at)


def _found(course: Course, slug: str, folder: Path | None) -> Iterable[Found]:
    if folder is None:
        return in_exchange(exchange_folder(course) / "inbound", slug)
    if not folder.is_dir():
        raise JuryLabError(Problem(str(folder), _("dossier introuvable"), todo=_("vérifier le nom donné à --from")))
    return in_folder(folder, slug)


def _deposit(course: Course, assessment: Assessment, cohort: Cohort, found: Found) -> Deposit:
    """A version with its author, or with the reason why it is set aside."""
    logins = {person.login: person.person_id for person in cohort.people if person.role == "candidate" and person.login}
    who = who_is(found, logins, cohort.by_id)
    shared = course.syllabus.exchange == "shared_account"
    login = next((login for login, one in logins.items() if one == who), who or found.who)
    owners = listing(sorted(found.owners))
    reason = found.refused
    if who is None:
        reason = _("« {who} » n'est le login ni l'identifiant d'aucun candidat").format(who=found.who)
    elif not assessment.concerns(cohort.by_id[who].access_path):
        reason = _("cette épreuve n'est pas pour la voie de {id}").format(id=who)
    elif not shared and found.owners != {login}:
        reason = _("les fichiers appartiennent à {owners}, pas à {login}").format(owners=owners, login=login)
    return Deposit(
        assessment.slug, who or found.who, found.at, owners if shared else login, "declared" if shared else "verified",
        found.digest, found.name, reason,
    )  # fmt: skip


def chosen(course: Course, assessment: Assessment, cohort: Cohort, deposits: Iterable[Deposit]) -> list[Collected]:
    """The version that counts for each group or candidate alone: the last one in time, else the first one late (the
    same that lateness is reckoned on)."""
    good = [one for one in deposits if not one.set_aside and one.candidate_id in cohort.by_id]
    units = DepositUnits(course.syllabus, cohort)
    people = with_deposits(course.syllabus, replace(cohort, submissions=()), good)
    moments = received(people, work_cut_offs(course.syllabus, people))
    by_unit: dict[str, list[Deposit]] = defaultdict(list)
    for one in sorted(good, key=lambda one: (one.received_at, one.candidate_id)):
        by_unit[units.of(one)].append(one)
    found = []
    for unit, versions in sorted(by_unit.items()):
        at = moments[assessment.slug, unit]
        one = next(one for one in reversed(versions) if one.received_at == at)
        found.append(Collected(assessment.slug, unit, one.digest, at, one.candidate_id))
    return found


def _place(
    course: Course, assessment: Assessment, units: DepositUnits, work: Collected, deposits: Iterable[Deposit]
) -> list[str]:
    """Copies the version that counts to submitted/ of each member."""
    one = next(
        d
        for d in deposits
        if (d.digest, d.received_at, d.candidate_id) == (work.digest, work.received_at, work.candidate_id)
    )
    source, name = kept_folder(course, one), released_notebook(course, assessment.slug)
    own = _notebook_of(course, assessment.slug, source, name)
    for member in units.members(assessment.slug, work.subject):
        target = course.workspace / "submitted" / member / assessment.slug
        partial = target.with_name(f".{assessment.slug}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(source, partial)
        if own is not None and own != name:
            (partial / own).rename(partial / name)
        stamp = work.received_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
        (partial / "timestamp.txt").write_text(stamp, encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        partial.rename(target)
    if own is None:
        return [_("{subject} : aucun notebook nommé {name} dans le rendu").format(subject=work.subject, name=name)]
    if own != name:
        return [_("{subject} : notebook « {own} » pris pour {name}").format(subject=work.subject, own=own, name=name)]
    return []


#: How long nbgrader's own `submit` may take to put its files into the exchange.
_SUBMITTING = timedelta(minutes=10)


def _touched_since(counted: Iterable[Collected], seen: Iterable[tuple[Found, Deposit]]) -> Iterator[str]:
    """Works whose files changed after the time that their folder bears: a candidate owns their folder in the exchange,
    and can add to it, or name it earlier. The machine's own clock is no proof either, but somebody should look."""
    changed = {(one.candidate_id, one.digest, one.received_at): found.changed for found, one in seen}
    for work in counted:
        at = changed.get((work.candidate_id, work.digest, work.received_at))
        if at is not None and at - work.received_at > _SUBMITTING:
            zone = work.received_at.tzinfo
            yield _("{subject} : rendu daté du {at}, mais ses fichiers ont changé le {changed} : à vérifier").format(
                subject=work.subject, at=work.received_at.strftime("%d/%m/%Y %H:%M"),
                changed=at.astimezone(zone).strftime("%d/%m/%Y %H:%M"),
            )  # fmt: skip


def released_notebook(course: Course, slug: str) -> str:
    """The name that a submitted notebook must bear."""
    return next(path.name for path in sorted((course.workspace / "release" / slug).glob("*.ipynb")))


def _notebook_of(course: Course, slug: str, folder: Path, name: str) -> str | None:
    """The candidate's notebook: the one of that name, else the only one that holds the cells of the release."""
    if (folder / name).is_file():
        return name
    wanted = {
        _grade_id(cell)
        for cell in notebook_cells(course.workspace / "release" / slug / name)
        if is_test(cell) or is_task(cell)
    }
    like = [path for path in sorted(folder.rglob("*.ipynb")) if wanted & _grade_ids(path)]
    return str(like[0].relative_to(folder)) if len(like) == 1 else None


def _grade_ids(path: Path) -> set[str]:
    try:
        return {_grade_id(cell) for cell in notebook_cells(path)}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        return set()  # somebody's file: it may be anything


def _grade_id(cell: dict[str, object]) -> str:
    about = cell.get("metadata", {})
    inner = about.get("nbgrader", {}) if isinstance(about, dict) else {}
    return str(inner.get("grade_id", "")) if isinstance(inner, dict) else ""


def _report(
    course: Course, assessment: Assessment, cohort: Cohort, units: DepositUnits, counted: list[Collected],
    deposits: list[Deposit], new: int, notices: list[str],
) -> CollectReport:  # fmt: skip
    slug = assessment.slug
    limits = work_cut_offs(course.syllabus, with_deposits(course.syllabus, cohort, deposits))
    late = tuple(one.subject for one in counted if one.received_at > limits[slug, one.subject])
    authors: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in deposits:
        if not one.set_aside:
            authors[units.of(one)][one.candidate_id].add(one.digest)
    conflicts = []
    for work in counted:
        others = {who: digests for who, digests in authors[work.subject].items() if who != work.candidate_id}
        if any(digests != authors[work.subject][work.candidate_id] for digests in others.values()):
            conflicts.append(_("{subject} : {members} ont rendu des versions différentes ; retenu : {who}, le {date}").format(
                subject=work.subject, members=listing(sorted(authors[work.subject])), who=work.candidate_id,
                date=work.received_at.astimezone(assessment.due.tzinfo).strftime("%d/%m/%Y %H:%M")))  # fmt: skip
    aside = [f"{one.folder} : {one.set_aside}" for one in deposits if one.set_aside]
    came = {
        one.subject for one in with_deposits(course.syllabus, cohort, deposits).submissions if one.assessment == slug
    }
    return CollectReport(
        tuple(counted), len(deposits), new, late, tuple(conflicts), tuple(aside),
        tuple(sorted(expected_units(course, assessment, cohort, units) - came)), tuple(notices),
    )  # fmt: skip


def expected_units(course: Course, assessment: Assessment, cohort: Cohort, units: DepositUnits) -> set[str]:
    """The groups, and the candidates alone, from whom a work is expected. Nobody has to sit a resit."""
    if assessment.replaces is not None:
        return set()
    held = {(one.candidate_id, one.item) for one in cohort.acquired}
    block = assessment.block
    people = [c for c in cohort.candidates if assessment.concerns(c.access_path)
              and (block is None or ((not c.blocks or block in c.blocks) and (c.candidate_id, block) not in held))]  # fmt: skip
    return {units.unit(assessment.slug, one.candidate_id) for one in people}

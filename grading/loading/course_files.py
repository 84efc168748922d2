"""A course folder -> Syllabus: `course.yaml`, the certification, the regulation, one rubric per assessment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from grading.assessment import Assessment, Milestone, Syllabus
from grading.certification import Certification
from grading.codes import AccessPath
from grading.errors import JuryLabError, Problems, did_you_mean, listing
from grading.language import _
from grading.loading.certification_file import certification_from
from grading.loading.course_checks import check_course, check_resits
from grading.loading.regulation_file import regulation_from
from grading.loading.rubric_file import rubric_from
from grading.loading.yaml_file import MapReader, parse, read_bytes
from grading.rubric import Rubric

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


def read_syllabus(folder: Path, frozen: Mapping[str, bytes] | None = None) -> Syllabus:
    """The whole course of a folder. `frozen` gives the rubric texts in force where they differ from the files.

    Raises JuryLabError with every problem of every file.
    """
    problems = Problems()
    syllabus = _read(folder, frozen or {}, problems)
    problems.stop_if_any()
    if syllabus is None:  # every way to None tells a problem first
        raise JuryLabError
    return syllabus


def _read(folder: Path, frozen: Mapping[str, bytes], problems: Problems) -> Syllabus | None:
    home = folder / "course"
    content = read_bytes(home / "course.yaml", problems)
    root = parse(content, "course/course.yaml", problems) if content is not None else None
    if root is None:
        return None
    title = root.localised("title") or {"fr": ""}
    names = {key: _beside(root, key, f"{key}.yaml") for key in ("certification", "regulation")}
    texts = {key: read_bytes(home / name, problems) for key, name in names.items()}
    database = root.text("database", "sqlite")
    exchange = root.choice("exchange", ("unix_accounts", "shared_account"), "unix_accounts")
    fiche, rules = texts["certification"], texts["regulation"]
    certification = (
        certification_from(fiche, f"course/{names['certification']}", problems) if fiche is not None else None
    )
    regulation = regulation_from(rules, f"course/{names['regulation']}", problems) if rules is not None else None
    readers = root.maps("assessments")
    if certification is None or regulation is None:
        return None
    assessments = [_assessment(reader, folder, frozen, certification, problems) for reader in readers]
    root.finish()
    read = [(reader, one) for reader, one in zip(readers, assessments, strict=True) if one is not None]
    check_resits(read)
    if len(read) == len(readers) and not problems:
        check_course(root, read, certification, regulation)
    return Syllabus(title, certification, regulation, tuple(one for __, one in read), database, exchange)


def _beside(root: MapReader, key: str, default: str) -> str:
    name = root.text(key, default)
    if Path(name).name != name:
        root.problem(key, _("« {value} »").format(value=name), _("un nom de fichier du dossier course/"))
        return default
    return name


def _assessment(
    reader: MapReader, folder: Path, frozen: Mapping[str, bytes], certification: Certification, problems: Problems
) -> Assessment | None:
    slug = reader.text("slug")
    if slug and not _SLUG.fullmatch(slug):
        reader.problem("slug", _("« {value} »").format(value=slug), _("minuscules, chiffres et tirets : bc01-etude"))
        slug = ""
    opens, due = reader.moment("opens"), reader.moment("due")
    if opens and due and due <= opens:
        reader.problem("due", _("la date limite précède l'ouverture"), _("une date après opens"))
    graders = tuple(reader.texts("graders", required=True) or ())
    if not graders and "graders" in reader:
        reader.problem("graders", _("aucun évaluateur"), _("au moins un identifiant : [e.martin]"))
    if "accord" in graders or "system" in graders:
        reader.problem("graders", _("« accord » et « system » ne sont pas des personnes"), todo=_("les retirer"))
    per_work = reader.integer("graders_per_work", 1, 2, 1)
    if graders and len(set(graders)) < per_work:
        reader.problem("graders", _("un seul évaluateur pour une double évaluation"), _("au moins deux évaluateurs"))
    size = _group_size(reader)
    language = reader.choice("language", ("fr", "en"), "fr")
    paths = _paths(reader, certification)
    replaces = reader.text("replaces", "") or None
    milestones = [_milestone(part) for part in reader.maps("milestones", required=False)]
    title = reader.localised("title", required=False)
    reader.finish()
    rubric = _rubric(slug, folder, frozen, certification, problems) if slug else None
    if rubric is None or opens is None or due is None:
        return None
    kept = tuple(milestone for milestone in milestones if milestone is not None)
    return Assessment(slug, opens, due, graders, rubric, per_work, size, language, paths, replaces, kept, title)


def _rubric(
    slug: str, folder: Path, frozen: Mapping[str, bytes], certification: Certification, problems: Problems
) -> Rubric | None:
    content = frozen[slug] if slug in frozen else read_bytes(folder / "rubrics" / f"{slug}.yaml", problems)
    return rubric_from(content, f"rubrics/{slug}.yaml", slug, certification, problems) if content is not None else None


def _group_size(reader: MapReader) -> tuple[int, int]:
    raw = reader.texts("group_size")
    if raw is None:
        return (1, 6)
    if len(raw) == 2 and all(part.isascii() and part.isdigit() and len(part) < 4 for part in raw):
        low, high = int(raw[0]), int(raw[1])
        if 1 <= low <= high:
            return (low, high)
    reader.problem("group_size", listing(raw), _("deux entiers croissants : [2, 6]"))
    return (1, 6)


def _paths(reader: MapReader, certification: Certification) -> frozenset[AccessPath] | None:
    raw = reader.texts("for")
    if raw is None:
        return None
    opened = [str(path) for path in certification.paths]
    for path in raw:
        if path not in opened:
            reader.problem(
                "for", _("voie d'accès « {path} »").format(path=path), listing(opened), did_you_mean(path, opened)
            )
    return frozenset(AccessPath(path) for path in raw if path in opened)


def _milestone(reader: MapReader) -> Milestone | None:
    at, title = reader.moment("at"), reader.localised("title")
    reader.finish()
    return Milestone(at, title) if at is not None and title is not None else None

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
from grading.loading.regulation_file import regulation_from
from grading.loading.rubric_file import rubric_from
from grading.loading.yaml_file import MapReader, parse, read_bytes
from grading.regulation import Regulation
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
    fiche, rules = texts["certification"], texts["regulation"]
    certification = (
        certification_from(fiche, f"course/{names['certification']}", problems) if fiche is not None else None
    )
    regulation = regulation_from(rules, f"course/{names['regulation']}", problems) if rules is not None else None
    readers = root.maps("assessments")
    if certification is None or regulation is None:
        return None
    assessments = [_assessment(reader, folder, frozen, certification, problems) for reader in readers]
    known = [assessment for assessment in assessments if assessment is not None]
    root.finish()
    _check_resits(root, known)
    if len(known) == len(readers) and not problems:
        _check_course(root, known, certification, regulation)
    return Syllabus(title, certification, regulation, tuple(known), database)


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


def _check_resits(root: MapReader, assessments: list[Assessment]) -> None:
    """A resit stands in for one assessment of the same block and kind; chains are allowed, circles and forks are not."""
    by_slug = {assessment.slug: assessment for assessment in assessments}
    for twice in sorted({a.slug for a in assessments if sum(b.slug == a.slug for b in assessments) > 1}):
        root.problem("assessments", _("épreuve « {slug} » en double").format(slug=twice))
    for resit in assessments:
        if resit.replaces is None:
            continue
        first = by_slug.get(resit.replaces)
        where = "assessments"
        if first is None:
            root.problem(
                where,
                _("{slug} remplace « {other} », inconnue").format(slug=resit.slug, other=resit.replaces),
                listing(by_slug),
                did_you_mean(resit.replaces, by_slug),
            )
            continue
        if (first.block, first.kind) != (resit.block, resit.kind):
            root.problem(
                where,
                _("{slug} remplace {other}, d'un autre bloc ou d'un autre genre").format(
                    slug=resit.slug, other=first.slug
                ),
            )
        if first.paths is not None and (resit.paths is None or not resit.paths <= first.paths):
            root.problem(
                where,
                _("{slug} concerne des voies que {other} ne concerne pas").format(slug=resit.slug, other=first.slug),
                listing(sorted(first.paths)),
            )
        if sum(other.replaces == resit.replaces for other in assessments) > 1:
            root.problem(
                where,
                _("plusieurs rattrapages remplacent {other}").format(other=first.slug),
                _("un seul ; un second rattrapage remplace le premier"),
            )
        seen, step = {resit.slug}, first
        while step.replaces in by_slug and step.slug not in seen:
            seen.add(step.slug)
            step = by_slug[step.replaces]
        if step.slug in seen:
            root.problem(where, _("{slug} se remplace elle-même").format(slug=resit.slug))


def _check_course(
    root: MapReader, assessments: list[Assessment], certification: Certification, regulation: Regulation
) -> None:
    """What only the whole course can show (DESIGN 3.3.2, 3.3.8 and 3.3.10)."""
    if certification.english and not any(a.kind == "english" for a in assessments):
        root.problem(
            "assessments",
            _("aucune épreuve d'anglais"),
            _("une épreuve de genre english"),
            _("la fiche demande l'anglais : ajouter l'épreuve et sa grille"),
        )
    if regulation.absence_is_zero:
        for assessment in assessments:
            if not any(c.individual for c in assessment.rubric.criteria):
                root.problem(
                    "assessments",
                    _("{slug} n'a aucun critère individuel").format(slug=assessment.slug),
                    _("au moins un critère « scope: individual » quand unjustified_absence vaut zero"),
                )
    originals = [a for a in assessments if a.replaces is None]
    for block in certification.blocks:
        paths = [
            path for path in certification.paths if any(a.block == block.id and a.concerns(path) for a in originals)
        ]
        if not paths:
            root.problem("assessments", _("le bloc {block} n'a aucune épreuve").format(block=block.id))
        for path in paths:
            counted = [a for a in originals if a.block == block.id and a.concerns(path)]
            tied = {name for a in counted for c in a.rubric.criteria if not c.sans_objet for name in c.competences}
            for competence in block.competences:
                if competence.id not in tied:
                    root.problem(
                        "assessments",
                        _("la compétence {id} n'est rattachée à aucun critère pour la voie {path}").format(
                            id=competence.id, path=path
                        ),
                        todo=_("la citer dans « competences » d'une grille du bloc"),
                    )

"""What only the whole course can show (DESIGN 3.3.2, 3.3.8 and 3.3.10), each told at the line of its assessment."""

from __future__ import annotations

from collections.abc import Iterator

from grading.assessment import Assessment
from grading.certification import Block, Certification
from grading.codes import AccessPath, Kind
from grading.errors import did_you_mean, listing
from grading.language import _
from grading.loading.yaml_file import MapReader
from grading.regulation import Regulation

#: An assessment and the lines that describe it.
Read = tuple[MapReader, Assessment]


def check_resits(read: list[Read]) -> None:
    """A resit stands in for one assessment of the same block and kind; chains are allowed, circles and forks are not."""
    by_slug: dict[str, Assessment] = {}
    for reader, assessment in read:
        if assessment.slug in by_slug:
            reader.problem("slug", _("épreuve « {slug} » en double").format(slug=assessment.slug))
        by_slug.setdefault(assessment.slug, assessment)
    for reader, resit in read:
        if resit.replaces is not None:
            for found, allowed in _resit_faults(resit, by_slug):
                reader.problem("replaces", found, allowed)


def _resit_faults(resit: Assessment, by_slug: dict[str, Assessment]) -> Iterator[tuple[str, str]]:
    """What is wrong, and what is allowed."""
    name, target = resit.slug, resit.replaces or ""
    first = by_slug.get(target)
    if first is None:
        hint = did_you_mean(target, by_slug)
        yield _("{slug} remplace « {other} », inconnue").format(slug=name, other=target), hint or listing(by_slug)
        return
    if (first.block, first.kind) != (resit.block, resit.kind):
        yield (
            _("{slug} remplace {other}, d'un autre bloc ou d'un autre genre").format(slug=name, other=target),
            _("une épreuve du même bloc et du même genre"),
        )
    if first.paths is not None and (resit.paths is None or not resit.paths <= first.paths):
        text = _("{slug} concerne des voies que {other} ne concerne pas").format(slug=name, other=target)
        yield text, listing(sorted(first.paths))
    if sum(other.replaces == target for other in by_slug.values()) > 1:
        text = _("plusieurs rattrapages remplacent {other}").format(other=target)
        yield text, _("un seul ; un second rattrapage remplace le premier")
    seen, step = {name}, first
    while step.replaces in by_slug and step.slug not in seen:
        seen.add(step.slug)
        step = by_slug[step.replaces]
    if step.slug in seen:
        yield _("{slug} se remplace elle-même").format(slug=name), _("une épreuve antérieure")


def check_course(root: MapReader, read: list[Read], certification: Certification, regulation: Regulation) -> None:
    """English where the fiche asks for it, an individual criterion where an absence counts 0, every competence tied."""
    if certification.english and not any(a.kind is Kind.ENGLISH for __, a in read):
        root.problem(
            "assessments",
            _("aucune épreuve d'anglais"),
            _("une épreuve de genre english"),
            _("la fiche demande l'anglais : ajouter l'épreuve et sa grille"),
        )
    for reader, assessment in read:
        if regulation.absence_is_zero and not any(
            c.individual and not c.sans_objet for c in assessment.rubric.criteria
        ):
            reader.problem(
                "slug",
                _("{slug} n'a aucun critère individuel").format(slug=assessment.slug),
                _("au moins un critère « scope: individual » quand unjustified_absence vaut zero"),
            )
    for block in certification.blocks:
        _check_block(root, [one for one in read if one[1].block == block.id], block, certification)


def _check_block(root: MapReader, read: list[Read], block: Block, certification: Certification) -> None:
    """For each path that has assessments: every competence is tied, and stays so when a resit stands in."""
    originals = [one for one in read if one[1].replaces is None]
    paths = [path for path in certification.paths if any(a.concerns(path) for __, a in originals)]
    if not paths:
        root.problem("assessments", _("le bloc {block} n'a aucune épreuve").format(block=block.id))
    for path in paths:
        counted = [a for __, a in originals if a.concerns(path)]
        _check_tied(root, "assessments", counted, block, path)
        for reader, resit in read:
            if resit.replaces is not None and resit.concerns(path):
                root_slug = _first_of(resit, {a.slug: a for __, a in read})
                others = [a for a in counted if a.slug != root_slug]
                if not _untied(counted, block):
                    _check_tied(reader, "slug", [*others, resit], block, path)


def _first_of(resit: Assessment, by_slug: dict[str, Assessment]) -> str:
    """The assessment at the start of a chain of resits (a circle was refused before)."""
    step = resit
    while step.replaces in by_slug:
        step = by_slug[step.replaces]
    return step.slug


def _check_tied(reader: MapReader, key: str, counted: list[Assessment], block: Block, path: AccessPath) -> None:
    for name in _untied(counted, block):
        reader.problem(
            key,
            _("la compétence {id} n'est rattachée à aucun critère pour la voie {path}").format(id=name, path=path),
            _("un critère qui s'applique, dans une grille qui compte"),
            _("la citer dans « competences » d'une grille du bloc"),
        )


def _untied(counted: list[Assessment], block: Block) -> list[str]:
    tied = {name for a in counted for c in a.rubric.criteria if not c.sans_objet for name in c.competences}
    return [competence.id for competence in block.competences if competence.id not in tied]

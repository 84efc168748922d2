"""`rubrics/<slug>.yaml` -> Rubric, read beside the certification it is tied to."""

from __future__ import annotations

import hashlib
from fractions import Fraction

from grading.certification import Certification
from grading.codes import Kind
from grading.errors import Problems, did_you_mean, listing
from grading.language import _
from grading.loading.yaml_file import MapReader, parse
from grading.regulation import QUARTERS
from grading.rubric import Level, Localised, Rubric, RubricCriterion

_QUARTER = Fraction(1, QUARTERS)
#: Kinds that always count for a block, and kinds that never do.
_FOR_A_BLOCK = (Kind.CASE_STUDY, Kind.VAE)


def rubric_hash(content: bytes) -> str:
    """SHA-256 of the text; a byte order mark is not part of it."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    return hashlib.sha256(content).hexdigest()


def rubric_from(
    content: bytes, where: str, slug: str, certification: Certification, problems: Problems
) -> Rubric | None:
    """The rubric, or None when the file cannot be read at all. Problems are collected."""
    root = parse(content, where, problems)
    if root is None:
        return None
    named = root.text("assessment")
    if named and named != slug:
        root.problem(
            "assessment", _("« {value} »").format(value=named), slug, _("le fichier porte le nom de l'épreuve")
        )
    kind = root.choice("kind", list(Kind))
    block = _block(root, kind, certification)
    project = tuple(root.texts("project") or ())
    for word in project:
        if word not in ("business", "technical"):
            root.problem("project", _("« {value} »").format(value=word), "business, technical")
    coefficient = root.number("coefficient", 0, 1000, Fraction(1), positive=True)
    levels = _levels(root)
    criteria = _criteria(root, certification, block, project, levels)
    root.finish()
    if kind not in list(Kind):
        return None
    rubric = Rubric(slug, Kind(kind), block, project, coefficient, levels, criteria, rubric_hash(content))
    _check_reach(root, rubric, certification)
    return rubric


def _block(root: MapReader, kind: str, certification: Certification) -> str | None:
    block = root.text("block", "") or None
    known = certification.block_by_id
    if block is not None and block not in known:
        root.problem(
            "block", _("bloc inconnu « {value} »").format(value=block), listing(known), did_you_mean(block, known)
        )
        return None
    if block is None and kind in _FOR_A_BLOCK and "block" not in root:
        root.problem(None, _("clé « block » absente"), listing(known), _("dire pour quel bloc compte l'épreuve"))
    if block is not None and kind in list(Kind) and kind not in _FOR_A_BLOCK:
        root.problem(
            "block", _("une épreuve de ce genre ne compte pour aucun bloc"), todo=_("retirer la clé « block »")
        )
        return None
    return block


def _levels(root: MapReader) -> tuple[Level, ...]:
    levels: list[Level] = []
    begun = root.told
    for reader in root.maps("levels"):
        told = reader.told
        number = reader.integer("id", 0, 9)
        label = reader.localised("label") or {"fr": ""}
        low, default, high = (_points(reader, key) for key in ("min", "default", "max"))
        reader.finish()
        if reader.told == told:
            _check_order(reader, levels, number, low, default, high)
        levels.append(Level(number, label, low, default, high))
    if not levels and "levels" in root and root.told == begun:
        root.problem("levels", _("aucun niveau"), _("au moins un niveau"))
    return tuple(levels)


def _check_order(reader: MapReader, levels: list[Level], number: int, low: int, default: int, high: int) -> None:
    if not low <= default <= high:
        reader.problem("default", _("min, default et max en désordre"), _("min ≤ default ≤ max"))
    if levels and (low <= levels[-1].highest or number <= levels[-1].id):
        reader.problem(None, _("niveaux en désordre ou qui se chevauchent"), _("des plages croissantes et séparées"))


def _points(reader: MapReader, key: str) -> int:
    return int(reader.number(key, 0, 20, step=_QUARTER) * QUARTERS)


def _criteria(
    root: MapReader,
    certification: Certification,
    block: str | None,
    project: tuple[str, ...],
    levels: tuple[Level, ...],
) -> tuple[RubricCriterion, ...]:
    criteria: list[RubricCriterion] = []
    for reader in root.maps("criteria"):
        criterion = _criterion(reader, certification, block, project, levels)
        if any(criterion.id == other.id for other in criteria):
            reader.problem("id", _("critère « {id} » en double").format(id=criterion.id))
        criteria.append(criterion)
    if not criteria and "criteria" in root:
        root.problem("criteria", _("aucun critère"), _("au moins un critère"))
    return tuple(criteria)


def _criterion(
    reader: MapReader,
    certification: Certification,
    block: str | None,
    project: tuple[str, ...],
    levels: tuple[Level, ...],
) -> RubricCriterion:
    name = reader.text("id")
    official = certification.criterion_by_id.get(name)
    own = name.startswith("X.") and len(name) > 2
    if name and official is None and not own:
        known = list(certification.criterion_by_id)
        reader.problem(
            "id",
            _("critère inconnu « {id} »").format(id=name),
            _("un critère de la fiche, ou X.<nom>"),
            did_you_mean(name, known),
        )
    weight = reader.number("weight", 0, 1000, positive=True)
    criterion = RubricCriterion(
        id=name,
        weight=weight or Fraction(1),
        individual=reader.choice("scope", ("group", "individual")) == "individual",
        competences=_competences(reader, certification, block),
        descriptors=_descriptors(reader, levels),
        propose_from=_proposal(reader, official is not None and official.deadline, certification),
        text=reader.localised("text", required=own) if own or "text" in reader else None,
        note=reader.localised("note", required=False),
        sans_objet=official is not None and official.condition is not None and official.condition not in project,
        determinant=official is not None and official.determinant,
    )
    if official is not None and criterion.text is not None:
        reader.problem(
            "text", _("le texte d'un critère de la fiche ne se réécrit pas"), todo=_("retirer la clé « text »")
        )
    reader.finish()
    return criterion


def _competences(reader: MapReader, certification: Certification, block: str | None) -> tuple[str, ...]:
    names = tuple(reader.texts("competences") or ())
    known = {c.id for c in certification.block_by_id[block].competences} if block else set()
    for name in names:
        if name not in known:
            allowed = listing(sorted(known)) if block else _("aucune : l'épreuve ne compte pour aucun bloc")
            reader.problem(
                "competences", _("compétence inconnue « {id} »").format(id=name), allowed, did_you_mean(name, known)
            )
    for twice in sorted({name for name in names if names.count(name) > 1}):
        reader.problem("competences", _("compétence « {id} » en double").format(id=twice))
    return tuple(name for name in dict.fromkeys(names) if name in known)


def _proposal(reader: MapReader, is_deadline: bool, certification: Certification) -> str | None:
    if "propose_from" not in reader:
        reader.ignore("propose_from")
        return None
    source = reader.choice("propose_from", ("deadline", "autograde"))
    if source == "deadline" and not is_deadline and any(c.deadline for c in certification.criteria):
        expected = listing(c.id for c in certification.criteria if c.deadline)
        reader.problem("propose_from", _("ce critère n'est pas celui des délais"), expected)
    return source


def _descriptors(reader: MapReader, levels: tuple[Level, ...]) -> dict[int, Localised]:
    described = reader.map("descriptors", required=False)
    if described is None:
        return {}
    texts: dict[int, Localised] = {}
    for level in levels:
        text = described.localised(str(level.id))
        if text is not None:
            texts[level.id] = text
    described.finish()
    return texts


def _check_reach(root: MapReader, rubric: Rubric, certification: Certification) -> None:
    """A competence that only a criterion sans objet could meet can never be met (DESIGN 3.3.10)."""
    if rubric.block is None:
        return
    for competence in certification.block_by_id[rubric.block].competences:
        tied = [c for c in rubric.criteria if competence.id in c.competences]
        if tied and all(c.sans_objet for c in tied):
            root.problem(
                "criteria",
                _("la compétence {id} ne dépend que de critères sans objet ({criteria})").format(
                    id=competence.id, criteria=listing(c.id for c in tied)
                ),
                todo=_("la rattacher à un critère qui s'applique"),
            )

"""`certification.yaml` -> Certification. The file's own words are French: it is the registered text."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from grading.certification import Block, Certification, Competence, Criterion, JuryRules
from grading.codes import AccessPath
from grading.errors import Problems
from grading.language import _
from grading.loading.yaml_file import MapReader, parse

#: Parts of the registered text that are kept for people (sheets, minutes) and decide nothing.
_PROSE = (
    "schema", "source", "activites_visees", "capacites", "emplois_accessibles", "secteurs_activite", "modalites_generales",
    "modalite_bloc", "regles_certification", "prerequis", "non_precise_par_la_fiche", "entree_formation", "admission",
    "statistiques", "reassemblages",
)  # fmt: skip
#: Parts of the fiche's identity that only documents print.
_IDENTITY_PROSE = (
    "etat", "niveau_libelle", "nsf", "formacodes", "rome", "supplement_europass", "certifications_anterieures",
    "lien_descriptif", "correspondances", "references_juridiques_activite", "territoires",
    "referentiel_activite_competences_evaluation",
)  # fmt: skip
_PROJECTS = {"business": "business", "technique": "technical"}


def certification_from(content: bytes, where: str, problems: Problems) -> Certification | None:
    """The fiche, or None when the file cannot be read at all. Problems are collected, never raised."""
    root = parse(content, where, problems)
    if root is None:
        return None
    root.ignore(*_PROSE)
    sheet = root.map("fiche")
    code, title, level, certifier, ends_on = _identity(sheet) if sheet else ("", "", 0, "", None)
    seen: set[str] = set()
    criteria = [c for group in root.maps("criteres") for c in _criteria(group, "items", seen)]
    company = root.map("entreprise", required=False)
    months, evaluation = _company(company, seen) if company else (None, [])
    english = root.map("anglais", required=False)
    spoken = _criteria(english, "items", seen) if english else []
    blocks = tuple(_block(reader, seen) for reader in root.maps("blocs"))
    paths = tuple(path for reader in root.maps("voies_acces") if (path := _path(reader)) is not None)
    jury = root.map("jury", required=False)
    rules = _jury(jury) if jury else None
    doubts = tuple(_doubt(reader) for key in ("doubts", "doutes") for reader in root.maps(key, required=False))
    root.finish()
    every = (*criteria, *evaluation, *spoken)
    return Certification(
        code, title, level, certifier, ends_on, blocks, every, paths, months, bool(spoken), rules, doubts
    )


def _identity(sheet: MapReader) -> tuple[str, str, int, str, date | None]:
    sheet.ignore(*_IDENTITY_PROSE)
    certifiers = sheet.maps("certificateurs")
    for reader in certifiers:
        reader.ignore("siret", "nom_commercial", "site")
    names = [reader.text("nom_legal") for reader in certifiers]
    legal = sheet.map("base_legale", required=False)
    ends_on = None
    if legal:
        legal.ignore("date_decision", "duree_annees")
        ends_on = _day(legal, "date_echeance")
        legal.finish()
    result = sheet.text("code"), sheet.text("intitule"), sheet.integer("niveau", 1, 8), ", ".join(names), ends_on
    sheet.finish()
    return result


def _day(reader: MapReader, key: str) -> date | None:
    raw = reader.text(key, "")
    try:
        return date.fromisoformat(raw) if raw else None
    except ValueError:
        reader.problem(key, _("« {value} »").format(value=raw), _("une date : 2026-02-10"))
        return None


def _criteria(group: MapReader, key: str, seen: set[str]) -> list[Criterion]:
    group.ignore("id", "titre", "objet", "texte")
    criteria = []
    for item in group.maps(key):
        item.ignore("portee")
        condition = item.map("condition", required=False)
        project = _PROJECTS.get(condition.choice("type_projet", _PROJECTS)) if condition else None
        criteria.append(
            Criterion(
                _new_id(item, seen),
                item.text("texte"),
                project,
                item.boolean("determinant", False),
                item.boolean("delai", False),
            )
        )
        item.finish()
    group.finish()
    return criteria


def _company(company: MapReader, seen: set[str]) -> tuple[Fraction | None, list[Criterion]]:
    company.ignore("texte_periode", "formats", "texte_vae")
    months = company.number("periode_minimale_mois", 0, 120) if "periode_minimale_mois" in company else None
    company.ignore("periode_minimale_mois")
    evaluation = company.map("evaluation_entreprise", required=False)
    axes = _criteria(evaluation, "axes", seen) if evaluation else []
    company.finish()
    return months, axes


def _block(reader: MapReader, seen: set[str]) -> Block:
    reader.ignore("modalites")
    competences = []
    for item in reader.maps("competences"):
        item.ignore("transversale")
        competences.append(Competence(_new_id(item, seen), item.text("texte")))
        item.finish()
    block = Block(_new_id(reader, seen), reader.text("code"), reader.text("intitule"), tuple(competences))
    reader.finish()
    return block


def _path(reader: MapReader) -> AccessPath | None:
    reader.ignore("balise_open_data", "libelle")
    path = reader.choice("id", list(AccessPath))
    opened = reader.boolean("ouverte", True)
    reader.finish()
    return AccessPath(path) if opened and path in list(AccessPath) else None


def _jury(reader: MapReader) -> JuryRules | None:
    reader.ignore("sources_information", "texte")
    made = reader.map("composition")
    reader.finish()
    if made is None:
        return None
    made.ignore("president", "internes_pct", "interne_precision")
    members = made.integer("nombre", 1, 50)
    shares = {"college": "employeurs_pct", "parite": "femmes_pct"}
    counts = {}
    for key, share in shares.items():
        part = made.map(key)
        counts[key] = members * part.integer(share, 0, 100) // 100 if part else 0
    external = members * made.integer("externes_pct", 0, 100) // 100
    made.finish()
    return JuryRules(members, external, counts["college"], counts["parite"])


def _doubt(reader: MapReader) -> str:
    parts = [reader.text(key, "") for key in ("ref", "type", "lu", "propose", "note")]
    reader.finish()
    return " · ".join(part for part in parts if part)


def _new_id(reader: MapReader, seen: set[str]) -> str:
    name = reader.text("id")
    if name in seen:
        reader.problem("id", _("identifiant « {id} » en double").format(id=name))
    seen.add(name)
    return name

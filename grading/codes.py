"""Every code of the jury, with its label, its glyph and its meaning, written once.

Labels are functions of the current language: call them when the text is shown.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from grading.language import _


class BlockCode(StrEnum):
    """Proposals (rules) and decisions (jury) for one block."""

    VAL = "VAL"
    VAJ = "VAJ"
    NVAL = "NVAL"
    RAT = "RAT"
    ACQ = "ACQ"
    DISP = "DISP"
    NP = "NP"
    ABS_J = "ABS_J"
    ABS_NJ = "ABS_NJ"
    AJR = "AJR"
    ATT = "ATT"


class TitleCode(StrEnum):
    """Proposals and decisions for the whole."""

    TITRE = "TITRE"
    BLOCS = "BLOCS"
    BLOC_SEUL = "BLOC_SEUL"
    AUCUN = "AUCUN"
    AJOURNE = "AJOURNE"
    SUSPENDU = "SUSPENDU"


class Flag(StrEnum):
    """What a juror should look at, in the order in which it is listed."""

    INCOMPLET = "INCOMPLET"
    DESACCORD = "DESACCORD"
    PROCHE_SEUIL = "PROCHE_SEUIL"
    DETERMINANT = "DETERMINANT"
    MODULATION = "MODULATION"
    NON_OBSERVE = "NON_OBSERVE"
    ABSENCE = "ABSENCE"
    NON_RENDU = "NON_RENDU"
    ENTREPRISE = "ENTREPRISE"
    ANGLAIS = "ANGLAIS"
    TITRE_ENTREE = "TITRE_ENTREE"
    FICHE_EXPIREE = "FICHE_EXPIREE"


class AccessPath(StrEnum):
    """Access paths (voies d'accès). Which are open is read from the fiche."""

    FI = "FI"
    CA = "CA"
    FC = "FC"
    CQ = "CQ"
    CL = "CL"
    VAE = "VAE"


class Kind(StrEnum):
    """Kinds of assessment."""

    CASE_STUDY = "case_study"
    COMPANY_MISSION = "company_mission"
    COMPANY_EVALUATION = "company_evaluation"
    THESIS = "thesis"
    ENGLISH = "english"
    VAE = "vae"


class Origin(StrEnum):
    """Where a rule comes from."""

    FICHE = "fiche"
    LAW = "loi"
    REGULATION = "règlement"


class Meaning(NamedTuple):
    """How a code is shown: a glyph, a short label, a sentence for somebody who knows no code."""

    glyph: str
    label: str
    sentence: str


def block_meaning(code: BlockCode) -> Meaning:
    return {
        BlockCode.VAL: Meaning("✓", _("validé"), _("Les règles proposent de valider le bloc.")),
        BlockCode.VAJ: Meaning("J", _("validé par le jury"), _("Le jury valide le bloc contre la proposition.")),
        BlockCode.NVAL: Meaning("✕", _("non validé"), _("Une exigence au moins n'est pas atteinte.")),
        BlockCode.RAT: Meaning("R", _("rattrapage"), _("Le jury demande un rattrapage.")),
        BlockCode.ACQ: Meaning("↺", _("acquis antérieurement"), _("Le bloc est déjà acquis et le reste.")),
        BlockCode.DISP: Meaning("D", _("dispensé"), _("Toutes les compétences du bloc sont dispensées.")),
        BlockCode.NP: Meaning("—", _("non présenté"), _("Le candidat ne présente pas ce bloc.")),
        BlockCode.ABS_J: Meaning("○", _("absence justifiée"), _("Absent à une épreuve du bloc, absence justifiée.")),
        BlockCode.ABS_NJ: Meaning(
            "●", _("absence injustifiée"), _("Absent à une épreuve du bloc, sans justification.")
        ),
        BlockCode.AJR: Meaning("→", _("ajourné"), _("Le jury remet sa décision à plus tard.")),
        BlockCode.ATT: Meaning("?", _("en attente"), _("Il manque un élément pour conclure.")),
    }[code]


def title_meaning(code: TitleCode) -> Meaning:
    return {
        TitleCode.TITRE: Meaning("✓", _("titre complet"), _("Tous les blocs sont acquis : le titre entier.")),
        TitleCode.BLOCS: Meaning("◧", _("certificats de blocs"), _("Certains blocs sont validés, pas tous.")),
        TitleCode.BLOC_SEUL: Meaning("◧", _("bloc seul"), _("Le seul bloc présenté est validé.")),
        TitleCode.AUCUN: Meaning("✕", _("aucun bloc"), _("Aucun bloc cette fois ; les blocs acquis le restent.")),
        TitleCode.AJOURNE: Meaning("→", _("ajourné"), _("Le titre ne peut pas être proposé à cette séance.")),
        TitleCode.SUSPENDU: Meaning("‖", _("suspendu"), _("Titre suspendu : le titre d'entrée reste à produire.")),
    }[code]


def flag_meaning(flag: Flag) -> Meaning:
    return {
        Flag.INCOMPLET: Meaning("?", _("incomplet"), _("Un bloc présenté attend une note ou une pièce.")),
        Flag.DESACCORD: Meaning("≠", _("désaccord"), _("Deux évaluateurs ne se sont pas encore accordés.")),
        Flag.PROCHE_SEUIL: Meaning("≈", _("proche du seuil"), _("Une note est à un point ou moins de son seuil.")),
        Flag.DETERMINANT: Meaning("!", _("critère déterminant"), _("Le critère déterminant est sous son plancher.")),
        Flag.MODULATION: Meaning("Δ", _("modulation"), _("Une note de groupe est modulée pour ce candidat.")),
        Flag.NON_OBSERVE: Meaning("◇", _("non observé"), _("Un critère n'a pas pu être observé.")),
        Flag.ABSENCE: Meaning("○", _("absence"), _("Une absence est enregistrée.")),
        Flag.NON_RENDU: Meaning("∅", _("non rendu"), _("Un travail n'est jamais arrivé à sa date limite.")),
        Flag.ENTREPRISE: Meaning("E", _("entreprise"), _("Durée, mission ou évaluation d'entreprise à compléter.")),
        Flag.ANGLAIS: Meaning("L", _("anglais"), _("L'évaluation de l'anglais est incomplète.")),
        Flag.TITRE_ENTREE: Meaning("T", _("titre d'entrée"), _("Le titre d'entrée n'est pas encore produit.")),
        Flag.FICHE_EXPIREE: Meaning("X", _("fiche expirée"), _("Entré après la fin d'enregistrement de la fiche.")),
    }[flag]


def path_label(path: AccessPath) -> str:
    return {
        AccessPath.FI: _("formation initiale"),
        AccessPath.CA: _("apprentissage"),
        AccessPath.FC: _("formation continue"),
        AccessPath.CQ: _("contrat de professionnalisation"),
        AccessPath.CL: _("candidature individuelle"),
        AccessPath.VAE: _("validation des acquis de l'expérience"),
    }[path]


def kind_label(kind: Kind) -> str:
    return {
        Kind.CASE_STUDY: _("étude de cas"),
        Kind.COMPANY_MISSION: _("mission en entreprise"),
        Kind.COMPANY_EVALUATION: _("évaluation par l'entreprise"),
        Kind.THESIS: _("rapport-thèse professionnelle"),
        Kind.ENGLISH: _("anglais"),
        Kind.VAE: _("dossier de VAE"),
    }[kind]


#: Blocks with one of these count towards the title.
HELD = frozenset({BlockCode.VAL, BlockCode.ACQ, BlockCode.DISP})

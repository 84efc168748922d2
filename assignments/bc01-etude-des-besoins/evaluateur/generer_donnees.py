"""Fabrique les données de la coopérative de Montclar, toujours les mêmes : `python generer_donnees.py`."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

TIRAGE = random.Random(2009)
DONNEES = Path(__file__).resolve().parents[1] / "donnees"
SITES = ["Montclar", "Val-d'Orle", "Pierrefeu"]
POSTES = [("licences et support", 41_800), ("serveurs et sauvegardes", 23_500), ("prestataires", 32_400), ("équipe informatique", 58_200),
          ("papier et tournées", 9_700)]
TYPES = [("ressaisie des bons de collecte", 1.5), ("analyse de lait égarée", 3.0), ("lot non tracé", 5.5), ("paie du lait corrigée", 2.5)]
FLUX = {
    "A reconduire": [-150_000, 8_000, 12_000, -35_000, -40_000, -45_000],
    "B progiciel hébergé": [-640_000, 60_000, 165_000, 215_000, 225_000, 230_000],
    "C sur mesure": [-1_080_000, 0, 140_000, 330_000, 365_000, 380_000],
}
RISQUES = [
    ("R01", "bascule pendant le pic laitier de printemps", 2, 4), ("R02", "éditeur actuel défaillant avant fin 2027", 2, 3),
    ("R03", "reprise des historiques de qualité incomplète", 3, 3), ("R04", "chauffeurs sans couverture réseau en tournée", 4, 3),
    ("R05", "vote défavorable des adhérents", 2, 4), ("R06", "départ de la seule personne qui connaît la paie du lait", 3, 4),
    ("R07", "dépassement du plafond de 900 000 euros", 2, 3), ("R08", "refus des fromagers de saisir en salle", 3, 2),
    ("R09", "données des éleveurs exposées", 1, 4), ("R10", "intégrateur unique dans la région", 2, 2),
]
CRITERES = [("couverture des exigences", 30), ("coût sur cinq ans", 25), ("délai avant fin 2027", 20), ("adhésion des sites", 15), ("réversibilité", 10)]
NOTES = {"A reconduire": [1, 4, 2, 3, 2], "B progiciel hébergé": [4, 3, 4, 3, 3], "C sur mesure": [5, 1, 2, 4, 4]}
EXIGENCES = [
    "tracer chaque lait de la ferme au lot", "rendre l'origine d'un lot en moins de quatre heures", "garder les analyses cinq ans",
    "saisir la collecte hors réseau", "supprimer la ressaisie des bons", "payer le lait le dix du mois", "appliquer les grilles de qualité votées",
    "montrer à l'éleveur ses analyses", "prévoir la collecte à sept jours", "planifier les tournées", "suivre les températures de cuve",
    "suivre l'affinage par cave", "alerter sur un lot bloqué", "gérer trois sites et leurs stocks", "fermer l'accès d'un sortant le jour même",
    "reprendre dix ans d'historique", "fonctionner pendant le pic de printemps", "rester lisible en salle humide", "tenir le plafond de 900 000 euros",
    "quitter le progiciel avant fin 2027", "pouvoir changer d'hébergeur", "former deux référents par site",
]


def francais(montant):
    return f"{montant:,.2f}".replace(",", " ").replace(".", ",")


def ecrire(nom, entete, lignes):
    with (DONNEES / nom).open("w", encoding="utf-8", newline="") as fichier:
        csv.writer(fichier, lineterminator="\n").writerows([entete, *lignes])


def couts():
    for annee in (2023, 2024, 2025):
        for site, part in zip(SITES, (1.0, 0.62, 0.48), strict=True):
            for poste, base in POSTES:
                montant = base * part * (1 + 0.03 * (annee - 2023)) * TIRAGE.uniform(0.96, 1.05)
                yield [annee, site, poste, francais(montant) if TIRAGE.random() < 0.4 else f"{montant:.2f}"]


def incidents():
    for numero in range(1, 721):
        jour = date(2024, 1, 1) + timedelta(days=TIRAGE.randrange(731))
        if jour.month in (4, 5) or TIRAGE.random() < 0.75:
            nom, heures = TIRAGE.choices(TYPES, [60, 15, 8, 17])[0]
            site = TIRAGE.choices(SITES, [5, 3, 2])[0]
            duree = round(heures * TIRAGE.uniform(0.6, 1.8), 2)
            ecrit = TIRAGE.choice([site, site, site.upper(), f" {site}"])
            yield [f"I{numero:04d}", jour.isoformat(), ecrit, nom, duree]


def principal():
    DONNEES.mkdir(exist_ok=True)
    lignes = list(couts())
    ecrire("couts_actuels.csv", ["annee", "site", "poste", "montant"], [*lignes, *TIRAGE.sample(lignes, 4)])
    ecrire("incidents.csv", ["incident_id", "jour", "site", "nature", "heures"], list(incidents()))
    ecrire("scenarios.csv", ["scenario", "annee", "flux"], [[nom, an, flux] for nom, suite in FLUX.items() for an, flux in enumerate(suite)])
    ecrire("risques.csv", ["risque_id", "risque", "probabilite", "gravite"], RISQUES)
    ecrire("comparaison.csv", ["critere", "poids", *NOTES], [[nom, poids, *(notes[n] for notes in NOTES.values())] for n, (nom, poids) in enumerate(CRITERES)])
    ecrire("exigences.csv", ["exigence_id", "exigence"], [[f"E{n:02d}", texte] for n, texte in enumerate(EXIGENCES, 1)])


if __name__ == "__main__":
    principal()

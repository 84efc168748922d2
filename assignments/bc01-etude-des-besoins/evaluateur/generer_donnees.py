"""Fabrique les données de la coopérative de Montclar, toujours les mêmes : `python generer_donnees.py`."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

TIRAGE = random.Random(2009)
SALISSURE = random.Random(1934)  # à part : salir autrement ne change aucun montant
DONNEES = Path(__file__).resolve().parents[1] / "donnees"
SITES = ["Montclar", "Val-d'Orle", "Pierrefeu"]
POSTES = [("licences et support", 41_800), ("serveurs et sauvegardes", 23_500), ("prestataires", 32_400), ("équipe informatique", 58_200),
          ("papier et tournées", 9_700)]
CAVES = {  # à Pierrefeu on affine, on ne collecte pas
    "ressaisie des bons de collecte": "ressaisie des entrées en cave", "analyse de lait égarée": "relevé de cave égaré",
    "paie du lait corrigée": "prime d'affinage corrigée",
}
TYPES = [("ressaisie des bons de collecte", 1.5), ("analyse de lait égarée", 3.0), ("lot non tracé", 5.5), ("paie du lait corrigée", 2.5)]
MONTANTS = {  # scénario -> nature -> montants de l'année 0 (2026) à l'année 5 (2031) ; leur somme par année est le flux net
    "A reconduire": {
        "investissement": [-150_000, 0, 0, 0, 0, 0],
        "charges": [0, -14_000, -16_000, -65_000, -70_000, -75_000],
        "gains": [0, 22_000, 28_000, 30_000, 30_000, 30_000],
    },
    "B progiciel hébergé": {
        "investissement": [-640_000, 0, 0, 0, 0, 0],
        "charges": [0, -70_000, -92_000, -94_000, -96_000, -98_000],
        "gains": [0, 130_000, 257_000, 309_000, 321_000, 328_000],
    },
    "C sur mesure": {
        "investissement": [-1_080_000, 0, 0, 0, 0, 0],
        "charges": [0, -20_000, -42_000, -44_000, -46_000, -48_000],
        "gains": [0, 20_000, 182_000, 374_000, 411_000, 428_000],
    },
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


ENTRETIENS = [
    ("N01", "2025-12-02", "Montclar", "Mathilde Escoffier", "présidente du conseil, éleveuse", "50",
     "Vote en juin, pas avant. Les adhérents veulent savoir ce que ça change sur le prix du lait. Elle refuse qu'un voisin voie ses analyses."),
    ("N02", "2025-12-02", "montclar", "Karim Belhaddad", "directeur", "35",
     "Quitter le progiciel avant fin 2027. 900 000 euros, pas un de plus. Veut une page. Ne veut dépendre d'aucun hébergeur pour toujours."),
    ("N03", "2025-12-03", "Montclar", "Hélène Cazals", "directrice financière", "45",
     "Demande les charges de chaque année, pas seulement l'achat. Ne croit aux gains que si elle voit quelle ligne de dépense disparaît."),
    ("N04", "2025-12-04", "Montclar", "Josiane Palu", "paie du lait", "1 h 20",
     "Paie le dix de chaque mois. Recopie tous les bons. Quarante et une exceptions aux grilles de qualité, dans sa tête et dans un cahier vert. Part fin 2027."),
    ("N05", "2025-12-04", "MONTCLAR", "Loïc Arnal", "chef de collecte", "60",
     "Pas de réseau dans la vallée de l'Orle. Planifie les tournées au tableau blanc, voudrait voir sept jours devant. Ne touchez à rien en avril ni en mai."),
    ("N06", "", "Montclar", "Sylvain Roque", "chauffeur de collecte", "25",
     "Écrit le bon sur le capot. Température de cuve notée à la main. L'analyse revient parfois sans le numéro de la ferme. Un écran, oui, s'il tient au froid."),
    ("N07", "2025-12-09", "Val-d'Orle", "Nadège Ferrand", "cheffe de la fromagerie", "55",
     "Mains mouillées, gants, vapeur : pas de clavier. Veut savoir tout de suite qu'un lait est bloqué. En 2024, a cherché l'origine d'un lot pendant deux jours."),
    ("N08", "2025-12-09", "Val d'Orle", "Youssef Bennour", "fromager", "30",
     "Note les lots sur une ardoise, recopiée le soir. Saisir en plus, non. Si le camion envoie son bon tout seul, il veut bien essayer."),
    ("N09", "2025-12-09", "Val-d'Orle ", "Inès Fournols", "responsable qualité", "50",
     "Analyses gardées cinq ans, en classeurs et dans le progiciel, qui ne disent pas toujours la même chose. Demande l'origine d'un lot en quatre heures."),
    ("N10", "2025-12-11", "Val-d'Orle", "Bastien Fabre", "éleveur adhérent", "40",
     "Reçoit ses analyses par la poste, dix jours après. Voudrait les voir le lendemain. Votera si on lui montre l'outil, pas un tableau."),
    ("N11", "2025-12-15", "Pierrefeu", "Rémi Castan", "chef d'affinage", "45",
     "Trois caves, un cahier chacune. Entrées en cave recopiées du bordereau de la fromagerie. Les stocks des trois sites ne tombent jamais d'accord."),
    ("N12", "2025-12-15", "Pierrefeu", "Tom Verdier", "informatique", "60",
     "Seul avec une alternante. Comptes des partants fermés quand il y pense. Dix ans d'historique, dont deux mal numérotés. Demande deux référents par site."),
]


def francais(montant):
    espace = SALISSURE.choice([" ", "\N{NO-BREAK SPACE}"])
    return f"{montant:,.2f}".replace(",", espace).replace(".", ",")


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
            duree = f"{heures * TIRAGE.uniform(0.6, 1.8):.2f}"
            ecrit = TIRAGE.choice([site, site, site.upper(), f" {site}"])
            sort = SALISSURE.random()
            if sort < 0.02:
                duree = ""  # le site n'a pas relevé le temps
            elif sort < 0.12:
                duree = duree.replace(".", ",")
            yield [f"I{numero:04d}", jour.isoformat(), ecrit, CAVES.get(nom, nom) if site == "Pierrefeu" else nom, duree]


def doubler(lignes, combien):
    """Des lignes envoyées deux fois : la copie suit l'original de quelques lignes."""
    sortie = list(lignes)
    for ligne in SALISSURE.sample(lignes, combien):
        sortie.insert(min(len(sortie), sortie.index(ligne) + SALISSURE.randint(1, 12)), ligne)
    return sortie


def principal():
    DONNEES.mkdir(exist_ok=True)
    lignes = list(couts())
    ecrire("couts_actuels.csv", ["annee", "site", "poste", "montant"], [*lignes, *TIRAGE.sample(lignes, 4)])
    ecrire("incidents.csv", ["incident_id", "jour", "site", "nature", "heures"], doubler(list(incidents()), 9))
    suites = [(nom, an, nature, suite[an]) for nom, natures in MONTANTS.items() for an in range(6) for nature, suite in natures.items()]
    ecrire("scenarios.csv", ["scenario", "annee", "nature", "montant"], [suite for suite in suites if suite[3]])
    ecrire("entretiens.csv", ["entretien_id", "date", "site", "personne", "fonction", "minutes", "notes"], doubler(ENTRETIENS, 1))
    ecrire("risques.csv", ["risque_id", "risque", "probabilite", "gravite"], RISQUES)
    ecrire("comparaison.csv", ["critere", "poids", *NOTES], [[nom, poids, *(notes[n] for notes in NOTES.values())] for n, (nom, poids) in enumerate(CRITERES)])
    ecrire("exigences.csv", ["exigence_id", "exigence"], [[f"E{n:02d}", texte] for n, texte in enumerate(EXIGENCES, 1)])


if __name__ == "__main__":
    principal()

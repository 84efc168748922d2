"""Fabrique les données des Hôtels Rivage, toujours les mêmes : `python generer_donnees.py`."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

TIRAGE = random.Random(35284)
DONNEES = Path(__file__).resolve().parents[1] / "donnees"
VILLES = [
    ("Sables-Blancs", 62, "plage"), ("Port-Manec", 38, "plage"), ("La Tremblaie", 54, "plage"), ("Pointe-Rouge", 41, "plage"),
    ("Anse-Verte", 33, "plage"), ("Les Dunes", 70, "plage"), ("Saint-Briac", 29, "plage"), ("Cap-Lardier", 46, "plage"),
    ("Vieux-Port", 58, "ville"), ("Quai-Nord", 64, "ville"), ("Les Remparts", 36, "ville"), ("Grand-Hôtel", 81, "ville"),
    ("Le Phare", 44, "mixte"), ("La Criée", 39, "mixte"), ("Thermes", 72, "mixte"), ("Belle-Rive", 51, "mixte"),
    ("L'Estran", 35, "mixte"), ("Kerlouan", 27, "mixte"),
]
SAISON = {
    "plage": [0, 1, 1, 4, 7, 11, 28, 30, 10, 3, 1, 0],
    "ville": [7, 8, 8, 8, 9, 9, 9, 8, 9, 9, 8, 8],
    "mixte": [3, 4, 5, 8, 9, 11, 18, 20, 9, 6, 4, 3],
}
CANAUX = [("direct", 28.0), ("agence en ligne", 50.0), ("tour-opérateur", 11.5), ("téléphone", 10.0)]
GRAPHIES = {
    "direct": ["direct", "direct", "direct", "Direct", "direct "],
    "agence en ligne": ["agence en ligne", "agence en ligne", "Agence en ligne", "AGENCE EN LIGNE"],
    "tour-opérateur": ["tour-opérateur", "tour-opérateur", "Tour-opérateur"],
    "téléphone": ["téléphone", "téléphone", " téléphone"],
}


def reservations():
    numero = 10000
    for hotel, (__, chambres, profil) in enumerate(VILLES, 1):
        for annee, volume in ((2024, 1.0), (2025, 1.06)):
            for mois, poids in enumerate(SAISON[profil], 1):
                for _ in range(round(chambres * poids * volume / 38 * TIRAGE.uniform(0.85, 1.15))):
                    numero += 1
                    yield une_reservation(numero, hotel, annee, mois)


def une_reservation(numero, hotel, annee, mois):
    arrivee = date(annee, mois, TIRAGE.randint(1, 28))
    faite = arrivee - timedelta(days=TIRAGE.choice([1, 3, 7, 14, 21, 30, 45, 60, 90]))
    canal = TIRAGE.choices([nom for nom, _ in CANAUX], [poids for _, poids in CANAUX])[0]
    nuits = TIRAGE.choice([1, 1, 2, 2, 2, 3, 3, 4, 5, 7])
    prix = (92 + 34 * (mois in (7, 8)) + 14 * (mois in (6, 9)) + 3 * (hotel % 6)) * TIRAGE.uniform(0.85, 1.2)
    statut = "annulée" if TIRAGE.random() < (0.19 if canal == "agence en ligne" else 0.08) else "confirmée"
    montant = "" if TIRAGE.random() < 0.008 else f"{nuits * prix:.2f}"
    forme = "%d/%m/%Y" if TIRAGE.random() < 0.22 else "%Y-%m-%d"
    ecrit = TIRAGE.choice(GRAPHIES[canal])
    return [f"R{numero}", f"H{hotel:02d}", faite.strftime(forme), arrivee.strftime(forme), nuits, ecrit, montant, statut]


def ecrire(nom, entete, lignes):
    with (DONNEES / nom).open("w", encoding="utf-8", newline="") as fichier:
        csv.writer(fichier, lineterminator="\n").writerows([entete, *lignes])


def principal():
    DONNEES.mkdir(exist_ok=True)
    ecrire("hotels.csv", ["hotel_id", "nom", "chambres"], [[f"H{n:02d}", nom, chambres] for n, (nom, chambres, _) in enumerate(VILLES, 1)])
    lignes = list(reservations())
    doubles = TIRAGE.sample(lignes, len(lignes) // 45)
    melange = lignes + doubles
    TIRAGE.shuffle(melange)
    entete = ["reservation_id", "hotel_id", "reservee_le", "arrivee_le", "nuits", "canal", "montant", "statut"]
    ecrire("reservations.csv", entete, melange)
    avis = [[f"H{n:02d}", f"{annee}-{mois:02d}", f"{TIRAGE.uniform(3.3, 4.8):.1f}", TIRAGE.randint(4, 60)]
            for n in range(1, len(VILLES) + 1) for annee in (2024, 2025) for mois in range(1, 13)]
    ecrire("avis.csv", ["hotel_id", "mois", "note_moyenne", "nombre_avis"], avis)


if __name__ == "__main__":
    principal()

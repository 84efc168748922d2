"""Write `course/demo/marks.csv`, the fictional marks of the demo cohort.

    python tests/make_demo.py

The cohort itself (candidates, groups, submissions ...) is hand-written data beside it. Every mark comes from a profile
(how strong a group or a candidate is in one assessment) drawn with a fixed seed, or from `FIXED`, which holds the edge
cases that docs/promotion-de-demonstration.md describes. Writing twice gives the same bytes.
"""

import csv
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
SEED = "promotion-2026"
QUARTER = Decimal("0.25")
SUMMER = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
PROJECT_OF = {"REAL.3": "business", "REAL.4": "technical"}  # the fiche: sans objet in the other kind of project


class Row(NamedTuple):
    """One line of marks.csv, every field as text."""

    assessment: str
    subject: str
    criterion: str
    grader: str
    state: str
    level: str
    value: str
    comment: str
    at: str

    def key(self) -> tuple[str, ...]:
        kind = self.state if self.state == "adjustment" else ""
        return (self.assessment, self.subject, self.criterion, self.grader, kind)


class Work(NamedTuple):
    """One piece of work that came in: an assessment, its subject (group or candidate) and the members it marks."""

    assessment: str
    subject: str
    members: tuple[str, ...]
    received: datetime


class Demo:
    """The course, its rubrics and its cohort, as the marks need them."""

    def __init__(self, root: Path) -> None:
        course = yaml.safe_load((root / "course/course.yaml").read_text("utf-8"))
        self.regulation = yaml.safe_load((root / "course/regulation.yaml").read_text("utf-8"))
        self.folder = root / "course/demo"
        self.assessments = {each["slug"]: each for each in course["assessments"]}
        self.rubrics = {
            slug: yaml.safe_load((root / f"rubrics/{slug}.yaml").read_text("utf-8")) for slug in self.assessments
        }
        self.groups = self.table("groups")
        self.extensions = {
            (row["assessment"], row["subject"]): moment(row["until"]) for row in self.table("extensions")
        }

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def due(self, slug: str) -> datetime:
        return moment(self.assessments[slug]["due"])

    def works(self) -> list[Work]:
        rows = self.table("submissions")
        return [
            Work(
                row["assessment"],
                row["subject"],
                self.members(row["assessment"], row["subject"]),
                moment(row["received_at"]),
            )
            for row in rows
        ]

    def members(self, slug: str, subject: str) -> tuple[str, ...]:
        """Who is in the group on the due day; a candidate alone is their own only member."""
        day = self.due(slug).date().isoformat()
        inside = [
            row["candidate_id"]
            for row in self.groups
            if (row["assessment"], row["group_id"]) == (slug, subject)
            and row["from"] <= day <= (row["until"] or "9999")
        ]
        return tuple(inside) or (subject,)

    def criteria(self, slug: str) -> list[dict[str, Any]]:
        """The criteria that concern this project: the others are sans objet and carry no row."""
        project = self.rubrics[slug].get("project") or []
        return [each for each in self.rubrics[slug]["criteria"] if PROJECT_OF.get(each["id"], "") in ["", *project]]

    def level(self, slug: str, value: Decimal) -> dict[str, Any]:
        return max(
            (each for each in self.rubrics[slug]["levels"] if Decimal(str(each["min"])) <= value),
            key=lambda each: each["min"],
        )

    def lateness_value(self, work: Work) -> Decimal:
        """What the regulation proposes for the deadline criterion, after an extension."""
        until = self.extensions.get((work.assessment, work.subject), self.due(work.assessment))
        hours = max((work.received - until).total_seconds() / 3600, 0)
        return next(
            Decimal(step["value"])
            for step in self.regulation["late"]
            if step["hours"] is None or hours <= step["hours"]
        )


def moment(found: str | datetime) -> datetime:
    return found if isinstance(found, datetime) else datetime.fromisoformat(found)


def paris(when: datetime) -> datetime:
    hours = 2 if SUMMER[0] <= when < SUMMER[1] else 1
    return when.astimezone(timezone(timedelta(hours=hours)))


def quarter(value: float | Decimal) -> Decimal:
    steps = (Decimal(str(value)) / QUARTER).quantize(Decimal(1), ROUND_HALF_UP)
    return min(max(steps * QUARTER, Decimal(0)), Decimal(20))


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


class Marker:
    """Turns works into rows. Each draw has its own seed, so that one change never moves the others."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.fixed = {(slug, subject, criterion): text for slug, subject, criterion, text in fixed_marks()}
        self.profiles = {name: float(mean) for mean, names in sentences(PROFILES) for name in names.split()}
        self.remarks = dict(sentences(REMARKS))
        self.bank: dict[str, list[str]] = {}
        for key, sentence in sentences(COMMENTS):
            self.bank.setdefault(key, []).append(sentence)

    def rows(self) -> list[Row]:
        rows = [row for work in self.demo.works() for row in self.work_rows(work)]
        rows += [self.adjustment(key, motive) for key, motive in sentences(ADJUSTMENTS)]
        return sorted(rows, key=Row.key)

    def work_rows(self, work: Work) -> Iterator[Row]:
        for criterion in self.demo.criteria(work.assessment):
            for subject in (work.subject,) if criterion["scope"] == "group" else work.members:
                yield from self.criterion_rows(work, subject, criterion)

    def criterion_rows(self, work: Work, subject: str, criterion: dict[str, Any]) -> Iterator[Row]:
        text = self.fixed.get((work.assessment, subject, criterion["id"]))
        if text == "none":
            return
        graders = self.graders(work)
        if text in ("not_observed", "not_applicable"):
            yield self.row(work, subject, criterion["id"], graders[0], state=text)
            return
        values = self.values(work, subject, criterion, text, len(graders))
        for grader, value in zip(graders, values, strict=False):
            yield self.row(work, subject, criterion["id"], grader, value)
        if len(graders) == 2 and not (text and "|" in text):
            yield self.row(work, subject, criterion["id"], "accord", quarter(sum(values, Decimal(0)) / 2))

    def graders(self, work: Work) -> list[str]:
        listed = self.demo.assessments[work.assessment]["graders"]
        if self.demo.assessments[work.assessment].get("graders_per_work", 1) == 2:
            return list(listed)
        return [listed[int(work.subject[-1]) % len(listed)]]

    def values(
        self, work: Work, subject: str, criterion: dict[str, Any], text: str | None, count: int
    ) -> list[Decimal]:
        """As many values as graders; fixed ones may be fewer (`13|`: the second grader has not marked)."""
        if text:
            found = [Decimal(part) for part in text.split("|") if part]
            return found if "|" in text else found * count
        if criterion.get("propose_from") == "deadline":
            return [self.demo.lateness_value(work)] * count
        mean = self.mean(work, subject)
        truth = self.rng("truth", work.assessment, subject, criterion["id"]).gauss(mean, 2.6)
        return [self.drawn(work.assessment, subject, criterion["id"], truth, each) for each in range(count)]

    def mean(self, work: Work, subject: str) -> float:
        """How strong this subject is here: the closest profile that stands."""
        names = (f"{work.assessment[:4]}/{subject}", subject, work.subject)
        return next((self.profiles[name] for name in names if name in self.profiles), USUAL)

    def drawn(self, slug: str, subject: str, criterion: str, truth: float, grader: int) -> Decimal:
        """A level near the truth; most graders keep its default value, some refine it."""
        rng = self.rng("value", slug, subject, criterion, str(grader))
        value = quarter(truth + (rng.gauss(0, 0.9) if grader else 0))
        return value if rng.random() < 0.4 else Decimal(str(self.demo.level(slug, value)["default"]))

    def row(
        self, work: Work, subject: str, criterion: str, grader: str, value: Decimal | None = None, state: str = "marked"
    ) -> Row:
        number = shown = ""
        if value is not None:
            level = self.demo.level(work.assessment, value)
            number, shown = str(level["id"]), "" if value == Decimal(str(level["default"])) else plain(value)
        key = f"{work.assessment} {subject} {criterion}"
        comment = self.remarks.get(f"{key} {grader}") or self.remarks.get(key)
        comment = comment or self.comment(work.assessment, subject, criterion, grader, number)
        return Row(work.assessment, subject, criterion, grader, state, number, shown, comment, self.at(work, grader))

    def comment(self, slug: str, subject: str, criterion: str, grader: str, level: str) -> str:
        """Now and then the next unused sentence of the bank for this criterion at this level; none is used twice."""
        kind = {"vae": "vae", "the": "thes"}.get(slug[:3], "")
        tier = {"4": "+", "3": "=", "2": "-", "1": "-"}.get(level, "")
        waiting = self.bank.get(f"{kind} {criterion} {tier}".strip(), [])
        wanted = grader != "accord" and self.rng("comment", slug, subject, criterion, grader).random() < 0.35
        return waiting.pop(0) if wanted and waiting else ""

    def at(self, work: Work, grader: str) -> str:
        """One marking session per work and grader, after the work came (and after the due date)."""
        rng = self.rng("at", work.assessment, work.subject, grader)
        days = rng.randint(15, 21) if grader == "accord" else rng.randint(2, 13)
        start = max(work.received, self.demo.due(work.assessment)) + timedelta(days=days)
        return paris(start).replace(hour=rng.randint(8, 18), minute=rng.randrange(60)).isoformat(timespec="seconds")

    def adjustment(self, key: str, motive: str) -> Row:
        slug, candidate, criterion, delta = key.split()
        work = next(each for each in self.demo.works() if each.assessment == slug and candidate in each.members)
        grader = self.graders(work)[0]
        return Row(slug, candidate, criterion, grader, "adjustment", "", delta, motive, self.at(work, "accord"))

    def rng(self, *parts: str) -> random.Random:
        return random.Random(":".join((SEED, *parts)))


def fixed_marks() -> Iterator[tuple[str, str, str, str]]:
    for line in FIXED.strip().splitlines():
        slug, subject, *marks = line.split()
        for mark in marks:
            criterion, text = mark.split("=")
            yield slug, subject, criterion, text


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """The lines `key: sentence` of a block."""
    for line in text.strip().splitlines():
        key, sentence = line.split(": ", 1)
        yield key, sentence


def write(root: Path = ROOT) -> Path:
    path = root / "course/demo/marks.csv"
    rows = Marker(Demo(root)).rows()
    keys = [row.key() for row in rows]
    assert len(set(keys)) == len(keys), "a key appears twice"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(rows)
    return path


# How strong a subject is, on /20: a work, a candidate, or a candidate in one block ("bc02/C001"). Others: USUAL.
USUAL = 13.5
PROFILES = """
17: C029 C001
16: C003 C021
15.5: G-BC01-1 G-BC02-1 G-BC03-1 G-BC04A-1 G-BC04B-1 G-BC05-1 G-BC06-1 C023 G-BC06-7
14.5: G-BC01-5 G-BC02-5 G-BC03-5 G-BC05-5 G-BC06-5 C002 C030
14: G-BC01-2 G-BC02-2 G-BC03-2 G-BC04A-2 G-BC04B-2 G-BC06-2 C004 C018 C028 C034
13: G-BC03R-1 C009 C020 C031 C033
12.8: G-BC01-4 G-BC02-4 G-BC03-4 G-BC04A-4 G-BC04B-4 G-BC06-4 C012
12.5: G-BC01-6 G-BC01-7 G-BC02-6 G-BC04A-6 G-BC04B-6 G-BC05-6 G-BC06-6
12: G-BC01-3 G-BC05-3 G-BC06-3 C013 C025
11: C016 bc01/C027 bc02/C027
"""

# Edge cases, one work or candidate a line. `9|14`: two graders and no accord; `13|`: only the first has marked.
FIXED = """
bc01-etude-des-besoins G-BC01-4 REAL.2=9|14 DEM.2=13|13
bc01-etude-des-besoins C015 X.soutenance=13|
bc02-conception-des-evolutions G-BC02-3 REAL.1=9 REAL.2=9 REAL.3=10 REAL.4=9.5 REAL.5=10.5 DEM.1=9 DEM.2=9 DEM.4=11
bc02-conception-des-evolutions C009 DEM.3=10 X.soutenance=9.5
bc02-conception-des-evolutions C010 DEM.3=13 X.soutenance=13
bc02-conception-des-evolutions C011 DEM.3=9.75 X.soutenance=9.5
bc02-conception-des-evolutions C012 DEM.3=11 X.soutenance=13
bc02-conception-des-evolutions C014 DEM.3=none
bc02-conception-des-evolutions C016 X.soutenance=0
bc03-conduite-de-projet G-BC03-3 REAL.1=11 REAL.2=10 REAL.3=11 REAL.5=11 DEM.1=10 DEM.2=11 DEM.4=10
bc03-conduite-de-projet C011 DEM.3=12 X.soutenance=none
bc03-conduite-de-projet G-BC03-6 REAL.1=8 REAL.2=9 REAL.3=7 REAL.5=8.5 DEM.1=8 DEM.2=7 DEM.4=9
bc03-conduite-de-projet C022 DEM.3=13 X.soutenance=9
bc03-conduite-de-projet C024 DEM.3=9 X.soutenance=9.5
bc03-conduite-de-projet C025 DEM.3=9 X.soutenance=8
bc03-conduite-de-projet C026 DEM.3=9 X.soutenance=13
bc03-rattrapage G-BC03R-2 REAL.1=7 REAL.2=8 REAL.3=7 REAL.5=8 DEM.1=7.5 DEM.2=7 DEM.4=8
bc03-rattrapage C011 DEM.3=none X.soutenance=13
bc03-rattrapage C024 DEM.3=8 X.soutenance=8
bc03-rattrapage C025 DEM.3=8 X.soutenance=none
bc04-recette-et-deploiement G-BC04A-3 REAL.1=9 REAL.2=9 REAL.4=10.5 REAL.5=10 DEM.1=9 DEM.2=9.5 DEM.4=9
bc04-recette-et-deploiement C009 DEM.3=10.25 X.soutenance=10.25
bc04-recette-et-deploiement C010 DEM.3=13 X.soutenance=13
bc04-recette-et-deploiement C011 DEM.3=13 X.soutenance=13
bc04-recette-et-deploiement C012 DEM.3=13 X.soutenance=12
bc04-recette-et-deploiement G-BC04A-5 REAL.1=13 REAL.2=9 REAL.4=14 REAL.5=13 DEM.1=13 DEM.2=9 DEM.4=13
bc04-recette-et-deploiement C017 DEM.3=10 X.soutenance=9
bc04-recette-et-deploiement C018 DEM.3=9 X.soutenance=9.5
bc04-recette-et-deploiement C019 DEM.3=9.5 X.soutenance=9
bc04-recette-et-deploiement C020 DEM.3=9 X.soutenance=9
bc04-support-utilisateurs G-BC04B-3 REAL.1=9 REAL.3=9.5 REAL.5=10 DEM.1=9.5 DEM.4=9
bc04-support-utilisateurs C009 X.soutenance=9.5
bc04-support-utilisateurs C010 X.soutenance=13
bc04-support-utilisateurs C011 X.soutenance=13
bc04-support-utilisateurs C012 X.soutenance=13
bc04-support-utilisateurs C004 X.soutenance=not_observed
bc04-support-utilisateurs G-BC04B-5 REAL.1=8 REAL.3=7.75 REAL.5=13 DEM.1=8 DEM.4=13
bc04-support-utilisateurs C017 X.soutenance=9
bc04-support-utilisateurs C018 X.soutenance=9
bc04-support-utilisateurs C019 X.soutenance=9
bc04-support-utilisateurs C020 X.soutenance=8.5
bc05-reponse-appel-offres G-BC05-2 REAL.1=11 REAL.2=11.5 REAL.3=10.5 REAL.5=12 DEM.1=11 DEM.2=10 DEM.4=12 DEM.5=not_applicable
bc05-reponse-appel-offres C005 DEM.3=13 X.soutenance=13
bc05-reponse-appel-offres C006 DEM.3=13 X.soutenance=14
bc05-reponse-appel-offres C007 DEM.3=9 X.soutenance=9.5
bc05-reponse-appel-offres C008 DEM.3=13 X.soutenance=13
bc05-reponse-appel-offres C010 DEM.3=12 X.soutenance=none
bc05-reponse-appel-offres G-BC05-4 REAL.1=13 REAL.2=7 REAL.3=13 REAL.5=13 DEM.1=7.5 DEM.2=7 DEM.4=13
bc05-reponse-appel-offres C013 DEM.3=9 X.soutenance=13
bc05-reponse-appel-offres C014 DEM.3=9 X.soutenance=13
bc05-reponse-appel-offres C015 DEM.3=13 X.soutenance=13
bc05-reponse-appel-offres C016 DEM.3=9 X.soutenance=13
bc06-strategie-digitale C012 DEM.3=12 X.soutenance=none
bc06-strategie-digitale G-BC06-2 DEM.4=19
bc06-strategie-digitale G-BC06-8 REAL.1=13 REAL.2=13 REAL.4=11 REAL.5=7 DEM.1=11 DEM.2=13 DEM.4=13
bc06-strategie-digitale C016 DEM.3=13 X.soutenance=13
bc06-strategie-digitale C025 DEM.3=11 X.soutenance=13
anglais C008 ANG.2=none
vae-bc02 C031 REAL.1=9 REAL.2=11 REAL.3=9 REAL.4=8 REAL.5=7.5 DEM.1=9 DEM.2=11 DEM.3=10 DEM.4=10 X.entretien=9
vae-bc03 C032 REAL.1=9 REAL.2=9 REAL.3=8 REAL.5=9 DEM.1=7 DEM.2=8 DEM.3=7.5 DEM.4=10 X.entretien=9
vae-bc03 C033 REAL.5=not_observed
vae-bc04 C032 REAL.1=11 REAL.2=9 REAL.4=10 REAL.5=9 DEM.1=9 DEM.2=9 DEM.3=none DEM.4=not_applicable X.entretien=none
vae-bc04 C033 REAL.1=none REAL.2=none REAL.4=none REAL.5=none DEM.1=none DEM.2=none DEM.3=none DEM.4=none X.entretien=none
"""

# Assessment, candidate, criterion (or * for all), signed delta: motive.
ADJUSTMENTS = """
bc01-etude-des-besoins C006 DEM.1 -1: Entrée dans le groupe deux semaines après les autres, entretiens menés sans elle
bc02-conception-des-evolutions C008 * 2: A repris seul la maquette perdue une semaine avant le dépôt, journal à l'appui
bc02-conception-des-evolutions C008 DEM.4 2: A tenu le rôle de coordinateur après le désistement d'un pair
bc03-conduite-de-projet C006 DEM.4 1.5: Animation des points hebdomadaires reconnue par les trois autres membres
bc05-reponse-appel-offres C007 * -2: Contribution très faible : deux lots sur neuf non traités, constaté au suivi du 17 avril
bc06-strategie-digitale C008 DEM.4 2.5: Formation improvisée de ses coéquipiers à l'outil d'analyse, hors temps de projet
"""

# What graders wrote on the edge cases: assessment, subject, criterion, the grader when it matters.
REMARKS = """
bc01-etude-des-besoins G-BC01-4 REAL.2 e.martin: Le contexte de l'entreprise est résumé en cinq lignes, sans les contraintes de la filiale.
bc01-etude-des-besoins G-BC01-4 REAL.2 c.roux: Les contraintes de la filiale sont dans l'annexe C, bien exploitées dans les scénarios.
bc02-conception-des-evolutions C016 X.soutenance: N'a pas pris la parole et n'a répondu à aucune des trois questions posées.
bc02-conception-des-evolutions G-BC02-6 DEM.5: Dépôt cinq jours après l'échéance, aucune demande de prolongation.
bc03-conduite-de-projet C011 DEM.3: Note de recul remise avant la soutenance, lue malgré l'absence.
bc03-conduite-de-projet G-BC03-5 DEM.5: Dans le délai prolongé après la panne du serveur.
bc04-recette-et-deploiement G-BC04A-2 DEM.5: Vingt heures de retard, sans motif.
bc04-recette-et-deploiement C015 DEM.4: Seul depuis la fin mars : relation avec le commanditaire suivie, entraide non observable.
bc04-recette-et-deploiement C015 DEM.5: Remis dans le délai prolongé après le départ du groupe.
bc04-support-utilisateurs C004 X.soutenance: Visioconférence coupée pendant son passage, rien n'a pu être entendu.
bc05-reponse-appel-offres G-BC05-2 DEM.5: Plateforme de dépôt indisponible ce soir-là, retard neutralisé.
bc05-reponse-appel-offres G-BC05-4 DEM.2: Aucune veille : les concurrents cités ne sont plus sur ce marché.
bc06-strategie-digitale G-BC06-3 DEM.5: Deux jours et demi de retard, groupe prévenu le lundi.
bc06-strategie-digitale G-BC06-7 DEM.4: Une seule personne après un abandon ; points avec le commanditaire préparés et tenus.
bc06-strategie-digitale G-BC06-8 REAL.5: Rapport inachevé, figures illisibles, diaporama sans lien avec le rapport.
vae-bc02 C031 REAL.5: Livret décousu, pièces non numérotées, plusieurs renvois introuvables.
vae-bc03 C033 REAL.5: Annexes du livret illisibles au dépôt, copie nette demandée et non reçue.
vae-bc04 C032 DEM.4: Fonction exercée seul, sans équipe : critère sans objet ici.
"""

# The graders' own sentences: criterion, then + (mastered), = (acquired), - (below).
COMMENTS = """
REAL.1 +: Chaque exigence du cahier des charges se retrouve dans la solution, avec son numéro.
REAL.1 +: Les deux exigences contradictoires sont repérées et arbitrées avec le commanditaire.
REAL.1 +: Le périmètre exclu est écrit noir sur blanc, ce que peu de groupes font.
REAL.1 +: Traçabilité exemplaire du besoin à la fonction livrée.
REAL.1 =: Besoins couverts, mais la contrainte de reprise des données est oubliée.
REAL.1 =: Bonne réponse au besoin principal, les besoins secondaires restent allusifs.
REAL.1 =: La solution convient ; il manque le lien avec le calendrier imposé.
REAL.1 =: Cohérent dans l'ensemble, une fonction proposée n'était demandée par personne.
REAL.1 =: Le budget plafond est respecté, la contrainte d'hébergement moins.
REAL.1 =: Les priorités du cahier des charges sont suivies sans être discutées.
REAL.1 -: La solution répond à un autre problème que celui du commanditaire.
REAL.1 -: Trois exigences majeures sans réponse, dont l'accessibilité.
REAL.1 -: Le cahier des charges est recopié, puis plus jamais cité.
REAL.1 -: Choix de l'outil fait avant la lecture des besoins.
REAL.2 +: Culture de l'entreprise comprise : les relais de chaque site sont nommés.
REAL.2 +: L'organigramme fourni est confronté aux entretiens, avec deux écarts utiles.
REAL.2 +: Les enjeux sociaux du changement sont traités avec tact.
REAL.2 =: Contexte bien résumé, peu exploité dans les choix.
REAL.2 =: La taille de l'entreprise est prise en compte, pas son secteur.
REAL.2 =: Bon repérage des acteurs, le service juridique manque.
REAL.2 =: Les chiffres de l'annexe sont cités sans leur année.
REAL.2 =: Les habitudes de travail sont décrites, leur coût de changement non estimé.
REAL.2 -: Présentation générale du secteur, rien sur cette entreprise-ci.
REAL.2 -: La filiale étrangère est ignorée alors qu'elle pèse un tiers de l'activité.
REAL.2 -: Proposition pensée pour un grand groupe, intenable pour deux cents salariés.
REAL.3 +: Un client pourrait signer ce document demain.
REAL.3 +: Faisabilité vérifiée auprès de deux fournisseurs réels, devis joints.
REAL.3 +: Les hypothèses de coût sont prudentes et leur sensibilité est testée.
REAL.3 =: Réaliste sur les coûts, optimiste sur les délais.
REAL.3 =: Livrable client correct, le jargon reste à retirer.
REAL.3 =: Le retour sur investissement tient, mais oublie la formation.
REAL.3 =: Faisable à condition d'obtenir deux recrutements, non chiffrés.
REAL.3 =: Terrain connu par une seule visite, ce que le dossier reconnaît.
REAL.3 -: Chiffrage sans source, impossible à défendre devant une direction.
REAL.3 -: Les volumes annoncés dépassent la capacité décrite en annexe.
REAL.3 -: Mise en service promise en trois semaines, sans recette.
REAL.3 -: Le document livré mélange notes internes et texte destiné au client.
REAL.4 +: Tout s'exécute du premier coup, cas limites compris.
REAL.4 +: Construction modulaire, fonctions courtes, tests utiles.
REAL.4 +: Le traitement des valeurs manquantes est justifié et vérifié.
REAL.4 =: Fonctionne sur le jeu fourni, échoue sur un fichier vide.
REAL.4 =: Résultats justes, code répété quatre fois.
REAL.4 =: Les tests passent, sauf celui du changement d'heure.
REAL.4 =: Architecture claire, journalisation absente.
REAL.4 =: Bonne base ; les chemins de fichiers sont écrits en dur.
REAL.4 -: Le carnet ne s'exécute pas de haut en bas.
REAL.4 -: Les doublons ne sont pas retirés, tous les totaux sont faux.
REAL.4 -: La maquette renvoie à des écrans qui n'existent pas.
REAL.5 +: Rapport clair, court, figures lisibles imprimées.
REAL.5 +: Supports d'oral sobres, un message par vue.
REAL.5 +: La synthèse d'une page suffit à décider : rare et précieux.
REAL.5 =: Écrit propre, conclusion trop rapide.
REAL.5 =: Bonne structure, orthographe à reprendre dans les annexes.
REAL.5 =: Diaporama dense, l'oral a compensé.
REAL.5 =: Tableaux utiles mais sans unités.
REAL.5 =: Plan solide, transitions absentes.
REAL.5 =: Le résumé en anglais est bon, celui en français est plus faible.
REAL.5 -: Pagination et sommaire ne correspondent pas.
REAL.5 -: Copier-coller visible d'une documentation d'éditeur.
REAL.5 -: Schémas flous, légendes manquantes, bibliographie vide.
DEM.1 +: Jalons tenus, décisions datées, écarts expliqués.
DEM.1 +: Le changement de méthode en cours d'étude est assumé et documenté.
DEM.1 +: Plan de charge réaliste, revu chaque semaine.
DEM.1 =: Méthode agile annoncée, en pratique un cycle en V.
DEM.1 =: Planning présent, sans chemin critique.
DEM.1 =: Les rôles sont répartis, la relecture croisée a manqué.
DEM.1 =: Risques listés au début puis jamais mis à jour.
DEM.1 =: Bon suivi jusqu'au deuxième jalon, plus rien ensuite.
DEM.1 -: Aucun compte rendu de réunion.
DEM.1 -: Planning reconstitué après coup, dates incohérentes.
DEM.1 -: La moitié du travail a été faite la dernière semaine.
DEM.2 +: Trois hypothèses de stratégie posées, deux écartées avec preuve.
DEM.2 +: Mécanisme du métier expliqué mieux que dans l'énoncé.
DEM.2 +: L'analyse remonte à la cause, pas au symptôme.
DEM.2 =: Raisonnement juste, sources trop peu nombreuses.
DEM.2 =: Comparaison honnête, critères non pondérés.
DEM.2 =: Bonne lecture des données, interprétation un peu rapide.
DEM.2 =: Hypothèse technologique plausible, alternative non étudiée.
DEM.2 =: La chaîne de valeur est décrite, le lien avec le système d'information reste implicite.
DEM.2 -: Conclusions posées avant l'analyse.
DEM.2 -: Corrélation prise pour une cause, deux fois.
DEM.2 -: Analyse limitée à un tableau forces et faiblesses.
DEM.3 +: Retour d'expérience précis, avec une erreur avouée et corrigée.
DEM.3 +: Propose une bonne pratique que je reprendrai en cours.
DEM.3 +: Sait dire ce qu'un second essai changerait, et pour quel coût.
DEM.3 =: Recul sincère, axes d'amélioration encore vagues.
DEM.3 =: Bon bilan personnel, peu de chose sur le travail d'équipe.
DEM.3 =: Les difficultés sont racontées plus qu'analysées.
DEM.3 =: Deux pistes d'amélioration, une seule est applicable.
DEM.3 =: Fiche de capitalisation remplie, sans indicateur.
DEM.3 =: Reconnaît avoir sous-estimé la reprise des données.
DEM.3 =: Compare utilement avec sa mission en entreprise.
DEM.3 -: Bilan de trois lignes.
DEM.3 -: Attribue toutes les difficultés aux autres.
DEM.3 -: Redit le plan du rapport en guise de recul.
DEM.3 -: Ne voit pas que le même défaut est apparu dans l'étude précédente.
DEM.4 +: Équipe soudée, chacun sait défendre la partie des autres.
DEM.4 +: Un conflit a été réglé tôt et bien, le journal le montre.
DEM.4 +: Communication avec le commanditaire irréprochable.
DEM.4 =: Sérieux et autonomes, un peu silencieux entre les jalons.
DEM.4 =: Travail réparti par compétence, peu d'apprentissage croisé.
DEM.4 =: Rigueur correcte, versions de fichiers confuses.
DEM.4 =: Un membre porte le rythme pour tous.
DEM.4 =: Réunions utiles mais trop longues, de l'aveu du groupe.
DEM.4 -: Deux relances nécessaires pour obtenir un point d'avancement.
DEM.4 -: Les membres se contredisent devant le client.
DEM.4 -: Tâches non attribuées, deux parties faites en double.
DEM.5 +: Remis en avance, rien à redire.
DEM.5 +: Les jalons intermédiaires aussi ont été tenus.
DEM.5 +: Dépôt complet à l'heure malgré un membre malade.
X.soutenance +: Exposé posé, réponses exactes, sait dire qu'il faut vérifier.
X.soutenance +: Excellente gestion du temps et du tableau.
X.soutenance +: A convaincu le client joué par l'examinateur.
X.soutenance +: Reformule les questions avant d'y répondre, avec professionnalisme.
X.soutenance +: Démonstration en direct réussie, sans filet.
X.soutenance =: Clair mais lit ses notes.
X.soutenance =: Réponses justes après relance.
X.soutenance =: Bonne maîtrise de sa partie, hésitations sur le budget.
X.soutenance =: Débit rapide, contenu solide.
X.soutenance =: Regarde l'écran plus que l'auditoire.
X.soutenance =: A bien récupéré après une panne de projecteur.
X.soutenance =: Vocabulaire précis, conclusion escamotée.
X.soutenance =: Défend honnêtement un choix fait par d'autres.
X.soutenance =: Ne dépasse pas son temps, laisse parler les autres.
X.soutenance -: Ne sait pas situer sa contribution.
X.soutenance -: Dépasse le temps de cinq minutes, interruption nécessaire.
X.soutenance -: Répond à côté à deux questions sur trois.
X.soutenance -: Confond coût complet et coût d'achat.
X.soutenance -: Voix inaudible au fond de la salle.
ENT.1 +: Comprend où son poste crée de la valeur et qui en dépend.
ENT.1 +: A su travailler avec les achats et la production.
ENT.1 =: Situe bien son service, moins le groupe.
ENT.1 =: Finalité comprise au bout de deux mois, selon l'entreprise.
ENT.1 =: Interfaces décrites, une seule vraiment pratiquée.
ENT.1 -: Décrit des tâches sans leur but.
ENT.2 +: A proposé un outil gratuit à la place de l'achat prévu.
ENT.2 =: Choisit bien, documente peu ses choix.
ENT.2 =: Méthode adaptée, après un premier essai manqué.
ENT.2 =: Compare deux solutions avant de demander conseil.
ENT.2 -: Applique la même recette à chaque problème.
ENT.3 +: Raconte un échec de recette et la leçon tirée.
ENT.3 =: Regard critique réel, encore hésitant à l'écrire.
ENT.3 =: A corrigé sa façon de chiffrer entre les deux missions.
ENT.3 =: Voit ses lacunes techniques, moins ses lacunes d'écoute.
ENT.3 -: Aucune erreur signalée de toute la période, peu crédible.
ENT.4 +: Notes de service reprises telles quelles par la direction.
ENT.4 =: Rapport bien présenté, plan un peu scolaire.
ENT.4 =: Phrases longues, idées justes.
ENT.4 -: Fautes nombreuses dans un document remis au client.
ENT.5 +: A présenté sans aide devant le comité de direction.
ENT.5 =: Aisance en petit comité, tension en plénière.
ENT.5 =: Supports soignés, écoute à travailler.
ENT.5 =: A conduit deux ateliers d'utilisateurs sans aide.
ENT.6 +: Passe sans peine du code au tableau de bord budgétaire.
ENT.6 +: A piloté un prestataire tout en relisant ses livraisons.
ENT.6 =: Technique solide, gestion de projet en progrès.
ENT.6 =: Plus à l'aise en management qu'en technique, ce qui convenait au poste.
ENT.6 =: Budget suivi sous contrôle de l'encadrement.
ENT.6 -: Reste dans l'exécution technique.
ENT.7 +: Trois projets menés de front, sans rappel.
ENT.7 +: A assuré l'intérim du chef de projet pendant trois semaines.
ENT.7 =: Autonomie gagnée au second semestre.
ENT.7 =: Visites de site accompagnées, puis en autonomie.
ENT.7 =: Responsabilité réelle sur un périmètre réduit.
ENT.7 -: Encadrement quotidien resté nécessaire.
EVE.1 +: L'entreprise souligne une capacité d'apprentissage hors du commun.
EVE.1 =: Aptitudes jugées conformes à un débutant bien formé.
EVE.1 =: Bon esprit de synthèse selon le service.
EVE.1 =: Rapidité appréciée, précision à renforcer.
EVE.1 -: L'entreprise attendait plus d'aisance avec les données.
EVE.2 +: Une embauche est proposée.
EVE.2 =: Ponctualité et bonne humeur signalées.
EVE.2 =: S'intègre bien, demande rarement de l'aide.
EVE.2 =: A su refuser une demande irréaliste avec courtoisie.
EVE.2 -: Deux absences non prévenues.
EVE.3 +: Connaissances déjà au niveau d'un consultant confirmé.
EVE.3 =: Bonnes bases de données, réseau à compléter.
EVE.3 =: Réglementation du secteur bien assimilée.
EVE.3 =: Vocabulaire métier acquis en cours de mission.
EVE.3 -: Notions de comptabilité insuffisantes pour le poste.
ANG.1 +: Fluent, handles interruptions well.
ANG.1 +: Almost native rhythm; written report needs no correction.
ANG.1 =: Understandable throughout, tenses wander.
ANG.1 =: Good e-mail register, small talk is harder.
ANG.1 =: Solid vocabulary for projects, limited elsewhere.
ANG.1 =: Accent strong but never an obstacle.
ANG.1 -: Cannot follow a question asked at normal speed.
ANG.2 +: Interview answers structured, with figures.
ANG.2 +: Cover letter fits the advert line by line.
ANG.2 =: CV fine, cover letter too literal a translation.
ANG.2 =: Mock interview passed, salary question avoided.
ANG.2 =: Good profile summary; references missing.
ANG.2 -: Application documents still half in French.
thes X.problematique +: Question précise, neuve, et tenue jusqu'au bout.
thes X.problematique +: Le paradoxe de départ est bien trouvé.
thes X.problematique =: Problématique claire, trop large pour le terrain choisi.
thes X.problematique =: La question apparaît seulement page vingt.
thes X.problematique =: Bonne question, hypothèses redondantes.
thes X.problematique -: Un thème plus qu'une problématique.
thes DEM.1 +: Calendrier d'enquête réaliste et respecté.
thes DEM.1 =: Démarche suivie, échantillon petit mais assumé.
thes DEM.1 =: Onze entretiens bien menés, grille à joindre.
thes DEM.1 -: Questionnaire envoyé trop tard pour être exploité.
thes DEM.2 +: Discute ses résultats avec deux auteurs d'avis contraire.
thes DEM.2 =: Revue de littérature correcte, surtout francophone.
thes DEM.2 =: Analyse qualitative soignée, codage non montré.
thes DEM.2 -: Les citations tiennent lieu d'arguments.
thes DEM.3 +: Les limites de l'étude sont dites sans fausse modestie.
thes DEM.3 =: Préconisations utiles, ordre de priorité absent.
thes DEM.3 =: Ouverture intéressante sur la sobriété numérique.
thes DEM.3 -: Conclusion qui répète l'introduction.
thes REAL.5 +: Thèse qui se lit d'une traite, annexes impeccables.
thes REAL.5 =: Mise en page sérieuse, résumé à raccourcir.
thes REAL.5 =: Bibliographie aux normes, deux liens morts.
thes REAL.5 -: Notes de bas de page fantaisistes.
thes X.soutenance +: Échange d'égal à égal avec l'examinatrice.
thes X.soutenance =: Soutenance préparée, peu spontanée.
thes X.soutenance =: A défendu ses choix avec calme.
thes X.soutenance -: N'a pas su répondre sur la méthode.
vae REAL.1 +: Les preuves montrent la demande, la réponse et son acceptation.
vae REAL.1 =: Situation professionnelle bien choisie, besoin initial peu détaillé.
vae REAL.1 -: Aucun document d'époque ne montre le besoin de départ.
vae REAL.2 +: L'histoire de l'entreprise éclaire chaque décision racontée.
vae REAL.2 =: Contexte de l'employeur présenté, son évolution moins.
vae REAL.3 =: Budget réel joint, avec l'écart final.
vae REAL.3 -: L'issue du projet n'est pas connue, faute de pièce.
vae REAL.4 +: Le dossier d'exploitation joint fait foi.
vae REAL.4 =: Réalisation décrite avec précision, code non montrable pour confidentialité.
vae REAL.5 +: Livret soigné, pièces numérotées et commentées.
vae REAL.5 =: Livret complet, quelques redites entre les blocs.
vae DEM.1 =: Méthode apprise sur le tas, bien nommée aujourd'hui.
vae DEM.1 +: Montre comment sa méthode a changé en dix ans.
vae DEM.2 =: Raisonnement solide, chiffres anciens.
vae DEM.2 -: Décrit ce que faisait le service plutôt que son propre rôle.
vae DEM.3 +: Recul remarquable sur un projet abandonné.
vae DEM.3 =: Tire de bonnes leçons, une seule mise en œuvre depuis.
vae DEM.4 =: Encadrement attesté par l'organigramme de l'époque.
vae DEM.4 +: Deux anciens collègues témoignent par écrit.
vae X.entretien +: Entretien passionnant, exemples donnés sans hésiter.
vae X.entretien =: Répond avec franchise sur ce qui n'a pas été fait.
vae X.entretien =: Complète utilement le livret sur les délais.
vae X.entretien -: Reste dans les généralités malgré les relances.
"""


if __name__ == "__main__":
    print(write())

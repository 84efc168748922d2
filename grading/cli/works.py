"""jurylab release, collect, autograde: the way of a case study."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grading.cli.terminal import Subparsers, command, opened, say, say_json
from grading.language import _, plural

if TYPE_CHECKING:
    from grading.notebooks.autograding import AutogradeReport
    from grading.notebooks.collecting import CollectReport


def register(commands: Subparsers) -> None:
    parser = command(
        commands, "release", run_release, _("distribuer une étude de cas : le notebook, ses données, sa grille")
    )
    parser.add_argument("slug", metavar="SLUG", help=_("l'épreuve"))
    parser = command(
        commands, "collect", run_collect, _("ramasser les rendus : un travail par groupe, toutes les versions gardées")
    )
    parser.add_argument("slug", metavar="SLUG", help=_("l'épreuve"))
    parser.add_argument(
        "--from", dest="source", metavar="DIR", help=_("ramasser dans un dossier (défaut : l'échange de nbgrader)")
    )
    parser = command(
        commands,
        "autograde",
        run_autograde,
        _("exécuter les travaux dans un bac à sable et noter les cellules contrôlées"),
    )
    parser.add_argument("slug", metavar="SLUG", help=_("l'épreuve"))
    parser.add_argument("--force", action="store_true", help=_("exécuter aussi ce qui l'a déjà été"))
    no_sandbox_option(parser, _("exécuter sans protection : le code des candidats peut alors tout lire et tout écrire"))


def no_sandbox_option(parser: argparse.ArgumentParser, told: str) -> None:
    parser.add_argument("--unsafe-no-sandbox", dest="unsafe", action="store_true", help=told)


def progress(quiet: bool) -> Callable[[str], None]:
    """Writes how far a long step is on one line of a terminal, and nothing elsewhere."""

    def tell(text: str) -> None:
        if not quiet and sys.stderr.isatty():
            print(f"\r\x1b[K  {text}\r", end="", file=sys.stderr, flush=True)

    return tell


def run_release(options: argparse.Namespace) -> int:
    from grading.notebooks.releasing import release

    done = release(opened(options), options.slug)
    if options.json:
        say_json({"slug": options.slug, "folder": str(done.folder), "notebook": done.notebook, "criteria": done.criteria,
                  "autograded": done.autograded, "points": done.points, "changed": done.changed})  # fmt: skip
        return 0
    say(
        _("{slug} : {notebook}, {tests} cellules contrôlées ({points:g} points), {criteria} critères").format(
            slug=options.slug, notebook=done.notebook, tests=done.autograded, points=done.points, criteria=done.criteria
        )
    )
    say(_("Distribué dans {folder}").format(folder=done.folder))
    say(_("et dans l'échange : {folder}").format(folder=done.outbound))
    return 0


def run_collect(options: argparse.Namespace) -> int:
    from grading.notebooks.collecting import collect

    done = collect(opened(options), options.slug, Path(options.source) if options.source else None)
    look = bool(done.conflicts or done.set_aside or done.missing or done.notices)
    if options.json:
        say_json(_collect_json(options.slug, done))
        return 1 if look else 0
    for line in collect_lines(options.slug, done):
        say(line)
    return 1 if look else 0


def collect_lines(slug: str, done: CollectReport) -> Iterator[str]:
    """What was collected in a line, then one line for each thing to look at."""
    yield _collect_line(slug, done)
    named = {_("En retard"): done.late, _("Conflit"): done.conflicts, _("Mis de côté"): done.set_aside,
             _("Rien reçu"): done.missing, _("À savoir"): done.notices}  # fmt: skip
    for title, texts in named.items():
        for text in texts:
            yield f"  · {title} : {text}"


def _collect_line(slug: str, done: CollectReport) -> str:
    count = len(done.collected)
    works = plural(_("{count} travail ramassé"), _("{count} travaux ramassés"), count).format(count=count)
    return _("{slug} : {works}, versions : {versions} dont {new} à la dernière collecte, en retard : {late}").format(
        slug=slug, works=works, versions=done.versions, new=done.new, late=len(done.late)
    )


def _collect_json(slug: str, done: CollectReport) -> dict[str, object]:
    works = [
        {"subject": one.subject, "by": one.candidate_id, "received_at": one.received_at.isoformat(), "digest": one.digest,
         "late": one.subject in done.late}
        for one in done.collected
    ]  # fmt: skip
    return {"slug": slug, "collected": works, "versions": done.versions, "new": done.new, "conflicts": list(done.conflicts),
            "set_aside": list(done.set_aside), "missing": list(done.missing), "notices": list(done.notices)}  # fmt: skip


def run_autograde(options: argparse.Namespace) -> int:
    from grading.notebooks.autograding import autograde
    from grading.notebooks.gradebook import write_through

    course = opened(options)
    done = autograde(course, options.slug, options.unsafe, options.force, progress(options.json))
    write_through(course, [options.slug])
    look = any(not run.state.scored for run in done.done)
    if options.json:
        say_json(autograde_json(options.slug, done))
        return 1 if look else 0
    for line in autograde_lines(options.slug, done):
        say(line)
    return 1 if look else 0


def autograde_lines(slug: str, done: AutogradeReport) -> Iterable[str]:
    from grading.works import state_label

    yield _("{slug} : exécutés : {done}, déjà faits : {skipped}").format(
        slug=slug, done=len(done.done), skipped=done.skipped
    )
    for run in done.done:
        points = f"{float(run.points):g}/{float(run.maximum):g}".replace(".", ",") if run.state.scored else "-"
        line = f"  {run.subject:<12} {points:>8}  {state_label(run.state)}"
        yield f"{line} ({run.reason})" if run.reason else line


def autograde_json(slug: str, done: AutogradeReport) -> dict[str, object]:
    runs = [
        {"subject": run.subject, "state": run.state.value, "reason": run.reason, "points": float(run.points),
         "maximum": float(run.maximum), "sandbox": run.sandbox}
        for run in done.done
    ]  # fmt: skip
    return {"slug": slug, "runs": runs, "skipped": done.skipped}

"""jurylab feedback: a page for each member."""

from __future__ import annotations

import argparse

from grading.cli.terminal import Subparsers, command, opened, say, say_json
from grading.language import _, plural


def register(commands: Subparsers) -> None:
    parser = command(commands, "feedback", run_feedback, _("écrire le retour de chaque candidat sur une épreuve"))
    parser.add_argument("slug", metavar="SLUG", help=_("l'épreuve"))


def run_feedback(options: argparse.Namespace) -> int:
    from grading.documents.feedback import write_feedback

    written = write_feedback(opened(options), options.slug)
    waiting = [one for one in written if one.missing]
    if options.json:
        pages = [{"candidate_id": one.candidate_id, "path": str(one.path), "missing": one.missing} for one in written]
        say_json({"slug": options.slug, "pages": pages})
        return 1 if waiting else 0
    count = len(written)
    say(
        plural(_("{slug} : {count} page écrite"), _("{slug} : {count} pages écrites"), count).format(
            slug=options.slug, count=count
        )
    )
    for one in waiting:
        text = plural(_("{id} : {count} critère sans note"), _("{id} : {count} critères sans note"), one.missing)
        say("  · " + text.format(id=one.candidate_id, count=one.missing))
    return 1 if waiting else 0

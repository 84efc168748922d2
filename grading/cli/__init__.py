"""The command line: the only place that prints and sets exit codes (0 done, 1 something to look at, 2 bad input)."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from grading.cli import audit, cohort, course, demo, feedback, lab, marks, recap, works
from grading.errors import JuryLabError, Problem, os_reason
from grading.language import _, plural

DONE, LOOK, BAD_INPUT = 0, 1, 2


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jurylab",
        description=_(
            "Des notes au tableau récapitulatif du jury, dans Jupyter. La plateforme propose, le jury décide."
        ),
        epilog=_("Codes de retour : 0 fait, 1 quelque chose à regarder, 2 entrée refusée."),
    )
    parser.add_argument("--debug", action="store_true", help=_("montrer la trace d'une erreur inattendue"))
    commands = parser.add_subparsers(dest="command", metavar=_("COMMANDE"), required=True)
    for module in (demo, course, cohort, works, marks, feedback, recap, audit, lab):
        module.register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Every problem is told in a sentence; a traceback only with --debug."""
    gc.set_threshold(200_000)  # a command lives for seconds: looking for cycles at every turn is a tenth of its time
    _speak_utf8()
    options = build_parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except JuryLabError as error:
        if options.debug:
            raise
        return _refused(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        if options.debug:
            raise
        reason = os_reason(error)
        return _refused(
            JuryLabError(Problem(str(error.filename or ""), _("impossible ({reason})").format(reason=reason)))
        )
    except Exception as error:
        if options.debug:
            raise
        found = _("erreur inattendue ({kind} : {detail})").format(kind=type(error).__name__, detail=error)
        return _refused(
            JuryLabError(Problem("jurylab", found, todo=_("relancer avec --debug et signaler ce qui s'affiche")))
        )
    except KeyboardInterrupt:
        print(_("Interrompu."), file=sys.stderr)
        return 130


def _speak_utf8() -> None:
    """Files and scripts read UTF-8 whatever the locale says; a bare one would stop at the first accent."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - closed by whoever called us
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _refused(error: JuryLabError) -> int:
    count = len(error.problems)
    print(plural(_("{count} problème, rien n'a été changé :"), _("{count} problèmes, rien n'a été changé :"), count).format(count=count),
          file=sys.stderr)  # fmt: skip
    for problem in error.problems:
        print(f"  - {problem}", file=sys.stderr)
    return BAD_INPUT

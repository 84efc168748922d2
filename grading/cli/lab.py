"""jurylab lab: JupyterLab on a course, for one trusted person on one machine."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys

from grading.cli.terminal import Subparsers, command, opened
from grading.errors import JuryLabError, Problem
from grading.language import _


def register(commands: Subparsers) -> None:
    command(commands, "lab", run_lab, _("ouvrir JupyterLab sur le cours"), json=False)


def run_lab(options: argparse.Namespace) -> int:
    course = opened(options)
    if importlib.util.find_spec("jupyterlab") is None:
        raise JuryLabError(
            Problem(
                "jurylab lab", _("JupyterLab n'est pas installé"), todo=_("make lab, ou pip install 'jurylab[lab]'")
            )
        )
    os.environ["JURYLAB_COURSE"] = str(course.folder)
    arguments = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={course.folder}"]
    os.execv(sys.executable, arguments)

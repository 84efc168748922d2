"""jurylab lab: JupyterLab on a course, for one trusted person on one machine."""

from __future__ import annotations

import argparse
import os
import sys

from grading.cli.terminal import Subparsers, command, opened
from grading.language import _

#: What a first visit opens.
EXAMPLE = "course/exemple.ipynb"


def register(commands: Subparsers) -> None:
    parser = command(commands, "lab", run_lab, _("ouvrir JupyterLab sur le cours"), json=False)
    parser.add_argument("rest", metavar="OPTION", nargs="*", help=_("après --, des options de JupyterLab"))


def run_lab(options: argparse.Namespace) -> int:
    course = opened(options)
    os.environ["JURYLAB_COURSE"] = str(course.folder)
    # nbgrader's panels read nbgrader_config.py in Jupyter's configuration folders.
    known = os.environ.get("JUPYTER_CONFIG_PATH", "")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, (str(course.folder / "course"), known)))
    quiet = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]  # asks nobody
    if (course.folder / EXAMPLE).is_file():
        quiet.append(f"--LabApp.default_url=/lab/tree/{EXAMPLE}")
    arguments = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={course.folder}", *quiet, *options.rest]
    os.execv(sys.executable, arguments)

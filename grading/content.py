"""Where the course that ships with JuryLab lies: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from grading.errors import JuryLabError, Problem
from grading.language import _


def content_folder() -> Path:
    """The folder that holds course/, assignments/ and rubrics/ as shipped."""
    package = Path(__file__).parent
    for folder in (package / "content", package.parent):
        if (folder / "course" / "course.yaml").is_file():
            return folder
    raise JuryLabError(
        Problem(str(package), _("le contenu livré avec JuryLab est introuvable"), todo=_("réinstaller jurylab"))
    )

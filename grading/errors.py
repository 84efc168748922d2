"""Errors that teach: where, what was found, what is allowed, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grading.language import _


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in words that its reader can act on.

    `where` names a file with its line, a command or a table; the other parts may be empty when they say nothing more.
    """

    where: str
    found: str
    allowed: str = ""
    todo: str = ""

    def __str__(self) -> str:
        text = f"{self.where} : {self.found}" if self.where else self.found
        if self.allowed:
            text += " · " + _("attendu : {allowed}").format(allowed=self.allowed)
        if self.todo:
            text += " · " + _("à faire : {todo}").format(todo=self.todo)
        return text


class JuryLabError(Exception):
    """Input that cannot be used. Carries every problem, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BusyError(JuryLabError):
    """Another command holds what this one needs: trying again later is enough."""


class Problems:
    """Collects problems so that all are told at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, where: str, found: str, allowed: str = "", todo: str = "") -> None:
        self._found.append(Problem(where, found, allowed, todo))

    def __bool__(self) -> bool:
        return bool(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def stop_if_any(self) -> None:
        """Raises JuryLabError with every problem collected so far."""
        if self._found:
            raise JuryLabError(*self._found)


def os_reason(error: OSError) -> str:
    """Why the system refused, in words."""
    import errno

    words = {
        errno.ENOSPC: _("disque plein"),
        errno.EACCES: _("droits insuffisants"),
        errno.EPERM: _("droits insuffisants"),
        errno.EROFS: _("disque en lecture seule"),
        errno.ENOENT: _("introuvable"),
        errno.ENOTDIR: _("un fichier tient la place d'un dossier"),
        errno.EISDIR: _("c'est un dossier"),
        errno.ENAMETOOLONG: _("nom trop long"),
    }
    return words.get(error.errno or 0) or error.strerror or str(error)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint such as « vouliez-vous dire C001 ? », or an empty string."""
    import difflib

    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return _("vouliez-vous dire « {word} » ?").format(word=close[0]) if close else ""


def listing(words: Iterable[str], limit: int = 12) -> str:
    """Allowed values in one line, cut when there are many."""
    every = list(words)
    shown = ", ".join(every[:limit])
    return shown + (_(", … ({count} en tout)").format(count=len(every)) if len(every) > limit else "")

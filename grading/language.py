"""The catalogue: every visible string is French in the source and translated by gettext.

The language is French unless JURYLAB_LANG says `en`, or `using` says otherwise for a while.
"""

from __future__ import annotations

import gettext as gettext_module
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

LANGUAGES = ("fr", "en")
_current: ContextVar[str] = ContextVar("jurylab_language")
_catalogues: dict[str, gettext_module.NullTranslations] = {"fr": gettext_module.NullTranslations()}


def current() -> str:
    chosen = _current.get("") or os.environ.get("JURYLAB_LANG", "fr")[:2]
    return chosen if chosen in LANGUAGES else "fr"


@contextmanager
def using(language: str) -> Iterator[None]:
    """Everything said inside the block is said in `language` (fr or en)."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def _(message: str) -> str:
    """The message in the current language; the French source where no translation exists."""
    return _catalogue(current()).gettext(message)


def plural(one: str, many: str, count: int) -> str:
    """`one` or `many` by the rules of the current language (French: 0 and 1 are singular)."""
    if current() == "fr":
        return one if abs(count) < 2 else many
    return _catalogue(current()).ngettext(one, many, count)


def _catalogue(language: str) -> gettext_module.NullTranslations:
    if language not in _catalogues:
        folder = Path(__file__).parent / "locale"
        _catalogues[language] = gettext_module.translation("jurylab", folder, [language], fallback=True)
    return _catalogues[language]

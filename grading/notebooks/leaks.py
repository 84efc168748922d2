"""What must never be handed out, searched by content: solutions, hidden tests, the evaluator's notes."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from grading.errors import Problems
from grading.language import _

#: The folder of an assignment that stays with the evaluators.
PRIVATE = "evaluateur"
_REGION = re.compile(r"BEGIN (SOLUTION|HIDDEN TESTS|MARK SCHEME)(.*?)END \1", re.S)
_MARKERS = ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS", "BEGIN MARK SCHEME")
#: A shorter line says nothing by itself: `return total` may stand anywhere.
_SHORTEST, _SHORTEST_WITH_FIGURE = 24, 12


@dataclass(frozen=True)
class Secret:
    text: str
    kind: str
    where: str


def secrets_of(source: Path, notes: Mapping[str, str]) -> list[Secret]:
    """Every telling line of the solutions and hidden tests of a source folder, of its private folder, and of the notes."""
    kinds = {
        "SOLUTION": _("une solution"),
        "HIDDEN TESTS": _("un test caché"),
        "MARK SCHEME": _("une note d'évaluateur"),
    }
    found = [Secret(line, _("une note d'évaluateur"), name) for name, text in notes.items() for line in _telling(text)]
    for path in sorted(source.rglob("*.ipynb")):
        for name, text in _cells(path):
            open_text = _flat(_REGION.sub("", text))
            for kind, inside in _REGION.findall(text):
                found += [Secret(line, kinds[kind], name) for line in _telling(inside) if line not in open_text]
    for path in sorted((source / PRIVATE).rglob("*")) if (source / PRIVATE).is_dir() else ():
        found += [
            Secret(line, _("une note d'évaluateur"), path.name) for text in texts_of(path) for line in _telling(text)
        ]
    return found


def find_leaks(release: Path, secrets: Iterable[Secret], problems: Problems) -> None:
    """Tells each secret that a folder about to be handed out still holds, once per file."""
    every = list(secrets)
    for path in sorted(release.rglob("*")):
        where = str(path.relative_to(release))
        flat = _flat("\n".join(texts_of(path)))
        for marker in _MARKERS:
            if marker in flat:
                problems.add(where, _("il reste une marque « {marker} »").format(marker=marker),
                             todo=_("fermer la région (END), dans une cellule de réponse ou de contrôle"))  # fmt: skip
        told = set()
        for secret in every:
            if secret.text in flat and (secret.kind, secret.where) not in told:
                told.add((secret.kind, secret.where))
                shown = secret.text if len(secret.text) < 80 else secret.text[:77] + "…"
                problems.add(where, _("contient {kind} ({origin}) : « {text} »").format(
                    kind=secret.kind, origin=secret.where, text=shown), todo=_("la retirer de assignments/, puis recommencer"))  # fmt: skip


def _telling(text: str) -> Iterator[str]:
    for line in text.splitlines():
        flat = _flat(line).lstrip("#*->• ")
        if flat.startswith(("import ", "from ", "raise NotImplementedError")):
            continue
        shortest = _SHORTEST_WITH_FIGURE if re.search(r"[0-9\"'«]", flat) else _SHORTEST
        if len(flat) >= shortest and any(char.isalnum() for char in flat):
            yield flat


def _flat(text: str) -> str:
    return " ".join(text.split())


def _cells(path: Path) -> Iterator[tuple[str, str]]:
    try:
        notebook = json.loads(path.read_bytes())
    except ValueError:
        return
    for number, cell in enumerate(notebook.get("cells", []), 1):
        text = cell.get("source", "")
        name = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id") or _("cellule {number}").format(
            number=number
        )
        yield str(name), "".join(text) if isinstance(text, list) else str(text)


def texts_of(path: Path) -> Iterator[str]:
    """The texts that a file holds: a notebook's every string, the members of a zip (docx, xlsx), plain text."""
    if not path.is_file():
        return
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        try:
            yield from _strings(json.loads(content))
            return
        except ValueError:
            pass
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if member.file_size < 50_000_000:
                    yield unescape(re.sub(r"<[^>]+>", " ", archive.read(member).decode("utf-8", "replace")))
        return
    yield content.decode("utf-8", "replace")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        if value and all(isinstance(one, str) for one in value):
            yield "".join(value)
        else:
            for one in value:
                yield from _strings(one)

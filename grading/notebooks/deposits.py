"""What lies in the exchange, or in a folder: each version that somebody handed in, looked at before it is believed."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grading.language import _

#: A work larger than this is set aside: bytes, files.
LARGEST, MOST_FILES = 200_000_000, 2_000
#: A time outside these years is no time that a work was handed in.
_YEARS = (2000, 2200)
_INBOUND = re.compile(r"(?P<who>[^+]+)\+(?P<slug>[^+]+)\+(?P<at>[^+]+?(?:\+\d\d:\d\d)?)(\+[^+]*)?")
#: Files that nbgrader's exchange adds, which are no part of the work.
_EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")


@dataclass(frozen=True)
class Found:
    """One folder that came: who it names, when it says it came, when its files last changed by the machine's clock, who
    owns them, and why it cannot be taken. `name` is the folder's own, fit to be shown."""

    folder: Path
    name: str
    who: str
    at: datetime
    changed: datetime
    owners: frozenset[str]
    digest: str
    refused: str


def in_exchange(inbound: Path, slug: str) -> Iterator[Found]:
    """Versions in nbgrader's inbound folder: `login+slug+timestamp+random`."""
    for folder in sorted(_folders(inbound)):
        match = _INBOUND.fullmatch(folder.name)
        if match and match["slug"] == slug:
            yield _looked_at(folder, match["who"], _stamp(match["at"]))


def in_folder(root: Path, slug: str) -> Iterator[Found]:
    """Versions in a folder: nbgrader's inbound names, or WHO/SLUG/files, or WHO/SLUG/VERSION/files."""
    yield from in_exchange(root, slug)
    for who in sorted(_folders(root)):
        if _INBOUND.fullmatch(who.name):
            continue
        place = who / slug
        if place.is_dir() and not place.is_symlink():
            inner = sorted(_folders(place))
            loose = any(one.is_file() for one in place.iterdir())
            for folder in [place] if loose or not inner else inner:
                yield _looked_at(folder, who.name, None)


def _folders(root: Path) -> list[Path]:
    return [one for one in root.iterdir() if one.is_dir() and not one.is_symlink()] if root.is_dir() else []


def _stamp(text: str) -> datetime | None:
    """nbgrader's own form ("2026-03-06 16:59:12.000000 UTC"), or ISO with an offset."""
    clean = text.strip().replace(" UTC", "+00:00")
    try:
        moment = datetime.fromisoformat(clean)
    except ValueError:
        return None
    if not _YEARS[0] <= moment.year < _YEARS[1]:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _looked_at(folder: Path, who: str, at: datetime | None) -> Found:
    """Reads a version once. Whatever cannot be read of it sets this version aside, and no other."""
    seen = _Seen(folder)
    try:
        seen.read()
    except OSError as error:
        seen.refused = _("« {name} » ne se lit pas ({detail})").format(
            name=shown_name(str(error.filename or folder.name).rpartition("/")[2]), detail=error.strerror
        )
    if not seen.count and not seen.refused:
        seen.refused = _("dossier vide")
    moment = at or _stamp(_first_line(folder / "timestamp.txt")) or datetime.fromtimestamp(seen.newest, UTC)
    return Found(
        folder, shown_name(folder.name), shown_name(who), moment, datetime.fromtimestamp(seen.changed, UTC),
        frozenset(seen.owners), seen.digest.hexdigest(), seen.refused,
    )  # fmt: skip


class _Seen:
    """What one pass over a version's files tells."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.digest, self.owners = hashlib.sha256(), set[str]()
        self.size, self.count, self.newest, self.changed, self.refused = 0, 0, 0.0, 0.0, ""

    def read(self) -> None:
        for path in sorted(_entries(self.folder)):
            self._one(path, path.lstat())

    def _one(self, path: Path, about: os.stat_result) -> None:
        self.owners.add(_owner(about.st_uid))
        self.changed = max(self.changed, about.st_ctime)
        if stat.S_ISDIR(about.st_mode):
            return
        self.count += 1
        name = shown_name(path.name)
        if not stat.S_ISREG(about.st_mode):
            self.refused = self.refused or _("« {name} » n'est pas un fichier ordinaire").format(name=name)
        elif about.st_nlink > 1:
            self.refused = self.refused or _("« {name} » est un lien vers un autre fichier").format(name=name)
        elif (size := self.size + about.st_size) > LARGEST or self.count > MOST_FILES:
            self.size, self.refused = size, self.refused or _("rendu trop volumineux")
        elif path.name not in _EXCHANGE_FILES:
            self.size, self.newest = size, max(self.newest, about.st_mtime)
            line = f"{path.relative_to(self.folder)}\0{_content_hash(path)}\n"
            self.digest.update(line.encode("utf-8", "surrogateescape"))


def shown_name(name: str) -> str:
    """Somebody's file name as a line of text: one line, no byte that is no character, not endless."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(one if one.isprintable() else "\ufffd" for one in text)[:200]


def _entries(folder: Path) -> Iterator[Path]:
    """Everything under a folder, links not followed; it stops where there is far too much."""
    seen = 0
    for place, folders, files in os.walk(folder, followlinks=False, onerror=_raise):
        for name in (*folders, *files):
            yield Path(place, name)
            seen += 1
            if seen > 2 * MOST_FILES:
                return


def _raise(error: OSError) -> None:
    raise error


def _content_hash(path: Path) -> str:
    with open(path, "rb", opener=_no_link) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def _first_line(path: Path) -> str:
    try:
        with open(path, "rb", opener=_no_link) as file:
            return file.read(100).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def _owner(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def who_is(found: Found, logins: Mapping[str, str], known: Mapping[str, object]) -> str | None:
    """The candidate that a folder names: by login, or by id."""
    return logins.get(found.who) or (found.who if found.who in known else None)


def keep(found: Found, target: Path) -> None:
    """Copies a version into the course: regular files alone, whole or not at all."""
    if target.exists():
        return
    partial = target.with_name(f".{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for path in _entries(found.folder):
        place = partial / path.relative_to(found.folder)
        about = path.lstat()
        if stat.S_ISDIR(about.st_mode):
            place.mkdir(parents=True, exist_ok=True)
        elif stat.S_ISREG(about.st_mode) and path.name not in _EXCHANGE_FILES:
            place.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "rb", opener=_no_link) as source, place.open("xb") as copy:
                shutil.copyfileobj(source, copy)
    partial.rename(target)

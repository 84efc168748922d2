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
_INBOUND = re.compile(r"(?P<who>[^+]+)\+(?P<slug>[^+]+)\+(?P<at>[^+]+?)(\+[^+]*)?")
#: Files that nbgrader's exchange adds, which are no part of the work.
_EXCHANGE_FILES = ("timestamp.txt", "submission_secret.txt")


@dataclass(frozen=True)
class Found:
    """One folder that came: who it names, when it says it came, who owns its files, and why it cannot be taken."""

    folder: Path
    who: str
    at: datetime
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
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _looked_at(folder: Path, who: str, at: datetime | None) -> Found:
    digest, owners, size, newest = hashlib.sha256(), set[str](), 0, 0.0
    refused, count = "", 0
    for path in sorted(_entries(folder)):
        about = path.lstat()
        owners.add(_owner(about.st_uid))
        if stat.S_ISDIR(about.st_mode):
            continue
        count += 1
        if not stat.S_ISREG(about.st_mode):
            refused = refused or _("« {name} » n'est pas un fichier ordinaire").format(name=path.name)
        elif about.st_nlink > 1:
            refused = refused or _("« {name} » est un lien vers un autre fichier").format(name=path.name)
        elif (size := size + about.st_size) > LARGEST or count > MOST_FILES:
            refused = refused or _("rendu trop volumineux")
        elif path.name not in _EXCHANGE_FILES:
            newest = max(newest, about.st_mtime)
            digest.update(f"{path.relative_to(folder)}\0{_content_hash(path)}\n".encode("utf-8", "surrogateescape"))
    told = _stamp(_first_line(folder / "timestamp.txt"))
    moment = at or told or datetime.fromtimestamp(newest, UTC)
    if not count and not refused:
        refused = _("dossier vide")
    return Found(
        folder, who, moment.replace(microsecond=moment.microsecond), frozenset(owners), digest.hexdigest(), refused
    )


def _entries(folder: Path) -> Iterator[Path]:
    """Everything under a folder, links not followed; it stops where there is far too much."""
    seen = 0
    for place, folders, files in os.walk(folder, followlinks=False):
        for name in (*folders, *files):
            yield Path(place, name)
            seen += 1
            if seen > 2 * MOST_FILES:
                return


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

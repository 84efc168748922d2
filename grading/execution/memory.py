"""How much memory a sandbox's processes hold together: the limit of each alone says nothing of all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_PROC = Path("/proc")


def held_by(pid: int) -> int:
    """Bytes of a process and all that it started (also what was left by a parent that ended: the sandbox's first process
    inherits it), what they share counted once where the kernel says so. What has ended meanwhile holds nothing."""
    return sum(_held(one) for one in _family(pid))


def _family(pid: int) -> Iterator[int]:
    waiting, seen = [pid], {pid}
    while waiting:
        one = waiting.pop()
        yield one
        for thread in _names(_PROC / str(one) / "task"):
            for child in map(int, _text(_PROC / str(one) / "task" / thread / "children").split()):
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)


def _held(pid: int) -> int:
    for line in _text(_PROC / str(pid) / "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) << 10
    parts = _text(_PROC / str(pid) / "statm").split()
    return (int(parts[1]) - int(parts[2])) * _PAGE if parts else 0


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # another's, or gone
        return ""

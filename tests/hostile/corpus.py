"""The hostile corpus: `attacks/<what it wants>/<name>.py`, each one notebook, its cells after `# %%` lines.

The first line says in French what the attack wants. `# ends:` lists the ways it may stop beside running to its end
(none: it runs to its end); `# scores`: it wants its test cells to pass. `# %% test` is a test cell as nbgrader would run it,
`# %% x30` a cell thirty times. A cell that calls reached() got what it wanted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grading.execution.notebook import CodeCell

FOLDER = Path(__file__).parent / "attacks"
#: What reached() prints; never written whole in an attack: a traceback that quotes its own source proves nothing.
REACHED = "ATTEINT"
_HELPER = f"def reached(*what):\n    print({REACHED[:3]!r} + {REACHED[3:]!r}, *what)\n"
_CELL = re.compile(r"^# %%(?: (?P<test>test)| x(?P<times>\d+))?\n", re.MULTILINE)


@dataclass(frozen=True)
class Attack:
    group: str
    name: str
    about: str
    ends: tuple[str, ...]
    scores: bool
    sources: tuple[tuple[str, bool], ...]

    def cells(self, names: Mapping[str, object]) -> list[CodeCell]:
        """Its code cells, after one that gives it the names of what it may attack."""
        given = _HELPER + "".join(f"{name.upper()} = {value!r}\n" for name, value in names.items())
        return [CodeCell(number, source, test) for number, (source, test) in enumerate(((given, False), *self.sources))]


def attacks() -> list[Attack]:
    return [_read(path) for path in sorted(FOLDER.glob("*/*.py"))]


def _read(path: Path) -> Attack:
    head, *parts = _CELL.split(path.read_text(encoding="utf-8"))
    ends = re.search(r"^# ends: (.+)$", head, re.MULTILINE)
    stops = tuple("" if one == "ran" else one for one in ends[1].split(", ")) if ends else ("",)
    return Attack(path.parent.name, path.stem, head.splitlines()[0].removeprefix("# ").rstrip("."), stops,
                  "\n# scores\n" in head, tuple(_sources(parts)))  # fmt: skip


def _sources(parts: list[str | None]) -> Iterator[tuple[str, bool]]:
    for test, times, source in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        for __ in range(int(times or 1)):
            yield (source or "").strip(), test is not None

"""`python -m tests.hostile`: the corpus in JuryLab's sandbox and in nbgrader's own execution, one line an attack.

nbgrader's side runs in a box of its own, which plays the machine: its servers, its course, its user. The box keeps the
system and the Python environment read-only, for the sake of this machine: there nbgrader gets the benefit of the doubt.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grading.execution.sandbox import Sandbox, _as_root, open_sandbox
from tests.course_factory import ROOT
from tests.hostile.corpus import Attack, attacks
from tests.hostile.world import LIMITS, attacked, not_contained, world

_SECONDS = 90


def ours(attack: Attack) -> list[str]:
    os.environ["JURYLAB_SECRET"] = "mot de passe"
    with tempfile.TemporaryDirectory() as folder, world(Path(folder)) as here:
        return not_contained(attack, attacked(attack, open_sandbox(LIMITS, (Path(folder),)), here), here)


def theirs(attack: Attack) -> list[str]:
    command = [
        *_box(open_sandbox(LIMITS)),
        sys.executable,
        "-m",
        "tests.hostile.plain",
        f"{attack.group}/{attack.name}",
        "/tmp/machine",
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False, start_new_session=True
        )
    except subprocess.TimeoutExpired:
        return ["nothing ends it"]
    answers = [line for line in done.stdout.splitlines() if line.startswith('{"told"')]
    return list(json.loads(answers[-1])["told"]) if answers else ["it took the grader with it"]


def _box(sandbox: Sandbox) -> Iterator[str]:
    yield from (
        "bwrap",
        "--unshare-ipc",
        "--unshare-pid",
        "--unshare-net",
        "--unshare-uts",
        "--die-with-parent",
        "--new-session",
    )
    yield from ("--clearenv", "--cap-drop", "ALL")
    if os.geteuid() == 0:
        yield from (word for one in ("SETUID", "SETGID", "SETPCAP") for word in ("--cap-add", f"CAP_{one}"))
    for path in ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc"):
        yield from ("--ro-bind-try", path, path)
    yield from ("--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", str(1 << 30), "--tmpfs", "/tmp")
    yield from ("--perms", "0777", "--dir", "/tmp/machine", "--perms", "0777", "--dir", "/tmp/maison")
    yield from sandbox._environment_binds()
    for parent in reversed(ROOT.parents[:-1]):
        yield from ("--perms", "0755", "--dir", str(parent))
    yield from (
        "--ro-bind",
        str(ROOT),
        str(ROOT),
        "--chdir",
        str(ROOT),
        "--setenv",
        "HOME",
        "/tmp/maison",
        "--setenv",
        "PATH",
        os.defpath,
    )
    yield from ("--setenv", "JURYLAB_SECRET", "mot de passe", "--setenv", "PYTHONDONTWRITEBYTECODE", "1", "--")
    yield from _as_root() if os.geteuid() == 0 else ()
    yield from ("prlimit", f"--as={6 << 30}", "--nproc=1000", "--core=0")


def main(wanted: list[str]) -> None:
    every = attacks()
    honest = next(one for one in every if one.group == "temoin")
    if ours(honest) or theirs(honest):
        raise SystemExit("the honest work does not run in both: what follows would prove nothing")
    chosen = [one for one in every if one is not honest and (not wanted or one.group in wanted or one.name in wanted)]
    with ThreadPoolExecutor(2) as pool:
        rows = list(zip(chosen, pool.map(ours, chosen), pool.map(theirs, chosen), strict=True))
    for attack, mine, other in rows:
        print(
            f"{attack.group:<12}{attack.name:<24}{_word(mine):<12}{_word(other):<12}{attack.about}{_why(mine, other)}"
        )
    counts = [
        sum(not told for told in column) for column in zip(*((mine, other) for __, mine, other in rows), strict=True)
    ]
    print(f"\n{len(rows)} attaques, contenues : JuryLab {counts[0]}, nbgrader {counts[1]}")


def _word(told: list[str]) -> str:
    return "non" if told else "contenue"


def _why(mine: list[str], other: list[str]) -> str:
    return f" · ici : {', '.join(mine)}" if mine else f" · nbgrader : {', '.join(other)}" if other else ""


if __name__ == "__main__":
    main(sys.argv[1:])

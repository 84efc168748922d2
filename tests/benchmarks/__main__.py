"""`make bench`: us against a peer or a bound, in one run. Prints one line a figure; exits 0 when measured."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.generator import ROOT, make_course

ROUNDS = 3
SMALL, LARGE = 1_000, 10_000

#: A child process measures one thing and prints it: nothing that another measure has warmed or filled is counted.
READ_SQL = """
import json, resource, sqlite3, sys, time
import pandas
connection = sqlite3.connect(sys.argv[1] + "/workspace/ledger.db")
began = time.perf_counter()
frame = pandas.read_sql("SELECT assessment, subject, criterion, grader, state, level, quarters FROM event WHERE kind = 'mark'", connection)
print(json.dumps({"seconds": time.perf_counter() - began, "rows": len(frame)}))
"""
RECAP = """
import json, resource, sys, time
import pandas
from grading import open_course
began = time.perf_counter()
frame = open_course(sys.argv[1]).recap()
seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "rows": len(frame), "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        for place, count in ((small, SMALL), (large, LARGE)):
            place.mkdir()
            began = time.perf_counter()
            make_course(place, count)
            tell(f"{count} candidates made in {time.perf_counter() - began:.0f} s")
        recap_figures(small, large)
        command_figures(Path(folder) / "demo")
    suite_figure()
    return 0


def recap_figures(small: Path, large: Path) -> None:
    peer, ours, less = [], [], []
    for _ in range(ROUNDS):  # in turn, so that a busy moment of the machine touches each
        peer.append(child(READ_SQL, large))
        ours.append(child(RECAP, large))
        less.append(child(RECAP, small))
    tell(
        f"{peer[0]['rows']} marks; read_sql {median(peer):.2f} s, recap {median(ours):.2f} s, of {SMALL}: {median(less):.2f} s"
    )
    ratios = [one["seconds"] / other["seconds"] for one, other in zip(ours, peer, strict=True)]
    figure("recap_10000_to_read_sql", statistics.median(ratios), "x", 3)
    figure("recap_10000_memory", max(one["megabytes"] for one in ours), "MB", 1536)
    figure("recap_10000_to_1000", median(ours) / median(less), "x", 12)


def median(runs: list[dict[str, float]]) -> float:
    return statistics.median(run["seconds"] for run in runs)


def command_figures(demo: Path) -> None:
    subprocess.run([command("jurylab"), "demo", str(demo), "--quiet"], check=True, capture_output=True)
    bare = [sys.executable, "-c", "import sqlite3, yaml"]
    for name, arguments in (("help", ["--help"]), ("status", ["status", "--course", str(demo)])):
        above = [wall([command("jurylab"), *arguments]) - wall(bare) for _ in range(11)]
        figure(f"{name}_above_bare_python", statistics.median(above) * 1000, "ms", 150)


def suite_figure() -> None:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "2"], cwd=ROOT, check=False, capture_output=True)
    figure("make_test", time.perf_counter() - began, "s", 180)


def child(code: str, course: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", code, str(course)], check=True, capture_output=True, text=True, cwd=ROOT
    )
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def wall(arguments: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(arguments, check=False, capture_output=True)
    return time.perf_counter() - began


def command(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def figure(name: str, value: float, unit: str, target: float) -> None:
    verdict = "ok" if value <= target else "short"
    tell(f"FIGURE {name} {value:.2f} {unit} target <={target} {verdict}")


def tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())

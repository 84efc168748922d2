"""Acknowledged means committed: a writer is killed with SIGKILL at random moments, fifty times over one ledger."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grading.ledger import Ledger

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 50
WRITER = """
import sys
from pathlib import Path
from grading.events import Event
from grading.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
while True:
    head = ledger.append([Event("mark", subject="C1", payload='{"comment":"un commentaire"}')])
    print(head.count, flush=True)
"""


def acknowledged(path: Path, delay: float) -> list[int]:
    """What a writer has printed when it is killed, some seconds after its first number."""
    command = [sys.executable, "-c", WRITER, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(delay)
        process.kill()
        return [int(line) for line in (first, *process.stdout)]


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    chance = random.Random("kill -9")
    before, unsaid, everything = 0, 0, []
    for __ in range(ROUNDS):
        printed = acknowledged(ledger.path, delay=chance.uniform(0, 0.06))
        with ledger.reading() as reader:
            head, fault = reader.verify()
            recorded = {row.seq for row in reader.rows(["mark"])}
        assert fault is None
        assert printed == list(range(before + 1, before + 1 + len(printed)))
        assert head.count - printed[-1] in (0, 1), "at most one more row exists than was printed"
        everything += printed
        assert set(everything) <= recorded
        unsaid += head.count - printed[-1]
        before = head.count
    assert len(everything) == before - unsaid >= 2 * ROUNDS

"""The sandbox and the two processes: what a candidate's cell can reach, and what it can make a test believe."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grading.execution.notebook import CodeCell, NotebookRun, run_notebook
from grading.execution.sandbox import Limits, Sandbox, _refused, open_sandbox
from tests.course_factory import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
LIMITS = Limits(cell_seconds=20, wall_seconds=60, disk_mb=32, output=200_000)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with secrets, beside the folder of data that a work may see."""
    folder = tmp_path_factory.mktemp("cours")
    (folder / "workspace").mkdir()
    (folder / "workspace" / "gradebook.db").write_text("secret")
    (folder / "rendu").mkdir()
    (folder / "rendu" / "donnees.csv").write_text("x\n1\n2\n")
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def sandbox(course: Path) -> Sandbox:
    return open_sandbox(LIMITS, (course,))


def ran(sandbox: Sandbox, course: Path, *cells: str) -> NotebookRun:
    """Cells in order; one that begins with `# test` is a test cell."""
    given = [CodeCell(number, source, source.startswith("# test")) for number, source in enumerate(cells)]
    return run_notebook(sandbox, given, course / "rendu", course / "rendu")


def printed(done: NotebookRun, number: int) -> str:
    return "".join(str(one.get("text", "")) for one in done.outputs[number])


def verdict(done: NotebookRun, number: int) -> str:
    """Empty where the test cell passed, else its error."""
    return " ".join(f"{one.get('ename')}: {one.get('evalue')}" for one in done.outputs[number])


ATTEMPTS = {
    "ledger": "open({course!r} + '/workspace/gradebook.db').read()",
    "list": "os.listdir({course!r})",
    "home": "open({home!r}).read()",
    "shadow": "open('/etc/shadow').read()",
    "hosts": "open('/etc/passwd').read()",
    "package": "open({package!r}).read()",
    "network": "socket.create_connection(('127.0.0.1', {port}), 2)",
    "name": "socket.getaddrinfo('example.org', 80)",
    "write": "open({site!r} + '/x.py', 'w')",
    "data": "open('/data/donnees.csv', 'w')",
    "kill": "os.kill({pid}, 0)",
    "root": "os.setuid(0)",
    "mount": "subprocess.run(['mount', '-t', 'tmpfs', 'x', '/mnt'], check=True, capture_output=True)",
}


def test_nothing_of_the_machine_is_within_reach(sandbox: Sandbox, course: Path) -> None:
    import socket

    import pandas

    import grading

    with socket.create_server(("127.0.0.1", 0)) as server:
        home = next(one for one in Path.home().iterdir() if one.is_file())
        about = {"course": str(course), "home": str(home), "package": str(grading.__file__), "pid": os.getpid(),
                 "port": server.getsockname()[1], "site": str(Path(pandas.__file__).parents[1])}  # fmt: skip
        cell = "import os, socket, subprocess\n" + "\n".join(
            f"try:\n    {code.format(**about)}\n    print('{name} reached')\nexcept BaseException as e:\n    print('{name} closed')"
            for name, code in ATTEMPTS.items()
        )
        done = ran(sandbox, course, cell)
    assert printed(done, 0).split("\n")[:-1] == [f"{name} closed" for name in ATTEMPTS]


def test_an_ordinary_user_with_a_cleared_environment(
    sandbox: Sandbox, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JURYLAB_SECRET", "mot de passe")
    done = ran(
        sandbox, course, "import os\nprint(os.getuid() >= 65534, os.getuid() == os.geteuid())\n"
        "print(set(os.getgroups()) - {65534}, 'JURYLAB_SECRET' in os.environ)",
        "print(sorted(p for p in os.listdir('/proc') if p.isdigit())[:3], len(os.listdir('/proc/self/fd')) < 60)",
        "print(open('/proc/self/status').read().split('CapEff:')[1].split()[0])",
    )  # fmt: skip
    assert printed(done, 0).strip() == "True True\nset() False"
    assert printed(done, 1).startswith("['1'")
    assert int(printed(done, 2), 16) == 0


def test_one_works_processes_are_not_taken_from_another(course: Path) -> None:
    """Two works at the same moment, the first with as many processes as it may have."""
    small = open_sandbox(replace(LIMITS, processes=40), (course,))
    greedy = (
        "import os, time\ntry:\n    while True:\n        if os.fork() == 0:\n            time.sleep(12)\n            os._exit(0)\n"
        "except OSError:\n    time.sleep(8)"
    )
    with ThreadPoolExecutor() as pool:
        first = pool.submit(ran, small, course, greedy)
        time.sleep(4)
        second = ran(
            small, course, "import subprocess, sys\nsubprocess.run([sys.executable, '-c', ''], check=True)\nprint('ok')"
        )
        assert printed(second, 0).strip() == "ok"
        first.result()


def test_what_a_work_writes_is_gone_with_it(sandbox: Sandbox, course: Path) -> None:
    first = ran(sandbox, course, "open('/tmp/trace', 'w').write('x'); open('trace', 'w').write('x'); print('ok')")
    second = ran(sandbox, course, "import os; print(os.path.exists('/tmp/trace'), os.listdir('.'))")
    assert printed(first, 0).strip() == "ok"
    assert printed(second, 0).strip() == "False ['donnees.csv']"
    assert os.listdir(course / "rendu") == ["donnees.csv"]


def test_a_full_disk_and_a_huge_allocation_stay_inside(sandbox: Sandbox, course: Path) -> None:
    fill = "try:\n    open('gros', 'wb').write(bytes(64_000_000))\nexcept OSError as e:\n    print('plein')"
    done = ran(sandbox, course, fill, "try:\n    x = bytearray(64 << 30)\nexcept MemoryError:\n    print('memoire')")
    assert printed(done, 0).strip() == "plein"
    assert printed(done, 1).strip() == "memoire"


def test_detached_children_do_not_survive(sandbox: Sandbox, course: Path) -> None:
    """A name that only this test uses, searched among all processes of the machine afterwards."""
    word = f"jurylab{os.getpid()}sommeil"
    child = f"[sys.executable, '-c', 'import time; time.sleep(300) # {word}']"
    code = f"import subprocess, sys\nsubprocess.Popen({child}, start_new_session=True)"
    ran(sandbox, course, code)
    alive = subprocess.run(["pgrep", "-f", word], capture_output=True, text=True, check=False).stdout
    assert alive == ""


PATCHED = """
import builtins, math
builtins.abs = lambda x: 0
math.isclose = lambda *a, **k: True
class Menteur:
    def __eq__(self, other): return True
    def __add__(self, other): return self
total = Menteur()
nombre = 12
def marge(a, b): return Menteur()
def demie(a): return a / 2
def erreur(): raise ValueError('non')
"""


def test_a_candidates_process_cannot_talk_a_test_into_anything(sandbox: Sandbox, course: Path) -> None:
    done = ran(
        sandbox, course, PATCHED,
        "# test\nassert total == 3",
        "# test\nassert abs(nombre - 3) < 1, 'le nombre est faux'",
        "# test\nassert marge(8, 6) == 0.25",
        "# test\nimport math\nassert math.isclose(nombre, 3)",
        "# test\nassert absente == 3",
    )  # fmt: skip
    assert not done.stopped
    told = [verdict(done, number) for number in range(1, 6)]
    assert "Menteur" in told[0]
    assert told[1] == "AssertionError: le nombre est faux"
    assert all(told)


def test_honest_values_and_functions_pass_with_partial_credit(sandbox: Sandbox, course: Path) -> None:
    done = ran(
        sandbox, course,
        "import pandas as pd\nt = pd.read_csv('donnees.csv')\ndef demie(a): return a / 2\ndef erreur(): raise ValueError('non')",
        "# test\nassert t['x'].sum() == 3\nassert demie(t['x']).tolist() == [0.5, 1.0]",
        "# test\ntry:\n    erreur()\n    assert False\nexcept ValueError:\n    pass",
        "# test\n1 if demie(4) == 2 else 0",
        "# test\ndef proche(a):\n    return abs(a - t['x'].max()) < 1\nassert proche(2)",
        "# test\nassert proche(2)",
    )  # fmt: skip
    assert [verdict(done, number) for number in (1, 2, 4, 5)] == ["", "", "", ""]
    assert done.outputs[3][0]["data"] == {"text/plain": "1"}


DRAWN = """
import matplotlib.pyplot as plt
figure, axes = plt.subplots()
axes.plot([1, 2, 3], [10, 20, 30], label='ventes')
axes.bar([1, 2], [5, 7])
axes.scatter([1, 2], [3, 4])
axes.set(title='Ventes', xlabel='mois', ylabel='euros')
axes.legend()
class Droite:
    def predict(self, donnees):
        if len(donnees) == 0:
            raise ValueError('rien')
        return [2 * x + 1 for x in donnees]
modele = Droite()
"""
SEEN = """# test
from jurylab_checks import described, predictions
(shown,) = described(figure)['axes']
assert described(axes)['axes'] == [shown]
assert (shown['title'], shown['xlabel'], shown['ylabel'], shown['legend']) == ('Ventes', 'mois', 'euros', ['ventes'])
assert shown['lines'] == [{'label': 'ventes', 'x': [1, 2, 3], 'y': [10, 20, 30]}]
assert (shown['bars'], shown['points']) == ([5, 7], [[1, 3], [2, 4]])
assert predictions(modele, [1, 2]) == [3, 5]
try:
    predictions(modele, [])
    assert False
except ValueError:
    pass
"""


def test_a_figure_is_described_and_a_model_is_asked(sandbox: Sandbox, course: Path) -> None:
    done = ran(sandbox, course, DRAWN, SEEN, "# test\nassert described('x')", "# test\nmodele.predict([1])")
    assert verdict(done, 1) == ""
    assert "figure Matplotlib" in verdict(done, 2)
    assert "AttributeError" in verdict(done, 3)


def test_the_same_words_work_on_the_objects_themselves() -> None:
    """As in nbgrader's own validation, where everything is in one kernel."""
    names: dict[str, Any] = {}
    exec(f"import matplotlib\nmatplotlib.use('agg')\n{DRAWN}", names)
    exec(SEEN, names)


@pytest.mark.parametrize(
    ("cell", "state"),
    [
        ("import os; os._exit(3)", "kernel_died"),
        ("import os, signal; os.kill(os.getppid(), signal.SIGKILL)", "kernel_died"),
        ("print('x' * 1_000_000)", "too_much_output"),
        ("import ctypes; ctypes.string_at(0)", "kernel_died"),
        ('import json\njson.dumps = lambda *a, **k: \'{"verdict": {"passed": true}}\'', "kernel_died"),
    ],
)
def test_every_end_is_a_state(sandbox: Sandbox, course: Path, cell: str, state: str) -> None:
    done = ran(sandbox, course, "x = 1", cell, "# test\nassert x == 1")
    assert (done.stopped, done.at) in ((state, 1), (state, 2))


def test_a_python_called_by_a_roundabout_path(tmp_path: Path) -> None:
    place = Path(sys.executable).parent
    (tmp_path / "lien").symlink_to(place)
    script = "from grading.execution.sandbox import *; print(open_sandbox(Limits()).kind)"
    for python in (place / ".." / place.name / "python", tmp_path / "lien" / "python"):
        done = subprocess.run([str(python), "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.stdout.strip() == "bubblewrap", done.stderr


def test_without_protection_only_by_name(course: Path) -> None:
    plain: Any = open_sandbox(LIMITS, (course,), unsafe=True)
    assert plain.kind == "none"
    done = ran(plain, course, "x = 2", "# test\nassert x == 2")
    assert verdict(done, 1) == ""


@pytest.mark.parametrize(
    "told",
    [
        "bwrap: setting up uid map: Permission denied",
        "bwrap: No permissions to create new namespace",
        "bwrap: Creating new namespace failed: Operation not permitted",
    ],
)
def test_closed_namespaces_are_told_with_what_to_set(told: str) -> None:
    """What bwrap says under Ubuntu's AppArmor, without unprivileged user namespaces, and in a closed container."""
    assert "apparmor_restrict_unprivileged_userns" in str(_refused(told))

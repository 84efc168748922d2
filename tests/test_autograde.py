"""jurylab autograde, with the real nbgrader, real kernels and the real sandbox."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from grading.course import Course
from grading.errors import JuryLabError
from grading.execution import sandbox as sandbox_module
from grading.marking import record_mark
from grading.notebooks.autograding import autograde
from grading.notebooks.collecting import collect
from grading.notebooks.gradebook import write_through
from grading.notebooks.nbcourse import opened_gradebook
from grading.notebooks.releasing import release
from grading.works import RunState
from tests.case_factory import GOOD, SLUG, case_course, grade_id, hand_in, read_notebook
from tests.course_factory import edit

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
DAY = "2026-05-14 10:00:00.000000 UTC"


def tampered(notebook: dict[str, Any]) -> None:
    """A test cell deleted, another one's points raised and flag dropped, a copy of it with the same id, a cell renamed."""
    notebook["cells"] = [cell for cell in notebook["cells"] if grade_id(cell) != "controle-total"]
    marge = next(cell for cell in notebook["cells"] if grade_id(cell) == "controle-marge")
    notebook["cells"].append({**marge, "id": "copie", "metadata": {"nbgrader": dict(marge["metadata"]["nbgrader"])}})
    marge["metadata"]["nbgrader"].update(points=300, grade=False)
    marge["source"] = "pass"
    next(cell for cell in notebook["cells"] if grade_id(cell) == "critere-REAL-2")["metadata"]["nbgrader"][
        "grade_id"
    ] = "autre"


#: who hands in -> their answers, the state and points expected.
WORKS: dict[str, tuple[dict[str, str], RunState, int | None]] = {
    "C001": (GOOD, RunState.RAN, 5),
    "C005": ({**GOOD, "question-total": "total = 12"}, RunState.RAN, 3),
    "C009": (GOOD, RunState.RAN, 5),
    "C013": ({**GOOD, "question-total": "while True:\n    pass"}, RunState.TIMED_OUT, None),
    "C017": (GOOD, RunState.MALFORMED, None),
    "C022": (
        {"question-total": "import absente", "question-marge": "marge = absente.marge"},
        RunState.DID_NOT_RUN,
        None,
    ),
    "C027": (
        {"question-total": "total = pd.read_csv('https://exemple.invalid/ventes.csv')", "question-marge": "1 / 0"},
        RunState.FORBIDDEN,
        None,
    ),
    "C021": (
        {**GOOD, "question-avis": "x", "question-total": "total = ventes['montant'].sum()\n1 / 0"},
        RunState.RAN_WITH_ERRORS,
        5,
    ),
    "C016": (
        {**GOOD, "question-total": "import sys\nprint('attention', file=sys.stderr)\ntotal = 60"},
        RunState.RAN,
        5,
    ),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Eight works, executed."""
    made = case_course(tmp_path_factory.mktemp("autograde") / "cours")
    edit(made.folder / "course" / "nbgrader_config.py", "SandboxedExecute.timeout = 30", "SandboxedExecute.timeout = 5")
    release(made, SLUG)
    box = made.folder / "rendus"
    for who, (answers, *__) in WORKS.items():
        change = tampered if who == "C009" else None
        hand_in(
            made, box, who, DAY, answers, change=change, raw="ceci n'est pas un notebook" if who == "C017" else None
        )
    (box / f"C001+{SLUG}+{DAY}+abc" / "donnees" / "ventes.csv").write_text("montant\n1\n")  # data are put back
    collect(made, SLUG, box)
    autograde(made, SLUG)
    return made


def run_of(course: Course, who: str) -> Any:
    log = course.works()
    unit = next(one.subject for one in log.collected.values() if one.candidate_id == who)
    return log.runs[SLUG, unit]


@pytest.mark.parametrize("who", WORKS)
def test_each_work_has_its_state_and_points(course: Course, who: str) -> None:
    __, state, points = WORKS[who]
    run = run_of(course, who)
    assert run.state is state, run.reason
    assert (run.points, run.maximum) == ((Fraction(points), Fraction(5)) if points is not None else (0, 0))
    assert run.sandbox == "bubblewrap"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("C013", "question-total"),
        ("C017", "notebook lisible"),
        ("C022", "No module named 'absente'"),
        ("C027", "URLError"),
        ("C021", "ZeroDivisionError"),
    ],
)
def test_a_state_says_why(course: Course, who: str, words: str) -> None:
    assert words in run_of(course, who).reason


def test_points_propose_and_nothing_is_proposed_for_what_did_not_run(course: Course) -> None:
    proposals = course.refresh().fact_proposals()
    assert proposals[SLUG, "G-BC06-2", "REAL.4"].quarters == 48  # 20 x 3/5 = 12
    assert (SLUG, "G-BC06-4", "REAL.4") not in proposals
    assert not [mark for mark in course.current_marks() if mark.criterion == "REAL.4"], "shown, never a mark by itself"


def test_where_the_regulation_confirms_by_itself_the_proposal_counts(course: Course) -> None:
    other = course.folder / "course" / "regulation.yaml"
    edit(other, "confirm_proposals: true", "confirm_proposals: false")
    try:
        reckoning = course.refresh().reckoning()
        column = reckoning.layout.column_of[SLUG, "REAL.4"]
        assert reckoning.evidence.value[reckoning.row_of["C006"], column] == 48
    finally:
        edit(other, "confirm_proposals: false", "confirm_proposals: true")


def test_each_member_has_the_result_in_the_gradebook_and_no_silent_zero(course: Course) -> None:
    with opened_gradebook(course) as book:
        for member in ("C005", "C006", "C007", "C008"):
            assert book.find_grade("controle-marge", SLUG, SLUG, member).auto_score == 3
        for stopped in ("C014", "C018", "C026"):
            grade = book.find_grade("controle-marge", SLUG, SLUG, stopped)
            assert (grade.auto_score, grade.needs_manual_grade) == (None, True)


def test_a_tampered_notebook_is_what_was_released_again(course: Course) -> None:
    path = course.workspace / "autograded" / "C009" / SLUG / f"{SLUG}.ipynb"
    cells = read_notebook(path)["cells"]
    ids = [grade_id(cell) for cell in cells if grade_id(cell)]
    assert len(ids) == len(set(ids))
    tests = {grade_id(cell): cell for cell in cells}
    assert tests["controle-marge"]["metadata"]["nbgrader"]["points"] == 3
    assert "marge(8, 6)" in "".join(tests["controle-marge"]["source"])
    assert {"controle-total", "critere-REAL-2"} <= set(ids), "deleted and renamed cells are back"


def test_nothing_runs_twice(course: Course) -> None:
    done = autograde(course, SLUG)
    assert (len(done.done), done.skipped) == (0, len(WORKS))


def test_manual_scores_stay_when_autograde_runs_again(course: Course) -> None:
    row = {
        "assessment": SLUG,
        "subject": "G-BC06-2",
        "criterion": "REAL.1",
        "grader": "f.diallo",
        "state": "marked",
        "level": "3",
        "value": "13.5",
    }
    record_mark(course, row)
    write_through(course.refresh(), [SLUG])
    autograde(course.refresh(), SLUG, force=True)
    with opened_gradebook(course) as book:
        for member in ("C005", "C006", "C007", "C008"):
            assert book.find_grade("critere-REAL-1", SLUG, SLUG, member).manual_score == pytest.approx(3 * 13.5 / 20)
            assert book.find_grade("critere-DEM-1", SLUG, SLUG, member).manual_score is None, "missing is not 0"


def test_without_a_sandbox_it_refuses_and_says_what_to_install(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_module, "_PATH", "/nulle-part")
    monkeypatch.setenv("PATH", "/nulle-part")
    with pytest.raises(JuryLabError, match="apt install bubblewrap"):
        autograde(course, SLUG)


def no_metadata(notebook: dict[str, Any]) -> None:
    """What some tools keep of a notebook: the text of its cells."""
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id")


def no_version(notebook: dict[str, Any]) -> None:
    del notebook["nbformat"]


def no_cell_is_one(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = None


def controls_first(notebook: dict[str, Any]) -> None:
    notebook["cells"].sort(key=lambda cell: not grade_id(cell).startswith("controle"))


def no_tests(notebook: dict[str, Any]) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if not grade_id(cell).startswith("controle")]


def own_test(notebook: dict[str, Any]) -> None:
    """A cell of the candidate's that calls itself a test, and prints what nbgrader would score."""
    about = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3, "points": 50}
    cell = {"cell_type": "code", "id": "faux", "metadata": {"nbgrader": {**about, "grade_id": "controle-faux"}}, "source": "50",
            "outputs": [{"output_type": "execute_result", "data": {"text/plain": "50"}, "metadata": {}, "execution_count": 1}],
            "execution_count": 1}  # fmt: skip
    notebook["cells"].insert(3, cell)


#: who hands in -> what was done to a good notebook, the state, points and words expected.
ODD: dict[str, tuple[Callable[[dict[str, Any]], None], RunState, int | None, str]] = {
    "C001": (no_metadata, RunState.RAN, 5, ""),
    "C005": (no_version, RunState.MALFORMED, None, "notebook lisible"),
    "C009": (no_cell_is_one, RunState.MALFORMED, None, "notebook lisible"),
    "C013": (controls_first, RunState.RAN, 0, "des cellules ont changé de place"),
    "C017": (no_tests, RunState.RAN, 5, "2 cellules contrôlées manquaient"),
    "C022": (own_test, RunState.RAN, 5, ""),
}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = case_course(tmp_path_factory.mktemp("odd") / "cours")
    release(made, SLUG)
    box = made.folder / "rendus"
    for who, (change, *__) in ODD.items():
        hand_in(made, box, who, DAY, GOOD, change=change)
    (hand_in(made, box, "C016", DAY) / "annexe.bin").write_bytes(b"")
    os.truncate(box / f"C016+{SLUG}+{DAY}+abc" / "annexe.bin", 150_000_000)  # more than what a run may write
    edit(made.folder / "course" / "nbgrader_config.py", "disk = 256", "disk = 64")
    collect(made, SLUG, box)
    autograde(made, SLUG)
    return made


@pytest.mark.parametrize("who", ODD)
def test_odd_notebooks_are_scored_or_said(odd: Course, who: str) -> None:
    __, state, points, words = ODD[who]
    run = run_of(odd, who)
    assert (run.state, run.points) == (state, points or 0), run.reason
    assert words in run.reason
    assert "\n" not in run.reason
    assert bool(run.reason) == bool(words)


def test_a_work_that_the_sandbox_cannot_open_stops_no_other(odd: Course) -> None:
    run = run_of(odd, "C016")
    assert (run.state, run.points) == (RunState.DID_NOT_RUN, 0)
    assert "bac à sable" in run.reason
    with opened_gradebook(odd) as book:
        assert book.find_grade("controle-total", SLUG, SLUG, "C016").auto_score is None


def test_a_run_without_protection_is_recorded_as_such(tmp_path: Path) -> None:
    made = case_course(tmp_path / "cours")
    release(made, SLUG)
    hand_in(made, tmp_path / "rendus", "C001", DAY, GOOD)
    collect(made, SLUG, tmp_path / "rendus")
    autograde(made, SLUG, unsafe=True)
    run = run_of(made, "C001")
    assert (run.sandbox, run.state, run.points) == ("none", RunState.RAN, 5)


def test_nothing_to_run_is_said(tmp_path: Path) -> None:
    empty = case_course(tmp_path / "cours")
    with pytest.raises(JuryLabError, match=f"jurylab release {SLUG}"):
        autograde(empty, SLUG)
    release(empty, SLUG)
    with pytest.raises(JuryLabError, match=f"jurylab collect {SLUG}"):
        autograde(empty, SLUG)


@pytest.fixture
def killed(tmp_path: Path) -> Course:
    """A course whose autograde was killed in the middle, called with a bare PATH."""
    made = case_course(tmp_path / "cours")
    release(made, SLUG)
    box = made.folder / "rendus"
    for who in ("C001", "C005", "C009", "C013", "C017", "C022"):
        hand_in(made, box, who, DAY, {**GOOD, "question-avis": who})
    collect(made, SLUG, box)
    child = subprocess.Popen(
        command(made), env={"PATH": "/usr/bin:/bin"}, start_new_session=True, stdout=subprocess.DEVNULL
    )
    limit = time.monotonic() + 60
    while not made.works().runs and time.monotonic() < limit:
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    return made


def command(course: Course) -> list[str]:
    return [str(Path(sys.executable).parent / "jurylab"), "autograde", SLUG, "--course", str(course.folder)]


def test_a_killed_run_is_finished_by_the_next_one(killed: Course) -> None:
    before = killed.works().runs
    assert 0 < len(before) < 6, "killed in the middle"
    done = subprocess.run(
        command(killed), env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    after = killed.works().runs
    assert len(after) == 6
    assert all(run.state is RunState.RAN and run.points == 5 for run in after.values())
    assert all(after[key] == run for key, run in before.items())
    with opened_gradebook(killed) as book:
        assert book.find_grade("controle-marge", SLUG, SLUG, "C004").auto_score == 3
        assert book.find_grade("controle-marge", SLUG, SLUG, "C026").auto_score == 3

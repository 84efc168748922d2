"""jurylab collect: whose work, which version, what is set aside."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grading.course import Course
from grading.errors import JuryLabError
from grading.importing import import_cohort
from grading.notebooks.collecting import collect
from grading.notebooks.releasing import release
from tests.case_factory import GOOD, SLUG, case_course, grade_id, hand_in, read_notebook, write_notebook
from tests.course_factory import edit

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
EARLY, LATE = "2026-05-14 10:00:00.000000 UTC", "2026-05-17 10:00:00.000000 UTC"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    made = case_course(tmp_path / "cours")
    release(made, SLUG)
    return made


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "rendus"


def submitted(course: Course, member: str) -> Path:
    return course.workspace / "submitted" / member / SLUG


def answer(course: Course, member: str) -> str:
    cells = read_notebook(submitted(course, member) / f"{SLUG}.ipynb")["cells"]
    return str(cells[2]["source"])


def test_one_work_for_each_member_with_its_attachments(course: Course, box: Path) -> None:
    hand_in(course, box, "C001", EARLY)
    done = collect(course, SLUG, box)
    assert [(one.subject, one.candidate_id) for one in done.collected] == [("G-BC06-1", "C001")]
    for member in ("C001", "C002", "C003", "C004"):
        assert answer(course, member) == GOOD["question-total"]
        assert (submitted(course, member) / "rapport.pdf").read_bytes().startswith(b"%PDF")
    assert not submitted(course, "C005").exists()
    assert "G-BC06-2" not in done.missing, "submissions.csv says that it came on paper"
    assert done.missing == ("C027",)


def test_the_latest_version_before_the_cut_off_and_a_conflict_is_said(course: Course, box: Path) -> None:
    hand_in(course, box, "C001", "2026-05-13 08:00:00.000000 UTC", {"question-total": "total = 1"})
    hand_in(course, box, "C002", EARLY, {"question-total": "total = 2"})
    hand_in(course, box, "C003", LATE, {"question-total": "total = 3"})
    done = collect(course, SLUG, box)
    assert [one.candidate_id for one in done.collected] == ["C002"]
    assert done.late == ()
    assert answer(course, "C004") == "total = 2"
    assert "C001, C002, C003 ont rendu des versions différentes ; retenu : C002" in done.conflicts[0]
    kept = [path for path in (course.workspace / "deposits" / SLUG).glob("*/*") if path.is_dir()]
    assert len(kept) == 3, "every version is kept"
    assert done.versions == 3


def test_attached_files_keep_their_names_and_bytes(course: Course, box: Path) -> None:
    folder = hand_in(course, box, "C001", EARLY)
    names = ['=rapport, "final" été.pdf', "annexes/l'étude (v2).xlsx", "figures/coûts & gains.png"]
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(name.encode())
    collect(course, SLUG, box)
    for name in names:
        assert (submitted(course, "C004") / name).read_bytes() == name.encode()


def test_only_late_versions_the_first_counts_and_an_extension_makes_it_timely(course: Course, box: Path) -> None:
    hand_in(course, box, "C005", LATE, {"question-total": "total = 1"})
    hand_in(course, box, "C005", "2026-05-19 10:00:00.000000 UTC", {"question-total": "total = 2"})
    done = collect(course, SLUG, box)
    assert (done.late, answer(course, "C006")) == (("G-BC06-2",), "total = 1")
    key = (SLUG, "G-BC06-2", "DEM.5")
    assert course.refresh().fact_proposals()[key].quarters == 72, "paper came in time"
    hand_in(course, box, "C021", "2026-05-20 10:00:00.000000 UTC")  # extended to the 22nd
    assert "G-BC06-7" not in collect(course, SLUG, box).late


def test_a_renamed_notebook_is_found_by_its_cells(course: Course, box: Path) -> None:
    hand_in(course, box, "C001", EARLY, name="version finale (2).ipynb")
    done = collect(course, SLUG, box)
    assert "« version finale (2).ipynb » pris pour" in done.notices[0]
    assert answer(course, "C001") == GOOD["question-total"]


def test_a_member_who_left_hands_in_for_the_group_of_that_day(course: Course, box: Path) -> None:
    """C027 left G-BC06-7 on 31 March: what they hand in before is the group's, what they hand in after is theirs."""
    hand_in(course, box, "C027", "2026-03-20 10:00:00.000000 UTC")
    assert [one.subject for one in collect(course, SLUG, box).collected] == ["G-BC06-7"]
    assert submitted(course, "C021").exists()
    hand_in(course, box, "C027", EARLY)
    assert {one.subject for one in collect(course, SLUG, box).collected} == {"G-BC06-7", "C027"}


def test_what_cannot_be_believed_is_set_aside(course: Course, box: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("rien pour vous")
    link = hand_in(course, box, "C001", EARLY)
    (link / "donnees.txt").symlink_to(secret)
    hard = hand_in(course, box, "C005", EARLY)
    os.link(secret, hard / "copie.txt")
    pipe = hand_in(course, box, "C009", EARLY)
    os.mkfifo(pipe / "tube")
    hand_in(course, box, "inconnue", EARLY)
    hand_in(course, box, "C029", EARLY)  # VAE: no case study
    done = collect(course, SLUG, box)
    assert done.collected == ()
    told = "\n".join(done.set_aside)
    for words in ("n'est pas un fichier ordinaire", "est un lien vers un autre fichier", "ni l'identifiant d'aucun candidat",
                  "n'est pas pour la voie de C029"):  # fmt: skip
        assert words in told
    assert len(done.set_aside) == 5
    assert not (course.workspace / "submitted").exists()


def test_somebody_elses_file_is_set_aside_unless_the_account_is_shared(tmp_path: Path, box: Path) -> None:
    course = case_course(tmp_path / "cours", shared=False)
    release(course, SLUG)
    hand_in(course, box, "C002", EARLY)
    done = collect(course, SLUG, box)
    me = pwd.getpwuid(os.getuid()).pw_name
    assert f"les fichiers appartiennent à {me}, pas à C002" in done.set_aside[0]
    assert done.collected == ()
    edit(course.folder / "course" / "course.yaml", "database: sqlite", "exchange: shared_account\ndatabase: sqlite")
    course = course.refresh()
    assert [one.candidate_id for one in collect(course, SLUG, box).collected] == ["C002"]
    assert {one.identity for one in course.works().deposits} == {"declared"}


def course_of_this_account(tmp_path: Path) -> tuple[Course, str]:
    """The candidate C001 is who runs the tests; the case study is handed out."""
    course = case_course(tmp_path / "cours", shared=False)
    me = pwd.getpwuid(os.getuid()).pw_name
    edit(course.folder / "course" / "demo" / "people.csv", "C001,l.marchand,candidate", f"C001,{me},candidate")
    import_cohort(course, course.folder / "course" / "demo")
    release(course, SLUG)
    return course, me


def test_a_candidate_fetches_works_validates_and_submits_with_nbgrader(tmp_path: Path) -> None:
    course, me = course_of_this_account(tmp_path)
    home = tmp_path / "candidat"
    home.mkdir()
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(course.folder / "course"), "HOME": str(home)}

    def nbgrader(*arguments: str) -> str:
        command = [sys.executable, "-m", "nbgrader", *arguments]
        done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    nbgrader("fetch_assignment", SLUG)
    notebook = home / SLUG / f"{SLUG}.ipynb"
    assert "VALIDATION FAILED" in nbgrader("validate", str(notebook)).upper()
    content = read_notebook(notebook)
    for cell in content["cells"]:
        cell["source"] = GOOD.get(grade_id(cell), cell["source"])
    write_notebook(notebook, content)
    assert "Success" in nbgrader("validate", str(notebook))
    nbgrader("submit", SLUG)
    done = collect(course, SLUG)
    assert [(one.subject, one.candidate_id) for one in done.collected] == [("G-BC06-1", "C001")]
    assert {(one.by, one.identity) for one in course.works().deposits} == {(me, "verified")}
    assert answer(course, "C002") == GOOD["question-total"]


def test_files_that_changed_after_the_time_they_bear_are_told(tmp_path: Path) -> None:
    course, me = course_of_this_account(tmp_path)
    hand_in(course, course.workspace / "exchange" / "jurylab" / "inbound", me, EARLY)
    (told,) = collect(course, SLUG).notices
    assert told.startswith("G-BC06-1 : rendu daté du 14/05/2026 12:00, mais ses fichiers ont changé le")


ODD_NAMES = (f"C022+{SLUG}+9999-12-31 23:59:59.000000 UTC", f"C022+{SLUG}+0001-01-01 00:00:00.000000 UTC",
             f"C022+{SLUG}+n'importe quand", f"..+{SLUG}+{EARLY}", f"C099\n\udcff+{SLUG}+{EARLY}")  # fmt: skip


def test_one_impossible_folder_stops_no_other(course: Course, box: Path) -> None:
    """Times and names that no clock and no person has; what cannot be read; a path that is too long."""
    hand_in(course, box, "C001", EARLY)
    for name in ODD_NAMES:
        hand_in(course, box, "C005", EARLY).rename(box / name)
    closed = hand_in(course, box, "C009", EARLY)
    os.mkfifo(closed / "tube")
    long = hand_in(course, box, "C013", EARLY)
    place = os.open(long, os.O_RDONLY)
    for __ in range(80):  # deeper than a path may be
        os.mkdir("p" * 60, dir_fd=place)
        below = os.open("p" * 60, os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)
    done = collect(course, SLUG, box)
    assert ("G-BC06-1", "C001") in [(one.subject, one.candidate_id) for one in done.collected]
    assert {one.subject for one in done.collected} == {"G-BC06-1", "G-BC06-6"}  # C022 came, at the time of their files
    assert [text.split("+")[0] for text in done.set_aside] == ["..", "C009", "C013", "C099\ufffd\ufffd"]
    assert "ne se lit pas" in done.set_aside[2]
    shutil.rmtree(long, ignore_errors=True)


def test_a_file_that_cannot_be_read_sets_its_work_aside(
    course: Course, box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course, box, "C001", EARLY)
    (hand_in(course, box, "C005", EARLY) / "secret.pdf").write_bytes(b"x")
    real = os.open

    def refusing(path: str, flags: int, *more: int, **named: int) -> int:
        if str(path).endswith("secret.pdf"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, flags, *more, **named)

    monkeypatch.setattr("grading.notebooks.deposits.os.open", refusing)
    done = collect(course, SLUG, box)
    assert [one.subject for one in done.collected] == ["G-BC06-1"]
    assert "« secret.pdf » ne se lit pas (Permission denied)" in done.set_aside[0]


def test_the_owner_that_the_people_file_names_is_believed(tmp_path: Path, box: Path) -> None:
    course, me = course_of_this_account(tmp_path)
    hand_in(course, box, me, EARLY)
    hand_in(course, box, "C002", EARLY)  # the same account, another name
    done = collect(course, SLUG, box)
    assert [one.candidate_id for one in done.collected] == ["C001"]
    assert len(done.set_aside) == 1
    assert {one.identity for one in course.works().deposits if not one.set_aside} == {"verified"}


def test_the_same_again_records_nothing(course: Course, box: Path) -> None:
    hand_in(course, box, "C001", EARLY)
    collect(course, SLUG, box)
    with course.ledger.reading() as reader:
        head = reader.head()
    assert collect(course, SLUG, box).new == 0
    with course.ledger.reading() as reader:
        assert reader.head() == head


def test_plain_folders_are_read_too(course: Course, box: Path) -> None:
    made = hand_in(course, box, "C001", EARLY)
    (box / "C005").mkdir()
    (made / "timestamp.txt").write_text("2026-05-14 10:00:00.000000 UTC")
    made.rename(box / "C005" / SLUG)
    assert [one.subject for one in collect(course, SLUG, box).collected] == ["G-BC06-2"]


def test_the_exchange_is_the_default_place(course: Course) -> None:
    inbound = course.workspace / "exchange" / "jurylab" / "inbound"
    hand_in(course, inbound, "C001", EARLY)
    assert [one.candidate_id for one in collect(course, SLUG).collected] == ["C001"]


def test_before_a_release_and_from_nowhere(tmp_path: Path, course: Course) -> None:
    other = case_course(tmp_path / "autre")
    with pytest.raises(JuryLabError, match="pas encore distribué"):
        collect(other, SLUG)
    with pytest.raises(JuryLabError, match="dossier introuvable"):
        collect(course, SLUG, tmp_path / "absent")

"""The commands as somebody types them: what is printed, what is changed, which exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grading.cli import main
from grading.ledger import connection
from tests.course_factory import ROOT, copy_course, demo_course, edit


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_course(tmp_path_factory.mktemp("made")).folder


@pytest.fixture
def demo(made: Path, tmp_path: Path) -> Path:
    """The demo course, to change at will."""
    return Path(shutil.copytree(made, tmp_path / "cours"))


def now() -> str:
    return datetime.now(UTC).isoformat()


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The command says no: exit 2, a sentence, no traceback, nothing on the standard output."""
    code, out, err = run(capsys, *arguments)
    assert code == 2, out + err
    assert "Traceback" not in err
    assert "problème" in err
    assert not out
    return err


def recap(capsys: pytest.CaptureFixture[str], course: Path, *more: str) -> dict[str, dict[str, str]]:
    code, out, __ = run(capsys, "recap", "--course", course, "--format", "csv", *more)
    assert code == 0
    return {row["candidate_id"]: row for row in csv.DictReader(io.StringIO(out))}


def test_demo_never_enters_a_real_course(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "démonstration" in refused(capsys, "demo", demo)


def test_demo_refuses_a_folder_that_holds_something_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letters.txt").write_text("dear", encoding="utf-8")
    assert "vide" in refused(capsys, "demo", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_terminal_columns_align_with_wide_characters() -> None:
    from grading.cli.terminal import table, width

    lines = table(["nom", "n"], [["山田", "1"], ["é" + "e\u0301", "12"], ["Zoé", "3"]], right=[1]).splitlines()
    assert len({width(line) for line in lines}) == 1


def test_status_says_what_is_missing(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, __ = run(capsys, "status", "--course", demo)
    assert code == 1
    assert "bc01-etude-des-besoins" in out
    assert "doubles évaluations à régler" in out
    code, out, __ = run(capsys, "status", "--course", demo, "--json")
    assert json.loads(out)["candidates"] == 34


def test_check_is_quiet_on_a_new_course(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "new", tmp_path / "ecole")[0] == 0
    code, out, err = run(capsys, "check", "--course", tmp_path / "ecole")
    assert (code, err) == (0, "")
    assert "6 blocs" in out


def test_check_refuses_a_test_cell_that_cannot_run_apart(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = next((demo / "assignments" / "bc06-strategie-digitale").glob("*.ipynb"))
    notebook = json.loads(path.read_text(encoding="utf-8"))
    tests = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("points")]
    tests[0]["source"], tests[1]["source"] = "%time total", "assert input() == 'oui'"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    (demo / "assignments" / "bc01-etude-des-besoins" / "bc01-etude-des-besoins.ipynb").write_text("{", encoding="utf-8")
    told = refused(capsys, "check", "--course", demo)
    for words in ("Python simple", "appelle input", "bc01-etude-des-besoins.ipynb : notebook illisible", "3 problèmes"):
        assert words in told


def test_pass_mark_changed_then_put_back(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a new user tries: change a threshold, see what changes, put it back."""
    before = recap(capsys, demo)
    edit(demo / "course" / "regulation.yaml", "pass_mark: 10", "pass_mark: 12")
    after = recap(capsys, demo)
    changed = {name for name in before if before[name] != after[name]}
    assert before["C009"]["BC02.proposal"] == "VAL"
    assert after["C009"]["BC02.proposal"] == "NVAL"
    assert changed != set(before)
    edit(demo / "course" / "regulation.yaml", "pass_mark: 12", "pass_mark: 10")
    assert recap(capsys, demo) == before


def test_recap_as_of_before_anything_is_empty(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert recap(capsys, demo, "--as-of", "2020-01-01") == {}
    assert recap(capsys, demo, "--as-of", "31/12/2099") == recap(capsys, demo)


def test_recap_xlsx_and_outputs(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, __ = run(capsys, "recap", "--course", demo, "--format", "xlsx")
    assert code == 0
    assert Path(out.split(" : ", 1)[1].strip()).read_bytes().startswith(b"PK")
    for form in ("csv", "json", "html"):
        target = tmp_path / f"r.{form}"
        assert run(capsys, "recap", "--course", demo, "--format", form, "--output", target)[0] == 0
        assert "C001" in target.read_text(encoding="utf-8")


def test_sheet_and_unknown_candidate(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, __ = run(capsys, "sheet", "C001", "--course", demo, "--output", "-")
    assert code == 0
    assert "Marchand" in out
    assert "vouliez-vous dire" in refused(capsys, "sheet", "C01", "--course", demo)


def test_marks_round_trip_and_history(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = demo / "course" / "demo" / "marks.csv"
    code, out, __ = run(capsys, "marks", "export", "--course", demo)
    assert (code, out) == (0, source.read_text(encoding="utf-8"))
    code, out, __ = run(capsys, "marks", "import", source, "--course", demo, "--json")
    assert json.loads(out)["added"] == 0
    line = "bc02-conception-des-evolutions,C001,X.soutenance,"
    text = source.read_text(encoding="utf-8")
    row = next(row for row in text.splitlines() if row.startswith(line))
    cells = row.split(",")
    other = ",".join([*cells[:5], "2", "9.5", "", cells[-1]])
    changed = tmp_path / "m.csv"
    changed.write_text(text.splitlines()[0] + "\n" + other + "\n", encoding="utf-8")
    code, out, __ = run(capsys, "marks", "import", changed, "--course", demo, "--json")
    assert json.loads(out) == {"added": 0, "changed": 1, "same": 0, "notices": []}
    code, out, __ = run(capsys, "marks", "export", "--course", demo, "--history")
    assert len([row for row in out.splitlines() if row.startswith(line)]) == 2


def test_cohort_import_shows_the_difference_then_records(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(shutil.copytree(demo / "course" / "demo", tmp_path / "promo"))
    edit(folder / "candidates.csv", "Hugo", "Hugo Émile")
    code, out, __ = run(capsys, "cohort", "import", folder, "--course", demo, "--dry-run")
    assert code == 0
    assert "Hugo → Hugo Émile" in out
    code, out, __ = run(capsys, "cohort", "import", folder, "--course", demo)
    assert "1 ligne enregistrée" in out
    code, out, __ = run(capsys, "cohort", "import", folder, "--course", demo)
    assert "Rien ne change" in out


def test_a_marked_candidate_does_not_disappear(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "promo"
    folder.mkdir()
    lines = (demo / "course" / "demo" / "candidates.csv").read_text(encoding="utf-8").splitlines()
    (folder / "candidates.csv").write_text(
        "\n".join(line for line in lines if not line.startswith("C021,")) + "\n", encoding="utf-8"
    )
    for name in (
        "groups",
        "acquired",
        "education",
        "experiences",
        "people",
        "absences",
        "submissions",
        "extensions",
        "jurors",
    ):
        text = (demo / "course" / "demo" / f"{name}.csv").read_text(encoding="utf-8")
        (folder / f"{name}.csv").write_text(
            "\n".join(x for x in text.splitlines() if "C021" not in x) + "\n", encoding="utf-8"
        )
    before = recap(capsys, demo)
    assert "C021" in refused(capsys, "cohort", "import", folder, "--course", demo)
    assert recap(capsys, demo) == before


def test_audit_backup_restore_purge(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, __ = run(capsys, "audit", "verify", "--course", demo)
    assert code == 0
    assert "cohérent, non ancré" in out
    anchor = out.split()[-1]
    code, out, __ = run(capsys, "audit", "verify", "--course", demo, "--anchor", anchor)
    assert "cohérent, ancré" in out
    assert run(capsys, "backup", tmp_path / "b.db", "--course", demo)[0] == 0
    code, out, __ = run(capsys, "purge", "--category", "comments", "--before", now(), "--course", demo, "--json")
    assert json.loads(out)["deleted"] > 0
    assert run(capsys, "audit", "verify", "--course", demo, "--anchor", anchor)[0] == 0
    code, out, __ = run(capsys, "restore", tmp_path / "b.db", "--course", demo)
    assert anchor in out
    code, __, __ = run(capsys, "audit", "verify", "--course", demo, "--anchor", anchor)
    assert code == 0


def test_audit_names_the_first_row_that_does_not_hold(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(demo / "workspace" / "ledger.db")) as database:
        database.execute("DROP TRIGGER event_no_update")
        database.execute("UPDATE event SET quarters = 80 WHERE seq = 600")
        database.commit()
    code, out, __ = run(capsys, "audit", "verify", "--course", demo)
    assert code == 1
    assert "600" in out


def test_a_changed_rubric_waits_for_confirmation(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = recap(capsys, demo)
    edit(demo / "rubrics" / "bc02-conception-des-evolutions.yaml", "weight: 3", "weight: 30")
    assert recap(capsys, demo) == before
    code, __, err = run(capsys, "check", "--course", demo)
    assert code == 1
    assert "changent" in err
    assert "franchi" in err
    code, __, __ = run(capsys, "check", "--course", demo, "--confirm", "bc02-conception-des-evolutions")
    assert recap(capsys, demo)["C001"]["BC02.mark"] != before["C001"]["BC02.mark"]
    assert "bc02" not in run(capsys, "check", "--course", demo)[2]


BROKEN = {
    "yaml": ("course/course.yaml", "title:", "title: [", "YAML illisible"),
    "unknown key": ("course/regulation.yaml", "pass_mark: 10", "passmark: 10", "pass_mark"),
    "value": ("course/regulation.yaml", "pass_mark: 10", "pass_mark: dix", "de 0 à 20"),
    "rubric": ("rubrics/anglais.yaml", "kind: english", "kind: anglais", "english"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize(
    "command", [("check",), ("status",), ("recap",), ("sheet", "C001"), ("marks", "export")], ids=" ".join
)
def test_a_broken_course_file_is_told_by_each_command(
    demo: Path, capsys: pytest.CaptureFixture[str], name: str, command: tuple[str, ...]
) -> None:
    file, before, after, said = BROKEN[name]
    edit(demo / file, before, after)
    if name == "rubric":  # the one in force is in the ledger: a broken file is told when nothing was marked with it
        (demo / "workspace" / "ledger.db").unlink()
    err = refused(capsys, *command, "--course", demo)
    assert said in err
    assert file in err


@pytest.mark.parametrize(
    "command",
    [("check",), ("status",), ("recap",), ("sheet", "C001"), ("marks", "export"), ("marks", "import", "x.csv"),
     ("cohort", "import", "x"), ("audit", "verify"), ("backup", "b.db"), ("restore", "b.db"), ("lab",),
     ("purge", "--category", "comments", "--before", "2026-01-01")], ids=" ".join,
)  # fmt: skip
def test_no_course_here(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    assert "course.yaml" in refused(capsys, *command, "--course", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [("audit", "verify"), ("backup", "b.db"), ("purge", "--category", "comments", "--before", "2026-01-01")],
    ids=" ".join,
)
def test_no_ledger_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(copy_course(tmp_path))
    if command[0] == "purge":
        assert run(capsys, *command)[0] == 0
    else:
        assert "registre" in refused(capsys, *command)
        assert not (tmp_path / "b.db").exists()


def test_locked_ledger(demo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.1)
    with closing(sqlite3.connect(demo / "workspace" / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        source = demo / "course" / "demo" / "marks.csv"
        assert "occupé" in refused(capsys, "marks", "import", source, "--course", demo)
        assert run(capsys, "recap", "--course", demo)[0] == 0  # readers never wait
        other.execute("ROLLBACK")


def test_a_ledger_that_is_not_one(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (demo / "workspace" / "ledger.db").write_bytes(b"not a database, only some text that is long enough" * 40)
    for name in ("-wal", "-shm"):
        (demo / "workspace" / f"ledger.db{name}").unlink(missing_ok=True)
    assert "registre" in refused(capsys, "recap", "--course", demo)


def test_bad_options(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--anchor" in refused(capsys, "audit", "verify", "--anchor", "12:abc", "--course", demo)
    assert "--as-of" in refused(capsys, "recap", "--as-of", "hier", "--course", demo)
    assert "--confirm" in refused(capsys, "check", "--confirm", "anglais", "--course", demo)
    with pytest.raises(SystemExit) as stop:
        main(["recap", "--format", "pdf"])
    assert stop.value.code == 2


def test_empty_and_headless_files(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "marks.csv"
    empty.write_text("", encoding="utf-8")
    assert "vide" in refused(capsys, "marks", "import", empty, "--course", demo)
    empty.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "assessment" in refused(capsys, "marks", "import", empty, "--course", demo)
    assert "introuvable" in refused(capsys, "marks", "import", tmp_path / "none.csv", "--course", demo)
    assert "introuvable" in refused(capsys, "cohort", "import", tmp_path / "none", "--course", demo)


def test_output_that_cannot_be_written(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "impossible" in refused(capsys, "recap", "--course", demo, "--format", "csv", "--output", "/dev/null/x.csv")
    assert "impossible" in refused(capsys, "backup", "/dev/null/b.db", "--course", demo)


def test_an_empty_ledger_file_is_never_taken_for_a_new_course(
    demo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 0.1)
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (demo / "workspace" / name).unlink(missing_ok=True)
    (demo / "workspace" / "ledger.db").touch()
    for command in (["recap"], ["status"], ["cohort", "import", str(demo / "course" / "demo")]):
        assert "restore" in refused(capsys, *command, "--course", demo)


def test_a_backup_never_overwrites_another_file(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lettre.txt").write_text("précieux", encoding="utf-8")
    assert "sauvegarde" in refused(capsys, "backup", tmp_path / "lettre.txt", "--course", demo)
    assert (tmp_path / "lettre.txt").read_text(encoding="utf-8") == "précieux"


def test_a_workbook_that_cannot_be_written(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "dossier" in refused(capsys, "recap", "--course", demo, "--format", "xlsx", "--output", tmp_path)
    assert "impossible" in refused(
        capsys, "recap", "--course", demo, "--format", "xlsx", "--output", "/dev/null/x.xlsx"
    )


def test_marks_come_back_after_their_motives_are_purged(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "purge", "--category", "motives", "--before", now(), "--course", demo)[0] == 0
    assert run(capsys, "marks", "export", tmp_path / "m.csv", "--course", demo)[0] == 0
    code, out, __ = run(capsys, "marks", "import", tmp_path / "m.csv", "--course", demo, "--json")
    assert code == 0
    assert (json.loads(out)["added"], json.loads(out)["changed"]) == (0, 0)


def test_a_broken_file_in_place_of_a_rubric_in_force_is_refused(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (demo / "rubrics" / "anglais.yaml").write_text("a: [", encoding="utf-8")
    for command in (["recap"], ["status"], ["check"], ["marks", "export"]):
        assert "rubrics/anglais.yaml" in refused(capsys, *command, "--course", demo)


def test_one_sheet_for_each(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, __, __ = run(capsys, "sheet", "--all", "--course", demo, "--output", tmp_path / "fiches")
    assert code == 0
    assert len(list((tmp_path / "fiches").iterdir())) == 34
    assert "--all" in refused(capsys, "sheet", "--course", demo)


def test_a_bare_locale_still_speaks_french(made: Path) -> None:
    """As a cron job or a container would run it."""
    command = [sys.executable, "-m", "grading.cli", "recap", "--course", str(made), "--format", "csv"]
    bare = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(command, env=bare, cwd=ROOT, capture_output=True, check=True)
    assert "Léa Sophie" in done.stdout.decode("utf-8")


def test_an_unexpected_error_is_a_sentence(
    demo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grading.status.course_status", lambda course: 1 / 0)
    assert "--debug" in refused(capsys, "status", "--course", demo)
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "status", "--course", str(demo)])


def test_a_slip_in_the_year_purges_nothing(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for date in ("0226-07-01", "2099-07-01"):
        assert date in refused(capsys, "purge", "--category", "comments", "--before", date, "--course", demo)
    code, out, __ = run(capsys, "purge", "--category", "comments", "--before", "2001-01-01", "--course", demo, "--json")
    assert (code, json.loads(out)["deleted"]) == (0, 0)


def test_an_output_never_takes_the_place_of_a_course_file(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for target in ("workspace/ledger.db", "course/course.yaml", "rubrics/anglais.yaml"):
        assert "appartient au cours" in refused(
            capsys, "recap", "--course", demo, "--format", "csv", "--output", demo / target
        )
        assert "appartient au cours" in refused(capsys, "backup", demo / target, "--course", demo)


def test_a_ledger_of_a_newer_version_is_refused(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "backup", tmp_path / "b.db", "--course", demo)[0] == 0
    with closing(sqlite3.connect(tmp_path / "b.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    before = recap(capsys, demo)
    assert "plus récente" in refused(capsys, "restore", tmp_path / "b.db", "--course", demo)
    assert recap(capsys, demo) == before


def test_a_very_long_name_is_cut_at_once() -> None:
    from grading.cli.terminal import shortened, width

    assert width(shortened("山" * 1_000_000, 28)) <= 28
    assert shortened("Zoé", 28) == "Zoé"


def test_a_hostile_yaml_is_refused(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = demo / "course" / "regulation.yaml"
    for text in ("x: " + "[" * 500_000, "? [a, b]\n: 1\n"):
        path.write_text(text, encoding="utf-8")
        assert "regulation.yaml" in refused(capsys, "check", "--course", demo)

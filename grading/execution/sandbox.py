"""The sandbox: bubblewrap with namespaces of its own, nothing of the machine but the system and the environment, read-only.

No network, a private /tmp, a cleared environment, limits, an ordinary uid. A root caller (a container, CI) really drops to a
uid that nothing else has; an ordinary caller gets a user namespace, where it is uid 65534.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

from grading.errors import JuryLabError, Problem
from grading.language import _

INSIDE = Path(__file__).parent / "inside"
#: Where things lie inside.
CODE, DATA, JOB = "/jurylab", "/data", "/job"
_NOBODY = "65534"
_SYSTEM = ("/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32")
_ETC = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/fonts", "/etc/localtime", "/etc/alternatives")
#: A bare PATH (a service, cron) may lack the system's own folders.
_PATH = os.pathsep.join(("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"))


@dataclass(frozen=True)
class Limits:
    """What one work may take. Seconds, mebibytes, counts; `output` in bytes per cell, `total_output` per notebook."""

    cell_seconds: int = 30
    wall_seconds: int = 300
    memory_mb: int = 4096
    disk_mb: int = 256
    processes: int = 256
    files: int = 512
    output: int = 4_000_000
    total_output: int = 20_000_000


@dataclass(frozen=True)
class Sandbox:
    """How jobs are started. `kind` is what the ledger records: `bubblewrap`, or `none` where the user asked for it by name."""

    kind: str
    limits: Limits
    hidden: tuple[Path, ...] = ()

    def command(self, script: str, data: Path) -> list[str]:
        """The command that runs a file of `inside/` with a folder of data, read-only."""
        if self.kind == "none":
            return [*self._limited(), _python(), "-I", str(INSIDE / script)]
        drop = _as_root() if os.geteuid() == 0 else []
        return [*self._wrapped(data), "--", *drop, *self._limited(), _python(), "-I", f"{CODE}/{script}"]

    def data_folder(self, data: Path) -> str:
        return str(data) if self.kind == "none" else DATA

    def _wrapped(self, data: Path) -> Iterator[str]:
        yield _tool("bwrap")
        yield from ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
        yield from ("--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL")
        if os.geteuid() == 0:  # what it takes to stop being root; setpriv gives them up
            for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
                yield from ("--cap-add", capability)
        else:
            yield from ("--unshare-user", "--uid", _NOBODY, "--gid", _NOBODY)
        yield from ("--ro-bind", "/usr", "/usr")
        for path in _SYSTEM:
            if os.path.islink(path):
                yield from ("--symlink", os.readlink(path), path)
            elif os.path.isdir(path):
                yield from ("--ro-bind", path, path)
        for path in _ETC:
            yield from ("--ro-bind-try", path, path)
        yield from ("--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", self._disk, "--tmpfs", "/dev/shm")
        yield from ("--perms", "1777", "--size", self._disk, "--tmpfs", "/tmp")
        yield from ("--perms", "1777", "--size", self._disk, "--tmpfs", JOB)
        yield from self._environment_binds()
        yield from ("--ro-bind", str(INSIDE), CODE, "--ro-bind", str(data), DATA)
        yield from ("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", JOB)
        for name, value in _variables().items():
            yield from ("--setenv", name, value)

    @property
    def _disk(self) -> str:
        return str(self.limits.disk_mb << 20)

    def _environment_binds(self) -> Iterator[str]:
        """The Python environment, read-only; what it holds of JuryLab and of courses is covered: the package carries the
        source notebooks, with their tests."""
        roots = _environment_roots()
        made: set[Path] = set()
        for root in roots:
            for parent in reversed(root.parents):
                if parent not in made and str(parent) not in ("/", "/usr") and not str(parent).startswith("/usr/"):
                    made.add(parent)
                    yield from ("--perms", "0755", "--dir", str(parent))
            yield from ("--ro-bind", str(root), str(root))
        for path in (Path(__file__).resolve().parents[1], *self.hidden):
            if any(path.is_relative_to(root) for root in (*roots, Path("/usr"))):
                yield from ("--perms", "0755", "--tmpfs", str(path))

    def _limited(self) -> list[str]:
        one = self.limits
        tool = shutil.which("prlimit", path=_PATH)
        if tool is None:
            return []
        return [tool, f"--as={one.memory_mb << 20}", f"--cpu={one.wall_seconds}", f"--nproc={one.processes}",
                f"--fsize={one.disk_mb << 20}", f"--nofile={one.files}", "--core=0"]  # fmt: skip


#: The uids that a root caller gives, one for each process that it starts: RLIMIT_NPROC counts by uid, and one work's
#: processes must not be taken from another's. No account of a machine is up there.
_FIRST_UID, _UIDS = 2_000_000, 1_000_000
_started = count(os.getpid() * 64)


def _as_root() -> list[str]:
    uid = str(_FIRST_UID + next(_started) % _UIDS)
    return [_tool("setpriv"), "--reuid", uid, "--regid", _NOBODY, "--clear-groups", "--no-new-privs",
            "--bounding-set", "-all", "--inh-caps", "-all"]  # fmt: skip


def _tool(name: str) -> str:
    found = shutil.which(name, path=_PATH) or shutil.which(name)
    if found is None:
        raise JuryLabError(_missing(name))
    return found


def _missing(name: str) -> Problem:
    package = {"bwrap": "bubblewrap", "setpriv": "util-linux"}.get(name, name)
    return Problem(
        "jurylab autograde",
        _("pas de bac à sable sur cette machine : {name} est absent").format(name=name),
        _("bubblewrap : le code d'un candidat ne s'exécute pas sans protection"),
        _("apt install {package} (Debian, Ubuntu)").format(package=package),
    )


def _python() -> str:
    """This Python, by a path without `..` nor links to folders: inside, only the folders that hold it exist."""
    found = Path(sys.executable)
    return str(found.parent.resolve() / found.name)


def _environment_roots() -> tuple[Path, ...]:
    """The folders that hold this Python, outside /usr."""
    plain = {Path(os.path.abspath(one)) for one in (sys.prefix, sys.base_prefix)}
    places = {*plain, *(one.resolve() for one in plain), Path(_python()).parents[1]}
    outside = sorted(place for place in places if not place.is_relative_to("/usr"))
    return tuple(one for one in outside if not any(one != other and one.is_relative_to(other) for other in outside))


def _variables() -> dict[str, str]:
    return {
        "PATH": os.pathsep.join((str(Path(_python()).parent), _PATH)),
        "HOME": "/tmp", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "USER": "candidat", "LOGNAME": "candidat", "TZ": "Europe/Paris",
        "JUPYTER_RUNTIME_DIR": "/tmp/jupyter", "IPYTHONDIR": "/tmp/ipython", "MPLCONFIGDIR": "/tmp/matplotlib",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0",
    }  # fmt: skip


def open_sandbox(limits: Limits, hidden: Sequence[Path] = (), unsafe: bool = False) -> Sandbox:
    """A sandbox that works here. Raises JuryLabError that says what to install or set; `unsafe` does without, by name."""
    if unsafe:
        return Sandbox("none", limits)
    sandbox = Sandbox("bubblewrap", limits, tuple(path.resolve() for path in hidden))
    _tool("bwrap")
    if os.geteuid() == 0:
        _tool("setpriv")
    told = _tried(sandbox)
    if told is not None:
        raise JuryLabError(_refused(told))
    return sandbox


@cache
def _tried(sandbox: Sandbox) -> str | None:
    """What the sandbox says when it cannot start; None where it can."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        command = [*sandbox.command("plain.py", Path(folder))[:-2], "-I", "-c", "print('ok')"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    return None if done.stdout.strip() == "ok" else (done.stderr.strip() or str(done.returncode))[-300:]


def _refused(told: str) -> Problem:
    closed = any(word in told for word in ("uid map", "namespace", "Operation not permitted", "Permission denied"))
    todo = (
        _("autoriser les espaces de noms. Ubuntu : sysctl kernel.apparmor_restrict_unprivileged_userns=0, ou un profil pour bwrap")
        if closed
        else _("vérifier que bwrap et Python fonctionnent sur cette machine")
    )  # fmt: skip
    return Problem("jurylab autograde", _("le bac à sable ne démarre pas ({detail})").format(detail=told), "", todo)

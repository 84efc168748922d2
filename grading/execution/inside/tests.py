"""The tests' side: a clean process that runs the test cells. Student values come as plain data, student functions as
stubs that call back. No student code, file or module ever enters this process."""

from __future__ import annotations

import ast
import builtins
import importlib.util
import os
import shutil
import sys
import traceback
import types
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def _beside(name: str) -> Any:
    """A module of this folder: the sandbox holds no package of ours."""
    spec = importlib.util.spec_from_file_location(f"jurylab_{name}", HERE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


plain = _beside("plain")
checks = sys.modules["jurylab_checks"] = _beside("checks")  # under the name that test cells import


class Student:
    """Questions to the student's process, through the broker outside."""

    def __init__(self, lines: Any) -> None:
        self._lines = lines

    def value(self, name: str) -> Any:
        """The value of a name, or KeyError. A function comes as a stub."""
        answer = self._ask({"do": "value", "name": name})
        data = answer["value"]
        kind = data.get("t") if isinstance(data, dict) else None
        if kind == "function":
            return Stub(self, name)
        if kind == "model":
            return checks.Model(
                lambda given: self._told({"do": "predict", "name": name, "args": [plain.encode(given)]})
            )
        return checks.Described(plain.decode(data["v"])) if kind == "figure" else plain.decode(data)

    def call(self, name: str, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
        request = {"do": "call", "name": name, "args": [plain.encode(one) for one in args],
                   "named": {word: plain.encode(one) for word, one in named.items()}}  # fmt: skip
        return self._told(request)

    def _told(self, request: dict[str, Any]) -> Any:
        """A value that a function or a model gives back."""
        data = self._ask(request)["value"]
        kind = data.get("t") if isinstance(data, dict) else None
        if kind in ("function", "module", "model"):
            raise plain.RefusedError(f"« {request['name']} » doit rendre une valeur, pas une fonction ni un modèle")
        return checks.Described(plain.decode(data["v"])) if kind == "figure" else plain.decode(data)

    def _ask(self, request: dict[str, Any]) -> Any:
        self._lines.give(request)
        answer = self._lines.take()
        if not isinstance(answer, dict):
            raise plain.RefusedError("réponse illisible du notebook")
        if "unknown" in answer:
            raise KeyError(request["name"])
        if "refused" in answer:
            raise plain.RefusedError(f"« {request['name']} » : {str(answer['refused'])[:500]}")
        if "raised" in answer:
            raise _error(answer["raised"])
        if "value" not in answer:
            raise plain.RefusedError("réponse illisible du notebook")
        return answer


def _error(told: Any) -> Exception:
    """The error that a student's function raised: of the same name where it is a builtin one."""
    name, text = str(told[0]), str(told[1])
    kind = getattr(builtins, name, None)
    ordinary = isinstance(kind, type) and issubclass(kind, Exception)
    try:
        return kind(text) if ordinary else RuntimeError(f"{name}: {text}")  # type: ignore[misc]
    except TypeError:  # UnicodeDecodeError and its like want more than a text
        return RuntimeError(f"{name}: {text}")


class Stub:
    """A student's function, called in the student's own process."""

    __slots__ = ("__name__", "_student")

    def __init__(self, student: Student, name: str) -> None:
        self._student, self.__name__ = student, name

    def __call__(self, *args: Any, **named: Any) -> Any:
        return self._student.call(self.__name__, args, named)


class Names(dict[str, Any]):
    """What one test cell sees: its own names, functions of earlier test cells, then the student's, asked for once each."""

    def __init__(self, student: Student, before: Names | None = None) -> None:
        super().__init__(before._helpers() if before is not None else {})
        self._student, self._asked = student, set[str]()

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            raise KeyError(name)
        self[name] = value = self._student.value(name)
        self._asked.add(name)
        return value

    def _helpers(self) -> dict[str, Any]:
        """Functions, classes and modules stay; values do not: the next cell may look at a student's name that is alike."""
        kinds = (types.FunctionType, types.BuiltinFunctionType, types.ModuleType, type)
        return {name: one for name, one in self.items() if isinstance(one, kinds) and name not in self._asked}


def run(source: str, names: Names) -> dict[str, Any]:
    """The verdict of one test cell: passed, with the number it ends on if there is one, or the error that stopped it."""
    try:
        tree = ast.parse(source, "<contrôle>")
        end = tree.body[-1] if tree.body else None
        last = end if isinstance(end, ast.Expr) else None
        tree.body = tree.body[:-1] if last else tree.body
        exec(compile(tree, "<contrôle>", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "<contrôle>", "eval"), names) if last else None
    except (Exception, SystemExit) as error:  # noqa: BLE001 - any error of a test cell is its verdict
        return {
            "passed": False,
            "ename": type(error).__name__,
            "evalue": str(error)[:4000],
            "traceback": _lines_of(error),
        }
    number = value if type(value) in (int, float) else None
    return {"passed": True, "result": number}


def _lines_of(error: BaseException) -> list[str]:
    rows = traceback.format_exception_only(error)
    where = [
        f"ligne {frame.lineno}" for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<contrôle>"
    ]
    return [*where[-1:], *(row.rstrip("\n") for row in rows)]


def serve(lines: Any) -> None:
    os.chdir(shutil.copytree(lines.take()["data"], "rendu", copy_function=shutil.copyfile))
    student, names = Student(lines), None
    lines.give({"ready": True})
    while (request := lines.take()) is not None:
        names = Names(student, names)
        lines.give({"verdict": run(request["source"], names)})


if __name__ == "__main__":
    serve(_beside("messages").Lines.of_this_process(64_000_000))

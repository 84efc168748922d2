"""Loaded in the student's kernel: answers about its own names. What it says is the student's word."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

_spec = importlib.util.spec_from_file_location("jurylab_plain", Path(__file__).with_name("plain.py"))
assert _spec is not None
assert _spec.loader is not None
plain = importlib.util.module_from_spec(_spec)
sys.modules["jurylab_plain"] = plain
_spec.loader.exec_module(plain)


def answer(question: str) -> None:
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    request = json.loads(question)
    shell: Any = get_ipython()
    names = shell.user_ns
    display(  # type: ignore[no-untyped-call]
        {"application/x-jurylab+json": _answer(names, request)}, raw=True
    )


def _answer(names: dict[str, Any], request: dict[str, Any]) -> Any:
    name = request["name"]
    if name not in names:
        return {"unknown": name}
    try:
        if request["do"] == "value":
            return {"value": plain.encode(names[name])}
        args = [plain.decode(one) for one in request["args"]]
        named = {word: plain.decode(one) for word, one in request["named"].items()}
        return {"value": plain.encode(names[name](*args, **named))}
    except plain.RefusedError as refusal:
        return {"refused": str(refusal)}
    except BaseException as error:  # noqa: BLE001 - the student's function may raise anything, the test may expect it
        return {"raised": [type(error).__name__, str(error)[:2000]]}

"""One page = one file: template, style and script put together, with a policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grading.language import _, current, plural
from grading.regulation import Regulation

_TEMPLATES = Path(__file__).parent / "templates"
#: A bar has one length per quarter point: classes, since the policy forbids style attributes.
_BARS = "".join(f".w{n}{{--w:{n * 1.25:g}%}}" for n in range(81))


def page(name: str, regulation: Regulation, footer: str, **values: Any) -> str:
    """The page `name`: its template with common.css, name.css and name.js inside. `footer` is printed on each sheet."""
    style = _style(name, regulation, footer)
    script = _asset(f"{name}.js")
    return _environment().get_template(f"{name}.html").render(
        language=current(), policy=_policy(style, script), style=Markup(style), script=Markup(script), **values
    )  # fmt: skip


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update({"_": _, "plural": plural})
    return environment


@cache
def _asset(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _style(name: str, regulation: Regulation, footer: str) -> str:
    own = f":root{{--tick:{regulation.pass_mark / 20:g}%}}{_BARS}\n"
    printed = f"@page{{@bottom-left{{content:{css_text(footer)}}}}}\n"
    return _asset("common.css") + _asset(f"{name}.css") + own + printed


def css_text(text: str) -> str:
    """A CSS string in which no character of a name can end the string, the rule or the style element."""
    plain = (char if char.isascii() and char.isalnum() else f"\\{ord(char):x} " for char in text)
    return f'"{"".join(plain)}"'


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

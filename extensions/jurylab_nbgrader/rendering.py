"""What a candidate wrote, made safe for formgrader's page: filters of nbconvert, named in course/nbgrader_config.py.

nbconvert's own `clean_html` shows the tags of an ordinary table as text, and formgrader's template cleans no Markdown cell.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import nh3
from jinja2 import pass_context

#: Of Pygments, pandas and coloured terminals. Any other class could imitate formgrader's own buttons and fields.
_CLASS = re.compile(r"highlight|hl-[a-z0-9-]+|dataframe|ansi-[a-z-]+|[a-z][a-z0-9]{0,2}")
_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
_ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "*": {"class", "title", "lang", "dir"}}


def clean_html(html: object) -> str:
    """HTML without anything that runs, that is fetched from elsewhere, or that imitates the page around it."""
    text = html.decode("utf-8", "replace") if isinstance(html, bytes) else str(html)
    return nh3.clean(
        text,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return " ".join(one for one in value.split() if _CLASS.fullmatch(one)) or None
    if name == "src":
        return value if _IMAGE.fullmatch(value) else None
    if name in ("href", "cite") and value.strip().lower().startswith("data:"):
        return None
    return value


@pass_context
def markdown_to_html(context: Any, source: str) -> str:
    """Markdown as nbconvert renders it, attachments included, then cleaned."""
    return clean_html(_exporter().markdown2html(context, source))


@cache
def _exporter() -> Any:
    from nbconvert.exporters import HTMLExporter

    make: Any = HTMLExporter
    return make(exclude_anchor_links=True)

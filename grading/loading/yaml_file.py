"""YAML with line numbers: each value is read by a typed getter that says where it stands and what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import yaml

from grading.errors import Problems, did_you_mean, listing, os_reason
from grading.language import LANGUAGES, _
from grading.rubric import Localised

#: Largest YAML file, in bytes, and deepest nesting of brackets.
LARGEST, DEEPEST = 2_000_000, 60
_NULL = "tag:yaml.org,2002:null"
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # libyaml's loader where it is built, the pure one elsewhere
    """Only null is told apart: dates, numbers and yes/no stay the text that was written, and nothing is rounded."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML reads this name on the class
        first: [(tag, pattern) for tag, pattern in known if tag == _NULL]
        for first, known in _Base.yaml_implicit_resolvers.items()
    }


def read_bytes(path: Path, problems: Problems) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        problems.add(str(path), _("fichier introuvable"), todo=_("créer ce fichier ou corriger son nom"))
    except OSError as error:
        problems.add(str(path), _("illisible ({reason})").format(reason=os_reason(error)))
    return None


def parse(content: bytes, where: str, problems: Problems) -> MapReader | None:
    """The mapping at the root of a YAML text, or None with the problem told."""
    if _too_deep(content):
        problems.add(where, _("fichier trop gros ou trop imbriqué"), _("2 Mo, 60 niveaux"))
        return None
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=_Loader)
    except UnicodeDecodeError:
        problems.add(where, _("le fichier n'est pas en UTF-8"), todo=_("l'enregistrer en UTF-8"))
        return None
    except yaml.reader.ReaderError:
        problems.add(where, _("caractère interdit dans un fichier YAML"), todo=_("enlever le caractère invisible"))
        return None
    except yaml.YAMLError as error:
        opened = "quoted" in str(getattr(error, "context", ""))  # told where the quotation mark was left open
        mark = getattr(error, "context_mark" if opened else "problem_mark", None)
        line = f"{where}:{mark.line + 1}" if mark is not None else where
        detail = getattr(error, "problem", None) or str(error)
        problems.add(
            line, _("YAML illisible ({detail})").format(detail=detail), todo=_("vérifier retraits et guillemets")
        )
        return None
    if not isinstance(root, yaml.MappingNode):
        problems.add(where, _("fichier vide ou sans clés"), _("des lignes « clé: valeur »"))
        return None
    return MapReader(root, where, "", problems)


def _too_deep(content: bytes) -> bool:
    """A hostile file could exhaust the parser's own stack; crochets and accolades are counted before it sees them."""
    deepest = max(content.count(b"["), content.count(b"{"), content.count(b"- - "))
    if len(content) > LARGEST:
        return True
    if deepest <= DEEPEST:
        return False
    depth = most = 0
    for byte in content:
        if byte in b"[{":
            depth += 1
            most = max(most, depth)
        elif byte in b"]}":
            depth = max(depth - 1, 0)
    return most > DEEPEST


class MapReader:
    """The keys of one mapping. Each key is asked for once; `finish` refuses those that nobody asked for."""

    def __init__(self, node: yaml.MappingNode, file: str, path: str, problems: Problems) -> None:
        self._file, self._path, self._problems = file, path, problems
        self._line = node.start_mark.line + 1
        self._nodes: dict[str, yaml.Node] = {}
        self._asked: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._problems.add(f"{file}:{key.start_mark.line + 1}", _("clé qui n'est pas un mot"))
                continue
            name = str(key.value)
            if name in self._nodes:
                self._problems.add(f"{file}:{key.start_mark.line + 1}", _("clé « {key} » en double").format(key=name))
            self._nodes[name] = value

    def __contains__(self, key: str) -> bool:
        node = self._nodes.get(key)
        return node is not None and not _is_null(node)

    @property
    def told(self) -> int:
        """How many problems have been told: where it grows, the value just read is a stand-in."""
        return len(self._problems)

    def where(self, key: str | None = None) -> str:
        node = self._nodes.get(key) if key else None
        line = node.start_mark.line + 1 if node is not None else self._line
        trail = ".".join(part for part in (self._path, key or "") if part)
        return f"{self._file}:{line} {trail}".rstrip()

    def problem(self, key: str | None, found: str, allowed: str = "", todo: str = "") -> None:
        self._problems.add(self.where(key), found, allowed, todo)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; with no default, a missing or empty one is a problem."""
        raw = self._scalar(key, required=default is None)
        if raw is None:
            return default or ""
        if not raw.strip() and default is None:
            self.problem(key, _("valeur vide"), _("un texte"))
        return raw

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        raw = self._scalar(key, required=default is None)
        if raw is None:
            return default or ""
        options = list(allowed)
        if raw not in options:
            self.problem(key, _("« {value} »").format(value=raw), listing(options), did_you_mean(raw, options))
        return raw

    def number(
        self,
        key: str,
        low: Fraction | int,
        high: Fraction | int | None,
        default: Fraction | None = None,
        step: Fraction | None = None,
        positive: bool = False,
    ) -> Fraction:
        """An exact decimal between `low` and `high` (None: unbounded), on a multiple of `step` if one is given,
        and over 0 if it must be `positive`."""
        raw = self._scalar(key, required=default is None)
        fallback = default if default is not None else Fraction(low)
        if raw is None:
            return fallback
        value = exact_number(raw)
        upper = high if high is not None else _("sans limite")
        allowed = _("un nombre de {low} à {high}").format(low=low, high=upper)
        if step is not None:
            allowed += _(", par pas de {step}").format(step=decimal_text(step))
        if positive:
            allowed = _("un nombre supérieur à 0")
        off = value is None or value < low or (positive and not value) or (high is not None and value > high)
        if off or (step is not None and value is not None and value % step):
            self.problem(key, _("« {value} »").format(value=raw), allowed, _("écrire un point") if "," in raw else "")
            return fallback
        return cast(Fraction, value)

    def integer(self, key: str, low: int, high: int | None, default: int | None = None) -> int:
        whole = Fraction(default) if default is not None else None
        return int(self.number(key, low, high, whole, step=Fraction(1)))

    def boolean(self, key: str, default: bool) -> bool:
        raw = self._scalar(key, required=False)
        if raw is None:
            return default
        if raw not in ("true", "false"):
            self.problem(key, _("« {value} »").format(value=raw), "true, false")
        return raw == "true"

    def moment(self, key: str) -> datetime | None:
        raw = self._scalar(key, required=True)
        if raw is None:
            return None
        value = moment(raw)
        if value is None:
            example = "2026-03-06T18:00+01:00"
            self.problem(key, _("« {value} »").format(value=raw), _("une date, une heure et un décalage : ") + example)
        return value

    def texts(self, key: str, required: bool = False) -> list[str] | None:
        """A list of texts, or None where the key is absent."""
        node = self._take(key, required)
        if node is None:
            return None
        if not isinstance(node, yaml.SequenceNode) or not all(isinstance(n, yaml.ScalarNode) for n in node.value):
            self.problem(key, _("n'est pas une liste de mots"), "[a, b]")
            return None
        return [str(item.value) for item in node.value]

    def localised(self, key: str, required: bool = True) -> Localised | None:
        """A text in each language; French is required, English stands in French where absent."""
        reader = self.map(key, required)
        if reader is None:
            return {"fr": ""} if required else None
        texts = {code: reader.text(code, "" if code != "fr" else None) for code in LANGUAGES}
        reader.finish()
        return {code: value or texts["fr"] for code, value in texts.items()}

    def map(self, key: str, required: bool = True) -> MapReader | None:
        node = self._take(key, required)
        if node is None:
            return None
        if not isinstance(node, yaml.MappingNode):
            self.problem(key, _("n'est pas un ensemble de clés"), "{clé: valeur}")
            return None
        return MapReader(node, self._file, self._trail(key), self._problems)

    def maps(self, key: str, required: bool = True) -> list[MapReader]:
        """A list of mappings."""
        node = self._take(key, required)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.problem(key, _("n'est pas une liste"), _("des lignes qui commencent par un tiret"))
            return []
        readers = []
        for number, item in enumerate(node.value, start=1):
            trail = f"{self._trail(key)}[{number}]"
            if isinstance(item, yaml.MappingNode):
                readers.append(MapReader(item, self._file, trail, self._problems))
            else:
                self._problems.add(
                    f"{self._file}:{item.start_mark.line + 1} {trail}", _("n'est pas un ensemble de clés")
                )
        return readers

    def ignore(self, *keys: str) -> None:
        """Keys that are allowed here and that nothing reads: kept for people."""
        self._asked.update(keys)

    def finish(self) -> None:
        """Refuses every key that was not asked for."""
        for key in self._nodes:
            if key not in self._asked:
                hint = did_you_mean(key, self._asked)
                self.problem(key, _("clé inconnue « {key} »").format(key=key), listing(sorted(self._asked)), hint)

    def _trail(self, key: str) -> str:
        return ".".join(part for part in (self._path, key) if part)

    def _take(self, key: str, required: bool) -> yaml.Node | None:
        self._asked.add(key)
        node = self._nodes.get(key)
        if node is not None and not _is_null(node):
            return node
        if required:
            self.problem(None, _("clé « {key} » absente ou vide").format(key=key), todo=_("l'ajouter"))
        return None

    def _scalar(self, key: str, required: bool) -> str | None:
        node = self._take(key, required)
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.problem(key, _("n'est pas une valeur simple"))
            return None
        return str(node.value)


def _is_null(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def exact_number(raw: str) -> Fraction | None:
    """A plain decimal, exactly: `12`, `-0.25`, `7.5`. No exponent, no fraction, no infinity: None for those."""
    text = raw.strip()
    digits = text.lstrip("+-")
    plain = digits.replace(".", "", 1)
    if not plain.isascii() or not plain.isdigit() or len(text) - len(digits) > 1 or len(plain) > 12:
        return None
    return Fraction(text)


def decimal_text(value: Fraction) -> str:
    """An exact decimal without useless zeros: 0.25, 6, 5.5."""
    text = f"{float(value):.4f}".rstrip("0").rstrip(".")
    return text or "0"


def moment(raw: str) -> datetime | None:
    """A date and time with an offset (seconds optional), or None."""
    try:
        value = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    return value if value.tzinfo is not None else None

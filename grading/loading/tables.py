"""CSV and XLSX to rows of text, each with its place. A French spreadsheet's form is read too, and said."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from grading.errors import Problems, did_you_mean, listing
from grading.language import _
from grading.loading.yaml_file import exact_number, moment, read_bytes

#: Longest text of a cell, in characters.
LONGEST = 20_000
#: An identifier of a candidate, a group, a person: no space, no separator, nothing a path or a formula could use.
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FRENCH_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PARTIAL_DAY = re.compile(r"[0-9]{4}(-[0-9]{2})?")


_BROKEN_WORKBOOK = (
    zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, TypeError, OSError, EOFError, RuntimeError,
    IndexError, OverflowError,
)  # fmt: skip
#: Bounds of a workbook: bytes once opened, rows of a sheet.
LARGEST_WORKBOOK, MOST_ROWS = 100_000_000, 200_000


@dataclass
class Table:
    """Rows of one file or sheet. `notices` say how it was read where that was not the contract's own form."""

    name: str
    where: str
    rows: list[Row] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One row: texts by column, where it stands, and the getters that tell what is wrong with it."""

    where: str
    cells: dict[str, str]
    problems: Problems
    comma: bool = False

    def raw(self, column: str) -> str:
        return self.cells.get(column, "")

    def text(self, column: str, required: bool = False) -> str:
        value = self.raw(column).strip()
        if required and not value:
            self.problem(column, _("vide"), _("une valeur"))
        if len(value) > LONGEST:
            self.problem(
                column, _("{count} caractères").format(count=len(value)), _("{count} au plus").format(count=LONGEST)
            )
        if any(unicodedata.category(char) == "Cc" and char not in "\n\t\r" for char in value):
            self.problem(column, _("contient un caractère de contrôle"), _("du texte simple"))
        return value

    def identifier(self, column: str) -> str:
        value = self.text(column, required=True)
        if value and not IDENTIFIER.fullmatch(value):
            self.problem(column, _("« {value} »").format(value=value), _("lettres sans accent, chiffres, point, tiret"))
        return value

    def choice(self, column: str, allowed: Iterable[str], required: bool = True) -> str:
        value, options = self.text(column, required), list(allowed)
        if value and value not in options:
            self.problem(column, _("« {value} »").format(value=value), listing(options), did_you_mean(value, options))
        return value

    def known(self, column: str, known: Collection[str], what: str) -> str:
        """A reference to something that exists already."""
        value = self.text(column, required=True)
        if value and value not in known:
            found = _("{what} « {value} » : inconnu").format(what=what, value=value)
            self.problem(column, found, todo=did_you_mean(value, known))
        return value

    def day(self, column: str, required: bool = False) -> date | None:
        value = self.text(column, required)
        if not value:
            return None
        parsed = calendar_day(value)
        if parsed is None:
            self.problem(column, _("« {value} »").format(value=value), _("une date : 2026-02-10 ou 10/02/2026"))
        return parsed

    def partial_day(self, column: str) -> str:
        """1990, 1990-05, 1990-05-17 or 17/05/1990, given back in ISO form; may be empty."""
        value = self.text(column)
        if not value or (_PARTIAL_DAY.fullmatch(value) and value[5:] <= "12" and value[5:] != "00"):
            return value
        parsed = calendar_day(value)
        if parsed is None:
            self.problem(column, _("« {value} »").format(value=value), "1990, 1990-05, 1990-05-17, 17/05/1990")
            return ""
        return parsed.isoformat()

    def moment(self, column: str) -> datetime | None:
        value = self.text(column, required=True)
        parsed = moment(value) if value else None
        if value and parsed is None:
            example = "2026-03-06T18:00+01:00"
            self.problem(column, _("« {value} »").format(value=value), _("date, heure et décalage : ") + example)
        return parsed

    def number(self, column: str) -> Fraction | None:
        """An exact decimal, or None when the cell is empty or wrong (a wrong one is a problem)."""
        value = self.text(column)
        if not value:
            return None
        parsed = exact_number(self.dotted(value))
        if parsed is None:
            self.problem(column, _("« {value} »").format(value=value), _("un nombre"))
        return parsed

    def dotted(self, value: str) -> str:
        """A decimal with a dot: only a French spreadsheet's file may write a comma."""
        return value.replace(",", ".", 1) if self.comma else value

    def problem(self, column: str, found: str, allowed: str = "", todo: str = "") -> None:
        self.problems.add(f"{self.where} {column}", found, allowed, todo)


def calendar_day(value: str) -> date | None:
    french = _FRENCH_DAY.fullmatch(value)
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1]))
        return date.fromisoformat(value) if _ISO_DAY.fullmatch(value) else None
    except ValueError:
        return None


def read_csv(path: Path, name: str, columns: Sequence[str], problems: Problems) -> Table | None:
    """The rows of a CSV file whose header holds exactly `columns`, in any order; None when it cannot be read."""
    content = read_bytes(path, problems)
    if content is None:
        return None
    table = Table(name, path.name)
    text = _decoded(content, table, problems)
    header_line = text.split("\n", 1)[0]
    semicolon = header_line.count(";") > header_line.count(",")
    if semicolon:
        table.notices.append(
            _("{file} : séparateur « ; » et virgule décimale, forme d'un tableur français").format(file=path.name)
        )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if semicolon else ",", strict=True)
    lines = _lines(reader, path.name, problems)
    _fill(table, lines, columns, problems, comma=semicolon)
    return table


def _decoded(content: bytes, table: Table, problems: Problems) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add(table.where, _("le fichier est en UTF-16"), todo=_("l'enregistrer en UTF-8"))
        return content.decode("utf-16", errors="replace")
    if content.startswith(b"\xef\xbb\xbf"):
        table.notices.append(_("{file} : marque d'ordre des octets (BOM) ignorée").format(file=table.where))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        table.notices.append(_("{file} : lu en Windows-1252").format(file=table.where))
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        problems.add(table.where, _("ni UTF-8 ni Windows-1252"), todo=_("l'enregistrer en UTF-8"))
        return content.decode("cp1252", errors="replace")


def _lines(reader: Any, file: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line where it begins; a broken one ends the file with a problem."""
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.add(
                f"{file}:{line}", _("CSV illisible ({detail})").format(detail=error), todo=_("vérifier les guillemets")
            )
            return
        yield line, record


def _fill(
    table: Table,
    lines: Iterator[tuple[int, list[str]]],
    columns: Sequence[str],
    problems: Problems,
    comma: bool = False,
) -> None:
    header: list[str] | None = None
    for number, record in lines:
        if not any(cell.strip() for cell in record):
            continue
        if header is None:
            header = [cell.strip() for cell in record]
            if not _header_fits(table.where, header, columns, problems):
                return
            continue
        where = f"{table.where}:{number}"
        if len(record) != len(header):
            problems.add(
                where,
                _("{found} cellules").format(found=len(record)),
                _("{count} cellules").format(count=len(header)),
                _("mettre entre guillemets les textes qui contiennent le séparateur"),
            )
            continue
        table.rows.append(Row(where, dict(zip(header, record, strict=True)), problems, comma))
    if header is None:
        problems.add(table.where, _("fichier vide"), _("un en-tête : ") + ",".join(columns))


def _header_fits(where: str, header: list[str], columns: Sequence[str], problems: Problems) -> bool:
    before = len(problems)
    for column in columns:
        if column not in header:
            problems.add(f"{where}:1", _("colonne « {column} » absente").format(column=column), ",".join(columns))
    for column in header:
        if column not in columns:
            problems.add(
                f"{where}:1",
                _("colonne inconnue « {column} »").format(column=column),
                ",".join(columns),
                did_you_mean(column, columns),
            )
    for twice in sorted({column for column in header if header.count(column) > 1}):
        problems.add(f"{where}:1", _("colonne « {column} » en double").format(column=twice))
    return len(problems) == before


def read_workbook(path: Path, columns: dict[str, Sequence[str]], problems: Problems) -> dict[str, Table]:
    """The sheets of an XLSX that bear a known table's name. Cells become the text that a CSV would hold."""
    content = read_bytes(path, problems)
    if content is None:
        return {}
    try:
        sheets = _sheets(content, set(columns))
    except _BROKEN_WORKBOOK as error:
        problems.add(path.name, _("classeur illisible ({detail})").format(detail=error), _("un fichier .xlsx"))
        return {}
    tables = {}
    for name, records in sheets.items():
        tables[name] = Table(name, f"{path.name}[{name}]")
        _fill(tables[name], iter(enumerate(records, start=1)), columns[name], problems)
    return tables


def _sheets(content: bytes, names: set[str]) -> dict[str, list[list[str]]]:
    """The records of the sheets that bear one of these names, each as wide as its header."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > LARGEST_WORKBOOK:
            raise ValueError(_("plus de {size} Mo une fois ouvert").format(size=LARGEST_WORKBOOK // 1_000_000))
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        return {
            sheet.title: _even(
                [
                    [_sheet_text(cell) for cell in cells]
                    for cells in sheet.iter_rows(values_only=True, max_row=MOST_ROWS, max_col=64)
                ]
            )
            for sheet in book.worksheets
            if sheet.title in names
        }
    finally:
        book.close()


def _even(records: list[list[str]]) -> list[list[str]]:
    """A spreadsheet drops or adds empty cells at the end of a row: as many as the header has are kept."""
    trimmed = [
        record[: max((n for n, cell in enumerate(record, start=1) if cell.strip()), default=0)] for record in records
    ]
    wide = next((len(record) for record in trimmed if record), 0)
    return [record + [""] * (wide - len(record)) for record in trimmed]


def _sheet_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        midnight = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if midnight else cell.isoformat(sep="T", timespec="seconds")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.6f}".rstrip("0").rstrip(".")
    return str(cell)

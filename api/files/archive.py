"""What an XLSX file is inside: a ZIP of XML parts, unpacked within limits and looked at before anybody parses it.

The reader further on trusts sizes and positions in the file. So every part is unpacked here, counted, and
handed on in a fresh archive; a sheet whose cells lie too far out is refused before memory is set aside for it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.parsers import expat

from api.files.sheets import MOST_COLUMNS, MOST_PARTS, MOST_ROWS, MOST_UNPACKED, SIZE, check_size, unreadable

_NEEDED = (".xml", ".rels")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_LETTERS = {letter: number for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", start=1)}
_ANY_CELL = re.compile(rb"<c[\s>/]")
_NEAR_CELL = re.compile(rb'<c r="(?:[A-Z]|[A-F][A-Z]|G[A-R])(?:[1-9]\d{0,3}|[1-4]\d{4}|50\d{3})"')  # to GR50999
_ODD = re.compile(rb"""<f[\s>/]|\st\s*=\s*["']e|:c[\s>/]|<![A-Z]|\x00""")
_ROOM = 1000  # rows that may be empty in between


@dataclass(slots=True)
class Unpacked:
    """A checked workbook: its bytes anew, and per sheet name, row and column (from 0) the cells without a value.

    Such a cell is ``#`` (a spreadsheet's error) or ``=`` (a formula; never worked out if the cell reads as empty).
    """

    data: bytes
    broken: dict[str, dict[int, dict[int, str]]] = field(default_factory=dict)


def unpack(data: bytes) -> Unpacked:
    """Return the workbook's parts, checked.

    Raises
    ------
    UnusableError
        If the archive is damaged, locked, no XLSX, or beyond the limits.
    """
    try:
        parts = _parts(data)
        sheets = _sheet_parts(parts)
        broken = {name: _scan(parts[path]) for name, path in sheets.items() if path in parts}
        for path in set(_sheet_paths(parts)) - set(sheets.values()):
            _scan(parts[path])
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, expat.ExpatError, NotImplementedError, EOFError,
            OSError, ValueError, KeyError, RuntimeError, UnicodeDecodeError, LookupError):  # fmt: skip
        raise unreadable("XLSX", "corrupt") from None
    return Unpacked(_repacked(parts), broken)


def _parts(data: bytes) -> dict[str, bytes]:
    """Every XML part by name, unpacked for real: what an archive says about sizes is not believed."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise unreadable("XLSX", "encrypted")
    if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise unreadable("XLSX", "too_big", expected=SIZE)
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise unreadable("ZIP", "other_sheets")
    if len(names) < len(entries):
        raise zipfile.BadZipFile
    return {entry.filename: archive.read(entry) for entry in entries if entry.filename.lower().endswith(_NEEDED)}


def _sheet_paths(parts: dict[str, bytes]) -> list[str]:
    return [path for path in parts if "sheets/" in path and path.endswith(".xml")]


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name -> part that holds it, as the workbook says."""
    targets = {}
    for relation in _tree(parts.get("xl/_rels/workbook.xml.rels", b"<r/>")):
        target = relation.get("Target", "")
        targets[relation.get("Id")] = target.lstrip("/") if target[:1] == "/" else posixpath.normpath(f"xl/{target}")
    sheets = {}
    for node in _tree(parts["xl/workbook.xml"]).iter():
        if node.tag.rpartition("}")[2] == "sheet":
            path = targets.get(node.get(_RELATION) or node.get(_STRICT))
            if path:
                sheets[node.get("name", "")] = path
    return sheets


def _tree(part: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise ValueError("a spreadsheet needs no document type")
    return ElementTree.fromstring(part)


def _scan(part: bytes) -> dict[int, dict[int, str]]:
    """Check how far a sheet's cells reach; return the errors and the formulas."""
    if _is_plain(part):
        return {}
    scan = _SheetScan()
    parser = expat.ParserCreate()
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.StartDoctypeDeclHandler = scan.refuse
    parser.Parse(part, True)
    return scan.broken


def _is_plain(part: bytes) -> bool:
    """Whether every cell states a place within the limits, and none is an error or a formula: most sheets are so.

    Seen without parsing, at a tenth of the time; whatever looks different in any way is parsed.
    """
    cells = len(_ANY_CELL.findall(part))
    return cells > 0 and cells == len(_NEAR_CELL.findall(part)) and not _ODD.search(part)


class _SheetScan:
    """Follows a sheet's rows and cells by position, as spreadsheets count where no position is given."""

    def __init__(self) -> None:
        self.row, self.column = -1, -1
        self.kind, self.formula = "", False
        self.broken: dict[int, dict[int, str]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take note of a row, a cell or what a cell holds."""
        name = tag.rpartition(":")[2]
        if name == "c":
            self._cell(attributes)
        elif name in ("v", "is"):
            if self.row >= MOST_ROWS + _ROOM or self.column >= MOST_COLUMNS:
                check_size(self.row + 1, self.column + 1)
        elif name == "f":
            self.formula = True
        elif name == "row":
            number = attributes.get("r")
            self.row, self.column = int(number) - 1 if number else self.row + 1, -1

    def end(self, tag: str) -> None:
        """At the end of a cell: is it an error, or a formula?"""
        if tag.rpartition(":")[2] != "c":
            return
        if self.kind == "e":
            self.broken.setdefault(self.row, {})[self.column] = "#"
        elif self.formula and self.kind != "str":  # a formula may well give an empty text
            self.broken.setdefault(self.row, {})[self.column] = "="

    def refuse(self, *_: object) -> None:
        """Refuse a document type: a spreadsheet needs none."""
        raise ValueError("a spreadsheet needs no document type")

    def _cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place:
            letters = place.rstrip("0123456789")
            self.column = _column(letters)
            self.row = int(place[len(letters) :]) - 1
        else:
            self.column += 1
        self.kind, self.formula = attributes.get("t", ""), False


def _column(letters: str) -> int:
    if len(letters) == 1:
        return _LETTERS[letters] - 1
    number = 0
    for letter in letters[:4]:
        number = number * 26 + _LETTERS[letter]
    return number - 1


def _repacked(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return stream.getvalue()

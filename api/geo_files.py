"""The files of ``schakel geo locate``: a list of places in, where each of them lies out."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.defects import Defect
from api.errors import Refused, WrongUsage
from api.files.csv_text import read_csv
from api.files.decoding import decode, kind_of_bytes
from api.files.sheets import Row, Sheet, UnusableError, unreadable
from api.files.xlsx import read_xlsx
from api.geo_store import activate
from api.output_file import check_file, write_file
from api.schemas.cells import text_of
from api.tables import Cell, Number
from api.texts.catalogue import Catalogue, count, listing, say
from api.texts.rows import message, shorten
from features.geography import Found, locate, suggest_place
from features.place_names import name_key

HEADER = ("id", "status", "municipality_code", "municipality", "region_code", "region", "latitude", "longitude")
COLUMNS = {
    "id": ("id", "nummer", "ref", "referentie"),
    "postcode": ("postcode", "postal_code", "pc", "pc4", "pc6", "zip"),
    "place": ("place", "plaats", "woonplaats", "plaatsnaam", "city", "gemeente", "municipality"),
}
_HEADER_WITHIN = 20
_MOST_NOTES = 20
_OR = {"nl": " of ", "en": " or "}

TEXTS: Catalogue = {
    "no_file": (
        "Er is geen bestand {file}. Controleer de naam en de map.",
        "There is no file {file}. Check the name and the folder.",
    ),
    "is_folder": ("{file} is een map. Geef de naam van een bestand.", "{file} is a folder. Name a file."),
    "header": (
        "De kopregel moet de kolommen id, postcode en place hebben (postcode of place mag in een rij leeg zijn).",
        "The header must have the columns id, postcode and place (in a row, postcode or place may be empty).",
    ),
    "row": ("Rij {row}: {text}", "Row {row}: {text}"),
    "ambiguous": (
        "“{place}” kan {which} zijn. Vul de postcode in, of zet de gemeente achter een komma.",
        "“{place}” can be {which}. Add the postcode, or the municipality after a comma.",
    ),
    "vague": (
        "“{place}” zegt te weinig. Vul de postcode in, of zet de gemeente erachter, zoals “{which}”.",
        "“{place}” says too little. Add the postcode, or the municipality, as in “{which}”.",
    ),
    "chosen": (
        "“{place}” ligt in één regio, maar in meer gemeenten. We kozen {chosen}; het kan ook anders: {which}.",
        "“{place}” lies in one region, but in several municipalities. We chose {chosen}; it can be {which}.",
    ),
    "differs": (
        "de postcode {postcode} ligt in {region}, maar “{place}” niet. De postcode telt.",
        "the postcode {postcode} lies in {region}, but “{place}” does not. The postcode counts.",
    ),
    "unknown": ("“{text}” kennen we niet.", "we do not know “{text}”."),
    "meant": ("“{text}” kennen we niet. Bedoel je {near}?", "we do not know “{text}”. Do you mean {near}?"),
    "empty": ("postcode en plaats zijn leeg.", "postcode and place are empty."),
    "more": ("Nog {n} van zulke rijen.", "{n} more such rows."),
    "more_one": ("Nog 1 zo'n rij.", "1 more such row."),
    "total": (
        "{found} gevonden, {ambiguous} met meer mogelijkheden, {unknown} onbekend.",
        "{found} found, {ambiguous} ambiguous, {unknown} unknown.",
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One row: its number in the file, the id, and what was given; either text may be empty."""

    row: int
    id: str
    postcode: str
    place: str


def locate_file(places: Path, out: Path, lang: str) -> list[str]:
    """Locate every row of a file and write the answers, in the same order.

    Returns
    -------
    list of str
        Notes for people: rows that were not found and what would help, then the totals.

    Raises
    ------
    WrongUsage
        If there is no such file, or ``out`` is something else than an earlier result.
    Refused
        If the file cannot be read, has no rows, or lacks a column, or imported postcodes are damaged.
    """
    if not places.exists():
        raise WrongUsage(say(TEXTS, "no_file", lang, file=places))
    if places.is_dir():
        raise WrongUsage(say(TEXTS, "is_folder", lang, file=places))
    check_file(out, HEADER, lang)
    activate()
    asked = read_places(places, lang)
    found = [locate(row.postcode, row.place) for row in asked]
    write_file(out, HEADER, (_cells(row, where) for row, where in zip(asked, found, strict=True)))
    return _notes(asked, found, lang)


def read_places(path: Path, lang: str) -> list[Asked]:
    """Read the rows of a list of places: CSV with ``;``, comma or tab in any usual encoding, or XLSX."""
    data = path.read_bytes()
    try:
        if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
            raise UnusableError(Defect("empty_file"))
        sheet = _sheet(data, path.name)
        header_at, where = _header(sheet)
        below = sheet.rows[header_at + 1 :]
        rows = [Asked(number, *(_text(row, where[name]) for name in COLUMNS)) for number, row in below]
        if sheet.faults:
            number, fault = sheet.faults[0]
            raise Refused(f"{path.name}: {say(TEXTS, 'row', lang, row=number, text=message(fault, '', lang))}")
        if not rows:
            raise UnusableError(Defect("header_only"))
    except UnusableError as error:
        column = error.defect.found if error.defect.code == "missing_column" else ""
        text = message(error.defect, column, lang)
        if error.defect.code == "missing_column":
            text += " " + say(TEXTS, "header", lang)
        raise Refused(f"{path.name}: {text}") from error
    return rows


def _sheet(data: bytes, name: str) -> Sheet:
    kind = kind_of_bytes(data, name)
    if kind == "json":
        raise unreadable("JSON", "binary")
    if kind == "xlsx":
        sheets = [sheet for sheet in read_xlsx(data) if sheet.rows and not sheet.hidden]
        if not sheets:
            raise UnusableError(Defect("empty_file"))
        return max(sheets, key=lambda sheet: max(_score(row) for _, row in sheet.rows[:_HEADER_WITHIN]))
    return read_csv(decode(data, name), _score)


def _score(row: Row) -> int:
    return sum(any(_is(cell, names) for cell in row) for names in COLUMNS.values())


def _is(cell: object, names: Sequence[str]) -> bool:
    return isinstance(cell, str) and name_key(cell) in {name_key(name) for name in names}


def _header(sheet: Sheet) -> tuple[int, dict[str, int]]:
    """Where the header is, and the position of each column in a row."""
    top = [row for _, row in sheet.rows[:_HEADER_WITHIN]]
    if not top:
        raise UnusableError(Defect("empty_file"))
    at = max(range(len(top)), key=lambda index: (_score(top[index]), -index))
    where = {}
    for name, names in COLUMNS.items():
        exact = [i for i, cell in enumerate(top[at]) if _is(cell, names[:1])]
        close = exact or [i for i, cell in enumerate(top[at]) if _is(cell, names)]
        if not close:
            raise UnusableError(Defect("missing_column", name))
        where[name] = close[0]
    return at, where


def _text(row: Row, at: int) -> str:
    cell = row[at] if at < len(row) else None
    return "" if cell is None else text_of(cell).strip()


def _cells(row: Asked, found: Found) -> tuple[Cell, ...]:
    if found.location is None:
        return (row.id, found.status, "", "", "", "", "", "")
    at = found.location
    return (
        row.id, found.status, at.municipality_code, found.municipality, at.region_code, found.region,
        Number(f"{at.latitude:.4f}"), Number(f"{at.longitude:.4f}"),
    )  # fmt: skip


def _notes(asked: Sequence[Asked], found: Sequence[Found], lang: str) -> list[str]:
    notes = [
        say(TEXTS, "row", lang, row=row.row, text=text)
        for row, where in zip(asked, found, strict=True)
        for text in _note(row, where, lang)
    ]
    shown = notes[:_MOST_NOTES]
    if len(notes) > _MOST_NOTES:
        shown.append(count(TEXTS, "more", len(notes) - _MOST_NOTES, lang))
    totals = Counter(where.status for where in found)
    shown.append(say(TEXTS, "total", lang, **{status: totals[status] for status in ("found", "ambiguous", "unknown")}))
    return shown


def _note(row: Asked, found: Found, lang: str) -> Iterator[str]:
    """What a person should know about one answer; mostly nothing."""
    quoted = [f"“{name}”" for name in found.candidates]
    place = shorten(row.place, 40)
    if found.status == "ambiguous":
        if len(found.candidates) > 1:
            yield say(TEXTS, "ambiguous", lang, place=place, which=_OR[lang].join(quoted))
        else:
            yield say(TEXTS, "vague", lang, place=place, which=found.candidates[0])
    elif found.status == "unknown":
        text = shorten(row.postcode or row.place, 40)
        near = None if row.postcode else suggest_place(row.place)
        if not text:
            yield say(TEXTS, "empty", lang)
        elif near:
            yield say(TEXTS, "meant", lang, text=text, near=near)
        else:
            yield say(TEXTS, "unknown", lang, text=text)
    elif found.candidates:
        yield say(TEXTS, "chosen", lang, place=place, chosen=found.municipality, which=listing(quoted, lang, most=6))
    elif found.place_differs:
        yield say(TEXTS, "differs", lang, postcode=row.postcode, region=found.region, place=place)

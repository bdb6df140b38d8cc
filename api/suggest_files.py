"""The files of ``schakel suggest``: texts and labels in, what each text may mean out."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from api.errors import Refused, WrongUsage
from api.files.decoding import decode, kind_of_bytes
from api.files.sheets import UnusableError
from api.output_file import check_file, write_file
from api.tables import Number, unguard
from api.texts.catalogue import Catalogue, count, say
from api.texts.rows import message
from features.dutch import words
from features.text import KINDS, Ranked, TextRanker, suggest_codes

HEADER = ("id", "rank", "label_id", "score", "sure")
TEXT_COLUMNS = ("id", "text")
LABEL_COLUMNS = ("label_id", "label")
_DELIMITERS = ",;\t"

TEXTS: Catalogue = {
    "no_file": (
        "Er is geen bestand {file}. Controleer de naam en de map.",
        "There is no file {file}. Check the name and the folder.",
    ),
    "is_folder": ("{file} is een map. Geef de naam van een bestand.", "{file} is a folder. Name a file."),
    "not_csv": (
        "{file} is geen CSV-bestand. Sla de lijst op als CSV en probeer het opnieuw.",
        "{file} is no CSV file. Save the list as CSV and try again.",
    ),
    "empty": (
        "{file} is leeg. Verwacht: een kopregel {expected} en rijen daaronder.",
        "{file} is empty. Expected: a header {expected} and rows below it.",
    ),
    "header": (
        "{file}: de kolom {column} ontbreekt. Verwacht: de kopregel {expected}. Gevonden: {found}.",
        "{file}: the column {column} is missing. Expected: the header {expected}. Found: {found}.",
    ),
    "header_only": (
        "{file} heeft een kopregel en geen rijen. Zet er minstens één rij onder.",
        "{file} has a header and no rows. Put at least one row below it.",
    ),
    "no_id": (
        "{file}, rij {row}: {column} is leeg. Vul een eigen nummer of naam in.",
        "{file}, row {row}: {column} is empty. Fill in an id.",
    ),
    "twice": (
        "{file}, rij {row}: id “{id}” staat ook in rij {first}. Geef elke tekst een eigen id.",
        "{file}, row {row}: id “{id}” is in row {first} too. Give every text an id of its own.",
    ),
    "no_words": (
        "{file}: in geen enkel label staat een woord. Vul de kolom label.",
        "{file}: no label has a word in it. Fill the column label.",
    ),
    "quotes": (
        "{file}, rij {row}: de aanhalingstekens kloppen niet. Sla het bestand opnieuw op als CSV.",
        "{file}, row {row}: the quotation marks do not match. Save the file as CSV again.",
    ),
    "both": (
        "Geef --kind of --labels, niet allebei: --kind kiest een lijst van het product, --labels een eigen lijst.",
        "Give --kind or --labels, not both: --kind picks a list of the product, --labels a list of your own.",
    ),
    "total": ("{n} teksten gelezen, bij {sure} zijn we zeker.", "{n} texts read, sure about {sure}."),
    "total_one": ("1 tekst gelezen, bij {sure} zijn we zeker.", "1 text read, sure about {sure}."),
}


def suggest_file(texts: Path, out: Path, *, kind: str | None, labels: Path | None, top: int, lang: str) -> str:
    """Rank codes or labels for every text of a file, and write the answers in the order of the file.

    Returns
    -------
    str
        How many texts there are and for how many the first answer is sure, as a sentence.

    Raises
    ------
    WrongUsage
        If a file is missing, both ``kind`` and ``labels`` are given, or ``out`` holds something else.
    Refused
        If a file cannot be read, lacks a column or a row, or an id is empty or comes twice.
    """
    if kind is not None and labels is not None:
        raise WrongUsage(say(TEXTS, "both", lang))
    check_file(out, HEADER, lang)
    asked = read_texts(texts, lang)
    written = [text for _, text in asked]
    if labels is not None:
        own = read_labels(labels, lang)
        if not any(words(label) for _, label in own):
            raise Refused(say(TEXTS, "no_words", lang, file=labels.name))
        found = TextRanker(own).rank(written, top)
    else:
        found = suggest_codes(kind or KINDS[1], written, top)
    write_file(out, HEADER, _rows(asked, found))
    return count(TEXTS, "total", len(asked), lang, sure=sum(bool(row) and row[0].sure for row in found))


def read_texts(path: Path, lang: str) -> list[tuple[str, str]]:
    """Read a CSV ``id,text``: pairs in the order of the file; a text may be empty, an id may not."""
    first: dict[str, int] = {}
    for number, (text_id, _) in (rows := _table(path, TEXT_COLUMNS, lang)):
        if first.setdefault(text_id, number) != number:
            raise Refused(say(TEXTS, "twice", lang, file=path.name, row=number, id=text_id, first=first[text_id]))
    return [pair for _, pair in rows]


def read_labels(path: Path, lang: str) -> list[tuple[str, str]]:
    """Read a CSV ``label_id,label``; a label_id may have several rows."""
    return [pair for _, pair in _table(path, LABEL_COLUMNS, lang)]


def _table(path: Path, columns: Sequence[str], lang: str) -> list[tuple[int, tuple[str, str]]]:
    expected = ",".join(columns)
    text = _read(path, lang)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows = _records(reader, path, lang)
    number, header = next(rows, (0, []))
    if not header:
        raise Refused(say(TEXTS, "empty", lang, file=path.name, expected=expected))
    names = [cell.strip().casefold() for cell in header]
    for column in columns:
        if column not in names:
            found = ", ".join(names[:8])
            raise Refused(say(TEXTS, "header", lang, file=path.name, column=column, expected=expected, found=found))
    at_id, at_text = (names.index(column) for column in columns)
    table = []
    for number, row in rows:
        key, value = (unguard(row[at].strip()) if at < len(row) else "" for at in (at_id, at_text))
        if not key:
            raise Refused(say(TEXTS, "no_id", lang, file=path.name, row=number, column=columns[0]))
        table.append((number, (key, value)))
    if not table:
        raise Refused(say(TEXTS, "header_only", lang, file=path.name))
    return table


def _records(reader: Iterator[list[str]], path: Path, lang: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, numbered as a spreadsheet does."""
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as error:
        raise Refused(say(TEXTS, "quotes", lang, file=path.name, row=number + 1)) from error


def _read(path: Path, lang: str) -> str:
    if not path.exists():
        raise WrongUsage(say(TEXTS, "no_file", lang, file=path))
    if path.is_dir():
        raise WrongUsage(say(TEXTS, "is_folder", lang, file=path))
    data = path.read_bytes()
    try:
        if kind_of_bytes(data, path.name) == "xlsx":
            raise Refused(say(TEXTS, "not_csv", lang, file=path.name))
        return decode(data, path.name)
    except UnusableError as error:
        raise Refused(f"{path.name}: {message(error.defect, '', lang)}") from error


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _rows(asked: Sequence[tuple[str, str]], found: Sequence[Sequence[Ranked]]) -> Iterator[tuple[str | int, ...]]:
    for (text_id, _), row in zip(asked, found, strict=True):
        for rank, one in enumerate(row, 1):
            yield text_id, rank, one.label_id, Number(f"{one.score:.6f}"), "yes" if one.sure else "no"

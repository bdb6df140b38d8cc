"""``schakel geo import``: a download in, imported postcodes on this machine, or nothing changed at all."""
from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from pathlib import Path

from api.errors import Refused, WrongUsage
from api.files.decoding import decode
from api.files.sheets import UnusableError
from api.geo_import import Imported, NotPostcodesError, read_postcodes
from api.geo_store import activate, deactivate, remove, save
from api.texts.catalogue import count, say
from api.texts.geo_import import GEO_IMPORT
from api.texts.rows import shorten
from features.atlas import atlas
from features.geography import straight_km
from features.postcodes import OwnPostcodes

MOST_BYTES = 400 * 1024 * 1024
_MOST_PARTS, _MOST_RATIO = 50, 200
_MOST_WRONG = 0.02
"""Share of rows in error beyond which a file is refused: it is not what it seems."""
_FAR_KM, _MOST_FAR = 25.0, 0.05
_MOST_NOTES = 20


def import_postcodes(file: Path, lang: str) -> list[str]:
    """Import a download of postcodes and keep it for this machine.

    Returns
    -------
    list of str
        What was kept, where, and how to undo it.

    Raises
    ------
    WrongUsage
        If there is no such file, or the place to keep it cannot be written.
    Refused
        If the file is none of the formats, too many rows are wrong, or its points lie elsewhere.
    """
    if not file.is_file():
        raise WrongUsage(say(GEO_IMPORT, "no_file", lang, file=file))
    data = _content(file, lang)
    try:
        found = read_postcodes(decode(data, file.name))
    except UnusableError as error:
        what = str(error.defect.found or error.defect.code)
        raise Refused(say(GEO_IMPORT, "unreadable", lang, file=file.name, found=what)) from None
    except NotPostcodesError as error:
        raise Refused(say(GEO_IMPORT, error.key, lang, file=file.name, found=error.found)) from None
    deactivate()  # what is new is told against the built-in table, and so is what lies far away
    new, moved = _checked(found, file.name, lang)
    own = OwnPostcodes(tuple(found.areas), found.source)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    place = save(own, {"file": file.name, "file_sha256": digest, "rows": found.rows, "left_out": len(found.faults)})
    activate()
    lines = _notes(found, file.name, lang)
    lines.append(say(GEO_IMPORT, "done", lang, areas=len(found.areas), rows=found.rows, new=new, moved=moved))
    return [*lines, say(GEO_IMPORT, "where", lang, place=place)]


def undo_import(lang: str) -> list[str]:
    """Go back to the built-in table; return what was done."""
    place = remove()
    return [say(GEO_IMPORT, "undone" if place else "nothing_to_undo", lang, place=place)]


def _content(file: Path, lang: str) -> bytes:
    """The bytes of the list, taken out of a zip where it is one."""
    if file.stat().st_size > MOST_BYTES:
        raise Refused(say(GEO_IMPORT, "too_big", lang, file=file.name))
    data = file.read_bytes()
    if not data.startswith(b"PK"):
        return data
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        lists = [entry for entry in entries if entry.filename.lower().endswith((".txt", ".csv", ".tsv"))
                 and "readme" not in entry.filename.lower()]  # fmt: skip
        if len(entries) > _MOST_PARTS or not lists:
            raise Refused(say(GEO_IMPORT, "zip", lang, file=file.name))
        largest = max(lists, key=lambda entry: entry.file_size)
        if largest.file_size > MOST_BYTES or largest.file_size > _MOST_RATIO * max(largest.compress_size, 10_000):
            raise Refused(say(GEO_IMPORT, "too_big", lang, file=file.name))
        with archive.open(largest) as stream:
            content = stream.read(largest.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Refused(say(GEO_IMPORT, "zip", lang, file=file.name)) from None
    return content


def _checked(found: Imported, name: str, lang: str) -> tuple[int, int]:
    """Refuse a file that cannot be right; return how many areas are new, and how many moved more than a km."""
    wrong = len(found.faults)
    if not found.areas or wrong > _MOST_WRONG * found.rows:
        notes = "\n".join(_notes(found, name, lang))
        refused = say(GEO_IMPORT, "refused", lang, file=name, wrong=wrong, rows=found.rows)
        raise Refused(f"{notes}\n{refused}")
    tables = atlas()
    known = dict(zip(tables.pc4, tables.pc4_rows, strict=True))
    apart = [
        float(straight_km(area.latitude, area.longitude, *known[area.digits][1:]))
        for area in found.areas
        if area.digits in known and area.latitude is not None and area.longitude is not None
    ]
    far = sum(km > _FAR_KM for km in apart)
    if far > _MOST_FAR * len(apart):
        raise Refused(say(GEO_IMPORT, "elsewhere", lang, file=name, far=far, known=len(apart)))
    return sum(area.digits not in known for area in found.areas), sum(km > 1 for km in apart)


def _notes(found: Imported, name: str, lang: str) -> list[str]:
    notes = [
        say(GEO_IMPORT, "row", lang, file=name, row=fault.row,
            what=say(GEO_IMPORT, fault.key, lang, found=shorten(fault.found, 40)))
        for fault in found.faults[:_MOST_NOTES]
    ]  # fmt: skip
    if len(found.faults) > _MOST_NOTES:
        notes.append(count(GEO_IMPORT, "more", len(found.faults) - _MOST_NOTES, lang))
    if found.faults:
        notes.append(say(GEO_IMPORT, "left_out", lang, wrong=len(found.faults), rows=found.rows))
    return notes

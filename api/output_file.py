"""A table as the one file a command leaves behind: put there as a whole, or not at all."""
from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from api.errors import WrongUsage
from api.tables import Cell, csv_bytes
from api.texts.catalogue import Catalogue, say

TEXTS: Catalogue = {
    "is_folder": ("{file} is een map. Geef de naam van een bestand.", "{file} is a folder. Name a file."),
    "in_use": (
        "{file} bestaat al en is geen eerder resultaat van dit commando. Geef een andere naam.",
        "{file} exists and is no earlier result of this command. Give another name.",
    ),
}


def check_file(out: Path, header: Sequence[str], lang: str) -> None:
    """Refuse a place where something else lies than an earlier table with this header.

    Raises
    ------
    WrongUsage
        If ``out`` is a folder, or a file that begins otherwise.
    """
    if out.is_dir():
        raise WrongUsage(say(TEXTS, "is_folder", lang, file=out))
    if out.exists() and out.stat().st_size:
        with out.open("rb") as stream:
            if stream.readline().rstrip(b"\r\n") != ",".join(header).encode():
                raise WrongUsage(say(TEXTS, "in_use", lang, file=out))


def write_file(out: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table beside its place and move it there, its folder made if need be."""
    put(out, csv_bytes(header, rows))


def put(out: Path, data: bytes) -> None:
    """Write beside the place and move there, so that nobody meets half a file; its folder is made if need be."""
    out.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        mask = os.umask(0)
        os.umask(mask)
        fresh.chmod(0o666 & ~mask)
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)

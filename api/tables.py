r"""CSV as we write it: UTF-8 without BOM, comma, ``\n``, decimal point, a header always."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the begin of a formula: the signs, their full-width twins, and what it skips."""
Cell = str | int | None


def guard(text: str) -> str:
    """Put an apostrophe before text a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def unguard(text: str) -> str:
    """Take off the apostrophe that `guard` put on; any other text is returned as it is."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def millionths(number: int) -> str:
    """Integer millionths as a decimal text with six decimals: ``-1234567`` is ``-1.234567``."""
    whole, part = divmod(abs(number), 1_000_000)
    return f"{'-' if number < 0 else ''}{whole}.{part:06d}"


def plain_millionths(number: int) -> str:
    """As `millionths`, without the zeros nobody needs: ``1500000`` is ``1.5``, ``2000000`` is ``2``."""
    text = millionths(number)
    return text.rstrip("0").rstrip(".")


class Number(str):
    """A number already formatted as text: written as it is, never guarded."""

    __slots__ = ()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as bytes; text cells are guarded, numbers (int or `Number`) are not, None is empty."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        cells = [_cell(value) for value in row]
        if any("\r" in cell for cell in cells):
            stream.write(csv_line(cells) + "\n")
        else:
            writer.writerow(cells)
    return stream.getvalue().encode("utf-8")


def csv_line(cells: Sequence[str]) -> str:
    """One line without its end, in which a carriage return is quoted as well: bare, it would begin another row."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerow(cells)
    return stream.getvalue()[:-2]


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table to ``path``; see `csv_bytes`."""
    path.write_bytes(csv_bytes(header, rows))


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, Number)):
        return str(value)
    return guard(value)

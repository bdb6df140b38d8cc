r"""CSV as we write it: UTF-8 without BOM, comma, ``\n``, decimal point, a header always."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
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
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue().encode("utf-8")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write the table to ``path``; see `csv_bytes`."""
    path.write_bytes(csv_bytes(header, rows))


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, (int, Number)):
        return str(value)
    return guard(value)

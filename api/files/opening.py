"""From bytes to the sheet that is read, with its header understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from api.defects import Defect, Phrase
from api.files.apart import is_heavy, open_apart
from api.files.csv_text import read_csv
from api.files.decoding import decode, kind_of_bytes
from api.files.headers import HeaderMap, find_header, score
from api.files.json_text import read_json
from api.files.sheets import Row, Sheet, UnusableError
from api.files.sources import Source
from api.schemas.cells import text_of
from api.schemas.columns import KINDS, Column


def sheets_of(source: Source) -> list[Sheet]:
    """Return the sheets of a file; a file is opened once.

    Raises
    ------
    UnusableError
        If the bytes are no table, or beyond the limits.
    """
    if source.refused:
        raise source.refused[0]
    if not source.opened:
        apart = source.apart and is_heavy(source.data)
        try:
            source.opened.extend(open_apart(source.name, source.data, source.limits) if apart else _open(source))
        except UnusableError as error:
            source.refused.append(error)
            raise
    return source.opened


def _open(source: Source) -> list[Sheet]:
    if not source.data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise UnusableError(Defect("empty_file", "", Phrase("rows")))
    kind = kind_of_bytes(source.data, source.name)
    if kind == "xlsx":
        from api.files.xlsx import read_xlsx

        return read_xlsx(source.data)
    text = decode(source.data, source.name)
    return [read_json(text) if kind == "json" else read_csv(text, partial(score, kinds=tuple(KINDS)))]


def choose_sheet(sheets: Sequence[Sheet], kinds: tuple[str, ...]) -> tuple[int, int]:
    """Return (index of the sheet, index of its header): the sheet that looks most like the list, hidden ones last.

    Raises
    ------
    UnusableError
        If no sheet has a row.
    """
    ranked = []
    for index, sheet in enumerate(sheets):
        if sheet.rows or sheet.faults:
            header_at, points = find_header(sheet, kinds)
            ranked.append((points > 0, not sheet.hidden, points, -index, header_at))
    if not ranked:
        raise UnusableError(Defect("empty_file", "", Phrase("rows")))
    _, _, _, minus, header_at = max(ranked)
    return -minus, header_at


@dataclass(slots=True)
class Table:
    """The sheet that is read, with its header understood."""

    file: str
    sheet: Sheet
    header_at: int
    header: Row
    map: HeaderMap
    known: dict[int, Column] = field(default_factory=dict)
    lone: dict[int, dict[int, Defect]] = field(default_factory=dict)

    def title(self, index: int | None) -> str:
        """The header of a column as in the file; its letter, between brackets, when it has none."""
        if index is None:
            return ""
        cell = self.header[index] if index < len(self.header) else None
        return f"({_letters(index)})" if cell is None else text_of(cell)


def _letters(index: int) -> str:
    """A column's letters as spreadsheets show them: 0 is A, 26 is AA."""
    ahead, last = divmod(index, 26)
    return (_letters(ahead - 1) if ahead else "") + chr(ord("A") + last)

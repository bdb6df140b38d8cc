"""What the three schemas share: a field that reads one cell once, and rules over several cells of a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from api.defects import Defect, Phrase
from api.schemas.cells import Cell, DefectError
from api.schemas.values import Text, Value, refuse_broken
from features.geography import Found, locate, postcodes_version, suggest_place
from features.records import Location

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_LONGEST = 2_000
_NOT_YET = object()


class CellField(fields.Field[Any]):
    """A field whose cell is read by a `Value`; a cell seen before is not read again.

    Columns repeat themselves: ten thousand rows hold a few dozen branches, postcodes and dates.
    """

    def __init__(self, reader: Value, *, required: bool = False, default: Any = None) -> None:
        options: dict[str, Any] = {"required": True} if required else {"load_default": default}
        empty = [Defect("required", "", reader.expected)]
        super().__init__(error_messages={"required": empty, "null": empty}, **options)
        self.reader = reader
        self._seen: dict[tuple[type, Cell], Any] = {}

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """Return what a cell holds; validators and pre-load functions are not for cells and are not looked for."""
        if value is missing or value is None:
            return super().deserialize(value, attr, data, **kwargs)
        key = (type(value), value)
        try:
            known = self._seen.get(key, _NOT_YET)
        except TypeError:  # a list or an object is no cell
            raise DefectError(Defect("unreadable", str(value), self.reader.expected)) from None
        if known is _NOT_YET:
            known = self._seen[key] = self._read(value)
        if isinstance(known, DefectError):
            raise DefectError(*known.defects)
        return known

    def _read(self, cell: Cell) -> Any:
        try:
            if not isinstance(cell, Cell):
                raise DefectError(Defect("unreadable", str(cell), self.reader.expected))
            refuse_broken(cell)
            if isinstance(cell, str) and len(cell) > _LONGEST and not isinstance(self.reader, Text):
                raise DefectError(Defect("too_long", cell, Phrase("text", (("most", _LONGEST),))))
            return self.reader(cell)
        except DefectError as error:
            return error


class RowSchema(Schema):
    """A row of a list; fields that are not asked are refused."""

    class Meta:
        """Strict."""

        unknown = RAISE

    @classmethod
    def reader(cls, field: str) -> Value:
        """What reads the cells of ``field``."""
        declared = cls._declared_fields[field]
        assert isinstance(declared, CellField)
        return declared.reader

    def warnings(self, row: Mapping[str, Any]) -> list[tuple[str, Defect]]:
        """Defects that leave the row in, as (field, defect); ``row`` holds the cells that could be read."""
        del row
        return []

    def key(self, row: Mapping[str, Any]) -> str:
        """What may stand in the lists only once; empty when the row does not say, or when it may be repeated."""
        del row
        return ""

    def record(self, row: Mapping[str, Any]) -> Any:
        """Return the record of a row without defects."""
        raise NotImplementedError


def min_above_max(row: Mapping[str, Any], least: str, most: str) -> dict[str, list[Defect]]:
    """Return the defect of a minimum above its maximum."""
    low, high = row.get(least), row.get(most)
    if low is None or high is None or low <= high:
        return {}
    return {least: [Defect("min_above_max", f"{low:g} > {high:g}", Phrase("min_max"))]}


def merge(*parts: Mapping[str, list[Defect]]) -> None:
    """Raise all defects of several rules at once, if there are any."""
    together: dict[str, Any] = {}
    for part in parts:
        for field, defects in part.items():
            together.setdefault(field, []).extend(defects)
    if together:
        raise ValidationError(together)


def place_of(row: Mapping[str, Any]) -> Location | None:
    """The location of a row that passed `place_defects`."""
    found = _located(row.get("postcode"), row.get("place"))
    return found.location if found else None


def place_defects(row: Mapping[str, Any]) -> dict[str, list[Defect]]:
    """A postcode decides; a place name must be one place."""
    postcode, place = row.get("postcode"), row.get("place")
    found = _located(postcode, place)
    if found is None or found.status == "found":
        return {}
    if postcode and found.status == "unknown":
        return {"postcode": [Defect("bad_postcode", postcode, Phrase("postcode"), Phrase("postcode_unused"))]}
    if found.status == "ambiguous":
        which = Phrase("which_place", (("places", " / ".join(found.candidates)),))
        return {"place": [Defect("ambiguous_place", place or "", Phrase("one_place"), which)]}
    meant = suggest_place(place or "")
    hint = Phrase("meant_place") if meant else None
    return {"place": [Defect("unknown_place", place or "", Phrase("place"), hint, meant or "")]}


def place_warnings(row: Mapping[str, Any]) -> list[tuple[str, Defect]]:
    """Say that nothing is known about where, or that postcode and place do not go together."""
    postcode, place = row.get("postcode"), row.get("place")
    if not postcode and not place:
        return [
            ("postcode", Defect("required", "", Phrase("postcode_or_place"), Phrase("no_place"), severity="warning"))
        ]
    if postcode and place and locate(postcode, None).status == "unknown" and not place_defects(row):
        unused = Phrase("place_used")
        return [("postcode", Defect("bad_postcode", postcode, Phrase("postcode"), unused, severity="warning"))]
    found = _located(postcode, place)
    if found is not None and found.place_differs and place:
        other = Phrase("postcode_wins", (("place", found.municipality),))
        return [("place", Defect("two_of_one", place, Phrase("same_place"), other, severity="warning"))]
    return []


def both(row: Mapping[str, Any], one: str, other: str) -> list[tuple[str, Defect]]:
    """Warn of a code that stands in two cells which exclude each other."""
    twice = sorted(_codes(row.get(one)) & _codes(row.get(other)))
    if not twice:
        return []
    return [
        (other, Defect("two_of_one", "|".join(twice), Phrase("not_both"), Phrase("excluded_wins"), severity="warning"))
    ]


def _codes(values: Iterable[Any] | None) -> set[str]:
    return {str(value) for value in values or ()}


def _located(postcode: str | None, place: str | None) -> Found | None:
    """Where a row is, or None when it does not say; a postcode nobody has gives way to the place."""
    return _located_by(postcode, place, postcodes_version())


@lru_cache(maxsize=20_000)
def _located_by(postcode: str | None, place: str | None, version: int) -> Found | None:
    del version  # other postcodes, other answers
    if not postcode and not place:
        return None
    found = locate(postcode or None, place or None)
    if postcode and place and found.status == "unknown":
        by_place = locate(None, place)
        return by_place if by_place.status == "found" else found
    return found

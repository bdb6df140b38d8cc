"""What a list says nothing of: a field without a column leaves what is stored as it is.

An empty cell is an answer, a column that is not there is none. In JSON that goes row by row: by the keys of an object.
"""
from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, fields
from typing import Any

from features.records import Background

_OF = {
    "location": ("postcode", "place"),
    "school": ("school", "referrer"),
    "criteria_met": ("participation_criteria",),
    "criteria_not_met": ("participation_criteria",),
}
"""Fields of a record that are not of the one column with their name."""
_BACKGROUND = {part.name: _OF["school"] if part.name == "is_referrer" else (part.name,)
               for part in fields(Background)}  # fmt: skip
_PAIRS = (("hours_min", "hours_max"), ("age_min", "age_max"))


@dataclass(frozen=True, slots=True)
class Said:
    """Which fields a list has a column for, and which of those a row (by number) leaves out all the same.

    ``None`` for the columns: a list of before this was kept; it says everything.
    """

    columns: frozenset[str] | None = None
    absent: Mapping[int, Set[str]] = field(default_factory=dict)

    def of_row(self, row: int) -> Set[str] | None:
        """The fields that a row says something of; None: all."""
        return None if self.columns is None else self.columns - self.absent.get(row, frozenset())

    def to_data(self) -> dict[str, Any]:
        """As JSON holds it, beside the other options of an upload."""
        return {"fields": sorted(self.columns or ()),
                "absent": [[row, sorted(names)] for row, names in sorted(self.absent.items())]}  # fmt: skip

    @classmethod
    def from_data(cls, options: Mapping[str, Any]) -> Said:
        """What `to_data` was given; of an upload of before, that everything was said."""
        if "fields" not in options:
            return cls()
        return cls(frozenset(options["fields"]), {row: frozenset(names) for row, names in options["absent"]})


def merged(record: Mapping[str, Any], stored: Mapping[str, Any], said: Set[str] | None) -> dict[str, Any]:
    """A record as plain data with, of what a row says nothing of, what is stored.

    Where the two contradict each other, as a lowest number of hours above the highest, the row wins and the stored
    one goes.
    """
    if said is None:
        return dict(record)
    told = {name: value if said & {*_OF.get(name, (name,))} else stored[name] for name, value in record.items()}
    if "background" in record:
        told["background"] = {name: record["background"][name] if said & {*columns} else stored["background"][name]
                              for name, columns in _BACKGROUND.items()}  # fmt: skip
    for least, most in _PAIRS:
        low, high = told.get(least), told.get(most)
        if low is not None and high is not None and low > high:
            told[most if least in said else least] = None
    return told


def left_alone(record: Mapping[str, Any], told: Mapping[str, Any]) -> list[str]:
    """The fields of a record that stay as they are stored, for the list says nothing of them; ``told`` is merged."""
    flat, kept = {**record, **record.get("background", {})}, {**told, **told.get("background", {})}
    return [name for name in flat if name != "background" and flat[name] != kept[name]]


__all__ = ["Said", "left_alone", "merged"]

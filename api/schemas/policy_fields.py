"""The kinds of settings a policy file has, each with its own words for what is wrong.

A defect is kept as a `Wrong` (what, and the facts) until somebody asks for it in a language.
"""
from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from api.tables import plain_millionths
from api.texts.catalogue import say
from api.texts.policy_defects import POLICY_DEFECTS
from features.codes import code_list

_SIZE = 6  # decimals of a weight or a fit
_DAY = 24 * 60
_WINDOW = re.compile(r"(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)")
_SHOWN = 40  # characters of a found value


@dataclass(frozen=True, slots=True)
class Wrong:
    """A defect of a setting: a key of `api.texts.policy_defects` and its facts."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def text(self, lang: str) -> str:
        """Return the defect in words."""
        return say(POLICY_DEFECTS, self.key, lang, **self.facts)

    def __str__(self) -> str:
        return self.text("en")


def wrong(key: str, **facts: object) -> ValidationError:
    """Return the error of one defect, to be raised; what was found is cut to a length that can be read."""
    if "found" in facts:
        text = str(facts["found"])
        facts["found"] = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return ValidationError([Wrong(key, facts)])


def millionths(value: int | Decimal) -> int:
    """Return a decimal as integer millionths, halves to even."""
    return int(Decimal(value).scaleb(_SIZE).quantize(Decimal(1), ROUND_HALF_EVEN))


class Share(fields.Field[int]):
    """A decimal from 0 to 1 with at most six places, as integer millionths, which lie within ``low`` and ``high``."""

    def __init__(self, low: int = 0, high: int = 10**_SIZE) -> None:
        self.low, self.high = low, high
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not _is_number(value) or not self.low <= Decimal(value).scaleb(_SIZE) <= self.high:
            low, high = (plain_millionths(end) for end in (self.low, self.high))
            raise wrong("share", found=value, low=low, high=high)
        return millionths(value)


class Figure(fields.Field[int]):
    """Any decimal with at most six places, as integer millionths."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not _is_number(value) or not -(10**9) <= value <= 10**9:
            raise wrong("figure", found=value)
        return millionths(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool) and Decimal(value).is_finite()


class Whole(fields.Field[int]):
    """A whole number from ``low`` to ``high``."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.low <= value <= self.high:
            raise wrong("whole", found=value, low=self.low, high=self.high)
        return value


class Number(fields.Field[float]):
    """A number from ``low`` to ``high``."""

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if not _is_number(value) or not self.low <= value <= self.high:
            raise wrong("number", found=value, low=self.low, high=self.high)
        return float(value)


class Clock(fields.Field[time]):
    """A time of the day, as text (``"06:30"``) or as TOML writes it (``06:30:00``)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> time:
        if isinstance(value, time):
            return value.replace(second=0, microsecond=0)
        if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            return time.fromisoformat(value)
        raise wrong("clock", found=value)


class Text(fields.Field[str]):
    """A text of 1 to ``high`` characters."""

    def __init__(self, high: int, pattern: str = "", key: str = "text") -> None:
        self.high, self.pattern, self.key = high, pattern, key
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        fits = isinstance(value, str) and 1 <= len(value) <= self.high
        if not fits or (self.pattern and not re.fullmatch(self.pattern, value)):
            raise wrong(self.key, found=value, high=self.high)
        return str(value)


class Choice(fields.Field[str]):
    """One of a few words."""

    def __init__(self, choices: tuple[str, ...]) -> None:
        self.choices = choices
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value not in self.choices:
            raise wrong("choice", found=value, choices=", ".join(self.choices))
        return str(value)


def read_code(value: Any, name: str) -> str:
    """Return the code of list ``name`` that a text means; raises ValidationError where it means none."""
    codes = code_list(name)
    code = codes.read(value) if isinstance(value, str) else None
    if code is not None:
        return code
    near = codes.suggest(value) if isinstance(value, str) else None
    if near:
        raise wrong("near", found=value, near=near)
    raise wrong("code", found=value, choices=", ".join(codes.codes))


class Code(fields.Field[str]):
    """A code of a closed list, or what the list reads as one."""

    def __init__(self, name: str) -> None:
        self.list_name = name
        super().__init__()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return read_code(value, self.list_name)


class Codes(Code):
    """A list of codes, kept in the order of the closed list, each once; it may be empty."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        order = code_list(self.list_name).codes
        if not isinstance(value, list):
            raise wrong("codes", found=value, choices=", ".join(order))
        found = {read_code(item, self.list_name) for item in value}
        return tuple(code for code in order if code in found)


class Windows(fields.Field[tuple[tuple[int, int], ...]]):
    """Times of the day such as ``["06:00-22:00"]``, as minutes after midnight; at least one."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[tuple[int, int], ...]:
        if not isinstance(value, list):
            raise wrong("windows", found=value)
        if not value:
            raise wrong("no_windows")
        return tuple(sorted({_window(item) for item in value}))


def _window(text: Any) -> tuple[int, int]:
    parts = _WINDOW.fullmatch(text.strip()) if isinstance(text, str) else None
    if parts is None:
        raise wrong("windows", found=text)
    hour, minute, end_hour, end_minute = map(int, parts.groups())
    begin, end = hour * 60 + minute, end_hour * 60 + end_minute
    if minute > 59 or end_minute > 59 or end > _DAY:
        raise wrong("windows", found=text)
    if end <= begin:
        raise wrong("backwards", found=text)
    return begin, end


class Names(fields.Field[Mapping[str, list[str]]]):
    """A heading under which every name has a list of texts."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Mapping[str, list[str]]:
        if not isinstance(value, dict):
            raise ValidationError([Wrong("table")])
        bad = {
            key: [Wrong("texts", {"found": str(names)[:_SHOWN]})]
            for key, names in value.items()
            if not isinstance(names, list) or not all(isinstance(name, str) for name in names)
        }
        if bad:
            raise ValidationError(bad)
        return value


class Strict(Schema):
    """Settings below one heading. Unknown ones are refused: a misspelt weight may not pass in silence."""

    class Meta:
        """See the schema."""

        unknown = RAISE

    error_messages = {"unknown": Wrong("unknown"), "type": Wrong("table")}  # type: ignore[dict-item]  # noqa: RUF012

    def handle_error(self, error: ValidationError, data: Any, **kwargs: Any) -> None:
        """Say next to an unknown setting which known one it resembles."""
        if not isinstance(error.messages, dict) or not isinstance(data, dict):
            return
        for name, messages in error.messages.items():
            if messages == [Wrong("unknown")]:
                near = difflib.get_close_matches(str(name), sorted(self.fields), n=1)
                if near:
                    messages[0] = Wrong("unknown_near", {"near": near[0]})

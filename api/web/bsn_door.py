"""No citizen service number comes in, nor what no database keeps: every request is looked
through before any view sees it.

Lists have rules of their own (`api.files.privacy`), column by column. Here it is about everything else: fields of
JSON and of forms, names of fields and of files, the query. A number that passes the 11-test beside a word that means
BSN is refused, however it is written; nothing of it is kept, logged or said back.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from flask import request

from api.bsn import has_digits, mask, names_bsn, suspects
from api.web.problems import Problem, not_found

# Signs that people put between digits and that a list would not hold: looked through as if they were spaces.
_BETWEEN = re.compile(r"(?<=\d)[,;:/\\_|+*'\"()\[\]<>~=&%]{1,3}(?=\d)")
_LONGEST = 100_000
"""Characters that are looked at per field; nothing that we keep is longer."""
_SHOWN = 100
"""Characters of the way to a field that an answer says."""
_CARRIED = 12
"""Characters of it that are looked at with each value, a number with its signs: else every value would cost as much as
the longest key above it."""
_BROKEN = re.compile("[\x00\ud800-\udfff]")


def refuse_bsn() -> None:
    """Refuse a request that holds a number beside a word for it.

    Raises
    ------
    Problem
        400, with the fields; not with what stood in them.
    """
    found = [name for name, text in _said() if holds_bsn(text)]
    if found:
        raise Problem(
            400, "A BSN is never needed here, and was not kept. Take it out and send it again.", "bsn",
            errors=[{"field": masked(name), "message": "This holds a BSN."} for name in dict.fromkeys(found)],
        )  # fmt: skip


def refuse_unwritable() -> None:
    """Refuse what no database keeps: a text with a NUL, or with half of a sign (a surrogate on its own).

    Raises
    ------
    Problem
        400 with the fields; 404 where it stands in the address, for there is nothing under it.
    """
    if any(_unwritable(str(value)) for value in (request.view_args or {}).values()):
        raise not_found()
    found = [name for name, text in _said() if _unwritable(text)]
    if found:
        raise Problem(
            400, "This holds a sign that cannot be kept. Take it out and send it again.", "invalid",
            errors=[{"field": masked(name), "message": "This holds a sign that cannot be kept."}
                    for name in dict.fromkeys(found)],
        )  # fmt: skip


def _unwritable(text: str) -> bool:
    return _BROKEN.search(text) is not None


def holds_bsn(text: str) -> bool:
    """Whether a text holds a number that may be a BSN, and a word that means one."""
    plain = _plain(text[:_LONGEST])
    return bool(has_digits(plain) and names_bsn(plain) and suspects(plain))


def masked(text: str) -> str:
    """The text with every digit of what may be a BSN replaced."""
    return mask(_plain(text))


def shown(name: str) -> str:
    """The end of a field's name as an answer may say it: what somebody sent, with no BSN in it."""
    return masked(name[-_SHOWN:])


def _plain(text: str) -> str:
    """Digits of every alphabet and width as ours, and nothing but spaces between them."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text))


def _said() -> Iterator[tuple[str, str]]:
    """Every text of the request, with the name of its field; a field's own name counts with it.

    Together not much longer than the request: anybody may send one, and waits for nobody who did.
    """
    for where in (request.args, request.form):
        for name, value in where.items(multi=True):
            yield from _beside(name, value)
    for name, file in request.files.items(multi=True):
        yield from _beside(name, file.filename or "")
    if request.is_json:
        yield from _within("", request.get_json(silent=True))


def _beside(name: str, value: str) -> Iterator[tuple[str, str]]:
    """A field of a form or a query: with its name, and a long name by itself as well, so that it hides no value."""
    carried = _end(name, _CARRIED)
    yield _end(name, _SHOWN), f"{carried} {value}"
    if carried != name:
        yield _end(name, _SHOWN), name


def _within(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Every key once with the end of the way to it, every value and every list of values with the end of the way.

    Of a list also each value in which there are digits enough: twice at most, so that a long list costs no more.
    """
    if isinstance(value, dict):
        carried = _carried(name)
        for key, item in value.items():
            short = _end(f"{name}.{key}" if name else key, _SHOWN)
            yield short, f"{carried}.{key}" if name else key
            yield from _within(short, item)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, (dict, list)):
                yield from _within(name, item)
        told = [str(item) for item in value if isinstance(item, (str, int, float))]
        if told:  # what stands in two items stands beside each other
            yield name, " ".join([_carried(name), *told])
        if len(told) > 1:  # and each by itself: beside its neighbour a number may read as that of a phone
            yield from ((name, f"{_carried(name)} {item}") for item in told if has_digits(_plain(item[:_LONGEST])))
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield name, f"{_carried(name)} {value}"


@lru_cache(maxsize=64)
def _carried(short: str) -> str:
    return _end(short, _CARRIED)


def _end(way: str, most: int) -> str:
    """The end of the way to a field; a word for a BSN that is cut off is said before it, for it is about the rest."""
    if len(way) <= most:
        return way
    end = way[-most:]
    return f"bsn…{end}" if names_bsn(_plain(way[:_LONGEST])) and not names_bsn(_plain(end)) else end


__all__ = ["holds_bsn", "masked", "refuse_bsn", "refuse_unwritable", "shown"]

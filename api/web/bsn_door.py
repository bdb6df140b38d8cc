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
from typing import Any

from flask import request

from api.bsn import mask, names_bsn, suspects
from api.web.problems import Problem, not_found

# Signs that people put between digits and that a list would not hold: looked through as if they were spaces.
_BETWEEN = re.compile(r"(?<=\d)[,;:/\\_|+*'\"()\[\]<>~=&%]{1,3}(?=\d)")
_LONGEST = 100_000
"""Characters that are looked at per field; nothing that we keep is longer."""


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
            errors=[{"field": mask(_plain(name)), "message": "This holds a BSN."} for name in dict.fromkeys(found)],
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
            errors=[{"field": mask(_plain(name)), "message": "This holds a sign that cannot be kept."}
                    for name in dict.fromkeys(found)],
        )  # fmt: skip


def _unwritable(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text)


def holds_bsn(text: str) -> bool:
    """Whether a text holds a number that may be a BSN, and a word that means one."""
    plain = _plain(text[:_LONGEST])
    return bool(names_bsn(plain) and suspects(plain))


def masked(text: str) -> str:
    """The text with every digit of what may be a BSN replaced."""
    return mask(_plain(text))


def _plain(text: str) -> str:
    """Digits of every alphabet and width as ours, and nothing but spaces between them."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text))


def _said() -> Iterator[tuple[str, str]]:
    """Every text of the request, with the name of its field; a field's own name counts with it."""
    for where in (request.args, request.form):
        for name, value in where.items(multi=True):
            yield name, f"{name} {value}"
    for name, file in request.files.items(multi=True):
        yield name, f"{name} {file.filename or ''}"
    if request.is_json:
        yield from _within("", request.get_json(silent=True))


def _within(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _within(f"{name}.{key}" if name else str(key), item)
        if not value:
            yield name, name
    elif isinstance(value, list):
        for item in value:
            yield from _within(name, item)
        # What stands in two items stands beside each other.
        yield name, " ".join([name, *(str(item) for item in value if isinstance(item, (str, int, float)))])
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield name, f"{name} {value}"
    else:
        yield name, name


__all__ = ["holds_bsn", "masked", "refuse_bsn", "refuse_unwritable"]

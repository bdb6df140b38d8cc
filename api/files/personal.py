"""What does not belong in somebody's own words: phone numbers, e-mail addresses, words about health, names of others.

Only what is certain is found: a word counts as a whole, never as a part of another, and a name only after a title or
a relation, or when the list itself gives it as the first name. What is found is a warning: the row stays. It is said
back masked, so that nobody reads it twice.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from api.defects import Defect, Phrase
from api.files.personal_words import CAPITALS, CARE, NO_NAMES, ONESELF

ABOUT_ONESELF = ("first_name", "own_words")
ABOUT_WORK = ("tasks_wanted", "tasks_disliked", "tasks_mastered", "experience")
FREE = (*ABOUT_ONESELF, *ABOUT_WORK)
"""The fields of a leaver in which somebody writes what he likes."""
KINDS = ("phone", "mail", "health", "name")

_GAP = r"[\s.\-/()\u00ad\u2010-\u2015\u2212]{0,3}"
_PHONE = re.compile(
    rf"(?<![\d.,])\(?0[1-9](?:{_GAP}\d){{8}}(?!\d)"
    rf"|(?:\+|(?<![\d.,])00){_GAP}[1-9](?:{_GAP}\d){{8,13}}(?!\d)"
    rf"|(?i:\b(?:tel|telefoon|telefoonnummer|nummer|mobiel|gsm|bel|app|whatsapp|phone|call)\b\W{{0,3}})6(?:{_GAP}\d){{8}}(?!\d)"
)
_MAIL = re.compile(r"[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_DAY = re.compile(
    r"(?<![\d.\-/])(?:\d{1,2}([-./ ])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([-./])\d{1,2}\2\d{1,2}"
    r"|[0-3]?\d([-./])[01]?\d\3\d\d)(?![.\-/]?\d)"
)
_TIME = re.compile(r"(?<![\d.])[0-2]?\d[.:][0-5]\d(?![.]?\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PART = re.compile(r"['’-]")
_STAY = re.compile(
    r"\b(?:ligt|lag|gelegen|opgenomen|behandeld|opname)\b[^.!?]{0,25}\b(?:ziekenhuis|inrichting|hospital)\b"
    r"|\b(?:ziekenhuis|inrichting)\b[^.!?]{0,12}\b(?:gelegen|opgenomen|behandeld)\b|\b(?:zit|zat) in een rolstoel\b"
    r"|\b(?:verstandelijk|lichamelijk|geestelijk)e? (?:beperkt|beperking|gehandicapt|handicap)\b"
    r"|\bsyndroom van \w+",
    re.IGNORECASE,
)
_RELATION = (
    r"mevrouw|mevr\.?|mw\.?|meneer|mijnheer|dhr\.?|juf|juffrouw|meester|dokter|dr\.?|mentor|moeder|vader|stiefmoeder"
    r"|stiefvader|pleegmoeder|pleegvader|mama|papa|oma|opa|broer|broertje|zus|zusje|tante|oom|voogd|mr\.?|mrs\.?|ms\.?"
    r"|mother|father|sister|brother|aunt|uncle"
)
_NAMED = re.compile(
    rf"(?:(?:^|[.!?]\s+)(?i:{_RELATION})|(?<![\w-])(?:{_RELATION}))\s+"
    r"(?P<name>(?:(?:van|de|der|den|ter|ten|el|te)\s+){0,3}[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+(?:[-'’][A-Za-zÀ-ÿ]+)*)"
)


@lru_cache(maxsize=20_000)
def personal(text: str, *, work: bool = False, first_name: str = "") -> tuple[tuple[str, int, int], ...]:
    """Return what is found in a text as (kind, begin, end), in the order of the text; ``work``: it is about work."""
    spans = [*_numbers(text), *(("mail", *found.span()) for found in _MAIL.finditer(text)), *_health(text, work)]
    spans += [("name", *found.span("name")) for found in _NAMED.finditer(text) if found["name"] not in NO_NAMES]
    if len(first_name) > 2:
        own = rf"(?<![\w-]){re.escape(first_name)}(?![\w-])"
        spans += [("name", *found.span()) for found in re.finditer(own, text)]
    return tuple(sorted(dict.fromkeys(spans), key=lambda span: span[1:]))


def hidden(text: str) -> str:
    """The text with what is found in it masked, of the same length."""
    for _, begin, end in personal(text):
        text = text[:begin] + _masked(text[begin:end]) + text[end:]
    return text


def warnings(row: Mapping[str, Any]) -> list[tuple[str, Defect]]:
    """Return (field, warning) of the free texts of a leaver's row, one per kind; ``row`` holds what could be read."""
    found = []
    for name in FREE:
        own = row.get("first_name") or "" if name != "first_name" else ""
        texts = [row[name]] if isinstance(row.get(name), str) else row.get(name) or ()
        told = [(kind, _masked(text[begin:end])) for text in texts
                for kind, begin, end in personal(text, work=name in ABOUT_WORK, first_name=own)]  # fmt: skip
        found += [(name, _warning(kind, said)) for kind, said in _by_kind(told)]
    return found


def quiet(name: str, defect: Defect) -> Defect:
    """A defect of a free text, or of a row as a whole, without the phone numbers and words that stand there."""
    return replace(defect, found=hidden(defect.found)) if name in FREE or not name else defect


def _warning(kind: str, said: Iterable[str]) -> Defect:
    found = ", ".join(dict.fromkeys(said))
    return Defect("personal", found, Phrase("plain_words"), Phrase(f"personal_{kind}"), severity="warning")


def _by_kind(told: list[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    for kind in KINDS:
        if said := [text for one, text in told if one == kind]:
            yield kind, said


def _numbers(text: str) -> Iterator[tuple[str, int, int]]:
    """Phone numbers; what reads as days or times is looked past."""
    if sum(map(str.isdigit, text)) < 9:
        return
    plain = _TIME.sub(lambda m: "x" * len(m.group()), _DAY.sub(lambda m: "x" * len(m.group()), text))
    for found in _PHONE.finditer(plain):
        yield "phone", *found.span()


def _health(text: str, work: bool) -> Iterator[tuple[str, int, int]]:
    words = ONESELF if work else ONESELF | CARE
    for found in _WORD.finditer(text):
        whole = found.group()
        said = whole.casefold().replace("’", "'")
        if said in words or any(part in words for part in _PART.split(said)) or CAPITALS & {*_PART.split(whole)}:
            yield "health", *found.span()
    if not work:
        yield from (("health", *found.span()) for found in _STAY.finditer(text))


def _masked(text: str) -> str:
    """The first letter of every word, and no digit: enough to find it by."""
    return re.sub(r"\w+", lambda m: "*" * len(m[0]) if not m[0].isalpha() else m[0][0] + "*" * (len(m[0]) - 1), text)


__all__ = ["FREE", "hidden", "personal", "quiet", "warnings"]

"""Citizen service numbers (BSN, PGN) are never ours to hold: find them, whatever the disguise, and mask them.

The 11-test weighs the nine digits 9, 8, ... 2, -1; a number that passes is *suspected*, no more: one in
eleven numbers does. Dots, spaces and hyphens between digits are looked through. What reads as a date, a
range of years, a phone number or a bank account is no suspect, nor is a number named KvK, leerbedrijf or crebo,
unless the words behind it say that it is a BSN.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# What each three digits weigh together: hostile texts are all numbers, and each is tried.
_FIRST, _MIDDLE, _LAST = (
    [_WEIGHTS[at] * (n // 100) + _WEIGHTS[at + 1] * (n // 10 % 10) + _WEIGHTS[at + 2] * (n % 10) for n in range(1000)]
    for at in (0, 3, 6)
)
# Spaces of all widths, dots, hyphens and dashes, and characters that take no room at all.
_GAP = r"[\s.\-\u00ad\u00b7\u2010-\u2015\u2212\ufe58\ufe63\uff0d\uff0e\u200b-\u200f\u2060\ufeff]"
_RUN = re.compile(rf"\d+(?:{_GAP}{{1,3}}\d+)*")
_GROUP = re.compile(r"\d+")
_MAYBE = re.compile(rf"\d(?:{_GAP}{{0,3}}\d){{7}}")
_WORD = re.compile(
    r"b\.?s\.?n(?![a-z])|bsn\s?-?(?:nummer|nr|number|leerling|student)|p\.?g\.?n(?![a-z])|pgn\s?-?(?:nummer|nr)"
    r"|(?<![a-z])sofi(?![a-z])|(?<![a-z])sofi\s?-?(?:nummer|nr)|burger\s?-?service|persoonsgebonden\s?-?(?:nummer|nr)"
    r"|onderwijs\s?-?(?:nummer|nr)(?![a-z])|citizen\s?service|social\s?security",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:geen|niet|zonder|no|not|without)\W{1,3}(?:de|het|een|the|a)?\W{0,2}$", re.IGNORECASE)
_OTHER = re.compile(
    r"k\.?v\.?k|kamer\s?van\s?koophandel|leer\s?bedrijf|crebo|(?<![a-z])(?:tel|telefoon|telefoonnummer|telnr|mobiel"
    r"|mobile|gsm|phone|fax)(?![a-z])",
    re.IGNORECASE,
)
_EXEMPT_HEADER = re.compile(
    r"kvk|kamervankoophandel|leerbedrijf|crebo|telefoon|mobiel|(?<![a-z])(?:tel|telnr|gsm|phone|mobile|fax)(?![a-z])",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?<![A-Za-z])[A-Za-z]{2}\d{2}\s?[A-Za-z]{4}(?:\s?\d){10}(?!\d)")
_PHONE = re.compile(
    rf"(?<!\d)\(?0[1-9](?:[)]?{_GAP}{{0,3}}\d){{8}}(?!\d)|(?:\+|(?<!\d)00){_GAP}?[1-9](?:[()]{{0,2}}{_GAP}{{0,3}}\d){{8,13}}(?!\d)"
)
_YEARS = re.compile(rf"(?<!\d)(?:19|20)\d\d{_GAP}{{1,3}}(?:19|20)\d\d(?!\d)")
_DATE = re.compile(r"(?<!\d)(?:(\d{1,2})([-. ])(\d{1,2})\2(\d{4})|(\d{4})([-.])(\d{1,2})\6(\d{1,2}))(?!\d)")
_EIGHT = re.compile(r"(?<!\d)\d{8}(?!\d)")


def passes(digits: str) -> bool:
    """Whether 8 or 9 digits pass the 11-test (a leading zero that got lost is put back)."""
    if len(digits) not in (8, 9):
        return False
    number = int(digits)
    weighed = _FIRST[number // 1_000_000] + _MIDDLE[number // 1000 % 1000] + _LAST[number % 1000]
    return number > 0 and weighed % 11 == 0


def suspects(text: str) -> list[tuple[int, int]]:
    """Return the spans (begin, end) in ``text`` of what may be a BSN."""
    if not has_digits(text):
        return []
    plain = _without_known(text)
    spans = []
    for run in _RUN.finditer(plain):
        groups = [(m.start() + run.start(), m.end() + run.start()) for m in _GROUP.finditer(run.group())]
        spans += _inside(plain, groups)
    return [span for span in spans if not _named_otherwise(text, span[0]) or _said_behind(text, span[1])]


def has_digits(text: str) -> bool:
    """Whether enough digits stand beside each other for a BSN: soon known of a text in which there are none."""
    return _MAYBE.search(text) is not None


def mask(text: str) -> str:
    """Return ``text`` with every digit of what may be a BSN replaced by ``*``."""
    parts, done = [], 0
    for begin, end in sorted(suspects(text)):
        if end > done:
            parts += [text[done:begin], _GROUP.sub(lambda m: "*" * len(m.group()), text[max(begin, done) : end])]
            done = end
    return "".join([*parts, text[done:]])


def means_bsn(header: str) -> bool:
    """Whether a header asks for a BSN or PGN; ``leerlingnummer (geen BSN)`` does not."""
    return any(not _DENIED.search(header[: word.start()]) for word in _WORD.finditer(header))


def names_bsn(text: str) -> bool:
    """Whether the word BSN, or one of its like, stands anywhere in a text."""
    return _WORD.search(text) is not None


def exempt_header(header: str) -> bool:
    """Whether a column holds KvK, leerbedrijf, crebo or phone numbers, which may pass the 11-test by chance."""
    return _EXEMPT_HEADER.search(header) is not None and not means_bsn(header)


def looks_like_column(values: Iterable[str]) -> bool:
    """Whether at least five values and 80 % of the 8 and 9 digit values of a column pass the 11-test."""
    numbers = passed = 0
    for value in values:
        digits = "".join(_GROUP.findall(value))
        if len(digits) in (8, 9) and _RUN.fullmatch(value.strip()):
            numbers += not _known(value)
            passed += bool(suspects(value))
    return passed >= 5 and passed * 5 >= numbers * 4


def _inside(text: str, groups: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Every stretch of neighbouring groups with 8 or 9 digits that pass, in time by the number of groups."""
    digits = "".join([text[begin:end] for begin, end in groups])
    begins: dict[int, int] = {}  # by the number of digits before a group; ends by the number up to its last
    ends: dict[int, int] = {}
    count = 0
    for begin, end in groups:
        begins[count] = begin
        count += end - begin
        ends[count] = end
    return [(begin, ends[at + long]) for at, begin in begins.items() for long in (8, 9)
            if at + long in ends and passes(digits[at : at + long])]  # fmt: skip


def _named_otherwise(text: str, begin: int) -> bool:
    """Whether the last word before a number says that it is a KvK, leerbedrijf, crebo or phone number."""
    before = re.split(r"\d", text[max(0, begin - 30) : begin])[-1]
    words = [*_OTHER.finditer(before)]
    return bool(words) and not names_bsn(before[words[-1].end() :])


def _said_behind(text: str, end: int) -> bool:
    """Whether the words behind a number mean a BSN, and no next number that they may be about."""
    words, *number = re.split(r"(?=\d)", text[end : end + 60], maxsplit=1)
    return not number and means_bsn(words)


def _known(value: str) -> bool:
    return not any(char.isdigit() for char in _without_known(value))


def _without_known(text: str) -> str:
    """The text, of the same length, without the digits of dates, years, phone numbers and bank accounts."""
    for pattern in (_ACCOUNT, _PHONE, _YEARS):
        text = pattern.sub(lambda m: "x" * len(m.group()), text)
    text = _DATE.sub(lambda m: "x" * len(m.group()) if _reads_as_date(m) else m.group(), text)
    return _EIGHT.sub(lambda m: "x" * 8 if _is_date(m.group()) else m.group(), text)


def _reads_as_date(match: re.Match[str]) -> bool:
    """Day, month and year in either order, also when there is no such day: 31-13-2008 is a date gone wrong."""
    day, _, month, year = match.group(1, 2, 3, 4) if match.group(4) else (match.group(8), "", *match.group(7, 5))
    return 1 <= int(day) <= 31 and 1 <= int(month) <= 31 and 1900 <= int(year) <= 2100


def _is_date(digits: str) -> bool:
    for year, month, day in ((digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[2:4], digits[:2])):
        if 1900 <= int(year) <= 2100:
            try:
                date(int(year), int(month), int(day))
            except ValueError:
                continue
            return True
    return False

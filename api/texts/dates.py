"""Dates and numbers as people write them; a report never depends on the machine's own language."""
from __future__ import annotations

from datetime import date

_MONTHS = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
_SHORT = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def long_date(day: date, lang: str) -> str:
    """Return ``12 november 2026``."""
    return f"{day.day} {_MONTHS[lang][day.month - 1]} {day.year}"


def month_name(month: int, lang: str) -> str:
    """Return ``november`` for 11."""
    return _MONTHS[lang][month - 1]


def short_date(day: date, lang: str) -> str:
    """Return ``12 nov 2026``."""
    return f"{day.day} {_SHORT[lang][day.month - 1]} {day.year}"


def number(value: float, lang: str, *, decimals: int = 0) -> str:
    """Return a number with the decimal sign of the language; zeros at its end are left out."""
    text = f"{value:.{decimals}f}"
    if decimals:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if lang == "nl" else text

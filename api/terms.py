"""How long things are kept: terms that a policy may shorten, and never lengthen.

Each is at most the product's own retention rule. None is so short that a word is forgotten before its place begins, or
that what a run did can no longer be looked up for the six months that article 26(6) of the AI Act asks for.
"""
from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from api.texts.catalogue import say
from api.texts.terms import KEEPS

LEAST = {"months": 12, "days": 7}
"""The shortest that a term can be, by its unit."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Months or days, as the names say; the defaults are the longest.

    ``profile_months`` count from the last word about a student (`api.store.retention.due_students`),
    ``decision_months`` are for decisions and the log, ``run_months`` for runs and policies.
    """

    profile_months: int = 24
    run_months: int = 24
    decision_months: int = 24
    upload_file_days: int = 30
    backup_days: int = 35


LONGEST = Terms()


def bounds(name: str) -> tuple[int, int]:
    """Return the least and the most that a term can be."""
    return LEAST[name.rpartition("_")[2]], getattr(LONGEST, name)


def names() -> tuple[str, ...]:
    """Every term, in the order of the policy file."""
    return tuple(part.name for part in fields(Terms))


def how_long(keep: str, lang: str, terms: Terms) -> str:
    """Return in words how long a retention class (of `api.store.dictionary.KEEP`) stays."""
    return say(KEEPS, keep, lang, **asdict(terms))


__all__ = ["LEAST", "LONGEST", "Terms", "bounds", "how_long", "names"]

"""What a person looks at before a vacancy is matched: a new employer, and words that shut people out."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from api.store import audit, vacancies
from api.store.audit import Actor
from api.store.people import Session
from api.store.vacancies import VacancyRow
from api.texts.catalogue import say
from api.texts.wording import WORDING, wording

NEW_EMPLOYER = "new_employer"


def text_of(record: dict[str, Any]) -> str:
    """What people read of an opening."""
    return "\n".join([record["title"], record["description"], *(task["text"] for task in record["tasks"])])


def codes_of(row: VacancyRow) -> list[str]:
    """What there is to look at, in codes."""
    found = {code for opening in row.openings for code, _ in wording(text_of(opening.record))}
    return sorted(found) + ([NEW_EMPLOYER] if row.home.approved_at is None else [])


def findings(text: str, lang: str) -> list[dict[str, str]]:
    """What a connector would look at in a text: code, what was found, and what to write instead."""
    return [{"code": code, "found": found, "message": say(WORDING, code, lang, found=found)}
            for code, found in wording(text)]  # fmt: skip


def settle(
    session: Session, actor: Actor, rows: Iterable[VacancyRow], *, trusted: bool, now: datetime,
    known: Iterable[str] = (),
) -> None:  # fmt: skip
    """Say of vacancies that were written what to look at, and hold back those that a person must see first.

    ``trusted`` is who may look at them anyway: a connector's own list is matched at once. ``known`` are codes that
    were looked at before.
    """
    for row in rows:
        codes = codes_of(row)
        new = [code for code in codes if code not in known]
        row.vacancy.to_review = codes if not trusted and new else [] if trusted else row.vacancy.to_review
        if new and not trusted and row.vacancy.state == "open":
            row.vacancy.state = "posted"
            audit.append(session, actor, "vacancy.held_back", ("vacancy", row.vacancy.id), now=now, codes=codes)
    session.flush()


def settle_openings(
    session: Session, actor: Actor, opening_ids: Iterable[str], *, trusted: bool, now: datetime
) -> None:
    """`settle` for the vacancies that openings belong to."""
    settle(session, actor, vacancies.of_openings(session, opening_ids), trusted=trusted, now=now)


__all__ = ["NEW_EMPLOYER", "codes_of", "findings", "settle", "settle_openings", "text_of"]

"""What a person looks at before a vacancy is matched: a new employer, and words that shut people out."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from api.store import audit, vacancies
from api.store.audit import Actor
from api.store.people import Session
from api.store.vacancies import Upload, VacancyRow
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


def findings_of(row: VacancyRow, lang: str) -> list[dict[str, str]]:
    """`findings` of all that people read of a vacancy, each once."""
    found = [one for opening in row.openings for one in findings(text_of(opening.record), lang)]
    return [one for at, one in enumerate(found) if one not in found[:at]]


def settle(
    session: Session, actor: Actor, rows: Iterable[VacancyRow], *, trusted: bool, now: datetime,
    known: Iterable[str] = (),
) -> None:  # fmt: skip
    """Say of vacancies that were written what to look at, and hold back those that a person must see first.

    ``trusted`` is who may look at them anyway: a connector's own list is matched at once. ``known`` are codes that
    were looked at before. One that waits and has nothing left to look at opens, as it would have when it was posted;
    not that of an employer that nobody vouches for, whatever was looked at.
    """
    for row in rows:
        vacancy, codes = row.vacancy, codes_of(row)
        new = [] if trusted else [code for code in codes if code not in known]
        if vacancy.state == "open":
            vacancy.to_review = codes if new else []
            if new:
                vacancy.state = "posted"
                audit.append(session, actor, "vacancy.held_back", ("vacancy", vacancy.id), now=now, codes=codes)
        elif vacancy.state == "posted":
            left = [code for code in codes if code not in known or code == NEW_EMPLOYER]
            vacancy.to_review = codes if left else []
            if not left:
                vacancy.state = "open"
                audit.append(session, actor, "vacancy.open", ("vacancy", vacancy.id), now=now, codes=[])
        else:  # closed: what was to be looked at and is gone is no more
            vacancy.to_review = [code for code in codes if code in new or code in vacancy.to_review]
    session.flush()


def settle_openings(
    session: Session, actor: Actor, opening_ids: Iterable[str], *, trusted: bool, now: datetime
) -> None:
    """`settle` for the vacancies that openings belong to."""
    settle(session, actor, vacancies.of_openings(session, opening_ids), trusted=trusted, now=now)


def settle_undone(
    session: Session, actor: Actor, vacancy_ids: Iterable[str], opening_ids: Iterable[str], upload: Upload, *,
    now: datetime,
) -> None:  # fmt: skip
    """`settle` for the vacancies of a list that was undone; of these openings (ids) the earlier text holds again.

    Whoever undoes it, the text that comes back is as far as it was: looked at if it was matched when the list came.
    Where that is not known, somebody looks at it. Where only a start went, nothing came back: what is matched goes on.
    """
    rows, back = vacancies.of_ids(session, vacancy_ids), set(opening_ids)
    open_then = vacancies.open_before(session, [row.vacancy for row in rows], upload)
    for row in rows:
        shrunk = row.vacancy.state != "posted" and not back & {one.opening.id for one in row.openings}
        known = codes_of(row) if shrunk or row.vacancy.id in open_then else ()
        settle(session, actor, [row], trusted=False, now=now, known=known)


__all__ = ["NEW_EMPLOYER", "codes_of", "findings", "findings_of", "settle", "settle_openings", "settle_undone",
           "text_of"]  # fmt: skip

"""Answers given before, by ``Idempotency-Key``."""
from __future__ import annotations

import json
import re
from collections.abc import Set
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from api.store.tables import Answer

KEPT = timedelta(hours=24)
_GONE = json.dumps({"code": "erased"}).encode()
_MARK = re.compile(rb"(?=([0-9a-f]{32}|K-[0-9A-Za-z]+))")
"""What an answer can name somebody by: an id, wherever it begins, or the code of a candidate."""


def claim(session: Session, account_id: str, key: str, request: str, now: datetime) -> bool:
    """Claim a key; False when it was claimed before. Waits for another transaction that claims it now."""
    session.execute(delete(Answer).where(Answer.account_id == account_id, Answer.at < now - KEPT))
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    row = {"account_id": account_id, "key": key, "request": request, "status": 0, "body": b"", "headers": "{}",
           "at": now}  # fmt: skip
    done = session.execute(insert(Answer).values(row).on_conflict_do_nothing().returning(Answer.key)).first()
    return done is not None


def given(session: Session, account_id: str, key: str) -> Answer:
    """The answer under a key that was claimed before."""
    return session.execute(select(Answer).where(Answer.account_id == account_id, Answer.key == key)).scalar_one()


def fill(session: Session, account_id: str, key: str, *, status: int, body: bytes, headers: str) -> None:
    """Keep the answer under a key that was claimed in this transaction."""
    query = update(Answer).where(Answer.account_id == account_id, Answer.key == key)
    session.execute(query.values(status=status, body=body, headers=headers))


def names(body: bytes, marks: Set[str]) -> bool:
    """Whether an answer names something by one of ``marks``: ids, and codes of candidates."""
    return any(found.decode() in marks for found in _MARK.findall(body))


def erase(session: Session, marks: Set[str]) -> None:
    """Empty every answer that names one of ``marks``; who sends its request again is told that it is gone."""
    for answer in session.scalars(select(Answer)):
        if names(answer.body, marks):
            answer.status, answer.body, answer.headers = 410, _GONE, "{}"
    session.flush()


def forget(session: Session, account_id: str) -> None:
    """Empty every answer that an account got: what it may see is less than when it asked.

    The keys stay claimed: a request that is sent again is told that its answer is gone, and acts no second time.
    """
    mine = update(Answer).where(Answer.account_id == account_id)
    session.execute(mine.values(status=410, body=_GONE, headers="{}"))


__all__ = ["KEPT", "claim", "erase", "fill", "forget", "given", "names"]

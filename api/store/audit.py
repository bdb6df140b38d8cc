"""The audit log: appended in the transaction of the change itself, chained and sealed with a key outside the database.

Every event carries a seal, HMAC-SHA256 over its own content and the seal before it, and one row holds the end of
the chain with a proof of its own. So an edit, a deletion, a swap and a log cut short are all found (`verify`), and
stay found: an end that somebody moved is never proved anew. Who can put back a whole older database is found by an
anchor: an end that was written down elsewhere.
"""
from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, delete, inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.store.base import how_many
from api.store.tables import AuditEvent, AuditHead

_PLAIN = re.compile(r"[A-Za-z0-9_.:/-]{0,64}")
_CHUNK = 1_000
_UNREADABLE = (ValueError, TypeError, RecursionError)
"""What comes of a value that the database took and that nobody of ours wrote."""
_NOTHING: dict[str, Any] = {
    "at": None, "actor_kind": "unknown", "actor_id": None, "action": "unreadable", "subject_kind": "", "subject_id": "",
    "door": "", "result": "", "details": {},
}  # fmt: skip
NEW = ""
"""In the place of the proof before the first event: the tables were made just now."""
UNFINISHED = "restoring"
"""In the place of the proof, under no key one: whoever looks for it refuses to work with the log."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: ``kind`` human, system (a token) or service; ``door`` web, worker or command."""

    kind: str
    id: str | None
    door: str


SERVICE = Actor("service", None, "command")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the log, at an event (0: the log as a whole)."""

    sequence: int
    sentence: str


def append(
    session: Session, actor: Actor, action: str, subject: tuple[str, str], *, now: datetime, result: str = "done",
    over: str | None = None, **details: Any,
) -> AuditEvent:  # fmt: skip
    """Add an event to the log; ``subject`` is the kind of record and its id, ``details`` ids, codes and numbers.

    Where somebody moved the end of the log, the event is added all the same and the end stays without a proof.
    ``over`` is what only a caller may say who put it there: `NEW` or `UNFINISHED`, in the place of a proof.

    Raises
    ------
    TypeError
        If a detail could be personal data: anything but numbers, truth values and short texts without spaces.
    """
    _refuse_personal(details)
    head, key = hold(session), session.info["audit_key"]
    proved = head.proof == over or _is_proved(key, head)  # as it was found: what follows would hide who moved it
    event = AuditEvent(
        sequence=head.sequence + 1, at=now.astimezone(UTC), actor_kind=actor.kind, actor_id=actor.id, action=action,
        subject_kind=subject[0], subject_id=subject[1], door=actor.door, result=result, details=details,
        previous=head.seal,
    )  # fmt: skip
    event.seal = _seal(key, event)
    session.add(event)
    head.sequence, head.seal = event.sequence, event.seal
    if proved:
        head.proof = _proof(key, head)
    session.flush()
    return event


def hold(session: Session) -> AuditHead:
    """Hold the end of the log until this transaction ends, as it is now; nothing else is logged meanwhile."""
    # Another transaction may have moved it since this session first saw it: lock it and look again.
    latest = select(AuditHead).with_for_update().execution_options(populate_existing=True)
    return session.execute(latest).scalar_one()


def shorten(session: Session, before: datetime) -> int:
    """Delete the events that are older, from the beginning on; return how many.

    The log says under its seal where it begins now and on what; the latest event always stays. What somebody did to
    the log stays too, with all after it: to its end or beginning, or to an event. It is what shows that they did.
    """
    head, key = hold(session), session.info["audit_key"]
    if not _is_proved(key, head):
        return 0
    first, last = _whole_until(session, key, head, before)
    if first <= head.first:
        return 0
    head.first, head.before = first, last
    head.proof = _proof(key, head)
    session.flush()
    with _letting_go(session):
        return how_many(session, delete(AuditEvent).where(AuditEvent.sequence < first))


def _whole_until(session: Session, key: bytes, head: AuditHead, before: datetime) -> tuple[int, str]:
    """Where the events from the beginning on end that are older and as they were written, and the last seal of them.

    A time that somebody set back is no time that an event has had: it would go, and the seal over its end would hold.
    """
    first, last = head.first, head.before
    for sequence, event in _events(session):
        whole = event is not None and event.previous == last and _expected(key, event) == event.seal
        if event is None or not whole or sequence != first or sequence == head.sequence or event.at >= before:
            break
        first, last = sequence + 1, event.seal
    return first, last


@contextmanager
def _letting_go(session: Session) -> Iterator[None]:
    """Take the triggers that keep the log from shrinking away for a moment of this transaction."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    name = "audit_events_delete" if sqlite else "audit_events_refuse"
    kept = session.execute(text(f"SELECT sql FROM sqlite_master WHERE name = '{name}'")).scalar() if sqlite else ""
    session.execute(text(f"DROP TRIGGER {name}" if sqlite else f"ALTER TABLE audit_events DISABLE TRIGGER {name}"))
    yield
    session.execute(text(str(kept) if sqlite else f"ALTER TABLE audit_events ENABLE TRIGGER {name}"))


def details_of(session: Session, action: str, subject_id: str) -> dict[str, Any] | None:
    """What the latest event of a kind says of a record; None when there is none."""
    query = select(AuditEvent.details).where(AuditEvent.action == action, AuditEvent.subject_id == subject_id)
    return session.scalar(query.order_by(AuditEvent.sequence.desc()).limit(1))


def last_of(session: Session, action: str) -> AuditEvent | None:
    """The latest event of a kind; None when there is none."""
    return next(iter(all_of(session, action, 1)), None)


def all_of(session: Session, action: str, limit: int) -> Sequence[AuditEvent]:
    """Events of a kind, from the newest back."""
    query = select(AuditEvent).where(AuditEvent.action == action)
    return session.scalars(query.order_by(AuditEvent.sequence.desc()).limit(limit)).all()


def end_of(session: Session) -> str:
    """Return the end of the chain as an anchor to write down: ``number:seal``; empty when somebody took it away."""
    head = _head(session)
    return f"{head.sequence}:{head.seal}" if head is not None else ""


def goes_on_from(session: Session, anchor: str) -> bool:
    """Whether an earlier end stands in the log, or stood there before its time was over."""
    number, _, seal = anchor.partition(":")
    there = session.scalar(select(AuditEvent.seal).where(AuditEvent.sequence == int(number)))
    head = _head(session)
    return there == seal or (there is None and head is not None and int(number) < head.first)


def latest(
    session: Session, before: int | None, limit: int, *, action: str = "", subject_id: str = ""
) -> Sequence[AuditEvent]:
    """Events from the newest back: before an event, of an action, about a record, where these are said.

    In the place of one that cannot be read stands an event with its number, the action ``unreadable`` and no time.
    """
    query = select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEvent.sequence < before)
    if action:
        query = query.where(AuditEvent.action == action)
    if subject_id:
        query = query.where(AuditEvent.subject_id == subject_id)
    numbers = session.scalars(query.with_only_columns(AuditEvent.sequence)).all()
    return [event if event is not None and _is_plain(event) else AuditEvent(sequence=number, **_NOTHING)
            for number, event in zip(numbers, _read(session, numbers), strict=True)]  # fmt: skip


def verify(session: Session, anchor: str = "") -> list[Finding]:
    """Check the whole log; ``anchor`` is an earlier `end_of`, kept elsewhere."""
    key, found = session.info["audit_key"], []
    head = _head(session)
    expected, number = (head.first, 0) if head is not None else (1, 0)
    last: str | None = head.before if head is not None else ""  # None: nobody can tell what follows on it
    known_at, _, known_seal = anchor.partition(":")
    for sequence, event in _events(session):
        number += 1
        if sequence != expected:
            found.append(Finding(sequence, f"event {expected} is missing"))
        seal = _expected(key, event)
        if event is None or seal is None:
            found.append(Finding(sequence, "it cannot be read: it was changed"))
            expected, last = sequence + 1, None
            continue
        if last is not None and event.previous != last:
            found.append(Finding(sequence, "it does not follow on the event before it"))
        if not _same(event.seal, seal):
            found.append(Finding(sequence, "it was changed"))
        if str(sequence) == known_at and event.seal != known_seal:
            found.append(Finding(sequence, "it is another event than the anchor says"))
        expected, last = sequence + 1, event.seal
    if number == 0:
        found.append(Finding(0, "the log is empty: a log begins when the database is made"))
    if head is None or (number and not _is_proved(key, head)):
        found.append(Finding(0, "the end of the log was changed"))
    elif head.sequence != expected - 1 or last not in (None, head.seal):
        found.append(Finding(0, f"the log ends at event {expected - 1} and should end at event {head.sequence}"))
    if known_at and int(known_at) >= expected:
        found.append(Finding(0, f"the log ends at event {expected - 1}; the anchor says it had {known_at}"))
    return found


def is_ours(connection: Connection, key: bytes) -> bool:
    """Whether the end of a log was sealed with a key; works on the tables of every version.

    One without any event was not: who empties the log could begin another one otherwise.
    """
    columns = {column["name"] for column in inspect(connection).get_columns("audit_head")}
    begin = ', first, "before"' if "first" in columns else ", 1, ''"
    row = connection.execute(text(f"SELECT sequence, seal, proof{begin} FROM audit_head")).one_or_none()
    if row is None:  # somebody took it away
        return False
    return _is_proved(key, AuditHead(sequence=row[0], seal=row[1], proof=row[2], first=row[3], before=row[4]))


def last_at(connection: Connection) -> datetime | None:
    """When the last event of a log was; None: it has none. Works on the tables of every version."""
    query = select(AuditEvent.at).order_by(AuditEvent.sequence.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()


def leave_unfinished(connection: Connection) -> None:
    """Mark a restored log so that nobody works with it before an event is appended over the mark."""
    connection.execute(text("UPDATE audit_head SET proof = :mark"), {"mark": UNFINISHED})


def is_unfinished(connection: Connection) -> bool:
    """Whether a restore wrote this log and ended before it was through; on the tables of every version."""
    return connection.execute(text("SELECT proof FROM audit_head")).scalar_one_or_none() == UNFINISHED


def _head(session: Session) -> AuditHead | None:
    """The end of the log; None when it is not there, or holds what no end can be."""
    try:
        head = session.execute(select(AuditHead)).scalar_one_or_none()
    except (*_UNREADABLE, OperationalError) as error:
        _must_be_of_a_row(error)
        return None
    return head if head is not None and _is_plain_end(head) else None


def _is_plain_end(head: AuditHead) -> bool:
    """Whether it holds what an end can; a file of SQLite takes anything in any column."""
    numbers, texts = (head.sequence, head.first), (head.seal, head.before, head.proof)
    return all(isinstance(n, int) for n in numbers) and all(isinstance(t, str) for t in texts)


def _events(session: Session) -> Iterator[tuple[int, AuditEvent | None]]:
    """Every event with its number, in their order; None where somebody wrote what no event can hold."""
    last = None
    while True:
        query = select(AuditEvent.sequence).order_by(AuditEvent.sequence).limit(_CHUNK)
        numbers = session.scalars(query if last is None else query.where(AuditEvent.sequence > last)).all()
        if not numbers:
            return
        last = numbers[-1]
        for number, event in zip(numbers, _read(session, numbers), strict=True):
            yield number, event
            if event is not None:
                session.expunge(event)


def _read(session: Session, numbers: Sequence[int]) -> list[AuditEvent | None]:
    """The events of some numbers, in their order: at once, or one by one if one cannot be read."""
    there = select(AuditEvent).where(AuditEvent.sequence.in_(numbers))
    try:
        found = {event.sequence: event for event in session.scalars(there)}
        return [found.get(number) for number in numbers]
    except (*_UNREADABLE, OperationalError) as error:
        _must_be_of_a_row(error)
        if len(numbers) == 1:
            return [None]
        half = len(numbers) // 2
        return _read(session, numbers[:half]) + _read(session, numbers[half:])


def _is_plain(event: AuditEvent) -> bool:
    """Whether what an event says can be told; a file of SQLite takes anything in any column."""
    texts = (event.actor_kind, event.action, event.subject_kind, event.subject_id, event.door, event.result)
    seen = all(isinstance(said, str) and said.isprintable() for said in texts)
    return seen and isinstance(event.details, dict) and isinstance(event.actor_id, (str, type(None)))


def _must_be_of_a_row(error: Exception) -> None:
    """Let a database that fails fail; text that is none in a row of a SQLite file is that row's fault."""
    if isinstance(error, OperationalError) and "UTF-8" not in str(error.orig):
        raise error


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def _expected(key: bytes, event: AuditEvent | None) -> str | None:
    """The seal that an event should have; None when it holds what no event can."""
    if event is None or not isinstance(event.seal, str) or not isinstance(event.previous, str):
        return None
    try:
        return _seal(key, event)
    except _UNREADABLE:
        return None


def _seal(key: bytes, event: AuditEvent) -> str:
    content = [
        event.previous, event.sequence, event.at.isoformat(), event.actor_kind, event.actor_id, event.action,
        event.subject_kind, event.subject_id, event.door, event.result, event.details,
    ]  # fmt: skip
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _proof(key: bytes, head: AuditHead) -> str:
    begins = f" from {head.first} {head.before}" if (head.first or 1) > 1 else ""  # as before for a whole log
    return hmac.new(key, f"end {head.sequence} {head.seal}{begins}".encode(), "sha256").hexdigest()


def _is_proved(key: bytes, head: AuditHead) -> bool:
    return _is_plain_end(head) and _same(head.proof, _proof(key, head))


def _refuse_personal(details: Mapping[str, Any]) -> None:
    for name, value in details.items():
        values = value if isinstance(value, (list, tuple)) else [value]
        for item in values:
            if not isinstance(item, (bool, int, type(None))) and not (isinstance(item, str) and _PLAIN.fullmatch(item)):
                raise TypeError(f"{name}: the log takes ids, codes and numbers only")


__all__ = ["NEW", "SERVICE", "UNFINISHED", "Actor", "AuditEvent", "Finding", "all_of", "append", "details_of", "end_of",
           "goes_on_from", "hold", "is_ours", "last_of", "latest", "shorten", "verify"]

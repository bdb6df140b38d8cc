"""Students as people see them: how complete a profile is, what to ask next, changing it, its versions."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from api.files import RowError
from api.policy import Policy
from api.services import cells
from api.services.records import plain, student_of
from api.services.run_inputs import policy_now
from api.services.who_sees import SEES, visible
from api.store import audit, students
from api.store.audit import Actor
from api.store.paging import Place
from api.store.people import Session
from api.store.students import Facts, Row
from api.texts.catalogue import say
from api.texts.questions import OF_STUDENT
from features.completeness import STUDENT, completeness, freshness_state, missing_of_student
from features.records import Student

CONSENTS = ("none", "asked", "talk", "no", "given", "withdrawn", "ended")
STATES = ("open", "accepted", "released", "placed")


@dataclass(frozen=True, slots=True)
class Known:
    """How much of a profile is known: millionths, how fresh, and what to ask next, most telling first."""

    complete: int
    freshness: str
    missing: tuple[str, ...]
    confirmed_on: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which students of a list: without an answer to ``ask``, with gaps or without, by consent and state."""

    gaps: bool | None = None
    ask: str = ""
    consent: str = ""
    state: str = ""

    def fits(self, known: Known, facts: Facts) -> bool:
        """Whether a student is one of them."""
        return (
            self.gaps in (None, bool(known.missing)) and self.ask in ("", *known.missing)
            and self.consent in ("", facts.consent) and self.state in ("", facts.state)
        )  # fmt: skip


def listed(
    session: Session, wanted: Wanted, *, homes: Iterable[str], regions: Iterable[str], ids: Iterable[str], after: Place,
    limit: int, today: date,
) -> list[tuple[Row, Known, Facts]]:  # fmt: skip
    """The first students that are wanted, by the school's number, one more than ``limit`` when there are more."""
    found: list[tuple[Row, Known, Facts]] = []
    policy = policy_now(session)
    for chunk in students.chunks(session, homes=homes, regions=regions, ids=ids, after=after):
        facts = students.facts_of(session, [row.student.id for row in chunk])
        for row in chunk:
            about = facts[row.student.id]
            known = known_of(student_of(row.record), about.ask, policy, today)
            if wanted.fits(known, about):
                found.append((row, known, about))
                if len(found) > limit:
                    return found
    return found


def known_of(student: Student, ask: tuple[str, ...], policy: Policy, today: date) -> Known:
    """How much is known of a student; ``ask`` is the order in which the latest run would ask."""
    missing = missing_of_student(student)
    state = freshness_state(student.confirmed_on, today, policy.rules)
    share = completeness(len(missing), len(STUDENT))
    if state in ("marked", "old"):
        missing = (*missing, "confirmed_on")
    order = {name: at for at, name in enumerate(ask)}
    return Known(share, state, tuple(sorted(missing, key=lambda name: order.get(name, len(order)))),
                 student.confirmed_on)


def questions_to_ask(known: Known, lang: str) -> list[dict[str, str]]:
    """What to ask next, in sentences."""
    return [{"field": name, "question": say(OF_STUDENT, name, lang)} for name in known.missing]


def fields_for(record: Mapping[str, Any], role: str) -> list[dict[str, Any]]:
    """The fields of a profile that somebody sees in a role: value (None: not filled in) and who else sees it."""
    told = cells.student_cells(student_of(record))
    names = [name for name in visible(role) if name != "postcode" or "place" not in told]
    if "place" not in told:
        names = [name for name in names if name != "place" or "postcode" not in told]
    return [{"name": name, "value": told.get(name), "seen_by": list(SEES[name])} for name in names]


def change(
    session: Session, actor: Actor, row: Row, changes: Mapping[str, Any], *, lang: str, today: date, now: datetime
) -> tuple[int, list[RowError]]:
    """Change fields of a profile: a new version, read as a list would be; return its number and the warnings.

    A change that changes nothing makes no version.

    Raises
    ------
    api.services.cells.Unreadable
        If it cannot be read; everything that is wrong is said at once.
    """
    before = student_of(row.record)
    after = cells.changed_cells(cells.student_cells(before), changes)
    record, errors = cells.read_student(after, lang=lang, on=today, before=before)
    if record is None:
        raise cells.Unreadable("leavers", errors)
    # Who it is stays, whatever the cells said.
    record = replace(record, school=before.school, student_ref=before.student_ref)
    return _write(session, actor, row, record, action="student.changed", now=now,
                  fields=sorted(changes)), errors  # fmt: skip


def confirm(session: Session, actor: Actor, row: Row, *, today: date, now: datetime) -> int:
    """Say that a profile is still right today; return the number of its version."""
    record = replace(student_of(row.record), confirmed_on=today)
    return _write(session, actor, row, record, action="student.confirmed", now=now, fields=["confirmed_on"])


def _write(
    session: Session, actor: Actor, row: Row, record: Student, *, action: str, now: datetime, fields: list[str]
) -> int:
    data = plain(record)
    if data == row.record:
        return row.student.number
    region = record.location.region_code if record.location else row.home.region_code
    number = students.add_version(session, row, data, region=region, account_id=actor.id, now=now)
    audit.append(session, actor, action, ("student", row.student.id), now=now, number=number, fields=fields)
    return number


def history(session: Session, student_id: str, role: str) -> list[dict[str, Any]]:
    """Every version of a profile, newest first: when, by whom, and which fields changed from what to what."""
    told: list[dict[str, Any]] = []
    before: cells.Cells = {}
    seen = visible(role)
    for profile, name in students.versions_of(session, student_id):
        after = cells.student_cells(student_of(profile.record))
        changed = [
            {"name": field, "before": before.get(field), "after": after.get(field)}
            for field in seen if before.get(field) != after.get(field)
        ]  # fmt: skip
        told.append({"number": profile.number, "created_at": profile.created_at, "by": name,
                     "from_list": profile.upload_id is not None, "changed": changed if before else []})  # fmt: skip
        before = after
    return told[::-1]


__all__ = [
    "CONSENTS", "STATES", "Known", "Wanted", "change", "confirm", "fields_for", "history", "known_of",
    "listed", "questions_to_ask",
]  # fmt: skip

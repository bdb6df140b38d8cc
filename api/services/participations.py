"""How employers take part in projects, with the entry criteria of each option; and who works together."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from api.services import under_participation
from api.services.records import opening_of, plain
from api.services.uploads import Conflict
from api.store import audit, lists, organisations, vacancies
from api.store.audit import Actor
from api.store.organisations import Cooperation, Organisation, Participation
from api.store.people import Session
from features.eligibility_openings import criteria_of

OPTIONS = (1, 2, 3, 4, 5)
PARTIES = ("school", "employer", "municipality")
LEAST_PARTIES = 2


def checklist(option: int, criteria: Mapping[str, str]) -> list[dict[str, str]]:
    """The entry criteria of an option, each met, not_met or unknown."""
    return [{"code": code, "state": criteria.get(code, "unknown")} for code in criteria_of(option)]


def add(
    session: Session, actor: Actor, home: Organisation, values: Mapping[str, Any], *, now: datetime
) -> Participation:
    """Write that an employer takes part in a project.

    Raises
    ------
    Conflict
        If it takes part in that project already.
    """
    if any(one.project == values["project"] for one in organisations.participations_of(session, [home.id])):
        raise Conflict("This employer takes part in this project already.", code="participation_there")
    made = organisations.add(session, Participation(organisation_id=home.id, created_at=now, **values))
    audit.append(session, actor, "participation.added", ("participation", made.id), now=now, organisation=home.id,
                 option=made.option)  # fmt: skip
    return made


def change(
    session: Session, actor: Actor, found: Participation, values: Mapping[str, Any], *, ended: bool | None,
    now: datetime,
) -> None:  # fmt: skip
    """Change option, criteria or end; the vacancies under it say so from now on, in a new version."""
    for name, value in values.items():
        setattr(found, name, value)
    if ended is not None:
        found.ended_at = (found.ended_at or now) if ended else None
    session.flush()
    audit.append(session, actor, "participation.changed", ("participation", found.id), now=now,
                 fields=sorted(values))  # fmt: skip
    for vacancy in organisations.linked_to(session, found.id):
        _say(session, actor, found, vacancies.with_openings(session, [vacancy])[0], now)


def link(session: Session, actor: Actor, found: Participation | None, row: vacancies.VacancyRow, now: datetime) -> None:
    """Put a vacancy under a participation (None: under none); its option and criteria are the vacancy's."""
    row.vacancy.participation_id = found.id if found else None
    session.flush()
    audit.append(session, actor, "vacancy.linked", ("vacancy", row.vacancy.id), now=now,
                 participation=found.id if found else None)  # fmt: skip
    if found is not None:
        _say(session, actor, found, row, now)


def _say(session: Session, actor: Actor, found: Participation, row: vacancies.VacancyRow, now: datetime) -> None:
    said, values = under_participation.values_of(found), []
    for one in row.openings:
        after: dict[str, Any] = plain(under_participation.as_said(opening_of(one.record), said))
        if after != one.record:
            values.append((one.stored, row.home.id, row.vacancy.vacancy_ref, one.opening.region_code, after))
    if values:
        lists.add_openings(session, values, None, now, account_id=actor.id)
        vacancies.touch(session, row.vacancy)


def classify(school_types: Sequence[str], branches: Sequence[str]) -> str:
    """Narrow: one school type and one branch; broad: several of either.

    >>> classify(["pro"], ["green"]), classify(["pro", "vso"], ["green"])
    ('narrow', 'broad')
    """
    return "narrow" if len(set(school_types)) == len(set(branches)) == 1 else "broad"


def is_covenant(kinds: Sequence[str], signed_on: date | None) -> bool:
    """Whether it is a covenant: signed, by at least two of school, employer and municipality."""
    return signed_on is not None and len({kind for kind in kinds if kind in PARTIES}) >= LEAST_PARTIES


def save_cooperation(
    session: Session, actor: Actor, found: Cooperation | None, values: Mapping[str, Any],
    members: Sequence[tuple[str, str]] | None, *, now: datetime,
) -> Cooperation:  # fmt: skip
    """Add or change a cooperation and its members (None: as they were)."""
    action = "cooperation.changed" if found else "cooperation.added"
    if found is None:
        found = organisations.add(session, Cooperation(created_at=now, **values))
    else:
        for name, value in values.items():
            setattr(found, name, value)
        organisations.touch(session, found)
    if members is not None:
        organisations.set_members(session, found.id, members)
    audit.append(session, actor, action, ("cooperation", found.id), now=now)
    return found


__all__ = ["OPTIONS", "add", "change", "checklist", "classify", "is_covenant", "link", "save_cooperation"]

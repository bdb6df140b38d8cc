"""Organisations: who they are, who vouches for them, on which ground of the law they hand in data, whom to call."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.services import vacancy_review
from api.services.grounds import GROUNDS
from api.services.uploads import Conflict
from api.store import audit, organisations, people, vacancies
from api.store.audit import Actor
from api.store.organisations import Contact, LegalGround, Organisation
from api.store.people import Session
from features.codes import code_list

OFFERS = {"branches": "branch", "contract_types": "contract_type", "support": "support",
          "certificates": "certificate"}  # fmt: skip
"""What an organisation may offer, in codes of which list."""


def add(
    session: Session, actor: Actor, kind: str, code: str, *, name: str, region: str | None, place: str, approved: bool,
    now: datetime,
) -> Organisation:  # fmt: skip
    """Add an organisation; an employer that nobody vouches for yet is not matched.

    Raises
    ------
    Conflict
        If there is one with this number.
    """
    if people.organisation(session, kind, code) is not None:
        raise Conflict("There is an organisation with this number already.", code="organisation_there")
    made = people.add_organisation(session, kind, code, name=name, region=region, now=now)
    made.place = place
    if kind == "employer" and not approved:
        made.approved_at = None
    elif kind == "employer":
        made.approved_by = actor.id
    session.flush()
    audit.append(session, actor, "organisation.added", ("organisation", made.id), now=now, kind=kind,
                 approved=made.approved_at is not None)  # fmt: skip
    return made


def change(
    session: Session, actor: Actor, found: Organisation, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Change name, place, region, what it offers, and whether the directory shows it.

    Students and openings without a place of their own are where their organisation is, and move along.
    """
    before = found.region_code
    for name, value in values.items():
        setattr(found, name, value)
    session.flush()
    if found.region_code != before:
        organisations.move_along(session, found)
    audit.append(session, actor, "organisation.changed", ("organisation", found.id), now=now, fields=sorted(values))


def approve(session: Session, actor: Actor, found: Organisation, *, now: datetime) -> int:
    """Vouch for an employer; its vacancies that waited for nothing else are open. Return how many that are.

    Raises
    ------
    Conflict
        If somebody vouches for it already, or it is no employer.
    """
    if found.kind != "employer" or found.approved_at is not None:
        raise Conflict("This is no employer that waits for approval.", code="approved")
    found.approved_at, found.approved_by = now, actor.id
    session.flush()
    waiting = vacancies.waiting_of(session, found.id)  # held before the end of the log is: others do it in this order
    audit.append(session, actor, "organisation.approved", ("organisation", found.id), now=now)
    opened = 0
    for row in waiting:
        row.vacancy.to_review = vacancy_review.codes_of(row)
        if not row.vacancy.to_review:
            row.vacancy.state = "open"
            opened += 1
            audit.append(session, actor, "vacancy.open", ("vacancy", row.vacancy.id), now=now)
    session.flush()
    return opened


def distrust(session: Session, actor: Actor, found: Organisation, *, now: datetime) -> None:
    """Take approval back: nothing of the employer is matched from now on; what was agreed stays."""
    if found.kind != "employer" or found.approved_at is None:
        raise Conflict("Nobody vouches for this organisation.", code="not_approved")
    found.approved_at = found.approved_by = None
    session.flush()
    audit.append(session, actor, "organisation.distrusted", ("organisation", found.id), now=now)


def record_ground(
    session: Session, actor: Actor, found: Organisation, ground: str, explanation: str, *, now: datetime
) -> LegalGround:
    """Record on which ground of the law a party hands in data; the one before it ends."""
    made = organisations.add_ground(session, found.id, ground, explanation, account_id=actor.id or "",
                                    now=now)  # fmt: skip
    audit.append(session, actor, "ground.recorded", ("organisation", found.id), now=now, ground=ground)
    return made


def add_contact(
    session: Session, actor: Actor, found: Organisation, values: Mapping[str, Any], *, now: datetime
) -> Contact:
    """Add a person to call."""
    made = organisations.add(session, Contact(organisation_id=found.id, created_at=now, **values))
    audit.append(session, actor, "contact.added", ("contact", made.id), now=now, organisation=found.id)
    return made


def change_contact(
    session: Session, actor: Actor, contact: Contact, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Change a person to call."""
    for name, value in values.items():
        setattr(contact, name, value)
    session.flush()
    audit.append(session, actor, "contact.changed", ("contact", contact.id), now=now, fields=sorted(values))


def remove_contact(session: Session, actor: Actor, contact: Contact, *, now: datetime) -> None:
    """Let a person to call go."""
    audit.append(session, actor, "contact.removed", ("contact", contact.id), now=now,
                 organisation=contact.organisation_id)  # fmt: skip
    organisations.remove(session, contact)


def unknown_offers(offers: Mapping[str, list[str]]) -> list[str]:
    """What of the offers is no code of its list."""
    return [f"{name}: {code}" for name, codes in offers.items() for code in codes
            if name not in OFFERS or code not in code_list(OFFERS[name])]  # fmt: skip


__all__ = [
    "GROUNDS", "OFFERS", "add", "add_contact", "approve", "change", "change_contact", "distrust", "record_ground",
    "remove_contact", "unknown_offers",
]  # fmt: skip

"""Who is who: accounts with their rights, organisations by name."""
from __future__ import annotations

from typing import Any

from api.store import people
from api.store.people import Session


def account_with_rights(session: Session, account_id: str) -> dict[str, Any]:
    """An account for itself: name, address, and every right with the organisation's name."""
    account = people.account_by_id(session, account_id)
    assert account is not None
    ids = [grant.organisation_id for grant in account.grants if grant.organisation_id]
    names = {found.id: found.name for found in people.organisations(session, ids)}
    return {
        "id": account.id, "name": account.name, "email": account.email, "must_change_password": account.must_change,
        "rights": [
            {"role": grant.role, "organisation_id": grant.organisation_id,
             "organisation": names.get(grant.organisation_id or ""), "region": grant.region_code,
             "student_id": grant.student_id}
            for grant in sorted(account.grants, key=lambda g: (g.role, g.subject))
        ],
    }  # fmt: skip

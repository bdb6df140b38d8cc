"""Accounts as the administrator sees them: rights with names, tokens; never of which student somebody is."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.store import people
from api.store.people import Account, Session, Token


def shown(session: Session, accounts: Sequence[Account], now: datetime) -> list[dict[str, Any]]:
    """Accounts with every right and the organisation's name."""
    ids = {held.organisation_id for account in accounts for held in account.grants if held.organisation_id}
    names = {found.id: found.name for found in people.organisations(session, sorted(ids))}
    return [
        {
            "id": account.id, "name": account.name, "email": account.email, "active": account.active,
            "has_password": account.password is not None, "created_at": account.created_at,
            "version": account.version,
            "rights": [
                {"id": held.id, "role": held.role, "organisation_id": held.organisation_id,
                 "organisation": names.get(held.organisation_id or ""), "region": held.region_code}
                for held in sorted(account.grants, key=lambda g: (g.role, g.subject))
            ],
            "sessions": people.live_sessions(session, account.id, now),
        }
        for account in accounts
    ]  # fmt: skip


def tokens_shown(tokens: Sequence[Token], now: datetime) -> list[dict[str, Any]]:
    """Tokens with whether they may still be used."""
    return [
        {"id": token.id, "name": token.name, "scopes": token.scopes, "created_at": token.created_at,
         "expires_at": token.expires_at, "live": token.revoked_at is None and token.expires_at > now}
        for token in tokens
    ]  # fmt: skip

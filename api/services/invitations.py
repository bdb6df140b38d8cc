"""How an account gets its password: a code that is handed to its owner, serves once, and ends after 14 days."""
from __future__ import annotations

from datetime import datetime

from api.errors import Refused
from api.services import accounts, passwords
from api.services.codes import LASTS, digest_of, new_code
from api.store import audit, codes, people
from api.store.audit import Actor
from api.store.people import Account, Session


def invite(session: Session, actor: Actor, account: Account, key: bytes, *, now: datetime) -> tuple[str, datetime]:
    """Make a code for an account; return it, which is nowhere else, and until when it serves.

    The password it has is worth nothing from now on, and every session ends.

    Raises
    ------
    Refused
        If the account is closed, or has no address to sign in with.
    """
    if not account.active or account.email is None:
        raise Refused("This account is closed, or signs in with a code of the school.", code="account_closed")
    if account.password is not None:
        accounts.forget_password(session, actor, account, now=now)
    code = new_code()
    made = codes.add_invitation(session, account.id, digest_of(key, code), actor.id, now=now, expires_at=now + LASTS)
    audit.append(session, actor, "account.invited", ("account", account.id), now=now, invitation=made.id)
    return code, made.expires_at


def activate(session: Session, key: bytes, code: str, password: str, *, now: datetime) -> Account | None:
    """Use a code: give its account a password; None when the code opens none, whatever the cause.

    Raises
    ------
    Refused
        If the password is too short, or guessed too soon.
    """
    passwords.check(password)  # before the code is looked at: the answer tells nothing of it
    found = codes.live_invitation(session, digest_of(key, code), now)
    account = None if found is None else people.account_by_id(session, found.account_id)
    if found is None or account is None or not account.active:
        return None
    passwords.check(password, account.email or "", account.name)
    found.used_at = now
    accounts.choose_password(session, Actor("human", account.id, "web"), account, password, now=now)
    return account


__all__ = ["activate", "invite"]

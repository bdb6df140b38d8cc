"""Accounts, rights, sessions, tokens and organisations in the database."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, selectinload

from api.store.base import new_id
from api.store.tables import Account, Grant, LoginFailure, Organisation, SignIn, Token


def account_by_email(session: Session, email: str) -> Account | None:
    """The account that signs in with this address, in any case."""
    return session.scalar(select(Account).where(func.lower(Account.email) == email.lower()))


def account_by_id(session: Session, account_id: str) -> Account | None:
    """The account with its rights, read now."""
    return session.scalar(select(Account).where(Account.id == account_id).options(selectinload(Account.grants)))


def accounts(session: Session) -> Sequence[Account]:
    """All accounts with their rights, by address."""
    return session.scalars(select(Account).options(selectinload(Account.grants)).order_by(Account.email)).all()


def add_account(session: Session, email: str, name: str, password_hash: str | None, *, must_change: bool,
                now: datetime) -> Account:  # fmt: skip
    """Add an account without rights."""
    account = Account(email=email, name=name, password=password_hash, must_change=must_change, created_at=now,
                      fs_uniquifier=new_id())  # fmt: skip
    session.add(account)
    session.flush()
    return account


def add_grant(session: Session, account: Account, role: str, organisation_id: str | None, region: str | None) -> Grant:
    """Add a right; one that is there already is returned."""
    same = (Grant.account_id == account.id, Grant.role == role, Grant.organisation_id == organisation_id,
            Grant.region_code == region)  # fmt: skip
    known = session.scalar(select(Grant).where(*same))
    if known is not None:
        return known
    grant = Grant(account_id=account.id, role=role, organisation_id=organisation_id, region_code=region)
    session.add(grant)
    session.flush()
    return grant


def organisation(session: Session, kind: str, code: str) -> Organisation | None:
    """The organisation with this official number."""
    return session.scalar(select(Organisation).where(Organisation.kind == kind, Organisation.code == code))


def add_organisation(
    session: Session, kind: str, code: str, *, name: str, region: str | None, now: datetime
) -> Organisation:
    """Add an organisation."""
    made = Organisation(kind=kind, code=code, name=name, region_code=region, created_at=now)
    session.add(made)
    session.flush()
    return made


def organisations(session: Session, ids: Sequence[str] | None = None) -> Sequence[Organisation]:
    """Organisations by kind and name; with ``ids`` those alone."""
    query = select(Organisation).order_by(Organisation.kind, Organisation.name, Organisation.id)
    return session.scalars(query if ids is None else query.where(Organisation.id.in_(ids))).all()


def begin_sign_in(session: Session, account_id: str, now: datetime, longest: timedelta) -> str:
    """Begin a session; return its id."""
    made = SignIn(account_id=account_id, began_at=now, ends_at=now + longest)
    session.add(made)
    session.flush()
    return made.id


def sign_in_is_live(session: Session, sign_in_id: str, account_id: str, now: datetime) -> bool:
    """Whether a session may still be used."""
    live = (SignIn.id == sign_in_id, SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.ends_at > now)
    return session.scalar(select(SignIn.id).where(*live)) is not None


def end_sign_ins(session: Session, account_id: str, now: datetime, *, only: str | None = None,
                 but: str | None = None) -> None:  # fmt: skip
    """End all sessions of an account, ``only`` one, or all ``but`` one."""
    query = update(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None)).values(ended_at=now)
    if only is not None:
        query = query.where(SignIn.id == only)
    if but is not None:
        query = query.where(SignIn.id != but)
    session.execute(query)


def add_token(session: Session, account_id: str, name: str, digest: str, scopes: list[str], *, now: datetime,
              expires_at: datetime) -> Token:  # fmt: skip
    """Add a system's token by its digest."""
    token = Token(account_id=account_id, name=name, digest=digest, scopes=scopes, created_at=now, expires_at=expires_at)
    session.add(token)
    session.flush()
    return token


def live_token(session: Session, digest: str, now: datetime) -> Token | None:
    """The token with this digest, if it may still be used."""
    live = (Token.digest == digest, Token.revoked_at.is_(None), Token.expires_at > now)
    return session.scalar(select(Token).where(*live))


def failures(session: Session, who: str, since: datetime) -> list[datetime]:
    """When signing in went wrong for somebody, oldest first."""
    query = select(LoginFailure.at).where(LoginFailure.who == who, LoginFailure.at > since).order_by(LoginFailure.at)
    return list(session.scalars(query))


def add_failure(session: Session, who: str, now: datetime, kept: timedelta) -> None:
    """Remember a wrong sign-in, and forget those of before yesterday."""
    session.execute(delete(LoginFailure).where(LoginFailure.at < now - kept))
    session.add(LoginFailure(who=who, at=now))


def forget_failures(session: Session, who: str) -> None:
    """Somebody signed in: begin to count anew."""
    session.execute(delete(LoginFailure).where(LoginFailure.who == who))


__all__ = [
    "Account", "Grant", "Organisation", "Session", "account_by_email", "account_by_id", "accounts", "add_account",
    "add_failure", "add_grant", "add_organisation", "add_token", "begin_sign_in", "end_sign_ins", "failures",
    "forget_failures", "live_token", "organisation", "organisations", "sign_in_is_live",
]  # fmt: skip

"""Accounts, rights, sessions, tokens and organisations in the database."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, func, select, update
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import flag_modified

from api.store.base import new_id
from api.store.paging import Place, in_order
from api.store.tables import Account, Grant, LoginFailure, Organisation, SignIn, StoredStudent, Token

# Asked by every request: stated once, for stating a question costs more than asking it.
_OF_SESSION = (
    select(Account, SignIn.id)
    .outerjoin(SignIn, and_(
        SignIn.account_id == Account.id, SignIn.id == bindparam("sign_in"), SignIn.ended_at.is_(None),
        SignIn.ends_at > bindparam("moment")))
    .where(Account.fs_uniquifier == bindparam("uniquifier"))
    .options(joinedload(Account.grants))
)  # fmt: skip


def account_by_email(session: Session, email: str) -> Account | None:
    """The account that signs in with this address, in any case."""
    return session.scalar(select(Account).where(func.lower(Account.email) == email.lower()))


def account_by_id(session: Session, account_id: str) -> Account | None:
    """The account with its rights, read now."""
    return session.scalar(select(Account).where(Account.id == account_id).options(selectinload(Account.grants)))


def account_of_session(
    session: Session, uniquifier: str, sign_in_id: str, now: datetime
) -> tuple[Account, bool] | None:
    """The account that a session was begun for, with its rights, and whether it may still be used: read now."""
    asked = {"uniquifier": uniquifier, "sign_in": sign_in_id, "moment": now}
    found = session.execute(_OF_SESSION, asked).unique().one_or_none()
    return None if found is None else (found[0], found[1] is not None)


def accounts(session: Session) -> Sequence[Account]:
    """All accounts with their rights, by address."""
    return session.scalars(select(Account).options(selectinload(Account.grants)).order_by(Account.email)).all()


def on_page(session: Session, *, role: str, organisation_id: str, after: Place, limit: int) -> list[Account]:
    """Accounts with an address by name: of a role, at an organisation."""
    query = select(Account).options(selectinload(Account.grants)).where(Account.email.is_not(None))
    if role:
        query = query.where(Account.grants.any(Grant.role == role))
    if organisation_id:
        query = query.where(Account.grants.any(Grant.organisation_id == organisation_id))
    return in_order(session, query, Account, Account.name, after=after, limit=limit)


def add_account(session: Session, email: str | None, name: str, password_hash: str | None, *, must_change: bool,
                now: datetime) -> Account:  # fmt: skip
    """Add an account without rights."""
    account = Account(email=email, name=name, password=password_hash, must_change=must_change, created_at=now,
                      fs_uniquifier=new_id())  # fmt: skip
    session.add(account)
    session.flush()
    return account


def roles_of(session: Session, account_id: str) -> list[str]:
    """The roles of an account, as they are now."""
    return list(session.scalars(select(Grant.role).where(Grant.account_id == account_id).distinct()))


def add_grant(session: Session, account: Account, role: str, *, organisation_id: str | None = None,
              region: str | None = None, student_id: str | None = None) -> Grant:  # fmt: skip
    """Add a right; one that is there already is returned."""
    subject = organisation_id or region or student_id or ""
    same = (Grant.account_id == account.id, Grant.role == role, Grant.subject == subject)
    known = session.scalar(select(Grant).where(*same))
    if known is not None:
        return known
    grant = Grant(account_id=account.id, role=role, organisation_id=organisation_id, region_code=region,
                  student_id=student_id, subject=subject)  # fmt: skip
    session.add(grant)
    session.flush()
    return grant


def remove_grant(session: Session, grant: Grant) -> None:
    """Take a right away."""
    session.delete(grant)
    session.flush()


def hold(session: Session, account: Account) -> None:
    """Hold an account, as it is now, until this transaction ends: who changes it at the same time waits."""
    latest = select(Account).where(Account.id == account.id).with_for_update()
    session.execute(latest.execution_options(populate_existing=True))
    session.expire(account, ["grants"])


def touch(session: Session, account: Account) -> None:
    """Count an edit of an account of which only rights changed: what If-Match speaks of is the whole."""
    flag_modified(account, "name")
    session.flush()


def is_student(session: Session, student_id: str) -> bool:
    """Whether there is a record of a student with this id."""
    return session.get(StoredStudent, student_id) is not None


def organisation(session: Session, kind: str, code: str) -> Organisation | None:
    """The organisation with this official number."""
    return session.scalar(select(Organisation).where(Organisation.kind == kind, Organisation.code == code))


def add_organisation(
    session: Session, kind: str, code: str, *, name: str, region: str | None, now: datetime
) -> Organisation:
    """Add an organisation that whoever runs the service, or a connector's list, vouches for."""
    made = Organisation(kind=kind, code=code, name=name, region_code=region, created_at=now, approved_at=now)
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


def sign_in_by_id(session: Session, sign_in_id: str) -> SignIn | None:
    """A session, also one that ended."""
    return session.get(SignIn, sign_in_id)


def live_sign_ins(session: Session, account_id: str, now: datetime) -> Sequence[SignIn]:
    """The sessions of an account that may still be used, newest first."""
    live = (SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.ends_at > now)
    return session.scalars(select(SignIn).where(*live).order_by(SignIn.began_at.desc(), SignIn.id)).all()


def live_sessions(session: Session, account_id: str, now: datetime) -> int:
    """How many sessions of an account may still be used."""
    live = (SignIn.account_id == account_id, SignIn.ended_at.is_(None), SignIn.ends_at > now)
    return session.scalar(select(func.count()).select_from(SignIn).where(*live)) or 0


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


def tokens_of(session: Session, account_id: str) -> list[Token]:
    """The tokens of an account, newest first."""
    query = select(Token).where(Token.account_id == account_id)
    return list(session.scalars(query.order_by(Token.created_at.desc(), Token.id)))


def token_by_id(session: Session, token_id: str) -> Token | None:
    """One token."""
    return session.get(Token, token_id)


def end_token(session: Session, token: Token, now: datetime) -> None:
    """Take a token back."""
    token.revoked_at = token.revoked_at or now
    session.flush()


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
    "Account", "Grant", "Organisation", "Session", "Token", "account_by_email", "account_by_id", "account_of_session",
    "accounts", "add_account", "add_failure", "add_grant", "add_organisation", "add_token", "begin_sign_in",
    "end_sign_ins", "end_token", "failures", "forget_failures", "hold", "is_student", "live_sessions", "live_sign_ins",
    "live_token", "on_page", "organisation", "organisations", "remove_grant", "sign_in_by_id", "sign_in_is_live",
    "token_by_id", "tokens_of", "touch",
]  # fmt: skip

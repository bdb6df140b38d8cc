"""Second factors and recovery codes in the database."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from api.store.tables import Account, RecoveryCode


def set_factor(account: Account, sealed: str) -> None:
    """Give an account a second factor; ``sealed`` is its secret, encrypted."""
    account.tf_primary_method, account.tf_totp_secret, account.tf_counter = "authenticator", sealed, None


def take_away(session: Session, account: Account) -> None:
    """Take the second factor and every recovery code away."""
    account.tf_primary_method = account.tf_totp_secret = account.tf_counter = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def put_codes(session: Session, account_id: str, digests: Iterable[str], now: datetime) -> None:
    """Put new recovery codes in the place of the old ones."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all(RecoveryCode(account_id=account_id, digest=digest, created_at=now) for digest in digests)
    session.flush()


def use_code(session: Session, account_id: str, digest: str, now: datetime) -> bool:
    """Use a recovery code; False when there is none like it, or it was used. One step: it works once."""
    mine = (RecoveryCode.account_id == account_id, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None))
    used = session.execute(update(RecoveryCode).where(*mine).values(used_at=now).returning(RecoveryCode.id)).first()
    return used is not None


def codes_left(session: Session, account_id: str) -> int:
    """How many recovery codes were not used yet."""
    mine = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def advance(session: Session, account_id: str, counter: int) -> bool:
    """Note that a code was used; False when it, or a later one, was used before. One step: it works once."""
    fresh = (Account.id == account_id, func.coalesce(Account.tf_counter, -1) < counter)
    changed = update(Account).where(*fresh).values(tf_counter=counter, version=Account.version)
    return session.execute(changed.returning(Account.id)).first() is not None


__all__ = ["Account", "advance", "codes_left", "put_codes", "set_factor", "take_away", "use_code"]

"""Who stands beside a student: a parent or representative with a mandate, and coaches."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from api.errors import Refused
from api.services import accounts, addresses
from api.services.uploads import Conflict
from api.store import audit, codes, mandates, people
from api.store.audit import Actor
from api.store.codes import StoredStudent
from api.store.mandates import ADULT, Mandate
from api.store.people import Account, Session
from features.eligibility_columns import age_on

GROUNDS = ("minor", "student_gave", "representative")
OWN_WORD = 16
"""From this age on a student gives a mandate alone."""
_YEARS = 2


def record(
    session: Session, actor: Actor, student: StoredStudent, *, email: str, name: str, ground: str,
    by_student: bool, begins_on: date | None, ends_on: date | None, today: date, now: datetime,
) -> tuple[Mandate, Account, bool]:  # fmt: skip
    """Write a mandate; return it with the account it is for, and whether that account is new.

    A minor's ends on the 18th birthday at the latest; another's two years on, unless said otherwise.

    Raises
    ------
    Refused
        If the dates cannot be, or the ground is not for a student of this age.
    Conflict
        If the account has a mandate of this student already.
    """
    codes.student_by_id(session, student.id, lock=True)
    born = date.fromisoformat(str(codes.record_of(session, student)["birth_date"]))
    begins, adult = begins_on or today, birthday(born, ADULT)
    _refuse_ground(ground, age_on(born, today), by_student=by_student)
    latest = adult if ground == "minor" else birthday(begins, _YEARS)
    ends = min(ends_on or latest, adult) if ground == "minor" else ends_on or latest
    if not begins < ends or ends <= today:
        raise Refused("A mandate ends after it begins, and not before today.", code="mandate_dates")
    account, new = _account(session, actor, email, name, now)
    before = mandates.live_mandate(session, student.id, account.id)
    if before is not None and state_of(before, born, today) == "lapsed":
        before.ended_at = now
        session.flush()
    elif before is not None:
        raise Conflict("This person has a mandate already. End that one first.", code="mandate_there")
    made = mandates.add_mandate(session, student.id, account.id, ground, actor.id or "", begins_on=begins,
                                ends_on=ends, now=now)  # fmt: skip
    accounts.grant(session, actor, account, accounts.Right("parent", student.id), now=now)
    audit.append(session, actor, "mandate.recorded", ("mandate", made.id), now=now, student=student.id,
                 account=account.id, ground=ground, begins=begins.isoformat(), ends=ends.isoformat())  # fmt: skip
    return made, account, new


def end(session: Session, actor: Actor, mandate: Mandate, *, now: datetime) -> None:
    """Take a mandate back; it counts from the next request on.

    Raises
    ------
    Conflict
        If it was taken back before.
    """
    if mandate.ended_at is not None:
        raise Conflict("This mandate was taken back already.", code="mandate_ended")
    mandate.ended_at = now
    session.flush()
    account = people.account_by_id(session, mandate.account_id)
    for held in account.grants if account else ():
        if account and held.role == "parent" and held.student_id == mandate.student_id:
            accounts.revoke(session, actor, account, held.id, now=now)
            break
    audit.append(session, actor, "mandate.ended", ("mandate", mandate.id), now=now, student=mandate.student_id)


def assign_coach(
    session: Session, actor: Actor, student: StoredStudent, *, email: str, name: str, now: datetime
) -> tuple[Account, bool]:
    """Let somebody coach a student; return the account, and whether it is new."""
    codes.student_by_id(session, student.id, lock=True)
    account, new = _account(session, actor, email, name, now)
    accounts.grant(session, actor, account, accounts.Right("coach", student.id), now=now)
    return account, new


def state_of(mandate: Mandate, born: date, today: date) -> str:
    """How far a mandate is: later, live, lapsed or ended."""
    if mandate.ended_at is not None:
        return "ended"
    if mandate.ends_on <= today or (mandate.ground == "minor" and age_on(born, today) >= ADULT):
        return "lapsed"
    return "live" if mandate.begins_on <= today else "later"


def birthday(born: date, years: int) -> date:
    """The birthday after so many years; of 29 February it is 1 March in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def called(session: Session, student: StoredStudent, beside: Iterable[Account]) -> dict[str, str]:
    """What to call accounts beside a student, by id: by name who stands there through the student's school alone.

    Of somebody with rights elsewhere only the address is told, which was typed here: whose it is, is not the school's
    to find out by typing addresses.
    """
    found = list(beside)
    foreign = mandates.known_elsewhere(session, [one.id for one in found], student.organisation_id)
    return {one.id: (one.email or "") if one.id in foreign else one.name for one in found}


def _refuse_ground(ground: str, age: int, *, by_student: bool) -> None:
    if by_student and ground != "student_gave":
        raise Refused("You give your own mandate; the school records another one.", code="mandate_ground")
    if ground == "minor" and age >= ADULT:
        raise Refused("The student is of age. A mandate is the student's to give, or a legal representative's.",
                      code="mandate_of_age")  # fmt: skip
    if ground == "student_gave" and age < OWN_WORD:
        raise Refused("A student gives a mandate from 16 on. Until then the parent of a minor has one.",
                      code="mandate_too_young")  # fmt: skip


def _account(session: Session, actor: Actor, email: str, name: str, now: datetime) -> tuple[Account, bool]:
    found = people.account_by_email(session, addresses.spelled(email))
    if found is not None:
        if not found.active:
            raise Refused("This account is closed.", code="account_closed")
        if "employer" in people.roles_of(session, found.id):  # said without saying whose address it is
            raise Refused("This address cannot be used for a parent or a coach. Ask for another address.",
                          code="address_unusable")  # fmt: skip
        return found, False
    return accounts.add_account(session, actor, email, name, [], now=now), True


__all__ = ["GROUNDS", "assign_coach", "birthday", "called", "end", "record", "state_of"]

"""Who signs in to the demo: one invented person per role, with a password made for this one run."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from api.demo.lists import Lists
from api.services import accounts
from api.services.accounts import Right
from api.store import audit, people
from api.store.audit import Actor
from api.store.people import Session
from features.geography import REGIONS

SCHOOL, REFERRER = ("school", "31SB00"), ("referrer", "Gemeente Raalte")
NAMES = {"31SB00": "Praktijkschool Salland", "31ZE00": "Zwolle College", "31SA00": "De Brink", "31SC00": "De IJssel"}
STAFF = {
    "connector": "Sanne Vos", "school": "Els de Boer", "referrer": "Ruben Prins", "employer": "Henk Dekker",
    "coach": "Mieke Jansen", "parent": "Ouder van de leerling", "municipality": "Fatima Aziz",
    "administrator": "Beheerder",
}  # fmt: skip

ORDER = ("connector", "school", "referrer", "employer", "student", "parent", "coach", "municipality", "administrator")


@dataclass(frozen=True, slots=True)
class Login:
    """How somebody signs in: by address and password, or (a student) by code and birth date."""

    role: str
    name: str
    sign_in: str
    secret: str


def email(role: str) -> str:
    """The address of the person of a role."""
    return f"{role}@schakel.example"


def add_parties(session: Session, lists: Lists, now: datetime) -> None:
    """Write the schools and referrers that hand in lists."""
    for kind, code in lists.leavers:
        name = NAMES.get(code, f"School {code}" if kind == "school" else code)
        people.add_organisation(session, kind, code, name=name, region=None, now=now)


def add_staff(session: Session, employer: str, lists: Lists, now: datetime) -> dict[str, Login]:
    """Write an account per role that signs in with a password; ``employer`` is a KvK number."""
    rights = {
        "administrator": [Right("administrator")], "connector": [Right("connector", region) for region in REGIONS],
        "school": [Right(*SCHOOL)], "referrer": [Right(*REFERRER)],
        "employer": [Right("employer", employer, lists.employers[employer])],
        "municipality": [Right("municipality", "GM0193", "Gemeente Zwolle")],
    }  # fmt: skip
    return {role: add(session, role, own, now) for role, own in rights.items()}


def add(session: Session, role: str, rights: list[Right], now: datetime) -> Login:
    """Write one account; its password is nowhere else."""
    password = accounts.new_password()
    accounts.add_account(session, audit.SERVICE, email(role), STAFF[role], rights, password=password, now=now,
                         must_change=False)  # fmt: skip
    return Login(role, STAFF[role], email(role), password)


def give_password(session: Session, role: str, now: datetime) -> Login:
    """Give an account that somebody else made (a coach, a parent) a password."""
    account = people.account_by_email(session, email(role))
    assert account is not None
    password = accounts.new_password()
    accounts.set_password(session, audit.SERVICE, account, password, now=now)
    account.must_change = False
    return Login(role, account.name, email(role), password)


def actor(session: Session, role: str) -> Actor:
    """The person of a role, as who acts."""
    account = people.account_by_email(session, email(role))
    assert account is not None
    return Actor("human", account.id, "command")

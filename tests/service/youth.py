"""Students for tests, and who stands beside them."""
from __future__ import annotations

from datetime import date

from api.services import uploads
from api.store import mandates, people
from api.store.audit import Actor
from api.store.tables import Upload
from tests.service.browser import Service

HEAD = "leerlingnummer,brin,schooltype,voornaam,geboortedatum,uitstroomdatum,postcode,arbeidsvermogen\n"
BORN = date(2009, 2, 1)


def add_student(
    service: Service, ref: str = "L1", *, school: str = "77XX00", first_name: str = "Noor", born: date = BORN
) -> str:
    """A student on a list of a school; return the id of the record."""
    row = f"{ref},{school},pro,{first_name},{born.isoformat()},2026-07-01,8011,ja\n"
    with service.database.writing() as session:
        home = people.organisation(session, "school", school) or people.add_organisation(
            session, "school", school, name=f"School {school}", region="AM36", now=service.clock())
        keeper = people.account_by_email(session, "list@example.org") or people.add_account(
            session, "list@example.org", "List", None, must_change=False, now=service.clock())
        who = Actor("human", keeper.id, "web")
        service.ground(session, home.id, keeper.id)
        made: Upload = uploads.check(session, who, "leavers", "list.csv", (HEAD + row).encode(), own=home, columns={},
                                     lang="nl", now=service.clock(), within=None)  # fmt: skip
        uploads.confirm(session, who, made, now=service.clock(), within=None)
        found = uploads.lists.students_by_ref(session, [home.id])[home.id, ref]
        return found.id


def give_mandate(service: Service, student: str, account: str, ground: str = "student_gave") -> str:
    """Write a mandate of two years; return its id."""
    with service.database.writing() as session:
        made = mandates.add_mandate(session, student, account, ground, account, begins_on=date(2026, 1, 1),
                                    ends_on=date(2028, 1, 1), now=service.clock())  # fmt: skip
        return made.id


__all__ = ["BORN", "add_student", "give_mandate"]

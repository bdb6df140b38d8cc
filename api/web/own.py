"""Whose a record is: the one answer to whether somebody may look at a student, for the API and for pages."""
from __future__ import annotations

from collections.abc import Iterable

from api.services import looks
from api.store import codes
from api.store.codes import StoredStudent
from api.store.persons import ERASED
from api.store.tables.accounts import OF_STUDENT
from api.web.access import Asker, asker, regions_of
from api.web.database import apart, now, rows
from api.web.problems import not_found

OF_PARTY = ("school", "referrer")


def may_see(who: Asker, student: StoredStudent, roles: Iterable[str]) -> str:
    """By which of ``roles`` somebody may look at a student; empty: by none, as at one who was erased."""
    if student.number == ERASED:
        return ""
    for role in roles:
        if role in OF_PARTY and who.organisations.get(student.organisation_id) == role:
            return role
        if role == "connector" and student.region_code in regions_of(who):
            return role
        if role in OF_STUDENT and student.id in who.students.get(role, frozenset()):
            return role
    return ""


def own_student(student_id: str, *roles: str, lock: bool = False) -> StoredStudent:
    """The student, if it is one's own by one of ``roles``; else the same answer as for one that is not there."""
    found = codes.student_by_id(rows(), student_id, lock=lock)
    if found is None or not may_see(asker(), found, roles):
        raise not_found()
    return found


def look_at(student: StoredStudent) -> StoredStudent:
    """Write down that the asker looks at a student, once a day; return the student anew. One's own look is no look."""
    who = asker()
    if student.id in who.students.get("student", ()) or student.id in who.students.get("parent", ()):
        return student
    if looks.not_yet(rows(), who.actor, [student.id], now()):
        with apart() as writing:
            looks.look(writing, who.actor, [student.id], now())
    again = codes.student_by_id(rows(), student.id)
    assert again is not None
    return again


def look_at_id(student_id: str) -> None:
    """The same for a student who was found to be one's own in another way."""
    found = codes.student_by_id(rows(), student_id)
    if found is not None:
        look_at(found)


def role_at(student: StoredStudent, *roles: str) -> str:
    """By which of ``roles`` the asker looks at a student that is the asker's own."""
    return may_see(asker(), student, roles)

"""What somebody may see, from the rights they have now, as the store asks for it."""
from __future__ import annotations

from flask import current_app

from api.settings import Settings
from api.store.reach import Reach
from api.store.tables.accounts import OF_STUDENT
from api.web.access import Asker, regions_of


def reach_of(who: Asker, *roles: str) -> Reach:
    """The reach of an asker by some of the asker's roles."""
    students: set[str] = set()
    for role in OF_STUDENT:
        if role in roles:
            students |= who.students.get(role, frozenset())
    return Reach(
        regions=regions_of(who) if "connector" in roles else frozenset(),
        homes=_at(who, {"school", "referrer"} & set(roles)), employers=_at(who, {"employer"} & set(roles)),
        students=frozenset(students),
    )  # fmt: skip


def own_employers(who: Asker) -> frozenset[str]:
    """The employers that somebody works for."""
    return _at(who, {"employer"})


def own_municipalities(who: Asker) -> frozenset[str]:
    """The municipalities that somebody works for."""
    return _at(who, {"municipality"})


def speaks_for(who: Asker, student_id: str) -> frozenset[str]:
    """Whether somebody is a student, a parent of one, or both."""
    return frozenset(role for role in ("student", "parent") if student_id in who.students.get(role, frozenset()))


def candidate_key() -> bytes:
    """The key of the codes under which employers know candidates."""
    settings: Settings = current_app.config["SCHAKEL_SETTINGS"]
    return settings.derive("candidate codes")


def _at(who: Asker, roles: set[str]) -> frozenset[str]:
    return frozenset(i for i, role in who.organisations.items() if role in roles)


__all__ = ["candidate_key", "own_employers", "own_municipalities", "reach_of", "speaks_for"]

"""What the pages of a student share: of whom they speak, and whom to call."""
from __future__ import annotations

from typing import Any

from flask import Response

from api.services import consents as verbs
from api.services import options
from api.services.options import Option
from api.services.states import NotNow
from api.store import runs
from api.web.access import asker
from api.web.database import local_day, now, rows
from api.web.pages.base import me, show
from api.web.pages.seen import Stale
from api.web.problems import not_found
from api.web.reach import candidate_key, reach_of, speaks_for

ROLES = ("student", "parent")


def students() -> list[str]:
    """The students for whom somebody may read and speak: oneself, or who gave a mandate."""
    return sorted(reach_of(asker(), *ROLES).students)


def own_options() -> list[Option]:
    """The places that were found for them."""
    return options.of_students(rows(), students(), key=candidate_key(), now=now())


def own_option(request_id: str) -> Option:
    """One of them; else the same answer as for one that is not there."""
    found = next((one for one in own_options() if one.request.id == request_id), None)
    if found is None:
        raise not_found()
    return found


def who_answers(student_id: str, *, yes: bool) -> str:
    """Who else answers for a student, as a key of the catalogue ``done``; empty: whoever is signed in may."""
    who = asker()
    return verbs.who_answers(rows(), who.account_id, student_id, speaks_for(who, student_id), local_day(now()), yes=yes)


def banner_of(refused: NotNow | Stale) -> str:
    """The banner of what was refused: somebody else answers, or something changed meanwhile."""
    code = refused.code if isinstance(refused, NotNow) else ""
    return code if code in verbs.ANSWERING else "offer_changed"


def names() -> dict[str, str]:
    """What the students are called, by id."""
    known, _ = runs.names_of(rows(), students(), [])
    return {i: known[i]["first_name"] or known[i]["student_ref"] if i in known else "" for i in students()}


def hello() -> str:
    """The name to greet: of a student who reads for oneself, as the school says it now.

    An account with an address has the name that its owner goes by (`api.services.codes`).
    """
    own = asker().students.get("student", frozenset())
    if len(own) == 1 and me().email is None:
        return names()[next(iter(own))]
    return str(me().name) if own else ""


def shown(template: str, status: int = 200, **facts: Any) -> Response:
    """Return a page; a parent reads on it for whom it is."""
    own = asker().students.get("student", frozenset())
    along = [name for i, name in names().items() if i not in own]
    return show(f"youth/{template}", status, along=along, **facts)

"""Mijn toestemming: which company may see a student's card; stopping takes two clicks and no reason."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from api.services import consents as verbs
from api.services.options import Option
from api.services.states import NotNow
from api.store import consents, decisions, help_requests
from api.store.consents import Consent
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.once import once
from api.web.pages.base import go
from api.web.pages.help_requests import with_versions
from api.web.pages.youth.base import ROLES, banner_of, names, own_options, shown, who_answers
from api.web.problems import not_found
from api.web.reach import reach_of, speaks_for

blueprint = Blueprint("my_consent", __name__)
PATH = "/mijn-toestemming"


@blueprint.get(PATH)
@access(*ROLES, people_only=True)
def overview() -> Response:
    """Every consent, those that stand first."""
    told = _told(consents.consents(rows(), reach_of(asker(), *ROLES)))
    asked = help_requests.requests(rows(), reach_of(asker(), *ROLES), frozenset())
    return shown("consent.html", help=[_help(one) for one in with_versions(asked)],
                 live=[one for one in told if one["live"]], ended=[one for one in told if not one["live"]])  # fmt: skip


@blueprint.get(f"{PATH}/<consent_id>/stoppen")
@access(*ROLES, people_only=True)
def sure(consent_id: str) -> Response:
    """What stops; the next click does it."""
    found = _own(consent_id)
    if not found.live:
        return go(PATH)
    return shown("stop.html", one=_told([found])[0])


@blueprint.post(f"{PATH}/<consent_id>/stoppen")
@access(*ROLES, people_only=True)
@once
def stop(consent_id: str) -> Any:
    """Withdraw at once."""
    found = _own(consent_id)
    try:
        verbs.withdraw(rows(), asker().actor, found, roles=speaks_for(asker(), found.student_id), now=now())
    except NotNow as refused:
        return go(PATH, done=banner_of(refused))
    return go(PATH, done="consent_stopped")


def _help(one: dict[str, Any]) -> dict[str, Any]:
    """A request for help, with who else says yes, or no, to it."""
    return one | {f"{word}_by": who_answers(one["student_id"], yes=word == "yes") for word in ("yes", "no")}


def _own(consent_id: str) -> Consent:
    found = consents.consent(rows(), reach_of(asker(), *ROLES), consent_id)
    if found is None:
        raise not_found()
    return found


def _told(found: list[Consent]) -> list[dict[str, Any]]:
    by = decisions.names(rows(), [one.account_id for one in found if one.account_id])
    where: dict[str, list[Option]] = {}  # a consent is for a vacancy: the student may be asked about several intakes
    for option in own_options():
        if option.consent is not None:
            where.setdefault(option.consent.id, []).append(option)
    called = names()
    placed = consents.employers_of(rows(), [one.vacancy_id for one in found])
    over = consents.ended_with_word(rows(), found)
    return [
        {"id": one.id, "live": one.live, "no_by": who_answers(one.student_id, yes=False),
         "employer": placed[one.vacancy_id], "by": by.get(one.account_id or "", ""),
         "title": where[one.id][0].work["title"] if one.id in where else "",
         "placed": any(option.state == "placed" for option in where.get(one.id, ())),
         "given_at": one.given_at, "withdrawn_at": one.withdrawn_at, "over": one.id in over,
         "name": called[one.student_id] if len(called) > 1 else ""}
        for one in found
    ]  # fmt: skip

"""A student's word on a request for help to a municipality: what is asked, of whom, what goes; yes, no, or stop."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint

from api.services import help_requests as verbs
from api.services.states import NotNow
from api.web.access import access, asker
from api.web.database import now, rows
from api.web.json.help_requests import own
from api.web.json.once import once
from api.web.pages.base import go, read_form
from api.web.pages.seen import Stale, seen_as
from api.web.pages.youth.base import ROLES, banner_of
from api.web.reach import speaks_for

blueprint = Blueprint("my_help", __name__)
BACK = "/mijn-toestemming"


class WordForm(ma.Schema):
    """Yes or no, on the version that was read."""

    word = ma.fields.String(required=True, validate=ma.validate.OneOf(["yes", "no"]))
    seen = ma.fields.String(load_default="")


@blueprint.post(f"{BACK}/hulp/<request_id>")
@access(*ROLES, people_only=True)
@once
def answer(request_id: str) -> Any:
    """Let the municipality see one request, or not, or not any more."""
    found = own(request_id, *ROLES)
    said, wrong = read_form(WordForm)
    if wrong:
        return go(BACK)
    seen = seen_as(said["seen"])
    try:
        if said["word"] == "yes":
            verbs.consent(rows(), asker().actor, found, roles=speaks_for(asker(), found.student_id), seen=seen,
                          now=now())  # fmt: skip
        else:
            verbs.withdraw(rows(), asker().actor, found, roles=speaks_for(asker(), found.student_id), seen=seen,
                           now=now())  # fmt: skip
    except (NotNow, Stale) as refused:
        return go(BACK, done=banner_of(refused))
    return go(BACK, done=f"help_{said['word']}")

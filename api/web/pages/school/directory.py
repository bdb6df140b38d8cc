"""Wegwijzer: organisations of each other, what they offer and whom to call; never a student, never how many."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from api.services.organisations import OFFERS
from api.store import organisations
from api.store.tables.organisations import KINDS
from api.web.access import access, asker
from api.web.cursors import place_or_start, seal
from api.web.database import rows
from api.web.pages.base import beginning, code_label, show
from api.web.pages.school.organisation import MEMBERS
from features.codes import code_list
from features.geography import REGIONS

blueprint = Blueprint("directory_pages", __name__)
PATH = "/wegwijzer"
_PER_PAGE = 24


@blueprint.get(PATH)
@access(*MEMBERS, "connector", "coach", "administrator", people_only=True)
def directory() -> Any:
    """Those who want to be found, by name."""
    branches = code_list("branch").codes
    asked = {name: request.args.get(key, "") for name, key in
             (("kind", "soort"), ("region", "regio"), ("branch", "branche"))}  # fmt: skip
    known = {"kind": KINDS, "region": tuple(REGIONS), "branch": branches}
    said = {name: value if value in known[name] else "" for name, value in asked.items()}
    after = place_or_start(request.args.get("na", ""))
    found = organisations.listed(rows(), kind=said["kind"], region=said["region"], branch=said["branch"], after=after,
                                 limit=_PER_PAGE + 1)  # fmt: skip
    if after and not found:
        return beginning()
    shown = found[:_PER_PAGE]
    people: dict[str, list[organisations.Contact]] = {}
    for contact in organisations.contacts_of(rows(), [one.id for one in shown], only_listed=True):
        people.setdefault(contact.organisation_id, []).append(contact)
    return show(
        "school/directory.html", shown=shown, people=people, said=said, filtered=any(said.values()), after=after,
        more=seal((shown[-1].name, shown[-1].id)) if len(found) > _PER_PAGE else "", kinds=KINDS, lists=OFFERS,
        regions=sorted(((code, code_label("region", code)) for code in REGIONS), key=lambda pair: pair[1]),
        branches=[(code, code_label("branch", code)) for code in branches],
        own=any(role in MEMBERS for role in asker().organisations.values()),
    )  # fmt: skip

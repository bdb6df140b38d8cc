"""Vacancies that wait for a connector: which, what there is to look at, and placing them or giving them back."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import Blueprint, request

from api.services import organisations as parties
from api.services import vacancies as verbs
from api.services import vacancy_review
from api.services.uploads import Conflict
from api.store import organisations, reviews, vacancies
from api.store.paging import START, Place
from api.store.vacancies import VacancyRow
from api.texts.catalogue import listing
from api.web.access import access, asker, regions_of
from api.web.cursors import place_or_start, seal
from api.web.database import now, rows
from api.web.json.once import once
from api.web.json.organisations import own_organisation
from api.web.pages.base import beginning, day, go, read_form, show, t
from api.web.pages.language import language
from api.web.pages.scope import my_regions
from api.web.problems import not_found
from api.web.reach import own_employers

blueprint = Blueprint("posted", __name__)
PATH = "/plekken/wachten"
MOST = 200
DONE = {"open": "vacancy_placed", "closed": "vacancy_given_back", "approve": "employer_approved"}
"""What somebody may do with one that waits, with the words that say it was done."""


class LookForm(ma.Schema):
    """What a connector does with a vacancy that waits."""

    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(DONE)))


@blueprint.get(PATH)
@access("connector", people_only=True)
def waiting() -> Any:
    """The vacancies of the regions one looks at that wait, who waits longest first."""
    after = place_or_start(request.args.get("na", ""))
    found = _waiting(after, MOST + 1)
    if after and not found:
        return beginning()
    last = found[MOST - 1][0].vacancy if len(found) > MOST else None
    return show(
        "posted.html", found=[(*item, why_of(row)) for row, item in found[:MOST]], after=after, number=waiting_number(),
        more=seal((last.created_at, last.id)) if last else "",
    )  # fmt: skip


@blueprint.post("/plekken/<opening_id>/stand")
@access("connector", people_only=True)
@once
def decide(opening_id: str) -> Any:
    """Place a vacancy that waits, give it back to its employer, or vouch for the employer."""
    found = reviews.opening_in(rows(), opening_id, regions_of(asker()))
    row = vacancies.by_id(rows(), found[0].vacancy_id) if found else None
    if row is None or row.home.id in own_employers(asker()):
        raise not_found()
    said, wrong = read_form(LookForm)
    here = f"/plekken/{opening_id}"
    if wrong:
        return go(here)
    try:
        (_approve if said["state"] == "approve" else _set)(row, said["state"])
    except Conflict:
        return go(here, done="changed_meanwhile")
    return go(here, done=DONE[said["state"]])


def _approve(row: VacancyRow, _: str) -> None:
    """Vouch for the employer of a vacancy that still waits.

    The employer is held first, then what waits of it: who does so by the API holds them in this order.
    """
    home = own_organisation(row.home.id, lock=True)
    if row.vacancy.id not in {one.vacancy.id for one in vacancies.waiting_of(rows(), home.id)}:
        raise Conflict("This vacancy does not wait any more.")
    parties.approve(rows(), asker().actor, home, now=now())


def _set(row: VacancyRow, state: str) -> None:
    """Place a vacancy that still waits, or give it back."""
    held = vacancies.by_id(rows(), row.vacancy.id, lock=True)
    if held is None or held.vacancy.state != "posted":
        raise Conflict("This vacancy does not wait any more.")
    verbs.set_state(rows(), asker().actor, held, state, trusted=True, now=now())


def told(vacancy_id: str) -> dict[str, Any]:
    """What the page of a place says of its vacancy: how far it is, what to look at, and what one may do about it."""
    row = vacancies.by_id(rows(), vacancy_id)
    assert row is not None
    found = vacancy_review.findings_of(row, language())
    return {
        "state": row.vacancy.state, "why": why_of(row), "findings": found, "approved": row.home.approved_at is not None,
        "may_approve": organisations.is_in(rows(), row.home, regions_of(asker())),
        "mine": row.home.id in own_employers(asker()),
    }  # fmt: skip


def why_of(row: VacancyRow) -> str:
    """Why a vacancy waits, in words."""
    codes = vacancy_review.codes_of(row)
    kinds = dict.fromkeys("new_employer" if code == vacancy_review.NEW_EMPLOYER else "wording" for code in codes)
    return listing([t(f"posted.{kind}") for kind in kinds], language()) or t("posted.nothing")


def waiting_items(most: int) -> list[tuple[str, str, str]]:
    """The few vacancies that wait longest, each as address, name, and whose it is since when."""
    return [item for _, item in _waiting(START, most)]


def waiting_number() -> int:
    """How many vacancies wait in the regions one looks at."""
    return vacancies.waiting_number(rows(), my_regions())


def _waiting(after: Place, most: int) -> list[tuple[VacancyRow, tuple[str, str, str]]]:
    """Vacancies that wait, each with the page of the first of its places that one may see."""
    found = vacancies.waiting(rows(), my_regions(), after=after, limit=most)
    items = []
    for row in found:
        place = next(one for one in row.openings if one.opening.region_code in my_regions())
        more = f"{row.home.name}, {t('today.since', date=day(row.vacancy.created_at))}"
        items.append((row, (f"/plekken/{place.opening.id}", place.record["title"] or row.vacancy.vacancy_ref, more)))
    return items


__all__ = ["blueprint", "told", "waiting_items", "waiting_number", "why_of"]

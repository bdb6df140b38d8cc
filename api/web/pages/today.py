"""Vandaag: what waits for a connector, by queue, the oldest first."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response

from api.services import accounts, run_judgements, vacancies
from api.services.releases import Ready
from api.services.run_inputs import policy_now
from api.store import reviews, runs
from api.store.paging import START
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.pages.base import day, go, read_form, show, t
from api.web.pages.posted import waiting_items, waiting_number
from api.web.pages.scope import chosen_region, holding, my_regions, numbers, oldest, region_choices, unshared
from api.web.pages.stopped import stopped

blueprint = Blueprint("today", __name__)
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: how many wait (or at least), where they are, and the oldest of them (address, name, more)."""

    key: str
    number: int
    href: str
    items: list[tuple[str, str, str]]
    at_least: bool = False


class RegionForm(ma.Schema):
    """The region to look at; empty: all own ones."""

    region = ma.fields.String(load_default="")


@blueprint.get("/vandaag")
@access("connector", people_only=True)
def today() -> Response:
    """The queues; also where no plan holds yet people wait for other things than a proposal."""
    plans = holding()
    return show("today.html", queues=_queues(has_plan=bool(plans)),
                since=max((plan.since for plan in plans.values()), default=None), regions=region_choices(),
                region=chosen_region(), waiting_run=_waiting_run(), stopped=stopped())  # fmt: skip


@blueprint.post("/vandaag/regio")
@access("connector", people_only=True)
@once
def choose_region() -> Any:
    """Remember which region to look at."""
    values, _ = read_form(RegionForm)
    region = values.get("region", "") if values.get("region") in regions_of(asker()) else ""
    accounts.set_preference(rows(), asker().account_id, "region", region)
    return go("/vandaag")


def _queues(*, has_plan: bool) -> list[Queue]:
    number = numbers()
    shares = unshared()
    rest = [
        _employers(number["employer_answered"]), _to_share("ready", "/delen", shares.ready, cut=shares.more_ready),
        _to_share("not_ready", "/delen?tab=wacht", shares.waiting, cut=shares.more_waiting),
        _of_lines("later", "later", number["later"]), _stale(),
        *([Queue("nobody_found", number["nobody_found"], "/zonder-plek", [])] if has_plan else []), _changed(),
    ]  # fmt: skip
    first = [_of_lines("to_review", "te-beoordelen", number["to_review"])] if has_plan else []
    return [*first, *_posted(), *sorted(rest, key=lambda queue: not queue.number)]


def _posted() -> list[Queue]:
    """The vacancies that wait for a connector, as a queue when there are any: they wait without a plan as well."""
    number = waiting_number()
    return [Queue("posted", number, "/plekken/wachten", waiting_items(SHOWN))] if number else []


def _waiting_run() -> str:
    """The newest run that is done, that nobody has judged, and that still can be taken over; empty: there is none."""
    for run in runs.runs_within(rows(), regions_of(asker()), START, 10):
        judged = run.taken_at is not None or run.discarded_at is not None
        if run.state == "done" and run.kind == "match" and not judged and not run_judgements.overtaken(rows(), run):
            return run.id
    return ""


def _of_lines(state: str, tab: str, number: int) -> Queue:
    items = [(f"/voorstellen/{one.proposal_id}", one.name, one.title) for one in oldest(state, SHOWN)] if number else []
    return Queue(state, number, f"/voorstellen?tab={tab}", items)


def _to_share(key: str, href: str, found: list[Ready], *, cut: bool) -> Queue:
    """A tab of Delen, with the same number and the ones that are there longest."""
    longest = list(reversed(found))[:SHOWN]
    students, _ = runs.names_of(rows(), [one.decision.student_id for one in longest], [])
    items = [(f"/voorstellen/{one.decision.proposal_id}", _name(students[one.decision.student_id]),
              t(f"share.consent_{one.consent_state}")) for one in longest]  # fmt: skip
    return Queue(key, len(found), href, items, at_least=cut)


def _employers(number: int) -> Queue:
    found = reviews.employers_answered(rows(), my_regions(), START, SHOWN) if number else []
    students, _ = runs.names_of(rows(), [one.release.student_id for one in found], [])
    items = [(f"/voorstellen/{one.proposal_id}", _name(students[one.release.student_id]),
              t("today.meet" if one.introduction_id else "today.does_not_fit")) for one in found]  # fmt: skip
    return Queue("employer_answered", number, "/werkgever-reageerde", items)


def stale_students() -> list[tuple[str, str, date | None]]:
    """Whose data are so old that a proposal is marked, or were never confirmed; these first."""
    before = local_day(now()) - timedelta(days=policy_now(rows()).rules.fresh_marked_days)
    old = [one for one in reviews.confirmed_days(rows(), my_regions()) if one[2] is None or one[2] < before]
    return sorted(old, key=lambda one: (one[2] or date.min, one[0]))


def _stale() -> Queue:
    old = stale_students()
    items = [(f"/leerlingen/{student}/verbinder", name, t("today.since", date=day(since)) if since
              else t("today.never")) for student, name, since in old[:SHOWN]]  # fmt: skip
    return Queue("stale", len(old), "/verouderd", items)


def _changed() -> Queue:
    """Open vacancies that an employer changed, and no connector has seen since."""
    found = vacancies.changed_unseen(rows(), my_regions(), now())
    _, openings = runs.names_of(rows(), [], [opening for opening, _ in found[:SHOWN]])
    items = [(f"/plekken/{opening}", str(openings[opening]["title"] or openings[opening]["vacancy_ref"]),
              f"{openings[opening]['employer']}, {day(at)}") for opening, at in found[:SHOWN]]  # fmt: skip
    return Queue("changed", len(found), "", items)


def _name(student: dict[str, Any]) -> str:
    return str(student["first_name"] or student["student_ref"])


"""What a connector's pages are about: own regions, the one chosen, the runs that hold, the list one is in."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import g, request

from api.services import releases as sharing
from api.services import standing
from api.store import plans, queues, releases, reviews
from api.web.access import asker, regions_of
from api.web.database import local_day, now, rows
from api.web.pages.base import me
from api.web.reach import reach_of
from features.geography import REGIONS, region_name

TABS = {"te-beoordelen": "to_review", "later": "later", "klaar": "ready", "gedeeld": "released",
        "afgewezen": "rejected"}
"""Tabs of the list by the word in the address."""
BANDS = {"goed": "good", "redelijk": "fair", "nog-niet": "not_yet"}
MOST = 500
"""What a tab of sharing looks through at most, who waits longest; it says so when there are more."""
KEYS = ("tab", "per", "branche", "past", "regio", "plek", "leerling")
"""What an address may say about a list; it goes along from card to card."""


@dataclass(frozen=True, slots=True)
class View:
    """A list as its address asks for it."""

    tab: str
    by: str
    filters: Mapping[str, str]

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return any(self.filters.values())


def view() -> View:
    """The list that this address asks for."""
    asked = request.args
    return View(
        TABS.get(asked.get("tab", ""), "to_review"), "student" if asked.get("per") == "leerling" else "opening",
        {"branch": asked.get("branche", "")[:40], "band": BANDS.get(asked.get("past", ""), ""),
         "region": asked.get("regio", "") if asked.get("regio") in regions_of(asker()) else "",
         "opening_id": asked.get("plek", "")[:32], "student_id": asked.get("leerling", "")[:32]},
    )  # fmt: skip


def context(**other: str) -> str:
    """The list in an address, to go along to the next page; begins with ``?`` or is empty."""
    told = {key: request.args[key] for key in KEYS if request.args.get(key)} | other
    told = {key: value for key, value in told.items() if value}
    return f"?{urlencode(told)}" if told else ""


def chosen_region() -> str:
    """The one region that somebody looks at; empty: all own ones."""
    wish = (me().preferences or {}).get("region", "")
    return wish if wish in regions_of(asker()) else ""


def my_regions() -> frozenset[str]:
    """The regions that are looked at."""
    return frozenset([chosen_region()]) if chosen_region() else regions_of(asker())


def region_choices() -> list[tuple[str, str]]:
    """Own regions by name."""
    return sorted(((code, region_name(code)) for code in regions_of(asker()) if code in REGIONS), key=lambda r: r[1])


def holding() -> dict[str, plans.Plan]:
    """The plan that holds in each region that is looked at."""
    if "holding" not in g:
        g.holding = plans.holding(rows(), my_regions())
    found: dict[str, plans.Plan] = g.holding
    return found


def held_runs() -> list[str]:
    """The ids of the runs whose plans hold, the latest first."""
    return list(dict.fromkeys(plan.run_id for plan in sorted(holding().values(), key=lambda p: p.since, reverse=True)))


def listed(state: str, *, region: str = "", opening_id: str = "", student_id: str = "", branch: str = "",
           band: str = "") -> list[reviews.Line]:  # fmt: skip
    """The pairs in a state, in the regions that are looked at; asked of the database once per request."""
    regions = my_regions() & {region} if region else my_regions()
    wanted = queues.Wanted(state, tuple(sorted(regions)), student_id, opening_id)
    known: dict[queues.Wanted, list[reviews.Line]] = g.setdefault("listed", {})
    if wanted not in known:
        known[wanted] = reviews.lines(rows(), wanted)
    return [one for one in known[wanted] if branch in ("", one.branch) and band in ("", one.band)]


def oldest(state: str, most: int) -> list[reviews.Line]:
    """The few pairs in a state that wait longest."""
    wanted = queues.Wanted(state, tuple(sorted(my_regions())))
    found = reviews.lines(rows(), wanted, most=most)
    return sorted(found, key=lambda one: (one.since, one.leaves_on is None, one.leaves_on, one.proposal_id))


def numbers() -> dict[str, int]:
    """How many wait in each state, in the regions that are looked at."""
    found: dict[str, int] = dict.fromkeys((*queues.STATES, "consent_asked", "employer_answered", "nobody_found"), 0)
    for state, _, number, _ in standing.numbers(rows(), my_regions(), local_day(now())):
        found[state] += number
    return found


@dataclass(frozen=True, slots=True)
class Unshared:
    """Who can be shared now and who not yet, newest first; ``more_``: there are more than `MOST`, who waits longest."""

    ready: list[sharing.Ready]
    waiting: list[sharing.Ready]
    more_ready: bool
    more_waiting: bool


def unshared() -> Unshared:
    """Who is not shared in the regions that are looked at."""
    yes, rest = (releases.unshared(rows(), reach_of(asker(), "connector"), my_regions(), consented=consented,
                                   limit=MOST + 1) for consented in (True, False))  # fmt: skip
    newest = sorted(yes[:MOST] + rest[:MOST], key=lambda one: (one.decided_at, one.id), reverse=True)
    told = sharing.standing(rows(), newest, today=local_day(now()))
    more_ready = len(yes) > MOST
    return Unshared([one for one in told if not one.blocks], [one for one in told if one.blocks], more_ready,
                    more_ready or len(rest) > MOST)  # fmt: skip

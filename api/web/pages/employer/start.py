"""Where an employer begins: what waits, with the page that does it."""
from __future__ import annotations

from flask import Response

from api.services import candidates, vacancy_drafts
from api.store import drafts, introductions, placements
from api.web.access import asker
from api.web.database import now, rows
from api.web.pages.base import me, n, show, t
from api.web.pages.employer.base import own_vacancies
from api.web.reach import own_employers, reach_of

MOST = 200


def employer_start() -> Response:
    """The first page: released candidates, meetings, agreements and placements that wait for somebody."""
    employers, reach = own_employers(asker()), reach_of(asker(), "employer")
    shown = candidates.of_employers(rows(), employers, limit=MOST)
    meetings = introductions.introductions(rows(), reach, limit=MOST)
    begun = introductions.started(rows(), [one.id for one in meetings])
    here = introductions.shown(rows(), [one.id for one in meetings])
    go_on = [one for one in meetings if one.outcome == "go_on" and one.id in here - begun]
    waiting = drafts.drafts_of(rows(), "vacancy", sorted(employers), now() - vacancy_drafts.LASTS)
    counts = (
        ("new", "/kandidaten", sum(candidates.state_of(one) == candidates.NEW for one in shown)),
        ("meet", "/kennismakingen", sum(one.state in ("asked", "planned") for one in meetings)),
        ("agree", f"/kennismakingen/{go_on[0].id}/afspraken" if len(go_on) == 1 else "/kennismakingen", len(go_on)),
        ("trial", "/kennismakingen", len(placements.placements(rows(), reach, state="trial", limit=MOST))),
        ("draft", "/vacatures", len(waiting)),
    )  # fmt: skip
    items = [(href, n(f"employer.todo_{name}", number), t(f"employer.todo_{name}_hint"),
              t("employer.open" if name in ("new", "agree", "draft") else "employer.waits"),
              "look" if name in ("new", "agree", "draft") else "info")
             for name, href, number in counts if number]  # fmt: skip
    return show("employer/start.html", items=items, name=me().name, begun=bool(items or own_vacancies()))

"""The administrator's pages about the service as a whole: log, runs, retention. No student is seen here."""
from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, Response, request

from api.services.register import HEAD
from api.services.register import dictionary as lines
from api.services.run_inputs import policy_now
from api.store import audit, decisions, runs
from api.store.base import Base
from api.store.dictionary import KEEP, entries
from api.tables import csv_bytes
from api.terms import how_long
from api.texts.catalogue import capital
from api.texts.pages.log_words import LOG
from api.web.access import access
from api.web.cursors import place_or_start, seal
from api.web.database import database, rows
from api.web.json.once import once
from api.web.pages.base import beginning, show, t
from api.web.pages.language import language
from api.web.pages.navigation import addresses

blueprint = Blueprint("administration", __name__)
PATH = "/beheer"
ADMINISTRATOR = access("administrator", people_only=True)
_PAGE = 50
DOORS = ("web", "command", "worker")
LINKS = (
    ("/beheer/accounts", "nav.accounts", "accounts"), ("/beheer/organisaties", "nav.organisations", "organisations"),
    ("/beheer/beleid", "nav.policies", "policies"), ("/beheer/berekeningen", "admin_runs.title", "runs"),
    ("/beheer/algoritmeregister", "algorithm.title", "register"),
    ("/hoe-besloten", "deciding.title", "deciding"),
    ("/beheer/logboek", "nav.audit", "audit"), ("/beheer/bewaartermijnen", "admin_retention.title", "retention"),
    ("/beheer/back-ups", "admin_backups.title", "backups"), ("/beheer/noodtoegang", "admin_insight.title", "insight"),
    ("/beheer/wissen", "erasing.title", "erasing"),
    ("/beheer/stopknop", "nav.stop", "stop"),
)  # fmt: skip


@blueprint.get(PATH)
@ADMINISTRATOR
def administration() -> Response:
    """What there is to look after."""
    links = [(path, t(words), t(f"admin.{hint}_hint"), "", "") for path, words, hint in LINKS if path in addresses()]
    return show("admin.html", tasks=links)


@blueprint.get(f"{PATH}/logboek")
@ADMINISTRATOR
def log() -> Response:
    """The latest events, by who and what."""
    return _log()


@blueprint.post(f"{PATH}/logboek")
@ADMINISTRATOR
@once
def check() -> Response:
    """Check the whole log and tell."""
    with database().reading() as one_moment:
        findings = audit.verify(one_moment)
    return _log(findings=findings, checked=True)


@blueprint.get(f"{PATH}/berekeningen")
@ADMINISTRATOR
def all_runs() -> Any:
    """Every run with its versions and its proof."""
    after = place_or_start(request.args.get("na", ""))
    found = runs.all_runs(rows(), after, _PAGE + 1)
    if after and not found:
        return beginning()
    numbers = runs.policy_numbers(rows())
    last = found[_PAGE - 1] if len(found) > _PAGE else None
    return show("admin_runs.html", runs=found[:_PAGE], numbers=numbers,
                older=seal((last.created_at, last.id)) if last else "")  # fmt: skip


@blueprint.get(f"{PATH}/bewaartermijnen")
@ADMINISTRATOR
def retention() -> Response:
    """How long each kind of data is kept."""
    listed = [entry for entry in entries(Base.metadata) if entry.meaning is not None]
    number = Counter(entry.meaning.keep for entry in listed if entry.meaning is not None)
    terms = policy_now(rows()).terms
    classes = [(name, capital(how_long(name, language(), terms)), number[name]) for name in KEEP]
    return show("admin_retention.html", classes=classes)


@blueprint.get(f"{PATH}/bewaartermijnen.csv")
@ADMINISTRATOR
def dictionary() -> Response:
    """The data dictionary as a file."""
    made = csv_bytes(HEAD, lines(policy_now(rows()).terms))
    return Response(made, content_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": "attachment; filename=dictionary.csv"})  # fmt: skip


def _told(event: audit.AuditEvent) -> str:
    """What an event says, in words; its code where there are none."""
    kind, _, verb = event.action.partition(".")
    if f"k_{kind}" not in LOG or f"v_{verb}" not in LOG:
        return event.action
    return t("log.event", kind=t(f"log.k_{kind}"), verb=t(f"log.v_{verb}"))


def _log(findings: list[audit.Finding] | None = None, *, checked: bool = False) -> Response:
    before = request.args.get("voor", "")
    events = audit.latest(rows(), int(before) if before.isdecimal() and len(before) < 16 else None, _PAGE + 1)
    who = decisions.names(rows(), [event.actor_id for event in events if event.actor_id])
    end = audit.end_of(rows())
    facts: dict[str, Any] = {"told": _told, "doors": DOORS,
                             "findings": findings or [], "checked": checked, "end": end, "who": who,
                             "number": end.partition(":")[0]}  # fmt: skip
    return show("admin_log.html", events=events[:_PAGE],
                older=events[_PAGE - 1].sequence if len(events) > _PAGE else "", **facts)  # fmt: skip

"""Where each role begins and what stands in the head of its pages; a link shows when its address exists."""
from __future__ import annotations

from flask import current_app, request

from api.web.access import Asker

ROLES = ("administrator", "connector", "school", "referrer", "employer", "municipality", "coach", "student", "parent")
"""In the order in which an account with several roles begins."""
START = {
    "administrator": "/beheer", "connector": "/vandaag", "school": "/start", "referrer": "/start",
    "employer": "/start", "municipality": "/dashboard", "coach": "/mijn-jongeren",
    "student": "/mijn-voorstellen", "parent": "/mijn-voorstellen",
}  # fmt: skip
LINKS: dict[str, tuple[tuple[str, str], ...]] = {
    "connector": (
        ("/vandaag", "nav.today"), ("/voorstellen", "nav.proposals"), ("/zonder-plek", "nav.without"),
        ("/delen", "nav.share"), ("/opvolging", "nav.follow_up"), ("/zoeken", "nav.search"),
        ("/berekeningen", "nav.runs"), ("/geschiedenis", "nav.history"), ("/wegwijzer", "nav.directory"),
    ),
    "school": (
        ("/start", "nav.start"), ("/lijsten", "nav.lists"), ("/leerlingen", "nav.students"),
        ("/toestemming", "nav.consent"), ("/uitkomsten", "nav.outcomes"), ("/wegwijzer", "nav.directory"),
    ),
    "employer": (
        ("/start", "nav.start"), ("/vacatures", "nav.vacancies"), ("/kandidaten", "nav.candidates"),
        ("/kennismakingen", "nav.meetings"), ("/wegwijzer", "nav.directory"),
    ),
    "municipality": (
        ("/dashboard", "nav.dashboard"), ("/trechter", "nav.funnel"), ("/knelpunten", "nav.bottlenecks"),
        ("/gelijke-kansen", "nav.fairness"), ("/hulpvragen", "nav.help_requests"),
        ("/wegwijzer", "nav.directory"),
    ),
    "coach": (("/mijn-jongeren", "nav.my_youths"), ("/wegwijzer", "nav.directory")),
    "student": (
        ("/mijn-voorstellen", "nav.my_proposals"), ("/mijn-toestemming", "nav.my_consent"),
        ("/mijn-plek", "nav.my_place"), ("/mijn-gegevens", "nav.my_data"), ("/vraag", "nav.question"),
    ),
    "administrator": (
        ("/beheer", "nav.admin"), ("/beheer/accounts", "nav.accounts"), ("/beheer/organisaties", "nav.organisations"),
        ("/beheer/beleid", "nav.policies"), ("/beheer/logboek", "nav.audit"), ("/beheer/stopknop", "nav.stop"),
    ),
}  # fmt: skip
"""Address and words per role; who has several roles sees all of theirs."""
_UNDER = {
    "/beheer/projecten": ("/beheer/organisaties",), "/route": ("/leerlingen", "/mijn-jongeren"),
    "/afspraken": ("/start", "/mijn-jongeren"), "/versheid": ("/dashboard",), "/plaatsingen": ("/kennismakingen",),
    "/waar-een-plek-helpt": ("/zonder-plek",), "/vergelijken": ("/voorstellen",),
    "/werkgever-reageerde": ("/vandaag",), "/hoe-besloten": ("/geschiedenis", "/beheer"),
}  # fmt: skip
"""Pages whose address does not say under which link they are."""
_SAME = {"referrer": "school", "parent": "student"}


def links(who: Asker | None) -> list[tuple[str, str, bool]]:
    """Address, words and whether one is there, of every link that exists for ``who``."""
    roles = [role for role in ROLES if who is not None and role in who.roles]
    wanted = dict.fromkeys(link for role in roles for link in LINKS.get(_SAME.get(role, role), ()))
    there = [(path, words) for path, words in wanted if path in addresses()]
    under = next((to for begin, to in _UNDER.items() if _is_in(request.path, begin)), ())
    here = max((path for path, _ in there if path in under or _is_in(request.path, path)), key=len, default="")
    return [(path, words, path == here) for path, words in there]


def start_of(who: Asker) -> str:
    """Where ``who`` begins: the page of the first role that has one."""
    paths = [START[role] for role in ROLES if role in who.roles]
    return next((path for path in paths if path in addresses()), "/mijn-account")


def addresses() -> frozenset[str]:
    """Every address without an id."""
    found: frozenset[str] | None = current_app.extensions.get("schakel.addresses")
    if found is None:
        found = frozenset(rule.rule for rule in current_app.url_map.iter_rules() if "GET" in (rule.methods or ()))
        current_app.extensions["schakel.addresses"] = found
    return found


def _is_in(here: str, path: str) -> bool:
    return here == path or here.startswith(f"{path}/")

"""Every address x method x who asks x whose it is: who is let in, and that what is not theirs looks like nothing."""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.service import description
from api.services.accounts import Right
from api.store import students
from api.store.tables import Grant
from tests.service.browser import Person, Service
from tests.service.flow import followed
from tests.service.flow_access import FLOW, FLOW_BODIES, FLOW_IN_BODY
from tests.service.test_decisions import decide, proposals
from tests.service.test_runs import compute, tiny
from tests.service.youth import add_student, give_mandate

LISTS = {"school", "referrer", "employer", "connector"}
YOUTH = {"coach", "student", "parent"}
ALL = LISTS | YOUTH | {"municipality", "administrator"}
ADMIN, PARTY, BESIDE = {"administrator"}, {"school", "referrer"}, {"school", "referrer", "student"}
COACHED = {"school", "referrer", "connector"}
VACANCIES = {"employer", "connector"}
HANDS_IN = {"school", "referrer", "employer"}
KEEPERS = {"connector", "administrator"}
ORGANISATIONS = {"school", "referrer", "employer", "municipality", *KEEPERS}
WORKERS = {*COACHED, "coach"}
NEAR = {*WORKERS, "student", "parent"}
MATRIX: dict[tuple[str, str], set[str]] = {
    ("GET", "/account"): ALL, ("POST", "/account/second-factor"): ALL, ("PUT", "/account/second-factor"): ALL,
    ("DELETE", "/account/second-factor"): ALL,
    ("GET", "/uploads"): LISTS, ("POST", "/uploads"): LISTS, ("GET", "/uploads/{upload_id}"): LISTS,
    ("GET", "/uploads/{upload_id}/rows"): LISTS, ("GET", "/uploads/{upload_id}/defects"): LISTS,
    ("PUT", "/uploads/{upload_id}/confirmation"): LISTS, ("DELETE", "/uploads/{upload_id}/confirmation"): LISTS,
    ("GET", "/runs"): {"connector"}, ("POST", "/runs"): {"connector"}, ("GET", "/runs/{run_id}"): {"connector"},
    ("PUT", "/runs/{run_id}/cancellation"): {"connector"}, ("GET", "/runs/{run_id}/outcomes"): {"connector"},
    ("GET", "/runs/{run_id}/difference"): {"connector"}, ("PUT", "/runs/{run_id}/judgement"): {"connector"},
    ("GET", "/queues"): {"connector"}, ("GET", "/proposals"): {"connector"},
    ("GET", "/proposals/{proposal_id}/alternatives"): {"connector"},
    ("POST", "/proposals"): {"connector"}, ("GET", "/pairs"): {"connector"},
    ("POST", "/pair-searches"): {"connector"},
    ("POST", "/group-questions"): {"employer", "connector"},
    ("GET", "/group-questions/{run_id}"): {"employer", "connector"},
    ("GET", "/stop-switch"): {"connector", "administrator"}, ("PUT", "/stop-switch"): ADMIN,
    ("GET", "/improvements"): {"connector"}, ("GET", "/unplaced-students"): {"connector"},
    ("GET", "/left-out-students"): {"connector", *PARTY}, ("GET", "/places-wanted"): {"connector"},
    ("GET", "/proposals/{proposal_id}"): {"connector"}, ("GET", "/proposals/{proposal_id}/decisions"): {"connector"},
    ("POST", "/proposals/{proposal_id}/decisions"): {"connector"}, ("GET", "/decisions/{decision_id}"): {"connector"},
    ("DELETE", "/decisions/{decision_id}"): {"connector"},
    ("POST", "/sessions"): {"", *ALL}, ("POST", "/activations"): {"", *ALL}, ("GET", "/csrf-token"): {"", *ALL},
    ("GET", "/accounts"): ADMIN, ("POST", "/accounts"): ADMIN, ("GET", "/accounts/{account_id}"): ADMIN,
    ("PATCH", "/accounts/{account_id}"): ADMIN, ("POST", "/accounts/{account_id}/rights"): ADMIN,
    ("DELETE", "/accounts/{account_id}/rights/{right_id}"): ADMIN,
    ("POST", "/accounts/{account_id}/invitations"): ADMIN,
    ("DELETE", "/accounts/{account_id}/sessions"): ADMIN, ("GET", "/accounts/{account_id}/tokens"): ADMIN,
    ("POST", "/accounts/{account_id}/tokens"): ADMIN, ("DELETE", "/tokens/{token_id}"): ADMIN,
    ("POST", "/codes"): PARTY, ("GET", "/students/{student_id}/codes"): PARTY,
    ("GET", "/students/{student_id}/mandates"): BESIDE, ("POST", "/students/{student_id}/mandates"): BESIDE,
    ("DELETE", "/mandates/{mandate_id}"): BESIDE,
    ("GET", "/students/{student_id}/coaches"): COACHED | {"student", "parent"},
    ("POST", "/students/{student_id}/coaches"): COACHED,
    ("DELETE", "/students/{student_id}/coaches/{right_id}"): COACHED,
    ("GET", "/students/{student_id}/export"): {"student", "school", "referrer"},
    ("DELETE", "/students/{student_id}"): {"school", "referrer", "administrator"},
    **FLOW,
    **{("GET", f"/figures/{name}"): {"municipality", "connector", "administrator"} for name in (
        "regions", "funnel", "bottlenecks", "chances", "destinations", "freshness")},
    ("GET", "/figures/oversight"): {"connector", "administrator"},
    ("GET", "/students"): WORKERS, ("GET", "/students/{student_id}"): NEAR, ("PATCH", "/students/{student_id}"): PARTY,
    ("PUT", "/students/{student_id}/confirmation"): PARTY, ("GET", "/students/{student_id}/versions"): NEAR,
    ("GET", "/students/{student_id}/questions"): NEAR, ("POST", "/students/{student_id}/questions"): NEAR - PARTY,
    ("GET", "/students/{student_id}/looks"): {"student", "parent"},
    ("GET", "/vacancies"): VACANCIES, ("POST", "/vacancies"): VACANCIES, ("GET", "/vacancies/{vacancy_id}"): VACANCIES,
    ("PATCH", "/vacancies/{vacancy_id}"): VACANCIES, ("PUT", "/vacancies/{vacancy_id}/state"): VACANCIES,
    ("GET", "/vacancies/{vacancy_id}/versions"): VACANCIES, ("GET", "/vacancies/{vacancy_id}/effects"): VACANCIES,
    ("GET", "/vacancy-examples"): VACANCIES, ("POST", "/vacancy-suggestions"): VACANCIES,
    ("POST", "/wording-checks"): VACANCIES, ("GET", "/drafts"): VACANCIES, ("POST", "/drafts"): VACANCIES,
    ("GET", "/drafts/{draft_id}"): VACANCIES, ("PATCH", "/drafts/{draft_id}"): VACANCIES,
    ("DELETE", "/drafts/{draft_id}"): VACANCIES, ("GET", "/drafts/{draft_id}/review"): VACANCIES,
    ("GET", "/organisations"): ORGANISATIONS, ("POST", "/organisations"): KEEPERS,
    ("GET", "/organisations/{organisation_id}"): ORGANISATIONS,
    ("PATCH", "/organisations/{organisation_id}"): ORGANISATIONS,
    ("PUT", "/organisations/{organisation_id}/approval"): KEEPERS,
    ("DELETE", "/organisations/{organisation_id}/approval"): KEEPERS,
    ("GET", "/organisations/{organisation_id}/legal-grounds"): ORGANISATIONS,
    ("POST", "/organisations/{organisation_id}/legal-grounds"): ORGANISATIONS - {"connector"},
    ("GET", "/organisations/{organisation_id}/contacts"): ORGANISATIONS,
    ("POST", "/organisations/{organisation_id}/contacts"): ORGANISATIONS,
    ("GET", "/contacts/{contact_id}"): ORGANISATIONS,
    ("PATCH", "/contacts/{contact_id}"): ORGANISATIONS, ("DELETE", "/contacts/{contact_id}"): ORGANISATIONS,
    ("GET", "/directory"): ORGANISATIONS | {"coach"},
    ("GET", "/organisations/{organisation_id}/participations"): {"employer", *KEEPERS},
    ("POST", "/organisations/{organisation_id}/participations"): {"employer", *KEEPERS},
    ("GET", "/participations/{participation_id}"): {"employer", *KEEPERS},
    ("PATCH", "/participations/{participation_id}"): {"employer", *KEEPERS},
    ("PUT", "/vacancies/{vacancy_id}/participation"): VACANCIES,
    ("GET", "/cooperations"): ORGANISATIONS, ("POST", "/cooperations"): KEEPERS,
    ("GET", "/cooperations/{cooperation_id}"): ORGANISATIONS, ("PATCH", "/cooperations/{cooperation_id}"): KEEPERS,
    ("GET", "/audit-events"): ADMIN, ("GET", "/audit-verification"): ADMIN,
    ("GET", "/regions"): ALL, ("GET", "/policies"): ADMIN, ("POST", "/policies"): ADMIN,
    ("GET", "/policies/{policy_id}"): ADMIN, ("GET", "/policy-template"): ADMIN,
    ("POST", "/policy-comparisons"): ADMIN,
    ("GET", "/upload-drafts"): HANDS_IN, ("POST", "/upload-drafts"): HANDS_IN,
    ("GET", "/upload-drafts/{draft_id}"): HANDS_IN, ("DELETE", "/upload-drafts/{draft_id}"): HANDS_IN,
    ("PUT", "/upload-drafts/{draft_id}/sheet"): HANDS_IN,
    ("PUT", "/upload-drafts/{draft_id}/columns"): HANDS_IN, ("GET", "/upload-drafts/{draft_id}/defects"): HANDS_IN,
    ("PATCH", "/upload-drafts/{draft_id}/rows/{row}"): HANDS_IN,
    ("PATCH", "/upload-drafts/{draft_id}/groups/{key}"): HANDS_IN,
    ("GET", "/upload-drafts/{draft_id}/preview"): HANDS_IN,
    ("PUT", "/upload-drafts/{draft_id}/confirmation"): HANDS_IN,
    ("GET", "/questions"): COACHED, ("GET", "/questions/{question_id}"): NEAR,
    ("PATCH", "/questions/{question_id}"): WORKERS,
}  # fmt: skip
"""Who is let in, written by hand: an address that is not here fails the test."""
PEOPLE_ONLY = {
    *((method, "/account/second-factor") for method in ("POST", "PUT", "DELETE")),
    ("DELETE", "/students/{student_id}"), ("POST", "/proposals/{proposal_id}/decisions"),
    ("DELETE", "/decisions/{decision_id}"), ("POST", "/codes"),
    ("POST", "/students/{student_id}/mandates"), ("DELETE", "/mandates/{mandate_id}"),
    ("POST", "/students/{student_id}/coaches"), ("DELETE", "/students/{student_id}/coaches/{right_id}"),
    ("PUT", "/runs/{run_id}/judgement"), ("POST", "/proposals"), *(pair for pair in MATRIX if MATRIX[pair] == ADMIN),
    ("POST", "/students/{student_id}/questions"), ("PATCH", "/questions/{question_id}"),
    ("PUT", "/vacancies/{vacancy_id}/state"), ("PUT", "/vacancies/{vacancy_id}/participation"),
    *((method, path) for method, path in MATRIX if method != "GET" and path.startswith((
        "/organisations", "/contacts", "/participations", "/cooperations"))),
    ("PUT", "/runs/{run_id}/judgement"), *(pair for pair in MATRIX if MATRIX[pair] == ADMIN),
    *(pair for pair in FLOW if pair[0] != "GET"),
}  # fmt: skip
BODIES: dict[str, Any] = {
    "/proposals/{proposal_id}/decisions": {"decision": "defer"}, "/runs/{run_id}/judgement": {"word": "discard"},
    "/stop-switch": {"on": False, "reason": "x"},
    "/group-questions": {"branch": "infra", "place": "Raalte", "startsOn": "2026-09-01", "places": 2},
    "/proposals": {"studentId": "{student_id}", "openingId": "{opening_id}", "why": "x"},
    "/sessions": {"code": "K7M-4QP", "birthDate": "2009-02-01"},
    "/activations": {"code": "K7M-4QP", "password": "a long enough password"},
    "/accounts/{account_id}/rights": {"role": "administrator"},
    "/accounts/{account_id}/tokens": {"name": "x", "scopes": ["read"]},
    "/codes": {"studentIds": ["{student_id}"]},
    "/students/{student_id}/mandates": {"email": "m@example.org", "name": "M", "ground": "student_gave"},
    "/students/{student_id}/coaches": {"email": "m@example.org", "name": "M"},
    **FLOW_BODIES,
    "/students/{student_id}": {"maxKm": 10}, "/questions/{question_id}": {"answer": "Ja."},
    "/students/{student_id}/questions": {"kind": "talk"}, "/vacancies/{vacancy_id}/state": {"state": "closed"},
    "/organisations/{organisation_id}/legal-grounds": {"ground": "public_task"},
    "/organisations/{organisation_id}/contacts": {"name": "M"}, "/vacancies/{vacancy_id}/participation":
    {"participationId": None},
    "/organisations/{organisation_id}/participations": {"project": "x", "branch": "green", "option": 3},
    "/upload-drafts/{draft_id}/sheet": {"name": "3B"},
    "/upload-drafts/{draft_id}/columns": {"columns": {}}, "/upload-drafts/{draft_id}/groups/{key}": {"order": "dmy"},
    "/upload-drafts": {"rows": []}, "/wording-checks": {"text": "x"}, "/vacancy-suggestions": {"text": "tuin"},
    "/pair-searches": {"studentId": "{student_id}", "openingId": "{opening_id}"},
}
"""What is sent along, as it should be; ``{name}`` is an id."""
IN_BODY = ("/proposals", "/codes", "/pairs", "/pair-searches", "/improvements")
"""Addresses whose id stands in the body or the query."""
OUTSIDE_API = {
    ("GET", "/health/live"), ("GET", "/health/ready"), ("GET", "/inloggen"), ("POST", "/inloggen"),
    ("GET", "/inloggen/code"), ("POST", "/inloggen/code"),
    ("POST", "/uitloggen"), ("GET", "/wachtwoord"), ("POST", "/wachtwoord"), ("GET", "/api/v1/openapi.json"),
    ("GET", "/metrics"), ("GET", "/.well-known/security.txt"), ("GET", "/api/docs"), ("GET", "/api/docs/{name}"),
    ("GET", "/"), ("GET", "/static/{digest}/{name}"),
}  # fmt: skip
ANYBODY = {"", *ALL}
SCHOOL = {"school", "referrer"}
PAGES: dict[tuple[str, str], set[str]] = {
    ("GET", "/hulp"): ANYBODY, ("GET", "/zo-werkt-het-voorstel"): ANYBODY, ("GET", "/privacy"): ANYBODY,
    ("GET", "/toegankelijkheid"): ANYBODY,
    ("GET", "/mijn-account/tweede-stap"): ALL, ("POST", "/mijn-account/tweede-stap"): ALL,
    ("GET", "/mijn-account"): ALL, ("POST", "/mijn-account"): ALL, ("POST", "/mijn-account/sessies"): ALL,
    ("GET", "/sessie"): ALL,
    ("GET", "/start"): {"school", "referrer", "employer"}, ("GET", "/vandaag"): {"connector"},
    **{("GET", f"/{name}{ending}"): {"municipality", "connector", "administrator"}
       for name in ("dashboard", "trechter", "knelpunten", "gelijke-kansen") for ending in ("", ".csv")},
    **{("GET", path): {"municipality", "connector", "administrator"}
       for path in ("/bestemmingen.csv", "/versheid", "/versheid.csv")},
    ("GET", "/hoe-besloten"): {"connector", "administrator"},
    ("GET", "/account-openen"): ANYBODY, ("POST", "/account-openen"): ANYBODY,
    ("GET", "/code"): ANYBODY, ("POST", "/code"): ANYBODY,
    **{address: {"student", "parent"} for address in (
        ("GET", "/mijn-voorstellen"), ("GET", "/mijn-voorstellen/{request_id}"),
        ("POST", "/mijn-voorstellen/{request_id}"), ("GET", "/mijn-voorstellen/{request_id}/kaart"),
        ("GET", "/mijn-toestemming"), ("GET", "/mijn-toestemming/{consent_id}/stoppen"),
        ("POST", "/mijn-toestemming/{consent_id}/stoppen"), ("GET", "/mijn-gegevens"),
        ("POST", "/mijn-toestemming/hulp/{request_id}"),
        ("GET", "/mijn-gegevens/wie-keek"), ("POST", "/mijn-voorstellen/{request_id}/naam"),
        ("GET", "/mijn-plek"), ("POST", "/mijn-plek/{agreement_id}"), ("GET", "/vraag"), ("POST", "/vraag"))},
    **{address: {"employer"} for address in (
        *(("GET", path) for path in (
            "/vacatures", "/vacatures/nieuw", "/vacatures/{vacancy_id}", "/vacatures/{vacancy_id}/groep",
            "/vacatures/{vacancy_id}/groep/{run_id}", "/vacatures/concept/{draft_id}",
            "/vacatures/concept/{draft_id}/{topic}", "/vacatures/concept/{draft_id}/nakijken", "/kennismakingen",
            "/kennismakingen/{introduction_id}", "/kennismakingen/{introduction_id}/afspraken",
            "/plaatsingen/{placement_id}")),
        *(("POST", path) for path in (
            "/vacatures/nieuw", "/vacatures/{vacancy_id}/wijzigen", "/vacatures/{vacancy_id}/stand",
            "/vacatures/{vacancy_id}/groep", "/vacatures/concept/{draft_id}/{topic}",
            "/vacatures/concept/{draft_id}/nakijken", "/vacatures/concept/{draft_id}/weg",
            "/vacatures/concept/{draft_id}/bijwerken",
            "/kennismakingen/{introduction_id}", "/kennismakingen/{introduction_id}/afspraken",
            "/kennismakingen/{introduction_id}/afspraken/{position}", "/kennismakingen/{introduction_id}/akkoord",
            "/kennismakingen/{introduction_id}/start",
            "/plaatsingen/{placement_id}/oordeel", "/plaatsingen/{placement_id}/contract",
            "/plaatsingen/{placement_id}/einde")),
        ("GET", "/kandidaten"), ("GET", "/kandidaten/tabel.csv"), ("GET", "/kandidaten/{candidate_id}"),
        ("POST", "/kandidaten/{candidate_id}"))},
    **{("GET", f"/beheer{path}"): {"administrator"} for path in (
        "", "/logboek", "/berekeningen", "/bewaartermijnen", "/bewaartermijnen.csv", "/stopknop",
        "/organisaties", "/organisaties/nieuw", "/organisaties/{party_id}", "/beleid", "/beleid/nieuw",
        "/beleid/{policy_id}", "/back-ups", "/noodtoegang", "/wissen", "/algoritmeregister", "/algoritmeregister.csv",
        "/organisaties/{party_id}/projecten", "/projecten/{project_id}",
        "/accounts", "/accounts/nieuw",
        "/accounts/{account_id}")},
    **{("POST", f"/beheer{path}"): {"administrator"} for path in (
        "/stopknop", "/stopknop/verder", "/organisaties/nieuw", "/organisaties/{party_id}/goedkeuring", "/beleid/nieuw",
        "/organisaties/{party_id}/projecten", "/projecten/{project_id}", "/noodtoegang", "/wissen", "/back-ups",
        "/logboek", "/accounts/nieuw", "/accounts/{account_id}/rechten", "/accounts/{account_id}/rechten/{right_id}",
        "/accounts/{account_id}/code", "/accounts/{account_id}/sessies", "/accounts/{account_id}/stand")},
    ("POST", "/vandaag/regio"): {"connector"}, ("GET", "/voorstellen"): {"connector"},
    ("POST", "/voorstellen/weergaven"): {"connector"}, ("GET", "/voorstellen/samen"): {"connector"},
    ("POST", "/voorstellen/samen"): {"connector"}, ("GET", "/voorstellen/{proposal_id}"): {"connector"},
    ("POST", "/voorstellen/{proposal_id}"): {"connector"},
    ("POST", "/voorstellen/{proposal_id}/eerst-zelf"): {"connector"},
    ("GET", "/voorstellen/{proposal_id}/wat-als"): {"connector"},
    ("POST", "/besluiten/{decision_id}/ongedaan"): {"connector"}, ("GET", "/vergelijken"): {"connector"},
    ("GET", "/leerlingen/{student_id}/verbinder"): {"connector"},
    ("GET", "/leerlingen/{student_id}/gesprekskaart"): {"connector"},
    ("POST", "/plekken/{opening_id}/gezien"): {"connector"},
    ("GET", "/plekken/wachten"): {"connector"}, ("POST", "/plekken/{opening_id}/stand"): {"connector"},
    ("GET", "/plekken/{opening_id}"): {"connector"}, ("GET", "/plekken/{opening_id}/gesprekskaart"): {"connector"},
    ("GET", "/geschiedenis"): {"connector"}, ("GET", "/verouderd"): {"connector"},
    ("GET", "/werkgever-reageerde"): {"connector"},
    ("GET", "/lijsten"): SCHOOL, ("GET", "/lijsten/nieuw"): SCHOOL, ("POST", "/lijsten/nieuw"): SCHOOL,
    ("GET", "/lijsten/voorbeeld.{kind}"): SCHOOL, ("GET", "/lijsten/{upload_id}"): SCHOOL,
    ("POST", "/lijsten/{upload_id}/terug"): SCHOOL, ("GET", "/lijsten/concept/{draft_id}"): SCHOOL,
    ("GET", "/lijsten/concept/{draft_id}/kolommen"): SCHOOL, ("POST", "/lijsten/concept/{draft_id}/kolommen"): SCHOOL,
    ("GET", "/lijsten/concept/{draft_id}/controleren"): SCHOOL,
    ("POST", "/lijsten/concept/{draft_id}/controleren"): SCHOOL,
    ("GET", "/lijsten/concept/{draft_id}/nakijken"): SCHOOL, ("POST", "/lijsten/concept/{draft_id}/nakijken"): SCHOOL,
    ("GET", "/lijsten/concept/{draft_id}/foute-rijen.csv"): SCHOOL, ("POST", "/lijsten/concept/{draft_id}/weg"): SCHOOL,
    ("POST", "/lijsten/concept/{draft_id}/blad"): SCHOOL,
    ("GET", "/wegwijzer"): {*SCHOOL, "employer", "municipality", "connector", "coach", "administrator"},
    **{("GET", f"/organisatie{path}"): {*SCHOOL, "employer", "municipality"} for path in ("", "/{organisation_id}")},
    **{("POST", f"/organisatie/{{organisation_id}}{path}"): {*SCHOOL, "employer", "municipality"} for path in (
        "", "/contactpersonen", "/contactpersonen/{contact_id}")},
    ("POST", "/organisatie/{organisation_id}/grondslag"): SCHOOL,
    ("GET", "/uitkomsten"): SCHOOL, ("GET", "/uitkomsten/{student_id}"): SCHOOL,
    ("POST", "/uitkomsten/{student_id}"): SCHOOL, ("GET", "/mijn-jongeren"): {"coach"},
    ("GET", "/route/{student_id}"): {*SCHOOL, "coach"}, ("POST", "/route/{student_id}/vragen"): {"coach"},
    **{("POST", f"/route/{{student_id}}/{path}"): {*SCHOOL, "coach"} for path in (
        "momenten/{moment_id}", "stappen", "stappen/{step_id}")},
    ("GET", "/afspraken"): {*SCHOOL, "coach"}, ("POST", "/afspraken/{agreement_id}/{position}"): {*SCHOOL, "coach"},
    ("GET", "/leerlingen"): SCHOOL, ("GET", "/toestemming"): SCHOOL, ("POST", "/toestemming/codes"): SCHOOL,
    **{("GET", f"/leerlingen/{{student_id}}{path}"): SCHOOL for path in (
        "", "/bewerken/{topic}", "/naast", "/wissen")},
    **{("POST", f"/leerlingen/{{student_id}}{path}"): SCHOOL for path in (
        "/klopt", "/vragen/{question_id}", "/bewerken/{topic}", "/naast/machtigingen",
        "/naast/machtigingen/{mandate_id}", "/naast/begeleiders", "/naast/begeleiders/{right_id}",
        "/wissen")},
    ("GET", "/hulpvragen"): {"municipality"}, ("POST", "/hulpvragen/{request_id}"): {"municipality"},
    **{(method, f"/leerlingen/{{student_id}}/hulp{path}"): {*SCHOOL, "coach", "connector"} for method, path in (
        ("GET", ""), ("POST", ""), ("POST", "/{request_id}/terug"))},
    ("GET", "/kijk-eerst-zelf"): {"connector"}, ("POST", "/kijk-eerst-zelf/{region}"): {"connector"},
    ("GET", "/groep"): {"connector"}, ("POST", "/groep"): {"connector"}, ("GET", "/groep/{run_id}"): {"connector"},
    ("GET", "/opvolging"): {"connector"}, ("GET", "/opvolging/kennismaking/{introduction_id}"): {"connector"},
    **{("POST", f"/opvolging/kennismaking/{{introduction_id}}/{what}"): {"connector"} for what in (
        "plan", "uitkomst", "afzeggen", "afspraak")},
    ("POST", "/opvolging/afspraak/{agreement_id}/start"): {"connector"},
    ("GET", "/opvolging/plaatsing/{placement_id}"): {"connector"},
    **{("POST", f"/opvolging/plaatsing/{{placement_id}}/{what}"): {"connector"} for what in (
        "stappen", "oordeel", "contract", "einde")},
    ("POST", "/opvolging/moment/{moment_id}"): {"connector"}, ("POST", "/opvolging/stap/{step_id}"): {"connector"},
    ("GET", "/berekeningen"): {"connector"}, ("POST", "/berekeningen"): {"connector"},
    ("GET", "/berekeningen/{run_id}"): {"connector"}, ("POST", "/berekeningen/{run_id}"): {"connector"},
    ("POST", "/berekeningen/{run_id}/stop"): {"connector"}, ("GET", "/zonder-plek"): {"connector"},
    ("GET", "/waar-een-plek-helpt"): {"connector"}, ("GET", "/zoeken"): {"connector"},
    ("POST", "/zoeken"): {"connector"}, ("GET", "/zoeken/{student_id}/{opening_id}"): {"connector"},
    ("POST", "/zoeken/{student_id}/{opening_id}"): {"connector"}, ("GET", "/delen"): {"connector"},
    ("POST", "/delen"): {"connector"}, ("GET", "/delen/controle"): {"connector"},
    ("POST", "/delen/{decision_id}/vraag"): {"connector"}, ("GET", "/delen/{release_id}"): {"connector"},
    ("POST", "/delen/{release_id}/terugtrekken"): {"connector"},
}  # fmt: skip
"""The same for pages, one line per address; "" is who is not signed in. ``{name}`` is an id: a made-up one, and in
`test_what_is_not_theirs_looks_like_what_is_not_there` somebody else's, by the ids there."""
RIGHTS = {
    "school": Right("school", "31TA00"), "referrer": Right("referrer", "Jeugdzorg"),
    "connector": Right("connector", "AM36"), "employer": Right("employer", "11111110", "B"),
    "municipality": Right("municipality", "GM0193", "Zwolle"),
    "administrator": Right("administrator"),
}  # fmt: skip
NONE = "0" * 32
pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def routes(service: Service) -> Iterator[tuple[str, str]]:
    """Every method and address of ours."""
    for rule in service.app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            if not rule.endpoint.startswith("security.") or (method, path) in OUTSIDE_API:
                yield method, path


def ask(person: Person, method: str, path: str, ids: dict[str, str]) -> Any:
    """Ask with a body that is as it should be, and as somebody who saw the latest state."""
    address = "/api/v1" + re.sub(r"\{(\w+)\}", lambda m: ids.get(m.group(1), NONE), path)
    if (method, path) == ("GET", "/proposals"):
        address += f"?runId={ids.get('run_id', NONE)}"
    if path in ("/pairs", "/improvements"):
        address += f"?studentId={ids.get('student_id', NONE)}&openingId={ids.get('opening_id', NONE)}"
    options: dict[str, Any] = {"headers": {"If-Match": '"1"'}}
    if method in ("POST", "PATCH", "PUT") and not path.endswith(("confirmation", "cancellation")):
        body = json.dumps(BODIES.get(path, {}))
        options["json"] = json.loads(re.sub(r"\{(\w+_id)\}", lambda m: ids.get(m.group(1), NONE), body))
    return person.ask(method, address, **options)


def beside(service: Service) -> None:
    """A student of a school that no other test knows, with a coach, a parent, and a password for all three."""
    student = add_student(service)
    service.add("coach@example.org", Right("coach", student))
    service.add("student@example.org", Right("student", student))
    give_mandate(service, student, service.add("parent@example.org", Right("parent", student)))


def others_vacancy(owner: Person) -> dict[str, str]:
    """A vacancy of another employer, and a draft that somebody else began."""
    found = owner.get("/api/v1/vacancies").json["items"]
    vacancy = next(one for one in found if one["employerKvk"] != RIGHTS["employer"].code)
    home = f"/api/v1/organisations/{vacancy['employerId']}"
    contact = owner.post(f"{home}/contacts", {"name": "M"}).json["id"]
    taken = owner.post(f"{home}/participations", {"project": "x", "branch": "green", "option": 3}).json["id"]
    together = owner.post("/api/v1/cooperations", {"name": "x", "region": "AM36", "schoolTypes": ["pro"],
                                                   "branches": ["green"]}).json["id"]  # fmt: skip
    return {"vacancy_id": vacancy["id"], "organisation_id": vacancy["employerId"], "contact_id": contact,
            "participation_id": taken, "cooperation_id": together,
            "draft_id": owner.post("/api/v1/drafts", {"shared": {"title": "x"}}).json["id"]}  # fmt: skip


def stood_beside(service: Service, student: str) -> dict[str, str]:
    """Somebody else's student has a parent and a coach too."""
    coach = service.add("other-coach@example.org", Right("coach", student))
    parent = service.add("other-parent@example.org", Right("parent", student))
    with service.database.reading() as session:
        right = session.scalar(select(Grant.id).where(Grant.account_id == coach))
    with service.database.writing() as session:
        question = students.add_question(session, kind="to_school", student_id=student, asked_by=coach, text="?",
                                         asked_at=service.clock())  # fmt: skip
        asked = question.id
    return {"right_id": str(right), "mandate_id": give_mandate(service, student, parent), "question_id": asked}


@pytest.fixture
def people(service: Service) -> dict[str, Person]:
    """One person per role, and nobody in particular."""
    for role, right in RIGHTS.items():
        service.add(f"{role}@example.org", right)
    beside(service)
    return {"": service.person().begun()} | {role: service.person(f"{role}@example.org") for role in (*RIGHTS, *YOUTH)}


def test_every_address_is_in_the_matrix(service: Service) -> None:
    known = {(method, f"/api/v1{path}") for method, path in MATRIX} | OUTSIDE_API | set(PAGES)
    assert set(routes(service)) == known


def test_every_role_is_let_in_where_the_matrix_says_and_nowhere_else(
    service: Service, people: dict[str, Person]
) -> None:
    for (method, path), roles in MATRIX.items():
        for role, person in people.items():
            answer = ask(person, method, path, {})
            if role in roles:
                assert answer.status_code not in (401, 403), (method, path, role, answer.text)
            elif not role:
                assert answer.status_code == 401, (method, path)
            else:
                assert (answer.status_code, answer.json["code"]) == (403, "role"), (method, path, role)


def visit(person: Person, method: str, path: str, ids: dict[str, str]) -> Any:
    """Ask for a page as a browser does."""
    address = re.sub(r"\{(\w+)\}", lambda m: ids.get(m.group(1), NONE), path)
    form = {"data": {"csrf_token": person.headers.get("X-CSRFToken", "")}} if method == "POST" else {}
    return person.ask(method, address, headers={"Accept": "text/html,*/*;q=0.8"}, **form)


def test_every_role_may_see_its_pages_and_no_others(service: Service, people: dict[str, Person]) -> None:
    for (method, path), roles in PAGES.items():
        for role, person in people.items():
            answer = visit(person, method, path, {})
            if role in roles:
                assert answer.status_code not in (401, 403, 405, 500), (method, path, role)
            elif not role:
                assert answer.status_code == 303, (method, path)
                assert answer.location.split("?")[0] == "/inloggen"
            else:
                assert answer.status_code == 403, (method, path, role)
                assert answer.content_type == "text/html; charset=utf-8"


def test_what_changes_something_on_a_page_comes_from_that_page(service: Service, people: dict[str, Person]) -> None:
    for (method, path), roles in PAGES.items():
        if method == "POST":
            for role in roles - {""}:
                person = people[role]
                good, elsewhere = person.headers["X-CSRFToken"], {"Sec-Fetch-Site": "cross-site"}
                for token, more in (("", {}), ("x", {}), (good, elsewhere)):
                    address = re.sub(r"\{\w+\}", NONE, path)
                    answer = person.client.post(address, data={"csrf_token": token},
                                                headers={"Accept": "text/html", **more})  # fmt: skip
                    assert answer.status_code == 403, (path, role, token)


def test_a_token_is_for_the_api_and_not_for_pages_of_people(service: Service, people: dict[str, Person]) -> None:
    system = service.system(service.token("connector@example.org", "read", "upload", "run"))
    for method, path in PAGES:
        if path.startswith("/mijn-account"):
            assert visit(system, method, path, {}).status_code == 403


def test_a_token_does_what_its_scopes_say_and_never_what_is_for_people(
    service: Service, people: dict[str, Person]
) -> None:
    for role in (*RIGHTS, *YOUTH):
        for scope in ("read", "upload", "run"):
            system = service.system(service.token(f"{role}@example.org", scope))
            for (method, path), roles in MATRIX.items():
                if role in roles and "" not in roles:
                    answer = ask(system, method, path, {})
                    computes = "/runs" in path or path == "/group-questions"
                    reads = method == "GET" or path == "/pair-searches"  # a body holds the name, nothing is stored
                    needs = "read" if reads else "run" if computes else "upload"
                    good = needs == scope and (method, path) not in PEOPLE_ONLY
                    assert (answer.status_code != 403) == good, (method, path, scope)


def test_what_is_not_theirs_looks_like_what_is_not_there(service: Service) -> None:
    """For every address with an id and every role that is let in: byte for byte the same as for a made-up id."""
    owner = tiny(service)
    run = compute(service, owner)["id"]
    proposal = next(p for p in proposals(owner, run) if p["student"]["school"] != RIGHTS["school"].code)
    made = decide(owner, proposal, "accept").json
    upload = owner.get("/api/v1/uploads").json["items"][0]["id"]
    student = proposal["student"]["id"]
    ids = {"run_id": run, "proposal_id": proposal["id"], "decision_id": made["id"], "upload_id": upload,
           "student_id": student, "opening_id": proposal["opening"]["id"], **stood_beside(service, student),
           **others_vacancy(owner),
           **followed(service, made["id"])}  # fmt: skip
    for role, right in RIGHTS.items():
        service.add(f"{role}@example.org", right if role != "connector" else Right("connector", "AM01"))
    beside(service)
    asked = 0
    for role in (*RIGHTS, *YOUTH):
        person = service.person(f"{role}@example.org")
        for (method, path), roles in MATRIX.items():
            everybodys = role == "administrator" and path.startswith((
                "/students/{student_id}", "/organisations", "/contacts", "/participations", "/cooperations"))
            # Who works together is for everybody; a connector reads those of the own regions.
            everybodys |= role != "connector" and (method, path) == ("GET", "/cooperations/{cooperation_id}")
            by_id = "{" in path or path in IN_BODY or (method == "POST" and path in FLOW_IN_BODY)
            if role in roles and "" not in roles and not everybodys and by_id:
                theirs, none = ask(person, method, path, ids), ask(person, method, path, {})
                assert (theirs.status_code, none.status_code) == (404, 404), (method, path, role, theirs.text)
                assert theirs.data == none.data
                assert {k: v for k, v in theirs.headers if k != "Set-Cookie"} == {
                    k: v for k, v in none.headers if k != "Set-Cookie"}  # fmt: skip
                asked += 1
        for (method, path), roles in PAGES.items():
            if role in roles and "{" in path and any(f"{{{name}}}" in path for name in ids):
                theirs, none = visit(person, method, path, ids), visit(person, method, path, {})
                assert (theirs.status_code, none.status_code) == (404, 404), (method, path, role, theirs.text)
                assert theirs.data == none.data
                asked += 1
    assert asked >= 30


def test_rights_are_read_anew_for_every_request(service: Service, people: dict[str, Person]) -> None:
    from sqlalchemy import delete

    assert people["connector"].get("/api/v1/runs").status_code == 200
    with service.database.writing() as session:
        session.execute(delete(Grant).where(Grant.role == "connector"))
    assert people["connector"].get("/api/v1/runs").status_code == 403


def test_the_committed_description_is_the_one_the_service_gives(service: Service) -> None:
    path = Path(__file__).resolve().parent.parent.parent / "api" / "web" / "openapi.json"
    again = "write it anew: schakel serve --openapi > api/web/openapi.json"
    assert path.read_text(encoding="utf-8") == description(), again
    answer = service.person().get("/api/v1/openapi.json")
    assert answer.json == json.loads(path.read_text(encoding="utf-8"))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in service.person().get("/health/live").headers


def test_the_description_follows_the_rules_for_apis(service: Service) -> None:
    made = service.person().get("/api/v1/openapi.json").json
    listed = {(method.upper(), path) for path, operations in made["paths"].items() for method in operations}
    assert listed == set(MATRIX)
    seen = set()
    for path, operations in made["paths"].items():
        assert re.fullmatch(r"(/[a-z-]+|/\{[a-z_]+\})+", path), path
        for method, operation in operations.items():
            seen.add(operation["operationId"])
            assert operation["security"]
            assert {"400", "401", "403"} <= set(operation["responses"])
            for parameter in operation["parameters"]:
                if parameter["in"] == "query":
                    assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", parameter["name"])
            assert {"500", "503"} <= set(operation["responses"])
            for status, told in operation["responses"].items():
                response = made["components"]["responses"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told
                assert "API-Version" in response["headers"], (path, method, status)
                if status[0] in "45":
                    assert list(response["content"]) == ["application/problem+json"]
    assert len(seen) == len(listed)
    for schema in made["components"]["schemas"].values():
        for name in schema["properties"]:
            assert re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name)
    text = json.dumps(made)
    for reference in set(re.findall(r'"#/components/schemas/(\w+)"', text)):
        assert reference in made["components"]["schemas"]

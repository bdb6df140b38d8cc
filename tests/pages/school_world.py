"""What the pages of a school need in the world: lists in every step."""
from __future__ import annotations

import io
import re
from datetime import timedelta

from api.services import accounts
from api.store import audit, people
from api.store.tables import Adaptation, CheckMoment, Step
from tests.pages.messy import bsn_column
from tests.service.browser import PASSWORD, Person, Service
from tests.service.flow import followed
from tests.service.test_decisions import decide
from tests.service.test_upload_drafts import seen
from tests.service.test_uploads import HEAD

HTML = {"Accept": "text/html"}


def add_lists(service: Service, ids: dict[str, str], email: str) -> None:
    """Begin three lists, each further than the one before, and one that is refused."""
    person = service.person(email)

    def send(path: str, **data: object) -> str:
        page = person.get("/lijsten/nieuw", headers=HTML).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token is not None
        answer = person.client.post(path, headers=HTML, data={"csrf_token": token.group(1), **data})
        assert answer.status_code == 303, answer.text
        return str(answer.location)

    def begin(content: bytes, name: str) -> str:
        return send("/lijsten/nieuw", file=(io.BytesIO(content), name)).split("/")[-2]

    few = "Lln. nummer,Achternaam,Datum van geboorte,Woonplaats lln,Lievelingskleur\n1,Jansen,01-02-2009,Raalte,rood\n"
    ids["draft_columns"] = begin(few.encode(), "leerlingen juni.csv")
    row = "{},31SB00,pro,{},2026-07-01,8011,ja\n"
    rows = (row.format("K1", "gisteren") + row.format("K2", "3/4/2009") + row.format("K3", "2009-02-03")
            + row.format("K4", "").replace("pro", "proo") + row.format("K3", "2009-02-04"))  # fmt: skip
    ids["draft_check"] = begin((HEAD + rows).encode(), "klas 4B.csv")
    known = "leerlingnummer,brin,schooltype,geboortedatum,uitstroomdatum,postcode,arbeidsvermogen,voornaam\n"
    changed = "0005,31SB00,pro,2008-01-02,2026-07-17,8011,ja,Noor\nK9,31SB00,pro,x,2026-07-17,8011,ja,Sami\n"
    ids["draft_review"] = begin((known + changed).encode(), "klas 4C.csv")
    check = f"/lijsten/concept/{ids['draft_review']}/controleren"
    send(check, do="review", version=seen(person, check))
    ids["list_refused"] = send("/lijsten/nieuw", file=(io.BytesIO(bsn_column()), "met nummers.csv")).split("/")[-1]
    stored = [one for one in person.get("/api/v1/uploads").json["items"] if one["state"] == "confirmed"]
    ids["list_done"] = stored[0]["id"]


def add_people(service: Service, ids: dict[str, str], email: str, connector: Person) -> None:
    """A student of the school with a question, a parent with a mandate, a coach and a code; ids of the student."""
    school = service.person(email)
    listed = school.get("/api/v1/students").json["items"]
    own = {one["id"] for one in listed}
    chosen = connector.get(f"/api/v1/proposals?runId={ids['run']}&chosen=true&limit=100").json["items"]
    used = set(ids.values())  # whom other pages show as they are
    free = [p for p in chosen if p["student"]["id"] in own - used and p["id"] not in used]
    placed = min(free, key=lambda p: str(p["student"]["studentRef"]))  # not by id, which is another one every time
    ids["placed_student"] = at_work = placed["student"]["id"]
    ids["own_student"] = student = next(one["id"] for one in listed if one["id"] not in used | {at_work})
    decision = decide(connector, placed, "accept")
    assert decision.status_code == 201, decision.text
    route = followed(service, decision.json["id"])
    ids["moment"], ids["step"] = route["check_moment_id"], route["step_id"]
    asked = {"kind": "to_school", "code": "certificates", "text": "Heeft de leerling al een VCA?"}
    done = [connector.post(f"/api/v1/students/{student}/questions", asked),
            school.post(f"/api/v1/students/{student}/mandates", {
                "email": "ouder@example.org", "name": "Ouder van deze leerling", "ground": "representative"}),
            school.post(f"/api/v1/students/{student}/coaches", {"email": "coach@example.org", "name": "Karim Haddad"}),
            school.post(f"/api/v1/students/{at_work}/coaches", {
                "email": "coach@example.org", "name": "Karim Haddad"}),
            school.post("/api/v1/codes", {"studentIds": [at_work]})]  # fmt: skip
    assert {answer.status_code for answer in done} == {201}, [answer.text for answer in done]
    employer = service.person("employer@example.org")
    for person, entry in ((school, {"place": "Raalte", "about": "Praktijkonderwijs met veel leren op het werk.",
                                    "offers": {"branches": ["green", "infra"]}}),
                          (employer, {"place": "Zwolle", "about": "Wij werken aan wegen en riolen.", "offers": {
                              "branches": ["infra"], "contract_types": ["internship", "apprenticeship"],
                              "support": ["fixed_instructor", "demonstration"]}})):  # fmt: skip
        one = person.get("/api/v1/organisations").json["items"][0]
        path = f"/api/v1/organisations/{one['id']}"
        said = person.ask("PATCH", path, json={**entry, "listed": True}, headers={"If-Match": f'"{one["version"]}"'})
        assert said.status_code == 200, said.text
        for name, listed_too in (("Petra Jansen", True), ("Achter de schermen", False)):
            made = person.post(f"{path}/contacts", {"name": name, "task": "Stages", "phone": "0572-123456",
                                                    "email": "stages@example.org", "listed": listed_too})  # fmt: skip
            assert made.status_code == 201, made.text
        ids[one["kind"]] = one["id"]
    with service.database.writing() as session:
        coach = people.account_by_email(session, "coach@example.org")
        assert coach is not None
        accounts.choose_password(session, audit.SERVICE, coach, PASSWORD, now=service.clock())
        step = session.get_one(Step, ids["step"])
        step.what, step.goal, step.who = "Oefenen met op tijd komen", "Elke dag om 8.00 uur beginnen", "coach"
        born = service.clock().date()
        ids["agreement"] = agreed = route["agreement_id"]
        session.add_all([
            Adaptation(agreement_id=agreed, position=1, who="school", what="Oefenen met de bus", by=born),
            Adaptation(agreement_id=agreed, position=2, who="coach", what="Mee op de eerste dag", by=born),
            Adaptation(agreement_id=agreed, position=3, who="employer", what="Begin om 9 uur"),
        ])  # fmt: skip
        session.add_all(CheckMoment(placement_id=step.placement_id, kind=kind, due_on=born + timedelta(days=days))
                        for kind, days in (("months_3", 91), ("months_6", 182)))  # fmt: skip

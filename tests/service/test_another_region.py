"""A plan reaches over regions, and people move: a connector reads by name only who is of the own regions today."""
from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from api.services.accounts import Right
from api.store import people
from api.store.tables import Account, Grant, Organisation, Plan, Run, StoredStudent
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide
from tests.service.test_take_over import judge

API = "/api/v1"


@pytest.fixture
def service(cohort: Service) -> Service:
    """The service with a run over everything, taken over by somebody of all regions."""
    connector = cohort.person("c@example.org")
    with cohort.database.reading() as session:
        run = session.scalars(select(Run.id)).one()
    assert judge(connector, run).status_code == 200
    return cohort


HERE = "AM36"
SCHOOL = "31TA00"


def proposals(person: Person) -> list[dict[str, Any]]:
    """All proposals of the run."""
    run = person.get(f"{API}/runs").json["items"][0]["id"]
    found: list[dict[str, Any]] = person.get(f"{API}/proposals?runId={run}&limit=100").json["items"]
    return found


def moved(service: Service, student: dict[str, Any]) -> None:
    """The student lives in Groningen from now on."""
    with service.database.writing() as session:
        session.execute(update(StoredStudent).where(StoredStudent.id == student["id"]).values(region_code="AM01"))


def test_who_is_of_another_region_is_on_no_page_and_in_no_answer_of_a_plan_that_holds_here(service: Service) -> None:
    everything = service.person("c@example.org")
    service.add("near@example.org", Right("connector", HERE))
    service.add("far@example.org", Right("connector", "AM01"))
    near, far = service.person("near@example.org"), service.person("far@example.org")
    inside = [one for one in proposals(everything) if one["student"]["region"] == HERE]
    mine, other = next((one, two) for one in inside for two in inside
                       if one["chosen"] and two is not one and two["opening"]["id"] == one["opening"]["id"])
    assert decide(everything, other, "reject", reason="travel", note="belt nooit terug").status_code == 201
    who, where = other["student"], mine["opening"]["id"]
    paths = [f"/vergelijken?plek={where}", f"/plekken/{where}", f"/plekken/{where}/gesprekskaart",
             f"/voorstellen/{mine['id']}"]  # fmt: skip
    shown = [path for path in paths if other["id"] in near.get(path).text or who["id"] in near.get(path).text]
    assert len(shown) >= 2, shown
    moved(service, who)
    for path in paths:
        answer = near.get(path)
        assert answer.status_code == 200, path
        assert other["id"] not in answer.text and who["id"] not in answer.text, path
    for path in (f"/voorstellen/{other['id']}", f"{API}/proposals/{other['id']}", f"{API}/proposals/{'0' * 32}",
                 f"{API}/proposals/{other['id']}/decisions"):  # fmt: skip
        assert near.get(path).status_code == 404, path
    said = near.post(f"{API}/proposals/{other['id']}/decisions", {"decision": "accept"}, headers={"If-Match": '"x"'})
    assert said.status_code == 404
    listed = everything.get(f"{API}/proposals?runId={mine['runId']}&limit=100")
    assert "belt nooit terug" in listed.text
    with service.database.writing() as session:  # as if the run had been about this region alone
        session.execute(update(Run).values(regions=[HERE]))
    listed = near.get(f"{API}/proposals?runId={mine['runId']}&limit=100")
    line = next(one for one in listed.json["items"] if one["id"] == other["id"])
    assert (line["student"], line["decision"], line["fit"]) == (None, None, other["fit"])  # the numbers of a run stay
    assert "belt nooit terug" not in listed.text
    assert "belt nooit terug" in far.get(f"{API}/proposals/{other['id']}").text  # who looks after the student now


def test_who_moved_between_ticking_and_one_word_for_several_is_told_as_left_out(service: Service) -> None:
    service.add("near@example.org", Right("connector", HERE))
    near = service.person("near@example.org")
    here = [one for one in proposals(service.person("c@example.org")) if one["student"]["region"] == HERE]
    picked = list({one["student"]["id"]: one for one in here}.values())[:3]
    assert len(picked) == 3
    ids = [one["id"] for one in picked]
    ask = "/voorstellen/samen?taal=nl&doe=past-niet" + "".join(f"&voorstel={one}" for one in ids)
    assert "er niet meer" not in near.get(ask).text
    moved(service, picked[2]["student"])
    said = "1 die je aanvinkte is er niet meer: verhuisd of gewist. Die doet niet mee."
    page = near.get(ask).text
    assert said in page
    assert "2 voorstellen afwijzen" in page
    form: dict[str, Any] = dict(re.findall(r'<input type="hidden" name="(word|gone)" value="([^"]*)">', page))
    form["seen"] = re.findall(r'name="seen" value="([^"]*)"', page)
    assert len(form["seen"]) == 2
    again = near.post("/voorstellen/samen", data=form, headers={"Accept": "text/html"})
    assert (again.status_code, said in again.text) == (400, True)  # why not was not said
    moved(service, picked[1]["student"])
    done = near.post("/voorstellen/samen", data={**form, "reason": "travel"}, headers={"Accept": "text/html"})
    assert done.status_code == 303
    assert "gemist=2" in done.location
    told = near.get(done.location, headers={"Accept": "text/html"}).text
    assert "2 doen niet mee: intussen door iemand anders beoordeeld, verhuisd of gewist." in told
    for odd in ("-1", "99999", "x"):
        assert near.post("/voorstellen/samen", data={**form, "gone": odd}).status_code == 400


def test_a_list_of_a_school_is_read_by_who_works_there_now(service: Service) -> None:
    school = service.person("31TA00@example.org")
    upload = school.get(f"{API}/uploads").json["items"][0]["id"]
    paths = [f"{API}/uploads/{upload}", f"{API}/uploads/{upload}/rows", f"{API}/uploads/{upload}/defects"]
    assert [school.get(path).status_code for path in paths] == [200, 200, 200]
    with service.database.writing() as session:  # no school any more, and connector elsewhere
        of_school = select(Grant).join(Account).where(Account.email == f"{SCHOOL}@example.org")
        right = session.scalars(of_school).one()
        session.delete(right)
        people.add_grant(session, session.get_one(Account, right.account_id), "connector", region="AM01")
    assert [school.get(path).status_code for path in paths] == [404, 404, 404]
    assert school.get(f"{API}/uploads").json["items"] == []
    undone = school.ask("DELETE", f"{API}/uploads/{upload}/confirmation", headers={"If-Match": '"2"'})
    assert undone.status_code == 404


def test_who_is_connector_and_member_vouches_for_others_and_answers_for_the_own_one(service: Service) -> None:
    service.add("both@example.org", Right("connector", HERE), Right("employer", "87654321", "Eigen"))
    both = service.person("both@example.org")
    own = both.get(f"{API}/account").json["rights"]
    mine = next(one["organisationId"] for one in own if one["role"] == "employer")
    seen = both.get(f"{API}/organisations/{mine}").headers["ETag"]
    for method in ("PUT", "DELETE"):
        answer = both.ask(method, f"{API}/organisations/{mine}/approval", headers={"If-Match": seen})
        assert answer.status_code == 404
    ground = {"ground": "public_task", "explanation": "x"}
    with service.database.writing() as session:
        home = session.scalars(select(Organisation).where(Organisation.code == SCHOOL)).one()
        home.region_code, school = HERE, home.id
    assert both.get(f"{API}/organisations/{school}").status_code == 200
    foreign = both.post(f"{API}/organisations/{school}/legal-grounds", ground)
    assert foreign.status_code == 404, foreign.text


def test_a_page_of_a_run_that_found_no_plan_goes_on_when_somebody_of_its_conflict_moved(service: Service) -> None:
    everything = service.person("c@example.org")
    mine = next(one for one in proposals(everything) if one["chosen"] and one["student"]["region"] == HERE)
    assert decide(everything, mine, "accept").status_code == 201
    who, where = mine["student"]["id"], mine["opening"]["id"]
    said = {"kind": "pin", "name": "", "students": ["A"], "openings": ["V"], "sentence": "A staat vast op V.",
            "student_ids": [who], "opening_ids": [where]}  # fmt: skip
    with service.database.writing() as session:
        session.execute(delete(Plan))
        session.execute(update(Run).values(state="failed", fault="infeasible", regions=[HERE], taken_at=None,
                                           judged_by=None, totals={"conflict": [said]}))  # fmt: skip
    service.add("near@example.org", Right("connector", HERE))
    near = service.person("near@example.org")
    page = f"/berekeningen/{mine['runId']}"
    assert "A staat vast op V." in near.get(page).text
    moved(service, mine["student"])
    answer = near.get(page)
    assert (answer.status_code, "A staat vast op V." in answer.text, who in answer.text) == (200, False, False)
    told = near.get(f"{API}/runs/{mine['runId']}").json["conflict"]
    assert [(one["students"], one["sentence"]) for one in told] == [([], "")]


def test_who_moved_is_nowhere_in_what_is_told_of_a_run_that_found_no_plan(service: Service) -> None:
    everything = service.person("c@example.org")
    mine = next(one for one in proposals(everything) if one["chosen"] and one["student"]["region"] == HERE)
    said = {"kind": "pin", "name": "", "students": ["LEERLING-7"], "openings": ["V"], "sentence": "Vast op V: x.",
            "student_ids": [mine["student"]["id"]], "opening_ids": [mine["opening"]["id"]]}  # fmt: skip
    with service.database.writing() as session:
        session.execute(delete(Plan))
        session.execute(update(Run).values(state="failed", fault="infeasible", regions=[HERE], taken_at=None,
                                           judged_by=None, totals={"conflict": [said]}))  # fmt: skip
    service.add("near@example.org", Right("connector", HERE))
    near, run = service.person("near@example.org"), f"{API}/runs/{mine['runId']}"
    doors = (f"{API}/runs", run, f"/berekeningen/{mine['runId']}", "/berekeningen")
    assert ["Vast op V: x." in near.get(path).text for path in doors] == [True, True, True, False]
    moved(service, mine["student"])
    answers = [near.get(path) for path in doors]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    for answer in answers:
        for word in (mine["student"]["id"], "LEERLING-7", "Vast op V: x."):
            assert word not in answer.text, answer.request.path

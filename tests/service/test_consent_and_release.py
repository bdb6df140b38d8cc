"""Consent is asked, answered and withdrawn; a candidate is shown to an employer on both, and on nothing else."""
from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from api.services.accounts import Right
from api.store import audit, releases
from api.store.tables import Account, Consent, Mandate, OpeningVersion, Profile, Release, Seen, StoredStudent, Vacancy
from tests.service.browser import Person, Service
from tests.service.flow import API, Flow, begin, on_both, people_of, put
from tests.service.test_decisions import decide, proposals


@pytest.fixture
def flow(cohort: Service) -> Flow:
    """A run and the people of one of its proposals."""
    return begin(cohort)


@on_both
def test_an_acceptance_leads_over_consent_to_a_candidate(flow: Flow) -> None:
    flow.accept()
    acceptance = flow.connector.get(f"{API}/acceptances").json["items"][0]
    assert (acceptance["consent"], acceptance["blocks"]) == ("not_asked", ["no_consent"])
    assert flow.release().json["code"] == "no_consent"
    request = flow.ask()
    assert flow.connector.get(f"{API}/acceptances").json["items"][0]["consent"] == "open"
    assert flow.release().status_code == 409
    (option,) = flow.student.get(f"{API}/options").json
    assert (option["state"], option["requestId"]) == ("asked", request["id"])
    assert flow.answer(request).json["state"] == "answered"
    assert flow.employer.get(f"{API}/candidates").json["items"] == []
    preview = flow.preview()
    assert flow.release().status_code == 201
    (candidate,) = flow.employer.get(f"{API}/candidates").json["items"]
    assert (candidate["code"], candidate["card"]) == (preview["code"], preview["card"])
    assert flow.student.get(f"{API}/options").json[0]["state"] == "shared"
    with flow.service.database.reading() as session:
        assert audit.verify(session) == []


def test_the_school_may_ask_for_its_own_student_and_another_school_may_not(flow: Flow) -> None:
    flow.accept()
    flow.service.add("other@example.org", Right("school", "99ZZ00", "Elders"))
    other = flow.service.person("other@example.org")
    refused = other.post(f"{API}/consent-requests", {"decisionId": flow.decision["id"]})
    missing = other.post(f"{API}/consent-requests", {"decisionId": "0" * 32})
    assert (refused.status_code, refused.data) == (404, missing.data)
    request = flow.ask(flow.school)
    assert flow.school.get(f"{API}/consent-requests/{request['id']}").json["state"] == "open"
    assert other.get(f"{API}/consent-requests").json["items"] == []


def test_a_question_is_asked_once_and_falls_away_with_the_decision(flow: Flow) -> None:
    flow.accept()
    request = flow.ask()
    again = flow.connector.post(f"{API}/consent-requests", {"decisionId": flow.decision["id"]})
    assert (again.status_code, again.json["code"]) == (409, "asked_already")
    assert flow.connector.ask("DELETE", f"{API}/decisions/{flow.decision['id']}").status_code == 200
    assert flow.connector.get(f"{API}/consent-requests/{request['id']}").json["state"] == "ended"
    refused = flow.answer(request)
    assert (refused.status_code, refused.json["code"]) == (409, "wrong_state")
    assert flow.student.get(f"{API}/options").json[0]["state"] == "ended"


@pytest.mark.parametrize("word", ["no", "talk"])
def test_no_or_a_talk_first_shows_nothing_to_anybody(flow: Flow, word: str) -> None:
    flow.accept()
    assert flow.answer(flow.ask(), word).status_code == 200
    assert flow.connector.get(f"{API}/acceptances").json["items"][0]["consent"] == word
    assert flow.release().status_code == 409
    assert flow.student.get(f"{API}/consents").json["items"] == []


def test_of_several_options_the_student_chooses_one(flow: Flow) -> None:
    """One is accepted and holds the place; another is kept as an option. Choosing it lets the question fall away."""
    flow.accept()
    first = flow.ask()
    other = next(p for p in proposals(flow.connector, flow.run, studentId=flow.student_id)
                 if p["id"] != flow.proposal["id"])  # fmt: skip
    kept = decide(flow.connector, other, "defer").json
    second = flow.connector.post(f"{API}/consent-requests", {"decisionId": kept["id"]}).json
    assert {option["state"] for option in flow.student.get(f"{API}/options").json} == {"asked"}
    assert flow.answer(second, onlyThis=True).status_code == 200
    assert flow.connector.get(f"{API}/consent-requests/{first['id']}").json["state"] == "ended"
    flow.connector.ask("DELETE", f"{API}/decisions/{flow.decision['id']}")
    flow.proposal = other
    flow.accept()
    assert flow.release().status_code == 201


@pytest.mark.parametrize("word", ["no", "talk"])
def test_who_does_not_choose_this_place_keeps_the_question_for_the_others(flow: Flow, word: str) -> None:
    """The mark for this place alone, left on the form, took every other place away with a no."""
    flow.accept()
    first = flow.ask()
    other = next(p for p in proposals(flow.connector, flow.run, studentId=flow.student_id)
                 if p["id"] != flow.proposal["id"])  # fmt: skip
    kept = decide(flow.connector, other, "defer").json
    second = flow.connector.post(f"{API}/consent-requests", {"decisionId": kept["id"]}).json
    assert flow.answer(second, word, onlyThis=True).status_code == 200
    assert flow.connector.get(f"{API}/consent-requests/{first['id']}").json["state"] == "open"


@on_both
def test_what_was_previewed_is_what_is_released(flow: Flow) -> None:
    flow.accept()
    flow.answer(flow.ask())
    digest = flow.preview()["digest"]
    assert flow.release("0" * 32).json["code"] == "preview_changed"
    with flow.service.database.writing() as session:
        for profile in session.scalars(select(Profile).where(Profile.student_id == flow.student_id)):
            profile.record = {**profile.record, "hours_min": 8.0}
    changed = flow.release(digest)
    assert (changed.status_code, changed.json["refused"][0]["code"]) == (409, "preview_changed")
    assert flow.release().status_code == 201


@on_both
def test_a_batch_is_shown_as_a_whole_or_not_at_all(flow: Flow) -> None:
    flow.accept()
    flow.answer(flow.ask())
    other = next(p for p in proposals(flow.connector, flow.run, chosen="true")
                 if p["student"]["id"] != flow.student_id)  # fmt: skip
    second = decide(flow.connector, other, "pin").json
    wanted = [{"decisionId": i, "digest": flow.connector.get(f"{API}/acceptances/{i}/preview").json["digest"]}
              for i in (flow.decision["id"], second["id"])]  # fmt: skip
    refused = flow.connector.post(f"{API}/releases", {"candidates": wanted})
    assert refused.status_code == 409
    assert refused.json["refused"] == [{"decisionId": second["id"], "code": "no_consent"}]
    assert flow.connector.get(f"{API}/releases").json["items"] == []
    there = people_of(flow.service, flow.connector, flow.run, other, "-2")
    there.decision = second
    assert there.answer(there.ask()).status_code == 200
    shown = flow.connector.post(f"{API}/releases", {"candidates": wanted})
    assert shown.status_code == 201, shown.text
    listed = flow.connector.get(shown.headers["Location"]).json["items"]
    assert sorted(one["id"] for one in listed) == sorted(one["id"] for one in shown.json["items"])


def test_one_candidate_that_was_shown_is_where_the_answer_says(flow: Flow) -> None:
    flow.accept()
    flow.answer(flow.ask())
    made = flow.release()
    found = flow.connector.get(made.headers["Location"])
    assert (found.status_code, found.json["id"]) == (200, made.json["items"][0]["id"])


@pytest.mark.parametrize(("change", "code"), [
    (lambda s, _: s.execute(update(Vacancy).values(state="closed")), "vacancy_not_open"),
    (lambda s, f: s.execute(update(Consent).values(live=False, withdrawn_at=f.service.clock())), "no_consent"),
], ids=["closed", "withdrawn"])  # fmt: skip
def test_what_changed_since_the_acceptance_is_looked_at_again(flow: Flow, change: Any, code: str) -> None:
    flow.accept()
    flow.answer(flow.ask())
    with flow.service.database.writing() as session:
        change(session, flow)
    assert flow.release().json["code"] == code


@on_both
def test_taking_back_tells_what_was_seen_and_when(flow: Flow) -> None:
    release = flow.released()
    assert flow.connector.ask("DELETE", f"{API}/decisions/{flow.decision['id']}").status_code == 409
    flow.employer.get(f"{API}/candidates/{release['id']}")
    flow.next_day()
    flow.employer.get(f"{API}/candidates/{release['id']}")
    assert flow.connector.ask("DELETE", f"{API}/releases/{release['id']}").status_code == 428
    taken = put(flow.connector, f"/releases/{release['id']}", None, method="DELETE")
    assert [look["by"] for look in taken.json["seen"]] == ["employer", "employer"]
    assert (taken.json["state"], taken.json["endReason"]) == ("ended", "taken_back")
    assert put(flow.connector, f"/releases/{release['id']}", None, method="DELETE").status_code == 409
    gone = flow.employer.get(f"{API}/candidates/{release['id']}").json
    assert (gone["state"], gone["card"], gone["reason"]) == ("no_longer_available", None, None)
    assert flow.connector.ask("DELETE", f"{API}/decisions/{flow.decision['id']}").status_code == 200


@on_both
def test_a_withdrawal_ends_all_at_once_and_says_no_reason(flow: Flow) -> None:
    release = flow.released()
    seen = flow.employer.get(f"{API}/candidates/{release['id']}").headers["ETag"]
    assert put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"}, seen).status_code == 200
    consent = flow.student.get(f"{API}/consents").json["items"][0]
    assert flow.student.ask("DELETE", f"{API}/consents/{consent['id']}").json["live"] is False
    assert flow.student.ask("DELETE", f"{API}/consents/{consent['id']}").status_code == 200
    assert flow.employer.get(f"{API}/candidates").json["items"] == []
    gone = flow.employer.get(f"{API}/candidates/{release['id']}").json
    assert (gone["state"], gone["card"]) == ("no_longer_available", None)
    refused = put(flow.employer, f"/candidates/{release['id']}/word", {"word": "does_not_fit", "reason": "other"}, seen)
    assert (refused.status_code, refused.json["code"]) == (409, "no_longer_available")
    told = flow.connector.get(f"{API}/releases/{release['id']}").json
    assert told["endReason"] == "consent_withdrawn"
    assert flow.connector.get(f"{API}/acceptances").json["items"][0]["consent"] == "withdrawn"
    with flow.service.database.reading() as session:
        assert audit.verify(session) == []


def test_an_employer_who_declines_says_why_and_sees_no_more(flow: Flow) -> None:
    release = flow.released()
    path = f"/candidates/{release['id']}/word"
    assert put(flow.employer, path, {"word": "does_not_fit"}).status_code == 400
    assert put(flow.employer, path, {"word": "does_not_fit", "reason": "his face"}).status_code == 400
    assert put(flow.employer, path, {"word": "does_not_fit", "reason": "hours"}).status_code == 200
    assert flow.employer.get(f"{API}/candidates/{release['id']}").json["card"] is None
    told = flow.connector.get(f"{API}/releases/{release['id']}").json
    assert (told["endReason"], told["employerWord"], told["employerReason"]) == (
        "employer_declined", "does_not_fit", "hours")  # fmt: skip


@pytest.mark.parametrize("meets", [False, True])
def test_a_vacancy_that_closes_takes_its_candidates_with_it_but_whom_they_meet(flow: Flow, meets: bool) -> None:
    release = flow.released()
    if meets:
        put(flow.employer, f"/candidates/{release['id']}/word", {"word": "meet"})
    with flow.service.database.reading() as session:
        vacancy = session.get_one(Release, release["id"]).vacancy_id
    closed = put(flow.connector, f"/vacancies/{vacancy}/state", {"state": "closed"})
    assert closed.status_code == 200, closed.text
    assert len(flow.employer.get(f"{API}/candidates").json["items"]) == meets
    assert flow.connector.get(f"{API}/releases/{release['id']}").json["endReason"] == (
        None if meets else "vacancy_closed")  # fmt: skip


@on_both
def test_the_first_look_of_a_day_is_written_down(flow: Flow) -> None:
    release = flow.released()
    for _ in range(2):
        for path in ("/candidates", f"/candidates/{release['id']}", "/candidates/table"):
            assert flow.employer.get(f"{API}{path}").status_code == 200
    flow.next_day()
    flow.employer.get(f"{API}/candidates")
    with flow.service.database.reading() as session:
        looks = session.execute(select(Seen.student_id, Seen.day, Account.name)
                                .join(Account, Account.id == Seen.account_id).order_by(Seen.day)).all()  # fmt: skip
    assert looks == [(flow.student_id, date(2026, 6, day), "employer") for day in (15, 16)]


def test_two_employers_cannot_find_out_that_they_see_one_student(flow: Flow) -> None:
    """A code is of a vacancy and of one release: another vacancy, or the next release, has another."""
    first = flow.released()["code"]
    put(flow.connector, f"/releases/{flow.connector.get(f'{API}/releases').json['items'][0]['id']}", None,
        method="DELETE")  # fmt: skip
    assert flow.preview()["code"] != first
    other = next(p for p in proposals(flow.connector, flow.run, studentId=flow.student_id)
                 if p["opening"]["id"] != flow.opening_id)  # fmt: skip
    flow.connector.ask("DELETE", f"{API}/decisions/{flow.decision['id']}")
    flow.proposal = other
    flow.accept()
    assert flow.preview()["code"] != first


def test_nothing_an_employer_reads_says_who_the_student_is(flow: Flow) -> None:
    """A mark is put in every text of every profile, and no answer to the employer holds any of them."""
    marked = {"first_name": "CANARYNAME", "own_words": "CANARYWORDS"}
    texts = {"tasks_wanted": ["CANARYTASK"], "experience": ["CANARYEXPERIENCE"], "tasks_mastered": []}
    with flow.service.database.writing() as session:
        for profile in session.scalars(select(Profile)):
            background = {**profile.record["background"], **marked}
            profile.record = {**profile.record, **texts, "background": background}
    release = flow.released()
    with flow.service.database.reading() as session:
        profile = session.get_one(Profile, (flow.student_id, 1)).record
    never = {"CANARY", profile["birth_date"], profile["birth_date"][:4] + "-", profile["school"],
             profile["location"]["label"], profile["background"]["school_type"] + '"', "consent", "student",
             profile["student_ref"] + '"'}  # fmt: skip
    for path in ("/candidates", f"/candidates/{release['id']}", "/candidates/table", "/account"):
        # A right at an employer says that it is of no student.
        text = re.sub(r'"studentId": ?null', "", flow.employer.get(f"{API}{path}").text)
        assert not {word for word in never if word in text.replace(f'"{release["code"]}"', "")}, path


def test_what_a_student_only_wants_is_no_strength_on_the_card(flow: Flow) -> None:
    """The task of the work under what goes well: not when wished for, but when it can be done already."""
    with flow.service.database.reading() as session:
        opening = session.get_one(OpeningVersion, (flow.opening_id, 1)).record
    (task,) = [demand["text"] for demand in opening["tasks"]]
    flow.accept()
    told = {}
    for wanted, mastered in ((True, False), (False, True), (True, True), (False, False)):
        with flow.service.database.writing() as session:
            profile = session.get_one(Profile, (flow.student_id, 1))
            profile.record = {**profile.record, "tasks_wanted": [task] * wanted, "tasks_mastered": [task] * mastered,
                              "experience": []}  # fmt: skip
        told[wanted, mastered] = {item["code"] or item["label"] for item in flow.preview()["card"]["strengths"]}
    assert task in told[False, True] and task in told[True, True]
    assert told[True, False] == told[False, False] == told[True, True] - {task}


def grant(flow: Flow, ground: str, years: int) -> Person:
    """A parent with a mandate of a student who is made so old."""
    service = flow.service
    parent = service.add("parent@example.org", Right("parent", flow.student_id))
    today = service.clock().date()
    with service.database.writing() as session:
        for profile in session.scalars(select(Profile).where(Profile.student_id == flow.student_id)):
            born = today.replace(year=today.year - years) - timedelta(days=1)
            profile.record = {**profile.record, "birth_date": born.isoformat()}
        until = today + timedelta(days=90)
        session.add(Mandate(student_id=flow.student_id, account_id=parent, ground=ground, recorded_by=parent,
                            begins_on=today, ends_on=until, created_at=service.clock()))  # fmt: skip
    return service.person("parent@example.org")


@pytest.mark.parametrize("case", [
    ("minor", 15, "parent", "yes", 200), ("minor", 15, "student", "yes", 409), ("minor", 15, "student", "no", 200),
    ("minor", 17, "parent", "yes", 409), ("minor", 17, "parent", "no", 409), ("minor", 17, "student", "yes", 200),
    ("student_gave", 17, "parent", "yes", 200), ("representative", 19, "parent", "yes", 200),
], ids=str)  # fmt: skip
def test_who_may_answer_follows_age_and_mandate(flow: Flow, case: tuple[str, int, str, str, int]) -> None:
    ground, years, who, word, status = case
    parent = grant(flow, ground, years)
    flow.accept("pin")
    request = flow.ask()
    answer = flow.answer(request, word, parent if who == "parent" else flow.student)
    assert answer.status_code == status, answer.text
    assert status == 409 or answer.json["answer"] == word


def test_a_mandate_that_ended_gives_no_voice(flow: Flow) -> None:
    parent = grant(flow, "student_gave", 17)
    flow.accept()
    request = flow.ask()
    flow.service.clock.forward(days=91)
    parent.sign_in("parent@example.org")
    assert flow.answer(request, "yes", parent).status_code in (403, 404, 428)
    with flow.service.database.reading() as session:
        assert session.scalars(select(Consent)).all() == []


def test_a_machine_asks_answers_and_releases_nothing(flow: Flow) -> None:
    flow.accept()
    request = flow.ask()
    system = flow.service.system(flow.service.token("c@example.org", "read", "run", "upload"))
    student = flow.service.system(flow.service.token("student@example.org", "read", "upload", "run"))
    for person, method, path in (
        (system, "POST", "/consent-requests"), (system, "POST", "/releases"),
        (student, "PUT", f"/consent-requests/{request['id']}/answer"),
    ):  # fmt: skip
        assert person.ask(method, f"{API}{path}", json={}).json["code"] == "people_only"


def test_a_card_in_a_thin_region_says_less_and_stays_as_it_was(flow: Flow) -> None:
    """Of few students in a region whoever is alone with a trait does not show it; the rest leaving changes nothing."""
    release = flow.released()
    with flow.service.database.reading() as session:
        region = session.get_one(StoredStudent, flow.student_id).region_code
        many = len(session.scalars(select(StoredStudent).where(StoredStudent.region_code == region)).all())
        card = session.get_one(Release, release["id"]).card
    if many < 5:
        assert (card["age"], card["available"], card["travel"], card["certificates"]) == (None, None, None, None)
    before = flow.employer.get(f"{API}/candidates/{release['id']}").json
    with flow.service.database.writing() as session:
        session.execute(update(StoredStudent).where(StoredStudent.id != flow.student_id).values(region_code="AM01"))
    assert flow.employer.get(f"{API}/candidates/{release['id']}").json == before


def test_a_table_of_candidates_leaves_nobody_out(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was cut after 500 lines, and did not say so; a table has no next page."""
    release, real, asked = flow.released(), releases.releases, []

    def listening(*args: Any, limit: int | None, **options: Any) -> Any:
        asked.append(limit)
        return real(*args, limit=limit, **options)

    monkeypatch.setattr(releases, "releases", listening)
    assert release["code"] in flow.employer.get(f"{API}/candidates/table").text
    assert asked[0] is None

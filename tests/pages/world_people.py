"""Students, a parent and an employer in the middle of it: asked, choosing, shared, meeting.

Everybody does it as people do: by the same addresses as a system's, signed in as who they are.
"""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from api.services.accounts import Right
from api.services.privacy import break_glass
from api.services.retention import BACKUPS, ENDS_WITH
from api.store import audit, mandates, people, runs
from api.store.backup import backup
from features.geography import REGIONS
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide, proposals

API = "/api/v1"
STUDENTS = {"youth": "0005", "youth_meeting": "0016", "youth_new": "0001", "youth_shared": "0035",
            "youth_placed": "0019"}
"""Who signs in as which student: Zoë chooses, Evi meets, Eline has nothing yet, Thijs was just shared, Jesse works."""
PLACED_AT = "V021"


def add_people(service: Service, world: Any) -> None:
    """Bring them in, and their ids into the world."""
    connector = service.person(world.email("connector"))
    with service.database.reading() as session:
        known = {record["student_ref"]: (i, record["background"]["first_name"])
                 for i, _, record in runs.students_in(session, REGIONS)}  # fmt: skip
    for role, ref in STUDENTS.items():
        world.ids[f"{role}_id"], name = known[ref]
        service.add(world.email(role), Right("student", world.ids[f"{role}_id"]))
        _call(service, world.email(role), name)
    _parent(service, world)
    options = proposals(connector, world.ids["run"], studentId=world.ids["youth_id"])
    asked = [_ask(connector, one, "accept" if one["chosen"] else "defer") for one in _three(options)]
    world.ids["offer"], world.ids["offer2"] = asked[0], asked[1]
    for role in ("youth_meeting", "youth_shared", "youth_placed"):
        known_to = proposals(connector, world.ids["run"], studentId=world.ids[f"{role}_id"])
        at = {one["opening"]["vacancyRef"]: one for one in known_to}
        chosen = at[PLACED_AT] if role == "youth_placed" else next(one for one in known_to if one["chosen"])
        request = _ask(connector, chosen, "accept")
        world.ids[f"offer_{role.removeprefix('youth_')}"] = request
        person = service.person(world.email(role))
        seen = person.get(f"{API}/consent-requests/{request}")
        answered = person.ask("PUT", f"{API}/consent-requests/{request}/answer", json={"answer": "yes"},
                              headers={"If-Match": seen.headers["ETag"]})  # fmt: skip
        assert answered.status_code == 200, answered.text
        world.ids[f"candidate_{role.removeprefix('youth_')}"] = _release(connector, answered.json["decisionId"])
        world.ids[f"consent_{role.removeprefix('youth_')}"] = person.get(f"{API}/consents").json["items"][0]["id"]
    employer = service.person(world.email("employer"))
    for name in ("meeting", "placed"):
        path = f"{API}/candidates/{world.ids[f'candidate_{name}']}"
        _ok(put(employer, f"{path}/word", {"word": "meet"}, of=path))
    _place(service, world, connector, employer)
    _kept(service, world)
    _vacancies(service, world, employer)


def _place(service: Service, world: Any, connector: Person, employer: Person) -> None:
    """Evi's talk is planned and her name may be known; Jesse met, agreed and is on trial."""
    found = {one["code"]: one["id"] for one in employer.get(f"{API}/introductions").json["items"]}
    by = {name: found[employer.get(f"{API}/candidates/{world.ids[f'candidate_{name}']}").json["code"]]
          for name in ("meeting", "placed")}  # fmt: skip
    world.ids["introduction"], world.ids["introduction_placed"] = by["meeting"], by["placed"]
    planned = (service.clock() + timedelta(days=2)).isoformat()
    for introduction in by.values():
        _ok(put(connector, f"{API}/introductions/{introduction}/plan",
                {"plannedAt": planned, "where": "Bij het bedrijf, met iemand van school"},
                of=f"{API}/introductions/{introduction}"))  # fmt: skip
    placed = f"{API}/introductions/{by['placed']}"
    today = service.clock().date().isoformat()
    _ok(put(employer, f"{placed}/outcome", {"outcome": "go_on", "heldOn": today}, of=placed))
    made = employer.post(f"{API}/agreements", {
        "introductionId": by["placed"], "startsOn": today, "hours": 20, "mentor": "Kees de Wit",
        "adaptations": [{"who": "employer", "what": "Rustige plek om te pauzeren", "by": today},
                        {"who": "school", "what": "Stappenkaart maken", "by": None}],
    })  # fmt: skip
    assert made.status_code == 201, made.text
    world.ids["agreement"] = made.json["id"]
    path = f"{API}/agreements/{made.json['id']}"
    _ok(put(employer, f"{path}/approval", None, of=path))
    _ok(put(service.person(world.email("youth_placed")), f"{path}/approval", None, of=path))
    began = employer.post(f"{API}/placements", {"agreementId": made.json["id"], "startedOn": today})
    assert began.status_code == 201, began.text
    world.ids["placement"] = began.json["id"]


def _kept(service: Service, world: Any) -> None:
    """A backup was made, and an administrator once fetched everything about a student."""
    folder = service.folder / "data" / BACKUPS
    folder.mkdir(parents=True, exist_ok=True)
    counts = backup(service.database, folder / f"2026-06-14T03-00-00{ENDS_WITH}")
    with service.database.writing() as session:
        administrator = people.account_by_email(session, world.email("administrator"))
        assert administrator is not None
        audit.append(session, audit.SERVICE, "database.backed_up", ("database", "all"), now=service.clock(),
                     rows=sum(counts.values()))  # fmt: skip
        break_glass(session, audit.Actor("human", administrator.id, "page"), world.ids["youth_id"], reason="request",
                    now=service.clock())  # fmt: skip


def _vacancies(service: Service, world: Any, employer: Person) -> None:
    """One of the employer's vacancies, and two drafts: one from an example, one with all that can be wrong."""
    world.ids["vacancy"] = employer.get(f"{API}/vacancies").json["items"][0]["id"]
    for name, body in (("draft", {"example": "green"}), ("draft_wrong", {
        "shared": {"title": "Sterke man gezocht", "branch": "green", "tasks": ["snoeien!", "maaien"],
                   "description": "Wij zoeken een gezonde jongen zonder hoofddoek.", "hours_min": "40",
                   "hours_max": "20", "postcode": "8121", "work_skills": ["pace=3!", "accuracy=2"],
                   "support_offered": ["fixed_instructor", "own_pace=limited", "-quiet_spot"],
                   "participation_option": "3", "participation_criteria": ["concept", "-job_guarantee"]},
        "openings": [{"starts_on": "2026-09-01", "places": "2"}]})):  # fmt: skip
        if "shared" in body:
            body["shared"] = {_camel(key): value for key, value in body["shared"].items()}
            body["openings"] = [{_camel(key): value for key, value in one.items()} for one in body["openings"]]
        made = employer.post(f"{API}/drafts", body)
        assert made.status_code == 201, made.text
        world.ids[name] = made.json["id"]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def put(person: Person, path: str, body: Any, *, of: str) -> Any:
    """Change what stands at ``path``, as somebody who saw what stands at ``of``."""
    headers = {"If-Match": person.get(of).headers["ETag"]}
    return person.ask("PUT", path, headers=headers, **({} if body is None else {"json": body}))


def _ok(answer: Any) -> None:
    assert answer.status_code == 200, answer.text


def _three(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The chosen place and two others, of other vacancies."""
    chosen = next(one for one in options if one["chosen"])
    others = {one["opening"]["vacancyRef"]: one for one in options if not one["chosen"]}
    others.pop(chosen["opening"]["vacancyRef"], None)
    return [chosen, *list(others.values())[:2]]


def _ask(connector: Person, proposal: dict[str, Any], word: str) -> str:
    made = decide(connector, proposal, word)
    assert made.status_code == 201, made.text
    asked = connector.post(f"{API}/consent-requests", {"decisionId": made.json["id"]})
    assert asked.status_code == 201, asked.text
    return str(asked.json["id"])


def _release(connector: Person, decision: str) -> str:
    digest = connector.get(f"{API}/acceptances/{decision}/preview").json["digest"]
    made = connector.post(f"{API}/releases", {"candidates": [{"decisionId": decision, "digest": digest}]})
    assert made.status_code == 201, made.text
    return str(made.json["items"][0]["id"])


def _call(service: Service, email: str, name: str) -> None:
    with service.database.writing() as session:
        account = people.account_by_email(session, email)
        assert account is not None
        account.name = name


def _parent(service: Service, world: Any) -> None:
    """A parent who reads along with the student who chooses."""
    parent = service.add(world.email("parent"))
    with service.database.writing() as session:
        mandates.add_mandate(session, world.ids["youth_id"], parent, "student_gave", parent, now=service.clock(),
                             begins_on=date(2026, 1, 1), ends_on=date(2028, 1, 1))  # fmt: skip
        account = people.account_by_id(session, parent)
        assert account is not None
        people.add_grant(session, account, "parent", student_id=world.ids["youth_id"])
        account.name = "Ria Mulder"

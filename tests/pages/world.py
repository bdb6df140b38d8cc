"""The world that the pages are tried in: the founding case, handed in by its schools, with a run that is done.

Every builder of pages adds what their pages need to `make_world`, by services, and the ids to `World.ids`.
"""
from __future__ import annotations

import csv
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from api.services import run_queue
from api.services.accounts import Right
from api.store import audit, people, runs
from features.geography import REGIONS
from tests.pages.school_world import add_lists, add_people
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide
from tests.service.test_uploads import confirm, hand_in

SALLAND = Path(__file__).resolve().parent.parent.parent / "fixtures" / "salland"
ON = "2026-06-15"
NAMES = {
    "connector": "Sanne Vos", "connector2": "Mark Bakker", "school": "Els de Boer", "referrer": "Ruben Prins",
    "employer": "Henk Dekker", "employer_new": "Yara Smit",
    "municipality": "Fatima Aziz", "administrator": "Beheer", "empty": "Nieuwe Verbinder",
    "new_school": "Anna Smit",
}  # fmt: skip

EVERYWHERE = [Right("connector", region) for region in REGIONS]
RIGHTS = {
    "connector": EVERYWHERE, "connector2": EVERYWHERE, "empty": [Right("connector", "AM01")],
    "school": [Right("school", "31SB00", "Praktijkschool Salland")],
    "new_school": [Right("school", "31ZZ00", "De Nieuwe School")],
    "referrer": [Right("referrer", "Gemeente Raalte", "Gemeente Raalte")],
    "employer": [Right("employer", "99000001", "Bedrijf 001")],
    "employer_new": [Right("employer", "99000090", "Bakkerij Het Fornuis")],
    "municipality": [Right("municipality", "GM0193", "Zwolle")], "administrator": [Right("administrator")],
}  # fmt: skip
OF_PARTY = {"31SB00": "school", "Gemeente Raalte": "referrer"}
"""Who of `RIGHTS` hands in the lists of a party; every other party has an account of its own."""


@dataclass
class World:
    """Who there is and the ids that addresses are made with."""

    ids: dict[str, str] = field(default_factory=dict)

    def email(self, role: str) -> str:
        """The address with which the person of a role signs in."""
        return f"{role}@example.org"

    def address(self, path: str) -> str:
        """``/voorstellen/{proposal}`` with the ids filled in."""
        return path.format(**self.ids)


def make_base(service: Service) -> World:
    """Write what every world begins with: lists of every school, the vacancies, a plan that was taken over."""
    world = World()
    lines = (SALLAND / "leavers.csv").read_text(encoding="utf-8-sig").splitlines()
    parties = [row["brin"] or row["verwijzer"] for row in csv.DictReader(lines, delimiter=";")]
    for role, granted in RIGHTS.items():
        service.add(world.email(role), *granted)
    for party in sorted(set(parties)):
        role = OF_PARTY.get(party, "")
        if not role:
            kind = "school" if party[:2].isdigit() else "referrer"
            service.add(f"{party.split()[-1]}@example.org", Right(kind, party))
        person = service.person(world.email(role) if role else f"{party.split()[-1]}@example.org")
        own = [line for line, code in zip(lines[1:], parties, strict=True) if code == party]
        _good(confirm(person, hand_in(person, "\n".join([lines[0], *own]))))
    connector = service.person(world.email("connector"))
    _good(confirm(connector, hand_in(connector, (SALLAND / "vacancies.csv").read_bytes(), kind="vacancies")))
    with service.database.writing() as session:
        runs.add_policy(session, (SALLAND / "policy.toml").read_text(encoding="utf-8"), "0" * 64, None, service.clock())
        for role, name in NAMES.items():
            account = people.account_by_email(session, world.email(role))
            assert account is not None
            account.name = name
            world.ids[f"{role}_account"] = account.id
        employer = people.organisation(session, "employer", "99000001")
        world.ids["employer_party"] = employer.id if employer else ""
        audit.append(session, audit.SERVICE, "policy.added", ("policy", "1"), now=service.clock())
        other = people.organisation(session, "employer", "99000090")
        world.ids["other_employer_party"] = other.id if other else ""
    made = service.person(world.email("administrator")).post(
        f"/api/v1/organisations/{world.ids['employer_party']}/participations",
        {"project": "Groen in Salland", "branch": "green", "region": "AM36", "option": 3,
         "criteria": {"concept": "met", "results": "not_met"}})  # fmt: skip
    assert made.status_code == 201, made.text
    world.ids["project"] = made.json["id"]
    world.ids["run"] = run_done(service, connector)
    take_over(connector, world.ids["run"])
    return world


def live_on(service: Service, world: World) -> None:
    """Add what connectors and schools find there."""
    connector = service.person(world.email("connector"))
    _name_cards(service, world, connector)
    add_lists(service, world.ids, world.email("school"))
    _share_some(service, world)
    add_people(service, world.ids, world.email("school"), connector)
    world.ids["new_run"] = run_done(service, connector)


def _share_some(service: Service, world: World) -> None:
    """Four students on their way to an employer: shared (with the account `student`), ready, asked and not asked."""
    connector = service.person(world.email("connector2"))
    found = connector.get(f"/api/v1/proposals?runId={world.ids['run']}&chosen=true&limit=100").json["items"]
    kept = {world.ids["rich"], world.ids["group"], world.ids["first"]}
    found = [p for p in found if p["id"] not in kept and p["student"]["id"] != world.ids["student"]]
    found.sort(key=lambda p: (not p["opening"]["employer"].startswith("Bedrijf 001"), p["student"]["studentRef"]))
    for name, proposal in zip(("shared", "ready", "asked", "accepted"), found, strict=False):
        decided = decide(connector, proposal, "accept").json
        world.ids |= {f"{name}_decision": decided["id"], f"{name}_student": proposal["student"]["id"]}
        if name == "accepted":
            continue
        asked = connector.post("/api/v1/consent-requests", {"decisionId": decided["id"]})
        assert asked.status_code == 201, asked.text
        if name == "asked":
            continue
        email = world.email("student" if name == "shared" else name)
        service.add(email, Right("student", proposal["student"]["id"]))
        said = service.person(email).ask("PUT", f"/api/v1/consent-requests/{asked.json['id']}/answer",
                                         json={"answer": "yes"}, headers={"If-Match": asked.headers["ETag"]})
        _good(said)
        if name == "shared":
            seen = connector.get(f"/api/v1/acceptances/{decided['id']}/preview").json["digest"]
            made = connector.post("/api/v1/releases", {"candidates": [{"decisionId": decided["id"], "digest": seen}]})
            assert made.status_code == 201, made.text
            world.ids["release"] = made.json["items"][0]["id"]


def _name_cards(service: Service, world: World, connector: Person) -> None:
    """Ids of cards that show much: one that a change would help, one of a group, one that asks one's own judgement."""
    from api.services.close_ups import look
    from api.web.pages.review import ONE_IN

    found = connector.get(f"/api/v1/proposals?runId={world.ids['run']}&chosen=true&limit=100").json["items"]
    every = connector.get(f"/api/v1/proposals?runId={world.ids['run']}&limit=100").json["items"]
    drawn = [p["id"] for p in every if int(hashlib.sha256(p["id"].encode()).hexdigest()[:8], 16) % ONE_IN == 0]
    world.ids["first"] = drawn[0]
    rest = [p for p in found if p["id"] not in drawn]
    with service.database.reading() as session:
        for one in rest:
            proposal = runs.proposal_by_id(session, one["id"])
            assert proposal is not None
            seen = look(session, proposal, "nl")
            if seen.better and seen.scored.facts.support:
                world.ids |= {"rich": proposal.id, "change": seen.better[0].variant.key, "student": proposal.student_id,
                              "opening": proposal.opening_id}  # fmt: skip
                break
        known = {p.opening_id for p in runs.proposals_of(session, world.ids["run"], student_id=world.ids["student"],
                                                         limit=100)}  # fmt: skip
        world.ids["other_opening"] = next(i for i, _, _ in runs.openings_in(session, REGIONS) if i not in known)
    busiest = Counter(p["opening"]["id"] for p in rest).most_common(1)[0][0]
    world.ids |= {"group_opening": busiest, "group": next(
        p["id"] for p in rest if p["opening"]["id"] == busiest and p["id"] != world.ids["rich"])}  # fmt: skip


def run_done(service: Service, connector: Person) -> str:
    """Ask for a run, compute it here, and return its id."""
    asked = connector.post("/api/v1/runs", {"on": ON})
    assert asked.status_code == 202, asked.text
    taken = run_queue.take(service.database, service.clock())
    assert taken is not None
    run_queue.compute(service.database, *taken, lambda _: None, service.clock)
    done = connector.get(asked.headers["Location"]).json
    assert done["state"] == "done", done
    return str(done["id"])


def take_over(connector: Person, run: str) -> None:
    """Let the plan of a run hold in its regions."""
    seen = connector.get(f"/api/v1/runs/{run}").headers["ETag"]
    _good(connector.ask("PUT", f"/api/v1/runs/{run}/judgement", json={"word": "take_over"},
                        headers={"If-Match": seen}))  # fmt: skip


def _good(answer: object) -> None:
    assert getattr(answer, "status_code", 0) == 200, getattr(answer, "text", "")

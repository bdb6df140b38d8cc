"""A policy is compared before it is adopted, and adopted whole or not at all."""
from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.policy import Policy, parse_policy, policy_template
from api.schemas.policy import load_policy
from api.services.accounts import Right
from api.store import runs
from api.store.tables import AuditEvent, StoredPolicy
from features.geography import REGIONS
from tests.service.browser import Person, Service
from tests.service.test_runs import FIXTURES, compute, plan, tiny

TINY = (FIXTURES / "tiny" / "policy.toml").read_text(encoding="utf-8")
CHANGED = '[bands]\ngood = 0.8\nfair = 0.5\n'


@pytest.fixture
def admin(service: Service) -> Person:
    """An administrator."""
    service.add("a@example.org", Right("administrator"))
    return service.person("a@example.org")


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_adopted(service: Service, admin: Person) -> None:
    text = 'colour = "red"\nmin_fit = 7\n[weights]\ntravel = -1\n'
    wrong = admin.post("/api/v1/policies", {"text": text, "lang": "en"})
    assert (wrong.status_code, wrong.json["code"]) == (400, "wrong_policy")
    assert {error["field"].partition(".")[0] for error in wrong.json["errors"]} >= {"colour", "min_fit", "weights"}
    for body in ({"text": "not toml ="}, {"text": "{not json"}, {}, {"text": "x = 1", "settings": {}}):
        assert admin.post("/api/v1/policies", body).status_code == 400, body
    assert admin.get("/api/v1/policies").json["items"] == []


def test_a_policy_is_adopted_from_toml_or_settings_and_the_newest_holds(service: Service, admin: Person) -> None:
    first = admin.post("/api/v1/policies", {"text": CHANGED})
    assert first.status_code == 201, first.text
    assert (first.json["number"], first.json["current"], first.json["by"]) == (1, True, "a")
    assert first.json["canonical"] == load_policy(parse_policy(CHANGED)).canonical()
    again = admin.post("/api/v1/policies", {"settings": {"bands": {"good": 0.8, "fair": 0.5}}})
    assert (again.status_code, again.json["code"]) == (409, "same_policy")
    second = admin.post("/api/v1/policies", {"settings": {"bands": {"good": 0.9, "fair": 0.5}}})
    assert second.json["canonical"]["band_good"] == 900_000
    assert [(one["number"], one["current"]) for one in admin.get("/api/v1/policies").json["items"]] == [
        (2, True), (1, False)]  # fmt: skip
    assert admin.get(f"/api/v1/policies/{first.json['id']}").json["text"] == CHANGED
    with service.database.reading() as session:
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_kind == "policy")).all()
    assert actions == ["policy.adopted", "policy.adopted"]


@pytest.mark.parametrize("text", [
    "", CHANGED, TINY, policy_template("nl"), (FIXTURES / "salland" / "policy.toml").read_text(encoding="utf-8"),
    "min_fit = 0.123456\n[rules]\nfirst_transport = 05:45:00\n",
], ids=["default", "changed", "tiny", "template", "salland", "figures"])  # fmt: skip
def test_a_policy_that_is_read_can_be_changed_and_sent(service: Service, admin: Person, text: str) -> None:
    """Sent as it was read it is the same policy, by its digest; with one figure changed it differs in that alone."""
    with service.database.writing() as session:
        kept = runs.add_policy(session, text, load_policy(parse_policy(text)).digest(), None, service.clock()).id
    read = admin.get(f"/api/v1/policies/{kept}").json
    other = admin.post("/api/v1/policies", {"settings": {**read["settings"], "priority": {"days": 33, "weight": 7}}})
    assert other.status_code == 201, other.text
    assert other.json["canonical"] == {**read["canonical"], "priority_days": 33, "priority_weight": 7}
    again = admin.post("/api/v1/policies", {"settings": read["settings"]})
    assert (again.status_code, again.json["digest"]) == (201, read["digest"])
    assert again.json["settings"] == read["settings"]


def test_a_run_is_made_with_the_policy_that_was_adopted(service: Service, admin: Person) -> None:
    connector = tiny(service)
    before = plan(service.database, compute(service, connector)["id"])
    assert before
    nobody = TINY + "\n" if "min_fit" not in TINY else TINY.replace("min_fit", "# min_fit")
    adopted = admin.post("/api/v1/policies", {"text": f"min_fit = 1.0\n{nobody}"})
    assert adopted.status_code == 201, adopted.text
    assert len(plan(service.database, compute(service, connector)["id"])) < len(before)


def test_a_comparison_counts_who_would_move_without_a_name_and_stores_nothing(service: Service, admin: Person) -> None:
    connector = tiny(service)
    placed = len(plan(service.database, compute(service, connector)["id"]))
    same = admin.post("/api/v1/policy-comparisons", {"text": TINY, "regions": list(REGIONS), "on": "2026-06-15"})
    assert same.status_code == 200, same.text
    assert (sum(same.json["moves"].values()), same.json["settings"]) == (0, [])
    assert same.json["totals"]["placed"] == {"old": placed, "new": placed}
    changed = f"min_fit = 1.0\n{TINY.replace('min_fit', '# min_fit')}"
    told = admin.post("/api/v1/policy-comparisons", {"text": changed, "regions": list(REGIONS), "on": "2026-06-15"})
    assert told.json["totals"]["placed"]["new"] < placed
    assert sum(told.json["moves"].values()) >= placed - told.json["totals"]["placed"]["new"]
    assert [one["name"] for one in told.json["settings"]] == ["min_fit"]
    names = {line.split(",")[0] for line in Path(FIXTURES / "tiny" / "leavers.csv").read_text().splitlines()[1:]}
    assert "31TA00" not in told.text
    assert not any(f'"{name}"' in told.text for name in names)
    with service.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(StoredPolicy)) == 1


def test_without_a_policy_the_shipped_one_holds(service: Service, admin: Person) -> None:
    template = admin.get("/api/v1/policy-template").json["text"]
    assert load_policy(parse_policy(template)).digest() == Policy().digest()
    assert admin.post("/api/v1/policies", {"text": template}).json["code"] == "same_policy"
    empty = admin.post("/api/v1/policy-comparisons", {"text": CHANGED, "regions": ["AM36"]})
    assert empty.json["totals"]["placed"] == {"old": 0, "new": 0}
    with service.database.reading() as session:
        assert session.scalars(select(StoredPolicy.id)).all() == []


def test_regions_have_names_neighbours_both_ways_and_a_tile_each(service: Service, admin: Person) -> None:
    found = {one["code"]: one for one in admin.get("/api/v1/regions").json}
    assert set(found) == set(REGIONS)
    assert len({(one["tile"]["column"], one["tile"]["row"]) for one in found.values()}) == 35
    assert all(code in found[other]["neighbours"] for code, one in found.items() for other in one["neighbours"])
    assert found["AM36"]["tile"]["letters"] == "ZWO"

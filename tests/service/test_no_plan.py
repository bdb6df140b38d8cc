"""What people decided may leave no plan: the run says what cannot hold together; nobody's word is touched."""
from __future__ import annotations

import re
from typing import Any

from api.services.accounts import Right
from tests.service.browser import Person, Service
from tests.service.test_decisions import decide, pair
from tests.service.test_runs import compute
from tests.service.test_uploads import LIST, SCHOOL, confirm, hand_in

GROUP = ("vacaturenummer,kvk,branche,taken,postcode,startdatum,plekken,minimum_groep\n"
         "V1,12345678,groen,snoeien,8011,2026-09-01,2,2\n")  # fmt: skip


def two_at_a_group_of_two(service: Service) -> tuple[Person, dict[str, Any], dict[str, Any]]:
    """Two students who are both proposed at an opening that two must come to; and their proposals."""
    service.add("s@example.org", SCHOOL)
    service.add("c@example.org", Right("connector", "AM36"))
    school, connector = service.person("s@example.org"), service.person("c@example.org")
    confirm(school, hand_in(school, LIST))
    confirm(connector, hand_in(connector, GROUP, kind="vacancies"))
    run = compute(service, connector)
    assert (run["state"], run["totals"]["placed"]) == ("done", 2)
    return connector, pair(connector, run["id"], "A1", "V1"), pair(connector, run["id"], "A2", "V1")


def test_a_run_that_no_plan_answers_says_which_words_and_limits_are_in_each_others_way(service: Service) -> None:
    connector, one, other = two_at_a_group_of_two(service)
    assert decide(connector, one, "accept").status_code == 201
    rejected = decide(connector, other, "reject", reason="travel")
    assert rejected.status_code == 201
    run = compute(service, connector)
    assert (run["state"], run["fault"]) == ("failed", "infeasible")
    told = [(member["kind"], len(member["students"])) for member in run["conflict"]]
    assert sorted(told) == [("forbid", 1), ("min_to_open", 0), ("pin", 1)]
    page = connector.get(f"/berekeningen/{run['id']}").text
    assert "Maak een besluit ongedaan" in page
    for member in run["conflict"]:
        assert member["sentence"] in page
    links = set(re.findall(r'href="/voorstellen/([^"?]+)"', page))
    assert links == {one["id"], other["id"]}  # each leads to where its decision is undone
    assert "besluiten/" in connector.get(f"/voorstellen/{other['id']}").text
    kept = connector.get(f"/api/v1/proposals/{one['id']}/decisions").json
    assert [decision["decision"] for decision in kept] == ["accept"]
    undone = connector.ask("DELETE", f"/api/v1/decisions/{rejected.json['id']}")
    assert undone.status_code in (200, 204), undone.text
    page = connector.get(f"/berekeningen/{run['id']}").text
    assert set(re.findall(r'href="/voorstellen/([^"?]+)"', page)) == {one["id"]}
    again = compute(service, connector)
    assert (again["state"], again["totals"]["placed"]) == ("done", 2)

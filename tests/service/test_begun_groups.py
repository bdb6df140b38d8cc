"""A group with a least number of people: who is in it already counts, and once it has begun it asks no number more."""
from __future__ import annotations

from typing import Any

import pytest

from api.services import recompute
from tests.service.browser import Person, Service
from tests.service.flow import API, followed, on_both
from tests.service.test_decisions import decide, pair, proposals
from tests.service.test_held_outside import say
from tests.service.test_runs import FIXTURES, compute, plan
from tests.service.test_uploads import confirm, hand_in


def group(service: Service) -> tuple[Person, str, dict[str, str]]:
    """V2 opens with two people or not at all, and both its places are promised: connector, run, acceptances."""
    connector = service.person("c@example.org")
    lines = (FIXTURES / "tiny" / "vacancies.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"{line},{'min_to_open' if not i else 2 if line.startswith('V2,') else ''}" for i, line in enumerate(lines)]
    assert confirm(connector, hand_in(connector, "\n".join(rows), kind="vacancies")).status_code == 200
    run = compute(service, connector)["id"]
    made = {ref: decide(connector, pair(connector, run, ref, "V2"), "accept") for ref in "AC"}
    assert {ref: answer.status_code for ref, answer in made.items()} == {"A": 201, "C": 201}
    return connector, run, {ref: answer.json["id"] for ref, answer in made.items()}


def comes_out_the_same(service: Service, person: Person, run: dict[str, Any]) -> bool:
    """Whether every proposal of a run can be made again."""
    assert run["state"] == "done", run
    with service.database.reading() as session:
        found = list(recompute.check(session, [one["id"] for one in proposals(person, run["id"])]))
    assert found
    return [str(verdict) for verdict in found if not verdict.equal] == []


@on_both
def test_who_signed_a_contract_counts_for_the_least_number_of_the_group(cohort: Service) -> None:
    _, _, accepted = group(cohort)
    followed(cohort, accepted["A"])
    say(cohort, "A", destination="work")
    connector = cohort.person("c@example.org")
    run = compute(cohort, connector)
    assert comes_out_the_same(cohort, connector, run)
    assert plan(cohort.database, run["id"])["C"][0] == "V2"


@pytest.mark.parametrize("began", [True, False])
@on_both
def test_a_group_that_has_begun_goes_on_with_who_stayed(cohort: Service, began: bool) -> None:
    """One that is still to begin is short of people: that is told, and nobody's word is undone for it."""
    connector, run, accepted = group(cohort)
    if began:
        followed(cohort, accepted["A"])
    assert connector.ask("DELETE", f"{API}/decisions/{accepted['C']}").status_code == 200
    assert decide(connector, pair(connector, run, "C", "V2"), "reject", reason="other").status_code == 201
    again = compute(cohort, connector)
    if not began:
        assert (again["state"], again["fault"]) == ("failed", "infeasible")
        assert {member["kind"] for member in again["conflict"]} >= {"pin", "min_to_open"}
        return
    assert comes_out_the_same(cohort, connector, again)
    assert plan(cohort.database, again["id"])["A"][0] == "V2"
    say(cohort, "A", destination="work")  # reported since: the run of before is made from what it had
    assert comes_out_the_same(cohort, cohort.person("c@example.org"), again)

"""A group with a least number of people: who is in it already counts, and once it has begun it asks no number more."""
from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from api.services import ledger, privacy, recompute
from api.store import audit, placements, retention
from api.store.tables import Placement, Run, RunOpening, StoredOpening, StoredStudent
from api.terms import Terms
from tests.service.browser import Person, Service
from tests.service.conftest import KEY
from tests.service.flow import API, followed, on_both, put
from tests.service.test_decisions import decide, pair, proposals
from tests.service.test_held_outside import say
from tests.service.test_runs import FIXTURES, compute, plan
from tests.service.test_uploads import confirm, hand_in


def group(service: Service) -> tuple[Person, str, dict[str, str]]:
    """V2 opens with two people or not at all, and both its places are promised: connector, run, acceptances."""
    connector = service.person("c@example.org")
    asks(service, 2)
    run = compute(service, connector)["id"]
    made = {ref: decide(connector, pair(connector, run, ref, "V2"), "accept") for ref in "AC"}
    assert {ref: answer.status_code for ref, answer in made.items()} == {"A": 201, "C": 201}
    return connector, run, {ref: answer.json["id"] for ref, answer in made.items()}


def asks(service: Service, least: int) -> None:
    """V2 opens with so many people or not at all."""
    lines = (FIXTURES / "tiny" / "vacancies.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"{line},{'min_to_open' if not i else least if line.startswith('V2,') else ''}"
            for i, line in enumerate(lines)]  # fmt: skip
    connector = service.person("c@example.org")
    assert confirm(connector, hand_in(connector, "\n".join(rows), kind="vacancies")).status_code == 200


def ends(service: Service, connector: Person, placement: str) -> None:
    """Who works there works there no more, and does not look again."""
    said = {"endedOn": service.clock().date().isoformat(), "reason": "student_stopped", "backToPool": False}
    answer = put(connector, f"/placements/{placement}/end", said)
    assert answer.status_code == 200, answer.text


def erased(service: Service, ref: str, folder: Path) -> None:
    """A student asks to be forgotten."""
    with service.database.writing() as session:
        gone = session.scalars(select(StoredStudent.id).where(StoredStudent.student_ref == ref)).one()
        privacy.erase(session, audit.SERVICE, gone, ground="asked", now=service.clock(), key=KEY,
                      path=folder / ledger.NAME)  # fmt: skip


def short_of_people(run: dict[str, Any]) -> bool:
    """Whether a run found that what was promised leaves a group with too few."""
    kinds = {member["kind"] for member in run["conflict"]}
    return (run["state"], run["fault"]) == ("failed", "infeasible") and kinds >= {"pin", "min_to_open"}


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
        assert short_of_people(again)
        return
    assert comes_out_the_same(cohort, connector, again)
    assert plan(cohort.database, again["id"])["A"][0] == "V2"
    say(cohort, "A", destination="work")  # reported since: the run of before is made from what it had
    assert comes_out_the_same(cohort, cohort.person("c@example.org"), again)


@on_both
def test_a_group_that_has_begun_goes_on_once_who_began_has_left(cohort: Service) -> None:
    connector, _, accepted = group(cohort)
    ends(cohort, connector, followed(cohort, accepted["A"])["placement_id"])
    again = compute(cohort, connector)
    assert comes_out_the_same(cohort, connector, again)
    assert plan(cohort.database, again["id"])["C"][0] == "V2"


@on_both
def test_a_group_that_has_begun_goes_on_with_fewer_when_who_began_has_a_contract(cohort: Service) -> None:
    connector, _, accepted = group(cohort)
    followed(cohort, accepted["A"])
    say(cohort, "A", destination="work")
    asks(cohort, 3)  # as if three had been promised a place and one of them had gone
    connector = cohort.person("c@example.org")
    again = compute(cohort, connector)
    assert comes_out_the_same(cohort, connector, again)
    assert plan(cohort.database, again["id"])["C"][0] == "V2"


@on_both
def test_who_backed_out_before_the_day_of_the_start_began_nothing(cohort: Service) -> None:
    """A run of before that was told comes out the same all the same."""
    connector, _, accepted = group(cohort)
    placement = followed(cohort, accepted["A"])["placement_id"]
    start = cohort.clock().date() + timedelta(days=5)
    with cohort.database.writing() as session:
        session.execute(update(Placement).values(started_on=start))
    later = (start + timedelta(days=1)).isoformat()
    before = compute(cohort, connector, on=later)
    cohort.clock.forward(minutes=1)
    ends(cohort, connector, placement)
    assert comes_out_the_same(cohort, connector, before)
    assert short_of_people(compute(cohort, connector, on=later))


@on_both
def test_what_hangs_on_who_began_and_was_erased_is_looked_at_pair_by_pair(cohort: Service, tmp_path: Path) -> None:
    connector, _, accepted = group(cohort)
    ends(cohort, connector, followed(cohort, accepted["A"])["placement_id"])
    run = compute(cohort, connector)
    erased(cohort, "A", tmp_path)
    assert comes_out_the_same(cohort, connector, run)
    cohort.clock.forward(days=36)
    with cohort.database.writing() as session:
        retention.backups(session, retention.At(cohort.clock(), Terms()))
        session.execute(update(StoredOpening).values(begun_on=None, begun_told_at=None))  # erased before this was kept
    assert comes_out_the_same(cohort, cohort.person("c@example.org"), run)


@on_both
def test_a_run_of_which_nothing_can_be_made_any_more_differs_and_the_next_is_looked_at(cohort: Service) -> None:
    connector, first, _ = group(cohort)
    spoilt = compute(cohort, connector)["id"]
    last = compute(cohort, connector)["id"]
    with cohort.database.writing() as session:
        session.execute(update(RunOpening).values(places=0).where(RunOpening.run_id == spoilt))
    ids = {run: [one["id"] for one in proposals(connector, run)] for run in (first, spoilt, last)}
    every = [i for some in ids.values() for i in some]
    with cohort.database.reading() as session:
        found = {verdict.proposal_id: verdict for verdict in recompute.check(session, every)}
    assert set(found) == set(every)
    assert [found[i].equal for i in ids[first] + ids[last]] == [True] * len(ids[first] + ids[last])
    assert not any(found[i].equal for i in ids[spoilt])
    assert all("what went in allows no plan" in str(found[i]) for i in ids[spoilt])


@pytest.mark.parametrize("left", [True, False])
@on_both
def test_a_group_that_has_begun_goes_on_once_who_began_is_erased(cohort: Service, tmp_path: Path, left: bool) -> None:
    """Of the opening it is kept that it began, and since when that is known: a run of before is as it was."""
    connector, before, accepted = group(cohort)
    cohort.clock.forward(minutes=1)
    placement = followed(cohort, accepted["A"])["placement_id"]
    if left:
        ends(cohort, connector, placement)
    erased(cohort, "A", tmp_path)
    cohort.clock.forward(minutes=1)
    again = compute(cohort, connector)
    assert comes_out_the_same(cohort, connector, again)
    assert plan(cohort.database, again["id"])["C"][0] == "V2"
    with cohort.database.reading() as session:
        began = session.scalars(select(StoredOpening.id).where(StoredOpening.begun_on.is_not(None))).all()
        then, now = (session.get_one(Run, i) for i in (before, again["id"]))
        assert len(began) == 1
        assert [placements.begun(session, now.on, by) for by in (now.created_at, None)] == [set(began)] * 2
        assert placements.begun(session, then.on, then.created_at) == frozenset()


@on_both
def test_an_erased_student_who_had_not_begun_begins_nothing(cohort: Service, tmp_path: Path) -> None:
    connector, _, accepted = group(cohort)
    followed(cohort, accepted["A"])
    with cohort.database.writing() as session:
        session.execute(update(Placement).values(started_on=cohort.clock().date() + timedelta(days=5)))
    erased(cohort, "A", tmp_path)
    later = (cohort.clock().date() + timedelta(days=6)).isoformat()
    assert short_of_people(compute(cohort, connector, on=later))

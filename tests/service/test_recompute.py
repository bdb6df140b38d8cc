"""A proposal can be made again from the log and what is stored: the same, bit for bit; what was changed shows."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from api.errors import Refused
from api.services import ledger, organisations, privacy, recompute
from api.services.accounts import Right
from api.store import audit, people
from api.store.recompute import drawn
from api.store.tables import Proposal, StoredStudent
from tests.service.browser import Service
from tests.service.conftest import KEY
from tests.service.processes import command, environment
from tests.service.test_decisions import decide, pair
from tests.service.test_held_outside import say
from tests.service.test_runs import FIXTURES, compute, tiny
from tests.service.test_take_over import judge
from tests.service.test_uploads import confirm, hand_in


def after_a_week(service: Service) -> str:
    """A run, decisions, changed profiles and vacancies, a second run that keeps people's word; the second one's id."""
    connector = tiny(service)
    first = compute(service, connector)["id"]
    decide(connector, pair(connector, first, "A", "V2"), "accept")
    decide(connector, pair(connector, first, "B", "V1"), "reject", reason="travel")
    connector.ask("PUT", f"/api/v1/runs/{first}/judgement", json={"word": "take"})
    service.clock.forward(days=7)
    connector = service.person("c@example.org")
    second = compute(service, connector)["id"]
    school = service.person("31TA00@example.org")
    lines = (FIXTURES / "tiny" / "leavers.csv").read_text(encoding="utf-8").replace(",8102,", ",8103,").splitlines()
    own = [line for line in lines[1:] if ",31TA00," in line]
    assert confirm(school, hand_in(school, "\n".join([lines[0], *own]))).status_code == 200
    text_ = (FIXTURES / "tiny" / "vacancies.csv").read_text(encoding="utf-8")
    assert confirm(connector, hand_in(connector, text_.replace("green", "retail"), kind="vacancies")).status_code == 200
    service.clock.forward(minutes=1)
    compute(service, connector)
    return str(second)


@pytest.mark.parametrize("count", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_proposals_of_every_run_come_out_the_same(service: Service, count: int) -> None:
    """Three runs, with decisions between and records that changed after: each from its own versions."""
    after_a_week(service)
    with service.database.reading() as session:
        ids = drawn(session, count, seed=1)
        runs_of = set(session.scalars(select(Proposal.run_id).where(Proposal.id.in_(ids))))
        found = list(recompute.check(session, ids))
    assert [str(verdict) for verdict in found if not verdict.equal] == []
    assert len(found) == len(ids) >= 5
    assert len(runs_of) >= 2


def test_a_run_comes_out_the_same_after_somebody_planned_in_it_has_moved_to_another_region(service: Service) -> None:
    """The plan that held was that of the region of then."""
    connector = tiny(service)
    first = compute(service, connector, regions=["AM36"])["id"]
    assert judge(connector, first).status_code == 200
    second = compute(service, connector, regions=["AM36"])
    assert set(second["basis"].values()) == {first}
    say(service, "C", postcode="9711")
    with service.database.reading() as session:
        moved = session.scalars(select(StoredStudent).where(StoredStudent.student_ref == "C")).one()
        assert moved.region_code == "AM01"
        assert session.scalars(select(Proposal.id).where(
            Proposal.run_id == first, Proposal.student_id == moved.id, Proposal.chosen)).all()  # fmt: skip
        ids = session.scalars(select(Proposal.id).where(Proposal.run_id == second["id"])).all()
        found = list(recompute.check(session, list(ids)))
    assert found
    assert [str(verdict) for verdict in found if not verdict.equal] == []


def move(service: Service, region: str) -> None:
    """Let the school be in another region."""
    with service.database.writing() as session:
        school = people.organisation(session, "school", "31TB00")
        assert school is not None
        organisations.change(session, audit.SERVICE, school, {"region_code": region}, now=service.clock())


@pytest.mark.parametrize("regions", [["AM36"], ["AM01", "AM36"]])
def test_a_run_comes_out_the_same_after_the_school_of_somebody_without_a_place_has_moved(
    service: Service, regions: list[str]
) -> None:
    """Where such a student belonged was where the school was: in the region of the run, and not where it is now."""
    connector = tiny(service)
    move(service, "AM36")
    say(service, "C", postcode="")
    service.clock.forward(minutes=1)
    service.add("both@example.org", *(Right("connector", region) for region in ("AM01", "AM36")))
    connector = service.person("both@example.org")
    first = compute(service, connector, regions=regions)["id"]
    assert judge(connector, first).status_code == 200
    second = compute(service, connector, regions=regions)
    assert second["basis"] == dict.fromkeys(regions, first)
    service.clock.forward(minutes=1)
    move(service, "AM22")
    with service.database.reading() as session:
        student = session.scalars(select(StoredStudent).where(StoredStudent.student_ref == "C")).one()
        assert student.region_code == "AM22"
        assert session.scalars(select(Proposal.id).where(
            Proposal.run_id == first, Proposal.student_id == student.id, Proposal.chosen)).all()  # fmt: skip
        ids = session.scalars(select(Proposal.id).where(Proposal.run_id == second["id"])).all()
        found = list(recompute.check(session, list(ids)))
    assert [str(verdict) for verdict in found if not verdict.equal] == []


@pytest.mark.parametrize(("change", "says"), [
    ("UPDATE proposals SET fit = fit + 1 WHERE id = :id", "fit"),
    ("UPDATE proposals SET rank = 7 WHERE id = :id", "rank"),
    ("UPDATE proposals SET reasons = '[]' WHERE id = :id", "reasons"),
    ("UPDATE runs SET answer = 'x'", "answer in the log"),
    ("UPDATE policies SET text = 'min_fit = 0.9'", "what went in"),
    ("UPDATE run_openings SET places = 9", "what went in"),
    ("UPDATE opening_versions SET record = (SELECT o.record FROM opening_versions o WHERE o.opening_id <> "
     "opening_versions.opening_id LIMIT 1) WHERE opening_id = (SELECT min(opening_id) FROM run_openings)", "went in"),
])  # fmt: skip
@pytest.mark.parametrize("cohort", ["sqlite"], indirect=True)
def test_what_somebody_changed_shows(cohort: Service, change: str, says: str) -> None:
    service = cohort
    with service.database.reading() as session:
        proposal = drawn(session, 1, seed=2)[0]
    with service.database.engine.begin() as connection:
        connection.execute(text(change), {"id": proposal} if ":id" in change else {})
    with service.database.reading() as session:
        (verdict,) = recompute.check(session, [proposal])
    assert not verdict.equal
    assert says in str(verdict)


def test_of_a_run_with_somebody_erased_the_other_pairs_still_come_out(cohort: Service, tmp_path: Path) -> None:
    service = cohort
    with service.database.writing() as session:
        gone = session.scalars(select(StoredStudent.id).where(StoredStudent.student_ref == "A")).one()
        privacy.erase(session, audit.SERVICE, gone, ground="asked", now=service.clock(), key=KEY,
                      path=tmp_path / ledger.NAME)  # fmt: skip
    with service.database.reading() as session:
        ids = session.scalars(select(Proposal.id).where(Proposal.student_id != gone)).all()
        lost = session.scalars(select(Proposal.id).where(Proposal.student_id == gone)).first()
        found = list(recompute.check(session, list(ids)))
        assert ids
        assert [str(verdict) for verdict in found if not verdict.equal] == []
        assert {verdict.erased for verdict in found} == {1}
        assert lost is not None
        assert "the student was erased" in str(next(recompute.check(session, [lost])))


@pytest.mark.parametrize("cohort", ["sqlite"], indirect=True)
def test_what_cannot_be_made_again_is_said(cohort: Service) -> None:
    service = cohort
    with service.database.engine.begin() as connection:
        connection.execute(text("""UPDATE runs SET versions = '{"schakel": "0.0.1"}'"""))
    with service.database.reading() as session, pytest.raises(Refused, match="other versions"):
        list(recompute.check(session, drawn(session, 1, seed=0)))
    with service.database.reading() as session, pytest.raises(Refused, match="no such proposal"):
        list(recompute.check(session, ["0" * 32]))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_command_says_equal_for_each(service: Service, tmp_path: Path, url: str) -> None:
    service.add("z@example.org", Right("administrator"))
    connector: Any = tiny(service)
    compute(service, connector)
    service.database.close()
    environ = environment(tmp_path / "other", SCHAKEL_DATABASE_URL=url,
                          SCHAKEL_AUDIT_KEY="a key for the tests, 32 characters")  # fmt: skip
    told = command(environ, "audit", "recompute", "--sample", "3").splitlines()
    assert [line.split(" ", 1)[1] for line in told] == ["equal"] * 3

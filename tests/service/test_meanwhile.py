"""What happens to people and lists while a run computes: nothing of whom is gone is written, and nothing is torn."""
from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text

from api.services import privacy, run_queue
from api.services.accounts import Right
from api.services.retention import carry_out
from api.store import audit
from api.store.engine import Database
from api.store.runs import ROWS
from api.store.tables import Run, RunStudent, StoredOpening, StoredStudent
from tests.service.browser import Person, Service
from tests.service.conftest import KEY
from tests.service.test_decisions import decide
from tests.service.test_no_plan import two_at_a_group_of_two
from tests.service.test_runs import ON, compute, tiny
from tests.service.test_uploads import LIST, SCHOOL, VACANCIES, confirm, hand_in


def computed(service: Service, run_id: str, meanwhile: Callable[[], object]) -> str:
    """Compute the run that waits, and let something happen after it read and before it writes; return its state."""
    taken = run_queue.take(service.database, service.clock())
    assert taken is not None
    assert taken[0] == run_id

    def aside(act: Callable[[], Any]) -> Any:
        told = act()
        meanwhile()
        return told

    return run_queue.compute(service.database, *taken, lambda _: None, service.clock, aside=aside)


def asked(connector: Person) -> str:
    """A run that waits."""
    found: str = connector.post("/api/v1/runs", {"on": ON}).json["id"]
    return found


def erase(service: Service, student_id: str) -> None:
    """Erase somebody, as when asked."""
    with service.database.writing() as session:
        privacy.erase(session, audit.SERVICE, student_id, ground="asked", now=service.clock(),
                      path=service.folder / "ledger", key=KEY)  # fmt: skip


def words_about(service: Service, run_id: str, student_id: str) -> list[str]:
    """Everything that rows of a run say, as texts, in which a student is named or that is about them."""
    found = []
    with service.database.reading() as session:
        for table in ROWS:
            for row in session.execute(select(table.__table__).where(table.run_id == run_id)).mappings():
                said = json.dumps(dict(row), default=str)
                if student_id in said and table is not RunStudent:
                    found.append(said)
    return found


@pytest.mark.parametrize("known", [True, False], ids=["in an earlier run too", "in no run before"])
def test_who_is_erased_while_a_run_computes_is_in_no_run(service: Service, known: bool) -> None:
    connector = tiny(service)
    if known:
        compute(service, connector)
    with service.database.reading() as session:
        gone = session.scalars(select(StoredStudent.id).order_by(StoredStudent.student_ref)).first()
    assert gone is not None
    run_id = asked(connector)
    assert computed(service, run_id, lambda: erase(service, gone)) == "queued"
    assert words_about(service, run_id, gone) == []
    assert computed(service, run_id, lambda: None) == "done"
    assert words_about(service, run_id, gone) == []
    with service.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(RunStudent).where(
            RunStudent.run_id == run_id, RunStudent.student_id == gone)) == 0  # fmt: skip
        assert session.get_one(Run, run_id).attempts == 2


def test_a_list_that_is_undone_while_a_run_computes_is_in_no_run(service: Service) -> None:
    service.add("s@example.org", SCHOOL)
    service.add("c@example.org", Right("connector", "AM36"))
    school, connector = service.person("s@example.org"), service.person("c@example.org")
    upload = hand_in(school, LIST)
    confirm(school, upload)
    confirm(connector, hand_in(connector, VACANCIES.format(2), kind="vacancies"))
    run_id = asked(connector)
    assert computed(service, run_id, lambda: undo(school, upload)) == "queued"
    assert computed(service, run_id, lambda: None) == "done"
    assert connector.get(f"/api/v1/runs/{run_id}").json["totals"]["students"] == 0


def undo(person: Person, upload: dict[str, Any]) -> None:
    """Undo a list."""
    path = f"/api/v1/uploads/{upload['id']}"
    answer = person.ask("DELETE", f"{path}/confirmation", headers={"If-Match": person.get(path).headers["ETag"]})
    assert answer.status_code in (200, 204), answer.text


def test_who_and_what_an_undone_list_had_moved_is_back_where_it_was(service: Service) -> None:
    service.add("s@example.org", SCHOOL)
    service.add("c@example.org", *(Right("connector", region) for region in ("AM22", "AM36")))
    school, connector = service.person("s@example.org"), service.person("c@example.org")
    vacancies = VACANCIES.format(2)
    for person, content, words in ((school, LIST, {}), (connector, vacancies, {"kind": "vacancies"})):
        confirm(person, hand_in(person, content, **words))
        moved = hand_in(person, content.replace("8011", "3011"), **words)
        confirm(person, moved)
        assert regions(service) >= {"AM22"}
        undo(person, moved)
        assert regions(service) == {"AM36"}


def regions(service: Service) -> set[str | None]:
    """Where students and openings belong."""
    with service.database.reading() as session:
        where = StoredStudent.region_code, StoredOpening.region_code
        return {region for column in where for region in session.scalars(select(column))}


def test_what_stood_in_the_way_of_a_plan_is_shown_to_who_it_is_about_and_goes_with_them(service: Service) -> None:
    connector, one, other = two_at_a_group_of_two(service)
    decide(connector, one, "accept")
    decide(connector, other, "reject", reason="travel")
    run_id = compute(service, connector)["id"]
    with service.database.reading() as session:
        told = privacy.export(session, one["student"]["id"], now=service.clock())
    rows = [row for table in told["tables"] if table["table"] == "runs" for row in table["rows"]]
    assert [[member["kind"] for member in row["totals"]["conflict"]] for row in rows] == [["pin"]]
    assert "A2" not in json.dumps(rows)
    erase(service, one["student"]["id"])
    with service.database.reading() as session:
        left = json.dumps(session.get_one(Run, run_id).totals)
    assert "A1" not in left
    assert "A2" in left
    assert connector.get(f"/berekeningen/{run_id}").status_code == 200


def test_of_a_run_that_gave_no_answer_nothing_stays(service: Service) -> None:
    """As when the process is gone between the end of a run and the clearing of what it had begun."""
    connector = tiny(service)
    kept, left = compute(service, connector)["id"], compute(service, connector)["id"]
    with service.database.writing() as session:
        run = session.get_one(Run, left)
        run.state, run.fault = "failed", "lost"
    carry_out(service.database, now=service.clock(), path=service.folder, key=KEY)
    with service.database.reading() as session:
        for table in ROWS:
            counts = dict(session.execute(select(table.run_id, func.count()).group_by(table.run_id)).all())
            assert left not in counts
        assert session.scalar(select(func.count()).select_from(RunStudent).where(RunStudent.run_id == kept))


def test_the_log_is_checked_as_it_was_at_one_moment(service: Service) -> None:
    """An event that is written between two questions of the check is no tampering."""
    service.add("a@example.org", Right("administrator"))

    def event() -> None:
        with service.database.writing() as session:
            audit.append(session, audit.SERVICE, "test.event", ("test", "x"), now=service.clock())

    event()
    sqlite = service.database.is_sqlite
    with service.database.reading() as session:
        before = audit.end_of(session)
        if not sqlite:  # on SQLite who writes waits for who reads
            event()
        assert audit.verify(session) == []
        assert audit.end_of(session) == before
    page = service.person("a@example.org").post("/beheer/logboek")
    assert page.status_code == 200, page.text


def test_readers_heed_what_the_environment_says_of_postgresql(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    if service.database.is_sqlite:
        pytest.skip("of PostgreSQL alone")
    url = service.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=7000")
    assert os.environ["PGOPTIONS"]
    database = Database.open(url, KEY)
    try:
        for session in (database.readers(), database.sessions()):
            with session:
                assert session.scalar(text("SHOW statement_timeout")) == "7s"
        with database.readers() as session:
            assert session.scalar(text("SHOW transaction_read_only")) == "on"
            with pytest.raises(Exception, match="read-only"):
                session.execute(text("CREATE TABLE something (x int)"))
    finally:
        database.close()



"""Every class of what is kept goes on its day, and what people still stand on stays."""
from __future__ import annotations

import csv
import io
import os
import re
import shutil
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.errors import Refused
from api.policy import policy_template
from api.services import ledger
from api.services import recompute as checked
from api.services import retention as service
from api.services.register import REGISTER, dictionary, register, table
from api.store import audit, backup, recompute, retention
from api.store.base import Base, new_id
from api.store.dictionary import KEEP
from api.store.engine import Database
from api.store.runs import ROWS
from api.store.tables import (
    Account,
    Answer,
    Code,
    Consent,
    ConsentRequest,
    Decided,
    Draft,
    Erasure,
    Introduction,
    LoginFailure,
    OpenCard,
    OpenedCard,
    OpeningOutcome,
    Organisation,
    Outcome,
    Placement,
    Plan,
    Profile,
    Proposal,
    RequestCount,
    Run,
    RunDecision,
    RunOpening,
    RunStudent,
    Seen,
    SignIn,
    StoredStudent,
    Upload,
    UploadFile,
    UploadRow,
)
from api.terms import LONGEST, how_long
from api.worker import Worker, first_tidy, next_night
from tests.service.conftest import KEY, NOW
from tests.service.processes import command, environment
from tests.service.world import World, make_world

TWO_YEARS = datetime(2028, 6, 15, 9, 30, tzinfo=UTC) - NOW
THREE_YEARS = 3 * 365 + 1


def seeds(session: Session) -> dict[str, tuple[Any, timedelta]]:
    """A row of every class, with the row's key and how long it may stay; nothing points at them."""
    world = make_world(session, students=1, openings=1)
    account, old = world.account, Account(email="o@example.org", name="Oud", fs_uniquifier=new_id(), created_at=NOW)
    alone = Organisation(kind="employer", code="99999999", name="Weg", created_at=NOW)
    student = StoredStudent(organisation_id=session.scalars(select(Organisation.id)).first(), student_ref="alleen",
                            number=1, created_at=NOW)  # fmt: skip
    session.add_all([old, alone, student])
    session.flush()
    session.add(Profile(student_id=student.id, number=1, record={"a": 1}, created_at=NOW))
    upload = Upload(kind="leavers", state="checked", account_id=account, file_name="x", digest="0" * 64, lang="nl",
                    options={}, rows=0, counts={}, created_at=NOW)  # fmt: skip
    run = Run(state="queued", regions=[], on=date(2026, 6, 15), policy_id=session.get_one(Run, world.run).policy_id,
              account_id=account, lang="nl", created_at=NOW)  # fmt: skip
    decision = world.decision(0, 0, "defer", ended_at=NOW)
    rows = {
        "session": SignIn(account_id=account, began_at=NOW, ends_at=NOW + timedelta(hours=8), ended_at=NOW),
        "throttle": LoginFailure(who="x", at=NOW),
        "answer": Answer(account_id=account, key="k", request="r", status=200, body=b"", headers="{}", at=NOW),
        "code": Code(student_id=world.students[0], digest="d", account_id=account, created_at=NOW, expires_at=NOW),
        "draft": Draft(account_id=account, kind="upload", content={}, created_at=NOW, changed_at=NOW),
        "decision": decision, "run": run,
        "presence": OpenCard(student_id=world.students[0], account_id=account, opening_id="o" * 32, at=NOW),
        "oversight": OpenedCard(proposal_id=world.proposals[0, 0], account_id=account, at=NOW),
        "audit": Seen(student_id=world.students[0], account_id=account, day=NOW.date(), at=NOW),
        "backup": Erasure(student_id="e" * 32, at=NOW, ground="asked"),
    }  # fmt: skip
    session.add_all([upload, *rows.values()])
    session.add(SignIn(account_id=account, began_at=NOW + timedelta(hours=1), ends_at=NOW + timedelta(hours=9)))
    session.add(RequestCount(what="x", who="y", window=NOW, number=1))
    session.flush()
    session.add(UploadFile(upload_id=upload.id, content=b"[]"))
    session.flush()
    stay = {"session": timedelta(days=30), "throttle": timedelta(days=1), "answer": timedelta(days=1),
            "presence": timedelta(days=1), "code": timedelta(days=14), "draft": timedelta(days=30),
            "backup": timedelta(days=35), "oversight": timedelta(days=365)}  # fmt: skip
    made = {name: (key_of(row), stay.get(name, TWO_YEARS)) for name, row in rows.items()}
    made["upload_file"] = ((UploadFile, upload.id), timedelta(days=30))
    made["profile"] = ((Profile, (student.id, 1)), TWO_YEARS)
    made["account"] = ((Account, old.id), TWO_YEARS)
    made["organisation"] = ((Organisation, alone.id), TWO_YEARS)
    return made


def key_of(row: Any) -> tuple[Any, Any]:
    """A row's table and primary key."""
    return type(row), tuple(getattr(row, column.name) for column in type(row).__table__.primary_key)


def there(session: Session, key: tuple[Any, Any]) -> bool:
    """Whether a row is there, and says something: an account is emptied, and not taken away."""
    found = session.get(key[0], key[1], populate_existing=True)
    return found is not None and not (isinstance(found, Account) and found.name == "")


@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.slow), 300], ids=["every day", "about the days"])
def test_for_three_years_every_class_goes_on_its_day(database: Database, tmp_path: Path, step: int) -> None:
    """With a clock that goes from day to day: there the day before, gone the day after."""
    with database.writing() as session:
        made = seeds(session)
    assert set(made) == set(KEEP)
    dues = {name: NOW + stay for name, (_, stay) in made.items()}
    near = {(due - NOW).days + around for due in dues.values() for around in (-1, 0, 1)}
    gone: dict[str, datetime] = {}
    for day in sorted(near | set(range(0, THREE_YEARS, step))):
        now = NOW + timedelta(days=day)
        service.carry_out(database, now=now, path=tmp_path, key=KEY)
        with database.reading() as session:
            for name, (key, _) in made.items():
                if name not in gone and not there(session, key):
                    gone[name] = now
    assert set(gone) == set(made)
    late = {name: (gone[name] - dues[name]).days for name in made if not 0 <= (gone[name] - dues[name]).days <= 1}
    assert late == {}
    with database.reading() as session:
        assert audit.verify(session) == []


def placed(session: Session, world: World) -> Decided:
    """An acceptance of the first student at the first opening, with a placement that runs."""
    decision, consent = world.decision(0, 0, "accept", 1), world.consent(0, 0)
    session.add_all([decision, consent])
    session.flush()
    release = world.release(decision, consent)
    session.add(release)
    session.flush()
    pair = {"student_id": world.students[0], "opening_id": world.openings[0]}
    meeting = Introduction(release_id=release.id, **pair, state="held", asked_by=world.account, asked_at=NOW,
                           outcome="go_on", held_on=NOW.date())  # fmt: skip
    session.add(meeting)
    session.flush()
    session.add(Placement(decision_id=decision.id, **pair, decision_holds=True, introduction_id=meeting.id,
                          state="trial", started_on=NOW.date(), account_id=world.account,
                          created_at=NOW))  # fmt: skip
    return decision


def test_what_somebody_stands_on_stays(database: Database, tmp_path: Path) -> None:
    """An acceptance with a placement that runs keeps its proposal, its run, its student and its opening."""
    with database.writing() as session:
        world = make_world(session, students=2, openings=1)
        decision = placed(session, world)
    service.carry_out(database, now=NOW + timedelta(days=900), path=tmp_path, key=KEY)
    with database.reading() as session:
        assert session.get(Decided, decision.id) is not None
        assert session.get(Run, world.run) is not None
        assert session.get_one(StoredStudent, world.students[0]).student_ref == "S0"
        assert session.get(StoredStudent, world.students[1]) is None  # of whom nothing was decided


def test_an_earlier_word_whose_yes_carries_a_placement_stays_with_it(database: Database, tmp_path: Path) -> None:
    """First "later", with a yes; then an acceptance on that yes. The first word is past its term, the second is not."""
    with database.writing() as session:
        world = make_world(session, students=1, openings=1)
        first = world.decision(0, 0, "defer", ended_at=NOW + timedelta(days=1))
        session.add(first)
        session.flush()
        asked = ConsentRequest(
            decision_id=first.id, student_id=first.student_id, opening_id=first.opening_id, account_id=world.account,
            asked_at=NOW, answer="yes", answered_by=world.account, answered_at=NOW,
        )  # fmt: skip
        session.add(asked)
        session.flush()
        decision = placed(session, world)
        consent = session.scalars(select(Consent)).one()
        consent.request_id = asked.id
    for days in (900, 1800):
        service.carry_out(database, now=NOW + timedelta(days=days), path=tmp_path, key=KEY)
        with database.reading() as session:
            kept = (session.get(Decided, decision.id), session.get(Decided, first.id), session.get(Consent, consent.id))
            assert all(kept)
            assert len(session.scalars(select(Placement)).all()) == 1
            assert session.get_one(StoredStudent, world.students[0]).student_ref == "S0"
    with database.writing() as session:  # once that placement is gone, no word stands on the first one any more
        session.execute(delete(Placement))
    for days in (1800, 2600):  # the student first, which ends the words; these a term later
        service.carry_out(database, now=NOW + timedelta(days=days), path=tmp_path, key=KEY)
    with database.reading() as session:
        assert not session.scalars(select(Decided)).all() and not session.scalars(select(Consent)).all()


def test_who_was_in_a_list_or_decided_on_within_the_term_stays(database: Database, tmp_path: Path) -> None:
    """A list that changes nothing makes no new profile; it names the student all the same."""
    late = NOW + timedelta(days=700)
    with database.writing() as session:
        world = make_world(session, students=3, openings=1)
        upload = Upload(kind="leavers", state="confirmed", account_id=world.account, file_name="x", digest="0" * 64,
                        lang="nl", options={}, rows=1, counts={}, created_at=late, confirmed_at=late)  # fmt: skip
        session.add_all([upload, world.decision(1, 0, "accept", 1, decided_at=late)])
        session.flush()
        session.add(UploadRow(upload_id=upload.id, row=2, action="same", subject_id=world.students[0], number=None))
    now = late + timedelta(days=100)
    service.carry_out(database, now=now, path=tmp_path, key=KEY)
    with database.reading() as session:
        names = [session.get(StoredStudent, i) for i in world.students]
        assert [one.student_ref for one in names if one] == ["S0", "S1"] and names[2] is None
    service.carry_out(database, now=late + timedelta(days=900), path=tmp_path, key=KEY)
    with database.reading() as session:
        assert not [one for i in world.students if (one := session.get(StoredStudent, i)) and one.student_ref[0] == "S"]


def holding(session: Session, world: World, region: str, at: datetime) -> str:
    """A run that was taken over in a region, with its numbers; return its id."""
    run = Run(state="done", regions=[region], on=date(2026, 6, 15), lang="nl", created_at=at, ended_at=at, taken_at=at,
              policy_id=session.get_one(Run, world.run).policy_id, account_id=world.account, digest="d", answer="a",
              totals={"students": 2})  # fmt: skip
    session.add(run)
    session.flush()
    session.add(Plan(region_code=region, run_id=run.id, since=at))
    for student in world.students:
        session.add(RunStudent(run_id=run.id, student_id=student, number=1))
        session.add(Outcome(run_id=run.id, student_id=student, status="unplaced", blocked={}))
    for opening in world.openings:
        session.add(RunOpening(run_id=run.id, opening_id=opening, number=1, ref="V"))
        session.add(OpeningOutcome(run_id=run.id, opening_id=opening, filled=0, left=1, opens=False, eligible=0,
                                   blocked={}))  # fmt: skip
    session.flush()
    return run.id


def numbers_of(session: Session, run_id: str) -> dict[str, int]:
    """How many rows of each table a run has."""
    return {table.__tablename__: session.query(table).filter_by(run_id=run_id).count() for table in ROWS}


def test_a_plan_past_its_term_holds_no_more_and_its_run_goes_with_its_numbers(
    database: Database, tmp_path: Path
) -> None:
    """Two plans, the second a year younger: each holds for 24 months, and no day longer."""
    with database.writing() as session:
        world = make_world(session)
        old = holding(session, world, "AM36", NOW)
        young = holding(session, world, "AM05", NOW + timedelta(days=365))
    for days, there in ((730, {old, young}), (733, {young}), (730 + 364, {young}), (733 + 365, set())):
        service.carry_out(database, now=NOW + timedelta(days=days), path=tmp_path, key=KEY)
        with database.reading() as session:
            assert set(session.scalars(select(Plan.run_id))) == there, days
            assert set(session.scalars(select(Run.id).where(Run.id.in_([old, young])))) == there, days
            for run in {old, young} - there:
                assert set(numbers_of(session, run).values()) == {0}
            for run in there:
                assert numbers_of(session, run)["run_students"] == numbers_of(session, run)["opening_outcomes"] == 2


def test_of_a_run_that_somebody_stands_on_only_that_pair_outlives_its_term(database: Database, tmp_path: Path) -> None:
    """Four pairs, one put off and one with a placement: of that one alone the proposal is there seven years on."""
    with database.writing() as session:
        world = make_world(session)
        session.get_one(Run, world.run).state = "cancelled"  # not the run that is asked about
        session.get_one(Run, world.run).ended_at = NOW
        world.run = holding(session, world, "AM36", NOW)
        for proposal in session.query(Proposal):
            proposal.run_id = world.run
        session.flush()
        decision, other = placed(session, world), world.decision(1, 1, "defer")
        session.add(other)
        session.flush()
        session.add_all([RunDecision(run_id=world.run, decision_id=i, kept=True) for i in (decision.id, other.id)])
    service.carry_out(database, now=NOW + timedelta(days=730), path=tmp_path, key=KEY)
    whole = {"opening_outcomes": 2, "outcomes": 2, "proposals": 4, "run_decisions": 2, "run_openings": 2,
             "run_students": 2}  # fmt: skip
    with database.reading() as session:
        assert numbers_of(session, world.run) == whole
    for days in (733, 7 * 365):  # who was put off is erased first, by which that word ends
        service.carry_out(database, now=NOW + timedelta(days=days), path=tmp_path, key=KEY)
    with database.reading() as session:
        assert numbers_of(session, world.run) == {
            "opening_outcomes": 0, "outcomes": 0, "proposals": 1, "run_decisions": 1, "run_openings": 1,
            "run_students": 1}  # fmt: skip
        assert session.get_one(Decided, decision.id).proposal_id == world.proposals[0, 0]
        assert session.get(Proposal, world.proposals[0, 0]) is not None
        assert session.query(Plan).count() == 0
        assert recompute.drawn(session, 10, 1) == []
        with pytest.raises(Refused, match="past its term"):
            list(checked.check(session, [world.proposals[0, 0]]))
    assert service.carry_out(database, now=NOW + timedelta(days=7 * 365), path=tmp_path, key=KEY)["run"] == 0


def test_a_dry_run_counts_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        seeds(session)
    backup.backup(database, tmp_path / "before")
    later = NOW + timedelta(days=800)
    counted = service.carry_out(database, now=later, path=tmp_path, key=KEY, dry_run=True)
    backup.backup(database, tmp_path / "after")
    assert (tmp_path / "before").read_bytes() == (tmp_path / "after").read_bytes()
    assert counted == service.carry_out(database, now=later, path=tmp_path, key=KEY)
    assert sum(counted.values()) > 10
    assert sum(service.carry_out(database, now=later, path=tmp_path, key=KEY).values()) == 0


def test_backups_without_a_name_of_their_own_go_after_35_days(tmp_path: Path, sqlite_template: Path) -> None:
    database = Database.open(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'schakel.db')}", KEY)
    (tmp_path / "backups").mkdir()
    for name, days in (("old.schakel-backup", 36), ("new.schakel-backup", 34), ("other.txt", 99)):
        file = tmp_path / "backups" / name
        file.write_bytes(b"")
        os.utime(file, ((NOW - timedelta(days=days)).timestamp(),) * 2)
    service.carry_out(database, now=NOW, path=tmp_path, key=KEY)
    assert {file.name for file in (tmp_path / "backups").iterdir()} == {"new.schakel-backup", "other.txt"}
    database.close()


def test_the_worker_tidies_up_once_a_night_and_outlives_what_goes_wrong(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert next_night(datetime(2026, 6, 15, 2, 59, tzinfo=UTC)) == datetime(2026, 6, 15, 3, tzinfo=UTC)
    assert next_night(datetime(2026, 6, 15, 3, 0, tzinfo=UTC)) == datetime(2026, 6, 16, 3, tzinfo=UTC)
    called: list[datetime] = []

    def tidy(now: datetime) -> None:
        called.append(now)
        worker.stopping.set()
        raise ValueError("Zonnebloempje")

    worker = Worker(database, tidy=tidy)
    assert worker.tidy_at > datetime.now(UTC)
    worker.tidy_at = datetime.now(UTC)
    worker.work()
    assert len(called) == 1
    assert worker.tidy_at > called[0]
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "Zonnebloempje" not in told


def test_a_worker_that_is_never_up_at_night_tidies_up_soon_after_each_start(database: Database) -> None:
    morning = datetime(2026, 6, 15, 8, tzinfo=UTC)
    assert first_tidy(morning) == morning + timedelta(minutes=10)
    assert first_tidy(datetime(2026, 6, 15, 2, 55, tzinfo=UTC)) == datetime(2026, 6, 15, 3, tzinfo=UTC)
    called: list[datetime] = []
    before = datetime.now(UTC)
    worker = Worker(database, tidy=called.append)
    assert first_tidy(before) <= worker.tidy_at <= first_tidy(datetime.now(UTC))  # at whatever hour this is run
    worker.tidy_at = before + timedelta(minutes=10)
    worker._turn()
    assert called == []  # not while people wait for the service to be up
    worker.tidy_at = datetime.now(UTC)
    worker._turn()
    worker._turn()
    assert len(called) == 1
    assert worker.tidy_at == next_night(called[0])  # then every night


def test_two_workers_that_tidy_up_at_once_do_it_once(database: Database, tmp_path: Path) -> None:
    """As those do that were started together: nobody fails, and the log and the ledger tell each erasure once."""
    with database.writing() as session:
        make_world(session, students=4, openings=2)
    later, told, ready = NOW + timedelta(days=900), list[Any](), threading.Barrier(3)

    def tidy() -> None:
        ready.wait()
        try:
            told.append(sum(service.carry_out(database, now=later, path=tmp_path, key=KEY).values()))
        except Exception as error:
            told.append(error)

    threads = [threading.Thread(target=tidy) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(repr, told))[:2] == ["0", "0"], told
    with database.reading() as session:
        counted = Counter(session.scalars(select(audit.AuditEvent.action)))
        assert (counted["student.erased"], counted["retention.done"]) == (4, 1)
        assert audit.verify(session) == []
    assert len(ledger.read(tmp_path / ledger.NAME, KEY)) == 4


@pytest.mark.parametrize(("moment", "before"), [
    (datetime(2028, 2, 29, tzinfo=UTC), datetime(2026, 2, 28, tzinfo=UTC)),
    (datetime(2026, 6, 15, tzinfo=UTC), datetime(2024, 6, 15, tzinfo=UTC)),
    (datetime(2026, 1, 31, tzinfo=UTC), datetime(2024, 1, 31, tzinfo=UTC)),
])  # fmt: skip
def test_months_are_months_of_the_calendar(moment: datetime, before: datetime) -> None:
    assert retention.months_before(moment, 24) == before


def test_the_register_has_every_table_once_and_the_dictionary_every_column() -> None:
    listed = [name for activity in REGISTER for name in activity.tables]
    assert sorted(listed) == sorted(t.name for t in Base.metadata.sorted_tables)
    assert len(set(listed)) == len(listed)
    lines = list(csv.reader(io.StringIO(table(dictionary(LONGEST), "csv"))))
    columns = {(line[0], line[1]) for line in lines[1:]}
    assert columns == {(t.name, c.name) for t in Base.metadata.sorted_tables for c in t.columns}
    assert all(all(cell for cell in (line[0], line[1], *line[3:])) for line in lines[1:])
    for lang in ("nl", "en"):
        text = register(lang, LONGEST)
        assert text.count("\n## ") == len(REGISTER)
        assert "first_name" in text
    assert re.search(r"24 maanden na het laatste dat de school of een verbinder", register("nl", LONGEST))


@pytest.mark.parametrize(("lang", "words"), [
    ("nl", ["bestemming", "einde van een plek", "lijst", "wijziging", "besluit", "niet zolang een plaatsing loopt"]),
    ("en", ["destination", "end of a placement", "list", "change", "decision", "not while a placement runs"]),
])
def test_the_term_of_a_profile_is_told_with_all_that_it_waits_for(lang: str, words: list[str]) -> None:
    """What `due_students` looks at: whoever reads the term may count on it."""
    told = how_long("profile", lang, LONGEST)
    assert all(word in told for word in words), told
    line = next(line for line in policy_template(lang).splitlines() if line.startswith("profile_months"))
    assert all(word in line for word in words[:-1]), line


def test_the_commands_count_and_print(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data")

    def ask(*words: str) -> str:
        return command(environ, "db", *words)

    ask("upgrade")
    assert ask("retention", "--dry-run").count(": 0\n") == len(KEEP)
    assert ask("dictionary", "--form", "markdown").startswith("| table | column |")
    assert ask("register").startswith("# Register van verwerkingen")

"""Everything about a person can be had in one go and goes in one go; nobody who was erased comes back."""
from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from api.errors import Refused
from api.services import ledger, privacy
from api.services.accounts import Right
from api.services.export_page import page
from api.store import audit, backup, persons
from api.store.base import Base, new_id
from api.store.dictionary import KEEP, entries
from api.store.engine import Database
from api.store.tables import (
    Account,
    Answer,
    OpeningOutcome,
    Profile,
    Proposal,
    RunStudent,
    StoredStudent,
    Upload,
    UploadFile,
    UploadRow,
)
from api.terms import LONGEST
from api.texts.export import COLUMNS, HIDDEN, TABLES
from api.texts.terms import KEEPS
from tests.service.browser import Service
from tests.service.conftest import KEY, NOW
from tests.service.test_runs import compute
from tests.service.whole_person import CANARY, fill
from tests.service.world import make_world

ACTOR = audit.Actor("service", None, "web")


@pytest.fixture
def whole(cohort: Service) -> tuple[Service, str, list[str]]:
    """A service with a run, and a student about whom every table says something; the words to look for."""
    service = cohort
    parent = service.add("ouder@example.org", Right("administrator"))
    with service.database.writing() as session:
        who = session.scalar(select(Account.id).where(Account.email == "c@example.org"))
        student = session.scalar(select(StoredStudent.id).join(Proposal, Proposal.student_id == StoredStudent.id)
                                 .order_by(StoredStudent.student_ref))  # fmt: skip
        assert who is not None
        assert student is not None
        words = fill(session, student, who, parent)
        audit.append(session, ACTOR, "student.looked", ("student", student), now=NOW)
    return service, student, words


def erase(service: Service, student: str) -> None:
    """Erase somebody, as the service does."""
    with service.database.writing() as session:
        privacy.erase(session, ACTOR, student, ground="asked", now=service.clock(), key=KEY,
                      path=service.settings.data_dir / ledger.NAME)  # fmt: skip


def everything(database: Database) -> str:
    """Every value of every row of every table, as text."""
    with database.engine.connect() as connection:
        return "\n".join(
            json.dumps([bytes(v).decode(errors="replace") if isinstance(v, (bytes, memoryview)) else str(v)
                        for v in row], ensure_ascii=False)
            for table in Base.metadata.sorted_tables
            for row in connection.execute(text(f"SELECT * FROM {table.name}"))
        )  # fmt: skip


def test_the_tables_that_speak_of_students_are_all_found(database: Database) -> None:
    """By the dictionary, which a column cannot do without: so a table that is new is found or fails here."""
    speak = {entry.table for entry in entries(Base.metadata) if entry.meaning and entry.meaning.about == "student"}
    assert speak <= set(persons.own_tables())


def test_an_export_has_a_row_of_every_table_and_every_word(whole: tuple[Service, str, list[str]]) -> None:
    service, student, words = whole
    with service.database.reading() as session:
        made = privacy.export(session, student, now=NOW)
    told = {part["table"]: part["rows"] for part in made["tables"]}
    assert [name for name, rows in told.items() if not rows] == ["erasures"]
    said = json.dumps(made, ensure_ascii=False)
    assert [word for word in words if word not in said] == []
    assert "ander" not in json.dumps(told["upload_files"])  # the other row of the same list is somebody else's
    assert "argon2" not in said
    for part in made["tables"]:
        assert all(set(row) <= set(part["columns"]) for row in part["rows"] if part["table"] != "upload_files")


def test_an_erased_person_is_nowhere_and_everybody_else_is_where_they_were(
    whole: tuple[Service, str, list[str]]
) -> None:
    service, student, words = whole
    with service.database.reading() as session:
        others = session.scalars(select(Proposal).where(Proposal.student_id != student).order_by(Proposal.id)).all()
        before = [(p.id, p.fit, p.reasons) for p in others]
        kept_numbers = select(Proposal.id, Proposal.fit, Proposal.rank, Proposal.chosen).where(
            Proposal.student_id == student).order_by(Proposal.id)  # fmt: skip
        numbers = session.execute(kept_numbers).all()
    assert CANARY in everything(service.database)
    erase(service, student)
    left = everything(service.database)
    assert [word for word in words if word in left] == []
    assert CANARY not in left
    with service.database.reading() as session:
        others = session.scalars(select(Proposal).where(Proposal.student_id != student).order_by(Proposal.id)).all()
        assert [(p.id, p.fit, p.reasons) for p in others] == before
        assert numbers == session.execute(kept_numbers).all()
        assert audit.verify(session) == []
        for table, rows in persons.rows_about(session, student):
            assert not rows or table.name in persons.STAYS, table.name
        profiles = session.scalars(select(Profile).where(Profile.student_id == student)).all()
        assert {json.dumps(profile.record) for profile in profiles} == {"{}"}
        assert session.scalars(select(RunStudent).where(RunStudent.student_id == student)).all()
        kept = [pair for file in session.scalars(select(UploadFile)) for pair in json.loads(file.content)]
        assert [pair[0] for pair in kept if pair[1].get("student_ref") == "ander"] == [3]


def test_no_list_keeps_a_name_that_may_be_of_somebody_who_was_erased(
    whole: tuple[Service, str, list[str]]
) -> None:
    """Three lists with the person: still to be confirmed, with the file gone, and by a profile; one with nobody."""
    service, student, _ = whole
    with service.database.writing() as session:
        first = session.scalars(select(Upload).where(Upload.file_name == f"{CANARY}-lijst.csv")).one()
        named = [Upload(kind="leavers", state=first.state, organisation_id=first.organisation_id, digest="0" * 64,
                        account_id=first.account_id, file_name=f"{CANARY} {n}.csv", lang="en", options={}, rows=1,
                        counts={}, created_at=NOW) for n in (1, 2)]  # fmt: skip
        other = Upload(kind="leavers", state=first.state, organisation_id=first.organisation_id, digest="0" * 64,
                       account_id=first.account_id, file_name="klas 4.csv", lang="nl", options={}, rows=1, counts={},
                       created_at=NOW)  # fmt: skip
        session.add_all([*named, other])
        session.flush()
        session.add(UploadRow(upload_id=named[0].id, row=2, action="same", subject_id=student))
        session.query(Profile).filter_by(student_id=student).update({"upload_id": named[1].id})
        session.add(Answer(account_id=first.account_id, key="k" * 64, request="r" * 64, status=201, headers="{}",
                           body=json.dumps({"id": first.id, "fileName": first.file_name}).encode(), at=NOW))
    erase(service, student)
    assert CANARY not in everything(service.database)
    with service.database.reading() as session:
        assert session.get_one(Upload, first.id).file_name == "lijst"
        assert [session.get_one(Upload, one.id).file_name for one in named] == ["list", "list"]
        assert session.get_one(Upload, other.id).file_name == "klas 4.csv"


def by_key(database: Database) -> dict[tuple[str, str], dict[str, Any]]:
    """Every row of the database, by its table and key."""
    found = {}
    with database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(table.select()).mappings():
                found[table.name, str([row[column.name] for column in table.primary_key])] = dict(row)
    return found


def test_the_number_of_rows_that_is_told_is_of_those_that_went_or_were_emptied(
    whole: tuple[Service, str, list[str]]
) -> None:
    """Against all rows of before and after; of a decision only the note goes."""
    service, student, _ = whole
    before = by_key(service.database)
    erase(service, student)
    after = by_key(service.database)
    went = before.keys() - after.keys()
    kept = {key: (before[key], row) for key, row in after.items() if key in before}
    emptied = {key for key, (was, row) in kept.items() if key[0] in ("students", "profiles", "accounts") and was != row}
    emptied |= {key for key, (was, row) in kept.items()
                if key[0] in ("proposals", "outcomes") and row["student_id"] == student and was != row}  # fmt: skip
    emptied |= {key for key, (was, row) in kept.items() if key[0] == "decisions" and row["note"] != was["note"]}
    with service.database.reading() as session:
        told = audit.details_of(session, "student.erased", student)
    assert told is not None
    assert told["rows"] == len(went) + len(emptied)


def test_a_student_with_nothing_but_a_record_is_more_than_no_rows(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        (student,) = make_world(session, students=1, openings=1).students
    before = by_key(database)
    with database.writing() as session:
        gone = privacy.erase(session, ACTOR, student, ground="asked", now=NOW, key=KEY, path=tmp_path / ledger.NAME)
    after = by_key(database)
    theirs = [key for key in before if student in str(before[key])]
    assert gone == sum(before[key] != after.get(key) for key in theirs) > 0


def test_whoever_looks_at_a_run_afterwards_finds_numbers_without_a_name(
    whole: tuple[Service, str, list[str]]
) -> None:
    service, student, _ = whole
    connector = service.person("c@example.org")
    run = connector.get("/api/v1/runs").json["items"][0]["id"]
    erase(service, student)
    answer = connector.get(f"/api/v1/proposals?runId={run}&limit=100")
    assert answer.status_code == 200, answer.text
    for path in (f"/api/v1/runs/{run}/outcomes", f"/api/v1/runs/{run}/difference", "/api/v1/students", "/vandaag",
                 "/voorstellen", f"/voorstellen?run={run}"):  # fmt: skip
        found = connector.get(path, headers={"Accept": "application/json" if "/api/" in path else "text/html"})
        assert found.status_code == 200, (path, found.text[:500])
        assert CANARY not in found.text
    for proposal in answer.json["items"]:
        assert connector.get(f"/api/v1/proposals/{proposal['id']}").status_code == 200
    compute(service, connector)  # and the next run goes on without them
    with service.database.reading() as session:
        latest = session.scalars(select(RunStudent.student_id).where(RunStudent.run_id != run)).all()
    assert latest
    assert student not in latest


def test_after_an_erasure_no_byte_of_it_is_in_the_file_or_beside_it(
    whole: tuple[Service, str, list[str]], tmp_path: Path
) -> None:
    """SQLite overwrites what is deleted (`secure_delete`); tidying up rewrites the file."""
    service, student, _ = whole
    if not service.database.is_sqlite:
        pytest.skip("PostgreSQL's files are tidied by its own VACUUM")
    path = Path(str(service.database.engine.url.database))
    assert CANARY.encode() in path.read_bytes()
    erase(service, student)
    service.database.close()
    found = [file for file in path.parent.rglob("*") if file.is_file() and CANARY.encode() in file.read_bytes()]
    assert found == []


def test_a_backup_of_before_brings_nobody_back(whole: tuple[Service, str, list[str]], empty_url: str,
                                               tmp_path: Path) -> None:  # fmt: skip
    service, student, _ = whole
    backup.backup(service.database, tmp_path / "before")
    erase(service, student)
    path = service.settings.data_dir / ledger.NAME
    target = Database.open(empty_url, KEY)
    backup.restore(target, tmp_path / "before")
    assert CANARY in everything(target)
    with target.writing() as session:
        assert privacy.erase_again(session, ledger.read(path, KEY), now=NOW) == 1
    assert CANARY not in everything(target)
    with target.writing() as session:
        assert privacy.erase_again(session, ledger.read(path, KEY), now=NOW) == 0
        assert audit.verify(session) == []
    target.close()


def test_the_ledger_takes_no_line_of_anybody_else_and_survives_a_torn_one(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    one, two = (ledger.Erased(NOW, name * 32, "asked") for name in "ab")
    ledger.append(path, KEY, [one])
    ledger.append(path, KEY, [one, two])
    assert ledger.read(path, KEY) == [one, two]
    assert path.stat().st_mode & 0o077 == 0
    whole = path.read_text(encoding="ascii")
    path.write_text(whole + "2026-06-15T09:30:00+00:00 cc", encoding="ascii")
    assert ledger.read(path, KEY) == [one, two]
    ledger.append(path, KEY, [ledger.Erased(NOW, "d" * 32, "term")])
    assert [entry.student_id[0] for entry in ledger.read(path, KEY)] == ["a", "b", "d"]
    path.write_text(whole.replace("a" * 32, "e" * 32), encoding="ascii")
    with pytest.raises(Refused, match="line 1"):
        ledger.read(path, KEY)


def test_the_ledger_loses_no_line_where_many_write_it_while_it_is_shortened(tmp_path: Path) -> None:
    """Four who each erase forty, and one who makes sure all the while that there is something to leave out."""
    path, since, over = tmp_path / "ledger", NOW - timedelta(days=35), threading.Event()
    names = [[f"{who}{number:031x}" for number in range(40)] for who in range(1, 5)]

    def erase_some(mine: list[str]) -> None:
        for name in mine:
            ledger.append(path, KEY, [ledger.Erased(NOW, name, "asked")])

    def shorten() -> None:
        number = 0
        while not over.is_set():
            ledger.append(path, KEY, [ledger.Erased(since - timedelta(days=1), f"0{number:031x}", "asked")])
            ledger.keep_since(path, KEY, since)
            number += 1

    with ThreadPoolExecutor(6) as pool:
        cleaner = pool.submit(shorten)
        try:
            for done in [pool.submit(erase_some, mine) for mine in names]:
                done.result()
        finally:
            over.set()
        cleaner.result()
    left = [entry.student_id for entry in ledger.read(path, KEY)]
    assert sorted(left) == sorted(name for mine in names for name in mine)
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", [
    lambda line: line.replace(b"2026-06-15", b"2026-16-15"), lambda line: line.replace(b"asked", "gevráágd".encode()),
    lambda line: b"\xff" + line, lambda line: b"\n" + line, lambda line: line.split(b" ")[0] + b"\n",
    lambda line: line.replace(b"2026-06-15T09:30:00+00:00", b"0001-01-01T00:00:00+14:00"),
], ids=["date", "letter", "byte", "empty", "short", "first"])  # fmt: skip
def test_with_a_damaged_ledger_nobody_is_erased_and_the_line_is_named(
    whole: tuple[Service, str, list[str]], damage: Callable[[bytes], bytes]
) -> None:
    """The ledger could not take the line, and a backup would bring the person back."""
    service, student, _ = whole
    path = service.settings.data_dir / ledger.NAME
    ledger.append(path, KEY, [ledger.Erased(NOW, "a" * 32, "asked")])
    whole_line = path.read_bytes()
    path.write_bytes(damage(whole_line))
    assert path.read_bytes() != whole_line
    with pytest.raises(Refused, match="line 1: not written by this service"):
        ledger.read(path, KEY)
    with pytest.raises(Refused, match="line 1"):
        erase(service, student)
    service.add("b@example.org", Right("administrator"))
    answer = service.person("b@example.org").ask("DELETE", f"/api/v1/students/{student}")
    assert (answer.status_code, answer.json["code"]) == (500, "ledger")
    assert ledger.NAME not in answer.text
    assert CANARY in everything(service.database)
    path.write_bytes(whole_line)
    erase(service, student)
    assert len(ledger.read(path, KEY)) == 2


def test_an_erasure_that_is_rolled_back_leaves_no_line(whole: tuple[Service, str, list[str]]) -> None:
    service, student, _ = whole
    path = service.settings.data_dir / ledger.NAME
    with pytest.raises(RuntimeError), service.database.writing() as session:
        privacy.erase(session, ACTOR, student, ground="asked", now=NOW, key=KEY, path=path)
        raise RuntimeError
    assert not path.exists()
    assert CANARY in everything(service.database)
    erase(service, student)
    assert len(ledger.read(path, KEY)) == 1
    path.unlink()  # a process that died between the two
    with service.database.reading() as session:
        privacy.complete_ledger(session, path, KEY)
    assert [entry.student_id for entry in ledger.read(path, KEY)] == [student]


def test_a_school_erases_and_exports_its_own_and_nobody_elses(cohort: Service) -> None:
    service = cohort
    school, other = service.person("31TA00@example.org"), service.person("31TB00@example.org")
    service.add("b@example.org", Right("administrator"))
    admin = service.person("b@example.org")
    with service.database.reading() as session:
        mine = session.scalars(select(StoredStudent.id).where(StoredStudent.student_ref.in_(("A", "B")))).all()
    path = f"/api/v1/students/{mine[0]}"
    made = school.get(f"{path}/export")
    assert made.status_code == 200
    assert {part["table"] for part in made.json["tables"]} == set(persons.own_tables())
    shown = school.get(f"{path}/export?form=html")
    assert shown.content_type == "text/html; charset=utf-8"
    assert "attachment" in shown.headers["Content-Disposition"]
    assert not re.search(r"<script|https?://|\son\w+=", shown.text)
    assert "Alles wat Schakel over jou bewaart" in shown.text
    for answer in (other.get(f"{path}/export"), other.ask("DELETE", path), admin.ask("DELETE", "/api/v1/students/x")):
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert admin.get(f"{path}/export").status_code == 403
    assert school.ask("DELETE", path).status_code == 204
    assert school.get(f"{path}/export").status_code == school.ask("DELETE", path).status_code == 404
    for part in ("", "/mandates", "/versions", "/looks", "/questions", "/coaches"):  # as of somebody who never was
        answer, never = (school.get(f"/api/v1/students/{i}{part}") for i in (mine[0], "never"))
        assert (answer.status_code, answer.data) == (never.status_code, never.data), part
        assert answer.status_code in (403, 404, 405), part
    assert school.get(f"/leerlingen/{mine[0]}").status_code == 404
    assert admin.ask("DELETE", f"/api/v1/students/{mine[1]}").status_code == 204
    assert [entry.student_id for entry in ledger.read(service.settings.data_dir / ledger.NAME,
                                                      service.settings.audit_key)] == list(mine)  # fmt: skip


def test_the_page_has_a_word_of_ours_for_every_table_and_column() -> None:
    for name, table in persons.own_tables().items():
        assert name in TABLES
        told = {column.name for column in table.columns if (name, column.name) not in privacy.SECRET}
        assert told - set(COLUMNS) - set(HIDDEN) == set(), name
    assert set(KEEPS) == set(KEEP)


def test_the_page_to_read_says_who_and_about_what_in_words(whole: tuple[Service, str, list[str]]) -> None:
    """No id and no code of the log stands on it; the file for machines has them."""
    service, student, _ = whole
    with service.database.writing() as session:
        who = session.scalar(select(Account.id).where(Account.email == "c@example.org"))
        audit.append(session, audit.Actor("human", who, "web"), "decision.pin", ("decision", "d" * 32), now=NOW,
                     student=student)  # fmt: skip
        made = privacy.export(session, student, now=NOW)
    assert "decision.pin" in json.dumps(made)
    assert "d" * 32 in json.dumps(made)
    for lang, said in (("nl", ("Besluit", "vastgezet", "Verbinder", ">jij<")), ("en", ("Decision", "pinned", ">you<"))):
        shown = page(made, lang, LONGEST)
        assert re.findall(r"[0-9a-f]{32}", shown) == []
        assert "decision.pin" not in shown
        assert [word for word in said if word.lower() not in shown.lower()] == []


def test_an_export_says_nothing_of_others_who_would_move(whole: tuple[Service, str, list[str]]) -> None:
    """A line about a place may name somebody else in one sentence, and this student only as who would come."""
    service, student, _ = whole
    with service.database.writing() as session:
        other = session.scalars(select(RunStudent.student_id).where(RunStudent.student_id != student)).first()
        line = session.scalars(select(OpeningOutcome)).first()
        assert line is not None
        line.change = {"code": "route", "student": other, "more": 0, "nl": "Als Kastanje-7 ook", "en": "If Kastanje-7"}
        line.worth = {"fit": 1, "placed": 1, "moves": [{"student": student, "from": None, "to": line.opening_id}]}
        made = privacy.export(session, student, now=NOW)
    told = [row for part in made["tables"] if part["table"] == "opening_outcomes" for row in part["rows"]]
    mine = next(row for row in told if row["opening_id"] == line.opening_id)
    assert mine["worth"]["moves"][0]["student"] == student
    assert mine["change"] == {"code": "route", "student": privacy.OTHER, "more": 0, "nl": "", "en": ""}
    assert "Kastanje-7" not in json.dumps(made, default=str)
    assert str(other) not in json.dumps(told)


def kept(service: Service, body: bytes) -> None:
    """Keep an answer that the connector got, for a request sent twice."""
    with service.database.writing() as session:
        who = session.scalars(select(Account.id).where(Account.email == "c@example.org")).one()
        session.add(Answer(account_id=who, key=new_id() * 2, request="r" * 64, status=201, at=NOW, body=body,
                           headers='{"Content-Type": "application/json"}'))  # fmt: skip


def told_answers(service: Service, student: str) -> list[dict[str, Any]]:
    """What an export says of the answers that are kept, but for those of `fill`."""
    with service.database.reading() as session:
        made = privacy.export(session, student, now=NOW)
    rows = next(part["rows"] for part in made["tables"] if part["table"] == "answers")
    return [row for row in rows if CANARY not in str(row)]


def test_of_an_answer_about_many_an_export_tells_what_is_about_this_student(
    whole: tuple[Service, str, list[str]]
) -> None:
    """A batch of candidates that were shown, and one proposal with who would move for it."""
    service, student, _ = whole
    mine, theirs = ({"id": name * 32, "code": f"K-{name}", "state": "live", "opening": {"id": "f" * 32, "title": "Kok"},
                     "student": {"id": who, "school": "31TA00", "studentRef": ref, "firstName": ref}}
                    for name, who, ref in (("a", student, "Zelf"), ("b", "d" * 32, "Kastanje")))  # fmt: skip
    kept(service, json.dumps({"items": [theirs, mine, theirs]}).encode())
    (row,) = told_answers(service, student)
    assert row["body"] == {"items": [mine]}
    assert set(row) == {"account_id", "status", "at", "body", "headers"}
    moves = [{"student": student, "from": None, "to": "f" * 32},
             {"student": "d" * 32, "from": "f" * 32, "studentName": "Kastanje"}]  # fmt: skip
    kept(service, json.dumps({**mine, "regret": {
        "placedLoss": 0, "moves": moves, "sentences": ["Kastanje gaat weg."]}}).encode())  # fmt: skip
    told = next(one["body"] for one in told_answers(service, student) if "regret" in one["body"])
    assert told["regret"] == {"placedLoss": 0, "moves": [{"student": student, "to": "f" * 32}]}
    kept(service, json.dumps({**theirs, "regret": {"moves": moves}}).encode())
    assert "Kastanje" not in json.dumps(told_answers(service, student))
    assert "d" * 32 not in json.dumps(told_answers(service, student))


def test_of_an_answer_that_is_a_page_an_export_tells_that_there_was_one(
    whole: tuple[Service, str, list[str]]
) -> None:
    service, student, _ = whole
    kept(service, f"<p>Kastanje</p><a href='/leerlingen/{student}'>".encode())
    (row,) = told_answers(service, student)
    assert (row["status"], set(row)) == (201, {"account_id", "status", "at"})

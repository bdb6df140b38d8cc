"""A backup is everything, of one moment, whole, and goes back into either database."""
from __future__ import annotations

import errno
import gzip
import hashlib
import hmac
import os
import random
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import select, text

from api.errors import Refused
from api.services import ledger, privacy, restoring, retention
from api.services.upkeep import make_ready, must_be_ready, open_database
from api.settings import read_settings
from api.store import audit, backup, schema
from api.store.engine import Database
from api.store.tables import AuditEvent, Organisation, Profile, StoredStudent
from tests.service.conftest import KEY, NOW
from tests.service.processes import asked, command, environment
from tests.service.world import make_world


def filled(database: Database) -> None:
    """A world with a decision, a consent and a release in it."""
    with database.writing() as session:
        world = make_world(session, students=3, openings=2, places=2)
        decision, consent = world.decision(0, 0, "accept", 2), world.consent(0, 0)
        session.add_all([decision, consent])
        session.flush()
        session.add(world.release(decision, consent))
        audit.append(session, audit.SERVICE, "world.made", ("test", "1"), now=NOW)


def test_a_backup_restored_gives_the_same_backup_again(database: Database, empty_url: str, tmp_path: Path) -> None:
    """Over all four pairs of databases; the log is still whole, and the tables are the newest."""
    filled(database)
    counts = backup.backup(database, tmp_path / "one")
    target = Database.open(empty_url, KEY)
    assert backup.restore(target, tmp_path / "one") == counts
    assert counts["decisions"] == counts["releases"] == 1
    assert counts["profiles"] == 3
    backup.backup(target, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    with target.reading() as session:
        assert audit.verify(session) == []
    assert schema.current(target) == schema.newest()
    with target.engine.begin() as connection, pytest.raises(Exception, match="only grows"):
        connection.execute(text("DELETE FROM audit_events"))
    target.close()


def test_any_changed_byte_is_noticed_before_anything_is_written(database: Database, tmp_path: Path) -> None:
    filled(database)
    path = tmp_path / "backup"
    backup.backup(database, path)
    whole, draw = path.read_bytes(), random.Random(3)
    for at in [0, 16, 17, 80, 81, len(whole) - 1, *(draw.randrange(len(whole)) for _ in range(94))]:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << draw.randrange(8))]) + whole[at + 1 :])
        with pytest.raises(Refused, match="damaged"):
            backup.read_manifest(path, KEY)
    path.write_bytes(whole[:-1])
    with pytest.raises(Refused, match="damaged"):
        backup.read_manifest(path, KEY)


def sealed(content: bytes, key: bytes = KEY, magic: bytes = b"schakel-backup 2 ") -> bytes:
    """A backup with the seal that its format asks for."""
    return magic + hmac.new(key, magic + content, "sha256").hexdigest().encode() + b"\n" + content


def test_who_changes_a_backup_cannot_seal_it_anew(database: Database, empty_url: str, tmp_path: Path) -> None:
    """Without the key: neither by a digest that anybody can count, nor with a key of their own."""
    filled(database)
    path = tmp_path / "backup"
    backup.backup(database, path)
    whole = path.read_bytes()
    content = gzip.decompress(whole.partition(b"\n")[2])
    assert sealed(whole.partition(b"\n")[2]) == whole
    forged = gzip.compress(content.replace(b'"accept"', b'"reject"'))
    assert gzip.decompress(forged) != content
    target = Database.open(empty_url, KEY)
    digest = b"schakel-backup 2 " + hashlib.sha256(forged).hexdigest().encode() + b"\n" + forged
    for made in (digest, sealed(forged, b"a key of somebody else, 32 characters")):
        path.write_bytes(made)
        with pytest.raises(Refused, match="changed by somebody"):
            backup.restore(target, path)
    path.write_bytes(b"schakel-backup 1 " + hashlib.sha256(forged).hexdigest().encode() + b"\n" + forged)
    with pytest.raises(Refused, match="did not seal"):
        backup.restore(target, path)
    assert schema.current(target) is None
    target.close()


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{", b"[]", b'{"schema":"0015"}', b'{"audit":"","rows":[],"schema":"0015"}', b"\xff", None],
    ids=repr,
)
def test_what_does_not_say_what_is_in_it_is_refused_with_a_sentence(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    path.write_bytes(sealed(b"not packed" if content is None else gzip.compress(content)))
    with pytest.raises(Refused, match="does not say"):
        backup.read_manifest(path, KEY)
    path.write_bytes(content or b"")
    with pytest.raises(Refused, match="no backup"):
        backup.read_manifest(path, KEY)


def test_a_restore_never_overwrites(database: Database, tmp_path: Path) -> None:
    backup.backup(database, tmp_path / "backup")
    with pytest.raises(Refused, match="not empty"):
        backup.restore(database, tmp_path / "backup")
    with pytest.raises(Refused, match="exists"):
        backup.backup(database, tmp_path / "backup")


@pytest.fixture
def plain(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A file of SQLite: what a backup is written on does not ask which database it is of."""
    database = Database.open(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'schakel.db')}", KEY)
    yield database
    database.close()


def without_links(monkeypatch: pytest.MonkeyPatch, number: int, first: Callable[[Path], object] | None = None) -> None:
    """A medium that has no hard links and no modes; ``first`` is done just before it says so."""

    def refused(_: object, path: Path, *__: object, **___: object) -> None:
        if first is not None:
            first(path)
        raise OSError(number, os.strerror(number))

    def changed(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refused)
    monkeypatch.setattr(Path, "chmod", changed)


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS], ids=errno.errorcode.get)
def test_a_backup_goes_on_a_medium_without_hard_links(
    plain: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    backup.backup(plain, tmp_path / "linked")
    without_links(monkeypatch, number)
    (tmp_path / "stick").mkdir()
    backup.backup(plain, tmp_path / "stick" / "copied")
    assert (tmp_path / "stick" / "copied").read_bytes() == (tmp_path / "linked").read_bytes()
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in ("linked", "stick/copied")} == {0o600}
    assert [file.name for file in (tmp_path / "stick").iterdir()] == ["copied"]
    with pytest.raises(Refused, match="exists"):
        backup.backup(plain, tmp_path / "stick" / "copied")


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_somebody_made_meanwhile_is_not_overwritten(
    plain: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    link = os.link
    if links:
        monkeypatch.setattr(os, "link", lambda made, path: (path.write_text("theirs"), link(made, path)))
    else:
        without_links(monkeypatch, errno.EPERM, lambda path: path.write_text("theirs"))
    with pytest.raises(Refused, match="exists"):
        backup.backup(plain, tmp_path / "backup")
    assert (tmp_path / "backup").read_text() == "theirs"


def test_a_copy_that_ends_half_way_leaves_no_file_that_looks_like_a_backup(
    plain: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object, target: IO[bytes], *__: object) -> None:
        target.write(b"schakel-backup 2 ")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    without_links(monkeypatch, errno.EPERM)
    monkeypatch.setattr(shutil, "copyfileobj", full)
    with pytest.raises(OSError, match="space"):
        backup.backup(plain, tmp_path / "backup")
    assert [file.name for file in tmp_path.iterdir() if "backup" in file.name] == []


def test_a_restore_leaves_the_file_of_another_program_alone(database: Database, tmp_path: Path) -> None:
    backup.backup(database, tmp_path / "backup")
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE somebody_elses (id INTEGER)")
    connection.close()
    whole = (tmp_path / "other.db").read_bytes()
    target = Database.open(f"sqlite:///{tmp_path / 'other.db'}", KEY)
    with pytest.raises(Refused, match="not empty"):
        backup.restore(target, tmp_path / "backup")
    target.close()
    assert (tmp_path / "other.db").read_bytes() == whole


def test_a_backup_made_by_a_newer_program_is_refused(empty_url: str, tmp_path: Path) -> None:
    old = Database.open(f"sqlite:///{tmp_path / 'old.db'}", KEY)
    make_ready(old, now=NOW)
    with old.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup.backup(old, tmp_path / "backup")
    target = Database.open(empty_url, KEY)
    with pytest.raises(Refused, match="newer version"):
        backup.restore(target, tmp_path / "backup")
    assert schema.current(target) is None
    target.close()
    old.close()


def test_a_backup_taken_while_people_write_is_of_one_moment(database: Database, tmp_path: Path) -> None:
    """Each writer adds an event with its own; the log in the backup is whole, however far they were."""
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            with database.writing() as session:
                audit.append(session, audit.SERVICE, "x", ("test", "1"), now=NOW)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(2):
            backup.backup(database, tmp_path / f"b{turn}")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    counts = [backup.read_manifest(tmp_path / f"b{turn}", KEY)["rows"]["audit_events"] for turn in range(2)]
    assert counts == sorted(counts)
    target = Database.open(f"sqlite:///{tmp_path / 'target.db'}", KEY)
    backup.restore(target, tmp_path / "b1")
    with target.reading() as session:
        assert audit.verify(session) == []
    target.close()


def test_a_backup_of_another_key_is_refused_with_what_to_do(database: Database, empty_url: str, tmp_path: Path) -> None:
    filled(database)
    backup.backup(database, tmp_path / "backup")
    target = Database.open(empty_url, b"another key for the tests, 32 chars")
    with pytest.raises(Refused, match="SCHAKEL_AUDIT_KEY"):
        backup.restore(target, tmp_path / "backup")
    target.close()
    again = Database.open(empty_url, KEY)  # nothing was restored, so the right key still can
    assert backup.restore(again, tmp_path / "backup")["decisions"] == 1
    again.close()


def test_a_backup_under_load_restored_elsewhere_is_the_same_to_the_byte(
    database: Database, empty_url: str, tmp_path: Path
) -> None:
    """Four writers, each adding an organisation with its event; over all four pairs of databases."""
    filled(database)
    stop, written = threading.Event(), [0, 0, 0, 0]

    def work(who: int) -> None:
        while not stop.is_set():
            with database.writing() as session:
                made = Organisation(kind="school", code=f"{who}-{written[who]}", name="x", created_at=NOW)
                session.add(made)
                session.flush()
                audit.append(session, audit.SERVICE, "organisation.added", ("organisation", made.id), now=NOW)
            written[who] += 1

    threads = [threading.Thread(target=work, args=(who,)) for who in range(4)]
    for thread in threads:
        thread.start()
    try:
        while sum(written) < 8:
            threads[0].join(0.05)
        counts = backup.backup(database, tmp_path / "one")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    added = counts["organisations"] - 2
    assert 8 <= added <= sum(written)
    assert counts["audit_events"] == added + 2  # each with its event, and the two of before
    target = Database.open(empty_url, KEY)
    backup.restore(target, tmp_path / "one")
    backup.backup(target, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    target.close()


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("count", [15, pytest.param(200, marks=pytest.mark.slow)])
def test_of_those_who_were_erased_none_comes_back(
    database: Database, empty_url: str, tmp_path: Path, count: int
) -> None:
    with database.writing() as session:
        world = make_world(session, students=count, openings=1)
        for number, student in enumerate(world.students):
            session.get_one(StoredStudent, student).student_ref = f"Zonnebloempje-{number}"
            session.get_one(Profile, (student, 1)).record = {"background": {"first_name": f"Zonnebloempje-{number}"}}
    backup.backup(database, tmp_path / "before")
    path = tmp_path / ledger.NAME
    with database.writing() as session:
        for student in world.students:
            privacy.erase(session, audit.SERVICE, student, ground="asked", now=NOW, key=KEY, path=path)
    target = Database.open(empty_url, KEY)
    backup.restore(target, tmp_path / "before")
    with target.writing() as session:
        assert privacy.erase_again(session, ledger.read(path, KEY), now=NOW) == count
    with target.reading() as session:
        names = session.scalars(select(StoredStudent.student_ref)).all()
        records = session.scalars(select(Profile.record)).all()
        assert audit.verify(session) == []
    assert len(names) == count
    assert not [name for name in names if "Zonnebloempje" in name]
    assert not [record for record in records if record]
    target.close()
    assert b"Zonnebloempje" not in Path(empty_url.removeprefix("sqlite:///")).read_bytes()


def erased_after_a_backup(folder: Path) -> dict[str, str]:
    """A service of its own with one student, a backup of it, and the student erased after that; its settings."""
    environ = environment(folder)
    command(environ, "db", "upgrade")
    settings = read_settings({"SCHAKEL_DATA_DIR": str(folder)})
    database = open_database(settings)
    with database.writing() as session:
        (student,) = make_world(session, students=1, openings=1).students
    database.close()
    command(environ, "db", "backup", str(folder.parent / "backup"))
    command(environ, "db", "erase", student)
    return environ


def known(folder: Path) -> list[tuple[str, str]]:
    """The students of a service: their ids, and what they are called."""
    database = open_database(read_settings({"SCHAKEL_DATA_DIR": str(folder)}))
    with database.reading() as session:
        found = [(one.id, one.student_ref) for one in session.scalars(select(StoredStudent))]
    database.close()
    return found


def test_without_the_ledger_nothing_is_restored_unless_one_insists(tmp_path: Path) -> None:
    """In a folder with the secret alone, as on a new machine."""
    erased_after_a_backup(tmp_path / "old")
    new, file = tmp_path / "new", str(tmp_path / "backup")
    new.mkdir()
    shutil.copy(tmp_path / "old" / "secret.key", new)
    environ = environment(new)
    told = asked(environ, "db", "restore", file)
    assert told.returncode == 1
    assert ledger.NAME in told.stderr
    assert "comes back" in told.stderr
    assert "Traceback" not in told.stderr
    told = asked(environ, "db", "restore", file, "--no-ledger", "--ledger", str(tmp_path / "old" / ledger.NAME))
    assert told.returncode == 2
    told = asked(environ, "db", "restore", file, "--ledger", str(tmp_path / "old" / ledger.NAME))
    assert told.stdout.splitlines()[0].endswith("; 1 erased again"), told.stderr
    ((_, ref),) = known(new)
    assert ref.startswith("erased-")
    (new / "schakel.db").unlink()
    (new / ledger.NAME).unlink()
    assert "there was no ledger" in command(environ, "db", "restore", file, "--no-ledger")
    ((_, ref),) = known(new)
    assert not ref.startswith("erased-")


@pytest.mark.parametrize("empty_url", ["sqlite", "postgresql"], indirect=True)
def test_nobody_works_with_what_a_restore_left_that_ended_half_way(
    tmp_path: Path, empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows are kept by then, and whoever was erased since the backup is among them."""
    erased_after_a_backup(tmp_path / "old")
    settings = read_settings({"SCHAKEL_DATA_DIR": str(tmp_path / "old"), "SCHAKEL_DATABASE_URL": empty_url})
    database = open_database(settings)

    def ended(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(privacy, "erase_again", ended)
        with pytest.raises(KeyboardInterrupt):
            restoring.restore(database, tmp_path / "backup", settings.data_dir, now=datetime.now(UTC))
    with database.reading() as session:
        assert [ref for ref in session.scalars(select(StoredStudent.student_ref)) if not ref.startswith("erased-")]
    for work in (make_ready, must_be_ready):
        with pytest.raises(Refused, match="nobody may work with it"):
            work(database, **({"now": NOW} if work is make_ready else {"under_any_key": True}))  # type: ignore[operator]
    with pytest.raises(Refused, match="not empty"):
        restoring.restore(database, tmp_path / "backup", settings.data_dir, now=datetime.now(UTC))
    database.close()


def test_a_restore_that_ended_half_way_is_done_again_in_an_empty_database(tmp_path: Path) -> None:
    """With what the commands say: the file of SQLite is taken away first."""
    environ, file = erased_after_a_backup(tmp_path / "old"), tmp_path / "old" / "schakel.db"
    file.unlink()
    database = open_database(read_settings({"SCHAKEL_DATA_DIR": str(tmp_path / "old")}))
    backup.restore(database, tmp_path / "backup", unfinished=True)
    database.close()
    for words in (("db", "upgrade"), ("db", "backup"), ("audit", "verify"), ("user", "list"), ("serve",)):
        told = asked(environ, *words)
        assert (told.returncode, "take `schakel.db` away" in told.stderr) == (1, True), (words, told.stderr)
    file.unlink()
    assert "; 1 erased again" in command(environ, "db", "restore", str(tmp_path / "backup"))
    command(environ, "audit", "verify")


def test_a_backup_of_before_the_days_that_a_ledger_tells_of_is_refused_unless_one_insists(
    database: Database, empty_url: str, tmp_path: Path
) -> None:
    """The ledger is there, and says nothing any more of who was erased the day after the backup was made."""
    filled(database)
    file, path = tmp_path / "backup", tmp_path / ledger.NAME
    backup.backup(database, file)
    with database.writing() as session:
        student = session.scalars(select(StoredStudent.id).order_by(StoredStudent.student_ref)).all()[-1]
        privacy.erase(session, audit.SERVICE, student, ground="asked", now=NOW + timedelta(days=1), key=KEY, path=path)
    late = NOW + timedelta(days=37)
    assert ledger.keep_since(path, KEY, late - retention.BACKUPS_STAY) == 1
    target = Database.open(empty_url, KEY)
    with pytest.raises(Refused, match=r"last event is of 2026-06-15.*since 2026-06-17.*Nothing was restored"):
        restoring.restore(target, file, tmp_path, now=late)
    with target.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM students")).scalar_one() == 0
    made = restoring.restore(target, file, tmp_path, now=late, insist=True)
    assert (made.again, made.rows > 0) == (0, True)
    with target.reading() as session:
        assert not session.get_one(StoredStudent, student).student_ref.startswith("erased-")
        assert audit.verify(session) == []
    target.close()


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_a_backup_of_the_first_day_that_a_ledger_tells_of_is_restored(
    database: Database, empty_url: str, tmp_path: Path
) -> None:
    filled(database)
    backup.backup(database, tmp_path / "backup")
    ledger.append(tmp_path / ledger.NAME, KEY, [])
    target = Database.open(empty_url, KEY)
    restoring.restore(target, tmp_path / "backup", tmp_path, now=NOW + retention.BACKUPS_STAY)
    target.close()


def test_a_backup_leaves_a_ledger_though_nobody_was_erased_yet(tmp_path: Path) -> None:
    """So a restore beside it goes by itself, and a ledger that was lost is noticed."""
    folder, file = tmp_path / "data", str(tmp_path / "backup")
    environ = environment(folder)
    command(environ, "db", "upgrade")
    assert not (folder / ledger.NAME).exists()
    command(environ, "db", "backup", file)
    assert (folder / ledger.NAME).read_bytes() == b""
    (folder / "schakel.db").unlink()
    assert command(environ, "db", "restore", file).splitlines()[0].endswith("; 0 erased again")


def test_a_ledger_older_than_the_backup_is_said(tmp_path: Path) -> None:
    folder, file = tmp_path / "data", str(tmp_path / "later")
    environ = erased_after_a_backup(folder)
    command(environ, "db", "backup", file)
    (folder / "schakel.db").unlink()
    (folder / ledger.NAME).write_bytes(b"")
    told = asked(environ, "db", "restore", file)
    assert told.returncode == 0
    assert "misses 1 that the backup knows" in told.stderr


def test_after_a_restore_over_a_lost_file_the_log_holds_again_and_says_what_it_lost(tmp_path: Path) -> None:
    folder, file = tmp_path / "data", str(tmp_path / "backup")
    environ, kept = environment(folder), folder / "audit.anchor"
    command(environ, "db", "upgrade")
    command(environ, "db", "backup", file)
    for number in range(3):
        command(environ, "user", "add", f"{number}@example.org", "--name", "X", "--role", "administrator")
    before = command(environ, "audit", "verify").split()[1]
    shutil.copy(folder / "schakel.db", tmp_path / "lost.db")
    (folder / "schakel.db").unlink()
    told = command(environ, "db", "restore", file)
    was, here = (re.search(pattern, told) for pattern in (r"ended at event (\d+)", r"ends at event (\d+)"))
    assert was is not None
    assert here is not None
    assert (was[1], here[1]) == (before.partition(":")[0], "1")
    end = told.split()[-1]
    assert kept.read_text(encoding="ascii").splitlines()[0] == end
    with open_database(read_settings({"SCHAKEL_DATA_DIR": str(folder)})).reading() as session:
        said = audit.last_of(session, "database.restored")
        first = session.scalar(select(AuditEvent.seal).where(AuditEvent.sequence == 1))
    assert said is not None
    assert f"{said.details['end_was']}:{said.details['end_was_seal']}" == before
    assert (said.details["backup_end"], said.details["backup_seal"]) == (1, first)
    command(environ, "user", "add", "later@example.org", "--name", "X", "--role", "administrator")
    later = command(environ, "audit", "verify").split()[1]
    assert later != end
    lines = kept.read_text(encoding="ascii").splitlines()
    assert lines[0] == later
    assert lines[1].split()[2:] == [before, f"1:{first}"]  # the check goes on from there and keeps what was said
    assert len(lines) == 2
    assert asked(environ, "audit", "verify", "--anchor", before).returncode == 1  # one from elsewhere still tells
    shutil.copy(folder / "schakel.db", tmp_path / "now.db")
    shutil.copy(tmp_path / "lost.db", folder / "schakel.db")  # a file put back by hand, not by a restore
    assert asked(environ, "audit", "verify").returncode == 1
    shutil.copy(tmp_path / "now.db", folder / "schakel.db")
    assert asked(environ, "audit", "verify").returncode == 0
    command(environ, "db", "backup", str(tmp_path / "of now"))
    (folder / "schakel.db").unlink()
    assert "is gone" not in command(environ, "db", "restore", str(tmp_path / "of now"))


def test_an_anchor_that_is_none_is_refused_with_a_sentence(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data")
    command(environ, "db", "upgrade")
    (tmp_path / "data" / "audit.anchor").write_bytes(b"\xff\xfe rubbish\n")
    told = asked(environ, "audit", "verify")
    assert told.returncode == 1
    assert "is no end of a log" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_damaged_ledger_stops_an_erasure_and_a_restore_before_they_begin(tmp_path: Path) -> None:
    folder, file = tmp_path / "data", tmp_path / "backup"
    environ = erased_after_a_backup(folder)
    ((student, ref),) = known(folder)
    assert ref.startswith("erased-")
    (folder / ledger.NAME).write_bytes(b"2026-99-99T00:00:00 \xff asked seal\n")
    (folder / "schakel.db").unlink()
    for words in (("db", "restore", str(file)), ("db", "restore", str(file), "--no-ledger")):
        told = asked(environ, *words)
        assert (told.returncode, told.stdout) == (1, "")
        assert "line 1: not written by this service" in told.stderr
        assert "Traceback" not in told.stderr
    (folder / ledger.NAME).unlink()
    command(environ, "db", "restore", str(file), "--no-ledger")
    (folder / ledger.NAME).write_bytes(b"2026-99-99T00:00:00 \xff asked seal\n")
    told = asked(environ, "db", "erase", student)
    assert (told.returncode, told.stdout) == (1, "")
    assert "line 1: not written by this service" in told.stderr
    ((_, ref),) = known(folder)
    assert not ref.startswith("erased-")

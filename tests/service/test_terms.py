"""A policy may shorten how long things are kept, and then they go sooner, and every page says so."""
from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from marshmallow import ValidationError
from sqlalchemy import select

from api.policy import Policy, policy_template
from api.schemas.policy import defects, load_policy
from api.services import policies, privacy, register
from api.services import retention as service
from api.services.accounts import Right
from api.services.export_page import page
from api.services.run_inputs import policy_now, policy_of
from api.services.uploads import Conflict
from api.store import audit, runs
from api.store.base import new_id
from api.store.dictionary import KEEP
from api.store.engine import Database
from api.store.people import Session
from api.store.tables import Account, SignIn
from api.terms import LONGEST, Terms, bounds, how_long, names
from tests.service.browser import Service
from tests.service.conftest import KEY, NOW
from tests.service.processes import command, environment
from tests.service.test_retention import seeds, there
from tests.service.test_unfinished_lists import school, student  # noqa: F401 - a fixture

SHORT = Terms(profile_months=18, run_months=12, decision_months=15, upload_file_days=10, backup_days=14)
TEXT = "[retention]\n" + "".join(f"{name} = {getattr(SHORT, name)}\n" for name in names())
ACTOR = audit.Actor("service", None, "command")
# Eighteen, twelve and fifteen months after 15 June 2026, counted on a calendar by hand.
DAYS = {"profile": 549, "run": 365, "decision": 457, "audit": 457, "upload_file": 10}


def adopt(session: Session, text: str = TEXT) -> None:
    """Adopt a policy, as an administrator does."""
    policies.adopt(session, ACTOR, text, lang="nl", now=NOW)


def test_what_has_a_shorter_term_goes_on_its_day_and_everything_else_when_it_did(
    database: Database, tmp_path: Path
) -> None:
    with database.writing() as session:
        made = seeds(session)
        adopt(session)
    due = {name: timedelta(days=DAYS[name]) if name in DAYS else stay for name, (_, stay) in made.items()}
    days = sorted({due[name].days + around for name in made for around in (-1, 0, 1)} | {0})
    gone: dict[str, int] = {}
    for day in days:
        service.carry_out(database, now=NOW + timedelta(days=day), path=tmp_path, key=KEY)
        with database.reading() as session:
            gone |= {name: day for name, (key, _) in made.items() if name not in gone and not there(session, key)}
    late = {name: gone[name] - due[name].days for name in made if not 0 <= gone[name] - due[name].days <= 1}
    assert (set(gone), late) == (set(KEEP), {})


def test_an_account_stays_for_24_months_after_it_was_used_though_the_log_is_shorter(
    database: Database, tmp_path: Path
) -> None:
    """Of two sessions a year after it was made; the log of that day is gone a year on."""
    with database.writing() as session:
        adopt(session, "[retention]\ndecision_months = 12\n")
        who = Account(email="o@example.org", name="Oud", fs_uniquifier=new_id(), created_at=NOW)
        session.add(who)
        session.flush()
        used = NOW + timedelta(days=365)
        for hours in (0, 9):
            begun = used + timedelta(hours=hours)
            session.add(SignIn(account_id=who.id, began_at=begun, ends_at=begun + timedelta(hours=8), ended_at=begun))
        audit.append(session, audit.Actor("human", who.id, "web"), "session.begun", ("account", who.id), now=used)
    left = {}
    for days in (365 + 29, 365 + 31, 365 + 390, 365 + 729, 365 + 732):
        service.carry_out(database, now=NOW + timedelta(days=days), path=tmp_path, key=KEY)
        with database.reading() as session:
            begun_at = select(SignIn.began_at).where(SignIn.account_id == who.id)
            left[days - 365] = (session.get_one(Account, who.id).name, len(session.scalars(begun_at).all()))
    assert left == {29: ("Oud", 2), 31: ("Oud", 1), 390: ("Oud", 1), 729: ("Oud", 1), 732: ("", 0)}


def test_a_backup_in_the_data_folder_goes_after_the_days_of_the_policy(database: Database, tmp_path: Path) -> None:
    """The ledger of who was erased goes on for 35 days all the same: backups elsewhere may be as old."""
    with database.writing() as session:
        adopt(session)
    folder = tmp_path / service.BACKUPS
    folder.mkdir()
    for days in (13, 15):
        file = folder / f"{days}{service.ENDS_WITH}"
        file.write_bytes(b"x")
        then = (NOW - timedelta(days=days)).timestamp()
        os.utime(file, (then, then))
    assert service.carry_out(database, now=NOW, path=tmp_path, key=KEY)["backup"] == 1
    assert [file.name for file in folder.iterdir()] == [f"13{service.ENDS_WITH}"]
    assert timedelta(days=35) == service.BACKUPS_STAY


def test_no_term_is_longer_than_the_rule_or_too_short_and_all_of_it_is_said_at_once() -> None:
    assert {name: bounds(name) for name in names()} == {
        "profile_months": (12, 24), "run_months": (12, 24), "decision_months": (12, 24), "upload_file_days": (7, 30),
        "backup_days": (7, 35)}  # fmt: skip
    wrong: dict[str, Any] = {"profile_months": 25, "run_months": 11, "decision_months": "24", "upload_file_days": 31,
                             "backup_days": 6, "forever": 1}  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        load_policy({"retention": wrong})
    assert sorted(name for name, _ in defects(refused.value)) == sorted(f"retention.{name}" for name in wrong)
    assert load_policy({"retention": {"backup_days": 35}}).terms == LONGEST


def test_terms_are_no_part_of_what_a_run_is_made_from_and_are_adopted_all_the_same(database: Database) -> None:
    assert policy_of(TEXT).digest() == Policy().digest()
    assert policy_of(policy_template("en")).terms == LONGEST
    with database.writing() as session:
        assert policy_now(session).terms == LONGEST
        adopt(session)
        assert policy_now(session).terms == SHORT
        with pytest.raises(Conflict):
            adopt(session)
        adopt(session, "")
        assert policy_now(session).terms == LONGEST
        latest = runs.latest_policy(session)
        assert latest is not None
        assert latest.number == 2


def test_every_page_and_file_says_the_terms_that_hold(service: Service, school: Any) -> None:  # noqa: F811
    with service.database.writing() as session:
        adopt(session)
    service.add("b@example.org", Right("administrator"))
    admin = service.person("b@example.org")
    shown = admin.get("/beheer/bewaartermijnen", headers={"Accept": "text/html"}).text
    for name in KEEP:
        said = how_long(name, "nl", SHORT)
        assert said[0].upper() + said[1:] in shown, name
    assert "24 maanden na" not in shown
    told = admin.get("/beheer/bewaartermijnen.csv", headers={"Accept": "text/csv"}).text
    assert "18 months after the last thing that the school or a connector said" in told
    backups = admin.get("/beheer/back-ups", headers={"Accept": "text/html"}).text
    assert "14 dagen" in backups
    assert "35 dagen" not in backups
    with service.database.reading() as session:
        made = privacy.export(session, student(service, "A1"), now=NOW)
    keeps = {meaning["retention"] for part in made["tables"] for meaning in part["columns"].values()}
    assert how_long("profile", "en", SHORT) in keeps
    assert how_long("profile", "en", LONGEST) not in keeps
    assert "18 maanden na het laatste dat de school of een verbinder" in page(made, "nl", SHORT)
    assert "18 maanden na het laatste dat de school of een verbinder" in register.register("nl", SHORT)


def test_the_commands_say_the_terms_that_hold_in_the_database(tmp_path: Path) -> None:
    environ = environment(tmp_path / "data")
    assert "24 months after" in command(environ, "db", "dictionary")  # no service yet
    command(environ, "db", "upgrade")
    database = Database.open(f"sqlite:///{tmp_path / 'data' / 'schakel.db'}", KEY)
    assert "24 maanden na" in command(environ, "db", "register")
    with database.engine.begin() as connection:
        connection.execute(runs.StoredPolicy.__table__.insert().values(  # type: ignore[attr-defined]
            id="p" * 32, number=1, text=TEXT, digest="0" * 64, created_at=NOW))
    assert "18 maanden na" in command(environ, "db", "register")
    assert "18 months after" in command(environ, "db", "dictionary")

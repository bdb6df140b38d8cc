"""What an administrator looks after besides accounts: projects, backups, the algorithm register, break-glass."""
from __future__ import annotations

import ast
import csv
import io
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.services.retention import BACKUPS, ENDS_WITH
from api.store import audit, organisations
from api.store import backup as backups
from api.store.backup import backup
from api.store.engine import Database
from api.store.tables import AuditEvent, Seen
from api.texts.pages.algorithm import PARTS
from api.texts.pages.log_words import LOG
from features.eligibility_openings import criteria_of
from tests.conftest import ROOT
from tests.pages.conftest import Site, session_of, shoot
from tests.pages.steps_people import click, says

pytestmark = pytest.mark.ui
Open = Callable[..., Any]
HTML = {"Accept": "text/html"}


def events(site: Site, action: str) -> list[AuditEvent]:
    """Every event of a kind."""
    with site.service.database.reading() as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action)))


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_a_project_is_added_its_criteria_are_filled_in_and_it_ends(own_site: Site, open_as: Open, js: bool) -> None:
    party = own_site.world.ids["other_employer_party"]
    page = open_as(own_site, "administrator", js=js)
    page.goto(f"/beheer/organisaties/{party}")
    page.get_by_role("link", name="Projecten en instapcriteria").click()
    page.fill("#project", "Brood en banket")
    page.get_by_role("button", name="Project toevoegen").click()
    assert page.title().startswith("Fout: ")
    assert page.input_value("#project") == "Brood en banket"
    page.get_by_label("Eerste project van een branche").check()
    page.get_by_role("button", name="Project toevoegen").click()
    assert page.locator("h1").inner_text() == "Brood en banket"
    asked = page.locator("main fieldset input[value=met]").evaluate_all("all => all.map((one) => one.name)")
    assert tuple(asked) == criteria_of(1)
    for code in asked[:2]:
        page.check(f"[name={code}][value=met]")
    page.check(f"[name={asked[2]}][value=not_met]")
    page.get_by_role("button", name="Opslaan").click()
    with own_site.service.database.reading() as session:
        (found,) = organisations.participations_of(session, [party])
        assert found.criteria == {asked[0]: "met", asked[1]: "met", asked[2]: "not_met"}
    page.check("#ended")
    page.get_by_role("button", name="Opslaan").click()
    page.goto(f"/beheer/organisaties/{party}/projecten")
    line = page.locator(".tasks li").inner_text()
    assert f"2 van {len(asked)} criteria kloppen" in line
    assert "Gestopt op" in line


def test_who_is_second_to_change_a_project_is_told_and_changes_nothing(own_site: Site, open_as: Open) -> None:
    one, two = open_as(own_site, "administrator"), open_as(own_site, "administrator")
    for page in (one, two):
        page.goto(own_site.world.address("/beheer/projecten/{project}"))
    one.check("[name=allies][value=met]") if one.locator("[name=allies]").count() else one.check("#ended")
    one.get_by_role("button", name="Opslaan").click()
    two.check("[name=concept][value=not_met]")
    two.get_by_role("button", name="Opslaan").click()
    assert two.title().startswith("Fout: ")
    assert "Iemand anders wijzigde dit net" in two.inner_text("#errors")
    with own_site.service.database.reading() as session:
        (found,) = organisations.participations_of(session, [own_site.world.ids["employer_party"]])
        assert found.criteria["concept"] == "met"


def test_the_page_of_backups_says_when_none_was_made_when_it_is_old_and_when_one_goes(
    own_site: Site, open_as: Open
) -> None:
    service = own_site.service
    page = open_as(own_site, "administrator")
    page.goto("/beheer/back-ups")
    assert "nog nooit een back-up" in page.inner_text("main .banner.bad")
    folder = Path(service.settings.data_dir) / BACKUPS
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"2026-06-15T11-30-00{ENDS_WITH}"
    backup(service.database, file)
    os.utime(file, (service.clock().timestamp(), service.clock().timestamp()))
    with service.database.writing() as session:
        audit.append(session, audit.SERVICE, "database.backed_up", ("database", "all"), now=service.clock(), rows=7)
    page.goto("/beheer/back-ups")
    assert "15 juni 2026, 11.30" in page.inner_text("main .banner.good")
    row = page.locator("main tbody tr").inner_text()
    assert file.name in row
    assert "20 juli 2026" in row  # 35 days after 15 June
    service.clock.forward(days=3)
    own_site.__dict__.pop("sessions")
    page = open_as(own_site, "administrator")
    page.goto("/beheer/back-ups")
    assert "Maak er vandaag een" in page.inner_text("main .banner.look")


@pytest.mark.parametrize("js", [True, False], ids=["js", "no-js"])
def test_a_backup_made_by_a_button_holds_all_is_logged_and_lets_others_write_meanwhile(
    own_site: Site, open_as: Open, monkeypatch: pytest.MonkeyPatch, js: bool
) -> None:
    """By the function of the command: it goes back into an empty database, and nobody else's file is overwritten."""
    service = own_site.service
    real, wrote = backups.backup, []

    def meanwhile(database: Database, path: Path) -> dict[str, int]:
        with database.writing() as session:  # would wait for a transaction of the page, and fail
            audit.append(session, audit.SERVICE, "test.wrote", ("test", "1"), now=service.clock())
        wrote.append(path)
        return real(database, path)

    monkeypatch.setattr(backups, "backup", meanwhile)
    page = open_as(own_site, "administrator", js=js)
    page.goto("/beheer/back-ups")
    click(page, "Maak nu een back-up")
    says(page, "De back-up is gemaakt.")
    says(page, "De laatste back-up is van 15 juni 2026, 11.30.")
    shoot(page, f"back-up-gemaakt-{'js' if js else 'nojs'}")
    (file,) = (Path(service.settings.data_dir) / BACKUPS).iterdir()
    assert wrote == [file]
    assert file.stat().st_mode & 0o077 == 0
    assert page.locator("main tbody tr").count() == 1
    (told,) = events(own_site, "database.backed_up")
    assert told.actor_id == own_site.world.ids["administrator_account"]
    assert told.details["rows"] == sum(backups.read_manifest(file, service.database.audit_key)["rows"].values())
    before = file.read_bytes()
    click(page, "Maak nu een back-up")  # a second one within this very second is the first one
    says(page, "De back-up is gemaakt.")
    assert file.read_bytes() == before
    assert len(events(own_site, "database.backed_up")) == 1
    service.clock.forward(minutes=1)
    monkeypatch.setattr(backups, "backup", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    click(page, "Maak nu een back-up")
    says(page, "De machine zegt: No space left on device.")
    assert len(events(own_site, "database.backed_up")) == 1


def test_break_glass_takes_a_reason_and_a_word_and_the_student_reads_it(own_people_site: Site, open_as: Open) -> None:
    site = own_people_site
    before = len(events(site, "student.break_glass"))
    page = open_as(site, "administrator")
    page.goto("/beheer/noodtoegang")
    page.fill("#party", "31SB00")
    page.fill("#ref", "0016")
    page.get_by_label("Een rechter of toezichthouder vraagt het").check()
    page.get_by_label("Om over te dragen (JSON)").check()
    page.fill("#word", "alles")
    page.get_by_role("button", name="Haal het bestand op").click()
    assert page.title().startswith("Fout: ")
    assert page.input_value("#ref") == "0016"
    assert page.get_by_label("Een rechter of toezichthouder vraagt het").is_checked()
    assert len(events(site, "student.break_glass")) == before
    page.fill("#word", "inzage")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Haal het bestand op").click()
    text = Path(caught.value.path()).read_text(encoding="utf-8")
    student = site.world.ids["youth_meeting_id"]
    assert student in text
    assert "Evi" in text
    assert site.world.ids["youth_shared_id"] not in text
    told = events(site, "student.break_glass")[-1]
    assert (told.subject_id, told.details, told.actor_id) == (
        student, {"reason": "authority"}, site.world.ids["administrator_account"])  # fmt: skip
    with site.service.database.reading() as session:
        mine = select(Seen).where(Seen.student_id == student, Seen.account_id == told.actor_id)
        assert session.scalar(mine) is not None
    youth = open_as(site, "youth_meeting", width=320)
    youth.goto("/mijn-gegevens/wie-keek")
    assert youth.get_by_text("Beheer", exact=True).is_visible()
    page.goto("/beheer/noodtoegang")
    assert "rechter of toezichthouder" in page.locator("main tbody tr").first.inner_text()


@pytest.mark.parametrize(("party", "ref"), [("31SB00", "9999"), ("99AA99", "0016"), ("99000001", "0016")])
def test_break_glass_finds_nobody_where_there_is_nobody(site: Site, open_as: Open, party: str, ref: str) -> None:
    page = open_as(site, "administrator")
    page.goto("/beheer/noodtoegang")
    page.fill("#party", party)
    page.fill("#ref", ref)
    page.get_by_label("Er is een incident met deze gegevens").check()
    page.fill("#word", "INZAGE")
    page.get_by_role("button", name="Haal het bestand op").click()
    assert "geen leerling met dit nummer" in page.inner_text("#errors")
    assert events(site, "student.break_glass") == []


def test_a_secret_that_is_asked_for_twice_is_given_once_and_the_page_says_so(own_people_site: Site) -> None:
    client = own_people_site.service.app.test_client()
    client.set_cookie("sid", session_of(own_people_site, "administrator"))
    form = client.get("/beheer/noodtoegang", headers=HTML).text.split('action="/beheer/noodtoegang"')[1]
    sent = {**dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)), "party": "31SB00",
            "ref": "0016", "reason": "incident", "word": "INZAGE"}  # fmt: skip
    before = len(events(own_people_site, "student.break_glass"))
    one, two = (client.post("/beheer/noodtoegang", data=sent, headers=HTML) for _ in range(2))
    assert one.headers["Content-Disposition"] == "attachment; filename=schakel.html"
    assert two.status_code == 409
    assert "Dit is al gedaan" in two.text
    assert "Evi" not in two.text
    assert len(events(own_people_site, "student.break_glass")) == before + 1


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_entry_of_the_register_is_whole_fits_its_fields_and_is_the_same_as_a_file(
    site: Site, open_as: Open, lang: str
) -> None:
    page = open_as(site, "administrator", lang=lang)
    page.goto("/beheer/algoritmeregister")
    heads, texts = page.locator("main h2").all_inner_texts(), page.locator("main h2 + p").all_inner_texts()
    assert len(heads) == len(texts) == len(PARTS)
    for text, most in zip(texts, PARTS.values(), strict=True):
        assert 0 < len(text) <= most
    assert "scipy" in " ".join(texts)  # of the run that is in the database
    client = site.service.app.test_client()
    client.set_cookie("sid", session_of(site, "administrator"))
    client.set_cookie("taal", lang)
    lines = list(csv.reader(io.StringIO(client.get("/beheer/algoritmeregister.csv").text)))
    assert [(head.lstrip("'"), text.lstrip("'")) for head, text in lines[1:]] == list(zip(heads, texts, strict=True))
    page.emulate_media(media="print")
    assert page.locator("main h2:visible").count() == len(PARTS)


def test_the_35_days_of_the_page_are_those_of_retention() -> None:
    from api.services.retention import BACKUPS_STAY

    assert timedelta(days=35) == BACKUPS_STAY  # the page says 35 days in words


def test_every_event_of_the_log_is_told_in_words(site: Site, people_site: Site) -> None:
    """What people did in both worlds, and every action that the code names."""
    written = {action for world in (site, people_site) for action in actions_of(world)}
    named = set()
    for path in (ROOT / "api").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.append":
                what = call.args[2]
                named |= {what.value} if isinstance(what, ast.Constant) else set()
    assert len(named) > 60
    for action in sorted(written | named):
        kind, _, verb = action.partition(".")
        assert f"k_{kind}" in LOG, action
        assert f"v_{verb}" in LOG, action


def actions_of(site: Site) -> set[str]:
    """The actions that stand in the log of a world."""
    with site.service.database.reading() as session:
        return set(session.scalars(select(AuditEvent.action).distinct()))

"""What holds for pages without looking at them: words in both languages, doors, forms sent twice, files that last."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.services.accounts import Right
from api.texts.pages import CATALOGUES
from tests.service.browser import Person, Service
from tests.service.conftest import cheap_hashes, database, quiet_logs, service, sqlite_template, url  # noqa: F401

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TEMPLATES = Path(__file__).resolve().parent.parent.parent / "api" / "web" / "templates"
pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
WHO = "a@example.org"


def sign_in(person: Person, **more: str) -> object:
    """Sign in with the form of the page."""
    shown = person.get("/inloggen", headers=HTML).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token is not None
    data = {"csrf_token": token.group(1), "email": WHO, "password": "correct horse battery staple", **more}
    return person.client.post("/inloggen", data=data, headers=HTML)


def fields(person: Person, path: str) -> dict[str, str]:
    """The hidden fields of the last form of a page."""
    form = person.get(path, headers=HTML).text.split("<form")[-1]
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def test_every_text_is_there_in_both_languages_with_the_same_facts(service: Service) -> None:  # noqa: F811
    for name, catalogue in CATALOGUES.items():
        for key, texts in catalogue.items():
            dutch, english = texts
            assert dutch and english, (name, key)
            assert set(re.findall(r"\{(\w+)", dutch)) == set(re.findall(r"\{(\w+)", english)), (name, key)


def test_every_text_that_a_template_names_is_there(service: Service) -> None:  # noqa: F811
    for path in TEMPLATES.rglob("*.html"):
        for catalogue, key in re.findall(r"""\b[tn]\(["'](\w+)\.(\w+)["'][,)]""", path.read_text(encoding="utf-8")):
            assert key in CATALOGUES[catalogue], (path.name, catalogue, key)


def test_every_text_that_counts_has_words_for_one(service: Service) -> None:  # noqa: F811
    """Or a page says "er zijn 1 plekken"; "nog 1" is right as it is."""
    for path in [*TEMPLATES.rglob("*.html"), *(TEMPLATES.parent / "pages").rglob("*.py")]:
        for catalogue, key in re.findall(r"""\bn\(["'](\w+)\.(\w+)["'],""", path.read_text(encoding="utf-8")):
            if (catalogue, key) not in {("school_start", "left"), ("today", "left")}:
                assert f"{key}_one" in CATALOGUES[catalogue], (path.name, catalogue, key)


def test_nothing_stands_in_a_page_that_the_policy_of_content_refuses(service: Service) -> None:  # noqa: F811
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text
        assert not re.search(r"<\w[^>{]*\s(style|on\w+)=|<style|<script>|javascript:", text), path.name


def test_signing_in_goes_where_one_was_going_and_never_elsewhere(service: Service) -> None:  # noqa: F811
    service.add(WHO, Right("connector", "AM36"))
    person = service.person()
    assert person.get("/mijn-account?x=1", headers=HTML).location == "/inloggen?next=%2Fmijn-account%3Fx%3D1"
    assert sign_in(person, next="/mijn-account").location == "/mijn-account"  # type: ignore[attr-defined]
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example",
                 "javascript:alert(1)", "///evil.example", "http:///evil.example", "/\t/evil.example"):  # fmt: skip
        location = str(sign_in(service.person(), next=evil).location)  # type: ignore[attr-defined]
        assert re.fullmatch(r"/(?![/\\])[\w%./-]*", location), (evil, location)  # a path of ours, whatever it says
    assert service.person(WHO).get("/", headers=HTML).location == "/vandaag"
    assert service.person().get("/", headers=HTML).location == "/inloggen"


def test_who_signs_in_wrongly_reads_what_to_do_and_keeps_the_address(service: Service) -> None:  # noqa: F811
    service.add(WHO, Right("connector", "AM36"))
    text = sign_in(service.person(), password="not this one!").text  # type: ignore[attr-defined]
    assert "<title>Fout: Inloggen - Schakel</title>" in text
    assert f'value="{WHO}"' in text
    assert "not this one" not in text
    for _ in range(10):
        last = sign_in(service.person(), password="not this one!")
    assert last.status_code == 429  # type: ignore[attr-defined]
    assert last.headers["Retry-After"]  # type: ignore[attr-defined]
    assert "Wacht even" in last.text  # type: ignore[attr-defined]


def test_a_first_password_leads_to_choosing_another_one(service: Service) -> None:  # noqa: F811
    service.add(WHO, Right("connector", "AM36"), must_change=True)
    person = service.person(WHO)
    assert person.get("/vandaag", headers=HTML).location == "/wachtwoord"
    sent = {**fields(person, "/wachtwoord"), "password": "correct horse battery staple",
            "new_password": "another long password", "new_password_confirm": "another long password"}  # fmt: skip
    answer = person.client.post("/wachtwoord", data=sent, headers=HTML)
    assert answer.location == "/mijn-account?gedaan=password"
    assert "Je nieuwe wachtwoord geldt" in person.get(answer.location, headers=HTML).text
    assert person.get("/vandaag", headers=HTML).status_code == 200


def test_a_form_sent_twice_has_one_effect_and_one_answer(service: Service) -> None:  # noqa: F811
    from sqlalchemy import func, select

    from api.store.tables import AuditEvent

    service.add(WHO, Right("connector", "AM36"))
    person = service.person(WHO)
    page = person.get("/mijn-account", headers=HTML).text
    form = page.split('action="/mijn-account"')[1]
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)[:2])
    sent = {**hidden, "lang": "en", "shortcuts": "false"}
    one, two = (person.client.post("/mijn-account", data=sent, headers=HTML) for _ in range(2))
    assert (one.status_code, one.location) == (two.status_code, two.location) == (303, "/mijn-account?gedaan=saved")
    other = person.client.post("/mijn-account", data={**sent, "lang": "nl"}, headers=HTML)
    assert other.status_code == 409
    assert other.content_type.startswith("text/html")
    with service.database.reading() as session:
        query = select(func.count()).where(AuditEvent.action == "account.wishes_set")
        assert session.scalar(query) == 1
    wrong = person.client.post("/mijn-account", data={**fields(person, "/mijn-account"), "lang": "xx"}, headers=HTML)
    assert wrong.status_code == 400
    assert "<title>Error: " in wrong.text


def test_sessions_elsewhere_end_and_this_one_stays(service: Service) -> None:  # noqa: F811
    service.add(WHO, Right("connector", "AM36"))
    here, there = service.person(WHO), service.person(WHO)
    answer = here.client.post("/mijn-account/sessies", data=fields(here, "/mijn-account"), headers=HTML)
    assert answer.location == "/mijn-account?gedaan=sessions"
    assert here.get("/vandaag", headers=HTML).status_code == 200
    assert there.get("/vandaag", headers=HTML).location.startswith("/inloggen")


def test_signing_out_ends_at_signing_in(service: Service) -> None:  # noqa: F811
    service.add(WHO, Right("connector", "AM36"))
    person = service.person(WHO)
    head = person.get("/vandaag", headers=HTML).text.split('action="/uitloggen"')[1]
    token = re.search(r'value="([^"]+)"', head)
    assert token is not None
    answer = person.client.post("/uitloggen", data={"csrf_token": token.group(1)}, headers=HTML)
    assert (answer.status_code, answer.location) == (302, "/inloggen")
    assert person.get("/vandaag", headers=HTML).status_code == 303


@pytest.mark.parametrize(
    ("wish", "headers", "cookie", "lang"),
    [("", {}, "", "nl"), ("", {"Accept-Language": "en-GB,nl;q=0.5"}, "", "en"),
     ("", {"Accept-Language": "de"}, "", "nl"),
     ("", {"Accept-Language": "en"}, "nl", "nl"), ("?taal=en", {}, "nl", "en"), ("?taal=xx", {}, "", "nl")],
)  # fmt: skip
def test_the_language_is_what_was_asked_for_last(
    service: Service, wish: str, headers: dict[str, str], cookie: str, lang: str  # noqa: F811
) -> None:
    person = service.person()
    if cookie:
        person.client.set_cookie("taal", cookie)
    assert f'<html lang="{lang}">' in person.get(f"/hulp{wish}", headers={**HTML, **headers}).text
    if wish == "?taal=en":
        assert f'<html lang="{lang}">' in person.get("/privacy", headers=HTML).text


def test_the_language_switch_keeps_the_rest_of_the_address(service: Service) -> None:  # noqa: F811
    text = service.person().get("/hulp?a=1&taal=nl&a=2", headers=HTML).text
    assert 'href="?a=1&amp;a=2&amp;taal=en"' in text


def test_files_last_under_their_address_and_pages_do_not(service: Service) -> None:  # noqa: F811
    person = service.person()
    shown = person.get("/hulp", headers=HTML)
    assert shown.headers["Cache-Control"] == "no-store"
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', shown.text)
    assert len(found) >= 3
    for path in found:
        answer = person.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        digest = path.split("/")[2]
        gone = person.get(path.replace(digest, "0" * 12))
        assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "no-store")
    for path in ("/static/x/../../app.py", f"/static/{found[0].split('/')[2]}/..%2f..%2fapp.py"):
        assert person.get(path).status_code == 404


def test_errors_are_pages_for_browsers_and_problems_for_the_rest(service: Service) -> None:  # noqa: F811
    person = service.person()
    assert person.get("/nergens", headers=HTML).content_type == "text/html; charset=utf-8"
    for path, headers in (("/nergens", {}), ("/nergens", {"Accept": "*/*"}), ("/api/v1/nergens", HTML),
                          ("/health/x", HTML)):  # fmt: skip
        assert person.get(path, headers=headers).content_type == "application/problem+json"
    assert person.ask("DELETE", "/hulp", headers=HTML).status_code == 405


def test_a_name_is_only_ever_text(service: Service) -> None:  # noqa: F811
    from api.store import people

    service.add(WHO, Right("connector", "AM36"))
    with service.database.writing() as session:
        account = people.account_by_email(session, WHO)
        assert account is not None
        account.name = '"><script>alert(1)</script>{{ 7*7 }}'
    text = service.person(WHO).get("/mijn-account", headers=HTML).text
    assert "<script>alert" not in text
    assert "{{ 7*7 }}" in text

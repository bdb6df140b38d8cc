"""The steps from a list to check moments, by real clicks: what the stories of every role are made of.

Each step takes the page of whoever does it, begins at an address that stands in that person's menu, and ends where the
page that follows says that it worked. Nothing here writes to the database; the one step that no person does is the
worker's, `compute`. Days are typed as they are read from the clock of the service.
"""
from __future__ import annotations

import re
from datetime import date
from typing import Any

from api.services import run_queue
from api.web.pages.fields import typed
from tests.pages.conftest import Site
from tests.pages.steps_people import click, says

HEADER = ("leerlingnummer;brin;schooltype;uitstroomprofiel;voornaam;geboortedatum;ingeschreven;uitstroomdatum;postcode;"
          "vervoer;max_km;reist_zelf;uren_min;uren_max;branches;route;wil_doen;kan_al;begeleiding_nodig;niveau;"
          "arbeidsvermogen;bevestigd_op")  # fmt: skip
BORN = date(2007, 1, 20)


def line_of(name: str, ref: str, brin: str = "31SB00", *, branches: str = "infra|construction",
            born: date = BORN) -> bytes:
    """A list of one student who is of age, near the founding case's places and ready to begin."""
    row = (f"{ref};{brin};vso;arbeid;{name};{born:%d-%m-%Y};ja;17-07-2026;8121 EE;fiets;30;ja;24;40;{branches};"
           "individueel;zand en grond verplaatsen|hout zagen;gereedschap onderhouden;regular_check_in;geen;ja;"
           "01-06-2026")  # fmt: skip
    return f"{HEADER}\n{row}\n".encode()


def hand_in(page: Any, content: bytes, name: str = "lijst.csv") -> None:
    """School: hand in a list with known headers and without mistakes, and confirm it."""
    page.goto("/start")
    page.locator("a[href='/lijsten']").first.click()
    page.locator("main a[href='/lijsten/nieuw']").first.click()
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator("main form button").first.click()
    page.locator("button[value=review]").click()
    page.locator("#confirm button").first.click()
    page.wait_for_load_state()
    says(page, "De lijst is opgeslagen")


def code_for(page: Any, name: str, ref: str) -> str:
    """School: print the code of one student; return what stands on the paper."""
    page.goto("/toestemming")
    page.get_by_label(f"Kies {name}").or_(page.locator("tr", has_text=ref).locator("[name=student]")).first.check()
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    return str(page.locator(".big-code").inner_text()).strip()


def sign_in_with_code(page: Any, code: str, born: date = BORN) -> None:
    """Student: come in with the code on the paper and the own birth date."""
    page.goto("/code")
    page.get_by_label("Jouw code").fill(code)
    for name, value in (("Dag", born.day), ("Maand", born.month), ("Jaar", born.year)):
        page.get_by_label(name).fill(str(value))
    click(page, "Ga verder")


def ask_run(page: Any) -> str:
    """Connector: ask for a run of all regions; return its address."""
    page.goto("/vandaag")
    page.get_by_role("link", name="Berekeningen").first.click()
    click(page, "Start berekening")
    return str(re.sub(r"[?#].*", "", page.url))


def compute(site: Site) -> None:
    """The worker's turn: compute what waits."""
    taken = run_queue.take(site.service.database, site.service.clock())
    assert taken is not None
    run_queue.compute(site.service.database, *taken, lambda _: None, site.service.clock)


def take_over(page: Any, run: str) -> None:
    """Connector: look at what would change, and let the plan hold."""
    page.goto(run)
    says(page, "Nieuw")
    click(page, "Neem dit plan over")


def open_card(page: Any, name: str, place: str = "") -> None:
    """Connector: open the card of a student from the list; with ``place`` the one of that work or that employer."""
    page.goto("/voorstellen")
    page.locator("a.row-link", has_text=name).first.click()
    page.wait_for_load_state()
    if page.get_by_role("button", name="Toon de uitleg").count():  # this card asks one's own judgement first
        page.locator("input[name=band]").first.check()
        click(page, "Toon de uitleg")
    if place and place not in page.locator("h1").inner_text() + page.locator(".sub").first.inner_text():
        page.locator(".below tr", has_text=place).locator("a").first.click()
        page.wait_for_load_state()


def accept(page: Any, name: str, place: str = "") -> str:
    """Connector: judge that a student fits; return the title of the place."""
    open_card(page, name, place)
    title = str(page.locator("h1").inner_text())
    page.locator("button[value=accept]").click()
    page.wait_for_load_state()
    says(page, f"{name} op Past")
    return title


def ask_consent(page: Any, name: str) -> None:
    """Connector: ask a student who was accepted whether the employer may see the card."""
    page.goto("/delen?tab=wacht")
    click(page, re.compile(f"Vraag toestemming.*{name}"))


def answer(page: Any, word: str = "Ja, dat mag") -> None:
    """Student: open the one proposal that asks for an answer, and answer."""
    page.goto("/mijn-voorstellen")
    page.locator("main .offers a.primary").first.click()
    page.wait_for_load_state()
    click(page, word)


def share(page: Any, name: str) -> str:
    """Connector: see what the employer will see of one student, and share that; return the code."""
    page.goto("/delen")
    for box in page.locator("input[name=keuze]").all():
        if name not in (box.get_attribute("aria-label") or ""):
            box.uncheck()
    click(page, "Bekijk wat de werkgever ziet")
    assert name not in page.locator(".candidate").first.inner_text()
    click(page, "Deel met de werkgever")
    page.goto("/delen?tab=gedeeld")
    return str(page.locator("tr", has_text=name).locator("td").nth(1).inner_text()).strip()


def meet(page: Any, code: str) -> None:
    """Employer: read the candidate's card and ask to meet."""
    page.goto("/kandidaten")
    page.locator("li.card", has_text=code).get_by_role("link").first.click()
    page.wait_for_load_state()
    click(page, "Kennismaken")


def permit_name(page: Any) -> None:
    """Student: let the employer know the name."""
    page.goto("/mijn-voorstellen")
    page.locator("main .offers li", has_text="Kennismak").first.get_by_role("link").click()
    page.wait_for_load_state()
    click(page, "Ja, geef mijn naam")


def open_follow_up(page: Any, name: str) -> None:
    """Connector: open the meeting or the placement of a student."""
    page.goto("/opvolging")
    page.get_by_role("link", name=name, exact=True).last.click()
    page.wait_for_load_state()


def plan_meeting(page: Any, name: str, day: date, time: str = "14:30") -> None:
    """Connector: say when and where they meet."""
    open_follow_up(page, name)
    page.locator("#day").fill(typed(day))
    page.locator("#time").fill(time)
    page.locator("#where").fill("Bij het bedrijf, met iemand van school")
    click(page, "Leg vast")
    says(page, "Gepland")


def report_meeting(page: Any, name: str, day: date) -> None:
    """Connector: say that they met and go on."""
    open_follow_up(page, name)
    page.get_by_label("Ze gaan verder").check()
    page.locator("#held_on").fill(typed(day))
    click(page, "Bewaar de uitkomst")


def write_agreement(page: Any, name: str, day: date, adapted: str = "Begin om 9 uur") -> None:
    """Connector: write down what is agreed before the start."""
    open_follow_up(page, name)
    page.locator("#starts_on").fill(typed(day))
    page.locator("#hours").fill("24")
    page.locator("#mentor").fill("Kees de Wit")
    page.locator("#what-0").fill(adapted)
    click(page, "Bewaar de afspraak")
    says(page, adapted)


def employer_agrees(page: Any, code: str, name: str = "") -> None:
    """Employer: agree to what was written down; the employer knows the code, and the name once it was permitted."""
    page.goto("/kennismakingen")
    page.get_by_role("link", name=re.compile(f"{code}|{name or code}")).first.click()
    page.wait_for_load_state()
    page.locator("main a[href$='/afspraken']").first.click()
    page.wait_for_load_state()
    click(page, "Wij gaan akkoord")


def student_agrees(page: Any) -> None:
    """Student: agree to the same."""
    page.goto("/mijn-plek")
    click(page, "Ja, ik ben het eens")
    says(page, "Jij bent het eens, sinds")


def start(page: Any, name: str, day: date) -> None:
    """Connector: report the first day."""
    open_follow_up(page, name)
    page.locator("#started_on").fill(typed(day))
    click(page, "Meld de start")


def judge_trial(page: Any, name: str, verdict: str = "Goed, er komt een contract") -> None:
    """Connector: pass on how the trial went."""
    open_follow_up(page, name)
    page.get_by_label(verdict).check()
    click(page, "Bewaar het oordeel")


def sign_contract(page: Any, name: str, day: date, kind: str = "job") -> None:
    """Connector: report the contract."""
    open_follow_up(page, name)
    page.locator("#contract_on").fill(typed(day))
    page.locator("#contract_type").select_option(kind)
    click(page, "Meld het contract")
    says(page, "Contract")


def report_moment(page: Any, name: str, day: date, outcome: str = "gaat goed", note: str = "") -> None:
    """Connector: fill in the check moment whose turn it is."""
    open_follow_up(page, name)
    form = page.locator("details[open] form", has=page.locator("input[name=outcome]")).first
    form.get_by_label(outcome).check()
    form.locator("input[name=held_on]").fill(typed(day))
    form.locator("textarea").fill(note)
    form.get_by_role("button").click()
    page.wait_for_load_state()
    says(page, outcome)


def end_placement(page: Any, name: str, day: date, reason: str = "De omstandigheden veranderden") -> None:
    """Connector: report the end, with its reason."""
    open_follow_up(page, name)
    page.locator("details summary", has_text="Stopt de plaatsing?").click()
    page.locator("#ended_on").fill(typed(day))
    page.get_by_label(reason).check()
    page.get_by_label("Ja, doe weer mee met de volgende berekening").check()
    click(page, "Meld het einde")
    says(page, "Gestopt op")

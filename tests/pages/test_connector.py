"""The connector's work as people do it: with keys, without JavaScript, two at once, and what a card must never hide."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from api.store.tables import OpenCard, Proposal, Seen, StoredStudent
from tests.pages.conftest import Site, axe

pytestmark = pytest.mark.ui
Open = Callable[..., Any]


def press(page: Any, key: str) -> None:
    """Press a key of the card, once the card has the focus: a browser gives it when the page is drawn."""
    page.wait_for_function("document.getElementById('kaart').contains(document.activeElement)")
    page.keyboard.press(key)


def queue(page: Any) -> int:
    """How many proposals wait, as the list says."""
    page.goto("/voorstellen")
    return int(page.locator(".tabs [aria-current] .count").inner_text())


def heading_has_focus(page: Any) -> bool:
    """Whether the focus is on the card's heading."""
    return bool(page.evaluate("document.activeElement.id === 'kaart-titel'"))


def hidden_fields(page: Any, form: str) -> dict[str, str]:
    """The hidden fields of a form."""
    found: dict[str, str] = page.locator(form).evaluate(
        "form => Object.fromEntries([...form.querySelectorAll('input[type=hidden]')].map(i => [i.name, i.value]))")
    return found


def test_ten_proposals_are_judged_with_the_keyboard_alone(own_site: Site, open_as: Open) -> None:
    """Check 1: at most 4 key presses for Past, 5 for Past niet; the focus lands on the next card's heading."""
    page = open_as(own_site, "connector")
    begin = queue(page)
    page.get_by_role("link", name="Begin met beoordelen").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/voorstellen/*")
    for k in range(10):
        assert heading_has_focus(page)
        title, address = page.locator("h1").inner_text(), page.url
        keys = ["r", "3", "Enter"] if k % 3 == 2 else ["l"] if k % 3 == 1 else ["a"]
        assert len(keys) <= 4
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(lambda url, old=address: url != old and "besluit=" in url)
        assert page.locator("h1").inner_text() != title or page.url.split("?")[0] != address.split("?")[0]
        assert page.locator("main .banner").first.is_visible()
    assert queue(page) == begin - 10


def test_what_does_not_fit_needs_a_reason_and_keeps_what_was_typed(own_site: Site, open_as: Open) -> None:
    """Check 2."""
    page = open_as(own_site, "connector")
    page.goto(own_site.world.address("/voorstellen/{rich}"))
    page.locator("details.reject summary").click()
    page.locator("#note").fill("De reis is te lang")
    page.get_by_role("button", name="Opslaan").click()
    page.wait_for_load_state()
    assert page.title().startswith("Fout: ")
    assert page.evaluate("document.activeElement.id") == "errors"
    assert page.locator("#note").input_value() == "De reis is te lang"
    page.locator("#reason-8").check()
    page.locator("#note").fill("")
    page.get_by_role("button", name="Opslaan").click()
    page.wait_for_load_state()
    assert page.locator("#reason-8").is_checked()
    assert page.locator("#note-error").is_visible()
    page.locator("#note").fill("Nummer 123456782")
    page.get_by_role("button", name="Opslaan").click()
    page.wait_for_load_state()
    assert page.locator("#note-error").is_visible()
    assert queue(page) == int(page.locator(".tabs [aria-current] .count").inner_text())
    page.goto(own_site.world.address("/voorstellen/{rich}"))
    assert page.locator("section[aria-labelledby=historie] li").count() == 0


def test_support_comes_before_the_judgement_and_the_number_on_request(site: Site, open_as: Open) -> None:
    """Check 3."""
    page = open_as(site, "connector")
    page.goto(site.world.address("/voorstellen/{rich}"))
    text = page.content()
    assert text.index('id="steun"') < text.index('id="rechts"') < text.index('id="cijfer"')
    assert not page.locator("#cijfer").is_visible()
    assert page.locator("#onbekend").is_visible()
    page.get_by_text("Toon cijfer").click()
    assert re.search(r"\d+ van 100", page.locator("#cijfer").inner_text())


def test_the_points_shown_add_up_to_the_number(site: Site, open_as: Open) -> None:
    """Check 4, on every card of the list; every bar has its value as text."""
    page = open_as(site, "connector")
    page.goto("/voorstellen")
    addresses = page.locator("a.row-link").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    seen = 0
    for address in addresses[:12]:
        page.goto(address)
        if page.locator("#cijfer").count() == 0:  # asks one's own judgement first
            continue
        points = page.locator("[data-points]")
        told = points.evaluate_all("cells => cells.map(c => [Number(c.dataset.points), c.innerText])")
        for value, text in told:
            assert str(abs(value)) in text
        number = int(re.search(r"\d+", page.locator("#cijfer").text_content())[0])  # type: ignore[index]
        assert sum(value for value, _ in told) == number
        assert page.locator("table.reasons .bar").count() <= len(told)
        seen += 1
    assert seen >= 8


def test_what_would_fit_better_is_shown_as_promised_and_nothing_is_stored(own_site: Site, open_as: Open) -> None:
    """Check 5."""
    page = open_as(own_site, "connector")
    page.goto(own_site.world.address("/voorstellen/{rich}"))
    link = page.locator("a[href*='wat-als']").first
    promised, text = link.get_attribute("data-band"), link.inner_text()
    more = int(re.search(r"\d+", text)[0])  # type: ignore[index]
    before = events(own_site)
    link.click()
    page.wait_for_load_state()
    assert page.locator("#band-then").get_attribute("data-band") == promised
    numbers = page.locator("tr:has-text('Punten van 100') td").all_inner_texts()
    assert int(numbers[1]) - int(numbers[0]) == more
    assert page.get_by_text("Er is niets opgeslagen").is_visible()
    assert events(own_site) == before


def test_whoever_is_second_reads_who_was_first_and_keeps_the_own_text(own_site: Site, open_as: Open) -> None:
    """Check 6."""
    one, two = open_as(own_site, "connector"), open_as(own_site, "connector2")
    address = own_site.world.address("/voorstellen/{rich}")
    one.goto(address)
    two.goto(address)
    press(one, "r")
    one.keyboard.press("1")
    one.keyboard.press("Enter")
    one.wait_for_url("**besluit=**")
    two.locator("details.reject summary").click()
    two.locator("#reason-2").check()
    two.locator("#note").fill("Er is geen leermeester")
    two.get_by_role("button", name="Opslaan").click()
    two.wait_for_load_state()
    text = two.locator("main").inner_text()
    assert "Sanne Vos koos om 11.30 al: Past niet: reizen" in text
    assert two.locator("#note").input_value() == "Er is geen leermeester"
    axe(two)
    two.get_by_role("link", name="Bekijk het voorstel").click()
    two.wait_for_load_state()
    assert two.locator("ul.plain-list li").count() == 1


def test_undo_brings_the_proposal_back(own_site: Site, open_as: Open) -> None:
    """Check 7, before sharing."""
    page = open_as(own_site, "connector")
    begin = queue(page)
    page.goto(own_site.world.address("/voorstellen/{rich}"))
    press(page, "a")
    page.wait_for_url("**besluit=**")
    assert queue(page) == begin - 1
    page.goto(own_site.world.address("/voorstellen/{rich}"))
    press(page, "u")
    page.wait_for_url("**gedaan=undone**")
    assert page.get_by_text("De keuze is ongedaan gemaakt").is_visible()
    assert queue(page) == begin


def test_a_double_click_a_refresh_and_the_back_button_give_one_decision(own_site: Site, open_as: Open) -> None:
    """Check 8."""
    page = open_as(own_site, "connector")
    address = own_site.world.address("/voorstellen/{rich}")
    page.goto(address)
    sent = hidden_fields(page, "form:has(button[value=defer])") | {"word": "defer"}
    answers = [page.request.post(address, form=sent, max_redirects=0) for _ in range(3)]
    assert len({(answer.status, answer.headers["location"]) for answer in answers}) == 1
    page.goto(address)
    page.locator("button[value=accept]").dblclick()
    page.wait_for_url("**besluit=**")
    page.reload()
    page.goto(address)
    words = page.locator("section[aria-labelledby=historie] li").all_inner_texts()
    assert len(words) == 2
    page.go_back()
    page.go_back()
    page.wait_for_load_state()
    assert page.locator("section[aria-labelledby=historie]").count() == 1


def test_the_whole_flow_works_without_javascript(own_site: Site, open_as: Open) -> None:
    """Check 20: review without scripts, from today to the list of what is ready."""
    page = open_as(own_site, "connector", js=False)
    page.goto("/vandaag")
    page.get_by_role("link", name="Begin met beoordelen").click()
    page.get_by_role("button", name=re.compile("^Past( A)?$")).first.click()
    assert page.get_by_text("op Past.").is_visible()
    page.locator("details.reject summary").click()
    page.locator("#past-niet label").first.click()
    page.get_by_role("button", name="Opslaan").click()
    assert page.get_by_text("op Past niet: reizen").is_visible()
    page.locator("main .banner").get_by_role("button", name="Ongedaan maken").click()
    assert page.get_by_text("De keuze is ongedaan gemaakt").is_visible()
    page.goto("/voorstellen")
    later = int(page.locator(".tabs a:has-text('Later') .count").inner_text())
    for box in page.locator(".rows input").all()[:3]:
        box.check()
    page.get_by_role("button", name="Zet op later").click()
    page.get_by_role("button", name="Ja, zet op later").click()
    assert page.get_by_text("Op later gezet").is_visible()
    assert page.locator(".tabs a:has-text('Later') .count").inner_text() == str(later + 3)
    page.locator("#branche").select_option(index=1)
    page.get_by_role("button", name="Toon").click()
    assert "branche=" in page.url
    page.locator("#name").fill("Mijn branche")
    page.get_by_role("button", name="Bewaar deze weergave").click()
    page.goto("/voorstellen")
    page.get_by_role("link", name="Mijn branche").click()
    assert "branche=" in page.url


def test_keys_are_silent_outside_the_card_in_fields_and_when_switched_off(own_site: Site, open_as: Open) -> None:
    page = open_as(own_site, "connector")
    address = own_site.world.address("/voorstellen/{rich}")
    page.goto(address)
    page.get_by_role("link", name="Hulp", exact=True).focus()
    page.keyboard.press("a")
    page.locator("details.reject summary").click()
    page.locator("#note").focus()
    page.keyboard.type("algapuk3")
    assert page.locator("#note").input_value() == "algapuk3"
    assert page.url.endswith(address)
    page.goto("/mijn-account")
    page.locator("#shortcuts-2").check()
    page.get_by_role("button", name="Opslaan").click()
    page.wait_for_url("**gedaan=*")
    page.goto(address)
    assert page.locator("kbd").count() == 0
    page.keyboard.press("a")
    assert page.url.endswith(address)


def test_nothing_hides_the_focus_and_every_control_is_reached_by_tab(site: Site, open_as: Open) -> None:
    page = open_as(site, "connector")
    page.goto(site.world.address("/voorstellen/{rich}"))
    wanted = page.evaluate("""(window.wanted = [...document.querySelectorAll('main a[href], main button, main summary')]
        .filter(e => e.checkVisibility())).length""")
    seen = set()
    for _ in range(wanted + 60):  # once around, past the head and the foot of the page
        page.keyboard.press("Tab")
        place = page.evaluate("""async () => {  // once the page has scrolled there and is drawn
            await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
            const e = document.activeElement, r = e.getBoundingClientRect();
            const at = document.elementFromPoint(r.left + Math.min(r.width / 2, 20), r.top + r.height / 2);
            return [e.outerHTML.slice(0, 200), !!at && (e === at || e.contains(at) || at.contains(e)),
                    e.matches(':focus-visible') && getComputedStyle(e).outlineStyle !== 'none',
                    !!e.closest('main'), window.wanted.indexOf(e)]; }""")
        html, uncovered, visible, inside, number = place
        if inside:
            assert uncovered, f"hidden under something: {html}"
            assert visible, f"no visible focus: {html}"
            seen.add(number)  # two controls may look alike
    seen.discard(-1)
    assert len(seen) >= wanted - 1


@pytest.mark.parametrize("path", ["/leerlingen/{student}/gesprekskaart", "/plekken/{opening}/gesprekskaart"])
def test_a_conversation_card_is_one_page_of_paper_without_navigation(site: Site, open_as: Open, path: str) -> None:
    page = open_as(site, "connector")
    page.goto(site.world.address(path))
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    assert not page.locator(".top").is_visible()
    assert page.get_by_text("Vertrouwelijk").is_visible()


def events(site: Site) -> int:
    """How many events the log has."""
    from sqlalchemy import func, select

    from api.store.tables import AuditEvent

    with site.service.database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_a_run_is_looked_at_before_it_counts_and_pins_stay(own_site: Site, open_as: Open) -> None:
    """Check 17: the list shows what is new or gone with its cause; every pin is in the plan after taking over."""
    from tests.pages.world import run_done

    page = open_as(own_site, "connector")
    page.goto(own_site.world.address("/voorstellen/{rich}"))
    press(page, "p")
    page.wait_for_url("**besluit=**")
    pinned = own_site.world.ids["student"]
    run = run_done(own_site.service, own_site.service.person(own_site.world.email("connector")))
    page.goto("/vandaag")
    page.get_by_role("link", name="Bekijk het verschil").click()
    page.wait_for_url("**/berekeningen/*")  # the newest that waits; under a clock that stands still either of two
    page.goto(f"/berekeningen/{run}")
    tabs = page.locator(".tabs a").all_inner_texts()
    assert [re.sub(r"\W*\d+$", "", text.strip()) for text in tabs] == ["Nieuw", "Weg", "Past beter", "Past minder",
                                                                        "Gelijk"]  # fmt: skip
    page.locator(".tabs a:has-text('Gelijk')").click()
    page.wait_for_load_state()
    assert page.locator(f"tr:has(a[href*='{pinned}']) .tag").inner_text() == "Vastgezet"
    before = queue(page)
    page.goto(f"/berekeningen/{run}")
    assert queue(page) == before  # looking changes nothing
    page.goto(f"/berekeningen/{run}")
    page.get_by_role("button", name="Neem dit plan over").click()
    page.wait_for_url("**gedaan=taken_over**")
    page.goto("/voorstellen?tab=klaar")
    assert page.locator(".tag:has-text('Vastgezet')").count() >= 1


def test_what_is_shared_is_what_was_previewed_and_taking_it_back_tells_what_was_seen(
    own_site: Site, open_as: Open
) -> None:
    """Check 7, after sharing; and nothing of the person stands in what the employer will see."""
    page = open_as(own_site, "connector")
    page.goto("/delen")
    page.get_by_role("button", name="Bekijk wat de werkgever ziet").click()
    page.wait_for_load_state()
    card = page.locator(".candidate").first
    seen = card.inner_text()
    name = page.locator("article h2").first.inner_text().split(" voor ")[0]
    assert name not in seen
    page.get_by_role("button", name="Deel met de werkgever").click()
    page.wait_for_url("**gedaan=shared**")
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()
    assert page.locator(".candidate").inner_text() == seen
    page.get_by_role("button", name="Terugtrekken").click()
    page.wait_for_url("**gedaan=taken_back**")
    assert page.get_by_text("Niet meer gedeeld sinds").is_visible()
    assert page.locator(".candidate").inner_text() == seen


def test_somebody_outside_the_list_is_proposed_with_a_reason(own_site: Site, open_as: Open) -> None:
    page = open_as(own_site, "connector", js=False)
    begin = queue(page)
    page.goto("/zonder-plek")
    page.locator("main tr", has_text="0047").get_by_role("link", name="Zoek buiten de lijst").click()
    page.get_by_role("link", name="Toch voorstellen").first.click()
    page.get_by_role("button", name="Toch voorstellen").click()
    assert page.title().startswith("Fout: ")
    page.locator("#why").fill("De leerling liep hier een goede stage")
    page.get_by_role("button", name="Toch voorstellen").click()
    assert page.get_by_text("Voorgesteld. Beoordeel het hier.").is_visible()
    assert queue(page) == begin + 1
    page.goto("/zoeken")
    page.locator("#text").fill("stratenmaker")
    page.get_by_role("button", name="Zoek").click()
    assert page.get_by_role("heading", name="Plekken").is_visible()
    assert "stratenmaker" not in page.url


def test_who_opened_a_card_is_written_down_once_a_day_for_the_student(own_site: Site, open_as: Open) -> None:
    page = open_as(own_site, "connector")
    for _ in range(2):
        page.goto(own_site.world.address("/voorstellen/{rich}"))
    page.goto(own_site.world.address("/leerlingen/{student}/verbinder"))
    with own_site.service.database.reading() as session:
        proposal = session.get_one(Proposal, own_site.world.ids["rich"])
        found = session.scalars(select(Seen).where(Seen.account_id == own_site.world.ids["connector_account"])).all()
    looked = [row.student_id for row in found]
    assert looked.count(proposal.student_id) == 1
    assert own_site.world.ids["student"] in looked


def test_looking_first_is_switched_for_a_region_with_a_reason_that_everybody_reads(
    own_site: Site, open_as: Open
) -> None:
    page, colleague = open_as(own_site, "connector", js=False), open_as(own_site, "connector2")
    card = own_site.world.address("/voorstellen/{first}")
    colleague.goto(card)
    assert colleague.locator("#cijfer").count() == 0
    with own_site.service.database.reading() as session:
        student = session.get_one(StoredStudent, session.get_one(Proposal, own_site.world.ids["first"]).student_id)
        region, before = student.region_code, events(own_site)
    page.goto(card)
    page.get_by_role("link", name="Zet dit aan of uit voor je regio").click()
    page.locator("main details > summary").click()  # nothing was changed anywhere yet: all of them are folded away
    page.locator(f"a[href$='?regio={region}']").click()
    page.locator("#on-2").check()
    page.get_by_role("button", name="Opslaan").click()
    assert page.title().startswith("Fout: ")  # nobody switches it off without a word
    assert page.locator("#on-2").is_checked()
    page.locator("#reason").fill("Wij kijken al met zijn tweeën")
    page.get_by_role("button", name="Opslaan").click()
    row = page.locator("tr", has=page.locator(f"a[href$='?regio={region}']")).inner_text()
    assert re.search(r"Uit.*Sanne Vos.*Wij kijken al met zijn tweeën", row, re.DOTALL)
    assert page.locator("tbody .tag", has_text="Uit").count() == 1  # the other regions are as they were
    assert page.locator("main tbody tr:visible").count() == 1 < page.locator("main tbody tr").count()  # and folded away
    assert events(own_site) == before + 1
    colleague.reload()
    assert colleague.locator("#cijfer").count() == 1
    colleague.goto(f"/kijk-eerst-zelf?regio={region}")
    assert colleague.get_by_text("Wij kijken al met zijn tweeën").is_visible()
    colleague.locator("#on").check()
    colleague.locator("#reason").fill("Toch liever wel")
    colleague.get_by_role("button", name="Opslaan").click()
    colleague.goto(card)
    assert colleague.locator("#cijfer").count() == 0
    elsewhere = open_as(own_site, "empty")  # a connector of another region
    assert elsewhere.goto(f"/kijk-eerst-zelf?regio={region}").status == 200
    assert elsewhere.locator("form[action*='kijk-eerst']").get_attribute("action") == "/kijk-eerst-zelf/AM01"


def test_whoever_is_at_a_card_is_seen_there_by_a_colleague_for_some_minutes(own_site: Site, open_as: Open) -> None:
    one, two = open_as(own_site, "connector"), open_as(own_site, "connector2", js=False)
    card = own_site.world.address("/voorstellen/{rich}")
    one.goto(card)
    assert one.locator("#ook").count() == 0  # nobody reads of themselves
    two.goto(card)
    assert two.locator("#ook").inner_text() == "Sanne Vos bekijkt dit nu."
    assert two.get_by_role("button", name=re.compile("^Past( A)?$")).first.is_enabled()  # a hint, no lock
    one.goto(own_site.world.address("/voorstellen/{group}"))
    two.reload()
    assert two.locator("#ook").count() == 0  # Sanne went on to another card
    one.goto(card)
    assert one.locator("#ook").inner_text() == "Mark Bakker bekijkt dit nu."
    own_site.service.clock.forward(minutes=6)
    two.reload()
    assert two.locator("#ook").count() == 0  # opened, and left lying
    with own_site.service.database.reading() as session:
        assert len(session.scalars(select(OpenCard)).all()) == 2  # where they are, not where they were

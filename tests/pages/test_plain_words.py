"""Pages of students read easily: short sentences, no hard words, nothing that ranks; and the splitter that counts."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from api.web.pages import youth
from tests.pages.conftest import Site, session_of
from tests.pages.pages import PAGES
from tests.pages.plain_words import HARD, blocks, hard_words, sentences, words
from tests.pages.states import PageState, press

YOUTH = sorted({(case.role, case.path) for case in PAGES if case.role.startswith(("youth", "parent"))
                or case.path == "/code"})  # fmt: skip
STATES = [
    *(case for case in PAGES if case.act is not None
      and (case.role.startswith(("youth", "parent")) or case.path == "/code")),
    *(PageState(f"voorstel-{word}", "youth", "/mijn-voorstellen/{offer}", act=press(f"button[value={word}]"))
      for word in ("yes", "no", "talk")),
    PageState("naam", "youth_meeting", "/mijn-voorstellen/{offer_meeting}", act=press("button[name=names]")),
    PageState("gestopt", "youth_meeting", "/mijn-toestemming/{consent_meeting}/stoppen", act=press("main form button")),
    PageState("weghalen", "parent", "/vraag?soort=erasure", act=press("main form button")),
]  # fmt: skip
"""What follows on a form of a student's page."""
OF_YOUTH = {module.blueprint.name for module in youth.PAGES}
MEAN, MOST = 10, 20


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hoi Noor", ["Hoi Noor"]),
        ("Je begint om 7.00 uur. Vraag of dat later kan.", ["Je begint om 7.00 uur.", "Vraag of dat later kan."]),
        ("Mag dat? Ja! Goed zo", ["Mag dat?", "Ja!", "Goed zo"]),
        ("Je reist 12,5 kilometer... Dat is ver.", ["Je reist 12,5 kilometer...", "Dat is ver."]),
        ("Bel A. Vos. Zij helpt.", ["Bel A. Vos.", "Zij helpt."]),
        ("Bedrijf 001, Enschede", ["Bedrijf 001, Enschede"]),
        ("Op 12 november 2026, 14.02.", ["Op 12 november 2026, 14.02."]),
        ("✓ !", []),
    ],
)
def test_the_splitter_finds_the_sentences_that_a_person_finds(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@pytest.mark.parametrize(
    ("text", "number"),
    [("Je begint om 7.00 uur.", 5), ("vso- of pro-diploma", 3), ("Zoë's foto's", 2), ("12,5 kilometer", 2), ("?", 0)],
)
def test_words_are_counted_as_a_person_counts_them(text: str, number: int) -> None:
    assert len(words(text)) == number


def test_blocks_end_sentences_and_what_others_wrote_is_left_out() -> None:
    html = """<header>Kop</header><main><h1>Hoi</h1><p>Een <a href="/x">link</a> erin.</p><ul><li>Een</li><li>Twee
    <span aria-hidden="true">✓</span></li></ul><p class="actions"><a class="btn">Ja</a><a class="btn">Nee</a></p>
    <blockquote data-not-ours>Betreffende de vacature</blockquote><script>let x;</script></main>"""
    assert blocks(html) == ["Hoi", "Een link erin.", "Een", "Twee", "Ja", "Nee"]


def test_hard_words_are_found_in_their_forms_and_are_many() -> None:
    assert len(HARD) >= 80
    assert hard_words("De criteria en prioriteiten zijn conform.") == ["conform", "prioriteiten"]
    assert hard_words("Jij kiest.") == []


@pytest.mark.ui
@pytest.mark.parametrize(("role", "path"), YOUTH)
def test_a_page_of_a_student_is_read_easily(people_site: Site, role: str, path: str) -> None:
    reads_easily(page_of(people_site, role, path))


@pytest.mark.ui
@pytest.mark.parametrize("case", STATES, ids=[case.name for case in STATES])
def test_a_page_of_a_student_is_read_easily_after_a_mistake_and_after_an_answer(
    own_people_site: Site, open_as: Callable[..., Any], case: PageState
) -> None:
    page = open_as(own_people_site, case.role, width=360)
    page.goto(own_people_site.world.address(case.path))
    case.act(page)
    page.wait_for_load_state()
    reads_easily(page.content())


def test_every_page_of_a_student_is_among_those_that_are_read(people_site: Site) -> None:
    """By the addresses of the service itself: who adds a page to a student's has its words counted."""
    shown = {re.sub(r"\{\w+\}", "*", case.path.partition("?")[0]) for case in PAGES}
    own = {re.sub(r"<[^>]+>", "*", rule.rule) for rule in people_site.service.app.url_map.iter_rules()
           if rule.endpoint.split(".")[0] in OF_YOUTH and "GET" in (rule.methods or ())}  # fmt: skip
    assert len(own) >= 10
    assert own <= shown


def reads_easily(html: str) -> None:
    """Fail unless the sentences of a page are short and its words easy."""
    texts = blocks(html)
    found = [sentence for text in texts for sentence in sentences(text)]
    assert found
    assert mean(found) <= MEAN
    # Short labels and buttons would hide long sentences: those that end as sentences do, by themselves.
    whole = [one for one in found if one[-1] in ".!?" and len(words(one)) > 2]
    assert not whole or mean(whole) <= MEAN, whole
    assert not [sentence for sentence in found if len(words(sentence)) > MOST]
    assert hard_words(" ".join(texts)) == []
    assert not re.search(r"\d\s*%|\bcijfer|\bK-[A-Z0-9]{4}\b.*\bK-[A-Z0-9]{4}\b", " ".join(texts))


def mean(found: list[str]) -> float:
    """Words a sentence."""
    return sum(len(words(sentence)) for sentence in found) / len(found)


def page_of(site: Site, role: str, path: str) -> str:
    """The Dutch page as its reader gets it."""
    client = site.service.app.test_client()
    if role:
        client.set_cookie("sid", session_of(site, role))
    answer = client.get(site.world.address(path), headers={"Accept": "text/html"})
    assert answer.status_code == 200
    return answer.text

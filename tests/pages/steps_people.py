"""What every story does with a page: clicking by name, reading what it says, days as people type them."""
from __future__ import annotations

import re
from datetime import date
from typing import Any

from tests.pages.conftest import is_narrow
from tests.pages.plain_words import blocks, hard_words, sentences, words

MEAN, MOST = 10, 20
"""Words a sentence on pages of students: on average, and ever."""


def named(name: str) -> re.Pattern[str]:
    """What is called so, with or without a space before a colon: what only who listens hears stands apart."""
    return re.compile("^" + re.escape(name).replace(":", " ?:") + "$")


def click(page: Any, name: str | re.Pattern[str], role: str = "button") -> None:
    """Click on the first that is called ``name``, and wait for the page that follows."""
    page.get_by_role(role, name=named(name) if isinstance(name, str) else name).first.click()
    page.wait_for_load_state()


def menu(page: Any, name: str) -> None:
    """Go to another page by the links in its head, which a phone shows after a press on the bar."""
    bar = page.locator(".menu > summary")
    if bar.is_visible():
        bar.click()
    page.locator(".main-nav").get_by_role("link", name=name, exact=True).click()
    page.wait_for_load_state()


def says(page: Any, text: str) -> None:
    """Fail unless the page shows this, somewhere in its own part."""
    assert text in " ".join(page.inner_text("main").split()), page.inner_text("main")


def typed(day: date) -> str:
    """A day as employers and students type it."""
    return f"{day.day}-{day.month}-{day.year}"


def reads_easily(page: Any) -> None:
    """Fail unless a page of a student, as it stands, has short sentences, no hard word, and fits its screen."""
    texts = blocks(page.content())
    found = [sentence for text in texts for sentence in sentences(text)]
    assert found
    lengths = [len(words(sentence)) for sentence in found]
    assert sum(lengths) / len(found) <= MEAN, found
    whole = [len(words(one)) for one in found if one[-1] in ".!?" and len(words(one)) > 2]
    assert not whole or sum(whole) / len(whole) <= MEAN, found
    assert max(lengths) <= MOST, max(found, key=lambda one: len(words(one)))
    assert hard_words(" ".join(texts)) == []
    is_narrow(page)

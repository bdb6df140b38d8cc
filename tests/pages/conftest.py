"""Pages in a real browser: the service on a port of its own, a person per role, and what a page must never do.

A page may ask nothing from elsewhere, write nothing to the console, break no rule of the content security policy, and
leave no unforeseen error; every test fails by itself when one does.
"""
from __future__ import annotations

import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import waitress

from api.services.retention import BACKUPS
from api.services.upkeep import make_ready
from api.store.engine import Database
from api.web.logs import set_up_logs
from tests.conftest import REQUIRE_PARTS, ROOT
from tests.pages.world import World, live_on, make_base
from tests.pages.world_people import add_people
from tests.service.browser import Service
from tests.service.conftest import KEY, NOW, cheap_hashes  # noqa: F401 - a fixture for every test here

if not REQUIRE_PARTS:
    pytest.importorskip("playwright", reason="the browser driver (group parts) is not installed")
    pytest.importorskip("axe_playwright_python", reason="axe (group parts) is not installed")

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 320)
SCREENS = Path(os.environ.get("SCHAKEL_SCREENS", ROOT / "out" / "screens"))
UNDECIDED: dict[str, dict[str, list[str]]] = {}
"""What axe leaves to a person: rule -> why it cannot tell -> some of the places; kept in ``out/axe-undecided.json``."""
_REPORTS = """document.addEventListener('securitypolicyviolation',
  (event) => console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI));"""


@dataclass
class Site:
    """The service as a browser reaches it."""

    service: Service
    world: World
    url: str


@dataclass
class Watch:
    """What pages did that they must not do."""

    found: list[str] = field(default_factory=list)

    def __call__(self, context: Any, url: str) -> Any:
        """Watch every page of ``context``; what goes elsewhere is stopped."""
        context.add_init_script(_REPORTS)
        context.route(re.compile(f"^(?!{re.escape(url)})"), self._stop)
        context.on("page", self._watch)
        return context

    def _stop(self, route: Any) -> None:
        self.found.append(f"asks elsewhere: {route.request.url}")
        route.abort()

    def _watch(self, page: Any) -> None:
        # A status that is not good is reported by Chromium as a console error; it is no fault of the page.
        known = "the server responded with a status"
        page.on("console", lambda said: None if said.type != "error" or known in said.text
                else self.found.append(f"console: {said.text}"))  # fmt: skip
        page.on("pageerror", lambda error: self.found.append(f"script: {error}"))
        page.on("response", lambda answer: self.found.append(f"{answer.status}: {answer.url}")
                if answer.status == 500 else None)  # fmt: skip


@pytest.fixture(scope="session")
def _base_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """What every world begins with, made once."""
    folder = tmp_path_factory.mktemp("base")
    set_up_logs("error")
    database = Database.open(f"sqlite:///{folder / 'schakel.db'}", KEY)
    make_ready(database, now=NOW)
    world = make_base(Service(database, folder))
    database.close()
    return folder / "schakel.db", world


def _template_of(base: tuple[Path, World], folder: Path, add: Callable[[Service, World], None]) -> tuple[Path, World]:
    """A world of its own on a copy of the base."""
    path, world = base
    made = World(dict(world.ids))
    database = Database.open(f"sqlite:///{shutil.copy(path, folder / 'schakel.db')}", KEY)
    add(Service(database, folder), made)
    database.close()
    return folder / "schakel.db", made


@pytest.fixture(scope="session")
def _template(_base_template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The world of connectors and schools, made once; every module works on a copy."""
    return _template_of(_base_template, tmp_path_factory.mktemp("world"), live_on)


@pytest.fixture(scope="session")
def _people_template(
    _base_template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, World]:
    """The world of students, parents and an employer in the middle of it."""
    return _template_of(_base_template, tmp_path_factory.mktemp("people"), add_people)


@pytest.fixture(scope="module")
def people_site(_people_template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same with that world."""
    yield from served(_people_template, tmp_path_factory.mktemp("people_site"))


@pytest.fixture
def own_people_site(_people_template: tuple[Path, World], tmp_path: Path) -> Iterator[Site]:
    """The same for one test."""
    yield from served(_people_template, tmp_path)


@pytest.fixture(scope="module")
def site(_template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The service on a real port, on a copy of the world: what a module's tests change, others do not see."""
    yield from served(_template, tmp_path_factory.mktemp("site"))


@pytest.fixture
def own_site(_template: tuple[Path, World], tmp_path: Path) -> Iterator[Site]:
    """The same for one test."""
    yield from served(_template, tmp_path)


def served(template: tuple[Path, World], folder: Path) -> Iterator[Site]:
    """Serve a copy of the world until the caller is ready."""
    set_up_logs("error")
    path, world = template
    database = Database.open(f"sqlite:///{shutil.copy(path, folder / 'schakel.db')}", KEY)
    if (kept := path.parent / "data" / BACKUPS).is_dir():
        shutil.copytree(kept, folder / "data" / BACKUPS)
    service = Service(database, folder)
    server = waitress.create_server(service.app, host="127.0.0.1", port=0, threads=4, ident=None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Site(service, world, f"http://127.0.0.1:{server.effective_port}")
    server.close()
    server.trigger.close()
    server.task_dispatcher.shutdown()
    thread.join(5)
    for channel in list(server.active_channels.values()):
        channel.handle_close()  # a connection that a browser kept open
    database.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium."""
    from playwright.sync_api import Locator, sync_playwright

    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        for action in ("click", "press"):
            patch.setattr(Locator, action, loaded_after(getattr(Locator, action)))
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield started
        started.close()
    if UNDECIDED:
        SCREENS.parent.mkdir(parents=True, exist_ok=True)
        (SCREENS.parent / "axe-undecided.json").write_text(json.dumps(UNDECIDED, indent=1, sort_keys=True))


def loaded_after(action: Callable[..., None]) -> Callable[..., None]:
    """An action of the browser's driver that waits for the page it leads to: the driver's own waits until the new page
    begins, so what is asked next could still be answered of half a page."""

    def acted(self: Any, *args: Any, **options: Any) -> None:
        action(self, *args, **options)
        if not self.page.is_closed():
            self.page.wait_for_load_state()

    return acted


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What pages must not do; a test in which one did fails at its end."""
    seen = Watch()
    yield seen
    assert seen.found == []


@pytest.fixture
def open_as(browser: Any, watch: Watch) -> Iterator[Callable[..., Any]]:
    """``open_as(site, role, width=1280, lang="nl", js=True, scheme="light")``: a new page of somebody with that role.

    ``role`` "" is nobody. The person is signed in by a session that stands in the database already.
    """
    contexts = []

    def opened(site: Site, role: str, *, width: int = 1280, lang: str = "nl", js: bool = True, scheme: str = "light",
               height: int = 900) -> Any:  # fmt: skip
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=js, color_scheme=scheme, base_url=site.url,
            locale="nl-NL" if lang == "nl" else "en-GB", reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        watch(context, site.url)
        cookies = [{"name": "taal", "value": lang, "url": site.url}]
        if role:
            cookies.append({"name": "sid", "value": session_of(site, role), "url": site.url})
        context.add_cookies(cookies)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


def session_of(site: Site, role: str) -> str:
    """The session cookie of the person with a role; made once per site by signing in as the page does."""
    kept: dict[str, str] = site.__dict__.setdefault("sessions", {})
    if role not in kept:
        person = site.service.person(site.world.email(role))
        cookie = person.client.get_cookie("sid")
        assert cookie is not None
        kept[role] = cookie.value
    return kept[role]


def axe(page: Any) -> None:
    """Fail with what axe finds: every rule of WCAG 2.2 AA, good practice, and the size of targets."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(
        page, options={"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
    )
    for one in found.response["incomplete"]:
        for node in one["nodes"]:
            why = str(node["any"][0]["message"]) if node["any"] else ""
            told = UNDECIDED.setdefault(one["id"], {}).setdefault(why, [])
            told += [node["html"][:160]] if len(told) < 20 and node["html"][:160] not in told else []
    assert found.violations_count == 0, found.generate_report()


def shoot(page: Any, name: str) -> None:
    """Keep a picture of the whole page in ``out/screens`` (or where SCHAKEL_SCREENS says).

    What sticks to the edge of a window would lie over what it never covers for somebody who scrolls.
    """
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.evaluate("""() => { for (const e of document.querySelectorAll('main *'))
        if (getComputedStyle(e).position === 'sticky') e.style.setProperty('position', 'static'); }""")
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


def is_narrow(page: Any) -> None:
    """Nothing but a table in its own region is wider than the screen."""
    wide = page.evaluate("""() => [...document.querySelectorAll('main *, header *, footer *')].filter((e) =>
        e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.scroll') && !e.closest('.unseen'))
        .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))""")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), wide

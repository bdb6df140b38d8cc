"""Nobody sees what is another's: every address as every role, a canary in every text, and worlds that differ elsewhere.

The list of who may ask for what is `MATRIX` of the service's own tests, of who may see what `may_see`: both written by
hand. Addresses and columns come from the app itself, so a new one is in it or the test says what to add.
"""
from __future__ import annotations

import itertools
import random
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from api.services.upkeep import make_ready
from api.store.base import Base
from api.store.engine import Database
from api.web.json.document import document
from tests.proofs.canaries import WORD, Canaries, Scopes, plant, unsaid
from tests.proofs.everything import Everything, Who, make_everything, sign_in
from tests.proofs.figures import record
from tests.service.browser import Person, Service
from tests.service.conftest import KEY, NOW
from tests.service.test_access_matrix import MATRIX, NONE, routes

NOBODY = Who("nobody", "", "")
TABLES = {"project_id": "participations", "party_id": "organisations", "candidate_id": "releases",
          "right_id": "grants", "request_id": "consent_requests", "moment_id": "check_moments"}
VALUES = {"position": "1"}
"""Parts of addresses: ``X_id`` is of the table ``Xs`` unless `TABLES` says another; what is no id: "x", or here."""
SETTINGS = {"SCHAKEL_RATE_LIMITS": "off", "SCHAKEL_SECRET_KEY": "one secret for every copy of the world"}
COUNTRY = "/api/v1/figures/"
"""Figures of the whole country, small groups hidden: the one thing that changes here by what changes elsewhere."""
DESCRIPTION = "/api/v1/openapi.json"
LANGUAGES = ("nl", "en")
MOST = 7
"""Rows of a table that are asked for one by one."""


@dataclass
class Open:
    """The world behind an open door: everybody signed in, every id, every canary."""

    here: Service
    world: Everything
    canaries: Canaries
    people: list[tuple[Who, Person]]
    ids: dict[str, list[str]]
    scopes: dict[tuple[str, str], frozenset[str]]
    sessions: list[str]
    document: dict[str, Any]


def opened(here: Service, world: Everything, canaries: Canaries) -> Open:
    """Sign everybody in and list every id."""
    people = [(NOBODY, here.person())] + [(who, sign_in(here, who)) for who in world.people]
    ids, scopes = {}, {}
    with here.database.reading() as session:
        found = Scopes(session)
        for table in Base.metadata.sorted_tables:
            if "id" in table.columns:
                rows = session.execute(select(table).order_by(table.c.id)).mappings().all()
                whose = {str(row["id"]): found.of(table.name, row) for row in rows}
                ids[table.name] = some(whose, set(world.shown))
                scopes |= {(table.name, key): scope for key, scope in whose.items()}
        sessions = [str(key) for key in session.scalars(select(Base.metadata.tables["sign_ins"].c.id))]
    return Open(here, world, canaries, people, ids, scopes, sessions,
                document(here.app)["paths"])  # fmt: skip


def some(whose: dict[str, frozenset[str]], shown: set[str]) -> list[str]:
    """A few ids of a table: those of the students who are shown to employers first, then one per kind of owner."""
    chosen = [key for key, scope in whose.items() if scope & shown][:4]
    owners: set[frozenset[str]] = set()
    for key, scope in whose.items():
        if len(chosen) < MOST and key not in chosen and scope not in owners:
            chosen.append(key)
        owners.add(scope)
    return chosen


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Everything, Canaries]:
    """The world in a file, planted; copied for whoever needs it."""
    folder = tmp_path_factory.mktemp("everything")
    database = Database.open(f"sqlite:///{folder / 'world.db'}", KEY)
    make_ready(database, now=NOW)
    here = Service(database, folder)
    world = make_everything(here)
    with database.writing() as session:
        canaries = plant(session)
    database.close()
    return folder / "world.db", world, canaries


@pytest.fixture(scope="module")
def door(made: tuple[Path, Everything, Canaries], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """The service on the world."""
    yield from on_copy(made, tmp_path_factory.mktemp("door"))


def on_copy(made: tuple[Path, Everything, Canaries], folder: Path) -> Iterator[Open]:
    """The service on a copy of the world."""
    shutil.copy(made[0], folder / "world.db")
    database = Database.open(f"sqlite:///{folder / 'world.db'}", KEY)
    yield opened(Service(database, folder, SETTINGS), made[1], made[2])
    database.close()


def table_of(part: str) -> str:
    """The table whose id a part of an address is."""
    table = TABLES.get(part, re.sub(r"ys$", "ies", f"{part.removesuffix('_id')}s"))
    said = f"{part}: say of which table it is, or which value it has, in tests/proofs/test_access.py"
    assert table in Base.metadata.tables, said
    return table


def plainly(part: str) -> str:
    """The value of a part of an address that is no id; empty for one that is."""
    return "" if part in TABLES or part.endswith("_id") else VALUES.get(part, "x")


Address = tuple[str, str, str, tuple[str, str] | None]


def addresses(door: Open, methods: tuple[str, ...] = ("GET",)) -> Iterator[Address]:
    """Every method, rule and address with every id; and the row that the last part names (None: no id in it)."""
    for method, rule in sorted(set(routes(door.here))):
        if method not in methods or rule == "/metrics":  # that counts requests
            continue
        plain = re.sub(r"\{(\w+)\}", lambda found: plainly(found.group(1)) or found.group(), rule)
        tables = [table_of(part) for part in re.findall(r"\{(\w+)\}", plain)]
        if not tables:
            yield method, rule, plain, None
            continue
        # The last id is varied; those before it are of rows that belong to the same people, where there are any.
        for key in [*door.ids[tables[-1]], NONE]:
            whose = door.scopes.get((tables[-1], key), frozenset())
            before = [next((one for one in door.ids[table] if door.scopes[table, one] & whose), key)
                      for table in tables[:-1]]  # fmt: skip
            ids = iter([*before, key])
            yield method, rule, re.sub(r"\{\w+\}", lambda _, ids=ids: next(ids), plain), (tables[-1], key)  # type: ignore[misc]


def with_queries(door: Open, rule: str, address: str, turn: int) -> str:
    """An address with what it must be told: ids of the table that the word names, another one at every turn."""
    operation = door.document.get(rule.removeprefix("/api/v1"), {}).get("get", {})
    told = {}
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "query" and (parameter.get("required") or (turn and parameter["name"] == "limit")):
            name = parameter["name"]
            if name == "limit":
                told[name] = str(1 + turn % 100)
            elif name.endswith("Id"):
                rows = door.ids[table_of(f"{name.removesuffix('Id')}_id")]
                told[name] = rows[turn % len(rows)]
            else:
                told[name] = str(next(iter(parameter["schema"].get("enum", ["2026-06-15"]))))
    return f"{address}?{urlencode(told)}" if told else address


def crawl(door: Open, number: int, role: str = "") -> Iterator[tuple[Who, str, Any]]:
    """Ask for every address as everybody in both languages, again and again, until ``number`` answers came."""
    asked = 0
    for turn in itertools.count():
        people = [(who, person) for who, person in door.people if role in ("", who.role)]
        questions = list(itertools.product(addresses(door), people, LANGUAGES))
        random.Random(turn).shuffle(questions)
        for (_, rule, plain, _), (who, person), language in questions:
            if asked >= number:
                return
            address = with_queries(door, rule, plain, turn)
            headers = {"Accept-Language": language, "Accept": "text/html" if "/api/" not in rule else "*/*"}
            yield who, rule, person.get(address, headers=headers)
            asked += 1


def texts_of(answer: Any) -> str:
    """Everything that somebody gets: body and headers."""
    return answer.get_data(as_text=True) + "\n".join(f"{name}: {value}" for name, value in answer.headers)


def test_of_every_text_it_is_said_who_may_see_it() -> None:
    assert unsaid() == [], "say who may see it, in tests/proofs/may_see.py"


EVERYBODY = frozenset(("school", "referrer", "employer", "connector", "coach", "student", "parent", "municipality",
                       "administrator"))  # fmt: skip
FOR_ALL = {"organisations": EVERYBODY, "cooperations": EVERYBODY, "contacts": EVERYBODY,
           "vacancies": EVERYBODY - {"municipality"}, "openings": EVERYBODY - {"municipality"},
           "accounts": {"administrator"}, "tokens": {"administrator"}, "participations": {"administrator"},
           "policies": EVERYBODY}  # fmt: skip
"""Tables whose rows whole roles may see, whoever's they are: a directory, the places there are, accounts."""


def trespasses(door: Open, role: str = "") -> tuple[list[str], int]:
    """Ask for rows of every address as everybody; return who got what is not theirs, and how many were asked.

    Who is let in nowhere near an address (401, 403) is asked there once: `MATRIX` and its tests hold for them.
    """
    wrong, asked = [], 0
    nothing: dict[tuple[str, str, str], tuple[int, bytes]] = {}
    for method, rule, address, row in addresses(door):
        if row is None:
            continue
        for who, person in door.people:
            if role not in ("", who.role):
                continue
            path = (who.name, method, rule)
            if path not in nothing:
                none = person.get(re.sub(r"\{(\w+)\}", lambda found: plainly(found.group(1)) or NONE, rule))
                nothing[path] = none.status_code, unsigned(none)
                asked += 1
                if none.status_code not in (401, 403, 404):
                    wrong.append(f"{who.name} got a made-up {rule}: {none.status_code}")
            if row[1] == NONE or nothing[path][0] in (401, 403):
                continue
            answer = person.get(address)
            asked += 1
            theirs = door.scopes.get(row, frozenset()) & who.scope or who.role in FOR_ALL.get(row[0], ())
            if answer.status_code < 400 and not theirs:
                wrong.append(f"{who.name} got {rule}")
            elif not theirs and (answer.status_code, unsigned(answer)) != nothing[path]:
                wrong.append(f"{who.name} can tell a foreign {rule} from none")
            allowed = MATRIX.get((method, rule.removeprefix("/api/v1")))
            if allowed is not None and answer.status_code < 400 and who.role not in allowed:
                wrong.append(f"{who.name} has no business at {rule}")
    return wrong, asked


def unsigned(answer: Any) -> bytes:
    """A body without what differs from one answer to the next: tokens of forms, and the address asked for."""
    return re.sub(rb'value="[^"]{40,}"|[0-9a-f]{32}', b"", answer.data)


def leaks(door: Open, number: int, role: str = "") -> tuple[dict[str, int], dict[str, int], set[str]]:
    """Crawl; return what was seen by whom who may not, how many answers each role got, and faults of the service."""
    found: dict[str, int] = {}
    answers: dict[str, int] = {}
    faults = set()
    for who, rule, answer in crawl(door, number, role):
        answers[who.role or "nobody"] = answers.get(who.role or "nobody", 0) + 1
        if answer.status_code >= 500:
            faults.add(f"{answer.status_code} for {who.name} at {rule}")
        for what in [] if rule == DESCRIPTION else door.canaries.found_in(texts_of(answer), who):
            told = f"{who.role or 'nobody'} sees {what} at {rule}"
            found[told] = found.get(told, 0) + 1
    return found, answers, faults


def test_nobody_gets_a_row_that_is_not_theirs(door: Open) -> None:
    wrong, asked = trespasses(door)
    assert sorted(set(wrong)) == []
    assert asked > 300
    record("access, rows", f"{asked} requests for rows of every address with an id as {len(door.people)} people: "
           "0 foreign rows, foreign and missing the same bytes", asked=asked)  # fmt: skip


@pytest.mark.parametrize("number", [600, pytest.param(10_000, marks=pytest.mark.slow)])
def test_no_text_reaches_who_may_not_see_it(door: Open, number: int) -> None:
    found, answers, faults = leaks(door, number)
    assert found == {}
    assert faults == set()
    assert set(answers) == {"nobody", *(who.role for who in door.world.people)}
    if number >= 10_000:
        told = ", ".join(f"{role} {times}" for role, times in sorted(answers.items()))
        record("canaries", f"{sum(answers.values())} answers ({told}), {len(door.canaries.words)} canaries: 0 seen by "
               "who may not, 0 faults", **answers)  # fmt: skip


def test_canaries_are_seen_by_those_who_may(door: Open) -> None:
    """Or the crawl would find nothing for want of looking."""
    seen = set()
    for who, person in door.people:
        if who.role == "connector":
            for _, rule, address, _ in addresses(door):
                text = texts_of(person.get(with_queries(door, rule, address, 0)))
                seen |= {door.canaries.words[word][0] for word in WORD.findall(text) if word in door.canaries.words}
    assert {"profiles.record", "opening_versions.record", "proposals.reasons"} <= seen


def test_a_door_left_open_is_found(door: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: connectors of any region see the runs of all."""
    everywhere = frozenset(scope for who in door.world.people for scope in who.scope)
    for module in ("runs", "proposals"):
        monkeypatch.setattr(f"api.web.json.{module}.regions_of", lambda _: everywhere, raising=False)
    assert trespasses(door, "connector")[0]
    assert leaks(door, 300, "connector")[0]


@pytest.mark.parametrize("number", [300, pytest.param(5_000, marks=pytest.mark.slow)])
def test_what_is_elsewhere_changes_nothing_here(
    made: tuple[Path, Everything, Canaries], tmp_path: Path, number: int
) -> None:
    """Two worlds that differ in every text of the other region alone: the same bytes for everybody of this one."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    # Fresh copies, for a page that was looked at is remembered.
    for door, other in zip(on_copy(made, tmp_path / "one"), on_copy(made, tmp_path / "two"), strict=True):
        compare(door, other, number)


def compare(door: Open, other: Open, number: int) -> None:
    """Change the other world elsewhere, and ask both the same."""
    regions = sorted({scope for who in door.world.people for scope in who.scope if scope.startswith("AM")})
    here = [(who, person) for who, person in door.people if regions[0] in who.name]
    of_rows = [scope for (table, _), scope in door.scopes.items() if table not in ("accounts", "cooperations")]
    near = {whose for scope in of_rows for whose in scope if regions[0] in scope}
    near |= {whose for who, _ in here for whose in who.scope}
    elsewhere = frozenset({whose for scope in of_rows for whose in scope} | {regions[1]}) - near
    with other.here.database.writing() as session:
        changed = plant(session, seed="b", only=elsewhere)
    assert len(changed.words) > 300
    there = [(who, person) for who, person in other.people if regions[0] in who.name]
    questions = [(rule, with_queries(door, rule, address, 0), pair) for _, rule, address, _ in addresses(door)
                 for pair in zip(here, there, strict=True) if not rule.startswith(COUNTRY)]  # fmt: skip
    random.Random(1).shuffle(questions)
    wrong = []
    for rule, address, ((who, one), (_, two)) in questions[:number]:
        first, second = one.get(address), two.get(address)
        if (first.status_code, steady(first, door)) != (second.status_code, steady(second, other)):
            wrong.append(f"{who.name} at {rule}")
    assert sorted(set(wrong)) == []
    asked = len(questions[:number])
    if number > 300:
        record("non-interference", f"{asked} pairs of answers to {len(here)} people of one region, "
               f"{len(changed.words)} texts of the other region changed: equal bytes", asked=asked)  # fmt: skip


def steady(answer: Any, door: Open) -> bytes:
    """A body without what is new in every session."""
    told = re.sub(rb'"csrfToken": ?"[^"]*"|name="\w+_(token|key)" value="[^"]*"', b"", answer.data)
    for key in door.sessions:
        told = told.replace(key.encode(), b"")
    return told

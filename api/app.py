"""The service as one Flask app: the one place where things are wired."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from importlib import metadata
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.middleware.proxy_fix import ProxyFix

from api.services.figures import forget_unasked
from api.settings import LOOPBACK, Settings
from api.store.engine import Database
from api.web import access, denied, docs, health, metrics, pages, problems, well_known
from api.web.database import attach, utc_now
from api.web.headers import protect
from api.web.json import register
from api.web.json.parsing import StrictJson
from api.web.login import set_up_login
from api.web.logs import log_requests

_OF_PROBES = ("/health/live", "/health/ready")
_FORM_ROOM = 200_000
"""Bytes of an upload that are not the file."""


def create_app(settings: Settings, database: Database, *, clock: Callable[[], datetime] = utc_now) -> Flask:
    """Return the service.

    Parameters
    ----------
    settings : Settings
        Checked already; see `api.settings`.
    database : Database
        With the tables of this version.
    clock : callable
        Gives the moment of a request.
    """
    app = Flask("schakel", static_folder=None, template_folder=None)
    app.config.update(
        SCHAKEL_CLOCK=clock,
        SCHAKEL_SETTINGS=settings,
        TRUSTED_HOSTS=[urlsplit(settings.public_url).hostname] if settings.public_url else [*LOOPBACK, "[::1]"],
        MAX_CONTENT_LENGTH=settings.upload_bytes + _FORM_ROOM,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=100,
    )
    app.json_provider_class = StrictJson  # Flask-Security makes its own of it
    app.json = StrictJson(app)
    app.url_map.strict_slashes = True
    app.url_map.redirect_defaults = False
    app.wsgi_app = _at_any_name(app.wsgi_app, settings)  # type: ignore[method-assign]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    problems.handle_errors(app, page=pages.errors.instead_of)
    for lost_race in (IntegrityError, StaleDataError):  # the last net: what the database refuses was decided meanwhile
        app.register_error_handler(lost_race, _overtaken)
    # What runs after a request runs in the opposite order: the headers come last, on whatever the answer became.
    protect(app, https=settings.secure, version=metadata.version("schakel"))
    log_requests(app)
    metrics.measure(app)
    denied.watch(app)
    attach(app, database)
    app.teardown_request(lambda _: forget_unasked())
    csrf = CSRFProtect()
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # the guard asks, and knows when
    csrf.init_app(app)
    set_up_login(app, settings)
    access.guard(app, csrf)
    for blueprint in (health.blueprint, metrics.blueprint, well_known.blueprint, docs.blueprint):
        app.register_blueprint(blueprint)
    register(app)
    pages.register(app)
    return app


def _at_any_name(inside: Any, settings: Settings) -> Any:
    """Let probes ask by whatever name or address they have: these routes build no address from it.

    The figures only where a token is asked: without one a page elsewhere could ask by a name of its own that leads to
    this machine, and read them.
    """
    ours = urlsplit(settings.public_url).netloc or LOOPBACK[0]

    def outside(environ: dict[str, Any], start: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        here = re.sub(r":\d+$", "", environ.get("HTTP_HOST", "")) in (*LOOPBACK, "[::1]")
        if path in _OF_PROBES or (path == "/metrics" and (settings.metrics_token or here)):
            environ["HTTP_HOST"] = ours
        return inside(environ, start)

    return outside


def _overtaken(_: Exception) -> Response:
    told = problems.Problem(409, "Somebody was first. Look again; nothing was changed by this request.", "conflict")
    return pages.errors.instead_of(told) or problems.problem(told.status, told.detail, told.code)

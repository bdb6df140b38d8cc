"""The API under /api/v1: a module per resource, made known to flask-smorest here."""
from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import metadata
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Flask
from werkzeug.exceptions import HTTPException

from api.web.json import (
    account,
    accounts,
    audit_log,
    candidates,
    codes,
    consents,
    document,
    drafts,
    figures,
    follow_up,
    group_questions,
    help_requests,
    introductions,
    mandates,
    organisations,
    pairs,
    participations,
    placements,
    policies,
    privacy,
    proposals,
    regions,
    releases,
    runs,
    sessions,
    standing,
    students,
    switches,
    upload_drafts,
    uploads,
    vacancies,
)
from api.web.json.once import Repeat

PREFIX = "/api/v1"
RESOURCES = (
    account,
    accounts,
    audit_log,
    candidates,
    codes,
    consents,
    drafts,
    figures,
    follow_up,
    group_questions,
    help_requests,
    introductions,
    mandates,
    organisations,
    pairs,
    participations,
    placements,
    policies,
    privacy,
    proposals,
    regions,
    releases,
    runs,
    sessions,
    standing,
    students,
    switches,
    upload_drafts,
    uploads,
    vacancies,
)


class Api(flask_smorest.Api):
    """flask-smorest without its own errors: one shape of error for all, in `api.web.problems`.

    ``undescribed`` are the resources whose description nobody asked for yet.
    """

    def __init__(self, app: Flask) -> None:
        self.undescribed: list[Callable[[], None]] = []
        self._describing = threading.Lock()
        super().__init__(app)

    def described(self) -> dict[str, Any]:
        """What the marks of every resource give, as OpenAPI."""
        with self._describing:
            while self.undescribed:
                self.undescribed[0]()
                del self.undescribed[0]
        found: dict[str, Any] = self.spec.to_dict()
        return found

    def _register_error_handlers(self) -> None:
        """Leave every error to the app."""

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Never asked: errors are the app's."""
        raise error


def _integer_keys(_: Any, field: ma.fields.Field[Any], **__: Any) -> dict[str, Any]:
    """Say of an object by numbers that its keys are numbers: the description has them as texts."""
    by_number = isinstance(field, ma.fields.Dict) and isinstance(field.key_field, ma.fields.Integer)
    return {"propertyNames": {"pattern": "^[0-9]+$"}} if by_number else {}


def _anchored(_: Any, field: ma.fields.Field[Any], **__: Any) -> dict[str, Any]:
    """Say a pattern as other dialects have it: marshmallow reads from the start, and only Python ends a text so."""
    found = next((str(one.regex.pattern) for one in field.validators if isinstance(one, ma.validate.Regexp)), None)
    if found is None:
        return {}
    return {"pattern": f"^{found.removeprefix('^').replace(chr(92) + 'Z', '$')}"}


def register(app: Flask) -> Api:
    """Add every resource to the app."""
    app.config.update(
        API_TITLE="Schakel",
        API_VERSION=metadata.version("schakel"),
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
    )
    api = Api(app)
    api.ma_plugin.converter.add_attribute_function(_integer_keys)
    api.ma_plugin.converter.add_attribute_function(_anchored)
    app.register_error_handler(Repeat, lambda repeat: repeat.response)
    for resource in RESOURCES:
        api.register_blueprint(resource.blueprint, url_prefix=PREFIX)
    app.register_blueprint(document.blueprint, url_prefix=PREFIX)
    return api

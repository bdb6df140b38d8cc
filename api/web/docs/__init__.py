"""The page that documents the API: swagger-ui from its package, an HTML page and a script of our own.

Nothing is loaded from elsewhere and nothing stands inline, so the page works without the internet and under the same
strict policy as every other.
"""
from __future__ import annotations

from importlib import resources

from flask import Blueprint, Response

from api.web.access import ANYBODY, access
from api.web.problems import not_found

blueprint = Blueprint("docs", __name__, url_prefix="/api/docs")
_HERE = "api.web.docs"
_FILES = {
    "page.js": (_HERE, "page.js", "text/javascript"),
    "page.css": (_HERE, "page.css", "text/css"),
    "swagger-ui.css": ("flask_swagger_ui", "dist/swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": ("flask_swagger_ui", "dist/swagger-ui-bundle.js", "text/javascript"),
}
"""What the page is made of, by the name in its address."""


@blueprint.get("")
@access(ANYBODY)
def page() -> Response:
    """The page."""
    return Response(_read(_HERE, "page.html"), content_type="text/html; charset=utf-8")


@blueprint.get("/<name>")
@access(ANYBODY)
def part(name: str) -> Response:
    """A part of the page."""
    if name not in _FILES:
        raise not_found()
    package, path, kind = _FILES[name]
    return Response(_read(package, path), content_type=f"{kind}; charset=utf-8")


def _read(package: str, path: str) -> bytes:
    return resources.files(package).joinpath(path).read_bytes()

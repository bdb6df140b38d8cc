"""The pages for everybody, signed in or not."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect

from api.texts.pages import CATALOGUES
from api.web.access import ANYBODY, access, asker_or_nobody
from api.web.pages.base import show
from api.web.pages.navigation import start_of

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@access(ANYBODY)
def home() -> Any:
    """Go on to where one begins."""
    who = asker_or_nobody()
    return redirect("/inloggen" if who is None else start_of(who), 303)


@blueprint.get("/hulp")
@access(ANYBODY)
def help_page() -> Response:
    """Who helps, and with what."""
    questions = [key[1:] for key in CATALOGUES["help"] if key.startswith("q")]
    return show("help.html", questions=questions)


@blueprint.get("/zo-werkt-het-voorstel")
@access(ANYBODY)
def how() -> Response:
    """How a proposal is made, in plain words."""
    return _text("how")


@blueprint.get("/privacy")
@access(ANYBODY)
def privacy() -> Response:
    """Which data, for whom, how long."""
    return _text("privacy")


@blueprint.get("/toegankelijkheid")
@access(ANYBODY)
def accessibility() -> Response:
    """What works for whom, and how that is checked."""
    return _text("accessibility")


def _text(name: str) -> Response:
    """A page of headings and paragraphs, in the order of its catalogue."""
    keys = [key for key in CATALOGUES[name] if key not in ("title", "lead")]
    return show("text.html", name=name, keys=keys)

"""What every page uses: words and dates in its language, showing, going on after a form, reading a form."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
import marshmallow as ma
from flask import Flask, Response, current_app, g, redirect, render_template, request
from flask_login import current_user

from api.settings import Settings
from api.texts.catalogue import capital, count, say
from api.texts.dates import long_date, number
from api.texts.pages import CATALOGUES
from api.texts.words import label, word
from api.web.database import ZONE, local_day, now
from api.web.pages import navigation
from api.web.pages.language import QUERY, language
from api.web.pages.once import FIELD
from api.web.pages.stacked import labelled
from features.geography import REGIONS, municipality_name, region_name

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
DONE = "gedaan"
"""Key of the address that says which banner the page begins with."""


def set_up(app: Flask) -> None:
    """Let templates of ``app`` have the words, dates and links of a page."""
    app.template_folder = str(TEMPLATES)
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        t=t, n=n, cap=capital, home=home, labelled=labelled, lang=language, day=day, moment=moment,
        clock=clock, num=num, label=code_label, word=code_word, name_roles=name_roles, nav=nav, me=me, here_in=here_in,
        done_banner=done_banner, exists=exists, today=lambda: local_day(now()), version=metadata.version("schakel"),
        address_with=address_with,
    )  # fmt: skip


def home() -> str:
    """The address by which people reach the service, as a paper or a letter says it: the public one where it is set."""
    settings: Settings = current_app.config["SCHAKEL_SETTINGS"]
    return settings.public_url or request.host_url.rstrip("/")


def t(key: str, **facts: object) -> str:
    """The words of ``catalogue.key`` in the language of this request."""
    catalogue, _, name = key.partition(".")
    return say(CATALOGUES[catalogue], name, language(), **facts)


def n(key: str, number_of: int, **facts: object) -> str:
    """The words of ``catalogue.key`` for so many."""
    catalogue, _, name = key.partition(".")
    return count(CATALOGUES[catalogue], name, number_of, language(), **facts)


def day(value: date | None) -> str:
    """``12 november 2026``; a moment counts as the day in the Netherlands."""
    return "" if value is None else long_date(_local(value), language())


def moment(value: datetime | None) -> str:
    """``12 november 2026, 14.02``."""
    return "" if value is None else f"{day(value)}, {clock(value)}"


def clock(value: datetime) -> str:
    """``14.02``; in English ``14:02``."""
    return value.astimezone(ZONE).strftime("%H.%M" if language() == "nl" else "%H:%M")


def num(value: float, decimals: int = 0) -> str:
    """A number with the decimal sign of the language."""
    return number(value, language(), decimals=decimals)


def code_label(name: str, code: str) -> str:
    """The label of a code of list ``name``, or the name of a region or municipality."""
    if name == "region":
        return region_name(code) if code in REGIONS else code
    if name == "municipality":
        return municipality_name(code)
    return label(name, code, language())


def code_word(name: str, code: str) -> str:
    """A code of list ``name`` as it reads inside a sentence."""
    return word(name, code, language())


def _local(value: date) -> date:
    return local_day(value) if isinstance(value, datetime) else value


def show(template: str, status: int = 200, **facts: Any) -> Response:
    """Return a page; ``wrong`` are the errors of a form, by field."""
    facts.setdefault("wrong", {})
    return Response(render_template(template, **facts), status, content_type="text/html; charset=utf-8")


def go(address: str, *, done: str = "", **query: str) -> Any:
    """Go on to another page after a form (303); ``done`` is a key of the catalogue ``done``, shown as banner there."""
    told = {**query, **({DONE: done} if done else {})}
    if told:
        address += ("&" if "?" in address else "?") + urlencode(told)
    return redirect(address, 303)


def beginning() -> Any:
    """Go to where the list of this address begins (303): nobody is left after the place where it would go on."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != "na"]
    return redirect(request.path + (f"?{urlencode(kept)}" if kept else ""), 303)


def read_form(schema: type[ma.Schema]) -> tuple[dict[str, Any], dict[str, str]]:
    """Read the form that was sent: its values, or what is wrong by field (the values are empty then).

    A message of the schema may be a key of a catalogue (``form.choose_reason``); then its words are shown.
    """
    given: dict[str, Any] = {}
    loader = schema()
    for name, values in request.form.lists():
        field = loader.fields.get(name)
        many = isinstance(field, ma.fields.List)
        kept = [value for value in values if many or value != ""]
        if name not in ("csrf_token", FIELD) and kept:
            given[name] = kept if many else kept[-1]
    try:
        loaded: dict[str, Any] = loader.load(given, unknown=ma.EXCLUDE)
    except ma.ValidationError as error:
        return {}, _told(error.messages_dict, loader.fields)
    return loaded, {}


def _told(messages: Mapping[str, Any], fields: Mapping[str, ma.fields.Field[Any]]) -> dict[str, str]:
    found = {}
    for name, told in messages.items():
        said = told
        while isinstance(said, Mapping):
            said = next(iter(said.values()))
        first = str(said[0] if isinstance(said, (list, tuple)) else said)
        catalogue, _, key = first.partition(".")
        known = key in CATALOGUES.get(catalogue, {})
        missing = "form.choose" if _is_chosen(fields.get(name)) else "form.required"
        found[name] = t(first) if known else t(missing if "required" in first else "form.other")
    return found


def _is_chosen(field: ma.fields.Field[Any] | None) -> bool:
    """Whether a field is chosen from a list, and not typed."""
    return field is not None and any(isinstance(one, ma.validate.OneOf) for one in field.validators)


def name_roles(roles: Sequence[str]) -> list[tuple[str, str]]:
    """Roles with their words, for a list to choose from."""
    return [(role, t(f"account.{role}")) for role in roles]


def nav() -> list[tuple[str, str, bool]]:
    """The links in the head of the page."""
    return navigation.links(g.get("asker"))


def me() -> Any:
    """The account that is signed in; None: nobody is."""
    asker = g.get("asker")
    return current_user if asker is not None and asker.kind == "human" else None


def here_in(lang: str) -> str:
    """The address of this page in another language: relative, so that it says nothing about the page."""
    return f"?{urlencode([*((k, v) for k, v in request.args.items(multi=True) if k != QUERY), (QUERY, lang)])}"


def address_with(**query: object) -> str:
    """The address of this page with other values in its address; None leaves one out."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in query and k not in (QUERY, DONE)]
    told = [*kept, *((k, str(v)) for k, v in query.items() if v is not None)]
    return f"?{urlencode(told)}" if told else request.path


def exists(address: str) -> bool:
    """Whether there is a page at an address without an id."""
    return address.partition("?")[0] in navigation.addresses()


def done_banner() -> str:
    """What the banner says that ``go`` asked for."""
    key = request.args.get(DONE, "")
    return t(f"done.{key}") if key in CATALOGUES["done"] else ""

"""The pages, server-rendered on the same services as the API. How to add one follows.

1. *Words.* A module in `api/texts/pages/` with one `Catalogue` (key -> Dutch, English), one line for it in
   `api.texts.pages.CATALOGUES`. On screen: ``t("today.title")``; ``n("today.left", 3)`` takes ``left_one`` for 1.
2. *View.* A module here with a ``blueprint`` and a line in `PAGES`. Every view says ``@access(...)``; it calls a
   service and ends in ``show("today.html", ...)``. Foreign and missing: ``raise not_found()``. Dutch paths.
3. *Template.* ``{% extends "base.html" %}``, ``{% set title = t("today.title") %}``, ``{% block content %}`` with one
   h1. Pieces (form, field, error_summary, table, facts, tabs, empty, pager, steps, tasks, bars, ...) are macros:
   ``{% import "parts.html" as ui %}``.
4. *Form.* ``{% call ui.form(url) %}`` adds the token against cross-site requests and the key that makes a double click
   one effect. The view is a POST with ``@once``; it reads with ``read_form(Schema)``, shows the page again with
   ``wrong`` (status 400, what was typed kept) or ends in ``go(url, done="key")``: ``key`` of the catalogue ``done`` is
   the banner of the next page. Nothing needs JavaScript.
5. *Navigation.* A line in `api.web.pages.navigation.LINKS`; it shows once the address exists. `START` there
   says where a role begins.
6. *Tests.* A line per address in ``PAGES`` of `tests/service/test_access_matrix.py`, and one per page and state in
   `tests/pages/pages.py`: both languages, 1280 and 320 pixels, axe, titles and screenshots (``out/screens``) follow.
"""
from __future__ import annotations

from flask import Flask

from api.web.pages import (
    account,
    activation,
    admin_accounts,
    admin_backups,
    admin_insight,
    admin_parties,
    admin_policy,
    admin_projects,
    admin_register,
    admin_stop,
    administration,
    answered,
    compare,
    details,
    employer,
    erasing,
    errors,
    first_look_pages,
    follow_pages,
    follow_work,
    group_pages,
    help_requests,
    municipality,
    posted,
    proposals,
    public,
    review,
    run_pages,
    school,
    search,
    second_factor,
    share,
    standing_pages,
    start,
    static,
    today,
    youth,
)
from api.web.pages.base import set_up
from api.web.pages.once import form_key

PAGES = (
    account,
    activation,
    admin_accounts,
    admin_backups,
    admin_insight,
    admin_parties,
    admin_policy,
    admin_projects,
    admin_register,
    admin_stop,
    administration,
    answered,
    compare,
    details,
    erasing,
    first_look_pages,
    follow_pages,
    follow_work,
    group_pages,
    help_requests,
    municipality,
    posted,
    proposals,
    public,
    review,
    second_factor,
    run_pages,
    search,
    share,
    standing_pages,
    start,
    static,
    today,
    *employer.PAGES,
    *school.PAGES,
    *youth.PAGES,
)
"""The modules with pages, each with a ``blueprint``."""


def register(app: Flask) -> None:
    """Add every page to the app."""
    set_up(app)
    app.jinja_env.globals.update(form_key=form_key, static=static.address)
    for module in PAGES:
        app.register_blueprint(module.blueprint)


__all__ = ["errors", "register"]

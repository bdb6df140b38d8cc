"""The administrator's page of the entry in the register of algorithms: to read, print and download."""
from __future__ import annotations

from flask import Blueprint, Response

from api.services.algorithm_entry import entry
from api.tables import csv_bytes
from api.web.access import access
from api.web.database import rows
from api.web.pages.base import show, t
from api.web.pages.language import language

blueprint = Blueprint("admin_register", __name__)
PATH = "/beheer/algoritmeregister"
ADMINISTRATOR = access("administrator", people_only=True)


@blueprint.get(PATH)
@ADMINISTRATOR
def register() -> Response:
    """The entry, field by field."""
    return show("admin_register.html", entry=entry(rows(), language()))


@blueprint.get(f"{PATH}.csv")
@ADMINISTRATOR
def register_file() -> Response:
    """The same as a file."""
    made = csv_bytes((t("algorithm.part"), t("algorithm.text")), entry(rows(), language()))
    return Response(made, content_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": "attachment; filename=algorithm-register.csv"})  # fmt: skip

"""The service for a production server: `gunicorn --config python:api.gunicorn_settings 'api.wsgi:create()'`.

Every process makes its own app on one database, whose tables must be ready (`schakel db upgrade`): processes that
start side by side migrate nothing.
"""
from __future__ import annotations

from flask import Flask

from api.app import create_app
from api.mendable import mendable
from api.services.upkeep import must_be_ready, must_be_safe, open_database, read_by_others
from api.settings import read_settings
from api.web.logs import set_up_logs


def create() -> Flask:
    """Return the service by the settings of the environment.

    Raises
    ------
    Unsafe
        With every setting that is unknown, unreadable or unsafe.
    Refused
        If the tables are not those of this version, or the database may lose what it said it kept, or is not there.
    """
    settings = read_settings(begins=False)
    set_up_logs(settings.log_level)
    database = open_database(settings)
    try:
        must_be_safe(database, production=settings.production)
        must_be_ready(database)
        read_by_others(database)
    except Exception as error:  # gunicorn prints the words of whatever comes
        told = mendable(error)
        if told is None:
            raise
        raise told from None
    return create_app(settings, database)



"""The administrator's page of backups: the latest, making one, how to restore one, and how long they stay."""
from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app

from api.errors import Refused
from api.services import backup_list
from api.services.run_inputs import policy_now
from api.web.access import access, asker
from api.web.database import database, now, rows
from api.web.pages.base import go, show, t

blueprint = Blueprint("admin_backups", __name__)
PATH = "/beheer/back-ups"
ADMINISTRATOR = access("administrator", people_only=True)
OLD = timedelta(days=2)
"""After so long somebody should be told; a backup a day leaves a day for a night that failed."""
_one_at_a_time = threading.Lock()


@blueprint.get(PATH)
@ADMINISTRATOR
def backups() -> Response:
    """What there is; restoring belongs to whoever is on the machine, for it needs an empty database and the secret."""
    last = backup_list.latest(rows())
    days = policy_now(rows()).terms.backup_days
    found = backup_list.files(current_app.config["SCHAKEL_SETTINGS"].data_dir, days)
    old = last is not None and now() - last.at > OLD
    return show("admin_backups.html", last=last, old=old, files=found, days=days,
                restored=backup_list.restored(rows()))


@blueprint.post(PATH)
@ADMINISTRATOR
def make() -> Any:
    """Make one now, with no transaction open, so that others write meanwhile; a second click makes no second one.

    A key of the form, as elsewhere, would have to stand in a transaction of its own for as long as this takes.
    """
    actor, settings = asker().actor, current_app.config["SCHAKEL_SETTINGS"]
    rows().commit()
    if not _one_at_a_time.acquire(blocking=False):
        return go(PATH, done="backup_runs")
    try:
        _, counts = backup_list.make(database(), settings.data_dir, settings.audit_key, now=now())
    except Refused:  # of this very second there is one
        return go(PATH, done="backup_made")
    except OSError as error:
        return show("refused.html", 409, title_of=t("admin_backups.failed"), back=PATH,
                    said=[t("admin_backups.failed_text", why=error.strerror or type(error).__name__)])  # fmt: skip
    finally:
        _one_at_a_time.release()
    backup_list.log(rows(), actor, counts, now=now())
    return go(PATH, done="backup_made")

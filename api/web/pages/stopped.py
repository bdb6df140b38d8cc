"""What pages say while the stop switch is on: that nothing is computed, and why."""
from __future__ import annotations

from api.services.switches import stop_switch
from api.web.database import rows
from api.web.pages.base import moment, t


def stopped() -> str:
    """The words, with the reason that the administrator gave to who reads them; empty while the switch is off."""
    found = stop_switch(rows())
    if found is None or not found.on:
        return ""
    return f'{t("run.stopped_service")} {t("run.stopped_why", moment=moment(found.at), reason=found.reason)}'


__all__ = ["stopped"]

"""How long things are kept here: the terms of the policy that holds."""
from __future__ import annotations

from api.services.run_inputs import policy_of
from api.store import runs
from api.store.people import Session
from api.terms import LONGEST, Terms


def terms_that_hold(session: Session) -> Terms:
    """The terms of the newest policy; the longest where nobody adopted one."""
    latest = runs.latest_policy(session)
    return policy_of(latest.text).terms if latest is not None else LONGEST


__all__ = ["terms_that_hold"]

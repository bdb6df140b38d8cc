"""Policies: read with all that is wrong at once, compared on the stored records of a region, adopted as a version."""
from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError

from api.compare.files import data_of
from api.compare.moves import moves
from api.compare.plans import NoPlanUnder, compare
from api.errors import ServiceError
from api.policy import Policy, parse_policy
from api.schemas.policy import defects, load_policy
from api.services.run_inputs import Inputs, gather, policy_now
from api.services.uploads import Conflict
from api.store import audit, runs
from api.store.audit import Actor
from api.store.people import Session
from api.store.runs import Run, StoredPolicy
from features.errors import FeatureError
from matcher.errors import Infeasible

LONGEST = 100_000
MOST_PAIRS = 4_000_000
"""Students times openings beyond which a comparison takes longer than somebody waits; a region has far fewer."""
PATIENCE = 20.0
"""Seconds that each of the two plans gets."""


class WrongPolicy(ServiceError):
    """A policy that cannot be used; ``errors`` says all that is wrong, setting by setting."""

    code = "wrong_policy"

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        self.errors = [{"field": name, "message": what} for name, what in errors]
        super().__init__("; ".join(f"{name}: {what}" if name else what for name, what in errors))


def read(text: str, lang: str) -> Policy:
    """Return the policy of a text, TOML or a JSON object.

    Raises
    ------
    WrongPolicy
        With everything that is wrong.
    """
    try:
        return load_policy(parse_policy(text))
    except tomllib.TOMLDecodeError as error:
        raise WrongPolicy([("", str(error))]) from None
    except ValidationError as error:
        raise WrongPolicy(defects(error, lang)) from None


def as_text(settings: Mapping[str, Any]) -> str:
    """Settings given as data, as the text that is kept."""
    return json.dumps(settings, ensure_ascii=False, indent=1, default=_in_json)


def as_settings(text: str) -> dict[str, Any]:
    """The settings of a text that is kept, as data: what `as_text` makes a text of that says the same."""
    found: dict[str, Any] = json.loads(as_text(parse_policy(text)))
    return found


def adopt(session: Session, actor: Actor, text: str, *, lang: str, now: datetime) -> StoredPolicy:
    """Adopt a policy: every run asked for from now on is made with it.

    Raises
    ------
    WrongPolicy
        If it cannot be used.
    Conflict
        If it is the one that holds.
    """
    policy = read(text, lang)
    holds = policy_now(session)
    if (holds.digest(), holds.terms) == (policy.digest(), policy.terms):
        raise Conflict("This is the policy that holds already.", code="same_policy")
    made = runs.add_policy(session, text, policy.digest(), actor.id, now)
    audit.append(session, actor, "policy.adopted", ("policy", made.id), now=now, number=made.number,
                 digest=made.digest)  # fmt: skip
    return made


def inputs_of(session: Session, regions: Sequence[str], *, on: date, lang: str, now: datetime) -> Inputs:
    """What a run over regions would be made from now, under the policy that holds.

    Raises
    ------
    Conflict
        If it is too much to be compared while somebody waits.
    """
    latest = runs.latest_policy(session) or runs.add_policy(session, "", Policy().digest(), None, now)
    asked = Run(regions=list(regions), policy_id=latest.id, on=on, lang=lang)
    found = gather(session, asked)
    if len(found.students) * len(found.openings) > MOST_PAIRS:
        raise Conflict("This is too much for one comparison. Choose fewer regions.", code="too_large")
    return found


def comparison(found: Inputs, new: Policy) -> dict[str, Any]:
    """Who would move under a new policy, as counts without a name: totals, refused pairs, groups (small ones hidden).

    Raises
    ------
    Conflict
        If one of the policies has no plan that holds all limits, or none in time.
    """
    students, openings = [student for *_, student in found.students], [opening for *_, opening in found.openings]
    was, new = (replace(policy, time_limit=min(policy.time_limit or PATIENCE, PATIENCE))
                for policy in (found.policy, new))  # fmt: skip
    try:
        result = compare(students, openings, was, new, found.decisions, on=found.on)
    except NoPlanUnder as none:
        why = "holds all limits" if isinstance(none.cause, Infeasible) else "was found in time"
        raise Conflict(f"Under the {none.which} policy no plan {why}.", code=f"no_plan_{none.which}") from None
    except FeatureError as error:
        raise Conflict(str(error), code="no_plan") from None
    return data_of(result, moves(result))


def _in_json(value: Any) -> float | str:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, time):  # TOML has them
        return value.isoformat("minutes")
    raise TypeError(value)


__all__ = ["LONGEST", "WrongPolicy", "adopt", "as_settings", "as_text", "comparison", "inputs_of", "read"]

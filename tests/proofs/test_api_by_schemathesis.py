"""Schemathesis asks every operation of the API as every role that is let in, with whatever the description allows.

All its checks: no fault of the service, only statuses, headers, types and shapes that the description names, wrong
data refused, right data taken, methods that are not there refused. Half of the ids are of rows that exist.
But `ignored_auth`: it takes a token away and leaves the cookie of the session; the matrix of the service asks that.
"""
from __future__ import annotations

import random
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from api.store.tables import Account
from tests.proofs.everything import Who, sign_in
from tests.proofs.figures import record
from tests.proofs.test_access import Open, door, made, table_of
from tests.service.browser import Person
from tests.service.test_access_matrix import MATRIX

with warnings.catch_warnings():  # what it imports speaks of its own future
    warnings.simplefilter("ignore")
    schemathesis = pytest.importorskip("schemathesis")
    from schemathesis.core.failures import Failure, FailureGroup

__all__ = ["door", "made"]

TAKEN = ["2xx", "3xx", "400", "401", "403", "404", "409", "412", "413", "428", "429"]
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "412", "413", "415", "428", "429"]


def asked(door: Open, number: int) -> Iterator[tuple[str, str]]:
    """Ask every operation ``number`` times as every role; give it and what was wrong ("": nothing)."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", door.here.app)
    # The rules of the service say more than the shapes of the description: 400 and 412 may answer what has the shape.
    schema.config.checks.positive_data_acceptance.expected_statuses = TAKEN
    schema.config.checks.negative_data_rejection.expected_statuses = REFUSED
    schema.config.checks.ignored_auth.enabled = False
    for found in schema.get_all_operations():
        operation = found.ok()
        name = f"{operation.method.upper()} {operation.path}"
        roles = MATRIX.get((operation.method.upper(), operation.path), {""})
        for role in sorted(roles):
            who, person = next(pair for pair in door.people if pair[0].role == role)
            for fault in _faults(door, operation, who, person, number):
                yield f"{name} as {role or 'nobody'}", fault


def _faults(door: Open, operation: Any, who: Who, person: Person, number: int) -> list[str]:
    found: list[str] = []
    rng = random.Random(f"{operation.label}{who.role}")
    people = {"now": person}

    @seed(len(operation.label))
    @given(case=operation.as_strategy())
    @settings(max_examples=number, phases=[Phase.generate], deadline=None, derandomize=False, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    def ask(case: Any) -> None:
        if operation.method.upper() == "DELETE" and who.role == "administrator":
            case.path_parameters = case.path_parameters or {}
        elif case.path_parameters and rng.random() < 0.5:
            case.path_parameters |= {part: rng.choice(door.ids[table_of(part)] or [""])
                                     for part in case.path_parameters if part.endswith("_id")}  # fmt: skip
        headers = dict(people["now"].headers)
        cookie = people["now"].client.get_cookie("sid")
        cookies = {} if cookie is None else {"sid": cookie.value}
        told = case.call(headers=headers, cookies=cookies)
        if told.status_code == 401 and who.account:  # a question before ended the session, or closed the account
            _open_again(door, who)
            people["now"] = sign_in(door.here, who)
            return
        try:
            case.validate_response(told, headers=headers)
        except (Failure, FailureGroup) as failure:
            parts = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
            found.append("")
            found.extend(f"{part.title}: {' '.join(str(part.message).split())[:300]} [{told.status_code}]"
                         for part in parts)  # fmt: skip
        else:
            found.append("")

    ask()
    return found


def _open_again(door: Open, who: Who) -> None:
    with door.here.database.writing() as session:
        account = session.get_one(Account, who.account)
        account.active, account.must_change = True, False


def problems(door: Open, number: int) -> tuple[Counter[str], int]:
    """What was wrong, how often, and how many were asked."""
    wrong: Counter[str] = Counter()
    times = 0
    for name, fault in asked(door, number):
        times += not fault
        if fault:
            wrong[f"{name}: {fault}"] += 1
    return wrong, times


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("number", [1, pytest.param(52, marks=pytest.mark.slow)])
def test_the_api_does_what_it_says(door: Open, number: int) -> None:
    wrong, times = problems(door, number)
    assert wrong == Counter()
    if number > 1:
        record("schemathesis", f"{times} requests over every operation and role: 0 faults, 0 breaches", requests=times)

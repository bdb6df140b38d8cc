"""The smallest worlds in which real servers have something to do."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.services.accounts import Right
from features.geography import REGIONS
from tests.service.browser import Service
from tests.service.test_decisions import proposals
from tests.service.test_runs import compute, tiny

EVERYWHERE = tuple(Right("connector", code) for code in REGIONS)


@dataclass(frozen=True)
class Small:
    """A run over the cohort solved by hand: its id, its proposals, and the addresses of connectors of all regions."""

    run: str
    proposals: list[dict[str, Any]]
    connectors: list[str]

    def pair(self, student: str, vacancy: str) -> str:
        """The proposal of a pair, by the numbers at school and employer."""
        return next(p["id"] for p in self.proposals
                    if (p["student"]["studentRef"], p["opening"]["vacancyRef"]) == (student, vacancy))  # fmt: skip


def small(here: Service, connectors: int = 16) -> Small:
    """Make it."""
    owner = tiny(here)
    run = compute(here, owner)["id"]
    emails = [f"k{number}@example.org" for number in range(connectors)]
    for email in emails:
        here.add(email, *EVERYWHERE)
    return Small(run, proposals(owner, run), emails)

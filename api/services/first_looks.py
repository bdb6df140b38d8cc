"""Whether connectors of a region are asked their own judgement before they read the explanation, on a sample.

It is on unless somebody switched it off. The switch is of the whole region: whoever sets it says why, and everybody
there reads who did.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from api.store import audit, decisions, switches
from api.store.audit import Actor
from api.store.people import Session


@dataclass(frozen=True, slots=True)
class FirstLook:
    """How it stands in a region: since when, by whom and why; without a moment nobody ever set it."""

    region: str
    on: bool = True
    at: datetime | None = None
    by: str = ""
    reason: str = ""
    version: int = 0


def of_regions(session: Session, regions: Iterable[str]) -> list[FirstLook]:
    """How it stands in each of these regions, in their order."""
    wanted = list(regions)
    found = switches.several(session, [switches.first_look(region) for region in wanted])
    names = decisions.names(session, [one.account_id for one in found.values() if one.account_id])
    told = []
    for region in wanted:
        one = found.get(switches.first_look(region))
        told.append(FirstLook(region) if one is None else FirstLook(
            region, one.on, one.at, names.get(one.account_id or "", ""), one.reason, one.version))  # fmt: skip
    return told


def turn(session: Session, actor: Actor, region: str, *, on: bool, reason: str, now: datetime) -> None:
    """Switch it for a region, with the reason."""
    name = switches.first_look(region)
    switches.turn(session, name, on=on, reason=reason, account_id=actor.id, now=now)
    audit.append(session, actor, "switch.on" if on else "switch.off", ("switch", name), now=now)


__all__ = ["FirstLook", "of_regions", "turn"]

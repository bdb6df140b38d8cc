"""In which settings two policies differ, and a policy with one of them put back."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from api import terms
from api.policy import HEADED, Cap, Policy, clock_span
from api.tables import plain_millionths
from features.measures import Measures, is_worth
from features.settings import FEATURES, RuleSettings

SETS = ("neighbours", "own_regions", "werkschool_members")
"""Settings that name sets."""
WEIGHTS = "weights"
"""The weights change together, since they add up to 1: they are put back together."""
_IDLE = ("bands.good", "bands.fair", "time_limit_seconds", *(f"retention.{name}" for name in terms.names()))
_ABSENT = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting that differs, by its name in the file; both values as the file writes them, empty: not there."""

    name: str
    old: str
    new: str

    @property
    def group(self) -> str:
        """The setting or settings that are put back together."""
        return WEIGHTS if self.name.startswith("weights.") else self.name


def differences(old: Policy, new: Policy) -> tuple[Difference, ...]:
    """Return every setting in which two policies differ, in the order of the file; name and version left aside."""
    before, after = _flat(old), _flat(new)
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Difference(name, before.get(name, _ABSENT), after.get(name, _ABSENT))
        for name in names
        if before.get(name, _ABSENT) != after.get(name, _ABSENT)
    )


def deciding(found: tuple[Difference, ...]) -> tuple[str, ...]:
    """Return the groups of changed settings that can move somebody; bands are words, time and terms no rules."""
    return tuple(dict.fromkeys(one.group for one in found if one.name not in _IDLE))


def put_back(new: Policy, old: Policy, group: str) -> Policy:
    """Return the new policy with one group of settings as the old one has it."""
    head, _, rest = group.partition(".")
    if group == WEIGHTS:
        return replace(new, weights=old.weights)
    if head == "rules":
        return replace(new, rules=replace(new.rules, **{rest: getattr(old.rules, rest)}))
    if head == "measures":
        part = {rest: getattr(old.rules.measures, rest)}
        return replace(new, rules=replace(new.rules, measures=replace(new.rules.measures, **part)))
    if head in SETS:
        entries = dict(getattr(new.rules, head))
        was: Mapping[str, tuple[str, ...]] = getattr(old.rules, head)
        entries.pop(rest, None)
        if rest in was:
            entries[rest] = was[rest]
        changed: dict[str, Any] = {head: MappingProxyType(entries)}
        return replace(new, rules=replace(new.rules, **changed))
    if head == "caps":
        kept = tuple(cap for cap in new.caps if cap.name != rest)
        return replace(new, caps=(*kept, *(cap for cap in old.caps if cap.name == rest)))
    name = group.replace("priority.", "priority_")
    return replace(new, **{name: getattr(old, name)})


def _flat(policy: Policy) -> dict[str, str]:
    rules = policy.rules
    plain = [part.name for part in fields(RuleSettings) if part.name not in HEADED]
    return {
        "objective": policy.objective,
        "unplaced_fit": plain_millionths(policy.unplaced_fit),
        "time_limit_seconds": f"{policy.time_limit or 0:g}",
        "min_fit": plain_millionths(policy.min_fit),
        "bands.good": plain_millionths(policy.band_good),
        "bands.fair": plain_millionths(policy.band_fair),
        **{f"weights.{name}": plain_millionths(getattr(policy.weights, name)) for name in FEATURES},
        **{f"rules.{name}": _text(getattr(rules, name)) for name in plain},
        **{f"measures.{part.name}": _measure(part.name, rules.measures) for part in fields(Measures)},
        "priority.days": str(policy.priority_days),
        "priority.weight": str(policy.priority_weight),
        **{f"retention.{name}": str(getattr(policy.terms, name)) for name in terms.names()},
        **{
            f"{head}.{key}": ", ".join(names) or "[]"
            for head in SETS
            for key, names in sorted(getattr(rules, head).items())
        },
        **{f"caps.{cap.name}": _cap(cap) for cap in sorted(policy.caps, key=lambda cap: cap.name)},
    }


def _measure(name: str, measures: Measures) -> str:
    value = getattr(measures, name)
    return plain_millionths(value) if is_worth(name) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(clock_span(*item) if isinstance(item, tuple) else str(item) for item in value) or "[]"
    return f"{value:%H:%M}" if hasattr(value, "hour") else str(value)


def _cap(cap: Cap) -> str:
    parts = (("branch", cap.branch), ("region", cap.region), ("employer_kvk", cap.employer_kvk),
             ("at_least", cap.at_least), ("at_most", cap.at_most))  # fmt: skip
    return ", ".join(f"{name} {value}" for name, value in parts if value not in ("", None))

"""The policy of a run: weights, bands, rules, limits and objective, as people set them in a TOML file.

Every figure has a default that `schakel template policy` shows; a file names only what differs. Weights
and fits are decimals with at most six places in the file and integer millionths from here on.
"""
from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from api.terms import Terms, names
from api.texts.policy import POLICY_WORDS
from features.measures import Measures, is_worth
from features.settings import FEATURES, RuleSettings, Weights

HEADED = ("neighbours", "own_regions", "werkschool_members", "measures")
"""What stands with the rules in `features.settings.RuleSettings` and under a heading of its own in the file."""
OBJECTIVES = ("placed", "fit", "balanced")


@dataclass(frozen=True, slots=True)
class Cap:
    """At least and at most so many placements over the openings of a branch, a region or an employer (empty: any)."""

    name: str
    branch: str = ""
    region: str = ""
    employer_kvk: str = ""
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """All settings of one run.

    ``min_fit``, ``band_good``, ``band_fair`` and ``unplaced_fit`` are millionths. A student who left more than
    ``priority_days`` days before the run and has no destination weighs ``priority_weight``, others 1.
    ``time_limit`` is in seconds, None for none. ``terms``: how long the service keeps things; no run depends on it.
    """

    name: str = "standaard"
    version: str = "1"
    objective: str = "placed"
    unplaced_fit: int = 0
    time_limit: float | None = 600.0
    min_fit: int = 400_000
    band_good: int = 700_000
    band_fair: int = 400_000
    priority_days: int = 180
    priority_weight: int = 2
    weights: Weights = field(default_factory=Weights)
    rules: RuleSettings = field(default_factory=RuleSettings)
    caps: tuple[Cap, ...] = ()
    terms: Terms = field(default_factory=Terms)

    def band(self, fit: int) -> str:
        """Return the band of a fit in millionths: good, fair or not_yet."""
        if fit >= self.band_good:
            return "good"
        return "fair" if fit >= self.band_fair else "not_yet"

    def canonical(self) -> dict[str, Any]:
        """Return the settings that a run depends on as plain data in one fixed form; equal ones give equal data."""
        data: dict[str, Any] = _plain(self)
        del data["terms"]
        data["caps"] = sorted(data["caps"], key=lambda cap: str(cap["name"]))
        return data

    def digest(self) -> str:
        """SHA-256 of `canonical`, in hexadecimal."""
        text = json.dumps(self.canonical(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def parse_policy(text: str) -> dict[str, Any]:
    """Return the TOML text, or JSON object, as data, decimals kept exact.

    Raises tomllib.TOMLDecodeError where it is neither.
    """
    if text.lstrip().startswith("{"):  # no TOML file begins like this
        try:
            data: dict[str, Any] = json.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            raise tomllib.TOMLDecodeError(str(error)) from None
        return data
    return tomllib.loads(text, parse_float=Decimal)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, (str, int, float, type(None))) else str(value)


def policy_template(lang: str = "nl") -> str:
    """Return a policy file with every setting at its default, explained in ``lang``; reading it gives ``Policy()``."""
    words, policy = POLICY_WORDS[lang], Policy()
    rules = [part.name for part in fields(RuleSettings) if part.name not in HEADED]
    lines = [
        f"# {words['head']}",
        f'name = "{policy.name}"',
        f'version = "{policy.version}"',
        f"# {words['objective']}",
        f'objective = "{policy.objective}"',
        f"unplaced_fit = {_decimal(policy.unplaced_fit)}  # {words['unplaced_fit']}",
        f"time_limit_seconds = {policy.time_limit:g}  # {words['time_limit_seconds']}",
        f"min_fit = {_decimal(policy.min_fit)}  # {words['min_fit']}",
        "",
        f"[bands]  # {words['bands']}",
        f"good = {_decimal(policy.band_good)}",
        f"fair = {_decimal(policy.band_fair)}",
        "",
        f"[weights]  # {words['weights']}",
        *(f"{name} = {_decimal(weight)}" for name, weight in zip(FEATURES, policy.weights.as_tuple(), strict=True)),
        "",
        f"[rules]  # {words['rules']}",
        *(f"{name} = {_toml(getattr(policy.rules, name))}  # {words[name]}" for name in rules),
        "",
        f"[measures]  # {words['measures']}",
        *(_measure_line(part.name, policy.rules.measures, words) for part in fields(Measures)),
        "",
        f"[priority]  # {words['priority']}",
        f"days = {policy.priority_days}",
        f"weight = {policy.priority_weight}",
        "",
        f"[retention]  # {words['retention']}",
        *(f"{name} = {getattr(policy.terms, name)}  # {words[name]}" for name in names()),
        "",
        f"[neighbours]  # {words['neighbours']}",
        '# AM36 = ["AM03", "AM05", "AM06"]',
        "",
        f"[own_regions]  # {words['own_regions']}",
        '# Salland = ["Raalte", "Olst-Wijhe", "Deventer"]',
        "",
        f"[werkschool_members]  # {words['werkschool_members']}",
        '# Salland = ["25AB00"]',
        "",
        f"# {words['caps']}",
        "# [[caps]]",
        '# branch = "infra"',
        '# region = "AM36"',
        "# at_most = 10",
        "",
    ]
    return "\n".join(lines)


def _measure_line(name: str, measures: Measures, words: Mapping[str, str]) -> str:
    value = getattr(measures, name)
    shown = _decimal(value) if is_worth(name) else str(value)
    return f"{name} = {shown}  # {words.get(name) or words[name.partition('_')[0]]}"


def _toml(value: Any) -> str:
    """A setting of the rules as the file has it: numbers, times, codes, or pairs of minutes after midnight."""
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(clock_span(*item) if isinstance(item, tuple) else item) for item in value)}]"
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    return f'"{value}"' if isinstance(value, str) else str(value)


def clock_span(begin: int, end: int) -> str:
    """Return minutes after midnight as a span of times: ``06:00-22:00``."""
    return f"{begin // 60:02d}:{begin % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def _decimal(millionths: int) -> str:
    return f"{Decimal(millionths).scaleb(-6).normalize():f}"

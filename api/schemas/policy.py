"""The policy file through its schema: every defect at once, each with the setting's name and what was expected."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates_schema

from api.policy import OBJECTIVES, Cap, Policy
from features.codes import code_list
from features.geography import find_municipality, find_region
from features.settings import FEATURES, RuleSettings, Weights

_SIZE = 6  # decimals of a weight or a fit


class Share(fields.Field[int]):
    """A decimal from 0 to 1 with at most six places, as integer millionths."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not 0 <= value <= 1:
            raise ValidationError(f"found {value!s}; expected a number from 0 to 1")
        return _millionths(value)


class Figure(fields.Field[int]):
    """Any decimal with at most six places, as integer millionths."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not -(10**9) <= value <= 10**9:
            raise ValidationError(f"found {value!s}; expected a number between -1e9 and 1e9")
        return _millionths(value)


def _millionths(value: int | Decimal) -> int:
    return int(Decimal(value).scaleb(_SIZE).quantize(Decimal(1), ROUND_HALF_EVEN))


def _whole(low: int, high: int) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(low, high))


class _Strict(Schema):
    class Meta:
        """Unknown settings are refused: a misspelt weight may not pass in silence."""

        unknown = RAISE


class WeightsSchema(_Strict):
    """One weight per pair feature; together exactly 1."""

    locals().update({name: Share() for name in FEATURES})


class BandsSchema(_Strict):
    """The lower edges of the bands good and fair."""

    good = Share()
    fair = Share()


class PrioritySchema(_Strict):
    """Who left longer ago than ``days`` without a destination weighs ``weight``."""

    days = _whole(0, 3660)
    weight = _whole(1, 1000)


class RulesSchema(_Strict):
    """Figures of the hard rules; see `features.settings.RuleSettings`."""

    age_individual_min = _whole(12, 99)
    age_werkschool_min = _whole(12, 99)
    age_werkschool_max = _whole(12, 99)
    age_group_min = _whole(12, 99)
    age_group_usual_min = _whole(12, 99)
    age_group_usual_max = _whole(12, 99)
    date_grace_days = _whole(0, 366)
    road_factor = fields.Float(validate=validate.Range(1, 3))
    first_transport = fields.Time(format="%H:%M")
    fresh_marked_days = _whole(1, 3660)
    fresh_refused_days = _whole(1, 3660)


class CapSchema(_Strict):
    """A limit over the openings of a branch, a region or an employer."""

    name = fields.String(validate=validate.Length(1, 80))
    branch = fields.String()
    region = fields.String()
    employer_kvk = fields.String(validate=validate.Regexp(r"^\d{8}$", error="expected the 8 digits of a KvK number"))
    at_least = _whole(0, 10**9)
    at_most = _whole(0, 10**9)

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if "at_least" not in data and "at_most" not in data:
            raise ValidationError("expected at_most or at_least", "at_most")
        if data.get("at_least", 0) > data.get("at_most", 10**9):
            raise ValidationError("is above at_most: no plan can hold both", "at_least")
        if not any(data.get(key) for key in ("branch", "region", "employer_kvk")):
            raise ValidationError("expected a branch, a region or an employer_kvk", "branch")


class PolicySchema(_Strict):
    """The whole file."""

    name = fields.String(validate=validate.Length(1, 80))
    version = fields.String(validate=validate.Length(1, 40))
    objective = fields.String(validate=validate.OneOf(OBJECTIVES))
    unplaced_fit = Figure()
    time_limit_seconds = fields.Float(validate=validate.Range(0, 10**6))
    min_fit = Share()
    bands = fields.Nested(BandsSchema)
    weights = fields.Nested(WeightsSchema)
    rules = fields.Nested(RulesSchema)
    priority = fields.Nested(PrioritySchema)
    neighbours = fields.Dict(fields.String(), fields.List(fields.String()))
    own_regions = fields.Dict(fields.String(), fields.List(fields.String()))
    werkschool_members = fields.Dict(fields.String(), fields.List(fields.String()))
    caps = fields.List(fields.Nested(CapSchema))

    @post_load
    def _policy(self, data: dict[str, Any], **_: Any) -> Policy:
        problems: dict[str, list[str]] = {}
        weights = _weights(data.get("weights", {}), problems)
        rules = _rules(data, problems)
        caps = tuple(_cap(number, cap, problems) for number, cap in enumerate(data.get("caps", []), 1))
        if len({cap.name for cap in caps}) < len(caps):
            problems["caps"] = ["two caps have one name; give each a name of its own"]
        bands = {"good": 700_000, "fair": 400_000} | data.get("bands", {})
        if bands["fair"] > bands["good"]:
            problems["bands.fair"] = ["is above the lower edge of good"]
        if problems:
            raise ValidationError(problems)
        priority = data.get("priority", {})
        limit = data.get("time_limit_seconds", 600.0)
        given = {key: data[key] for key in ("name", "version", "objective", "unplaced_fit") if key in data}
        return replace(
            Policy(), **given, weights=weights, rules=rules, caps=caps, time_limit=limit or None,
            min_fit=data.get("min_fit", bands["fair"]), band_good=bands["good"], band_fair=bands["fair"],
            priority_days=priority.get("days", 180), priority_weight=priority.get("weight", 2),
        )  # fmt: skip


def _weights(given: Mapping[str, int], problems: dict[str, list[str]]) -> Weights:
    figures = dict(zip(FEATURES, Weights().as_tuple(), strict=True)) | dict(given)
    total = sum(figures.values())
    if total == 10**_SIZE:
        return Weights(**figures)
    problems["weights"] = [f"together they are {Decimal(total).scaleb(-_SIZE)}; expected exactly 1"]
    return Weights()


def _rules(data: dict[str, Any], problems: dict[str, list[str]]) -> RuleSettings:
    given = dict(data.get("rules", {}))
    for low, high in (
        ("age_werkschool_min", "age_werkschool_max"),
        ("age_group_usual_min", "age_group_usual_max"),
        ("fresh_marked_days", "fresh_refused_days"),
    ):
        default = RuleSettings()
        if given.get(low, getattr(default, low)) > given.get(high, getattr(default, high)):
            problems[f"rules.{low}"] = [f"is above {high}"]
    neighbours = {
        code: tuple(sorted(filter(None, (_region(name, f"neighbours.{key}", problems) for name in names))))
        for key, names in data.get("neighbours", {}).items()
        if (code := _region(key, f"neighbours.{key}", problems))
    }
    own = {
        key: tuple(sorted({code for name in names for code in _municipality(name, f"own_regions.{key}", problems)}))
        for key, names in data.get("own_regions", {}).items()
    }
    members = {
        key: tuple(sorted({_school(name) for name in names}))
        for key, names in data.get("werkschool_members", {}).items()
    }
    return replace(
        RuleSettings(), **given, neighbours=MappingProxyType(neighbours), own_regions=MappingProxyType(own),
        werkschool_members=MappingProxyType(members),
    )  # fmt: skip


def _cap(number: int, given: dict[str, Any], problems: dict[str, list[str]]) -> Cap:
    branch, region = given.get("branch", ""), given.get("region", "")
    if branch:
        code = code_list("branch").read(branch)
        if code is None:
            near = code_list("branch").suggest(branch)
            hint = f"; did you mean {near}?" if near else ""
            problems[f"caps[{number}].branch"] = [f"found {branch}; expected a branch code{hint}"]
        branch = code or branch
    if region:
        region = _region(region, f"caps[{number}].region", problems) or region
    name = given.get("name") or " x ".join(filter(None, (branch, region, given.get("employer_kvk", ""))))
    return Cap(
        name, branch, region, given.get("employer_kvk", ""), given.get("at_least"), given.get("at_most")
    )


def _region(text: str, where: str, problems: dict[str, list[str]]) -> str | None:
    code = find_region(text)
    if code is None:
        expected = "a labour-market region, such as AM36 or Regio Zwolle"
        problems.setdefault(where, []).append(f"found {text}; expected {expected}")
    return code


def _municipality(text: str, where: str, problems: dict[str, list[str]]) -> tuple[str, ...]:
    code = find_municipality(text)
    if code is None:
        problems.setdefault(where, []).append(f"found {text}; expected a municipality of today, by name or CBS code")
    return (code,) if code else ()


def _school(text: str) -> str:
    compact = text.replace(" ", "").upper()
    return compact + "00" if len(compact) == 4 else compact


def load_policy(data: Mapping[str, Any]) -> Policy:
    """Return the policy; raises marshmallow's ValidationError with all defects at once."""
    policy = PolicySchema().load(data)
    assert isinstance(policy, Policy)
    return policy


def defects(error: ValidationError) -> list[tuple[str, str]]:
    """Return (setting, what is wrong with it) pairs, in the order of the file's settings."""
    found: list[tuple[str, str]] = []

    def walk(name: str, node: Any) -> None:
        if isinstance(node, dict):
            for key, child in node.items():
                walk(f"{name}.{key}" if name and key != "_schema" else name or str(key), child)
        else:
            found.extend((name, str(message)) for message in node)

    walk("", error.messages)
    return found


__all__ = ["PolicySchema", "defects", "load_policy"]

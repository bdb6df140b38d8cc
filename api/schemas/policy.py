"""The policy file through its schema: every defect at once, each with the setting's name and what was expected."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from marshmallow import ValidationError, fields, post_load, validates_schema

from api import terms
from api.policy import OBJECTIVES, Cap, Policy
from api.schemas.policy_fields import (
    Choice,
    Clock,
    Code,
    Codes,
    Figure,
    Names,
    Number,
    Share,
    Strict,
    Text,
    Whole,
    Windows,
    Wrong,
    read_code,
)
from features.errors import FeatureError
from features.geography import find_municipality, find_region
from features.measures import Measures, bounds, is_worth
from features.settings import FEATURES, MILLION, RuleSettings, Weights

Problems = dict[str, list[Wrong]]


class WeightsSchema(Strict):
    """One weight per pair feature; together exactly 1."""

    locals().update({name: Share() for name in FEATURES})


class BandsSchema(Strict):
    """The lower edges of the bands good and fair."""

    good = Share()
    fair = Share()


class PrioritySchema(Strict):
    """Who left longer ago than ``days`` without a destination weighs ``weight``."""

    days = Whole(0, 3660)
    weight = Whole(1, 1000)


class RulesSchema(Strict):
    """Figures and codes of the hard rules; see `features.settings.RuleSettings`."""

    age_individual_min = Whole(12, 99)
    age_werkschool_min = Whole(12, 99)
    age_werkschool_max = Whole(12, 99)
    age_group_min = Whole(12, 99)
    age_group_usual_min = Whole(12, 99)
    age_group_usual_max = Whole(12, 99)
    date_grace_days = Whole(0, 366)
    road_factor = Number(1, 3)
    first_transport = Clock()
    fresh_marked_days = Whole(1, 3660)
    fresh_refused_days = Whole(1, 3660)
    under_18_windows = Windows()
    under_16_windows = Windows()
    under_18_hours_conditions = Codes("condition")
    under_18_forbidden = Codes("condition")
    under_18_supervised = Codes("condition")
    under_18_supervised_certificates = Codes("certificate")
    under_18_supervision = Code("support")
    schooling_contracts = Codes("contract_type")
    schooling_done_levels = Codes("level")


class MeasuresSchema(Strict):
    """What answers are worth within a feature; see `features.measures.Measures`."""

    locals().update({
        part.name: Share(*bounds(part.name)) if is_worth(part.name) else Whole(*bounds(part.name))
        for part in dataclass_fields(Measures)
    })


class CapSchema(Strict):
    """A limit over the openings of a branch, a region or an employer."""

    name = Text(80)
    branch = Text(80)
    region = Text(80)
    employer_kvk = Text(8, r"\d{8}", "kvk")
    at_least = Whole(0, 10**9)
    at_most = Whole(0, 10**9)

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if "at_least" not in data and "at_most" not in data:
            raise ValidationError([Wrong("neither")], "at_most")
        if data.get("at_least", 0) > data.get("at_most", 10**9):
            raise ValidationError([Wrong("impossible")], "at_least")
        if not any(data.get(key) for key in ("branch", "region", "employer_kvk")):
            raise ValidationError([Wrong("aimless")], "branch")


class RetentionSchema(Strict):
    """How long the service keeps things; see `api.terms.Terms`."""

    locals().update({name: Whole(*terms.bounds(name)) for name in terms.names()})


class PolicySchema(Strict):
    """The whole file."""

    name = Text(80)
    version = Text(40)
    objective = Choice(OBJECTIVES)
    unplaced_fit = Figure()
    time_limit_seconds = Number(0, 10**6)
    min_fit = Share()
    bands = fields.Nested(BandsSchema)
    weights = fields.Nested(WeightsSchema)
    rules = fields.Nested(RulesSchema)
    measures = fields.Nested(MeasuresSchema)
    priority = fields.Nested(PrioritySchema)
    retention = fields.Nested(RetentionSchema)
    neighbours = Names()
    own_regions = Names()
    werkschool_members = Names()
    caps = fields.List(fields.Nested(CapSchema), error_messages={"invalid": Wrong("list")})  # type: ignore[dict-item]

    @post_load
    def _policy(self, data: dict[str, Any], **_: Any) -> Policy:
        problems: Problems = {}
        weights = _weights(data.get("weights", {}), problems)
        rules = _rules(data, problems)
        caps = tuple(_cap(number, cap, problems) for number, cap in enumerate(data.get("caps", []), 1))
        if len({cap.name for cap in caps}) < len(caps):
            problems["caps"] = [Wrong("same_name")]
        bands = {"good": 700_000, "fair": 400_000} | data.get("bands", {})
        if bands["fair"] > bands["good"]:
            problems["bands.fair"] = [Wrong("bands")]
        if problems:
            raise ValidationError(problems)
        priority = data.get("priority", {})
        limit = data.get("time_limit_seconds", 600.0)
        given = {key: data[key] for key in ("name", "version", "objective", "unplaced_fit") if key in data}
        return replace(
            Policy(), **given, weights=weights, rules=rules, caps=caps, time_limit=limit or None,
            min_fit=data.get("min_fit", bands["fair"]), band_good=bands["good"], band_fair=bands["fair"],
            priority_days=priority.get("days", 180), priority_weight=priority.get("weight", 2),
            terms=terms.Terms(**data.get("retention", {})),
        )  # fmt: skip


def _weights(given: Mapping[str, int], problems: Problems) -> Weights:
    figures = dict(zip(FEATURES, Weights().as_tuple(), strict=True)) | dict(given)
    total = sum(figures.values())
    if total == MILLION:
        return Weights(**figures)
    problems["weights"] = [Wrong("weights", {"total": Decimal(total).scaleb(-6)})]
    return Weights()


def _rules(data: dict[str, Any], problems: Problems) -> RuleSettings:
    given = dict(data.get("rules", {}))
    for low, high in (
        ("age_werkschool_min", "age_werkschool_max"),
        ("age_group_usual_min", "age_group_usual_max"),
        ("fresh_marked_days", "fresh_refused_days"),
    ):
        default = RuleSettings()
        if given.get(low, getattr(default, low)) > given.get(high, getattr(default, high)):
            problems[f"rules.{low}"] = [Wrong("above", {"other": high})]
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
        RuleSettings(), **given, measures=_measures(data.get("measures", {}), problems),
        neighbours=MappingProxyType(neighbours), own_regions=MappingProxyType(own),
        werkschool_members=MappingProxyType(members),
    )  # fmt: skip


def _measures(given: Mapping[str, int], problems: Problems) -> Measures:
    try:
        return Measures(**given)
    except FeatureError:  # each alone is within its bounds: it is the weights of the outlook together
        problems["measures.weigh_contract"] = [Wrong("outlook")]
        return Measures()


def _cap(number: int, given: dict[str, Any], problems: Problems) -> Cap:
    branch, region = given.get("branch", ""), given.get("region", "")
    if branch:
        try:
            branch = read_code(branch, "branch")
        except ValidationError as error:
            problems[f"caps[{number}].branch"] = error.messages  # type: ignore[assignment]
    if region:
        region = _region(region, f"caps[{number}].region", problems) or region
    name = given.get("name") or " x ".join(filter(None, (branch, region, given.get("employer_kvk", ""))))
    return Cap(
        name, branch, region, given.get("employer_kvk", ""), given.get("at_least"), given.get("at_most")
    )


def _region(text: str, where: str, problems: Problems) -> str | None:
    code = find_region(text)
    if code is None:
        problems.setdefault(where, []).append(Wrong("region", {"found": text}))
    return code


def _municipality(text: str, where: str, problems: Problems) -> tuple[str, ...]:
    code = find_municipality(text)
    if code is None:
        problems.setdefault(where, []).append(Wrong("municipality", {"found": text}))
    return (code,) if code else ()


def _school(text: str) -> str:
    compact = text.replace(" ", "").upper()
    return compact + "00" if len(compact) == 4 else compact


def load_policy(data: Mapping[str, Any]) -> Policy:
    """Return the policy; raises marshmallow's ValidationError with all defects at once."""
    policy = PolicySchema().load(data)
    assert isinstance(policy, Policy)
    return policy


def defects(error: ValidationError, lang: str = "en") -> list[tuple[str, str]]:
    """Return (setting, what is wrong with it) pairs in words, in the order of the file's settings."""
    found: list[tuple[str, str]] = []

    def walk(name: str, node: Any) -> None:
        if isinstance(node, dict):
            for key, child in node.items():
                if isinstance(key, int):  # the items of a list, as a person counts them
                    walk(f"{name}[{key + 1}]", child)
                else:
                    walk(f"{name}.{key}" if name and key != "_schema" else name or str(key), child)
        else:
            found.extend((name, one.text(lang) if isinstance(one, Wrong) else str(one)) for one in node)

    walk("", error.messages)
    return found


__all__ = ["PolicySchema", "defects", "load_policy"]

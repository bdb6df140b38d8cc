"""Figures for municipalities, connectors and administrators: about many, never about one."""
from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from api.services import figures, oversight
from api.store.retention import OPENED
from api.web.access import access, asker, regions_of
from api.web.database import local_day, now, rows
from api.web.json.base import Blueprint, Schema
from features.geography import REGIONS

blueprint = Blueprint("figures", __name__, description="Counts of many; small ones are hidden, others rounded")
WHO = access("municipality", "connector", "administrator")
GROUPS = ("school_type", "left")


class CellSchema(Schema):
    """A count of people, places or openings: a multiple of five, or hidden."""

    value = ma.fields.Integer(allow_none=True, required=True, metadata={"description": "None: fewer than 5, or hidden "
                                                                        "so that nothing smaller follows"})  # fmt: skip
    hidden = ma.fields.Boolean(required=True)


class EstimateSchema(Schema):
    """A figure in millionths with its 95 % interval, in steps of 50,000."""

    value = ma.fields.Integer(required=True)
    low = ma.fields.Integer(required=True)
    high = ma.fields.Integer(required=True)


class YearQuery(Schema):
    """Which school year, and where."""

    school_year = ma.fields.Integer(load_default=None, validate=ma.validate.Range(2000, 2100), metadata={
        "description": "The year in which it begins; left out: the present one"})  # fmt: skip
    region_code = ma.fields.String(load_default=None, validate=ma.validate.OneOf(REGIONS))


class ChanceQuery(YearQuery):
    """By which groups."""

    group_by = ma.fields.String(load_default="school_type", validate=ma.validate.OneOf(GROUPS))


class RegionFiguresSchema(Schema):
    """What there is in a region."""

    region_code = ma.fields.String(required=True)
    without_place = ma.fields.Nested(CellSchema, required=True)
    placements = ma.fields.Nested(CellSchema, required=True)
    open_places = ma.fields.Nested(CellSchema, required=True)


class StageSchema(Schema):
    """How many came so far."""

    stage = ma.fields.String(required=True, validate=ma.validate.OneOf(figures.STAGES))
    people = ma.fields.Nested(CellSchema, required=True)


class BottleneckSchema(Schema):
    """What one rule does."""

    side = ma.fields.String(required=True, validate=ma.validate.OneOf(["students", "openings"]))
    rule = ma.fields.String(required=True)
    refused = ma.fields.Nested(CellSchema, required=True)
    eased = ma.fields.Nested(CellSchema, required=True, metadata={
        "description": "For how many the smallest change that helps is about this rule"})  # fmt: skip


class ChanceSchema(Schema):
    """How many of a group have a place, beside everybody else."""

    group = ma.fields.String(required=True)
    people = ma.fields.Nested(CellSchema, required=True)
    share = ma.fields.Nested(EstimateSchema, allow_none=True, required=True)
    ratio = ma.fields.Nested(EstimateSchema, allow_none=True, required=True)
    few = ma.fields.Boolean(required=True)
    alarm = ma.fields.Boolean(required=True)


class DestinationCountSchema(Schema):
    """How many of a school type went somewhere."""

    school_type = ma.fields.String(required=True)
    destination = ma.fields.String(required=True)
    people = ma.fields.Nested(CellSchema, required=True)


class FreshnessSchema(Schema):
    """How fresh and how complete the profiles of a region are."""

    region_code = ma.fields.String(required=True)
    people = ma.fields.Nested(CellSchema, required=True)
    fresh = ma.fields.Nested(CellSchema, required=True)
    complete = ma.fields.Nested(CellSchema, required=True, metadata={
        "description": "Filled in for four fifths or more of what rules and features read"})  # fmt: skip


class TimeSchema(Schema):
    """A time as the band that it is in."""

    under = ma.fields.Integer(required=True, allow_none=True, validate=ma.validate.OneOf(oversight.BANDS), metadata={
        "description": "It is shorter than so many seconds, and not shorter than the value before; null: an hour or "
                       "longer"})  # fmt: skip


class DecidingSchema(Schema):
    """How decisions were made in a school year; a figure is null where too few words, or people, would be told."""

    decisions = ma.fields.Nested(CellSchema, required=True, metadata={
        "description": "Of everybody, in every month, the last word on a student and an opening, also one that was "
                       "taken back; so in all figures here"})  # fmt: skip
    first_accepted = ma.fields.Nested(EstimateSchema, allow_none=True, required=True, metadata={
        "description": "Share of accept and pin among words on proposals with rank 1 of the student's own"})
    others_accepted = ma.fields.Nested(EstimateSchema, allow_none=True, required=True, metadata={
        "description": "The same among all other proposals: of a lower rank, or proposed outside the list"})
    opened = ma.fields.Nested(EstimateSchema, allow_none=True, required=True, metadata={
        "description": "Share of words before which their author had the card open on its page or in a comparison, in "
                       "whichever plan; reading a proposal here opens no card. When a card was opened is kept for "
                       f"{OPENED} months: only words count on plans made in them, and since it is kept"})  # fmt: skip
    median = ma.fields.Nested(TimeSchema, allow_none=True, required=True, metadata={
        "description": "The middle one of the times from when the author first had the card open until the word, of "
                       "the words that count as opened"})  # fmt: skip


class OversightSchema(Schema):
    """A region as a whole, and whoever asks beside it."""

    region_code = ma.fields.String(required=True)
    region = ma.fields.Nested(DecidingSchema, required=True, metadata={
        "description": "Of months that are over. Months in which fewer than "
                       f"{oversight.PEOPLE} people said {figures.STEP} words or more each, of those that a figure "
                       "counts, wait until they did together with the months after"})  # fmt: skip
    own = ma.fields.Nested(DecidingSchema, allow_none=True, required=True, metadata={
        "description": "Of who asks, until now, in the regions where they are a connector; nobody else's, and not for "
                       "a system"})  # fmt: skip


@blueprint.route("/figures/regions")
class Regions(MethodView):
    """What there is per region."""

    @WHO
    @blueprint.arguments(YearQuery(only=["school_year"]), location="query")
    @blueprint.response(200, RegionFiguresSchema(many=True))
    def get(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """Students without a place, placements and open places of every region."""
        found = figures.by_region(rows(), _year(query))
        return [{"region_code": code, **cells} for code, cells in found.items()]


@blueprint.route("/figures/funnel")
class Funnel(MethodView):
    """How many came how far."""

    @WHO
    @blueprint.arguments(YearQuery, location="query")
    @blueprint.response(200, StageSchema(many=True))
    def get(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """From leaver to half a year at work."""
        found = figures.funnel(rows(), _year(query), query["region_code"], local_day(now()))
        return [{"stage": stage, "people": cell} for stage, cell in found.items()]


@blueprint.route("/figures/bottlenecks")
class Bottlenecks(MethodView):
    """What keeps students and places apart."""

    @WHO
    @blueprint.arguments(YearQuery(only=["region_code"]), location="query")
    @blueprint.response(200, BottleneckSchema(many=True))
    def get(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """Per rule and side: how often it refuses, and how often easing it would help."""
        found = figures.bottlenecks(rows(), query["region_code"])
        return [{"side": side, "rule": rule, "refused": refused, "eased": eased}
                for side, lines in found.items() for rule, refused, eased in lines]  # fmt: skip


@blueprint.route("/figures/chances")
class Chances(MethodView):
    """Whether groups have equal chances."""

    @WHO
    @blueprint.arguments(ChanceQuery, location="query")
    @blueprint.response(200, ChanceSchema(many=True))
    def get(self, query: dict[str, Any]) -> Any:
        """Per group: how many have a place, beside everybody else, with intervals."""
        return figures.chances(rows(), _year(query), query["region_code"], query["group_by"])


@blueprint.route("/figures/destinations")
class Destinations(MethodView):
    """Where leavers went."""

    @WHO
    @blueprint.arguments(YearQuery(only=["school_year"]), location="query")
    @blueprint.response(200, DestinationCountSchema(many=True))
    def get(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        """Per school type and destination, in the whole country."""
        found = figures.destinations(rows(), _year(query))
        return [{"school_type": kind, "destination": to, "people": cell} for (kind, to), cell in found.items()]


@blueprint.route("/figures/freshness")
class Freshness(MethodView):
    """How fresh the profiles are."""

    @WHO
    @blueprint.response(200, FreshnessSchema(many=True))
    def get(self) -> list[dict[str, Any]]:
        """Per region: students, profiles confirmed in the last 60 days, and those that are filled in."""
        found = figures.freshness(rows(), local_day(now()))
        return [{"region_code": code, "people": people, "fresh": fresh, "complete": complete}
                for code, (people, fresh, complete) in found.items()]  # fmt: skip


@blueprint.route("/figures/oversight")
class Oversight(MethodView):
    """Whether proposals are looked at."""

    @access("connector", "administrator")
    @blueprint.arguments(YearQuery, location="query")
    @blueprint.response(200, OversightSchema(many=True))
    def get(self, query: dict[str, Any]) -> list[oversight.Beside]:
        """How decisions are made in one's own regions (an administrator: in all), with one's own figures beside."""
        return beside_regions(_year(query), query["region_code"])


def told_regions() -> frozenset[str]:
    """Of which regions whoever asks reads how decisions are made."""
    return frozenset(REGIONS) if "administrator" in asker().roles else regions_of(asker()) & frozenset(REGIONS)


def beside_regions(year: int, region: str | None) -> list[oversight.Beside]:
    """How decisions are made in a region, or in all that are told; with the own figures of a person who asks."""
    who, wanted = asker(), told_regions()
    own = regions_of(who) if who.kind == "human" else frozenset[str]()
    return oversight.beside_regions(rows(), wanted & {region} if region else wanted, year, who.account_id, own,
                                    now=now())  # fmt: skip


def _year(query: dict[str, Any]) -> int:
    year: int | None = query["school_year"]
    return figures.school_year(local_day(now())) if year is None else year

"""Figures for municipalities, and for connectors and administrators: map, funnel, bottlenecks, equal chances."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, Response, request

from api.fairness.intervals import Estimate
from api.regions import TILES
from api.services import figures, oversight
from api.services.figures import Cell
from api.store import people
from api.tables import Number, csv_bytes, millionths
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.figures import beside_regions, told_regions
from api.web.pages.base import n, show, t
from features.geography import REGIONS, find_municipality, municipality_region, region_name

blueprint = Blueprint("municipality", __name__)
WHO = access("municipality", "connector", "administrator")
INDICATORS = ("without_place", "open_places", "placements")
WORDS_STAY = 2
"""Years: no decision of longer ago is kept."""
_STEPS = 5


@blueprint.get("/dashboard")
@WHO
def dashboard() -> Response:
    """Every region as a tile, and the same figures as a table."""
    year = _year()
    wanted = request.args.get("toon", INDICATORS[0])
    what = wanted if wanted in INDICATORS else INDICATORS[0]
    found = figures.by_region(rows(), year)
    most = max((cells[what].value or 0 for cells in found.values()), default=0)
    tiles = [(code, name, column, row, found[code][what], _step(found[code][what], most))
             for code, (name, column, row) in TILES.items()]  # fmt: skip
    names = sorted(REGIONS, key=region_name)
    tiles.sort(key=lambda tile: region_name(tile[0]))
    return show("figures_dashboard.html", tiles=tiles, what=what, indicators=INDICATORS, own=_own_region(),
                found=[(code, found[code]) for code in names], **_years(year))  # fmt: skip


@blueprint.get("/dashboard.csv")
@WHO
def dashboard_file() -> Response:
    """The table of the map."""
    found = figures.by_region(rows(), _year())
    lines = [[code, region_name(code), *(_plain(found[code][name]) for name in INDICATORS)] for code in found]
    return _file("regions", ["region_code", "region", *INDICATORS], lines)


@blueprint.get("/trechter")
@WHO
def funnel() -> Response:
    """How far the leavers of a school year came, and where they went."""
    year, region = _year(), _region()
    steps = figures.funnel(rows(), year, region, local_day(now()))
    went = figures.destinations(rows(), year)
    kinds = sorted({kind for kind, _ in went}, key=figures.SCHOOL_TYPES.index)
    return show("figures_funnel.html", steps=steps, went=went, kinds=kinds, **_years(year), **_regions(region))


@blueprint.get("/trechter.csv")
@WHO
def funnel_file() -> Response:
    """The table of the funnel, every region."""
    found = figures.funnels(rows(), _year(), local_day(now()))
    lines = [[code, *map(_plain, cells.values())] for code, cells in found.items()]
    return _file("funnel", ["region_code", *figures.STAGES], lines)


@blueprint.get("/bestemmingen.csv")
@WHO
def destinations_file() -> Response:
    """Where the leavers of a school year went, by kind of school."""
    went = figures.destinations(rows(), _year())
    return _file("destinations", ["school_type", "destination", "people"],
                 [[kind, to, _plain(cell)] for (kind, to), cell in sorted(went.items())])  # fmt: skip


@blueprint.get("/versheid")
@WHO
def freshness() -> Response:
    """How fresh and how complete the data are, by region."""
    found = figures.freshness(rows(), local_day(now()))
    names = [code for code in sorted(found, key=region_name) if found[code][0].value != 0]
    return show("figures_freshness.html", fresh=[(code, found[code]) for code in names])


@blueprint.get("/versheid.csv")
@WHO
def freshness_file() -> Response:
    """The table of freshness, every region."""
    found = figures.freshness(rows(), local_day(now()))
    return _file("freshness", ["region_code", "students", "fresh", "complete"],
                 [[code, *map(_plain, cells)] for code, cells in sorted(found.items())])  # fmt: skip


@blueprint.get("/knelpunten")
@WHO
def bottlenecks() -> Response:
    """What keeps students and places apart."""
    region = _region()
    return show("figures_bottlenecks.html", found=figures.bottlenecks(rows(), region), **_regions(region))


@blueprint.get("/knelpunten.csv")
@WHO
def bottlenecks_file() -> Response:
    """The table of the bottlenecks."""
    found = figures.bottlenecks(rows(), _region())
    lines = [[side, rule, _plain(one), _plain(two)] for side, told in found.items() for rule, one, two in told]
    return _file("bottlenecks", ["side", "rule", "refused", "eased"], lines)


@blueprint.get("/gelijke-kansen")
@WHO
def chances() -> Response:
    """Whether groups get a place as often."""
    year, region, by = _year(), _region(), request.args.get("per", "school_type")
    by = by if by in ("school_type", "left") else "school_type"
    found = figures.chances(rows(), year, region, by)
    return show("figures_chances.html", found=found, by=by, **_years(year), **_regions(region))


@blueprint.get("/gelijke-kansen.csv")
@WHO
def chances_file() -> Response:
    """The table of equal chances."""
    year, region = _year(), _region()
    lines = [[by, one.group, _plain(one.people), *_interval(one.share), *_interval(one.ratio)]
             for by in ("school_type", "left") for one in figures.chances(rows(), year, region, by)]  # fmt: skip
    head = [f"{name}{end}" for name in ("share", "ratio") for end in ("", "_low", "_high")]
    return _file("chances", ["by", "group", "people", *head], lines)


@blueprint.get("/hoe-besloten")
@access("connector", "administrator", people_only=True)
def deciding() -> Response:
    """How decisions are made in one region, and by oneself beside it."""
    named = sorted(((code, region_name(code)) for code in told_regions()), key=lambda one: one[1])
    asked = request.args.get("regio", "")
    region = asked if asked in dict(named) else named[0][0] if named else ""
    year, present = _year(), figures.school_year(local_day(now()))
    found = beside_regions(year, region)[0] if region else None
    return show("figures_deciding.html", found=found, regions=named, region=region, how_long=_how_long,
                **_named(year, range(present - WORDS_STAY, present + 1)))  # fmt: skip


def _how_long(time: oversight.Time) -> str:
    """A time as the band that it is in."""
    if time.under is None:
        return t("deciding.longer")
    return n("deciding.under_seconds", time.under) if time.under < 60 else n("deciding.under_minutes", time.under // 60)


def _year() -> int:
    text = request.args.get("jaar", "")
    year = int(text) if text.isdecimal() and len(text) < 5 else 0
    return year if 2000 <= year <= 2100 else figures.school_year(local_day(now()))


def _region() -> str | None:
    code = request.args.get("regio", "")
    return code if code in REGIONS else None


def _years(year: int) -> dict[str, Any]:
    return _named(year, figures.years(rows(), local_day(now())))


def _named(year: int, years: Iterable[int]) -> dict[str, Any]:
    """The year that is shown, and those to choose from, newest first."""
    listed = sorted({year, *years}, reverse=True)
    return {"year": year, "years": [(one, t("figures.year_name", begin=one, end=one + 1)) for one in listed]}


def _regions(region: str | None) -> dict[str, Any]:
    named = [(code, region_name(code)) for code in sorted(REGIONS, key=region_name)]
    return {"region": region or "", "regions": [("", t("figures.country")), *named]}


def _own_region() -> str:
    """The region of the municipality that asks."""
    mine = people.organisations(rows(), [i for i, role in asker().organisations.items() if role == "municipality"])
    codes = [find_municipality(one.code) or find_municipality(one.name) for one in mine]
    return next((municipality_region(code) for code in codes if code), "")


def _step(cell: Cell, most: int) -> str:
    """The shade of a tile: ``few``, or one of five steps up to the most that there is."""
    if cell.value is None:
        return "few"
    return f"s{min(cell.value * _STEPS // (most + 1), _STEPS - 1) if most else 0}"


def _interval(one: Estimate | None) -> list[str]:
    """A share or ratio with its interval, as numbers; empty where it stays hidden."""
    return ["", "", ""] if one is None else [Number(millionths(end)) for end in (one.value, one.low, one.high)]


def _plain(cell: Cell) -> int | str:
    return "<5" if cell.value is None else cell.value


def _file(name: str, header: Sequence[str], lines: Iterable[Sequence[Any]]) -> Response:
    return Response(csv_bytes(header, lines), content_type="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f"attachment; filename={name}.csv"})  # fmt: skip

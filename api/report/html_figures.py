"""The picture of the cohort: drawings, each with a table of the same numbers beside it."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from api.report import svg
from api.report.figures import Bar, by_branch, by_region
from api.report.html_parts import Page, table

_KINDS = ("without", "filled", "free")


def picture(page: Page) -> str:
    """Return bars per branch and per region and the tiles of the country, with their tables."""
    unknown = page.t("unknown")
    branches, regions = by_branch(page.view, unknown), by_region(page.view, unknown)
    known = {bar.code: bar for bar in regions if bar.code}
    parts = [_with_table(page, "branch", branches), _with_table(page, "region", regions)]
    if known:
        parts.append(_map(page, known))
    return "".join(parts)


def _map(page: Page, known: Mapping[str, Bar]) -> str:
    title = page.t("map")
    names, numbers = ("tile", "region"), ("key_without", "key_free")
    header = [*((page.t(name), False) for name in names), *((page.t(name), True) for name in numbers)]
    rows = [
        (svg.TILES[code][0], escape(bar.label), str(bar.unplaced), str(bar.open_places))
        for code, bar in sorted(known.items(), key=lambda item: svg.TILES[item[0]][0])
        if code in svg.TILES
    ]
    return (
        f'<h3>{escape(title)}</h3><p class="muted small">{escape(page.t("map_help"))}</p><div class="pair"><div>'
        f'{svg.tiles("map", title, page.t("map_desc"), known)}</div>{table(title, header, rows, quiet=True)}</div>'
    )


def _with_table(page: Page, kind: str, bars: Sequence[Bar]) -> str:
    if not bars:
        return ""
    title = page.t(f"per_{kind}")
    keys = "".join(f"<li>{svg.key(name, f'key-{kind}')}{escape(page.t(f'key_{name}'))}</li>" for name in _KINDS)
    drawing = svg.bars(kind, title, page.t("bars_desc", n=len(bars)), bars)
    header = [(page.t(kind), False), *((page.t(f"key_{name}"), True) for name in _KINDS)]
    rows = [_row(bar.label, bar.unplaced, bar.placed, bar.open_places) for bar in bars]
    foot = _row(
        page.t("total"), sum(bar.unplaced for bar in bars), sum(bar.placed for bar in bars),
        sum(bar.open_places for bar in bars),
    )  # fmt: skip
    return (
        f'<h3>{escape(title)}</h3><p class="muted small">{escape(page.t(f"{kind}_help"))}</p>'
        f'<ul class="legend">{keys}</ul><div class="pair"><div>{drawing}</div>'
        f"{table(title, header, rows, foot=foot, quiet=True)}</div>"
    )


def _row(label: str, *numbers: int) -> tuple[str, ...]:
    return (escape(label), *(str(number) for number in numbers))

"""Two drawings as plain SVG text: bars to both sides of a line, and a tile for every labour-market region.

Nothing here needs a script or a file: colours come from the page's own style (classes), so that light, dark
and print each have theirs. Kinds differ by hatching and outline too, not by colour alone. Each drawing has a
title and a description; the page shows the same numbers in a table beside it.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from api.report.figures import Bar

_WIDTH, _ROW, _BAR, _LEFT, _RIGHT = 380, 40, 15, 30, 66
_TILE, _GAP = 60, 4

# Column and row of every region, by CBS code, with the letters in its tile: a map that reads as the country does.
TILES: dict[str, tuple[str, int, int]] = {
    "AM02": ("FRI", 5, 1), "AM01": ("GRO", 6, 1), "AM15": ("NHN", 2, 2), "AM03": ("DRE", 6, 2), "AM37": ("ZKY", 2, 3),
    "AM17": ("ZAW", 3, 3), "AM11": ("FLE", 4, 3), "AM36": ("ZWO", 5, 3), "AM05": ("TWE", 6, 3), "AM19": ("HOR", 2, 4),
    "AM18": ("GAM", 3, 4), "AM12": ("GVS", 4, 4), "AM06": ("SNV", 5, 4), "AM09": ("ACH", 6, 4), "AM21": ("HAA", 1, 5),
    "AM34": ("ZHC", 2, 5), "AM13": ("MUT", 3, 5), "AM14": ("AMF", 4, 5), "AM38": ("FOV", 5, 5), "AM07": ("MGE", 6, 5),
    "AM22": ("RIJ", 1, 6), "AM20": ("MHO", 2, 6), "AM35": ("GOR", 3, 6), "AM10": ("RIV", 4, 6), "AM08": ("RVN", 5, 6),
    "AM23": ("DRS", 2, 7), "AM26": ("MBR", 3, 7), "AM27": ("NOB", 4, 7), "AM29": ("NLI", 5, 7), "AM24": ("ZEE", 1, 8),
    "AM25": ("WBR", 2, 8), "AM28": ("ZOB", 3, 8), "AM32": ("HDP", 4, 8), "AM33": ("MLI", 5, 8), "AM30": ("ZLI", 5, 9),
}  # fmt: skip


def bars(name: str, title: str, description: str, rows: Sequence[Bar]) -> str:
    """Draw a row per branch or region: without a place to the left, filled and open places to the right.

    ``name`` prefixes the ids inside the drawing and is unique on the page; ``rows`` are drawn from top to bottom.
    """
    left = max((bar.unplaced for bar in rows), default=0)
    right = max((bar.placed + bar.open_places for bar in rows), default=0)
    scale = (_WIDTH - _LEFT - _RIGHT) / max(left + right, 1)
    axis = _LEFT + left * scale
    height = _ROW * len(rows) + 4
    parts = [_open(name, title, description, _WIDTH, height), _hatch(name)]
    for k, bar in enumerate(rows):
        parts.append(_bar_row(name, bar, axis, scale, k * _ROW))
    parts.append(f'<line class="axis" x1="{axis:.1f}" x2="{axis:.1f}" y1="0" y2="{height}"/></svg>')
    return "".join(parts)


def _bar_row(name: str, bar: Bar, axis: float, scale: float, top: int) -> str:
    y = top + 20
    base = y + _BAR - 3
    parts = [f'<text class="name" x="{axis + 5:.1f}" y="{top + 14}">{escape(_short(bar.label, axis))}</text>']
    if bar.unplaced:
        width = bar.unplaced * scale
        parts.append(_rect(axis - width, y, width, "without", f' fill="url(#{name}-hatch)"'))
        parts.append(f'<text x="{axis - width - 4:.1f}" y="{base}" text-anchor="end">{bar.unplaced}</text>')
    filled, free = bar.placed * scale, bar.open_places * scale
    if bar.placed:
        parts.append(_rect(axis, y, filled, "filled"))
    if bar.open_places:
        parts.append(_rect(axis + filled, y, free, "free"))
    if bar.placed or bar.open_places:
        text = f"{bar.placed} + {bar.open_places}"
        parts.append(f'<text x="{axis + filled + free + 5:.1f}" y="{base}">{text}</text>')
    return "".join(parts)


def _short(label: str, axis: float) -> str:
    room = int((_WIDTH - axis) / 7.2)
    return label if len(label) <= room else f"{label[: room - 1].rstrip()}…"


def _rect(x: float, y: float, width: float, kind: str, extra: str = "") -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{max(width, 1):.1f}" height="{_BAR}"{extra}/>'


def tiles(name: str, title: str, description: str, rows: Mapping[str, Bar]) -> str:
    """Draw the 35 regions as tiles: letters, unplaced students, open places; darker where more are unplaced."""
    width, height = 6 * _TILE, 9 * _TILE
    most = max((bar.unplaced for bar in rows.values()), default=0)
    parts = [_open(name, title, description, width, height)]
    for code, (letters, column, row) in TILES.items():
        x, y = (column - 1) * _TILE + _GAP / 2, (row - 1) * _TILE + _GAP / 2
        bar = rows.get(code)
        step = 0 if bar is None else 1 + (4 * bar.unplaced + most - 1) // most if most else 1
        side = _TILE - _GAP
        parts.append(f'<g class="tile step{step}"><rect x="{x:g}" y="{y:g}" width="{side}" height="{side}" rx="4"/>')
        middle = x + side / 2
        parts.append(f'<text class="name" x="{middle:g}" y="{y + 22:g}" text-anchor="middle">{letters}</text>')
        if bar is not None:
            text = f"{bar.unplaced} / {bar.open_places}"
            parts.append(f'<text x="{middle:g}" y="{y + 42:g}" text-anchor="middle">{text}</text>')
        parts.append("</g>")
    parts.append("</svg>")
    return "".join(parts)


def key(kind: str, name: str) -> str:
    """Draw the small square of a legend."""
    fill = f' fill="url(#{name}-hatch)"' if kind == "without" else ""
    extra = _hatch(name) if kind == "without" else ""
    return (
        f'<svg class="key" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">{extra}'
        f'<rect class="{kind}" x="1" y="1" width="14" height="14"{fill}/></svg>'
    )


def _hatch(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/>'
        '<rect class="hatch-line" width="3" height="6"/></pattern></defs>'
    )


def _open(name: str, title: str, description: str, width: int, height: int) -> str:
    return (
        f'<svg class="figure" role="img" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {width} {height}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
    )

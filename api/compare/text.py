"""A comparison in words: the settings, the totals, the groups, and for every student who moves why."""
from __future__ import annotations

from collections.abc import Sequence

from api.compare.figures import GroupRow, Row, groups, refused, totals
from api.compare.moves import KINDS, Move
from api.compare.plans import Comparison
from api.explain.points_of_100 import rounded_points
from api.texts.catalogue import count, listing, say
from api.texts.compare import COMPARE, FEATURE_NAMES, GROUP_NAMES, RULE_NAMES
from api.texts.dates import long_date, number, short_date
from api.texts.rules import COUNTS
from features.geography import region_name
from features.settings import FEATURES, MILLION

_SHOWN = 6  # students named in one sentence


def lines(found: Comparison, moved: Sequence[Move], lang: str) -> list[str]:
    """Return the whole comparison, line by line."""
    old, new = found.old.case.policy, found.new.case.policy
    out = [
        say(
            COMPARE, "head", lang, old=old.name, old_version=old.version, new=new.name, new_version=new.version,
            date=long_date(found.new.case.on, lang),
            students=count(COUNTS, "students", len(found.students), lang),
            openings=count(COUNTS, "openings", len(found.openings), lang),
            places=count(COUNTS, "places", sum(o.places for o in found.openings), lang),
        )
    ]  # fmt: skip
    if not found.changed:
        out.append(say(COMPARE, "same", lang))
    else:
        absent = say(COMPARE, "absent", lang)
        out.append(say(COMPARE, "settings", lang))
        out += [f"  {one.name}: {one.old or absent} -> {one.new or absent}" for one in found.changed]
    out += [say(COMPARE, "totals", lang), *_table([(say(COMPARE, row.name, lang), row) for row in totals(found)], lang)]
    rules = refused(found)
    if rules:
        out.append(say(COMPARE, "rules", lang))
        out += _table([(say(RULE_NAMES, row.name, lang), row) for row in rules], lang)
    for name, rows in groups(found).items():
        out += [say(COMPARE, f"by_{name}", lang), *_groups(name, rows, lang)]
    return [*out, *_moves(found, moved, lang)]


def _table(rows: Sequence[tuple[str, Row]], lang: str) -> list[str]:
    width = max(len(label) for label, _ in rows)
    return [
        f"  {label:<{width}}  {_cell(row.old, row, lang):>8}  {_cell(row.new, row, lang):>8}".rstrip()
        for label, row in rows
    ]


def _cell(value: int | None, row: Row, lang: str) -> str:
    if value is None:
        return "-"
    return number(value / MILLION, lang, decimals=3) if row.micro else str(value)


def _groups(name: str, rows: Sequence[GroupRow], lang: str) -> list[str]:
    labels = [_label(name, row.code, lang) for row in rows]
    width = max((len(label) for label in labels), default=0)
    out = []
    for label, row in zip(labels, rows, strict=True):
        if row.students is None:
            out.append(f"  {label:<{width}}  {say(COMPARE, 'small', lang)}")
        else:
            old, new = ("< 5" if cell is None else str(cell) for cell in (row.old, row.new))
            out.append(f"  {label:<{width}}  {old:>5}  {new:>5}  {say(COMPARE, 'of', lang, n=row.students)}")
    return out


def _label(dimension: str, code: str, lang: str) -> str:
    if code in GROUP_NAMES:
        return say(GROUP_NAMES, code, lang)
    return region_name(code) if dimension == "region" else code


def _moves(found: Comparison, moved: Sequence[Move], lang: str) -> list[str]:
    if not moved:
        return [say(COMPARE, "nobody", lang)]
    kinds = [move.kind for move in moved]
    out = [say(COMPARE, "moved", lang, **{kind: kinds.count(kind) for kind in KINDS})]
    if found.without is None:
        out.append(say(COMPARE, "untold", lang))
    for move in moved:
        out.append(f"{found.students[move.i].key}: {_place(found, move.old, lang)} -> {_place(found, move.new, lang)}")
        out += [f"  - {sentence}" for sentence in why(found, move, lang)]
    return out


def _place(found: Comparison, j: int, lang: str) -> str:
    if j < 0:
        return say(COMPARE, "none", lang)
    opening = found.openings[j]
    return say(COMPARE, "opening", lang, ref=opening.vacancy_ref, start=short_date(opening.starts_on, lang))


def why(found: Comparison, move: Move, lang: str) -> list[str]:
    """Return why one student moves: rules, weights, others, and the settings that decide."""
    out = []
    for key, codes in (("opened", move.opened), ("shut", move.shut)):
        if codes:
            out.append(say(COMPARE, key, lang, rules=listing([say(RULE_NAMES, code, lang) for code in codes], lang)))
    if move.base_shift or any(move.shift):
        key = "shift_two" if move.kind == "moves" else "shift_one"
        total, parts = shift_points(move, lang)
        out.append(say(COMPARE, key, lang, points=total, parts=", ".join(parts)))
    for key, who in (("taken", move.taken_by), ("left", move.left_by)):
        if who:
            names = [found.students[i].key for i in who]
            out.append(say(COMPARE, key, lang, who=listing(names, lang, most=_SHOWN)))
    if move.settings is not None and found.without is not None:
        key = {0: "settings_together", 1: "settings_one"}.get(len(move.settings), "settings_each")
        out.append(say(COMPARE, key, lang, settings=listing(move.settings, lang, most=_SHOWN)))
    return out


def shift_points(move: Move, lang: str) -> tuple[str, list[str]]:
    """Return the shift in points of 100 with one decimal, and its parts, the largest first; they add up exactly."""
    total, base, tenths = rounded_points(move.base_shift * 10, [part * 10 for part in move.shift])
    named = [(points, name) for name, points in zip(("base", *FEATURES), (base, *tenths), strict=True) if points]
    named.sort(key=lambda one: -abs(one[0]))
    return _signed(total, lang), [f"{say(FEATURE_NAMES, name, lang)} {_signed(points, lang)}" for points, name in named]


def _signed(tenths: int, lang: str) -> str:
    text = number(abs(tenths) / 10, lang, decimals=1)
    return f"−{text}" if tenths < 0 else f"+{text}"

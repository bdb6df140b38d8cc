"""Equal chances on the page: a table per dimension, each figure with its limits, an alarm where one is due."""
from __future__ import annotations

from html import escape

from api.fairness.intervals import RESAMPLES, Estimate
from api.report.fairness import ALARM, SMALL, UNKNOWN, Group, fairness
from api.report.html_parts import Page, table
from api.report.view import MILLION
from api.texts.catalogue import count, say
from api.texts.dates import number
from api.texts.fairness import FAIRNESS
from api.texts.words import label
from features.geography import region_name

_WAITING = ("not_left", "3_months", "6_months", "12_months", "longer")
_PER_CENT, _POINT, _KM = 10_000, 10_000, 1_000_000


def fairness_tables(page: Page) -> str:
    """Return how groups fare, small groups hidden."""
    made = fairness(page.view)
    alarms = sum(group.alarm for groups in made.values() for group in groups)
    told = count(FAIRNESS, "alarms", alarms, page.lang) if alarms else _t(page, "alarms_none")
    helps = (_t(page, "help"), _t(page, "help_small", n=SMALL), _t(page, "help_alarm", n=ALARM * 100 // MILLION))
    parts = [f'<div class="note"><p>{escape(told)}</p></div>']
    parts += [f'<p class="muted">{escape(text)}</p>' for text in helps]
    names = ("students", "share", "ratio", "fit", "own_best", "distance")
    header = [(_t(page, name), True) for name in names]
    for name, groups in made.items():
        title = _t(page, name)
        rows = [_row(page, name, group) for group in _ordered(name, groups)]
        parts.append(table(title, [(title, False), *header], rows))
    return "".join(parts) + _method(page)


def _t(page: Page, key: str, **facts: object) -> str:
    return say(FAIRNESS, key, page.lang, **facts)


def _ordered(name: str, groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """Groups by code, bands of waiting by time, what is not known last."""
    place = {code: k for k, code in enumerate(_WAITING)} if name == "waiting" else {}
    return tuple(sorted(groups, key=lambda group: (group.code == UNKNOWN, place.get(group.code, 0))))


def _row(page: Page, name: str, group: Group) -> tuple[str, ...]:
    title = escape(_name(page, name, group.code))
    if group.hidden:
        return (title, escape(_t(page, "hidden")), *("",) * 5)
    share = _interval(page, group.share, _PER_CENT, unit=" %")
    means = [
        _mean(page, group, group.fit, _POINT), _mean(page, group, group.own_best, _PER_CENT, unit=" %"),
        _mean(page, group, group.distance, _KM, decimals=1),
    ]  # fmt: skip
    return (title, str(group.students), share, _ratio(page, group), *means)


def _ratio(page: Page, group: Group) -> str:
    if group.rate_ratio is None:
        return escape(_t(page, "reference")) if group.placed else ""
    shown = _interval(page, group.rate_ratio, MILLION, decimals=2)
    if not group.alarm:
        return shown
    chance = f" {escape(_t(page, 'chance'))}" if group.rate_ratio.high >= MILLION else ""
    return f'{shown}<br><span class="tag look">{escape(_t(page, "alarm"))}</span><small>{chance}</small>'


def _mean(page: Page, group: Group, estimate: Estimate | None, unit_size: int, *, unit: str = "", decimals: int = 0
          ) -> str:  # fmt: skip
    if estimate is None:
        key = "few" if group.few else "nothing" if group.placed else "none"
        return escape(_t(page, key))
    return _interval(page, estimate, unit_size, unit=unit, decimals=decimals)


def _interval(page: Page, estimate: Estimate | None, unit_size: int, *, unit: str = "", decimals: int = 0) -> str:
    if estimate is None:
        return ""
    value, low, high = (
        f"{micro / unit_size:.{decimals}f}".replace(".", "," if page.lang == "nl" else ".")
        for micro in (estimate.value, estimate.low, estimate.high)
    )
    return f'{value}{unit} <small class="muted limits">({low}–{high})</small>'


def _name(page: Page, name: str, code: str) -> str:
    if code == UNKNOWN:
        return _t(page, "unknown")
    if name == "school":
        return code
    if name == "region":
        return region_name(code)
    if name == "school_type":
        return _t(page, "school_referrer") if code == "referrer" else label("school_type", code, page.lang)
    return _t(page, f"{ {'support_level': 'support'}.get(name, name)}_{code}")


def _method(page: Page) -> str:
    texts = (
        _t(page, "method_share"), _t(page, "method_ratio"),
        _t(page, "method_mean", n=number(RESAMPLES, page.lang)),
    )  # fmt: skip
    inner = "".join(f"<p>{escape(text)}</p>" for text in texts)
    return f'<details class="small muted"><summary>{escape(_t(page, "method"))}</summary>{inner}</details>'

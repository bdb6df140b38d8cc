"""The figures of a solved case as one page in the style of the report: no script, nothing from elsewhere."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from api.evaluate.rows import SMALL, Row
from api.fairness.intervals import MILLION, RESAMPLES
from api.report.html_parts import section, table
from api.report.html_style import STYLE
from api.texts.catalogue import say
from api.texts.dates import number
from api.texts.evaluate import METRICS, PAGE

_OF_SCHOOL = ("students", "placed_share", "mean_fit", "own_best_ratio", "worst_fit", "blocking_pairs", "envious")
_LIMITS = ("group", "minimum", "load", "places")
_POINTS = ("mean_fit", "worst_fit", "tenth_percentile")
_PER_CENT = ("placed_share", "own_best_ratio", "worst_ratio", "went_well", "observed", "skill")


def page(name: str, rows: Sequence[Row], lang: str) -> str:
    """Return the page as text; ``name`` tells which result was measured."""
    words = _Words(lang)
    parts = {part: [row for row in rows if row.part == part] for part in dict.fromkeys(row.part for row in rows)}
    sections = [("plan", words.t("plan"), _plan(words, parts))]
    if "school" in parts:
        sections.append(("schools", words.t("schools"), _schools(words, parts["school"])))
    sections.append(("outcome", words.t("outcome"), _outcomes(words, parts)))
    if parts.get("limit"):
        sections.append(("limits", words.t("limits"), _limits(words, parts["limit"])))
    sections.append(("method", words.t("method"), _method(words)))
    links = "".join(f'<li><a href="#{anchor}">{escape(title)}</a></li>' for anchor, title, _ in sections)
    body = "".join(section(anchor, title, inner) for anchor, title, inner in sections)
    title = words.t("title")
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        f'<a class="skip" href="#main">{escape(words.t("skip"))}</a>'
        f'<header class="top"><div class="wrap"><p class="mark"><strong>Schakel</strong> · '
        f"{escape(words.t('confidential'))}</p><h1>{escape(title)}</h1>"
        f"<p>{escape(words.t('case', name=name))}</p></div></header>"
        f'<nav aria-label="{escape(words.t("contents"))}"><div class="wrap"><ul>{links}</ul></div></nav>'
        f'<main id="main">{body}</main></body></html>\n'
    )


class _Words:
    """Words and numbers in the language of the page."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def t(self, key: str, **facts: object) -> str:
        return say(PAGE, key, self.lang, **facts)

    def metric(self, name: str) -> str:
        return say(METRICS, name, self.lang)

    def value(self, row: Row, micro: int | None) -> str:
        """A figure as people read it: points of 100, per cent, a plain decimal, or a count."""
        if micro is None:
            return "–"
        if not row.micro:
            return str(micro)
        if row.metric in (*_POINTS, "predicted"):
            return number(micro / 10_000, self.lang, decimals=0)
        if row.metric in _PER_CENT:
            return f"{number(micro / 10_000, self.lang, decimals=0)} %"
        return number(micro / MILLION, self.lang, decimals=3)

    def interval(self, row: Row) -> str:
        return "" if row.low is None else f"{self.value(row, row.low)}–{self.value(row, row.high)}"

    def with_limits(self, row: Row) -> str:
        shown, limits = self.value(row, row.value), self.interval(row)
        return f'{shown} <small class="muted limits">({limits})</small>' if limits else shown


def _help(words: _Words, key: str, **facts: object) -> str:
    return f'<p class="muted">{escape(words.t(key, **facts))}</p>'


def _figures(words: _Words, caption: str, rows: Iterable[Row]) -> str:
    header = [(words.t("metric"), False), *((words.t(key), True) for key in ("value", "interval", "n"))]
    cells = [
        (escape(words.metric(row.metric)), words.value(row, row.value), words.interval(row),
         "" if row.n is None else str(row.n))
        for row in rows
    ]  # fmt: skip
    return table(caption, header, cells, quiet=True)


def _plan(words: _Words, parts: dict[str, list[Row]]) -> str:
    body = _help(words, "plan_help") + _figures(words, words.t("plan"), parts["plan"])
    ranks = parts.get("rank", [])
    if not ranks:
        return body
    header = [(words.t("group"), False), (words.t("n"), True)]
    cells = [(escape(words.t("choice", n=row.metric)), str(row.value)) for row in ranks]
    title = words.t("ranks")
    return f"{body}<h3>{escape(title)}</h3>{_help(words, 'ranks_help')}{table(title, header, cells, quiet=True)}"


def _schools(words: _Words, rows: Sequence[Row]) -> str:
    of: dict[str, dict[str, Row]] = {}
    for row in rows:
        of.setdefault(row.group, {})[row.metric] = row
    header = [(words.t("group"), False), *((words.metric(name), True) for name in _OF_SCHOOL)]
    cells = []
    for name, found in of.items():
        if "hidden" in found:
            cells.append((escape(name), escape(words.t("hidden")), *("",) * (len(_OF_SCHOOL) - 1)))
        else:
            shown = (words.with_limits(found[key]) if key in found else "–" for key in _OF_SCHOOL)
            cells.append((escape(name), *shown))
    return _help(words, "schools_help", n=SMALL) + table(words.t("schools"), header, cells, quiet=True)


def _outcomes(words: _Words, parts: dict[str, list[Row]]) -> str:
    if "outcome" not in parts:
        return f"<p>{escape(words.t('outcome_none'))}</p>"
    body = _help(words, "outcome_help") + _figures(words, words.t("outcome"), parts["outcome"])
    title = words.t("reliability")
    body += f"<h3>{escape(title)}</h3>{_help(words, 'reliability_help', n=SMALL)}"
    body += _reliability(words, title, parts.get("reliability", []))
    body += f"<h3>{escape(words.t('grouped'))}</h3>{_help(words, 'grouped_help')}"
    for name in dict.fromkeys(row.group for row in parts["grouped"]):
        caption = words.t(name)
        body += f"<h4>{escape(caption[:1].upper() + caption[1:])}</h4>"
        body += _figures(words, caption, [row for row in parts["grouped"] if row.group == name])
    return body


def _reliability(words: _Words, title: str, rows: Sequence[Row]) -> str:
    header = [(words.t("group"), False), *((words.t(key), True) for key in ("predicted", "observed", "n"))]
    cells = []
    for name in dict.fromkeys(row.group for row in rows):
        found = {row.metric: row for row in rows if row.group == name}
        low, high = (round(float(end) * 100) for end in name.split("-"))
        label = escape(words.t("points", low=low, high=high))
        if "hidden" in found:
            cells.append((label, escape(words.t("hidden")), "", ""))
        else:
            predicted, observed = found["predicted"], found["observed"]
            cells.append(
                (label, words.value(predicted, predicted.value), words.with_limits(observed), str(observed.n))
            )
    return table(title, header, cells, quiet=True)


def _limits(words: _Words, rows: Sequence[Row]) -> str:
    header = [(words.t("limit"), False), (words.t("kind"), False)]
    header += [(words.t(key), True) for key in ("used", "at_least", "at_most")]
    kinds = {"group": "group_limit"}
    cells = [
        (escape(row.group), escape(words.t(kinds.get(row.metric, row.metric))),
         *("" if end is None else words.value(row, end) for end in (row.value, row.low, row.high)))
        for row in sorted(rows, key=lambda row: _LIMITS.index(row.metric))
    ]  # fmt: skip
    return table(words.t("limits"), header, cells, quiet=True)


def _method(words: _Words) -> str:
    facts = {"method_1": {"n": RESAMPLES}}
    texts = (words.t(key, **facts.get(key, {})) for key in ("method_1", "method_2", "method_3", "method_4"))
    return "".join(f"<p>{escape(text)}</p>" for text in texts)

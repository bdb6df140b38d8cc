"""The first thing on the page: the totals, what stands out, and the proof."""
from __future__ import annotations

from html import escape

from api.report.html_known import known_lines
from api.report.html_parts import Page, table
from api.report.no_harm import no_harm
from api.report.summary import proof, travel_line
from api.report.totals import Totals, totals
from api.texts.catalogue import count
from api.texts.dates import number
from api.texts.no_harm import NO_HARM
from api.texts.robust import ROBUST
from matcher.solution import Stage


def summary(page: Page) -> str:
    """Return totals, notes and the table of aims with their bounds."""
    figures = totals(page.view)
    cards = "".join(_figure(value, label, note) for value, label, note in _figures(page, figures))
    notes = "".join(f"<p>{escape(line)}</p>" for line in _notes(page, figures))
    stages = [stage for stage in page.view.report.solution.stages if stage.name != "tie"]
    return f'<dl class="figures">{cards}</dl><div class="note">{notes}</div>{_aims(page, stages)}'


def _figure(value: int, label: str, note: str) -> str:
    small = f"<small>{escape(note)}</small>" if note else ""
    return f"<div><dt>{escape(label)}{small}</dt><dd>{value}</dd></div>"


def _figures(page: Page, figures: Totals) -> list[tuple[int, str, str]]:
    rows = [
        (figures.students, page.t("students"), ""),
        (figures.placed, page.t("placed"), page.t("of_students", n=figures.students)),
        (figures.unplaced, page.t("unplaced"), page.t("of_students", n=figures.students)),
        (figures.left, page.t("left"), page.t("of_places", n=figures.places)),
    ]
    if figures.groups_opened or figures.groups_closed:
        rows.append((figures.groups_opened, page.t("groups_opened"), ""))
        rows.append((figures.groups_closed, page.t("groups_closed"), ""))
    rows.append((figures.to_check, page.t("to_check"), ""))
    return rows


def _notes(page: Page, figures: Totals) -> list[str]:
    lines = [proof(page.view)]
    if figures.placed:
        bands = dict(figures.bands)
        lines.append(page.t("bands_line", good=bands["good"], fair=bands["fair"]))
        if bands["not_yet"]:
            lines.append(page.n("bands_not_yet", bands["not_yet"]))
    if figures.kept_waiting:
        lines.append(page.n("waiting", figures.kept_waiting))
    lines += _first(page)
    lines += known_lines(page.view.report)
    travel = travel_line(page.view)
    if travel:
        lines.append(travel)
    if figures.left_out:
        lines.append(page.n("left_out", figures.left_out))
    return lines


def _first(page: Page) -> list[str]:
    """What to look at first: proposals that may fall, and who has less than chance."""
    look, below = sum(proposal.look_first for proposal in page.view.queue), len(no_harm(page.view))
    lines = [count(ROBUST, "summary", look, page.lang)] if look else []
    return [*lines, count(NO_HARM, "line", below, page.lang)] if below else lines


def _aims(page: Page, stages: list[Stage]) -> str:
    if not stages:
        return ""
    rows = []
    for stage in stages:
        value, bound = _shown(page, stage, stage.value), _shown(page, stage, stage.bound)
        rows.append((escape(page.t(f"stage_{stage.name}")), value, page.t("same") if value == bound else bound))
    header = [(page.t("stage"), False), (page.t("value"), True), (page.t("limit_of"), True)]
    return table(page.t("aims"), header, rows)


def _shown(page: Page, stage: Stage, value: int | tuple[tuple[int, int], ...]) -> str:
    if isinstance(value, int):
        return str(value) if stage.name == "priority" else number(value / 1_000_000, page.lang, decimals=6)
    least = value[0] if value else (0, 1)
    return number(least[0] / least[1], page.lang, decimals=6)

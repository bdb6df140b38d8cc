"""``report.html``: one page that stands alone, for the connector to read, print and take along.

No script, nothing loaded from elsewhere, all styles inside. Students appear with first name and reference;
their own words, birth dates and postcodes stay out.
"""
from __future__ import annotations

from collections.abc import Sequence
from html import escape

from api.report.html_cards import opening_cards, student_cards, unplaced_cards
from api.report.html_fairness import fairness_tables
from api.report.html_figures import picture
from api.report.html_lists import errors, limits, overview, todo
from api.report.html_no_harm import no_harm_list
from api.report.html_parts import Page, section
from api.report.html_sensitivity import worth_table
from api.report.html_style import STYLE
from api.report.html_summary import summary
from api.report.view import View
from api.tables import Cell
from api.texts.catalogue import say
from api.texts.dates import long_date
from api.texts.no_harm import NO_HARM
from api.texts.sensitivity import SENSITIVITY


def report_html(view: View, row_errors: Sequence[Sequence[Cell]]) -> str:
    """Return the page as text.

    ``row_errors`` has the rows of ``rows.csv`` (file, row, column, severity, code, found, expected, message),
    digits of a BSN already masked.
    """
    page = Page(view)
    without = sum(not proposal.placed for proposal in view.proposals)
    cards = student_cards(page)
    sections = [
        ("summary", page.t("summary"), summary(page), False),
        ("picture", page.t("picture"), picture(page), True),
        ("todo", page.t("todo"), todo(page), True),
        ("vacancies", page.t("vacancies"), _cards(opening_cards(page), page.t("vacancies_none")), True),
        ("without", page.t("without"), _cards(unplaced_cards(page), page.t("without_none")), bool(without)),
        ("overview", page.t("with"), overview(page), True),
        ("students", page.t("per_student"), _cards(cards, page.t("with_none"), wide=True), True),
        ("worth", say(SENSITIVITY, "worth", view.lang), worth_table(page), False),
        ("limits", page.t("limits"), limits(page), True),
        ("fairness", page.t("fairness"), fairness_tables(page), False),
        ("chance", say(NO_HARM, "title", view.lang), no_harm_list(page), False),
        ("errors", page.t("errors"), errors(page, row_errors), False),
        ("how", page.t("how"), how(page), False),
    ]
    links = "".join(f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title, _, _ in sections)
    body = "".join(section(name, title, inner, page_break=new) for name, title, inner, new in sections)
    return (
        f'<!doctype html>\n<html lang="{view.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(page.t('title'))}, {escape(long_date(view.report.on, view.lang))}</title>"
        f"<style>{STYLE}{_margins(page)}</style></head><body>"
        f'<a class="skip" href="#main">{escape(page.t("skip"))}</a>{_top(page)}'
        f'<nav aria-label="{escape(page.t("contents"))}"><div class="wrap"><ul>{links}</ul></div></nav>'
        f'<main id="main">{body}</main>{_foot(page)}</body></html>\n'
    )


def _cards(cards: str, nothing: str, *, wide: bool = False) -> str:
    """Return the cards; ``wide`` ones take the whole width of a printed page."""
    kind = "cards wide" if wide else "cards"
    return f'<div class="{kind}">{cards}</div>' if cards else f"<p>{escape(nothing)}</p>"


def _top(page: Page) -> str:
    policy = page.view.report.policy
    lines = [
        page.t("on", date=long_date(page.view.report.on, page.lang)),
        page.t("policy", name=policy.name, version=policy.version),
    ]
    return (
        f'<header class="top"><div class="wrap"><p class="mark"><strong>Schakel</strong> · '
        f"{escape(page.t('confidential'))}</p><h1>{escape(page.t('title'))}</h1>"
        f"<p>{' · '.join(escape(line) for line in lines)}</p>"
        f'<p class="muted">{escape(page.t("person"))}</p></div></header>'
    )


def _margins(page: Page) -> str:
    """Return the print margins: what it is and of when below left, page numbers below right."""
    left = f"Schakel · {page.t('confidential')} · {long_date(page.view.report.on, page.lang)}"
    safe = left.replace("\\", "").replace('"', "")
    return (
        f'@page{{@bottom-left{{content:"{safe}";font-size:8pt}}'
        '@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt}}'
    )


def how(page: Page) -> str:
    """Return how a proposal comes about, in a few sentences."""
    keys = ("how_rules", "how_fit", "how_plan", "how_not")
    return "".join(f"<p>{escape(page.t(key))}</p>" for key in keys)


def _foot(page: Page) -> str:
    report = page.view.report
    lines = [
        f"{escape(page.t('digest'))}: <code>{escape(report.digest)}</code>",
        f"{escape(page.t('policy_digest'))}: <code>{escape(report.policy.digest())}</code>",
    ]
    if report.versions:
        named = ", ".join(f"{name} {version}" for name, version in sorted(report.versions.items()))
        lines.append(f"{escape(page.t('versions'))}: {escape(named)}")
    return f'<footer><div class="wrap">{"".join(f"<p>{line}</p>" for line in lines)}</div></footer>'

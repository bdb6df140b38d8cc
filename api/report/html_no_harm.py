"""The no-harm list on the page."""
from __future__ import annotations

from html import escape

from api.report.html_parts import Page, opening_link, student_link, table
from api.report.no_harm import Below, no_harm
from api.texts.catalogue import say
from api.texts.no_harm import NO_HARM

POINT = 10_000
"""Millionths of a fit in a point of 100."""
_NAMES = (("vacancy", False), ("now", True), ("lots", True), ("gap", True), ("place", True))


def no_harm_list(page: Page) -> str:
    """Return who is below chance, with the figures; a sentence where nobody is."""
    chance = page.view.report.chance
    orders = 0 if chance is None else chance.orders
    listed = no_harm(page.view)
    if not listed:
        return f"<p>{escape(say(NO_HARM, 'none', page.lang, orders=orders))}</p>"
    helps = (say(NO_HARM, "help", page.lang, orders=orders), say(NO_HARM, "help_list", page.lang))
    header = [(page.t("student"), False), (page.t("school"), False)]
    header += [(say(NO_HARM, name, page.lang), right) for name, right in _NAMES]
    rows = [_row(page, one, orders) for one in listed]
    told = "".join(f'<p class="muted">{escape(text)}</p>' for text in helps)
    return told + table(say(NO_HARM, "caption", page.lang), header, rows, quiet=True)


def _row(page: Page, one: Below, orders: int) -> tuple[str, ...]:
    proposal = one.proposal
    now, lots, gap = (
        f"{micro / POINT:.1f}".replace(".", "," if page.lang == "nl" else ".")
        for micro in (one.fit, one.chance_fit, one.chance_fit - one.fit)
    )
    where = opening_link(page, proposal.j) if proposal.placed else escape(say(NO_HARM, "unplaced", page.lang))
    share = f"{round(100 * one.chance_placed / orders)} %"
    return (
        student_link(page, proposal.i), escape(page.student(proposal.i).school), where, now, lots,
        f"\N{MINUS SIGN}{gap}", share,
    )  # fmt: skip

"""What another choice costs, where one more place helps, and the smallest change, as pieces of the page."""
from __future__ import annotations

from html import escape

import numpy as np

from api.explain.changes import opening_sentence, student_sentence
from api.match_report import SmallestChange
from api.report.html_parts import Page, opening_link, table
from api.texts.catalogue import count, say
from api.texts.dates import number, short_date
from api.texts.sensitivity import SENSITIVITY

MILLION = 1_000_000
LISTED = 12


def regret_note(page: Page, pair: int) -> str:
    """Return what the pair would cost the whole plan, and how many others would move; empty where it is not known."""
    known = page.view.report.sensitivity
    if known is None or not known.feasible[pair]:
        return ""
    lang, i = page.lang, int(page.view.report.problem.rows[pair])
    loss = int(known.fit_loss[pair])
    lost = sum(end < 0 for who, _, end in known.moves[pair] if who != i)
    shift = sum(begin >= 0 and end >= 0 for who, begin, end in known.moves[pair] if who != i)
    parts = []
    if lost:
        parts.append(count(SENSITIVITY, "lose", lost, lang))
    if loss or not lost:
        key = "cost" if loss > 0 else "gain" if loss < 0 else "cost_none"
        parts.append(say(SENSITIVITY, key, lang, n=number(abs(loss) / MILLION, lang, decimals=2)))
    if shift:
        parts.append(count(SENSITIVITY, "shift", shift, lang))
    return f' <span class="muted">({escape("; ".join(parts))})</span>'


def change_note(page: Page, change: SmallestChange | None, *, of_opening: bool = False) -> str:
    """Return the smallest change under its label; empty without one."""
    if change is None:
        return ""
    told = (opening_sentence if of_opening else student_sentence)(page.view.report, change)
    if change.more:
        told = f"{told} {count(SENSITIVITY, 'change_more', change.more, page.lang)}"
    return f'<p class="lab">{escape(say(SENSITIVITY, "change", page.lang))}</p><p>{escape(told)}</p>'


def worth_table(page: Page) -> str:
    """Return the openings where one more place gains most, with what it gains."""
    known, lang = page.view.report.sensitivity, page.lang
    if known is None or not known.worth_known.any():
        return f"<p>{escape(say(SENSITIVITY, 'worth_open', lang))}</p>"
    helps = np.flatnonzero(known.worth_known & ((known.worth_placed > 0) | (known.worth_fit > 0)))
    order = sorted(helps.tolist(), key=lambda j: (-int(known.worth_placed[j]), -int(known.worth_fit[j]), j))
    notes = [] if known.worth_known.all() else [say(SENSITIVITY, "worth_open", lang)]
    if not order:
        return "".join(f"<p>{escape(text)}</p>" for text in (say(SENSITIVITY, "worth_none", lang), *notes))
    rows = [
        (
            opening_link(page, j), escape(short_date(page.opening(j).starts_on, lang)), str(int(known.worth_placed[j])),
            number(int(known.worth_fit[j]) / MILLION, lang, decimals=2),
        )
        for j in order[:LISTED]
    ]  # fmt: skip
    names = (("opening", False), ("starts", False), ("worth_placed", True), ("worth_fit", True))
    header = [(say(SENSITIVITY, name, lang), right) for name, right in names]
    if len(order) > LISTED:
        notes.append(count(SENSITIVITY, "worth_more", len(order) - LISTED, lang))
    help_ = f'<p class="muted">{escape(say(SENSITIVITY, "worth_help", lang))}</p>'
    rest = "".join(f'<p class="small muted">{escape(text)}</p>' for text in notes)
    return help_ + table(say(SENSITIVITY, "worth", lang), header, rows) + rest

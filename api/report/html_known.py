"""How much is known, on the page: a line in every card, and one over all profiles and all vacancies."""
from __future__ import annotations

from datetime import date
from html import escape

from api.fairness.intervals import mean
from api.match_report import Known, MatchReport, Question
from api.report.html_parts import Page
from api.report.questions import SIDES
from api.report.view import MILLION
from api.texts.catalogue import count, say
from api.texts.questions import SAYS


def known_lines(report: MatchReport) -> list[str]:
    """Return one line on the profiles and one on the vacancies."""
    if report.questions is None:
        return []
    lines = []
    for key, known in (("mean_students", report.questions.students), ("mean_openings", report.questions.openings)):
        share = mean([one.complete for one in known])
        if share is not None:
            fresh = sum(one.freshness == "fresh" for one in known)
            days = report.policy.rules.fresh_marked_days
            lines.append(say(SAYS, key, report.lang, share=_percent(share), fresh=fresh, n=len(known), days=days))
    return lines


def known_note(page: Page, index: int, *, of_opening: bool = False) -> str:
    """Return the line of a card: how much is filled in, how fresh, and what to ask first."""
    report = page.view.report
    if report.questions is None:
        return ""
    known = (report.questions.openings if of_opening else report.questions.students)[index]
    confirmed = report.openings[index].confirmed_on if of_opening else report.students[index].confirmed_on
    text = f"{say(SAYS, 'complete', page.lang, share=_percent(known.complete))}, {_fresh(known, confirmed, report)}"
    return f'<p class="small muted">{escape(text)}</p>{_ask(page, known, of_opening)}'


def _ask(page: Page, known: Known, of_opening: bool) -> str:
    first = next(iter(known.questions), None)
    if first is None or not first.change:
        return ""
    side = "opening" if of_opening else "student"
    parts = [say(SIDES[side], first.name, page.lang), _decides(first, side, page.lang)]
    words = " ".join(part for part in parts if part)
    return f'<p class="small"><strong>{escape(say(SAYS, "ask", page.lang))}:</strong> {escape(words)}</p>'


def _decides(question: Question, side: str, lang: str) -> str:
    return count(SAYS, f"decides_{side}", question.decides, lang) if question.decides else ""


def _fresh(known: Known, confirmed: date | None, report: MatchReport) -> str:
    if confirmed is None:
        return say(SAYS, "unknown", report.lang)
    days = (report.on - confirmed).days
    if known.freshness == "fresh" and days < 1:
        return say(SAYS, "fresh_today", report.lang)
    key = "fresh_one" if known.freshness == "fresh" and days == 1 else known.freshness
    return say(SAYS, key, report.lang, days=days)


def _percent(share: int) -> int:
    """Whole percent, rounded down: what is not complete never reads as 100."""
    return share * 100 // MILLION

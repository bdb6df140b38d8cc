"""Robust or look first, on the page: a mark per proposal, and why."""
from __future__ import annotations

from html import escape

from api.report.html_parts import Page
from api.report.view import Proposal
from api.texts.catalogue import count, listing, say
from api.texts.robust import ROBUST
from features.robust import VARIED
from features.settings import FEATURES


def mark(page: Page, proposal: Proposal) -> str:
    """Return robust or look first as a mark."""
    if proposal.robust is None:
        return f'<span class="small muted">{escape(say(ROBUST, "open", page.lang))}</span>'
    key, kind = ("robust", "good") if proposal.robust else ("look_first", "look")
    return f'<span class="tag {kind}">{escape(say(ROBUST, key, page.lang))}</span>'


def note(page: Page) -> str:
    """Return what robust means and how many are to be looked at first."""
    known = page.view.report.robustness
    if known is None:
        return f'<p class="muted">{escape(say(ROBUST, "help_none", page.lang))}</p>'
    first = sum(proposal.look_first for proposal in page.view.queue)
    lines = [count(ROBUST, "line", first, page.lang)] if first else []
    lines.append(say(ROBUST, "help", page.lang, n=len(known.names), per_cent=VARIED))
    return "".join(f'<p class="muted">{escape(line)}</p>' for line in lines)


def why(page: Page, proposal: Proposal) -> str:
    """Return under which uncertainty the proposal falls; nothing where it holds or was not checked."""
    lines = reasons(page, proposal)
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<p class="lab">{escape(say(ROBUST, "why", page.lang))}</p><ul class="list check">{items}</ul>'


def reasons(page: Page, proposal: Proposal) -> list[str]:
    """Return why the proposal is to be looked at first, a sentence each."""
    known = page.view.report.robustness
    if known is None or not proposal.look_first:
        return []
    lost = {name for name, keeps in zip(known.names, known.keeps[:, proposal.i].tolist(), strict=True) if not keeps}
    lines = [say(ROBUST, "unknown", page.lang)] if lost & {"low", "high"} else []
    if known.low[:, proposal.i].any():
        lines.append(say(ROBUST, "low", page.lang))
    weights = [say(ROBUST, name, page.lang) for name in FEATURES if lost & {f"{name}-", f"{name}+"}]
    if weights:
        lines.append(say(ROBUST, "weights", page.lang, items=listing(weights, page.lang)))
    return lines

"""The cards of the report: one per student with a proposal, per student without, and per opening."""
from __future__ import annotations

from html import escape

from api.explain.blocks import Block, strongest
from api.explain.points_of_100 import rounded_points
from api.report.html_known import known_note
from api.report.html_parts import (
    Page,
    bullet,
    looks,
    opening_details,
    opening_link,
    opening_name,
    place_name,
    short_table,
    statement_item,
    student_link,
    student_name,
)
from api.report.html_robust import mark, why
from api.report.html_sensitivity import change_note, regret_note
from api.report.view import MILLION, Place, Proposal
from api.texts.dates import number, short_date
from api.texts.words import word
from features.records import Student
from features.settings import FEATURES
from matcher.problem import PIN

_ALTERNATIVES, _POSSIBLE = 5, 3


def student_cards(page: Page) -> str:
    """Return the cards of all students with a proposal, those to look at first on top."""
    return "".join(_placed(page, proposal) for proposal in page.view.queue)


def unplaced_cards(page: Page) -> str:
    """Return the cards of all students without a proposal; who waits long comes first."""
    waiting = page.view.report.priorities
    without = sorted((p for p in page.view.proposals if not p.placed), key=lambda p: (-int(waiting[p.i]), p.i))
    return "".join(_unplaced(page, proposal) for proposal in without)


def opening_cards(page: Page) -> str:
    """Return the cards of all openings, in the order of the list."""
    return "".join(_opening(page, place) for place in page.view.places)


def _head(page: Page, i: int, marks: str) -> str:
    student = page.student(i)
    head = f'<h3 id="s{i + 1}-h">{student_name(student)}</h3><p class="muted small">{_about(page, student)}{marks}</p>'
    return f"{head}{known_note(page, i)}"


def _about(page: Page, student: Student) -> str:
    on = page.view.report.on
    had = (on.month, on.day) >= (student.birth_date.month, student.birth_date.day)
    parts = [student.school, page.t("age", n=on.year - student.birth_date.year - (not had))]
    if student.location is not None:
        parts.append(page.t("home", place=place_name(student.location)))
    free = student.available_from or student.leaves_on
    if free is not None and free > on:
        parts.append(page.t("from", date=short_date(free, page.lang)))
    return " · ".join(escape(part) for part in parts)


def _waits(page: Page, i: int) -> str:
    if int(page.view.report.priorities[i]) <= 1:
        return ""
    return f' <span class="tag look">{escape(page.t("waits"))}</span>'


def _placed(page: Page, proposal: Proposal) -> str:
    scored = page.view.report.scored
    parts = scored.contributions[proposal.pair].tolist()
    total, base, points = rounded_points(int(scored.base), parts)
    shown = dict(zip(FEATURES, points, strict=True))
    lists = []
    for kind in ("plus", "minus"):
        statements = proposal.of_kind(kind)
        if statements:
            items = [statement_item(statement, shown[statement.code]) for statement in statements]
            lists.append(f'<p class="lab">{escape(page.t(kind))}</p>{bullet(kind, items)}')
    right = ""
    asked = [statement_item(statement) for statement in proposal.asked]
    if asked:
        right = f'<p class="lab">{escape(page.t("check"))}</p>{bullet("check", asked)}'
    right = f"{why(page, proposal)}{right}{_others(page, proposal)}"
    return (
        f'<article class="card" id="s{proposal.i + 1}" aria-labelledby="s{proposal.i + 1}-h">'
        f"{_head(page, proposal.i, _waits(page, proposal.i))}"
        f"<p><strong>{opening_link(page, proposal.j)}</strong><br><span class=\"muted small\">"
        f"{opening_details(page, proposal.j)}</span></p>{_score(page, proposal, total, base)}"
        f'<div class="sides"><div>{"".join(lists)}</div><div>{right}</div></div></article>'
    )


def _score(page: Page, proposal: Proposal, total: int, base: int) -> str:
    choices = len(page.view.alternatives(proposal.i))
    if choices == 1:
        rank = page.t("rank_only")
    elif proposal.rank == 1:
        rank = page.t("rank_first", n=choices)
    else:
        rank = page.t("rank", rank=proposal.rank, n=choices)
    unknown = len(proposal.of_kind("unknown"))
    known = page.n("unknown_share", unknown, unknown=unknown, all=len(FEATURES)) if unknown else page.t("known_all")
    pin = ""
    if int(page.view.report.problem.locks[proposal.pair]) == PIN:
        pin = f'<span class="tag look">{escape(page.t("pinned"))}</span>'
    facts = " · ".join(escape(text) for text in (rank, known, page.t("points_base", n=total, base=base)))
    marks = f"{page.band(proposal.fit)}{mark(page, proposal)}{pin}"
    return f'<p class="band">{marks}<span class="small muted">{facts}</span></p>'


def _others(page: Page, proposal: Proposal) -> str:
    pairs = [int(pair) for pair in page.view.alternatives(proposal.i) if int(pair) != proposal.pair]
    if not pairs:
        return ""
    items = "".join(_alternative(page, pair) for pair in pairs[:_ALTERNATIVES])
    more = len(pairs) - _ALTERNATIVES
    rest = f'<p class="small muted">{escape(page.n("more_others", more))}</p>' if more > 0 else ""
    label = escape(page.t("others", n=len(pairs)))
    return f'<details><summary>{label}</summary><ul class="small">{items}</ul>{rest}</details>'


def _alternative(page: Page, pair: int) -> str:
    report = page.view.report
    j, fit = int(report.problem.indices[pair]), int(report.scored.fit[pair])
    total = rounded_points(fit, ())[0]
    band = page.t(report.policy.band(fit))
    rank = int(page.view.ranks[pair])
    return (
        f"<li>{rank}. {opening_link(page, j)}, {escape(short_date(page.opening(j).starts_on, page.lang))}: "
        f"{escape(band)} ({total}){regret_note(page, pair)}</li>"
    )


def _unplaced(page: Page, proposal: Proposal) -> str:
    pairs = [int(pair) for pair in page.view.alternatives(proposal.i)]
    possible = ""
    if pairs:
        items = "".join(_alternative(page, pair) for pair in pairs[:_POSSIBLE])
        more = len(pairs) - _POSSIBLE
        rest = f'<p class="small muted">{escape(page.n("more_others", more))}</p>' if more > 0 else ""
        possible = f'<p class="lab">{escape(page.t("possible"))}</p><ul class="small">{items}</ul>{rest}'
    body = _blocks(page, proposal.blocks, page.t("blocks"))
    if not body and not pairs:
        body = f"<p>{escape(page.t('nothing_possible'))}</p>"
    body += change_note(page, page.view.report.changes.students.get(proposal.i))
    return (
        f'<article class="card" id="s{proposal.i + 1}" aria-labelledby="s{proposal.i + 1}-h">'
        f"{_head(page, proposal.i, _waits(page, proposal.i))}{body}{possible}</article>"
    )


def _blocks(page: Page, blocks: tuple[Block, ...], label: str, *, of_opening: bool = False) -> str:
    if not blocks:
        return ""
    items = []
    for block in strongest(blocks, of_opening=of_opening):
        helps = f'<span class="helps small">{escape(block.helps)}</span>' if block.helps else ""
        items.append(f"<li>{escape(block.sentence)}{helps}</li>")
    more = len(blocks) - len(items)
    told = escape(page.n("more_blocks", more, table="openings" if of_opening else "unplaced"))
    rest = f'<p class="small muted">{told}</p>' if more > 0 else ""
    return f'<p class="lab">{escape(label)}</p>{bullet("stop", items)}{rest}'


def _opening(page: Page, place: Place) -> str:
    opening = page.opening(place.j)
    branch = word("branch", opening.branch, page.lang)
    return (
        f'<article class="card" id="v{place.j + 1}" aria-labelledby="v{place.j + 1}-h">'
        f'<h3 id="v{place.j + 1}-h">{escape(opening_name(opening))}</h3>'
        f'<p class="muted small">{opening_details(page, place.j)} · {escape(branch)}</p>'
        f"{known_note(page, place.j, of_opening=True)}"
        f'<p class="band">{_marks(page, place)}</p>{_inside(page, place)}</article>'
    )


def _marks(page: Page, place: Place) -> str:
    opening = page.opening(place.j)
    marks = [f"<strong>{escape(page.t('filled_of', filled=place.filled, places=opening.places))}</strong>"]
    if place.left:
        marks.append(f'<span class="tag open">{escape(page.n("places_left", place.left))}</span>')
    if opening.min_to_open > 1:
        inside = place.filled + opening.present
        key = "group_opens" if place.opens else "group_closed"
        text = page.t(key, n=inside, minimum=opening.min_to_open)
        marks.append(f'<span class="tag {"good" if place.opens else "open"}">{escape(text)}</span>')
    if opening.present:
        marks.append(f'<span class="small muted">{escape(page.t("present", n=opening.present))}</span>')
    capacity = int(page.view.report.problem.load_capacity[place.j])
    if capacity >= 0:
        used, most = (number(part / MILLION, page.lang, decimals=2) for part in (page.view.load[place.j], capacity))
        marks.append(f'<span class="small muted">{escape(page.t("load", used=used, most=most))}</span>')
    if opening.certainty == "planned":
        marks.append(f'<span class="tag look">{escape(page.t("planned"))}</span>')
    return "".join(marks)


def _inside(page: Page, place: Place) -> str:
    if place.inside:
        proposals = [page.view.proposals[i] for i in place.inside]
        rows = [(student_link(page, p.i), page.band(p.fit), looks(page, p)) for p in proposals]
        header = (page.t("student"), page.t("fits"), page.t("check"))
        return short_table(opening_name(page.opening(place.j)), header, rows)
    if not page.opening(place.j).places:
        return f"<p>{escape(page.t('no_places'))}</p>"
    text = page.n("nobody", place.eligible) if place.eligible else page.t("nobody_at_all")
    blocked = _blocks(page, place.blocks, page.t("blocked_here"), of_opening=True)
    change = change_note(page, page.view.report.changes.openings.get(place.j), of_opening=True)
    return f"<p>{escape(text)}</p>{blocked}{change}"

"""What the command prints at its end: the totals, what blocks most, and whether the plan is proved."""
from __future__ import annotations

from collections import Counter

from api.explain.blocks import strongest
from api.match_report import MatchReport
from api.report.totals import Totals, gap, totals
from api.report.travel import travel_counts
from api.report.view import View, build_view
from api.texts.catalogue import count, say
from api.texts.dates import long_date
from api.texts.report import REPORT, SUMMARY
from api.texts.rules import BLOCKS_OPENING, COUNTS

_SHOWN = 4  # blocking rules that are named


def summary_lines(report: MatchReport) -> list[str]:
    """Return the readable end of `schakel match`, line by line, in the report's language."""
    return view_lines(build_view(report))


def view_lines(view: View) -> list[str]:
    """Return the lines of `summary_lines` for a view that is already built."""
    lang, figures = view.lang, totals(view)
    head = say(
        SUMMARY, "head", lang, date=long_date(view.report.on, lang),
        students=count(COUNTS, "students", figures.students, lang),
        openings=count(COUNTS, "openings", figures.openings, lang),
        places=count(COUNTS, "places", figures.places, lang),
    )  # fmt: skip
    rows = _rows(figures, lang)
    width = max(len(label) for label, _, _ in rows)
    lines = [head]
    for label, number, note in rows:
        lines.append(f"  {label:<{width}}  {number:>6}{f'   {note}' if note else ''}")
    stops = _stops(view)
    if stops:
        lines += [say(SUMMARY, "blocks", lang), *(f"  - {sentence}" for sentence in stops)]
    travel = travel_line(view)
    return [*lines, *([travel] if travel else []), proof(view)]


def travel_line(view: View) -> str:
    """Return for how many pairs the table of travel times was used; empty where there is none."""
    counts = travel_counts(view.report)
    if counts is None:
        return ""
    both = counts.by_table + counts.by_estimate
    return say(SUMMARY, "travel", view.lang, told=counts.by_table, all=both, rest=counts.by_estimate)


def _rows(figures: Totals, lang: str) -> list[tuple[str, int, str]]:
    bands = dict(figures.bands)
    rows = [
        (say(SUMMARY, "placed", lang), figures.placed, say(SUMMARY, "bands", lang, **bands) if figures.placed else ""),
        (say(SUMMARY, "unplaced", lang), figures.unplaced, ""),
    ]
    if figures.kept_waiting:
        rows.append((f"  {say(SUMMARY, 'waiting', lang)}", figures.kept_waiting, ""))
    rows.append((say(SUMMARY, "left", lang), figures.left, ""))
    if figures.groups_opened or figures.groups_closed:
        rows.append((say(SUMMARY, "groups", lang), figures.groups_opened,
                     say(SUMMARY, "closed", lang, n=figures.groups_closed)))  # fmt: skip
    rows.append((say(SUMMARY, "checks", lang), figures.to_check, ""))
    if figures.left_out:
        rows.append((say(SUMMARY, "left_out", lang), figures.left_out, say(SUMMARY, "left_out_why", lang)))
    return rows


def _stops(view: View) -> list[str]:
    """Say, per rule, for how many unplaced students it is the one that takes most vacancies away."""
    first: Counter[str] = Counter()
    for proposal in view.proposals:
        if not proposal.placed and proposal.blocks:
            first[strongest(proposal.blocks, 1)[0].code] += 1
    lang = view.lang
    return [
        say(BLOCKS_OPENING, code, lang, students=count(COUNTS, "students", n, lang))
        for code, n in sorted(first.items(), key=lambda item: (-item[1], item[0]))[:_SHOWN]
    ]


def proof(view: View) -> str:
    """Return in one sentence whether a better plan can exist."""
    report = view.report
    if report.proved:
        return say(REPORT, "proved", view.lang)
    key = "optimal" if report.solution.status == "optimal" and not gap(report.solution.stages) else "feasible"
    return say(REPORT, key, view.lang)

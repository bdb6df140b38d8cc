"""Small pieces of HTML that every part of the report uses: escaped text, tables, lists and links."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from api.explain.statement import Statement
from api.report.view import Proposal, View
from api.texts.catalogue import count, say
from api.texts.dates import short_date
from api.texts.report import REPORT
from features.geography import called_place
from features.records import Location, Opening, Student


@dataclass(frozen=True, slots=True)
class Page:
    """The view with the words of its language at hand."""

    view: View

    @property
    def lang(self) -> str:
        """The language of the page."""
        return self.view.lang

    def t(self, key: str, **facts: object) -> str:
        """Return the words of a key as text, not yet escaped."""
        return say(REPORT, key, self.lang, **facts)

    def n(self, key: str, number: int, **facts: object) -> str:
        """Return the words of a key for so many, as text."""
        return count(REPORT, key, number, self.lang, **facts)

    def student(self, i: int) -> Student:
        """Return student ``i``."""
        return self.view.report.students[i]

    def opening(self, j: int) -> Opening:
        """Return opening ``j``."""
        return self.view.report.openings[j]

    def band(self, fit: int) -> str:
        """Return the band of a fit as a mark."""
        band = self.view.report.policy.band(fit)
        return f'<span class="tag {band}">{self.t(band)}</span>'


def student_name(student: Student) -> str:
    """Return first name and reference as HTML; the reference alone where no name was given."""
    name, ref = escape(student.background.first_name), escape(student.student_ref)
    return f'{name} <span class="ref">{ref}</span>' if name else ref


def student_link(page: Page, i: int) -> str:
    """Return a link to the card of a student."""
    student = page.student(i)
    name, ref = escape(student.background.first_name), escape(student.student_ref)
    return f'<a href="#s{i + 1}">{name} {ref}</a>' if name else f'<a href="#s{i + 1}">{ref}</a>'


def opening_name(opening: Opening) -> str:
    """Return title and employer as text; the vacancy's number where both are empty."""
    parts = [part for part in (opening.title, opening.employer) if part]
    return ", ".join(parts) if parts else opening.vacancy_ref


def place_name(location: Location) -> str:
    """Return the municipality, so that no postcode stands in the page; the label where that is a name already."""
    return called_place(location.label, location.municipality_code)


def opening_link(page: Page, j: int) -> str:
    """Return a link to the card of an opening."""
    return f'<a href="#v{j + 1}">{escape(opening_name(page.opening(j)))}</a>'


def opening_details(page: Page, j: int) -> str:
    """Return number, place and start date of an opening as HTML."""
    opening = page.opening(j)
    parts = [opening.vacancy_ref]
    if opening.location is not None:
        parts.append(place_name(opening.location))
    parts.append(page.t("starts", date=short_date(opening.starts_on, page.lang)))
    return " · ".join(escape(part) for part in parts)


def bullet(kind: str, items: Iterable[str]) -> str:
    """Return a list of ready HTML items with the mark of its kind."""
    return f'<ul class="list {kind}">{"".join(items)}</ul>'


def statement_item(statement: Statement, points: int | None = None) -> str:
    """Return one statement as a list item, with its points where it has any."""
    shown = "" if points is None else f' <span class="pts">{_signed(points)}</span>'
    kind = ' class="broken"' if statement.kind == "broken" else ""
    return f"<li{kind}><span>{escape(statement.sentence)}</span>{shown}</li>"


def _signed(points: int) -> str:
    return f"\N{MINUS SIGN}{-points}" if points < 0 else f"+{points}" if points else "0"


def section(name: str, title: str, body: str, *, page_break: bool = False) -> str:
    """Return a section with its heading; ``name`` is the anchor."""
    kind = ' class="page"' if page_break else ""
    return (
        f'<section id="{name}"{kind}><div class="wrap"><h2>{escape(title)}</h2>{body}</div></section>'
    )


def table(
    caption: str,
    header: Sequence[tuple[str, bool]],
    rows: Iterable[Sequence[str]],
    *,
    foot: Sequence[str] | None = None,
    quiet: bool = False,
) -> str:
    """Return a table in its own scrolling, focusable region.

    ``header`` holds (text, is a number) per column, the first of which holds the row headers; ``rows`` and
    ``foot`` are cells as ready HTML. ``quiet`` hides the caption from the eye where a heading right above says
    the same; it stays the name of the table and its region.
    """
    kinds = [' class="num"' if number else "" for _, number in header]
    head = "".join(
        f'<th scope="col"{kind}>{escape(text)}</th>' for (text, _), kind in zip(header, kinds, strict=True)
    )
    body = "".join(f"<tr>{_cells(row, kinds)}</tr>" for row in rows)
    end = f"<tfoot><tr>{_cells(foot, kinds)}</tr></tfoot>" if foot else ""
    shown = "" if quiet else f"<caption>{escape(caption)}</caption>"
    name = f' aria-label="{escape(caption)}"'
    inner = name if quiet else ""
    return (
        f'<div class="scroll" role="region"{name} tabindex="0"><table{inner}>{shown}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody>{end}</table></div>"
    )


def _cells(row: Sequence[str], kinds: Sequence[str]) -> str:
    first = f'<th scope="row">{row[0]}</th>'
    return first + "".join(f"<td{kind}>{cell}</td>" for cell, kind in zip(row[1:], kinds[1:], strict=True))


def short_table(label: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a small table inside a card, without a region of its own."""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in header)
    kinds = [""] * len(header)
    body = "".join(f"<tr>{_cells(row, kinds)}</tr>" for row in rows)
    return f'<table aria-label="{escape(label)}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def looks(page: Page, proposal: Proposal) -> str:
    """Return the number of points to check as a mark, or nothing."""
    number = len(proposal.asked)
    return f'<span class="tag look">{number} {escape(page.t("to_todo"))}</span>' if number else ""

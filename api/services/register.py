"""The data dictionary and the register of processing (GDPR, article 30) as text, made from the tables themselves."""
from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from api.store.base import Base
from api.store.dictionary import entries
from api.terms import Terms, how_long
from api.texts.catalogue import say
from api.texts.register import ABOUT, ACTIVITIES, WORDS

HEAD = ("table", "column", "field", "about", "purpose", "retention")


@dataclass(frozen=True, slots=True)
class Activity:
    """A processing activity: its key in `api.texts.register.ACTIVITIES`, its tables, and which roles receive of it."""

    key: str
    tables: tuple[str, ...]
    receive: tuple[str, ...]


REGISTER = (
    Activity("profiles", ("students", "profiles", "uploads", "upload_files", "upload_rows", "upload_defects", "drafts"),
             ("school", "referrer", "connector", "coach", "student", "parent")),
    Activity("vacancies", ("vacancies", "openings", "opening_versions", "seats", "participations"),
             ("employer", "connector", "school")),
    Activity("matching", ("policies", "runs", "run_students", "run_openings", "run_decisions", "proposals", "outcomes",
                          "opening_outcomes", "plans"), ("connector",)),
    Activity("decisions", ("decisions", "consent_requests", "consents", "releases", "open_cards"),
             ("connector", "employer", "student", "parent", "school")),
    Activity("placement", ("introductions", "agreements", "adaptations", "placements", "check_moments", "steps",
                           "destinations", "questions"),
             ("connector", "employer", "school", "coach", "student", "parent")),
    Activity("help", ("help_requests",), ("municipality", "connector", "student", "parent")),
    Activity("accounts", ("accounts", "grants", "mandates", "codes", "invitations", "recovery_codes", "sign_ins",
                          "tokens",
                          "login_failures", "request_counts", "answers"), ("administrator",)),
    Activity("directory", ("organisations", "contacts", "legal_grounds", "cooperations", "cooperation_members"),
             ("school", "employer", "connector", "municipality")),
    Activity("accountability", ("audit_events", "audit_head", "seen", "opened_cards", "erasures", "switches"),
             ("administrator", "student")),
)  # fmt: skip
"""Every table belongs to one activity."""


def dictionary(terms: Terms) -> list[tuple[str, ...]]:
    """The data dictionary, a line per column and per field of a stored record; ``terms`` are those that hold."""
    import api.store.tables  # noqa: F401 - makes every table known

    made: list[tuple[str, ...]] = []
    for entry in entries(Base.metadata):
        assert entry.meaning is not None
        made.append((entry.table, entry.column, entry.field, entry.meaning.about, entry.meaning.purpose,
                     how_long(entry.meaning.keep, "en", terms)))  # fmt: skip
    return made


def table(lines: Sequence[Sequence[str]], form: str, head: Sequence[str] = HEAD) -> str:
    """Lines as CSV, or as a table in Markdown."""
    if form == "csv":
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([head, *lines])
        return out.getvalue()
    rows = [head, ["---"] * len(head), *lines]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows)


def register(lang: str, terms: Terms) -> str:
    """The register in Markdown: per activity why, about whom, what, who receives it and how long it stays."""
    import api.store.tables  # noqa: F401

    known = [entry for entry in entries(Base.metadata) if entry.meaning is not None]
    parts = [f"# {say(WORDS, 'title', lang)}\n\n{say(WORDS, 'fill_in', lang)}\n"]
    for activity in REGISTER:
        mine = [entry for entry in known if entry.table in activity.tables]
        about = sorted({e.meaning.about for e in mine if e.meaning} - {"nobody"})
        keeps = sorted({how_long(e.meaning.keep, lang, terms) for e in mine if e.meaning})
        data = sorted({e.field or e.column for e in mine if e.meaning and e.meaning.about != "nobody"})
        lines = (
            ("why", say(ACTIVITIES, f"{activity.key}_why", lang)),
            ("about", ", ".join(say(ABOUT, who, lang) for who in about)),
            ("data", ", ".join(data)),
            ("receive", ", ".join(say(ABOUT, role, lang) for role in activity.receive)),
            ("kept", "; ".join(keeps)),
            ("outside", say(WORDS, "nobody_outside", lang)),
            ("safe", say(WORDS, "measures", lang)),
        )
        told = [(say(WORDS, key, lang), text) for key, text in lines]
        parts.append(f"\n## {say(ACTIVITIES, activity.key, lang)}\n\n" + table(
            told, "markdown", (say(WORDS, "part", lang), say(WORDS, "what", lang))))  # fmt: skip
    return "".join(parts)


__all__ = ["HEAD", "REGISTER", "Activity", "dictionary", "register", "table"]

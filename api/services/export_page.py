"""Everything that is stored about a person as a page to read: no script, nothing loaded from elsewhere."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from api.schemas.columns import LEAVERS
from api.terms import Terms, how_long
from api.texts.catalogue import count, say
from api.texts.export import COLUMNS, HIDDEN, TABLES, WORDS
from api.texts.pages.account import ACCOUNT
from api.texts.pages.log_words import LOG
from features.geography import REGIONS, region_name

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1b1b}"
    "h2{margin-top:2rem}table{border-collapse:collapse;margin:.5rem 0 1.5rem;width:100%}"
    "th,td{border:1px solid #8a8a8a;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{width:16rem;font-weight:600}"
)
_FIELDS = {column.name: {lang: column.header(lang) for lang in ("nl", "en")} for column in LEAVERS}


_ID = re.compile(r"[0-9a-f]{32,64}")
"""An id or a digest: it tells a reader nothing, and stands in the file for machines."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def page(made: Mapping[str, Any], lang: str, terms: Terms) -> str:
    """Return the page of an export (`api.services.privacy.export`); ``terms`` are those that hold."""
    return "".join(_parts(made, lang, terms))


def _parts(made: Mapping[str, Any], lang: str, terms: Terms) -> Iterator[str]:
    words = {key: say(WORDS, key, lang) for key in ("title", "made", "intro", "kept")}
    reader = _Reader(lang, made["people"])
    yield f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(words["title"])}</title>'
    yield f"<style>{_STYLE}</style></head><body><h1>{escape(words['title'])}</h1>"
    yield f"<p>{escape(words['made'])} {escape(str(made['exported_at'])[:16].replace('T', ' '))} UTC.</p>"
    yield f"<p>{escape(words['intro'])}</p>"
    for part in made["tables"]:
        if not part["rows"]:
            continue
        yield f"<h2>{escape(name_of_table(part['table'], lang))}</h2>"
        kept = sorted({how_long(column["keep"], lang, terms) for column in part["columns"].values()})
        yield f"<p>{escape(words['kept'])} {escape('; '.join(kept))}.</p>"
        silent = 0
        for row in part["rows"]:
            lines = list(_lines(row, reader))
            silent += not lines
            if lines:
                yield f"<table>{''.join(lines)}</table>"
        if silent:
            yield f"<p>{escape(count(WORDS, 'silent', silent, lang))}</p>"
    yield "</body></html>\n"


def _lines(row: Mapping[str, Any], reader: _Reader) -> Iterator[str]:
    """The columns of a row that say something, as rows of a table."""
    said = {column: value for column, value in row.items() if column not in HIDDEN}
    if "subject_kind" in row:  # an event of the log: what was done to what, in words
        said["subject_id"] = reader.of_log("k", row["subject_kind"])
        said["action"] = reader.of_log("v", str(row["action"]).partition(".")[2])
    for column, value in said.items():
        told = reader.told(value)
        if told:
            yield f"<tr><th scope=\"row\">{escape(name_of_column(column, reader.lang))}</th><td>{told}</td></tr>"


def name_of_table(table: str, lang: str) -> str:
    """What people call a table."""
    return say(TABLES, table, lang) if table in TABLES else table.replace("_", " ")


def name_of_column(column: str, lang: str) -> str:
    """What people call a column or a field; one without a word of its own stands by its name, made readable."""
    if column in COLUMNS:
        return say(COLUMNS, column, lang)
    return _FIELDS.get(column, {}).get(lang, column).replace("_", " ")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Says values in words; ``people`` are the roles and parties of who is meant by an account."""

    lang: str
    people: Mapping[str, Any]

    def told(self, value: Any) -> str:
        """A value as it is read; empty: there is nothing to read in it."""
        if value in _EMPTY:
            return ""
        if isinstance(value, Mapping):
            told = ((name_of_column(str(k), self.lang), self.told(v)) for k, v in value.items())
            lines = [f"<tr><th scope=\"row\">{escape(name)}</th><td>{said}</td></tr>" for name, said in told if said]
            return f"<table>{''.join(lines)}</table>" if lines else ""
        if isinstance(value, list):
            return "<br>".join(filter(None, map(self.told, value)))
        if isinstance(value, bool):
            return say(WORDS, "yes" if value else "no", self.lang)
        text = str(value)
        if text in self.people:
            return escape(self.somebody(self.people[text]))
        return "" if _ID.fullmatch(text) else escape(_ID.sub("…", text))

    def somebody(self, rights: list[str]) -> str:
        """Who an account is of: the reader, a role at a party, or somebody who is gone."""
        told = []
        for right in rights:
            role, _, party = right.partition(": ")
            if role == "student":
                return say(WORDS, "you", self.lang)
            name = say(ACCOUNT, role, self.lang)
            told.append(f"{name}, {region_name(party) if party in REGIONS else party}" if party else name)
        return "; ".join(dict.fromkeys(told)) or say(WORDS, "gone", self.lang)

    def of_log(self, kind: str, code: str) -> str:
        """What the log calls a kind of record (``k``) or what happened (``v``)."""
        return say(LOG, f"{kind}_{code}", self.lang) if f"{kind}_{code}" in LOG else code.replace("_", " ")

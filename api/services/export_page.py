"""Everything that is stored about a person as a page to read: no script, nothing loaded from elsewhere."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from api.schemas.columns import LEAVERS
from api.texts.catalogue import say
from api.texts.export import COLUMNS, HIDDEN, KEEPS, TABLES, WORDS

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#1b1b1b}"
    "h2{margin-top:2rem}table{border-collapse:collapse;margin:.5rem 0 1.5rem;width:100%}"
    "th,td{border:1px solid #8a8a8a;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "th{width:16rem;font-weight:600}"
)
_FIELDS = {column.name: {lang: column.header(lang) for lang in ("nl", "en")} for column in LEAVERS}


def page(made: Mapping[str, Any], lang: str) -> str:
    """Return the page of an export (`api.services.privacy.export`)."""
    return "".join(_parts(made, lang))


def _parts(made: Mapping[str, Any], lang: str) -> Iterator[str]:
    words = {key: say(WORDS, key, lang) for key in WORDS}
    yield f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{escape(words["title"])}</title>'
    yield f"<style>{_STYLE}</style></head><body><h1>{escape(words['title'])}</h1>"
    yield f"<p>{escape(words['made'])} {escape(str(made['exported_at'])[:16].replace('T', ' '))} UTC.</p>"
    yield f"<p>{escape(words['intro'])}</p>"
    for part in made["tables"]:
        if not part["rows"]:
            continue
        yield f"<h2>{escape(name_of_table(part['table'], lang))}</h2>"
        kept = sorted({say(KEEPS, column["keep"], lang) for column in part["columns"].values()})
        yield f"<p>{escape(words['kept'])} {escape('; '.join(kept))}.</p>"
        for row in part["rows"]:
            yield "<table>"
            for column, value in row.items():
                if column not in HIDDEN and value not in (None, "", [], {}):
                    yield f"<tr><th scope=\"row\">{escape(name_of_column(column, lang))}</th>"
                    yield f"<td>{_value(value, lang)}</td></tr>"
            yield "</table>"
    yield f"<h2>{escape(words['people'])}</h2><table>"
    for account, rights in made["people"].items():
        yield f"<tr><th scope=\"row\">{escape(account)}</th><td>{escape(', '.join(rights) or words['gone'])}</td></tr>"
    yield "</table></body></html>\n"


def name_of_table(table: str, lang: str) -> str:
    """What people call a table."""
    return say(TABLES, table, lang) if table in TABLES else table.replace("_", " ")


def name_of_column(column: str, lang: str) -> str:
    """What people call a column or a field; one without a word of its own stands by its name, made readable."""
    if column in COLUMNS:
        return say(COLUMNS, column, lang)
    return _FIELDS.get(column, {}).get(lang, column).replace("_", " ")


def _value(value: Any, lang: str) -> str:
    if isinstance(value, Mapping):
        told = (f"<tr><th scope=\"row\">{escape(name_of_column(str(k), lang))}</th><td>{_value(v, lang)}</td></tr>"
                for k, v in value.items() if v not in (None, "", [], {}))  # fmt: skip
        return f"<table>{''.join(told)}</table>"
    if isinstance(value, list):
        return "<br>".join(_value(item, lang) for item in value)
    if isinstance(value, bool):
        return say(WORDS, "yes" if value else "no", lang)
    return escape(str(value))

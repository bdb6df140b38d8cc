"""The rows of a list as one party's own, before anything is asked of the database: what takes long about a list."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api.defects import Defect
from api.files import ReadResult, RowError, Source, read_leavers, read_vacancies
from api.services.said_columns import Said
from api.store.lists import Organisation
from features.records import Opening, Student

KEY_FIELD = {"leavers": "student_ref", "vacancies": "vacancy_ref"}
"""By which a party knows a row again."""
Records = list[tuple[int, Student | Opening]]


@dataclass(frozen=True, slots=True)
class ReadRows:
    """What a list holds for one party: records by row, what is wrong in words and as (row, field, defect), headers.

    ``said`` is what the list has columns for.
    """

    kind: str

    records: Records
    errors: list[RowError]
    defects: list[tuple[int, str, Defect]]
    titles: Mapping[str, str]
    total: int
    refused: bool
    said: Said


def read_rows(
    kind: str, source: Source, *, own: Organisation | None, columns: Mapping[str, str], on: date, lang: str,
    asked_later: Iterable[str] = (),
) -> ReadRows:  # fmt: skip
    """Read a list as the party's own that hands it in, which no row has to say; nothing is stored."""
    read = read_leavers if kind == "leavers" else read_vacancies
    found: ReadResult[Any] = read(source, columns=columns, lang=lang, on=on,
                                  supplied=dict.fromkeys(asked_later, "") | supplied_by(own))  # fmt: skip
    records: Records = [(row, _made_own(record, own)) for row, record in found.records]
    errors = list(found.errors)
    errors += [_not_own(source.name, row, found.titles, record, lang) for row, record in found.records
               if own is not None and code_of(record) != own.code]  # fmt: skip
    records, twice = _without_repeats(records, source.name, found.titles, lang)
    repeats = [(e.row or 0, KEY_FIELD[kind], Defect("duplicate", e.found)) for e in twice]
    return ReadRows(kind, records, errors + twice, [*found.defects, *repeats], found.titles, found.rows, found.refused,
                    Said(frozenset(found.titles), found.absent))  # fmt: skip


def supplied_by(own: Organisation | None) -> dict[str, str]:
    """The field that says whose a row is, with the code of the party whose list it is."""
    name = {"school": "school", "referrer": "referrer", "employer": "employer_kvk"}.get(own.kind) if own else None
    return {name: own.code} if own and name else {}


def _made_own(record: Student | Opening, own: Organisation | None) -> Student | Opening:
    """The record as of the organisation that hands it in, whatever the column says."""
    if own is None:
        return record
    return replace(record, school=own.code) if isinstance(record, Student) else replace(record, employer_kvk=own.code)


def _not_own(file: str, row: int, titles: Mapping[str, str], record: Student | Opening, lang: str) -> RowError:
    name = "school" if isinstance(record, Student) else "employer_kvk"
    said = {"nl": "Deze rij noemt een andere organisatie; de rij is bij die van jou gezet.",
            "en": "This row names another organisation; it was put with yours."}[lang]  # fmt: skip
    return RowError(file, row, titles.get(name, name), "warning", "two_of_one", "", "", said)


def _without_repeats(
    records: Records, file: str, titles: Mapping[str, str], lang: str
) -> tuple[Records, list[RowError]]:
    """Leave out rows that became the same one when they were put with one organisation."""
    seen: set[Any] = set()
    kept, errors = [], []
    for row, record in records:
        key = (code_of(record), *key_of(record))
        if key in seen:
            name = "student_ref" if isinstance(record, Student) else "vacancy_ref"
            said = {"nl": "Deze staat al eerder in de lijst.", "en": "This one stands in the list before."}[lang]
            errors.append(RowError(file, row, titles.get(name, name), "error", "duplicate", ref_of(record), "", said))
        else:
            kept.append((row, record))
        seen.add(key)
    return kept, errors


def code_of(record: Student | Opening) -> str:
    """The official number of whose record it is."""
    return record.school if isinstance(record, Student) else record.employer_kvk


def key_of(record: Student | Opening) -> tuple[Any, ...]:
    """By what a party knows the record again."""
    return (record.student_ref,) if isinstance(record, Student) else (record.vacancy_ref, record.starts_on)


def ref_of(record: Student | Opening) -> str:
    """The party's own number of the record."""
    return record.student_ref if isinstance(record, Student) else record.vacancy_ref


__all__ = ["KEY_FIELD", "ReadRows", "Records", "code_of", "key_of", "read_rows", "ref_of", "supplied_by"]

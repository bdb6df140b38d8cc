"""The shipped cohorts as lists of today: every date moved by whole weeks, a list per school or referrer."""
from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
DAY = date(2026, 6, 15)
"""The cohorts' own day: their leavers leave that summer."""
COHORTS = ("salland", "region")
_DATES = (
    "geboortedatum", "uitstroomdatum", "beschikbaar_vanaf", "toestemming_op", "bevestigd_op", "startdatum", "sluit_op",
)  # fmt: skip
_DAY = re.compile(r"\d\d-\d\d-\d{4}")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Lists:
    """Leaver lists by school or referrer (kind, code), and one list of vacancies; CSV bytes.

    ``employers`` are names by KvK number, ``founder`` is the employer of the founding case with the largest group.
    """

    leavers: dict[tuple[str, str], bytes]
    vacancies: bytes
    employers: dict[str, str]
    founder: str


def todays(today: date) -> Lists:
    """Return the lists as if their day were within the week before ``today``."""
    weeks = timedelta(weeks=(today - DAY).days // 7)
    parties: dict[tuple[str, str], list[Row]] = {}
    vacancies: list[Row] = []
    for number, cohort in enumerate(COHORTS, start=1):
        for row in _read(FIXTURES / cohort / "leavers.csv"):
            party = ("school", row["brin"]) if row["brin"] else ("referrer", row["verwijzer"])
            own = row | {"leerlingnummer": f"{number}{row['leerlingnummer']}"}  # a referrer stands in both
            parties.setdefault(party, []).append(_moved(own, weeks))
        for row in _read(FIXTURES / cohort / "vacancies.csv"):
            own = row | {"vacaturenummer": f"{cohort[0].upper()}-{row['vacaturenummer']}"}
            vacancies.append(_moved(own, weeks))
    names = {row["kvk"]: row["werkgever"] for row in vacancies}
    for row in vacancies:
        row["werkgever"] = names[row["kvk"]]
    largest = max(_read(FIXTURES / "salland" / "vacancies.csv"), key=lambda row: int(row["plekken"] or 0))
    made = {party: _written(rows) for party, rows in sorted(parties.items())}
    return Lists(made, _written(vacancies), names, largest["kvk"])


def _read(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))


def _moved(row: Row, by: timedelta) -> Row:
    found = dict(row)
    for name in _DATES:
        if _DAY.fullmatch(found.get(name) or ""):  # what was written wrong on purpose stays wrong
            day, month, year = map(int, found[name].split("-"))
            found[name] = (date(year, month, day) + by).strftime("%d-%m-%Y")
    return found


def _written(rows: list[Row]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()

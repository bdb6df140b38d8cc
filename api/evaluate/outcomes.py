"""What came of placements: a CSV with a row per pair, checked whole before anything is refused."""
from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.assign_read import Stated
from api.bsn import looks_like_column, mask, means_bsn
from api.errors import Refused, WrongUsage
from api.files.decoding import decode, kind_of_bytes
from api.files.headers import words_of
from api.files.sheets import UnusableError
from api.schemas.base import FIRST_DAY, LAST_DAY
from api.schemas.cells import DefectError
from api.schemas.columns import plain
from api.schemas.dates import DateOf
from api.schemas.values import SchoolOrReferrer
from api.tables import unguard
from api.texts.catalogue import say
from api.texts.evaluate import DO, EXPECTED, WRONG
from api.texts.rows import shorten

OF_MATCH = ("school", "student_ref", "vacancy_ref", "starts_on", "outcome")
OF_ASSIGN = ("student", "opening", "outcome")
EMPLOYER = "employer_kvk"
_OUTCOME = ("outcome", "uitkomst", "resultaat", "afloop", "gelukt")
_OWN = {"student": ("student", "leerling"), "opening": ("opening", "plek"), "outcome": _OUTCOME}
"""What the headers of an `assign` case are called, in plain form."""
_ANSWERS = {"yes": True, "ja": True, "1": True, "true": True, "no": False, "nee": False, "0": False, "false": False}
_SHOWN = 20  # defects written out; the rest is counted
_DAY = DateOf(FIRST_DAY, LAST_DAY)
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one pair of the case; ``pair`` is its position, ``employer`` empty where the file has none."""

    pair: int
    went_well: bool
    employer: str = ""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Every outcome by pair, rows still without one, and the columns nobody asked for."""

    known: tuple[Outcome, ...]
    empty: int
    unused: tuple[str, ...]


def read_outcomes(path: Path, case: Stated, command: str, lang: str) -> Outcomes:
    """Read ``school,student_ref,vacancy_ref,starts_on,outcome`` (of an `assign` case ``student,opening,outcome``).

    Headers may be Dutch, as in the other lists; ``employer_kvk`` is read where it is there.

    Raises
    ------
    WrongUsage
        If there is no such file.
    Refused
        If the file or any row in it cannot be used; every defect is told, with row, column, and what to do.
    """
    return _Reader(path.name, case, OF_MATCH if command == "match" else OF_ASSIGN, lang).read(path)


def _school(text: str) -> str:
    """The school or referrer as it stands in every output; text that is neither as it is."""
    try:
        return SchoolOrReferrer()(text)
    except DefectError:
        return text


@dataclass(slots=True)
class _Reader:
    file: str
    case: Stated
    needed: tuple[str, ...]
    lang: str
    defects: list[str] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)  # field -> header as in the file
    students: dict[str, int] = field(init=False)
    openings: dict[str, int] = field(init=False)
    intakes: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.students = {text: i for i, text in enumerate(self.case.students)}
        self.openings = {text: j for j, text in enumerate(self.case.openings)}
        self.intakes = {}
        for text in self.case.openings:
            self.intakes.setdefault(text.rpartition("@")[0], []).append(text)

    def read(self, path: Path) -> Outcomes:
        unused, rows = self._table(path)
        known, empty = [], 0
        for number, cells in rows:
            answer = self._answer(number, cells["outcome"])
            pair = self._pair(number, cells)
            if not cells["outcome"]:
                empty += 1
            elif answer is not None and pair >= 0:
                known.append(Outcome(pair, answer, cells.get(EMPLOYER, "")))
        if not self.defects and not known:
            self.defects.append(say(WRONG, "header_only", self.lang, file=self.file))
        self._refuse()
        return Outcomes(tuple(sorted(known, key=lambda one: one.pair)), empty, unused)

    def _refuse(self) -> None:
        if self.defects:
            more = len(self.defects) - _SHOWN
            rest = [say(WRONG, "more", self.lang, n=more)] if more > 0 else []
            raise Refused("\n".join([*self.defects[:_SHOWN], *rest]))

    def _table(self, path: Path) -> tuple[tuple[str, ...], list[tuple[int, Cells]]]:
        """Headers nobody asked for, and the rows by field; refused when a field has no column."""
        lines = self._lines(path)
        expected = ",".join(self.needed)
        first = next(lines, None)
        if first is None:
            raise Refused(say(WRONG, "empty", self.lang, file=self.file, expected=expected))
        header = [cell.strip() for cell in first[1]]
        fields = self._fields(header)
        found = shorten(mask(", ".join(header)))
        for name in self.needed:
            if name not in fields:
                text = say(WRONG, "header", self.lang, file=self.file, column=name, expected=expected, found=found)
                self.defects.append(text)
        rows: list[tuple[int, list[str]]] = []
        for number, cells in lines:
            rows.append((number, [unguard(cell.strip()) for cell in cells] + [""] * len(header)))
        for at, title in enumerate(header):
            if title and fields[at] == "" and (means_bsn(title) or looks_like_column(cells[at] for _, cells in rows)):
                self.defects.append(say(WRONG, "bsn", self.lang, file=self.file, column=shorten(mask(title))))
        self._refuse()
        unused = tuple(shorten(mask(title)) for title, name in zip(header, fields, strict=True) if title and not name)
        return unused, [(number, dict(zip(fields, cells, strict=False))) for number, cells in rows]

    def _fields(self, header: Sequence[str]) -> list[str]:
        """The field of each column, empty for one nobody asked for; Dutch and English headers as in other lists."""
        words = {word: name for name, known in _OWN.items() for word in known}
        if "school" in self.needed:
            words = {word: name for word, name in words_of("decisions").items() if name in self.needed}
            words |= dict.fromkeys(_OUTCOME, "outcome")
            words |= {word: name for word, name in words_of("vacancies").items() if name == EMPLOYER}
        fields = [words.get(plain(title), "") for title in header]
        for name, title in zip(fields, header, strict=True):
            if name and name in self.titles:
                both = f"{self.titles[name]}, {title}"
                self.defects.append(say(WRONG, "column_twice", self.lang, file=self.file, column=name, found=both))
            self.titles.setdefault(name, title)
        return fields

    def _lines(self, path: Path) -> Iterator[tuple[int, list[str]]]:
        if not path.is_file():
            raise WrongUsage(say(WRONG, "no_file", self.lang, file=path))
        data = path.read_bytes()
        try:
            text = "" if kind_of_bytes(data, path.name) == "xlsx" else decode(data, path.name)
        except UnusableError:
            text = ""
        if data and not text:
            raise Refused(say(WRONG, "not_csv", self.lang, file=self.file))
        head = next((line for line in text.splitlines() if line.strip()), "")
        number = 0
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
            for number, cells in enumerate(reader, 1):
                if any(cell.strip() for cell in cells):
                    yield number, cells
        except csv.Error:
            raise Refused(say(WRONG, "quotes", self.lang, file=self.file, row=number + 1)) from None

    def _wrong(self, row: int, column: str, found: str, kind: str, **facts: object) -> None:
        expected, do = say(EXPECTED, kind, self.lang), say(DO, kind, self.lang, **facts)
        text = say(
            WRONG, "cell", self.lang, file=self.file, row=row, column=self.titles[column], found=shorten(mask(found)),
            expected=expected, do=do,
        )  # fmt: skip
        self.defects.append(text)

    def _answer(self, row: int, text: str) -> bool | None:
        if text and text.casefold() not in _ANSWERS:
            self._wrong(row, "outcome", text, "outcome")
        return _ANSWERS.get(text.casefold())

    def _pair(self, row: int, cells: Cells) -> int:
        """The pair's position in the case, or -1 when something about it is wrong."""
        missing = [name for name in self.needed if name not in ("outcome", "starts_on") and not cells[name]]
        for name in missing:
            self._wrong(row, name, "", "text")
        if missing:
            return -1
        student, opening = self._student(row, cells), self._opening(row, cells)
        if student < 0 or opening < 0:
            return -1
        names = f"{self.case.students[student]}, {self.case.openings[opening]}"
        pair = self.case.problem.pair(student, opening)
        if pair < 0:
            self._wrong(row, self.needed[-2], names, "pair")
        elif self.seen.setdefault(pair, row) != row:
            self._wrong(row, self.needed[-2], names, "once", first=self.seen[pair])
        return pair

    def _student(self, row: int, cells: Cells) -> int:
        of_match = "school" in self.needed
        text = f"{_school(cells['school'])}/{cells['student_ref']}" if of_match else cells["student"]
        if text not in self.students:
            self._wrong(row, "student_ref" if of_match else "student", text, "student")
        return self.students.get(text, -1)

    def _opening(self, row: int, cells: Cells) -> int:
        if "vacancy_ref" not in self.needed:
            if cells["opening"] not in self.openings:
                self._wrong(row, "opening", cells["opening"], "opening")
            return self.openings.get(cells["opening"], -1)
        intakes: Sequence[str] = self.intakes.get(cells["vacancy_ref"], ())
        if not intakes:
            self._wrong(row, "vacancy_ref", cells["vacancy_ref"], "opening")
            return -1
        if not cells["starts_on"] and len(intakes) == 1:
            return self.openings[intakes[0]]
        try:
            text = f"{cells['vacancy_ref']}@{_DAY(cells['starts_on']).isoformat()}"
        except DefectError:
            self._wrong(row, "starts_on", cells["starts_on"], "date")
            return -1
        if text not in self.openings:
            self._wrong(row, "starts_on", cells["starts_on"], "start")
        return self.openings.get(text, -1)

"""A word of its own in every stored text, so that wherever it turns up it tells where it came from.

`plant` writes one into every free text of the world (and learns the values of what cannot be written, such as
digests); `Canaries.found_in` names those in an answer that somebody may not see.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import JSON, LargeBinary, String, Table, Text, select
from sqlalchemy.orm import Session

from api.store.base import Base
from tests.proofs.everything import Who
from tests.proofs.may_see import CODED, FIELDS, KEYS, SEEN_BY, may

WORD = re.compile(r"zq[0-9a-z]{4,8}qz")
DAY = re.compile(r"\b(\d{4}-\d\d-\d\d|\d\d-\d\d-\d{4})\b")
LIVE_IN = {"openings": ("vacancy_id",), "vacancies": ("organisation_id",), "students": ("organisation_id",)}
OWN_ACCOUNT = {"accounts", "tokens", "drafts", "uploads", "sign_ins", "codes", "answers"}
LEARNT = {
    "accounts.password", "accounts.tf_totp_secret", "tokens.digest", "codes.digest", "invitations.digest",
    "recovery_codes.digest",
    "students.student_ref", "vacancies.vacancy_ref", "releases.pseudonym", "organisations.code",
}  # fmt: skip
"""Learnt rather than written: others point at it, or it must be what it is."""


def texts(table: Table) -> Iterator[str]:
    """The columns of a table that hold texts."""
    for column in table.columns:
        kind = getattr(column.type, "impl", column.type)
        if isinstance(kind, (String, Text, JSON, LargeBinary)) and not column.foreign_keys and column.name != "id":
            yield column.name


def unsaid() -> list[str]:
    """The columns of which `may_see` says nothing."""
    ids = re.compile(r"(_id|_by)$")
    return [f"{table.name}.{name}" for table in Base.metadata.sorted_tables for name in texts(table)
            if f"{table.name}.{name}" not in SEEN_BY.keys() | CODED and not ids.search(name)]  # fmt: skip


@dataclass
class Canaries:
    """What was planted: by word (or birth date), where it stands and whose it is."""

    words: dict[str, tuple[str, str, frozenset[str]]] = field(default_factory=dict)
    seed: str = ""
    students: dict[str, str] = field(default_factory=dict)

    def new(self, where: str, part: str, scope: frozenset[str]) -> str:
        """A word that stands nowhere else."""
        word = f"zq{self.seed}{len(self.words):04x}qz"
        self.words[word] = (where, part, scope)
        return word

    def found_in(self, answer: str, who: Who) -> list[str]:
        """What in an answer is not for ``who``."""
        told = {*WORD.findall(answer)}
        for day in DAY.findall(answer):
            told.add(day if day[4] == "-" else f"{day[6:]}-{day[3:5]}-{day[:2]}")
        told |= {word for word in self._learnt() if word in answer}
        wrong = [f"the key {key}" for key in KEYS.get(who.role, ()) if f'"{key}"' in answer]
        for word in told & self.words.keys():
            where, part, scope = self.words[word]
            if not may(who.role, bool(scope & who.scope), where, part):
                wrong.append(f"{where} {part}".strip())
        return wrong

    def _learnt(self) -> set[str]:
        if not hasattr(self, "_kept"):
            self._kept = {w for w in self.words if not WORD.fullmatch(w) and not DAY.fullmatch(w)}
        return self._kept


def plant(session: Session, seed: str = "", only: frozenset[str] | None = None) -> Canaries:
    """Write a canary into every free text; with ``only`` into what is of them alone and not for all."""
    made, scopes = Canaries(seed=seed), Scopes(session)
    named = named_to(session, scopes)
    students = {(row["organisation_id"], row["student_ref"]): row["id"] for row in session.execute(
        select(Base.metadata.tables["students"])).mappings().all()}  # fmt: skip
    for table in Base.metadata.sorted_tables:
        said = {name: SEEN_BY[f"{table.name}.{name}"] for name in texts(table) if f"{table.name}.{name}" in SEEN_BY}
        # What everybody may see, such as the directory, does change what others see.
        columns = [name for name, letters in said.items() if only is None or not re.search(r"[a-z]", letters)]
        if not columns or table.name.startswith("audit"):
            continue
        keys = list(table.primary_key.columns)
        for row in session.execute(select(table).order_by(*keys)).mappings().all():
            scope = scopes.of(table.name, row)
            if only is not None and (not scope or not scope <= only):
                continue
            made.students = {ref: key for (organisation, ref), key in students.items() if organisation in scope}
            changed = {name: value for name in columns
                       if (value := _planted(made, table, name, row[name], scope)) is not None}  # fmt: skip
            if table.name == "profiles" and row["student_id"] in named:
                word = changed["record"]["background"]["first_name"]
                made.words[word] = (*made.words[word][:2], scope | named[row["student_id"]])
            if changed:
                session.execute(table.update().where(*(key == row[key.name] for key in keys)).values(changed))
    return made


def _planted(made: Canaries, table: Table, name: str, value: Any, scope: frozenset[str]) -> Any:
    where = f"{table.name}.{name}"
    if value is None:
        return None
    if where in LEARNT:
        if len(str(value)) >= 8:  # a short number would be found by chance
            made.words.setdefault(str(value), (where, "", scope))
        return None
    if where in FIELDS:
        return _record(made, where, value, scope)
    if isinstance(value, (dict, list)):
        return _leaves(made, where, value, scope)
    if isinstance(value, bytes):
        return _kept_rows(made, value, scope)
    if where == "policies.text":
        return f"# {made.new(where, '', scope)}\n"
    length = getattr(table.columns[name].type, "length", None)
    if where == "accounts.email":
        return f"{made.new(where, '', scope)}@example.org"
    return made.new(where, "", scope)[: length or 100]


def _kept_rows(made: Canaries, value: bytes, scope: frozenset[str]) -> bytes:
    """The rows of a list between check and confirmation: records as those that are stored."""
    if not value.startswith(b"[["):
        return value
    planted = []
    for row, record in json.loads(value):
        student = made.students.get(record.get("student_ref", ""))
        where = "profiles.record" if "birth_date" in record else "opening_versions.record"
        planted.append([row, _record(made, where, record, scope | ({student} if student else set()))])
    return json.dumps(planted).encode()


def named_to(session: Session, scopes: Scopes) -> dict[str, frozenset[str]]:
    """Whom a student's first name was given to by a permission: an employer, or a municipality that helps."""
    found: dict[str, frozenset[str]] = {}
    for name, permission in (("introductions", "names_at"), ("help_requests", "consented_at")):
        table = Base.metadata.tables[name]
        query = select(table).where(table.c[permission].is_not(None))
        for row in session.execute(query).mappings().all():
            found[row["student_id"]] = found.get(row["student_id"], frozenset()) | scopes.of(name, row)
    return found


def _leaves(made: Canaries, where: str, value: Any, scope: frozenset[str]) -> Any:
    """Sentences within data; codes stay what they are."""
    if isinstance(value, dict):
        return {key: _leaves(made, where, item, scope) for key, item in value.items()}
    if isinstance(value, list):
        return [_leaves(made, where, item, scope) for item in value]
    return made.new(where, "", scope) if isinstance(value, str) and " " in value else value


def _record(made: Canaries, where: str, record: dict[str, Any], scope: frozenset[str]) -> dict[str, Any]:
    changed = dict(record)
    for path in FIELDS[where]:
        outer, _, inner = path.partition(".")
        if inner:
            if changed.get(outer) is not None:
                changed[outer] = changed[outer] | {inner: made.new(where, path, scope)}
        elif path.endswith("_date"):
            day = _unlikely_day(len(made.words))
            made.words[day] = (where, path, scope)
            changed[path] = day
        elif isinstance(changed.get(path), list):
            changed[path] = [made.new(where, path, scope) for _ in changed[path]]
        else:
            changed[path] = made.new(where, path, scope)
    return changed


def _unlikely_day(number: int) -> str:
    """A day of birth that no other date of the world is."""
    return date.fromordinal(date(1930, 1, 1).toordinal() + number).isoformat()


class Scopes:
    """Whose a row is: the ids that it leads to, over students, openings, vacancies, runs and parties."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._row = cache(self._row_of)

    def _row_of(self, table: str, key: str) -> Any:
        columns = Base.metadata.tables[table]
        return self.session.execute(select(columns).where(columns.c.id == key)).mappings().first()

    def of(self, table: str, row: Any, seen: frozenset[str] = frozenset()) -> frozenset[str]:
        """The ids of those whose row it is."""
        found: set[str] = set()
        columns = Base.metadata.tables[table]
        if table in ("students", "organisations"):
            found.add(row["id"])
        if table == "accounts":
            found |= {row["id"], *self._rights(row["id"])}
        if table in OWN_ACCOUNT and row.get("account_id"):
            found.add(row["account_id"])
        if row.get("region_code"):
            found.add(row["region_code"])
        found |= set(row.get("regions") or ()) if table == "runs" else set()
        for column in columns.columns:
            value = row.get(column.name)
            for key in column.foreign_keys:
                target = key.column.table.name
                if value and target not in ("accounts", "policies") and target not in seen and key.column.name in (
                        "id", "opening_id", "student_id"):  # fmt: skip
                    target = {"opening_id": "openings", "student_id": "students"}.get(key.column.name, target)
                    parent = self._row(target, value) if "id" in Base.metadata.tables[target].columns else None
                    if parent is not None:
                        found |= self.of(target, parent, seen | {table})
        if table == "opening_outcomes":  # what would change for a student is about the student too, who may fetch it
            named = re.findall(r"\b[0-9a-f]{32}\b", json.dumps([row["change"], row["worth"]]))
            students = [student for key in named if (student := self._row("students", key)) is not None]
            found |= {whose for student in students for whose in self.of("students", student)}
        if table == "organisations":
            found.discard(row.get("region_code") or "")
        if table == "legal_grounds":  # a connector answers for the parties of the region, and for who has a place there
            found |= self._regions(row["organisation_id"])
        return frozenset(found)

    def _regions(self, organisation_id: str) -> set[str]:
        openings, vacancies = (Base.metadata.tables[name] for name in ("openings", "vacancies"))
        places = select(openings.c.region_code).join(vacancies, openings.c.vacancy_id == vacancies.c.id)
        found = set(self.session.scalars(places.where(vacancies.c.organisation_id == organisation_id)))
        return (found | {self._row("organisations", organisation_id)["region_code"]}) - {None, ""}

    def _rights(self, account_id: str) -> set[str]:
        """What the rights of an account are about; a right about a student is known where the student is."""
        grants = Base.metadata.tables["grants"]
        about = set(self.session.scalars(select(grants.c.subject).where(grants.c.account_id == account_id))) - {""}
        students = [student for key in about if (student := self._row("students", key)) is not None]
        return about | {whose for student in students for whose in self.of("students", student)}

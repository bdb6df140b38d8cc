"""What goes into a run and what came out of it, in the database."""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, insert, select, type_coerce
from sqlalchemy import Text as PlainText
from sqlalchemy.orm import Session

from api.store.base import IDS, among
from api.store.paging import START, Place, beyond, newest
from api.store.tables import (
    Account,
    Decided,
    Grant,
    OpeningOutcome,
    OpeningVersion,
    Organisation,
    Outcome,
    Profile,
    Proposal,
    Run,
    RunDecision,
    RunOpening,
    RunStudent,
    StoredOpening,
    StoredPolicy,
    StoredStudent,
    Vacancy,
)
from features.geography import called_place


def latest_policy(session: Session) -> StoredPolicy | None:
    """The policy that holds: the newest."""
    return session.scalar(select(StoredPolicy).order_by(StoredPolicy.number.desc()).limit(1))


def add_policy(session: Session, text: str, digest: str, account_id: str | None, now: datetime) -> StoredPolicy:
    """Add a version."""
    last = latest_policy(session)
    made = StoredPolicy(number=last.number + 1 if last else 1, text=text, digest=digest, account_id=account_id,
                        created_at=now)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def policies(session: Session, after: Place, limit: int | None) -> list[tuple[StoredPolicy, str | None, bool]]:
    """Versions with who adopted them and whether it is the one that holds, newest first."""
    query = select(StoredPolicy, Account.name).outerjoin(Account, Account.id == StoredPolicy.account_id)
    if after:
        query = query.where(beyond((StoredPolicy.number,), after, down=True))
    latest = latest_policy(session)
    found = session.execute(query.order_by(StoredPolicy.number.desc()).limit(limit))
    return [(policy, name, latest is not None and policy.id == latest.id) for policy, name in found]


def policy_text(session: Session, policy_id: str) -> str:
    """The settings of a policy."""
    return session.get_one(StoredPolicy, policy_id).text


def add_run(session: Session, *, regions: list[str], on: date, policy_id: str, account_id: str, lang: str,
            now: datetime, kind: str = "match", question: dict[str, Any] | None = None) -> Run:  # fmt: skip
    """Queue a run, or a question of another ``kind``."""
    made = Run(state="queued", regions=regions, on=on, policy_id=policy_id, account_id=account_id, lang=lang,
               created_at=now, kind=kind, question=question)  # fmt: skip
    session.add(made)
    session.flush()
    return made


def all_runs(session: Session, after: Place, limit: int) -> list[Run]:
    """Every run, newest first."""
    return newest(session, select(Run), Run, Run.created_at, after=after, limit=limit)


def policy_numbers(session: Session) -> dict[str, int]:
    """The number of every version of the policy, by its id."""
    return dict(session.execute(select(StoredPolicy.id, StoredPolicy.number)).all())


_PAGE = 100


def runs_within(session: Session, regions: Iterable[str], after: Place, limit: int) -> list[Run]:
    """Runs of whom all regions are among ``regions``, newest first."""
    allowed = set(regions)
    found: list[Run] = []
    while len(found) < limit:
        page = all_runs(session, after, _PAGE)
        found += [run for run in page if run.kind == "match" and set(run.regions) <= allowed]
        if len(page) < _PAGE:
            break
        after = (page[-1].created_at, page[-1].id)
    return found[:limit]


Texts = list[tuple[str, int, Any]]
"""Rows of (id, version, record), the record as the database gave it; see `decoded`."""


def decoded(found: Texts) -> list[tuple[str, int, dict[str, Any]]]:
    """Read records from their texts; on PostgreSQL the driver has done so already."""
    return [(i, number, decoded_record(text)) for i, number, text in found]


def decoded_record(text: Any) -> dict[str, Any]:
    """Read one record."""
    record: dict[str, Any] = json.loads(text) if isinstance(text, str) else text
    return record


def students_in(session: Session, regions: Iterable[str], only: str = "") -> list[tuple[str, int, dict[str, Any]]]:
    """The students of regions as (id, version, record); ``only`` one of them."""
    return decoded(student_texts(session, regions, only))


def of_regions(regions: Iterable[str]) -> ColumnElement[bool]:
    """Whether a student is of one of these regions."""
    return StoredStudent.region_code.in_(list(regions))


def student_texts(session: Session, regions: Iterable[str], only: str = "") -> Texts:
    """`students_in`, not read yet: that takes ten times as long as fetching."""
    query = (
        select(StoredStudent.id, Profile.number, type_coerce(Profile.record, PlainText))
        .join(Profile, (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number))
        .where(of_regions(regions))
        .order_by(StoredStudent.id)
    )
    if only:
        query = query.where(StoredStudent.id == only)
    return [(i, number, text) for i, number, text in session.execute(query)]


def openings_in(session: Session, regions: Iterable[str], only: str = "") -> list[tuple[str, int, dict[str, Any]]]:
    """The openings of regions that may be matched, as (id, version, record): open, of employers vouched for."""
    return decoded(opening_texts(session, regions, only))


def opening_texts(session: Session, regions: Iterable[str], only: str = "") -> Texts:
    """`openings_in`, not read yet."""
    version = (OpeningVersion.opening_id == StoredOpening.id) & (OpeningVersion.number == StoredOpening.number)
    query = (
        select(StoredOpening.id, OpeningVersion.number, type_coerce(OpeningVersion.record, PlainText))
        .join(OpeningVersion, version)
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
        .join(Organisation, Organisation.id == Vacancy.organisation_id)
        .where(StoredOpening.region_code.in_(list(regions)), Vacancy.state == "open",
               Organisation.approved_at.is_not(None))
        .order_by(StoredOpening.id)
    )  # fmt: skip
    if only:
        query = query.where(StoredOpening.id == only)
    return [(i, number, text) for i, number, text in session.execute(query)]


def live_decisions(session: Session) -> list[tuple[Decided, Any, Any]]:
    """Every decision that stands, with the records that were looked at, as the database gave them."""
    query = (
        select(Decided, type_coerce(Profile.record, PlainText).label("student"),
               type_coerce(OpeningVersion.record, PlainText).label("opening"))
        .join(Profile, (Profile.student_id == Decided.student_id) & (Profile.number == Decided.profile_number))
        .join(OpeningVersion, (OpeningVersion.opening_id == Decided.opening_id)
              & (OpeningVersion.number == Decided.opening_number))
        .where(Decided.ended_at.is_(None))
        .order_by(Decided.decided_at, Decided.id)
    )  # fmt: skip
    return [(decision, student, opening) for decision, student, opening in session.execute(query)]


Part = Callable[[Session], None]
ROWS: tuple[Any, ...] = (OpeningOutcome, Outcome, Proposal, RunDecision, RunOpening, RunStudent)
"""What holds the rows of a run, in an order in which they can go."""
_PART = 50
"""Rows written at a time: a decision comes in between, and waits for no more than these."""


def parts_of_result(
    run_id: str, *, students: Sequence[dict[str, Any]], openings: Sequence[dict[str, Any]],
    decisions: Sequence[dict[str, Any]], proposals: Sequence[dict[str, Any]], outcomes: Sequence[dict[str, Any]],
    inside: Sequence[dict[str, Any]],
) -> Iterator[Part]:  # fmt: skip
    """Give what went in and what came out (``inside``: of each opening) in parts, each to be written by itself.

    A run over the country has a hundred thousand rows: in one transaction nobody could decide anything meanwhile.
    What an earlier attempt left is taken away first; nobody sees a row before the run is done.
    """
    yield from parts_away(run_id)
    for table, rows in ((RunStudent, students), (RunOpening, openings), (RunDecision, decisions),
                        (Proposal, proposals), (Outcome, outcomes), (OpeningOutcome, inside)):  # fmt: skip
        ordered = sorted(rows, key=_beside)
        for begin in range(0, len(rows), _PART):
            part = [{"run_id": run_id, **row} for row in ordered[begin : begin + _PART]]
            yield lambda session, table=table, part=part: session.execute(insert(table), part)  # type: ignore[misc]


def parts_away(run_id: str) -> Iterator[Part]:
    """Take away, in parts, what an attempt wrote that gave no answer."""
    for table in ROWS:
        yield lambda session, table=table: session.execute(delete(table).where(table.run_id == run_id))  # type: ignore[misc]


def _beside(row: dict[str, Any]) -> str:
    """What its index has a row beside: rows that are written together change few pages."""
    return str(next(row[name] for name in ("student_id", "opening_id", "decision_id") if name in row))


def _is_done(run_id: str) -> Any:
    """Whether a run is done: before, its rows may be there by half."""
    return exists().where(Run.id == run_id, Run.state == "done")


def proposals_of(
    session: Session, run_id: str, *, student_id: str = "", opening_id: str = "", vacancy_id: str = "",
    chosen: bool | None = None, among_regions: frozenset[str] | None = None, after: Place = START, limit: int,
) -> list[Proposal]:  # fmt: skip
    """Proposals of a run: by student and rank, or for one opening or vacancy by fit.

    ``among_regions``: of students who are there, and live in one of these regions today. A run reaches further.
    """
    query, order = _of_run(for_student=bool(student_id), for_opening=bool(opening_id), for_vacancy=bool(vacancy_id),
                           of_plan=chosen is not None, by_region=among_regions is not None)  # fmt: skip
    if after:
        query = query.where(beyond(order, after))
    asked = {"run": run_id, "student": student_id, "opening": opening_id, "vacancy": vacancy_id, "chosen": chosen,
             "most": limit, "regions": sorted(among_regions or ())}  # fmt: skip
    return list(session.scalars(query, asked))


@lru_cache(maxsize=32)
def _of_run(
    *, for_student: bool, for_opening: bool, for_vacancy: bool, of_plan: bool, by_region: bool
) -> tuple[Select[Any], tuple[Any, ...]]:
    """The question of `proposals_of` and its order; kept, for stating it costs more than asking it."""
    order = (-Proposal.fit, Proposal.student_id, Proposal.id) if for_opening or for_vacancy else (
        Proposal.student_id, Proposal.rank, Proposal.id)  # fmt: skip
    run: Any = bindparam("run")
    query = select(Proposal).where(Proposal.run_id == run, _is_done(run)).order_by(*order)
    if for_student:
        query = query.where(Proposal.student_id == bindparam("student"))
    if for_opening:
        query = query.where(Proposal.opening_id == bindparam("opening"))
    if for_vacancy:
        query = query.where(Proposal.opening_id.in_(
            select(StoredOpening.id).where(StoredOpening.vacancy_id == bindparam("vacancy"))))  # fmt: skip
    if of_plan:
        query = query.where(Proposal.chosen == bindparam("chosen"))
    if by_region:
        query = query.where(select(StoredStudent.id).where(
            StoredStudent.id == Proposal.student_id, StoredStudent.number > 0,
            StoredStudent.region_code.in_(bindparam("regions", expanding=True))).exists())  # fmt: skip
    return query.limit(bindparam("most")), order


def place_of(last: Proposal, *, by_fit: bool) -> Place:
    """Where a proposal stands in the order of `proposals_of`, by whether that is for one opening or vacancy."""
    return (-last.fit, last.student_id, last.id) if by_fit else (last.student_id, last.rank, last.id)


def proposal_by_id(session: Session, proposal_id: str) -> Proposal | None:
    """One proposal of a run that is done."""
    found = session.execute(_one_proposal(), {"id": proposal_id}).first()
    return None if found is None else found[0]


def proposal_within(
    session: Session, proposal_id: str, regions: frozenset[str], *, by_name: bool = False
) -> Proposal | None:
    """One proposal of a run that is done, if the student is of one of ``regions`` today.

    Of who was erased a run keeps its numbers alone: they are there for whoever has all its regions, not ``by_name``.
    """
    found = session.execute(_one_proposal(), {"id": proposal_id}).first()
    if found is None or not (found[2] in regions if found[3] else not by_name and set(found[1]) <= regions):
        return None
    proposal: Proposal = found[0]
    return proposal


@lru_cache(maxsize=1)
def _one_proposal() -> Select[Any, Any, Any, Any]:
    """A proposal of a run that is done, the run's regions, and of the student the own one and which profile holds."""
    return (
        select(Proposal, Run.regions, StoredStudent.region_code, StoredStudent.number)
        .join(Run, Run.id == Proposal.run_id)
        .outerjoin(StoredStudent, StoredStudent.id == Proposal.student_id)
        .where(Proposal.id == bindparam("id"), Run.state == "done")
    )


def region_of(session: Session, student_id: str) -> str | None:
    """The region of a student."""
    return session.scalar(select(StoredStudent.region_code).where(StoredStudent.id == student_id))


def regions_in_use(session: Session) -> list[str]:
    """Every region that has a student or an opening."""
    found = set(session.scalars(select(StoredStudent.region_code).distinct()))
    found |= set(session.scalars(select(StoredOpening.region_code).distinct()))
    return sorted(region for region in found if region)


def employer_of(session: Session, account_id: str) -> str:
    """The name of the employer that an account works for."""
    query = select(Organisation.name).join(Grant, Grant.organisation_id == Organisation.id)
    return session.scalar(query.where(Grant.account_id == account_id)) or ""


def regions_of_students(session: Session, student_ids: Iterable[str]) -> dict[str, str]:
    """The region of students that have one."""
    query = select(StoredStudent.id, StoredStudent.region_code).where(
        StoredStudent.id.in_(list(student_ids)), StoredStudent.region_code.is_not(None))  # fmt: skip
    return {i: region for i, region in session.execute(query) if region}


def outcomes_of(session: Session, run_id: str, status: str, after: Place, limit: int) -> list[Outcome]:
    """What a run says about each student."""
    query = select(Outcome).where(Outcome.run_id == run_id, _is_done(run_id))
    if after:
        query = query.where(beyond((Outcome.student_id,), after))
    if status:
        query = query.where(Outcome.status == status)
    return list(session.scalars(query.order_by(Outcome.student_id).limit(limit)))


def names_of(
    session: Session, student_ids: Iterable[str], opening_ids: Iterable[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What connectors call students and openings: school and number, first name; employer, number, title, place."""
    of_students, of_openings, _ = _names()
    asked, there = set(student_ids), set(opening_ids)
    students = {i: {"id": i, "school": code, "student_ref": ref, "first_name": name, "region": region}
                for i, code, ref, name, region in
                session.execute(of_students, among(asked))} if asked else {}  # fmt: skip
    found = session.execute(of_openings, among(there)).all() if there else ()
    called = _called(session, {i: row for i, row, *_ in found})
    openings = {i: {"id": i, "employer": name, "vacancy_ref": ref, "starts_on": day, "vacancy_id": vacancy,
                    **called[i]} for i, _, name, ref, day, vacancy in found if i in called}  # fmt: skip
    return students, openings


_CALLED: dict[tuple[str, int], dict[str, str]] = {}
_MOST = 20_000
"""Openings, by the number of their row, of which title, branch and place are kept: taking them out of a record costs a
database more than all the rest. A row has another number after every change; a record's own can be given out again."""


def _called(session: Session, wanted: dict[str, int]) -> dict[str, dict[str, str]]:
    """Title, branch and place of openings, given the number of their row."""
    looked_up = ((i, _CALLED.get((i, row))) for i, row in wanted.items())  # in one go: another thread may clear it
    known = {i: called for i, called in looked_up if called is not None}
    if len(known) < len(wanted):
        records = session.execute(_names()[2], among(wanted.keys() - known.keys()))
        new = {(i, row): {"title": title, "branch": branch, "place": called_place(place or "", code or "")}
               for i, row, title, branch, place, code in records}  # fmt: skip
        if len(_CALLED) + len(new) > _MOST:
            _CALLED.clear()
        _CALLED.update(new)
        known |= {i: called for (i, _), called in new.items()}
    return known


@lru_cache(maxsize=1)
def _names() -> tuple[Any, Any, Any]:
    """The questions of `names_of`; kept, for stating them costs more than asking them."""
    student = Profile.record["background"]["first_name"].as_string()
    opening = OpeningVersion.record
    return (
        select(StoredStudent.id, Organisation.code, StoredStudent.student_ref, student, StoredStudent.region_code)
        .join(Organisation, Organisation.id == StoredStudent.organisation_id)
        .join(Profile, (Profile.student_id == StoredStudent.id) & (Profile.number == StoredStudent.number))
        .where(StoredStudent.id.in_(IDS)),
        select(StoredOpening.id, StoredOpening.version, Organisation.name, Vacancy.vacancy_ref,
               StoredOpening.starts_on, Vacancy.id)
        .join(Vacancy, Vacancy.id == StoredOpening.vacancy_id)
        .join(Organisation, Organisation.id == Vacancy.organisation_id)
        .where(StoredOpening.id.in_(IDS), StoredOpening.number > 0),
        select(StoredOpening.id, StoredOpening.version, opening["title"].as_string(),
               opening["branch"].as_string(), opening["location"]["label"].as_string(),
               opening["location"]["municipality_code"].as_string())
        .join(OpeningVersion, (OpeningVersion.opening_id == StoredOpening.id)
              & (OpeningVersion.number == StoredOpening.number))
        .where(StoredOpening.id.in_(IDS)),
    )  # fmt: skip


__all__ = [
    "ROWS", "Decided", "Outcome", "Proposal", "Run", "StoredPolicy", "Texts", "add_policy", "add_run", "decoded",
    "decoded_record", "employer_of", "latest_policy", "live_decisions", "names_of", "of_regions", "opening_texts",
    "openings_in", "outcomes_of", "parts_away", "parts_of_result", "place_of", "policies", "policy_text",
    "proposal_by_id", "proposal_within", "proposals_of", "region_of", "regions_in_use", "regions_of_students",
    "runs_within", "student_texts", "students_in",
]  # fmt: skip

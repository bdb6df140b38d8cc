"""A world with a row in every table: two regions, two schools and employers in each, one candidate shown in each.

Made through the services as far as lists, runs and accounts go, by rows after that. A table that is new gets a row by
the look of its columns; where that does not do, make rows here, or the tests that need everything fail and say so.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Integer, LargeBinary, String, Table, func, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from api.services import cards
from api.store import decisions, people
from api.store import tables as t
from api.store.base import Base, new_id
from tests.proofs import nation
from tests.service.browser import Person, Service

TODAY = nation.ON
SIZE = nation.Size(2, 48, 80)
ROLES_OF_STUDENT = ("coach", "student", "parent")


@dataclass
class Who:
    """Somebody of the world: role, and what is theirs (ids of organisations, regions, students, account)."""

    name: str
    role: str
    account: str
    scope: set[str] = field(default_factory=set)


@dataclass
class Everything:
    """The world: who is in it, and the students of whom everything is known, one per region."""

    people: list[Who]
    shown: list[str]


def make_everything(here: Service) -> Everything:
    """Make it in a database with tables and no rows."""
    nation.make(here.database, SIZE, lambda _: None)
    with here.database.writing() as session:
        made = Everything([], [])
        for k, region in enumerate(nation.regions(2)):
            _region(session, made, k, region)
        _without_region(session, made)
        session.flush()
        missing = [table.name for table in Base.metadata.sorted_tables if not _has_rows(session, table)]
        assert not missing, f"no row of {missing}: make some in tests/proofs/everything.py"
    return made


def _has_rows(session: Session, table: Table) -> bool:
    """Whether a table has rows, or takes one that its columns and what they point at suggest."""
    if session.scalar(select(func.count()).select_from(table)):
        return True
    row: dict[str, Any] = {}
    for key in table.foreign_key_constraints:
        target = session.execute(select(key.referred_table)).mappings().first()
        if target is not None:
            row |= {element.parent.name: target[element.column.name] for element in key.elements}
    for column in table.columns:
        kind = getattr(column.type, "impl", column.type)
        if column.name in row or column.nullable:
            continue
        row[column.name] = next((value for of, value in (
            (Boolean, False), (Integer, 1), (Date, TODAY), (DateTime, nation.MADE_AT), (JSON, {}),
            (LargeBinary, b"x"), (String, _first_word(table, column.name) or new_id())) if isinstance(kind, of)),
            None)  # fmt: skip
    try:
        with session.begin_nested():
            session.execute(table.insert(), [row])
    except (IntegrityError, StatementError):
        return False
    return True


def sign_in(here: Service, who: Who) -> Person:
    """Let somebody in without the door: what is asked here is what happens behind it."""
    client = here.app.test_client()
    with here.database.writing() as session:
        account = session.get_one(t.Account, who.account)
        sign_in_id = people.begin_sign_in(session, account.id, here.clock(), timedelta(hours=8))
        key = account.fs_uniquifier
    with client.session_transaction() as kept:
        kept.update({"_user_id": key, "_fresh": True, "sign_in": sign_in_id})
    person = Person(client)
    answer = person.get("/api/v1/account")
    assert answer.status_code == 200, (who, answer.text)
    person.headers["X-CSRFToken"] = answer.json["csrfToken"]
    return person


def _account(session: Session, name: str) -> t.Account:
    account = t.Account(email=f"{name}@example.org", fs_uniquifier=new_id(), name=name, created_at=nation.MADE_AT)
    session.add(account)
    session.flush()
    return account


def _grant(session: Session, account: t.Account, role: str, **of: str) -> None:
    session.add(t.Grant(account_id=account.id, role=role, subject=next(iter(of.values()), ""), **of))
    session.flush()


def _somebody(session: Session, world: Everything, name: str, role: str, **of: str) -> t.Account:
    account = _account(session, name)
    _grant(session, account, role, **of)
    world.people.append(Who(name, role, account.id, {account.id, *of.values()}))
    return account


def _region(session: Session, world: Everything, k: int, region: str) -> None:
    codes = nation.school_codes(k)
    schools = [session.scalars(select(t.Organisation).where(t.Organisation.code == code)).one() for code in codes[:2]]
    pairs = session.execute(
        select(t.Proposal, t.StoredStudent, t.StoredOpening, t.Vacancy)
        .join(t.StoredStudent, t.StoredStudent.id == t.Proposal.student_id)
        .join(t.StoredOpening, t.StoredOpening.id == t.Proposal.opening_id)
        .join(t.Vacancy, t.Vacancy.id == t.StoredOpening.vacancy_id)
        .where(t.StoredStudent.region_code == region).order_by(t.StoredStudent.student_ref, t.Proposal.rank)
    ).all()  # fmt: skip
    first = next(pair for pair in pairs if pair[1].organisation_id == schools[0].id)
    second = next(pair for pair in pairs if pair[1].organisation_id == schools[1].id
                  and pair[3].organisation_id != first[3].organisation_id)  # fmt: skip
    student = first[1]
    connector = _somebody(session, world, f"connector {region}", "connector", region_code=region)
    for number, school in enumerate(schools):
        _somebody(session, world, f"school {region} {number}", "school", organisation_id=school.id)
    for number, pair in enumerate((first, second)):
        _somebody(session, world, f"employer {region} {number}", "employer", organisation_id=pair[3].organisation_id)
    aside = {role: _somebody(session, world, f"{role} {region}", role, student_id=student.id)
             for role in ROLES_OF_STUDENT}  # fmt: skip
    session.add(t.Mandate(student_id=student.id, account_id=aside["parent"].id, ground="minor",
                          recorded_by=connector.id, begins_on=TODAY - timedelta(days=30),
                          ends_on=TODAY + timedelta(days=900), created_at=nation.MADE_AT))  # fmt: skip
    town = t.Organisation(kind="municipality", code=f"GM{k:04d}", name=f"Gemeente {k}", region_code=region,
                          created_at=nation.MADE_AT)  # fmt: skip
    referrer = t.Organisation(kind="referrer", code=f"Verwijzer {k}", name=f"Verwijzer {k}", region_code=region,
                              created_at=nation.MADE_AT)  # fmt: skip
    session.add_all([town, referrer])
    session.flush()
    _somebody(session, world, f"municipality {region}", "municipality", organisation_id=town.id)
    _somebody(session, world, f"referrer {region}", "referrer", organisation_id=referrer.id)
    world.shown.append(student.id)
    run = session.get_one(t.Run, first[0].run_id)
    session.add(t.Plan(region_code=region, run_id=run.id, since=nation.MADE_AT))
    _after_proposals(session, first, connector, aside["student"], town)
    decisions.add(session, proposal_id=second[0].id, student_id=second[1].id, opening_id=second[2].id, word="accept",
                  reason=None, note="to talk about", seat=_seat(session, second[2]), holds=True,
                  profile_number=second[1].number, opening_number=second[2].number, account_id=connector.id,
                  decided_at=nation.MADE_AT)  # fmt: skip
    _around(session, region, schools[0], first, connector)


def _seat(session: Session, opening: t.StoredOpening) -> int:
    found = decisions.free_seat(session, opening)
    assert found is not None
    return found


def _after_proposals(session: Session, pair: Any, connector: t.Account, student_account: t.Account,
                     town: t.Organisation) -> None:  # fmt: skip
    """All that follows on a proposal, as far as a placement with its check moments."""
    proposal, student, opening, vacancy = pair
    at, who = nation.MADE_AT, {"student_id": student.id, "opening_id": opening.id}

    def add(row: Any) -> Any:
        session.add(row)
        session.flush()
        return row

    decision = decisions.add(session, proposal_id=proposal.id, word="accept", reason=None, note="a note",
                             seat=_seat(session, opening), holds=True, profile_number=student.number,
                             opening_number=opening.number, account_id=connector.id, decided_at=at, **who)  # fmt: skip
    asked = add(t.ConsentRequest(decision_id=decision.id, account_id=connector.id, asked_at=at, answer="yes",
                                 answered_by=student_account.id, answered_at=at, **who))  # fmt: skip
    consent = add(t.Consent(student_id=student.id, vacancy_id=vacancy.id, live=True, request_id=asked.id,
                            account_id=student_account.id, given_at=at))  # fmt: skip
    release = add(t.Release(decision_id=decision.id, consent_id=consent.id, vacancy_id=vacancy.id, decision_holds=True,
                            consent_live=True, account_id=connector.id, actor_kind="human", pseudonym=new_id()[:8],
                            card=_card(session, student, opening), released_at=at, employer_word="meet",
                            employer_at=at, **who))  # fmt: skip
    meeting = add(t.Introduction(release_id=release.id, state="held", outcome="go_on", asked_by=connector.id,
                                 asked_at=at, planned_at=at, held_on=TODAY, where="x", names_by=student_account.id,
                                 names_at=at, outcome_by=connector.id, **who))  # fmt: skip
    agreement = add(t.Agreement(introduction_id=meeting.id, starts_on=TODAY, hours=24, mentor="m",
                                account_id=connector.id, created_at=at, **who))  # fmt: skip
    add(t.Adaptation(agreement_id=agreement.id, position=1, who="employer", what="w", support="own_pace"))
    placement = add(t.Placement(decision_id=decision.id, decision_holds=True, introduction_id=meeting.id, state="trial",
                                started_on=TODAY, account_id=connector.id, created_at=at, **who))  # fmt: skip
    add(t.CheckMoment(placement_id=placement.id, kind="weeks_2", due_on=TODAY, held_on=TODAY, outcome="goes_well",
                      note="n", account_id=connector.id))  # fmt: skip
    add(t.Step(placement_id=placement.id, goal="g", what="w", who="coach", state="paused", reason="r",
               account_id=connector.id, created_at=at))  # fmt: skip
    add(t.Destination(student_id=student.id, destination="work", since=TODAY, source="placement",
                      account_id=connector.id, reported_at=at))  # fmt: skip
    add(t.HelpRequest(student_id=student.id, organisation_id=town.id, state="answered", what="w", who="w", by=TODAY,
                      asked_by=connector.id, asked_at=at, consented_by=student_account.id, consented_at=at, answer="a",
                      answered_by=connector.id, answered_at=at))  # fmt: skip
    add(t.Question(kind=_first_of(t.Question, "kind"), student_id=student.id, text="q", asked_by=student_account.id,
                   asked_at=at, answer="a", answered_by=connector.id, answered_at=at))  # fmt: skip
    add(t.Code(student_id=student.id, digest=new_id() * 2, account_id=connector.id, created_at=at,
               expires_at=at + timedelta(days=14)))  # fmt: skip
    add(t.Seen(student_id=student.id, account_id=connector.id, day=TODAY, at=at))
    add(t.OpenCard(student_id=student.id, account_id=connector.id, opening_id=opening.id, at=at))
    add(t.OpenedCard(proposal_id=proposal.id, account_id=connector.id, at=at))
    session.add(t.RunDecision(run_id=proposal.run_id, decision_id=decision.id, kept=True))


def _card(session: Session, student: t.StoredStudent, opening: t.StoredOpening) -> Any:
    """What the employer is shown, as the service makes it."""
    profile = session.get_one(t.Profile, (student.id, student.number))
    where = session.get_one(t.OpeningVersion, (opening.id, opening.number))
    return cards.make(profile.record, where.record, [profile.record] * 10, nation.ON)


def _around(session: Session, region: str, school: t.Organisation, pair: Any, connector: t.Account) -> None:
    """What is about parties rather than about one student."""
    at, employer = nation.MADE_AT, pair[3].organisation_id
    for party in (school.id, employer):
        session.add(t.Contact(organisation_id=party, name="n", task="t", email="e@example.org", phone="0612345678",
                              listed=False, created_at=at))  # fmt: skip
        if not session.scalar(select(t.LegalGround.id).where(t.LegalGround.organisation_id == party)):
            session.add(t.LegalGround(organisation_id=party, ground="public_task", explanation="e",
                                      account_id=connector.id, recorded_at=at))  # fmt: skip
    session.add(t.Participation(organisation_id=employer, project="p", branch="infra", region_code=region, option=1,
                                criteria={}, created_at=at))  # fmt: skip
    together = t.Cooperation(name="c", region_code=region, school_types=[], branches=[], signed_on=TODAY, created_at=at)
    session.add(together)
    session.flush()
    session.add(t.CooperationMember(cooperation_id=together.id, organisation_id=school.id, tasks="t"))
    session.add(t.Draft(account_id=connector.id, kind="student", step="1", content={}, created_at=at, changed_at=at))
    session.add(t.Token(account_id=connector.id, name="t", digest=new_id() * 2, scopes=["read"], created_at=at,
                        expires_at=at + timedelta(days=1)))  # fmt: skip
    session.add(t.Erasure(student_id=new_id(), at=at, account_id=connector.id, ground="request"))


def _without_region(session: Session, world: Everything) -> None:
    at = nation.MADE_AT
    administrator = _somebody(session, world, "administrator", "administrator")
    session.add(t.Switch(name="s", on=False, reason="r", account_id=administrator.id, at=at))
    session.add(t.LoginFailure(who="0" * 64, at=at))
    session.add(t.RequestCount(what="w", who="0" * 64, window=at, number=1))
    session.add(t.Answer(account_id=administrator.id, key="k", request="r", status=200, body=b"", headers="{}", at=at))
    session.add(t.SignIn(account_id=administrator.id, began_at=at, ends_at=at))
    run = session.scalars(select(t.Run)).first()
    opening = session.scalars(select(t.RunOpening).where(t.RunOpening.run_id == run.id)).first()  # type: ignore[union-attr]
    if not session.scalar(select(func.count()).select_from(t.OpeningOutcome)):
        session.add(t.OpeningOutcome(run_id=opening.run_id, opening_id=opening.opening_id, filled=0, left=1,  # type: ignore[union-attr]
                                     opens=False, eligible=0, blocked={}))  # fmt: skip


def _first_of(model: Any, column: str) -> str:
    """The first of the words that a column may hold."""
    found = _first_word(model.__table__, column)
    assert found, f"{model.__name__}.{column} has no list"
    return found


def _first_word(table: Table, column: str) -> str:
    """The same; empty where any word is right."""
    for check in table.constraints:
        found = re.match(rf"{column} IN \(('\w+')", str(getattr(check, "sqltext", "")))
        if found:
            return found.group(1).strip("'")
    return ""

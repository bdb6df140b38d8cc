"""A student about whom every table says something, with a word in every free text that can be looked for afterwards."""
from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.store.base import new_id
from api.store.tables import (
    Account,
    Adaptation,
    Agreement,
    Answer,
    CheckMoment,
    Code,
    Consent,
    ConsentRequest,
    Decided,
    Destination,
    Draft,
    Grant,
    HelpRequest,
    Introduction,
    Mandate,
    OpenCard,
    OpenedCard,
    OpeningOutcome,
    Organisation,
    Outcome,
    Placement,
    Profile,
    Proposal,
    Question,
    Release,
    Run,
    RunDecision,
    Seen,
    SignIn,
    Step,
    StoredOpening,
    StoredStudent,
    Token,
    Upload,
    UploadDefect,
    UploadFile,
    UploadRow,
    Vacancy,
)
from tests.service.conftest import NOW

CANARY = "Zonnebloempje"
DAY = date(2026, 7, 1)


def fill(session: Session, student_id: str, connector: str, parent: str, *, mark: str = CANARY) -> list[str]:
    """Add a row about a student to every table that has none yet; return the words to look for afterwards.

    There must be a run in which the student has a proposal. ``connector`` and ``parent`` are accounts.
    """
    student = session.get_one(StoredStudent, student_id)
    proposal = session.scalars(select(Proposal).where(Proposal.student_id == student_id)).first()
    assert proposal is not None
    opening = session.get_one(StoredOpening, proposal.opening_id)
    vacancy = session.get_one(Vacancy, opening.vacancy_id)
    town = Organisation(kind="municipality", code=f"GM{new_id()[:4]}", name="Gemeente", created_at=NOW)
    own = Account(email=f"{mark}.eigen@example.org", name=f"{mark}-naam", fs_uniquifier=new_id(), created_at=NOW,
                  preferences={"note": f"{mark}-voorkeur"})  # fmt: skip
    add(session, town, own)
    by, about = {"account_id": connector}, {"student_id": student_id}
    pair = {**about, "opening_id": opening.id}
    add(session,
        Grant(account_id=own.id, role="student", student_id=student_id, subject=student_id),
        Grant(account_id=parent, role="parent", student_id=student_id, subject=student_id),
        SignIn(account_id=own.id, began_at=NOW, ends_at=NOW + timedelta(hours=2)),
        Token(account_id=own.id, name=f"{mark}-token", digest=new_id() * 2, scopes=[], created_at=NOW, expires_at=NOW),
        Code(**about, **by, digest=new_id() * 2, created_at=NOW, expires_at=NOW),
        Mandate(**about, account_id=parent, ground="student_gave", recorded_by=connector, begins_on=DAY,
                ends_on=DAY + timedelta(days=9), created_at=NOW),
        Run(state="failed", fault="infeasible", regions=["AM36"], on=DAY, lang="nl", **by, ended_at=NOW,
            created_at=NOW - timedelta(days=1), policy_id=session.get_one(Run, proposal.run_id).policy_id,
            totals={"conflict": [
                {"kind": "pin", "name": None, "students": [f"{mark}-nummer"], "student_ids": [student_id],
                 "openings": [], "sentence": f"{mark}-besluit"}]}),
        Destination(**about, **by, destination="none", since=DAY, source="school", reported_at=NOW),
        Question(**about, kind="to_school", text=f"{mark}-vraag", asked_by=connector, asked_at=NOW,
                 answer=f"{mark}-antwoord"),
        HelpRequest(**about, organisation_id=town.id, state="asked", what=f"{mark}-hulp", asked_by=connector,
                    asked_at=NOW),
        Seen(**about, **by, day=DAY, at=NOW),
        OpenCard(**about, **by, opening_id=opening.id, at=NOW),
        OpenedCard(proposal_id=proposal.id, **by, at=NOW),
        Draft(**by, kind="student", subject_id=student_id, content={"words": f"{mark}-concept"}, created_at=NOW,
              changed_at=NOW),
        Draft(**by, kind="vacancy", content={"for": student_id, "words": f"{mark}-elders"}, created_at=NOW,
              changed_at=NOW),
        Answer(account_id=connector, key=new_id() * 2, request=new_id() * 2, status=201, headers="{}", at=NOW,
               body=json.dumps({"id": student_id, "name": f"{mark}-gegeven"}).encode()))  # fmt: skip
    decision = Decided(proposal_id=proposal.id, **pair, **by, word="accept", seat=1, holds=True, note=f"{mark}-reden",
                       profile_number=student.number, opening_number=opening.number, actor_kind="human",
                       decided_at=NOW)  # fmt: skip
    add(session, decision)
    chain = {"decision_id": decision.id, **pair}
    asked = ConsentRequest(**chain, **by, asked_at=NOW, answer="yes", answered_by=own.id, answered_at=NOW)
    add(session, asked)
    consent = Consent(**about, vacancy_id=vacancy.id, live=True, given_at=NOW, request_id=asked.id, account_id=own.id)
    add(session, consent)
    release = Release(**chain, **by, consent_id=consent.id, vacancy_id=vacancy.id, decision_holds=True,
                      consent_live=True, actor_kind="human", released_at=NOW, pseudonym=f"K-{new_id()[:8]}",
                      card={"words": f"{mark}-kaart"})  # fmt: skip
    add(session, release)
    meeting = Introduction(release_id=release.id, **pair, state="held", asked_by=connector, asked_at=NOW,
                           where=f"{mark}-plek", outcome="go_on", held_on=DAY)  # fmt: skip
    add(session, meeting)
    agreement = Agreement(introduction_id=meeting.id, **pair, **by, starts_on=DAY, mentor=f"{mark}-mentor",
                          created_at=NOW)  # fmt: skip
    placement = Placement(**chain, **by, decision_holds=True, introduction_id=meeting.id, state="trial",
                          started_on=DAY, created_at=NOW)  # fmt: skip
    add(session, agreement, placement)
    add(session,
        Adaptation(agreement_id=agreement.id, position=1, who="employer", what=f"{mark}-aanpassing"),
        CheckMoment(placement_id=placement.id, kind="weeks_2", due_on=DAY, held_on=DAY, outcome="goes_well",
                    note=f"{mark}-gesprek"),
        Step(placement_id=placement.id, **by, what=f"{mark}-stap", who="coach", state="planned",
             created_at=NOW))  # fmt: skip
    told = {"code": release.pseudonym, "firstName": f"{mark}-genoemd"}, {"id": placement.id, "hours": f"{mark}-uren"}
    add(session, *(
        Answer(account_id=parent, key=new_id() * 2, request=new_id() * 2, status=201, headers="{}", at=NOW,
               body=json.dumps(one).encode()) for one in told))  # fmt: skip
    proposal.why = f"{mark}-waarom"
    proposal.reasons = [{"code": "x", "kind": "plus", "nl": f"{mark}-zin", "en": f"{mark}-zin"}]
    outcome = session.scalars(select(Outcome).where(Outcome.student_id == student_id)).first()
    assert outcome is not None
    outcome.change = {"code": "x", "sentence": f"{mark}-zou"}
    add(session, RunDecision(run_id=proposal.run_id, decision_id=decision.id, kept=True))
    place = session.get_one(OpeningOutcome, (proposal.run_id, opening.id))
    place.change = {"student": student_id, "nl": f"{mark}-wie", "code": "x"}
    profile = session.get_one(Profile, (student_id, student.number))
    record = dict(profile.record)
    record["background"] = {**record["background"], "first_name": f"{mark}-voornaam", "own_words": f"{mark}-zelf"}
    profile.record, student.student_ref = record, f"{mark}-nummer"
    upload = Upload(kind="leavers", state="checked", organisation_id=student.organisation_id, **by,
                    file_name=f"{mark}-lijst.csv", digest="0" * 64, lang="nl", options={}, rows=2, counts={},
                    created_at=NOW)  # fmt: skip
    add(session, upload)
    other = {**record, "background": {**record["background"], "first_name": "Ander", "own_words": ""}}
    other["student_ref"] = "ander"
    content = json.dumps([[2, {**record, "student_ref": f"{mark}-nummer"}], [3, other]]).encode()
    add(session,
        UploadFile(upload_id=upload.id, content=content),
        UploadRow(upload_id=upload.id, row=2, action="changed", subject_id=student_id),
        UploadRow(upload_id=upload.id, row=3, action="new", subject_id=None),
        UploadDefect(upload_id=upload.id, position=0, row=2, header="x", severity="warning", code="bad_id",
                     found=f"{mark}-cel", expected="", message=f"{mark}-melding"))  # fmt: skip
    return [f"{mark}{end}" for end in ENDS]


ENDS = (
    ".eigen", "-naam", "-voorkeur", "-token", "-vraag", "-antwoord", "-hulp", "-concept", "-elders", "-gegeven",
    "-reden", "-kaart", "-plek", "-mentor", "-aanpassing", "-gesprek", "-stap", "-waarom", "-zin", "-zou", "-wie",
    "-voornaam",
    "-zelf", "-nummer", "-cel", "-melding", "-genoemd", "-uren",
)  # fmt: skip


def add(session: Session, *rows: Any) -> None:
    """Write rows and flush, so that the next may point at them."""
    session.add_all(rows)
    session.flush()

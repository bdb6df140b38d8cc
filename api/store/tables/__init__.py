"""The tables, a module per noun; importing this package knows them all."""
from api.store.tables.accounts import (
    Account,
    Code,
    Grant,
    Invitation,
    LoginFailure,
    Mandate,
    RecoveryCode,
    SignIn,
    Token,
)
from api.store.tables.audit import AuditEvent, AuditHead
from api.store.tables.decisions import Consent, ConsentRequest, Decided, Release
from api.store.tables.idempotency import Answer
from api.store.tables.introductions import (
    Adaptation,
    Agreement,
    CheckMoment,
    Destination,
    Introduction,
    Placement,
    Step,
)
from api.store.tables.organisations import (
    Contact,
    Cooperation,
    CooperationMember,
    LegalGround,
    Organisation,
    Participation,
)
from api.store.tables.policies import StoredPolicy
from api.store.tables.questions import HelpRequest, Question
from api.store.tables.runs import (
    OpeningOutcome,
    Outcome,
    Plan,
    Proposal,
    Run,
    RunDecision,
    RunOpening,
    RunStudent,
)
from api.store.tables.students import Profile, StoredStudent
from api.store.tables.upkeep import Draft, Erasure, OpenCard, OpenedCard, RequestCount, Seen, Switch
from api.store.tables.uploads import Upload, UploadDefect, UploadFile, UploadRow
from api.store.tables.vacancies import OpeningVersion, Seat, StoredOpening, Vacancy

__all__ = [
    "Account",
    "Adaptation",
    "Agreement",
    "Answer",
    "AuditEvent",
    "AuditHead",
    "CheckMoment",
    "Code",
    "Consent",
    "ConsentRequest",
    "Contact",
    "Cooperation",
    "CooperationMember",
    "Decided",
    "Destination",
    "Draft",
    "Erasure",
    "Grant",
    "HelpRequest",
    "Introduction",
    "Invitation",
    "LegalGround",
    "LoginFailure",
    "Mandate",
    "OpenCard",
    "OpenedCard",
    "OpeningOutcome",
    "OpeningVersion",
    "Organisation",
    "Outcome",
    "Participation",
    "Placement",
    "Plan",
    "Profile",
    "Proposal",
    "Question",
    "RecoveryCode",
    "Release",
    "RequestCount",
    "Run",
    "RunDecision",
    "RunOpening",
    "RunStudent",
    "Seat",
    "Seen",
    "SignIn",
    "Step",
    "StoredOpening",
    "StoredPolicy",
    "StoredStudent",
    "Switch",
    "Token",
    "Upload",
    "UploadDefect",
    "UploadFile",
    "UploadRow",
    "Vacancy",
]  # fmt: skip

"""The tables, a module per noun; importing this package knows them all."""
from api.store.tables.accounts import Account, Grant, LoginFailure, SignIn, Token
from api.store.tables.audit import AuditEvent, AuditHead
from api.store.tables.decisions import Consent, Decided, Release
from api.store.tables.idempotency import Answer
from api.store.tables.organisations import Organisation
from api.store.tables.policies import StoredPolicy
from api.store.tables.runs import Outcome, Proposal, Run, RunDecision, RunOpening, RunStudent
from api.store.tables.students import Profile, StoredStudent
from api.store.tables.uploads import Upload, UploadDefect, UploadFile, UploadRow
from api.store.tables.vacancies import OpeningVersion, Seat, StoredOpening, Vacancy

__all__ = [
    "Account", "Answer", "AuditEvent", "AuditHead", "Consent", "Decided", "Grant", "LoginFailure", "OpeningVersion",
    "Organisation", "Outcome", "Profile", "Proposal", "Release", "Run", "RunDecision", "RunOpening", "RunStudent",
    "Seat", "SignIn", "StoredOpening", "StoredPolicy", "StoredStudent", "Token", "Upload", "UploadDefect",
    "UploadFile", "UploadRow", "Vacancy",
]  # fmt: skip

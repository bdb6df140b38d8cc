"""Who may see what is stored, text by text: written by hand, so that a new column cannot slip through.

Letters are roles: S school, R referrer, E employer, C connector, T coach, L student, P parent, M municipality,
A administrator. A capital: of what is theirs alone (own organisation, region, student, account); a small letter: of
everybody. Empty: nobody sees it, whoever asks. ``CODED`` are no free texts: codes, numbers, and digests.
"""
from __future__ import annotations

LETTERS = {"S": "school", "R": "referrer", "E": "employer", "C": "connector", "T": "coach", "L": "student",
           "P": "parent", "M": "municipality", "A": "administrator"}  # fmt: skip
SEEN_BY = {
    # Accounts: a name stands beside what somebody did; the rest is for the account itself and who looks after it.
    "accounts.email": "SRECTLPMa", "accounts.name": "srectlpma", "accounts.password": "",
    "accounts.tf_totp_secret": "", "accounts.preferences": "SRECTLPMa", "accounts.tf_primary_method": "SRECTLPMA",
    "tokens.name": "SRECa", "tokens.digest": "", "codes.digest": "", "invitations.digest": "",
    "recovery_codes.digest": "", "switches.reason": "ca",
    # Organisations and their people: the directory. Administrators look after the projects of every employer.
    "organisations.name": "srectlpma", "organisations.place": "srectlpma", "organisations.about": "srectlpma",
    "organisations.offers": "srectlpma", "organisations.code": "srectlpma",
    "contacts.name": "srectlpma", "contacts.task": "srectlpma", "contacts.email": "srectlpma",
    "contacts.phone": "srectlpma", "cooperations.name": "srecma", "cooperations.school_types": "srecma",
    "cooperations.branches": "srecma", "cooperation_members.tasks": "srecma",
    "legal_grounds.explanation": "SRECa", "participations.project": "ECMa", "participations.criteria": "ECa",
    # Lists: who handed them in.
    "uploads.file_name": "SREC", "uploads.options": "SREC", "upload_defects.header": "SREC",
    "upload_defects.found": "SREC", "upload_defects.expected": "SREC", "upload_defects.message": "SREC",
    "upload_files.content": "", "drafts.content": "SREC", "drafts.step": "SREC",
    # Students: never an employer, never a municipality.
    "students.student_ref": "SRCTLP", "profiles.record": "SRCTLP",
    # Vacancies: everybody who looks for a place or a person.
    "vacancies.vacancy_ref": "srectlp", "opening_versions.record": "srectlp",
    "run_openings.ref": "ec",
    # Runs and proposals: connectors; what a school or a student sees of a proposal is said in words of its own.
    "runs.fault": "C", "runs.question": "C", "runs.totals": "C", "runs.basis": "C", "runs.versions": "c",
    "policies.text": "ca", "proposals.reasons": "CSRTLP", "proposals.to_check": "CSRTLP", "proposals.why": "CSRTLP",
    "proposals.regret": "C", "proposals.again": "C", "proposals.parts": "C", "outcomes.blocked": "CSRTLP",
    "outcomes.change": "CSRTLP", "outcomes.facts": "CSRTLP", "opening_outcomes.blocked": "CESRL",
    "opening_outcomes.change": "CESRL", "opening_outcomes.worth": "CESRL",
    # Decisions and what follows: the student may read every note; an employer what is agreed with the employer.
    "decisions.note": "CSRTLP", "releases.pseudonym": "ECSRTLP", "releases.card": "ECSRTLP",
    "introductions.where": "ECSRTLP", "agreements.mentor": "ECSRTLP", "adaptations.what": "ECSRTLP",
    "check_moments.note": "CSRTLP", "steps.goal": "ECSRTLP", "steps.what": "ECSRTLP", "steps.reason": "CSRTLP",
    "help_requests.what": "CMSRTLP", "help_requests.who": "CMSRTLP", "help_requests.answer": "CMSRTLP",
    "questions.text": "CSRTLP", "questions.answer": "CSRTLP",
    # What the machine keeps for itself.
    "answers.body": "", "answers.headers": "", "answers.key": "", "answers.request": "",
    "login_failures.who": "", "request_counts.who": "", "audit_events.details": "A",
}  # fmt: skip
FIELDS = {
    "profiles.record": {
        "background.first_name": "SRECTLPM", "background.own_words": "SRCTLP", "experience": "SRCTLP",
        "birth_date": "SRCTLP",
        "location.label": "SRCTLP", "student_ref": "SRCTLP", "school": "SRCTLP", "tasks_wanted": "SRCTLP",
        "tasks_disliked": "SRCTLP", "tasks_mastered": "SRCTLP",
    },
    "opening_versions.record": {"description": "srectlp", "title": "srectlp", "employer": "srectlp",
                                "leerbedrijf_id": "srectlp"},
}  # fmt: skip
"""Within a stored record: the fields that say who somebody is, or that people wrote."""
KEYS = {"employer": ("schoolType", "school_type", "birthDate", "ownWords", "studentRef", "leavingProfile"),
        "municipality": ("birthDate", "ownWords", "studentRef")}  # fmt: skip
"""Codes cannot be planted, for the program reads them: by their names no answer to these roles has them at all."""
CODED = {
    "accounts.fs_uniquifier", "audit_events.action", "audit_events.actor_kind", "audit_events.door",
    "audit_events.previous", "audit_events.result", "audit_events.seal", "audit_events.subject_id",
    "audit_events.subject_kind", "audit_head.before", "audit_head.proof", "audit_head.seal", "policies.digest",
    "uploads.digest",
    "uploads.counts", "uploads.kind", "uploads.lang", "uploads.state", "runs.state", "runs.kind", "runs.lang",
    "runs.step", "runs.digest", "runs.answer", "runs.regions", "tokens.scopes", "students.region_code",
    "openings.region_code", "organisations.kind", "organisations.region_code", "cooperations.region_code",
    "participations.branch", "participations.region_code", "drafts.kind", "drafts.subject_id", "grants.role",
    "grants.region_code", "grants.subject", "destinations.destination", "destinations.source", "help_requests.state",
    "mandates.ground", "outcomes.status", "plans.region_code", "questions.kind", "questions.code",
    "upload_defects.severity", "upload_defects.code", "upload_rows.action", "upload_rows.subject_id",
    "vacancies.to_review",
    "vacancies.state", "proposals.band", "decisions.word", "decisions.reason", "decisions.actor_kind",
    "consent_requests.answer", "releases.actor_kind", "releases.end_reason", "releases.employer_word",
    "releases.employer_reason", "introductions.state", "introductions.outcome", "placements.state",
    "placements.verdict", "placements.contract_type", "placements.end_reason", "adaptations.who",
    "adaptations.support", "check_moments.kind", "check_moments.outcome", "steps.who", "steps.state",
    "legal_grounds.ground", "erasures.ground", "request_counts.what", "switches.name",
}  # fmt: skip


def may(role: str, theirs: bool, where: str, field: str = "") -> bool:
    """Whether a role may see a text, of what is theirs or of others; raises KeyError where nothing was said."""
    said = FIELDS[where][field] if field else SEEN_BY[where]
    letter = next((letter for letter, name in LETTERS.items() if name == role), "-")
    return letter.lower() in said or (theirs and letter in said)

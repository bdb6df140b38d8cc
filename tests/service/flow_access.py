"""Who may ask for what follows on a decision, and with which body; a part of the matrix of `test_access_matrix`."""
from __future__ import annotations

from typing import Any

COACHED = {"school", "referrer", "connector"}
YOUTH = {"coach", "student", "parent"}
FOLLOWED, SELF, EMPLOYER, CONNECTOR = COACHED | YOUTH, {"student", "parent"}, {"employer"}, {"connector"}
MET, BOTH, BESIDE = FOLLOWED | EMPLOYER, CONNECTOR | EMPLOYER, COACHED | {"coach"}
_TERMS = {"startsOn": "2026-09-01", "adaptations": [{"who": "employer", "what": "rust"}]}
FLOW: dict[tuple[str, str], set[str]] = {
    ("GET", "/consent-requests"): FOLLOWED, ("POST", "/consent-requests"): COACHED,
    ("GET", "/consent-requests/{request_id}"): FOLLOWED, ("DELETE", "/consent-requests/{request_id}"): COACHED,
    ("PUT", "/consent-requests/{request_id}/answer"): SELF, ("GET", "/consents"): FOLLOWED,
    ("GET", "/consents/{consent_id}"): FOLLOWED, ("DELETE", "/consents/{consent_id}"): SELF,
    ("GET", "/options"): YOUTH, ("GET", "/acceptances"): FOLLOWED - SELF,
    ("GET", "/acceptances/{decision_id}/preview"): CONNECTOR, ("GET", "/releases"): FOLLOWED,
    ("POST", "/releases"): CONNECTOR, ("GET", "/releases/{release_id}"): FOLLOWED,
    ("DELETE", "/releases/{release_id}"): CONNECTOR, ("GET", "/candidates"): EMPLOYER,
    ("GET", "/candidates/table"): EMPLOYER, ("GET", "/candidates/{candidate_id}"): EMPLOYER,
    ("PUT", "/candidates/{candidate_id}/word"): EMPLOYER,
    ("GET", "/introductions"): MET, ("GET", "/introductions/{introduction_id}"): MET,
    ("DELETE", "/introductions/{introduction_id}"): BOTH, ("PUT", "/introductions/{introduction_id}/plan"): CONNECTOR,
    ("PUT", "/introductions/{introduction_id}/outcome"): BOTH,
    ("PUT", "/introductions/{introduction_id}/name-permission"): SELF,
    ("DELETE", "/introductions/{introduction_id}/name-permission"): SELF,
    ("GET", "/agreements"): MET, ("POST", "/agreements"): BOTH, ("GET", "/agreements/{agreement_id}"): MET,
    ("PUT", "/agreements/{agreement_id}"): BOTH, ("PUT", "/agreements/{agreement_id}/approval"): SELF | EMPLOYER,
    ("PUT", "/agreements/{agreement_id}/adaptations/{position}"): BOTH,
    ("GET", "/placements"): MET, ("POST", "/placements"): BOTH, ("GET", "/placements/{placement_id}"): MET,
    ("PUT", "/placements/{placement_id}/verdict"): BOTH, ("PUT", "/placements/{placement_id}/contract"): BOTH,
    ("PUT", "/placements/{placement_id}/end"): BOTH,
    ("GET", "/check-moments"): MET, ("POST", "/check-moments"): BESIDE | EMPLOYER,
    ("GET", "/check-moments/{check_moment_id}"): MET, ("PUT", "/check-moments/{check_moment_id}"): BESIDE | EMPLOYER,
    ("GET", "/steps"): MET, ("POST", "/steps"): BESIDE | EMPLOYER, ("GET", "/steps/{step_id}"): MET,
    ("PUT", "/steps/{step_id}"): BESIDE | EMPLOYER,
    ("GET", "/destinations"): FOLLOWED, ("POST", "/destinations"): COACHED | {"student"},
    ("GET", "/municipalities"): BESIDE, ("GET", "/help-requests"): FOLLOWED | {"municipality"},
    ("POST", "/help-requests"): BESIDE, ("GET", "/help-requests/{help_request_id}"): FOLLOWED | {"municipality"},
    ("DELETE", "/help-requests/{help_request_id}"): FOLLOWED, ("PUT", "/help-requests/{help_request_id}/consent"): SELF,
    ("PUT", "/help-requests/{help_request_id}/answer"): {"municipality"},
}  # fmt: skip
FLOW_BODIES: dict[str, Any] = {
    "/consent-requests": {"decisionId": "{decision_id}"}, "/consent-requests/{request_id}/answer": {"answer": "no"},
    "/releases": {"candidates": [{"decisionId": "{decision_id}", "digest": "x"}]},
    "/candidates/{candidate_id}/word": {"word": "meet"},
    "/introductions/{introduction_id}/plan": {"plannedAt": "2026-07-01T10:00:00+02:00"},
    "/introductions/{introduction_id}/outcome": {"outcome": "go_on", "heldOn": "2026-06-14"},
    "/agreements": {"introductionId": "{introduction_id}", **_TERMS}, "/agreements/{agreement_id}": _TERMS,
    "/agreements/{agreement_id}/adaptations/{position}": {"doneOn": "2026-06-14"},
    "/placements": {"agreementId": "{agreement_id}", "startedOn": "2026-09-01"},
    "/placements/{placement_id}/verdict": {"verdict": "passed"},
    "/placements/{placement_id}/contract": {"contractOn": "2026-09-01", "contractType": "job"},
    "/placements/{placement_id}/end": {"endedOn": "2026-09-01", "reason": "other"},
    "/check-moments": {"placementId": "{placement_id}", "dueOn": "2026-10-01"},
    "/check-moments/{check_moment_id}": {"heldOn": "2026-06-14", "outcome": "goes_well"},
    "/steps": {"placementId": "{placement_id}", "what": "oefenen", "who": "school"},
    "/steps/{step_id}": {"what": "oefenen", "who": "school", "state": "active"},
    "/destinations": {"studentId": "{student_id}", "destination": "work", "since": "2026-06-01"},
    "/help-requests": {"studentId": "{student_id}", "municipalityId": "{municipality_id}", "what": "vervoer"},
    "/help-requests/{help_request_id}/answer": {"answer": "ja"},
}
FLOW_IN_BODY = ("/consent-requests", "/releases", "/agreements", "/placements", "/check-moments", "/steps",
                "/destinations", "/help-requests")  # fmt: skip
"""Addresses to post to whose id stands in the body."""

"""A change says which state was seen (If-Match), or the list here says why it need not; what creates takes a key."""
from __future__ import annotations

import pytest

from api.services.accounts import Right
from api.web.access import handler_of
from tests.service.browser import Service

WITHOUT = {
    ("DELETE", "/account/second-factor"): "asks for a code of what is taken away",
    ("DELETE", "/accounts/<account_id>/rights/<right_id>"): "a right is there or not; it never changes",
    ("DELETE", "/accounts/<account_id>/sessions"): "ends what there is, whatever it is",
    ("DELETE", "/tokens/<token_id>"): "a token is there or not; it never changes",
    ("DELETE", "/consents/<consent_id>"): "taking back one's consent always goes through",
    ("DELETE", "/introductions/<introduction_id>/name-permission"): "taking it back always goes through",
    ("DELETE", "/decisions/<decision_id>"): "a decision never changes; another one has another id",
    ("DELETE", "/mandates/<mandate_id>"): "taking back one's mandate always goes through",
    ("DELETE", "/students/<student_id>"): "erasing a person always goes through",
    ("DELETE", "/students/<student_id>/coaches/<right_id>"): "a right is there or not; it never changes",
    ("DELETE", "/drafts/<draft_id>"): "throws one's own draft away, whatever is in it",
    ("DELETE", "/upload-drafts/<draft_id>"): "throws one's own draft away, whatever is in it",
}
"""Changes without If-Match, and why."""
WITHOUT_KEY = {"/sessions": "its code opens one session, and a key is kept with an account"}
pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def views(service: Service, *methods: str) -> dict[tuple[str, str], tuple[str, object]]:
    """Every method and address of the API, with its endpoint and the function that answers."""
    return {(method, rule.rule.removeprefix("/api/v1")): (rule.endpoint, handler_of(service.app, rule.endpoint, method))
            for rule in service.app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")
            for method in methods if method in (rule.methods or ())}  # fmt: skip


def test_every_change_asks_what_was_seen_or_has_a_reason_not_to(service: Service) -> None:
    found = views(service, "PUT", "PATCH", "DELETE")
    assert len(found) > 40
    assert {at for at, (_, view) in found.items() if not getattr(view, "matched", False)} == set(WITHOUT)
    assert {method for method, _ in WITHOUT} == {"DELETE"}  # whatever is put or patched says what was seen


def test_whatever_creates_takes_an_idempotency_key_or_has_a_reason_not_to(service: Service) -> None:
    paths = service.person().get("/api/v1/openapi.json").json["paths"]
    making = {path: operations["post"] for path, operations in paths.items()
              if {"201", "202"} & set(operations.get("post", {}).get("responses", ()))}  # fmt: skip
    assert len(making) > 20
    lacking = {path for path, post in making.items()
               if "Idempotency-Key" not in [given["name"] for given in post["parameters"]]}  # fmt: skip
    assert lacking == set(WITHOUT_KEY)
    assert "Without Idempotency-Key:" in making["/sessions"]["description"]


@pytest.mark.parametrize(("seen", "status"), [
    ('"1"', 200), ("*", 200), ('"9", "1"', 200), ('"1","9"', 200), ('W/"9" , "1"', 200),
    ('"9"', 412), ('W/"1"', 412), ('w/"1"', 412), ("1", 412), ('"9", W/"1"', 412), ('"11"', 412), ("", 412),
    ('"*"', 412),
])  # fmt: skip
def test_if_match_is_one_tag_several_or_a_star_and_never_a_weak_one(service: Service, seen: str, status: int) -> None:
    service.add("a@example.org", Right("administrator"))
    path = f"/api/v1/accounts/{service.add('n@example.org')}"
    admin = service.person("a@example.org")
    assert admin.get(path).headers["ETag"] == '"1"'
    assert admin.ask("PATCH", path, json={"name": "X"}, headers={"If-Match": seen}).status_code == status

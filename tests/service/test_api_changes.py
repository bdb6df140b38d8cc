"""Whoever changes the API's description says what changed for those who call it."""
from __future__ import annotations

import hashlib
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "api" / "web"


def test_the_page_of_changes_is_about_the_description_of_now() -> None:
    digest = hashlib.sha256((WEB / "openapi.json").read_bytes()).hexdigest()
    said = (WEB / "CHANGELOG-api.md").read_text(encoding="utf-8")
    assert f"openapi.json: {digest}\n" in said, f"say in api/web/CHANGELOG-api.md what changed, with {digest}"

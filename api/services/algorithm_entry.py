"""The entry of the matching in the register of algorithms: fixed texts, and the versions that computed last."""
from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata

from api.store import runs
from api.store.paging import START
from api.store.people import Session
from api.texts.catalogue import say
from api.texts.pages.algorithm import ENTRY, PARTS


def entry(session: Session, lang: str) -> list[tuple[str, str]]:
    """Heading and text of every field, in the register's order."""
    latest = next((run for run in runs.all_runs(session, START, 20) if run.state == "done"), None)
    versions: Mapping[str, object] = (latest.versions or {}) if latest is not None else {}
    policy = runs.policy_numbers(session).get(latest.policy_id, "") if latest is not None else ""
    none = say(ENTRY, "none_yet", lang)
    told = {"versions": ", ".join(f"{name} {number}" for name, number in versions.items()) or none,
            "policy": str(policy) or none, "version": metadata.version("schakel")}  # fmt: skip
    return [(say(ENTRY, part, lang), say(ENTRY, f"{part}_text", lang, **told)) for part in PARTS]


__all__ = ["entry"]

"""A vacancy on its way, task by task: kept while it is filled in, for 30 days after the last change."""
from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from api.bsn import suspects
from api.errors import Refused
from api.schemas.code_values import items_of
from api.services import meanwhile, vacancies, vacancy_help, vacancy_review
from api.services.cells import Cells, told
from api.services.start_moments import ID
from api.store import audit, drafts
from api.store.audit import Actor
from api.store.drafts import Draft
from api.store.lists import Organisation
from api.store.people import Session
from api.store.vacancies import VacancyRow
from features.settings import RuleSettings

LASTS = timedelta(days=30)
_OF_SEVERAL = ("tasks", "conditions", "support_offered", "work_skills", "certificates_required",
               "certificates_obtainable", "participation_criteria")  # fmt: skip
_MOST_BYTES = 60_000


def begin(
    session: Session, actor: Actor, home: Organisation | None, fields: Cells, openings: Sequence[Cells], *, step: str,
    subject_id: str | None = None, contact_id: str | None = None, seen: dict[str, Any] | None = None, now: datetime,
) -> Draft:  # fmt: skip
    """Begin a draft; nothing of it is matched. ``seen`` is what a vacancy was when its change began (`meanwhile`)."""
    made = drafts.add_draft(session, "vacancy", actor.id or "", home.id if home else None, step=step,
                            content=_content(fields, openings, contact_id, seen), now=now)  # fmt: skip
    made.subject_id = subject_id
    session.flush()
    audit.append(session, actor, "draft.begun", ("draft", made.id), now=now)
    return made


def save(
    session: Session, draft: Draft, fields: Cells, openings: Sequence[Cells], *, step: str,
    contact_id: str | None = None, now: datetime,
) -> None:  # fmt: skip
    """Keep what was filled in since; what is not said is as it was. An empty ``contact_id`` takes the person away."""
    contact = contact_of(draft) if contact_id is None else contact_id
    content = _content({**draft.content["fields"], **fields}, openings, contact, draft.content.get("seen"))
    drafts.change(session, draft, content, step, now)


def bring_up_to_date(session: Session, draft: Draft, row: VacancyRow, *, now: datetime) -> None:
    """Take over what others changed of the vacancy since the change of it began; what was filled in here stays."""
    there = meanwhile.of_draft(session, draft, row)
    content = _content(*there.merged(draft.content), meanwhile.seen_of(row))
    drafts.change(session, draft, content, draft.step, now)


def contact_of(draft: Draft) -> str:
    """Whom one calls about the vacancy; empty: nobody was chosen."""
    return str(draft.content.get("contact_id") or "")


def review(
    session: Session, home: Organisation | None, draft: Draft, settings: RuleSettings, *, on: date, lang: str
) -> dict[str, Any]:
    """Check a draft before it is posted: what is wrong, what a connector would look at, what demands do, the gaps."""
    fields, openings = draft.content["fields"], draft.content["openings"]
    found, errors = vacancies.check(home, "concept", fields, openings, lang=lang)
    text = "\n".join(_texts([fields.get(name) for name in ("title", "description", "tasks")]))
    known = vacancies.known_of(found[0], lang) if found else {"complete": 0, "missing": [], "to_ask": []}
    effects = vacancy_help.effects(session, found[0], settings, on=on, lang=lang) if found else []
    return {"ready": bool(found) and not any(error.severity == "error" for error in errors),
            "errors": told("vacancies", errors), "wording": vacancy_review.findings(text, lang),
            "effects": effects, **known}  # fmt: skip


def remove(session: Session, actor: Actor, draft: Draft, *, now: datetime) -> None:
    """Let a draft go: it was posted, or is not wanted any more."""
    audit.append(session, actor, "draft.removed", ("draft", draft.id), now=now)
    drafts.remove(session, draft)


def _content(
    fields: Cells, openings: Sequence[Cells], contact_id: str | None, seen: dict[str, Any] | None
) -> dict[str, Any]:
    content: dict[str, Any] = {"fields": {name: _several(value) if name in _OF_SEVERAL else value
                                          for name, value in fields.items() if value is not None},
                               "openings": [dict(one) for one in openings]}  # fmt: skip
    if contact_id:
        content["contact_id"] = contact_id
    if seen:
        content["seen"] = seen
    if len(json.dumps(content)) > _MOST_BYTES:
        raise Refused("This is more than a vacancy can hold.", code="too_long")
    for cells in (fields, *openings):
        for name, value in cells.items():
            if name not in ("leerbedrijf_id", ID) and any(suspects(text) for text in _texts(value)):
                raise Refused(f"{name}: leave out the number that may be a citizen service number (BSN).", code="bsn")
    return content


def _several(value: Any) -> Any:
    """A cell that takes several, as the pages have it: one by one, also where it came as one text."""
    return value if isinstance(value, list) else items_of(value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None:
        yield str(value)


__all__ = ["LASTS", "begin", "bring_up_to_date", "contact_of", "remove", "review", "save"]

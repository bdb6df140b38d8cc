"""The change of a posted vacancy before it is saved: what others changed meanwhile, what it does to the starts."""
from __future__ import annotations

from api.services import meanwhile, start_moments
from api.store.drafts import Draft
from api.web.database import rows
from api.web.pages.base import day, t
from api.web.pages.employer import topics
from api.web.pages.employer.base import own_vacancy
from api.web.pages.employer.words import said_day

SHOWN = ("title", "postcode", "place", "hours_min", "hours_max", "starts_at", "ends_at", "duration_months", "age_min",
         "age_max", "supervision_half_days", "leerbedrijf_id", "crebo", "trial_months")  # fmt: skip
"""Fields of which what others wrote is shown as it stands; the others hold codes, and are named by their step."""


def by_others(draft: Draft, *, lock: bool = False) -> list[str]:
    """What others changed since the change of a posted vacancy began, in words; with ``lock`` it stays so."""
    if not draft.subject_id:
        return []
    row = own_vacancy(draft.subject_id, lock=lock)
    found = meanwhile.of_draft(rows(), draft, row).differences(draft.content)
    return list(dict.fromkeys(map(_told, found)))


def of_moments(draft: Draft) -> list[str]:
    """What saving does to the start moments of a posted vacancy, in words: moved, added, gone."""
    if not draft.subject_id or "seen" not in draft.content:
        return []
    starts = {one.opening.id: one.opening.starts_on for one in own_vacancy(draft.subject_id).openings}
    lines = start_moments.told_apart(draft.content["openings"], starts)
    days = {i: start_moments.day_of(own.get("starts_on")) for i, own in lines.named.items()}
    return [
        *(t("vacancy.moment_moved", before=day(starts[i]), after=day(found)) for i, found in days.items()
          if found and found != starts[i]),
        *(t("vacancy.moment_added", day=said_day(own.get("starts_on", ""))) for own in lines.added),
        *(t("vacancy.moment_gone", day=day(start)) for i, start in starts.items() if i not in lines.named),
    ]  # fmt: skip


def _told(one: meanwhile.Difference) -> str:
    """What others changed, in words."""
    if one.name == "contact":
        text = t("vacancy.meanwhile_name", name=t("vacancy.meanwhile_contact"))
    elif one.name == "moment":
        start = said_day(topics.day((one.after or one.before)["starts_on"]))
        text = t("vacancy.meanwhile_name", name=t("vacancy.meanwhile_moment", day=start))
    elif one.name in SHOWN:
        text = t("vacancy.meanwhile_value", name=t(f"vacancy.f_{one.name}"), before=one.before or "–",
                 after=one.after or "–")  # fmt: skip
    else:
        text = t("vacancy.meanwhile_name", name=t(f"vacancy.topic_{topics.topic_of(one.name)}"))
    return f"{text} ({t('vacancy.meanwhile_both')})" if one.both else text


__all__ = ["by_others", "of_moments"]

"""Whether work may be given to somebody under 18: working times and dangerous work.

Sources: Arbeidstijdenwet art. 3:2 and 5:3 (rest of minors), Nadere regeling kinderarbeid (under 16),
Arbeidsomstandighedenbesluit art. 1.37 (dangerous work only under expert supervision). The figures and codes
are settings; a connector who knows better can pin the pair.
"""
from __future__ import annotations

from collections.abc import Sequence

from features.records import Opening
from features.settings import RuleSettings

Windows = Sequence[tuple[int, int]]
FINE, ASKS, REFUSES = 0, 1, 2


def times_state(starts_at: int | None, ends_at: int | None, windows: Windows) -> int:
    """Return whether a working day lies within one of the windows, all in minutes after midnight.

    An end at or before the start is on the next day, so the work runs through the night.
    """
    if starts_at is not None and ends_at is not None:
        if ends_at <= starts_at:
            return REFUSES
        return FINE if any(low <= starts_at and ends_at <= high for low, high in windows) else REFUSES
    if starts_at is not None and not any(low <= starts_at < high for low, high in windows):
        return REFUSES
    if ends_at is not None and not any(low < ends_at <= high for low, high in windows):
        return REFUSES
    return ASKS


def danger_state(o: Opening, settings: RuleSettings) -> int:
    """Return whether the work is dangerous: refused outright, refused without supervision, or to be asked."""
    conditions = set(o.conditions or ())
    if conditions & set(settings.under_18_forbidden):
        return REFUSES
    supervised = conditions & set(settings.under_18_supervised) or set(o.certificates_required) & set(
        settings.under_18_supervised_certificates
    )
    if supervised:
        offered = dict(o.support_offered or ()).get(settings.under_18_supervision)
        return ASKS if offered in ("yes", "limited") else REFUSES
    return ASKS if o.conditions is None else FINE


def minor_state(o: Opening, settings: RuleSettings, windows: Windows) -> int:
    """Return 0 fine, 1 asks, 2 refuses for somebody whose working day must lie within ``windows``.

    Conditions that mean evening or night work refuse whatever the times say. Times that are missing are no
    question where the employer listed the conditions and evening work is not among them.
    """
    if set(o.conditions or ()) & set(settings.under_18_hours_conditions):
        return REFUSES
    times = times_state(o.starts_at, o.ends_at, windows)
    if times == ASKS and o.conditions is not None:
        times = FINE
    return max(times, danger_state(o, settings))

"""Mijn gegevens: what is known about a student, in words; correcting, keeping, taking away; and who looked."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response

from api.store import releases
from api.web.access import access
from api.web.database import rows
from api.web.pages.base import code_label, day, num, t
from api.web.pages.youth.base import ROLES, names, shown, students
from features.codes import code_list

blueprint = Blueprint("my_data", __name__)
PATH = "/mijn-gegevens"
TOPICS = {
    "about_me": ("first_name", "birth_date", "place", "available_from"),
    "wishes": ("branches", "branches_excluded", "tasks_wanted", "tasks_disliked", "route", "contract_types",
               "conditions_wanted", "conditions_unacceptable", "own_words"),
    "can": ("tasks_mastered", "experience", "work_skills", "certificates", "level"),
    "need": ("support_needed",),
    "travel": ("travel_means", "max_minutes", "hours_per_week"),
}  # fmt: skip
"""The fields of a profile by topic, in the order in which they are shown."""
_LISTS = {
    "branches": "branch", "branches_excluded": "branch", "tasks_wanted": "task", "tasks_disliked": "task",
    "tasks_mastered": "task", "experience": "task", "contract_types": "contract_type",
    "conditions_wanted": "condition", "conditions_unacceptable": "condition", "certificates": "certificate",
    "travel_means": "travel_means", "route": "route",
}  # fmt: skip


@blueprint.get(PATH)
@access(*ROLES, people_only=True)
def data() -> Response:
    """What is known, topic by topic."""
    called = names()
    people = [
        {"id": i, "name": called[i] if len(called) > 1 else "", "topics": topics_of(releases.profile_now(rows(), i))}
        for i in students()
    ]
    return shown("data.html", people=people)


@blueprint.get(f"{PATH}/wie-keek")
@access(*ROLES, people_only=True)
def who_looked() -> Response:
    """Who looked, and when."""
    return shown("looks.html", looks=releases.looks_at(rows(), students()))


def topics_of(record: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """A profile in words: topic -> (field, values); what is not known has no values."""
    return [(topic, [(name, _values(record, name)) for name in fields]) for topic, fields in TOPICS.items()]


def _values(record: Mapping[str, Any], name: str) -> list[str]:
    if name in ("first_name", "own_words"):
        return [record["background"][name]] if record["background"][name] else []
    if name == "place":
        where = record["location"]
        if not where:
            return []
        by_code = where["label"][:4].isdigit()  # of a postcode four digits are kept: say what they stand for
        return [f"{code_label('municipality', where['municipality_code'])} ({where['label']})" if by_code
                else where["label"]]
    if name == "hours_per_week":
        return _hours(record["hours_min"], record["hours_max"])
    value = record[name]
    if name == "available_from":  # who said nothing else can start on leaving school: so a connector reads it as well
        value = value or record["leaves_on"]
    if value is None or value == []:
        return []
    if name in ("birth_date", "available_from"):
        return [day(date.fromisoformat(value))]
    if name == "max_minutes":
        return [t("my_data.minutes", n=num(value))]
    if name == "work_skills":
        return [f"{code_label('work_skill', code)}: {t(f'my_data.level_{level}')}" for code, level in value]
    if name == "support_needed":
        return [code_label("support", need["code"]) for need in value]
    if name == "level":
        return [code_label("level", value)]
    codes = code_list(_LISTS[name])
    return [code_label(_LISTS[name], code) if code in codes else code for code in value]


def _hours(low: float | None, high: float | None) -> list[str]:
    if low is None and high is None:
        return []
    first, last = low if low is not None else high, high if high is not None else low
    return [t("my_data.hours_range", low=num(first or 0), high=num(last or 0))]

"""A student's record in words, field by field, and who sees each field."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.services.who_sees import NEAR, SEES
from api.web.pages.base import code_label, day, num, t
from features.codes import code_list

LISTS = {
    "travel_means": "travel_means", "branches": "branch", "branches_excluded": "branch", "route": "route",
    "contract_types": "contract_type", "tasks_wanted": "task", "tasks_disliked": "task", "tasks_mastered": "task",
    "experience": "task", "conditions_wanted": "condition", "conditions_unacceptable": "condition",
    "certificates": "certificate", "level": "level", "school_type": "school_type",
    "leaving_profile": "leaving_profile", "destination": "destination",
}  # fmt: skip
"""Field -> the list its codes are of."""
YES_NO = ("work_capacity", "enrolled", "travels_alone")
DAYS = ("birth_date", "leaves_on", "available_from", "consent_on", "confirmed_on")


def seen_by(field: str) -> str:
    """``jullie, de leerling en de verbinder``: who sees a field."""
    see = SEES.get(field, NEAR)
    return t("profile.see_employer" if "employer_once_shared" in see else "profile.see_few" if see != NEAR else
             "profile.see_near")  # fmt: skip


def ask_words(name: str) -> str:
    """A field, or a point of completeness, as something to ask for."""
    return t("student.still_right") if name == "confirmed_on" else t(f"field.{name}")


def cell_words(field: str, cell: Any) -> str:
    """A cell of a list as people read it: codes as words, ``code=level`` too; nothing: ``niet ingevuld``."""
    if cell == ["none"]:
        return t("profile.nothing")
    if field == "work_skills" and cell:
        return _several(field, [(code, level) for code, _, level in (item.partition("=") for item in cell)])
    if field == "support_needed" and cell:
        return _several(field, [
            {"code": item.rstrip("!").partition("=")[0], "when": item.rstrip("!").partition("=")[2],
             "essential": item.endswith("!")} for item in cell
        ])  # fmt: skip
    if field in YES_NO and cell:
        return code_label("yes_no_unknown", cell)
    return value_words(field, cell)


def value_words(field: str, value: Any) -> str:
    """A value of a stored record as people read it; empty: ``niet ingevuld``."""
    if value is None or value == "":
        return t("profile.empty")
    if isinstance(value, bool):
        return t("profile.yes" if value else "profile.no")
    if field in DAYS:
        return day(date.fromisoformat(value) if isinstance(value, str) else value)
    if field == "work_capacity":
        return code_label("yes_no_unknown", value)
    if isinstance(value, (list, tuple)):
        return _several(field, value)
    if isinstance(value, (int, float)):
        return num(value, 0 if float(value).is_integer() else 1)
    return code_label(LISTS[field], value) if field in LISTS else str(value)


def _several(field: str, values: list[Any] | tuple[Any, ...]) -> str:
    if not values:
        return t("profile.nothing") if field in ("support_needed", "certificates", "conditions_unacceptable") \
            else t("profile.empty")
    if field == "work_skills":
        by_level = {str(level): [code_label("work_skill", code) for code, own in values if str(own) == str(level)]
                    for _, level in values}  # fmt: skip
        return " ".join(t(f"profile.level_{level}", what=", ".join(by_level[level]))
                        for level in sorted(by_level, reverse=True))  # fmt: skip
    if field == "support_needed":
        return ", ".join(map(_need, values))
    return ", ".join(_one(LISTS.get(field, ""), value) for value in values)


def _one(name: str, value: str) -> str:
    return code_label(name, value) if name and value in code_list(name) else value


def _need(need: Any) -> str:
    given = need if isinstance(need, Mapping) else {"code": need.code, "when": need.when, "essential": need.essential}
    said = code_label("support", given["code"])
    if given["when"]:
        said = t("profile.start" if given["when"] == "startup" else "profile.always", what=said)
    return t("profile.essential", what=said) if given["essential"] else said


__all__ = ["DAYS", "LISTS", "ask_words", "cell_words", "seen_by", "value_words"]

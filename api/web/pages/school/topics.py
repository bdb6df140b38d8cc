"""One topic of a profile per page: its fields, how each is asked, and what was filled in as cells of a list.

What is typed is read as a row of a list would be: one set of rules, one set of messages.
"""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from api.schemas.leavers import LeaverSchema
from api.services import students as verbs
from api.services.cells import Unreadable, student_cells
from api.services.records import student_of
from api.store import students
from api.store.codes import StoredStudent
from api.web.access import access, asker
from api.web.database import local_day, now, rows
from api.web.json.once import once
from api.web.own import OF_PARTY, own_student
from api.web.pages.base import code_label, go, show, t
from api.web.pages.language import language
from api.web.pages.profile import LISTS, seen_by
from api.web.problems import not_found
from features.codes import code_list

blueprint = Blueprint("school_topics", __name__)
TOPICS: Mapping[str, tuple[str, ...]] = {
    "person": ("first_name", "birth_date", "school_type", "leaving_profile", "work_capacity"),
    "travel": ("postcode", "place", "travel_means", "max_km", "max_minutes", "travels_alone"),
    "time": ("enrolled", "leaves_on", "available_from", "hours_min", "hours_max"),
    "wish": ("branches", "branches_excluded", "route", "contract_types", "tasks_wanted", "tasks_disliked",
             "own_words"),
    "skill": ("work_skills", "tasks_mastered", "experience", "certificates", "level"),
    "need": ("support_needed", "support_half_days", "conditions_wanted", "conditions_unacceptable"),
}  # fmt: skip
"""Topic -> the fields on its page, in their order."""
KINDS: Mapping[str, str] = {
    **dict.fromkeys(("birth_date", "leaves_on", "available_from"), "day"),
    **dict.fromkeys(("max_km", "max_minutes", "hours_min", "hours_max", "support_half_days"), "number"),
    **dict.fromkeys(("enrolled", "travels_alone", "work_capacity"), "yes_no"),
    **dict.fromkeys(("school_type", "leaving_profile", "level"), "code"),
    **dict.fromkeys(("travel_means", "branches_excluded", "route", "contract_types", "conditions_wanted"), "codes"),
    **dict.fromkeys(("certificates", "conditions_unacceptable"), "asked"),
    **dict.fromkeys(("tasks_wanted", "tasks_disliked", "tasks_mastered", "experience"), "lines"),
    "own_words": "text", "branches": "ranked", "work_skills": "skills", "support_needed": "support",
}  # fmt: skip
"""How a field is asked; what is not here is one line of text."""
RANKS, MOST_RANKS = 3, 24
NONE = "none"
_ADDRESS = "/leerlingen/<student_id>/bewerken/<topic>"
_MISSING = {"location": "travel", "travel_limit": "travel", "hours": "time", "confirmed_on": ""}


def topic_of(name: str) -> str:
    """The topic on whose page a field, or a point of completeness, is filled in; empty: on none."""
    return _MISSING.get(name, next((topic for topic, names in TOPICS.items() if name in names), ""))


@blueprint.get(_ADDRESS)
@access(*OF_PARTY, people_only=True)
def edit(student_id: str, topic: str) -> Response:
    """The fields of a topic as they are."""
    found = own_student(student_id, *OF_PARTY)
    if topic not in TOPICS:
        raise not_found()
    cells = student_cells(student_of(students.row_by_id(rows(), found.id).record))
    return _page(found, topic, cells)


@blueprint.post(_ADDRESS)
@access(*OF_PARTY, people_only=True)
@once
def save(student_id: str, topic: str) -> Any:
    """Keep a topic: a new version of the profile."""
    found = own_student(student_id, *OF_PARTY, lock=True)
    if topic not in TOPICS:
        raise not_found()
    row = students.row_by_id(rows(), found.id)
    typed = {name: typed_cell(name, request.form) for name in TOPICS[topic]}
    if request.form.get("version") != str(found.version):
        return _page(found, topic, typed, {"changed": t("student.changed_meanwhile")}, status=409)
    before = student_cells(student_of(row.record))
    typed = {name: _in_order(name, value, before.get(name)) for name, value in typed.items()}
    changes = {name: value for name, value in typed.items() if value != before.get(name)}
    if topic == "travel" and changes.get("place") and "postcode" not in changes:
        changes["postcode"] = None
    try:
        verbs.change(rows(), asker().actor, row, changes, lang=language(), today=local_day(now()), now=now())
    except Unreadable as error:
        wrong = {str(one["field"]): _named(one) for one in error.errors if one["severity"] == "error"}
        return _page(found, topic, typed, wrong)
    return go(f"/leerlingen/{student_id}", done="student_saved")


def typed_cell(name: str, form: MultiDict[str, str]) -> Any:
    """What was filled in for a field, as its cell in a list; None: nothing."""
    kind = KINDS.get(name, "line")
    if kind in ("codes", "asked"):
        codes = form.getlist(name)
        return [NONE] if NONE in codes and len(codes) == 1 else [code for code in codes if code != NONE] or None
    if kind == "ranked":
        ranked = [form.get(f"{name}-{k}", "") for k in range(MOST_RANKS)]
        return list(dict.fromkeys(filter(None, ranked))) or None
    if kind == "lines":
        return [line.strip() for line in form.get(name, "").splitlines() if line.strip()] or None
    if kind == "skills":
        levels = {code: form.get(f"{name}-{code}", "") for code in code_list("work_skill").codes}
        return [f"{code}={level}" for code, level in levels.items() if level] or None
    if kind == "support":
        return _support(name, form)
    text = form.get(name, "").strip()
    return _number(text) if kind == "number" else text or None


def _named(error: Mapping[str, Any]) -> str:
    """What is wrong, with the words of the page for the field in the place of its header."""
    name, message = str(error["field"]), str(error["message"])
    return f"{t(f'field.{name}')}{message.removeprefix(name)}" if message.startswith(name) else message


def day_typed(cell: Any) -> Any:
    """A day as people write it, ``17-07-2027``; whatever else was typed as it is."""
    try:
        return date.fromisoformat(cell).strftime("%d-%m-%Y")
    except (TypeError, ValueError):
        return cell


def _in_order(name: str, value: Any, before: Any) -> Any:
    """Choices of which the order says nothing in the order they had: saving what stands there changes nothing."""
    if KINDS.get(name) in ("ranked", "lines") or not isinstance(value, list) or not isinstance(before, list):
        return value
    order = {item: at for at, item in enumerate(before)}
    return sorted(value, key=lambda item: order.get(item, len(order)))


def _support(name: str, form: MultiDict[str, str]) -> list[str] | None:
    items = []
    for code in code_list("support").codes:
        when = form.get(f"{name}-{code}", "")
        if when:
            must = "!" if form.get(f"{name}-{code}-must") else ""
            items.append(f"{code}{'' if when == 'yes' else f'={when}'}{must}")
    return items or ([NONE] if form.get(f"{name}-none") else None)


def _number(text: str) -> int | float | str | None:
    """As cells have it: 12 and 1.5 are numbers; what is none stays text, and its reader says so."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return text or None
    return int(value) if value.is_integer() else value


def choices_of(name: str) -> list[tuple[str, str]]:
    """The codes of a field with their labels, in the order of the list."""
    if name == "work_capacity" or KINDS.get(name) == "yes_no":
        return [(code, code_label("yes_no_unknown", code)) for code in ("yes", "no")]
    reader = LeaverSchema.reader(name)
    codes = getattr(reader, "codes", None) or reader.list.codes  # type: ignore[attr-defined]
    return [(code, code_label(LISTS[name], code)) for code in codes if code != "either"]


def _page(found: StoredStudent, topic: str, cells: Mapping[str, Any], wrong: dict[str, str] | None = None, *,
          status: int = 400) -> Response:  # fmt: skip
    record = students.row_by_id(rows(), found.id).record
    name = str(record["background"]["first_name"] or t("students.no_name", ref=found.student_ref))
    return show(
        "school/student_topic.html", status if wrong else 200, wrong=wrong or {}, student=found, name=name, topic=topic,
        fields=TOPICS[topic], kinds=KINDS, cells=cells, choices_of=choices_of, seen_by=seen_by,
        ranks=range(max(RANKS, len(cells.get("branches") or ()))),
        parsed=_parsed, day_typed=day_typed, task_codes=code_list("task"), skill_codes=code_list("work_skill").codes,
        support_codes=code_list("support").codes,
    )  # fmt: skip


def _parsed(items: list[str] | None) -> dict[str, tuple[str, bool]]:
    """``own_pace=startup!`` as own_pace: (startup, yes), for the choices of a page."""
    found = {}
    for item in items or ():
        bare = item.rstrip("!")
        code, _, value = bare.partition("=")
        found[code] = (value or "yes", item.endswith("!"))
    return found


__all__ = ["TOPICS", "blueprint", "topic_of"]

"""The steps of a vacancy: which cells of a vacancy list each step asks, and how its form is read.

What is typed is kept as cells, so that a screen has the rules and the words of a file. A support item stands in one
step or the other, so a list of cells is written by a step without touching what the other step says.
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from api.schemas.code_values import MOST_ITEMS
from api.services.start_moments import ID
from features.codes import code_list

Form = Mapping[str, Any]
Cells = dict[str, Any]
TOPICS = ("work", "support", "times", "needed", "adapt", "contact")
PATHS = {"work": "het-werk", "support": "begeleiding", "times": "tijden", "needed": "echt-nodig",
         "adapt": "aanpassen", "contact": "contact"}  # fmt: skip
ADAPTS = ("own_pace", "quiet_spot", "fixed_structure", "simple_reading", "adapted_tasks")
"""Support by which work is made to suit somebody; the other items are people who help."""
OFFERS = {"support": tuple(code for code in code_list("support").codes if code not in ADAPTS), "adapt": ADAPTS}
TASKS, STARTS = 8, 3
FIELDS = {
    "work": ("title", "branch", "tasks", "description", "conditions", "route", "contract_type"),
    "support": ("support_offered", "supervision_half_days", "leerbedrijf_id", "crebo"),
    "times": ("postcode", "place", "hours_min", "hours_max", "starts_at", "ends_at", "duration_months"),
    "needed": ("work_skills", "certificates_required", "certificates_obtainable", "level_min", "age_min", "age_max"),
    "adapt": (),
    "contact": ("trial_months", "job_guarantee", "participation_option", "participation_criteria"),
}  # fmt: skip
OF_OPENING = ("starts_on", "places", "min_to_open", "present", "closes_on")
OF_GROUP = ("min_to_open", "present")
"""What a form asks of a group alone; of others it goes along as it was."""
NEEDED = {"work": ("branch", "tasks"), "times": ("starts_on", "places")}
"""Without these a vacancy cannot be posted."""
PLAIN = {
    "work": ("title", "branch", "description", "route", "contract_type"),
    "support": ("supervision_half_days", "leerbedrijf_id", "crebo"), "times": FIELDS["times"],
    "needed": ("level_min", "age_min", "age_max"), "adapt": (),
    "contact": ("trial_months", "job_guarantee", "participation_option"),
}  # fmt: skip
_LONGEST = 2_000
_NONE = "none"
_LEVELS = ("1", "2", "3")
"""How much of a skill a form can ask; a list may say that it asks nothing of one, by 0."""
_LINE = re.compile(rf"(?:{'|'.join(OF_OPENING)})_([0-9]{{1,3}})")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def read(topic: str, form: Form, before: Cells) -> Cells:
    """What a step's form says, as cells; None empties one.

    What it says as it was shown is as it was: what counts as changed is written into every start.
    """
    cells: Cells = {name: _typed(form, name, before.get(name)) for name in PLAIN[topic]}
    if topic == "work":
        cells["tasks"] = _tasks(form) or None
        cells["conditions"] = _list(form, "conditions") or _in_words("condition", before.get("conditions"))
    if topic in OFFERS:
        offers = _offers(topic, form)
        others = [one for one in before.get("support_offered", ())
                  if _code(one) not in OFFERS[topic] and not (offers and one == _NONE)]  # fmt: skip
        cells["support_offered"] = [*others, *offers] or None
    if topic == "needed":
        cells["work_skills"] = _skills(form, before) or None
        cells |= _certificates(form, before)
    if topic == "contact":
        said = {code: _text(form, f"crit_{code}") for code in code_list("participation_criterion").codes}
        found = [code if word == "yes" else f"-{code}" for code, word in said.items() if word in ("yes", "no")]
        cells["participation_criteria"] = found or None
    return cells


def read_openings(form: Form) -> list[Cells]:
    """The start moments of the step about times, each with the opening it is about; a line that is empty is none."""
    found = []
    lines = {int(line[1]) for name in form if (line := _LINE.fullmatch(name))}  # a list may have many starts
    for i in sorted(lines):
        typed = {name: _text(form, f"{name}_{i}") for name in OF_OPENING}
        kept = {ID: _text(form, f"id_{i}"), **{name: _text(form, f"kept_{name}_{i}") for name in OF_GROUP}}
        if any(typed.values()):
            found.append({**{name: value for name, value in kept.items() if value},
                          **{name: value for name, value in typed.items() if value}})  # fmt: skip
    return found


def shown(cells: Cells, openings: Sequence[Cells], label: Any) -> Cells:
    """What a form shows: per field what was typed. ``label`` says a code of a list in words."""
    told: Cells = {name: cells.get(name, "") for names in PLAIN.values() for name in names}
    tasks = [(str(one).rstrip("! "), str(one).endswith("!")) for one in cells.get("tasks", ())]
    known = code_list("task")
    told["tasks"] = [(label("task", text) if text in known else text, must) for text, must in tasks]
    told["conditions"] = list(cells.get("conditions", ()))
    told["offers"] = {_code(one): _level(one) for one in cells.get("support_offered", ())}
    told["skills"] = {_code(one): _skill_level(one) for one in cells.get("work_skills", ())}
    told["musts"] = {_code(one) for one in cells.get("work_skills", ()) if str(one).endswith("!")}
    told["certificates"] = _certificates_shown(cells)
    told["criteria"] = {str(one).lstrip("-"): "no" if str(one).startswith("-") else "yes"
                        for one in cells.get("participation_criteria", ())}  # fmt: skip
    told["openings"] = [{name: day(row.get(name, "")) for name in (*OF_OPENING, ID)} for row in openings]
    return told


def topic_of(field: str) -> str:
    """In which step a field stands."""
    if field in OF_OPENING:
        return "times"
    return next((topic for topic in TOPICS if field in FIELDS[topic]), "work")


def state_of(topic: str, cells: Cells, openings: Sequence[Cells], wrong: Sequence[str]) -> str:
    """How far a step is: todo, busy, look_at or ready; ``wrong`` are the fields with an error."""
    filled = [name for name in FIELDS[topic] if cells.get(name)]
    if topic in OFFERS:
        filled = [one for one in cells.get("support_offered", ()) if _code(one) in OFFERS[topic]] + [
            name for name in filled if name != "support_offered"]  # fmt: skip
    if topic == "times" and openings:
        filled.append("openings")
    missing = [name for name in NEEDED.get(topic, ()) if not _there(name, cells, openings)]
    if any(topic_of(name) == topic and name not in missing for name in wrong):
        return "look_at"
    if not filled:
        return "todo"
    return "busy" if missing else "ready"


def day(value: Any) -> Any:
    """A date as people type it: 1-2-2027."""
    found = _ISO.fullmatch(str(value))
    return f"{int(found[3])}-{int(found[2])}-{found[1]}" if found else value


def _there(name: str, cells: Cells, openings: Sequence[Cells]) -> bool:
    return any(row.get(name) for row in openings) if name in OF_OPENING else bool(cells.get(name))


def _text(form: Form, name: str) -> str:
    return _plain(form.get(name, ""))


def _plain(value: Any) -> str:
    """A text as a form sends it, with lines that end as elsewhere."""
    return str(value).replace("\r\n", "\n").strip()[:_LONGEST]


def _typed(form: Form, name: str, before: Any) -> Any:
    """What a field says; a form shows the lowest level, which asks nothing, as none."""
    said = _text(form, name)
    shown = "" if before is None or (name, before) == ("level_min", _NONE) else _plain(before)
    return before if said == shown else said or None


def _in_words(name: str, before: Any) -> Any:
    """What was said in a word that is no code and that no box shows, as that there is none."""
    return None if set(before or ()) & set(code_list(name).codes) else before


def _list(form: Any, name: str) -> list[str]:
    return [str(one)[:40] for one in form.getlist(name)]


def _tasks(form: Form) -> list[str]:
    texts = [(_text(form, f"task_{i}").replace("|", "/").rstrip("! "), f"must_{i}" in form)
             for i in range(1, MOST_ITEMS + 1)]  # fmt: skip
    known = code_list("task")  # of which a form shows the label
    return [f"{known.read(text) or text}{'!' if must else ''}" for text, must in texts if text]


def _offers(topic: str, form: Form) -> list[str]:
    said = {code: _text(form, f"offer_{code}") for code in OFFERS[topic]}
    return [{"yes": code, "no": f"-{code}"}.get(level, f"{code}=limited") for code, level in said.items()
            if level in ("yes", "no", "limited")]  # fmt: skip


def _skills(form: Form, before: Cells) -> list[str]:
    """The skills that are asked, and those of which a list said that nothing is asked until somebody does."""
    said = {code: _text(form, f"skill_{code}") for code in code_list("work_skill").codes}
    asked = [f"{code}={level}{'!' if f'skillmust_{code}' in form else ''}" for code, level in said.items()
             if level in _LEVELS]  # fmt: skip
    silent = [str(one) for one in before.get("work_skills", ()) if _skill_level(one) not in _LEVELS]
    return [*asked, *(one for one in silent if said.get(_code(one)) not in _LEVELS)]


def _skill_level(cell: Any) -> str:
    return str(cell).rstrip("!").split("=")[-1]


def _certificates(form: Form, before: Cells) -> Cells:
    """Certificates that must be there, or can be earned; one of which a list says both, as long as nobody chose."""
    shown, cells = _certificates_shown(before), {}
    said = {code: _text(form, f"cert_{code}") for code in code_list("certificate").codes}
    for level in ("required", "obtainable"):
        name = f"certificates_{level}"
        cells[name] = [code for code, one in said.items() if one == level or (
            code in before.get(name, ()) and one == shown[code])] or None  # fmt: skip
    return cells


def _certificates_shown(cells: Cells) -> dict[str, str]:
    return {code: level for level in ("required", "obtainable") for code in cells.get(f"certificates_{level}", ())}


def _code(cell: Any) -> str:
    return re.split(r"[=!]", str(cell).lstrip("-"))[0]


def _level(cell: Any) -> str:
    text = str(cell)
    return "no" if text.startswith("-") else text.split("=")[1] if "=" in text else "yes"


__all__ = [
    "ADAPTS", "FIELDS", "NEEDED", "OFFERS", "OF_OPENING", "PATHS", "STARTS", "TASKS", "TOPICS", "day", "read",
    "read_openings", "shown", "state_of", "topic_of",
]  # fmt: skip

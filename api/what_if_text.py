"""The answer of `what-if` as lines for people and as JSON."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.assign_files import decimal, json_text
from api.tables import plain_millionths
from api.texts.what_if import WHAT_IF
from api.what_if import Outcome


def outcome_lines(outcome: Outcome, lang: str) -> list[str]:
    """The answer in sentences."""
    words = WHAT_IF[lang]
    lines = [words[outcome.kind].format(student=outcome.student, opening=outcome.opening, more=outcome.more)]
    if outcome.status != "optimal":
        lines.append(words["feasible"])
    if not outcome.placed_loss and not outcome.fit_loss:
        lines.append(words["same"])
    if outcome.placed_loss:
        lines.append(_signed(words, "placed", outcome.placed_loss, str(abs(outcome.placed_loss))))
    if outcome.fit_loss:
        lines.append(_signed(words, "fit", outcome.fit_loss, _number(outcome.fit_loss, lang)))
    if outcome.others_loss is not None:
        lines.append(
            _signed(words, "others", outcome.others_loss, _number(outcome.others_loss, lang))
            if outcome.others_loss
            else words["others_same"]
        )
    lines.append(words["placed"].format(before=outcome.placed_before, after=outcome.placed))
    for inside in outcome.openings:
        key = "opens" if inside.opens else ("stays" if outcome.kind == "new_opening" else "empty")
        facts = {"n": len(inside.students), "places": inside.places, "students": ", ".join(inside.students)}
        lines.append(words[key].format(opening=inside.opening, **facts))
    lines.append(words["moves"] if outcome.moves else words["none_move"])
    for student, begin, end in outcome.moves:
        nowhere = words["nowhere"]
        lines.append("  " + words["move"].format(student=student, begin=begin or nowhere, end=end or nowhere))
    return lines


def _signed(words: Mapping[str, str], what: str, loss: int, number: str) -> str:
    return words[f"{what}_{'less' if loss > 0 else 'more'}"].format(n=number)


def _number(micro: int, lang: str) -> str:
    text = plain_millionths(abs(micro))
    return text.replace(".", ",") if lang == "nl" else text


def outcome_json(outcome: Outcome) -> str:
    """The answer as one JSON object; fits are decimals, a loss below 0 is a gain, an empty opening is no place."""
    body: dict[str, Any] = {
        "question": outcome.kind,
        "student": outcome.student or None,
        "opening": outcome.opening or None,
        "more_places": outcome.more or None,
        "status": outcome.status,
        "placed_loss": outcome.placed_loss,
        "fit_loss": decimal(outcome.fit_loss),
        "others_loss": None if outcome.others_loss is None else decimal(outcome.others_loss),
        "placed_before": outcome.placed_before,
        "placed": outcome.placed,
        "openings": [
            {"opening": i.opening, "places": i.places, "opens": i.opens, "students": list(i.students)}
            for i in outcome.openings
        ],
        "moves": [{"student": student, "from": begin, "to": end} for student, begin, end in outcome.moves],
        "conflict": [],
    }
    return json_text(body)


def conflict_json(kind: str, conflict: list[dict[str, object]]) -> str:
    """The JSON of a question to which there is no plan."""
    return json_text({"question": kind, "status": "infeasible", "conflict": conflict})

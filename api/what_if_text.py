"""The answer of `what-if` as lines for people and as JSON."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.assign_files import decimal, json_text
from api.tables import plain_millionths
from api.texts.what_if import WHAT_IF
from api.what_if import Move, Outcome
from api.what_if_plans import Plans
from api.what_if_questions import Changed


def outcome_lines(outcome: Outcome, lang: str) -> list[str]:
    """The answer in sentences."""
    words = WHAT_IF[lang]
    lines = [_heading(outcome, lang)]
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
        new = outcome.kind == "new_opening"
        key = ("opens" if new else "holds") if inside.opens else ("stays" if new else "empty")
        facts = {"n": len(inside.students), "places": inside.places, "students": ", ".join(inside.students)}
        lines.append(words[key].format(opening=inside.opening, **facts))
    lines += [words["starting"].format(opening=opening) for opening in outcome.starting]
    lines += [words["stopping"].format(opening=opening) for opening in outcome.stopping]
    lines.append(words["moves"] if outcome.moves else words["none_move"])
    return lines + _moves(outcome.moves, words)


def plans_lines(plans: Plans, lang: str) -> list[str]:
    """Several plans in sentences, each with who moves."""
    words, asked = WHAT_IF[lang], plans.asked
    lines = [] if asked.kind == "plans" else [_heading(asked, lang)]
    if asked.kind == "plans" and not plans.points:
        return [words["no_plans"]]
    lines.append(words["plans" if asked.kind == "plans" else "front"])
    for k, point in enumerate(plans.points, start=1):
        facts = {"k": k, "moved": point.moved, "placed": point.placed}
        priority, fit = f"{-point.placed_loss:+d}", _plus(-point.fit_loss, lang)
        told = words["point"].format(priority=priority, fit=fit, **facts)
        lines.append(told if point.proven else f"{told} {words['point_open']}")
        lines += _moves(point.moves, words)
    return lines


def _heading(asked: Outcome | Changed, lang: str) -> str:
    key, by = asked.kind, ""
    if key == "value":
        key = f"value_{'pair' if asked.student and asked.opening else 'student' if asked.student else 'opening'}"
        by = _plus(asked.by or 0, lang)
    elif key == "extra_place" and asked.more == 1:
        key = "extra_place_one"
    return WHAT_IF[lang][key].format(student=asked.student, opening=asked.opening, more=asked.more, by=by)


def _moves(moves: Sequence[Move], words: Mapping[str, str]) -> list[str]:
    nowhere = words["nowhere"]
    return [
        "  " + words["move"].format(student=student, begin=begin or nowhere, end=end or nowhere)
        for student, begin, end in moves
    ]


def _plus(micro: int, lang: str) -> str:
    return ("-" if micro < 0 else "+") + _number(micro, lang)


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
        "score_change": None if outcome.by is None else decimal(outcome.by),
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
        "groups_starting": list(outcome.starting),
        "groups_stopping": list(outcome.stopping),
        "moves": _moves_json(outcome.moves),
        "conflict": [],
    }
    return json_text(body)


def plans_json(plans: Plans) -> str:
    """Several plans as one JSON object; figures as in `outcome_json`, against the plan in the folder."""
    asked = plans.asked
    body: dict[str, Any] = {
        "question": asked.kind,
        "student": asked.student or None,
        "opening": asked.opening or None,
        "more_places": None if asked.kind == "plans" else asked.more or None,
        "score_change": None if asked.by is None else decimal(asked.by),
        "placed_before": plans.placed_before,
        "plans": [
            {
                "moved": point.moved,
                "placed": point.placed,
                "placed_loss": point.placed_loss,
                "fit_loss": decimal(point.fit_loss),
                "proven": point.proven,
                "moves": _moves_json(point.moves),
            }
            for point in plans.points
        ],
        "conflict": [],
    }
    return json_text(body)


def _moves_json(moves: Sequence[Move]) -> list[dict[str, str]]:
    return [{"student": student, "from": begin, "to": end} for student, begin, end in moves]


def conflict_json(kind: str, conflict: list[dict[str, object]]) -> str:
    """The JSON of a question to which there is no plan."""
    return json_text({"question": kind, "status": "infeasible", "conflict": conflict})

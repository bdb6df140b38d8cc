"""A candidate's card in words: every code with its label, bands as people say them; for API, page, print and CSV."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.texts.catalogue import say
from api.texts.dates import month_name
from api.texts.flow import AGES, ASKED, AVAILABLE, OFFERED, TRAVEL
from features.codes import CodeList, code_list

Item = dict[str, str]


def words(card: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return a card in words: every code with its label, bands as people say them."""
    return {
        "strengths": [_task(task["task"], lang) for task in card["tasks"]]
        + [_item(code_list("work_skill"), code, lang) for code in card["skills"]],
        "support": None if card["support"] is None else [
            {**_item(code_list("support"), need["code"], lang), "when": need["when"], "essential": need["essential"],
             "offered": need["offered"], "offered_label": say(OFFERED, need["offered"], lang)}
            for need in card["support"]
        ],
        "certificates": None if card["certificates"] is None else [
            _item(code_list("certificate"), code, lang) for code in card["certificates"]],
        "available": _available(card["available"], lang), "travel": _band(TRAVEL, card["travel"], lang),
        "age": _band(AGES, card["age"], lang), "level": _band(ASKED, card["level"], lang),
        "hours_min": card["hours"][0], "hours_max": card["hours"][1],
    }  # fmt: skip


def _item(codes: CodeList, code: str, lang: str) -> Item:
    return {"code": code, "label": codes.label(code, lang)}


def _task(task: str, lang: str) -> Item:
    """A task by its label, or in the employer's own words."""
    tasks = code_list("task")
    return _item(tasks, task, lang) if task in tasks else {"code": "", "label": task}


def _band(catalogue: Mapping[str, tuple[str, str]], code: str | None, lang: str) -> Item | None:
    return None if code is None else {"code": code, "label": say(catalogue, code, lang)}


def _available(code: str | None, lang: str) -> Item | None:
    if code is None or code == "now":
        return _band(AVAILABLE, code, lang)
    year, part = code.split("-")
    if part.startswith("Q"):
        one, two, three = (month_name(3 * int(part[1:]) - back, lang) for back in (2, 1, 0))
        return {"code": code, "label": say(AVAILABLE, "quarter", lang, one=one, two=two, three=three, year=year)}
    return {"code": code, "label": say(AVAILABLE, "month", lang, month=month_name(int(part), lang), year=year)}


__all__ = ["Item", "words"]

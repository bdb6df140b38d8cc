"""Sentences on what the work asks and offers item by item: tasks, work skills and support."""
from __future__ import annotations

from collections.abc import Iterable

from api.explain.wishes import Said
from api.texts.catalogue import listing
from api.texts.words import word, words
from features.pairwise_facts import PairFacts, SkillFact, SupportFact, TaskFact

_LONGEST = 40  # letters of a free text that are shown


def tasks(facts: PairFacts, up: bool, lang: str) -> Said:
    """Say which tasks the student wants and can do, or would rather not do."""
    kinds = ("wanted_able", "wanted", "able", "disliked")
    by_kind = {kind: [task for task in facts.tasks if task.kind == kind] for kind in kinds}
    if up:
        for kind in ("wanted_able", "wanted", "able"):
            if by_kind[kind]:
                return f"tasks_{kind}", {"tasks": _named(by_kind[kind], lang)}
        return "tasks_close", {}
    if by_kind["disliked"]:
        return "tasks_disliked", {"tasks": _named(by_kind["disliked"], lang)}
    # A task that could not be read counts neutral, so it is no part of what speaks against the place.
    unnamed = [task for task in facts.tasks if not task.kind]
    return "tasks_absent", {"tasks": _named([task for task in unnamed if task.codes] or unnamed, lang)}


def _named(tasks: Iterable[TaskFact], lang: str) -> str:
    return listing(list(dict.fromkeys(_task(task, lang) for task in tasks)), lang)


def _task(task: TaskFact, lang: str) -> str:
    if task.codes:
        return word("task", task.codes[0], lang)
    text = " ".join(task.text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def work_skills(facts: PairFacts, up: bool, lang: str) -> Said:
    """Say which demanded skills are reached, or where the work asks more."""
    short = [skill for skill in facts.skills if skill.met is False]
    met = [skill for skill in facts.skills if skill.met]
    if not up:
        return "work_skills_short", {"skills": _skills(short, lang)}
    if len(met) == len(facts.skills):
        return "work_skills_all", {}
    if not met:
        return "work_skills_close", {}
    return "work_skills_met", {"skills": _skills(met, lang)}


def _skills(skills: Iterable[SkillFact], lang: str) -> str:
    return words("work_skill", (skill.code for skill in skills), lang)


def support(facts: PairFacts, up: bool, lang: str) -> Said:
    """Say which needed support the workplace offers, or which it lacks; essential items first."""
    needs = sorted(facts.support or (), key=lambda need: not need.essential)
    offered = {how: [need for need in needs if need.offered == how] for how in ("yes", "limited", "no")}
    if not needs:
        return "support_none", {}
    if up:
        if len(offered["yes"]) == len(needs):
            return "support_all", {"items": _support(needs, lang)}
        if offered["yes"]:
            return "support_some", {"items": _support(offered["yes"], lang)}
        return "support_limited", {"items": _support(offered["limited"], lang)}
    if offered["no"]:
        return "support_missing", {"items": _support(offered["no"], lang)}
    return "support_short", {"items": _support(offered["limited"], lang)}


def unknown_support(facts: PairFacts, lang: str) -> Said:
    """Say what support nobody asked about."""
    silent = [need for need in facts.support or () if need.offered == "unknown"]
    return ("support_unknown_items", {"items": _support(silent, lang)}) if silent else ("support_unknown", {})


def _support(needs: Iterable[SupportFact], lang: str) -> str:
    return words("support", (need.code for need in needs), lang)

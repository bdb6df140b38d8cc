"""The pages of schools and referrers, of coaches, and the directory."""
from __future__ import annotations

from api.web.pages.school import (
    agreed,
    coach,
    consent,
    directory,
    lists,
    lists_check,
    organisation,
    outcomes,
    people,
    route,
    students,
    topics,
)

PAGES = (
    lists, lists_check, students, topics, people, consent, route, agreed, outcomes, coach, directory, organisation,
)  # fmt: skip

__all__ = ["PAGES"]

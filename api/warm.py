"""Before the first visitor: what the first card would otherwise load while somebody waits for it."""
from __future__ import annotations

from datetime import date

from flask import Flask

from api.policy import Policy
from api.services.improvements import judge
from api.services.pairs import Rules
from features.geography import locate
from features.records import Demand, Opening, Student

FIRST = ("today.html", "proposals.html", "review.html")
"""What a connector sees first; what these stand on is compiled with them."""
_DAY = date(2026, 1, 1)


def warm(app: Flask) -> None:
    """Weigh one made-up pair, and compile the pages on the way to a card.

    The first pair of a process reads the places and lexicons and loads what weighs words: more than a second. To be
    called before `api.memory.set_aside`, so that all of it is set aside too.
    """
    where = locate("8121", None).location
    somebody = Student("00AA00", "0", date(2007, 1, 1), "yes", location=where, travel_means=("bicycle",),
                       branches=("green",), tasks_wanted=("heggen knippen",), hours_max=32)  # fmt: skip
    somewhere = Opening("0", "0", "green", _DAY, 1, tasks=(Demand("hagen snoeien"),), location=where,
                        title="medewerker groen", description="werken in tuinen", hours_min=24)  # fmt: skip
    judge([(somebody, somewhere)], Rules(None, Policy(), _DAY))
    for name in FIRST:
        app.jinja_env.get_template(name)


__all__ = ["warm"]

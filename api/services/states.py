"""How far a thing is and what may follow: one table, which the services go by and the description of the API shows."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from api.services.uploads import Conflict
from api.texts.catalogue import capital, say
from api.texts.dates import long_date
from api.texts.flow import IN_THE_WAY, KINDS, STATES, VERBS

TRANSITIONS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "consent_request": {"open": {"answer": "answered", "take_back": "ended"}, "answered": {}, "ended": {}},
    "consent": {"live": {"withdraw": "withdrawn"}, "withdrawn": {"withdraw": "withdrawn"},
                "ended": {"withdraw": "ended"}},
    "release": {"live": {"take_back": "ended"}, "ended": {}},
    "candidate": {
        "new": {"meet": "meet", "does_not_fit": "does_not_fit"},
        "meet": {"meet": "meet", "does_not_fit": "does_not_fit"},  # once more when the meeting was called off
        "does_not_fit": {}, "no_longer_available": {},
    },
    "introduction": {
        "asked": {"plan": "planned", "cancel": "cancelled", "permit_names": "asked", "take_back_names": "asked"},
        "planned": {"plan": "planned", "hold": "held", "cancel": "cancelled", "permit_names": "planned",
                    "take_back_names": "planned"},
        "held": {"permit_names": "held"}, "cancelled": {},
    },
    "agreement": {
        "draft": {"change": "draft", "agree": "draft"}, "agreed": {"change": "draft", "start": "started"},
        "started": {"finish_step": "started"},
    },
    "placement": {
        "trial": {"extend": "trial", "pass": "trial", "sign": "contract", "end": "ended"}, "contract": {"end": "ended"},
        "ended": {},
    },
    "check_moment": {"due": {"report": "held"}, "held": {"report": "held"}},
    "step": {
        "planned": {"begin": "active", "stop": "stopped", "finish": "done"},
        "active": {"pause": "paused", "stop": "stopped", "finish": "done"},
        "paused": {"begin": "active", "stop": "stopped", "finish": "done"}, "stopped": {}, "done": {},
    },
    "question": {"open": {"answer": "answered"}, "answered": {}},
    "help_request": {
        "asked": {"consent": "open", "withdraw": "withdrawn"}, "open": {"answer": "answered", "withdraw": "withdrawn"},
        "answered": {"withdraw": "withdrawn"}, "withdrawn": {},
    },
}  # fmt: skip
"""Kind of record -> state -> verb -> the state that follows; a verb that is not there is refused."""


class NotNow(Conflict):
    """Something that cannot be (any more), with a code and its facts, so that a page says it in its own language."""

    def __init__(self, why: str, **facts: str) -> None:
        super().__init__(told(why, "en", **facts))
        self.code, self.facts = why, facts

    def sentence(self, lang: str) -> str:
        """Why not, in ``nl`` or ``en``."""
        return told(self.code, lang, **self.facts)


def told(why: str, lang: str, **facts: str) -> str:
    """Return what is in the way in words; ``kind``, ``state`` and ``verb`` by their names, days in words."""
    words = {name: say(catalogue, facts[name], lang) for name, catalogue in
             (("kind", KINDS), ("state", STATES), ("verb", VERBS)) if name in facts}  # fmt: skip
    words |= {name: long_date(date.fromisoformat(facts[name]), lang) for name in ("first", "last") if name in facts}
    words |= {name: capital(words[name]) for name in ("verb",) if name in words}
    return say(IN_THE_WAY, why, lang, **{**facts, **words})


def move(kind: str, state: str, verb: str) -> str:
    """Return the state that follows on a verb.

    Raises
    ------
    NotNow
        If the table has no such step: ``wrong_state``, with what it is and what was asked.
    """
    after = TRANSITIONS[kind][state].get(verb)
    if after is None:
        raise NotNow("wrong_state", kind=kind, state=state, verb=verb)
    return after


def table() -> str:
    """Return the table as lines of text, for the description of the API."""
    lines = []
    for kind, states in TRANSITIONS.items():
        steps = [f"{state} -{verb}-> {after}" for state, verbs in states.items() for verb, after in verbs.items()]
        lines.append(f"- {kind}: {', '.join(steps)}")
    return "\n".join(lines)


__all__ = ["TRANSITIONS", "NotNow", "move", "table", "told"]

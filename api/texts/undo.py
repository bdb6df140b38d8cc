"""What stands on a list, so that it is not undone any more: (Dutch, English)."""
from __future__ import annotations

from api.texts.row_words import Words

STANDS: Words = {
    "run": ("een berekening", "a run"),
    "later": ("een latere wijziging", "a later change"),
    "decision": ("een besluit", "a decision"),
    "coach": ("een coach", "a coach"),
    "mandate": ("een machtiging", "a mandate"),
    "account": ("een account", "an account"),
    "used_code": ("een code die is gebruikt", "a code that was used"),
    "question": ("een vraag", "a question"),
    "help_request": ("een vraag om hulp", "a request for help"),
    "destination": ("een gemelde bestemming", "a reported destination"),
    "consent": ("een toestemming", "a consent"),
    "agreement": ("een afspraak", "an agreement"),
    "other": ("iets anders", "something else"),
}
"""In the order in which they are said."""


def standing(found: set[str], lang: str) -> str:
    """What was found, in words."""
    which = ("nl", "en").index(lang)
    return ", ".join(words[which] for name, words in STANDS.items() if name in found)

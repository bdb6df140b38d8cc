"""What a password must be: long enough, and not one of those that are tried first.

Length and guessing alone, no rules of composition (ASVS 5.0, 6.2.5 and 6.2.12). Known passwords, names, rows of keys
and repetitions are recognised offline by zxcvbn (Wheeler, USENIX Security 2016), which has no Dutch lists: the words
below and those of the owner's own account count as known too.
"""
from __future__ import annotations

import re
import unicodedata

from api.errors import Refused

SHORTEST, LONGEST = 12, 128  # the longest that Flask-Security takes
_READ = 72
"""Signs that are judged: zxcvbn reads no more, and whatever comes after makes a password no easier to guess."""
_GUESSES = 10**8
"""Fewer guesses than this and a password is refused: level 3 of zxcvbn, from which a slow hash holds."""
_GUESSES_BARE = 10**4
"""The same for its letters alone: one known word with a year and signs around it, which zxcvbn thinks three things."""
_BARE = re.compile(r"[\W\d_]+")
_DUTCH = (
    "wachtwoord", "welkom", "geheim", "hallo", "schakel", "leerling", "leerlingen", "school", "werkgever",
    "verbinder", "gemeente", "beheer", "beheerder", "toegang", "inloggen", "voorjaar", "zomer", "herfst",
    "najaar", "winter", "lente", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus",
    "september", "oktober", "november", "december", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag",
    "zaterdag", "zondag", "nederland", "holland", "amsterdam", "rotterdam", "utrecht", "eindhoven", "groningen",
    "zwolle", "feyenoord", "ajax", "voetbal", "liefde", "schatje", "knuffel", "poesje", "hondje", "vakantie",
    "zomervakantie", "fiets", "kaas",
)  # fmt: skip


def is_guessed(password: str, *own: str) -> bool:
    """Whether a password is among those tried first; `own` are the owner's address and name."""
    from zxcvbn import zxcvbn  # its lists take 0.2 s to read, which no other command has to wait for

    pieces = [piece for said in own for piece in (said, *re.split(r"[@.\s]+", said))]
    words = {word.casefold() for piece in pieces for word in (piece, _BARE.sub("", piece), *_BARE.split(piece))
             if len(word) > 2}  # fmt: skip
    known = [*_DUTCH, *sorted(words)]

    def guesses(text: str) -> int:
        return int(zxcvbn(text[:_READ], known)["guesses"])

    bare = _BARE.sub("", password)
    return guesses(password) < _GUESSES or (2 * len(bare) >= len(password) and guesses(bare) < _GUESSES_BARE)


def normal(password: str) -> str:
    """One form for what looks the same, as it is hashed and as Flask-Security does it (NFKD)."""
    return unicodedata.normalize("NFKD", password)


def check(password: str, *own: str) -> None:
    """Refuse a password that is too short or among those tried first.

    Raises
    ------
    Refused
        With the code ``password_short`` or ``password_guessed``.
    """
    if len(password) < SHORTEST:
        raise Refused(f"A password has at least {SHORTEST} characters.", code="password_short")
    if is_guessed(password, *own):
        raise Refused("This password is among those that are tried first. Choose another, such as a sentence of a few "
                      "words.", code="password_guessed")  # fmt: skip


__all__ = ["LONGEST", "SHORTEST", "check", "is_guessed", "normal"]

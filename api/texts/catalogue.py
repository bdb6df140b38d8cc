"""A catalogue: a key, and the words for it in Dutch and English."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

LANGUAGES = ("nl", "en")
Catalogue = Mapping[str, tuple[str, str]]
"""Key -> (Dutch, English); ``{name}`` stands for a fact."""

_SPACE = re.compile(r"[^\S\u00a0]+")
_AND = {"nl": "en", "en": "and"}
_WORDS = 11
_MORE = {"nl": "nog {n}", "en": "{n} more"}


def say(catalogue: Catalogue, key: str, lang: str, **facts: object) -> str:
    """Return the text of ``key`` in ``lang`` with its facts filled in.

    A vertical bar would break a cell that lists sentences, so it becomes a slash; line breaks become spaces.
    A space that does not break, as between a number and its sign, stays.
    """
    text = catalogue[key][LANGUAGES.index(lang)]
    if facts:
        text = text.format(**facts)
    return _SPACE.sub(" ", text.replace("|", "/")).strip()


def count(catalogue: Catalogue, key: str, n: int, lang: str, **facts: object) -> str:
    """Return the text of ``key``, or of ``key_one`` where it exists and ``n`` is 1; ``{n}`` is the number."""
    one = f"{key}_one"
    return say(catalogue, one if n == 1 and one in catalogue else key, lang, n=n, **facts)


def listing(items: Sequence[str], lang: str, *, most: int = 3) -> str:
    """Return ``a, b en c``; beyond ``most`` items, or many words, the rest is counted: ``a, b, c en nog 2``.

    So many words that a sentence of nine with the list in it has twenty at most, the most that reads easily.
    """
    most = _fitting(items, most)
    shown = list(items[:most])
    if len(items) > most:
        shown.append(_MORE[lang].format(n=len(items) - most))
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {_AND[lang]} {shown[-1]}"


def _fitting(items: Sequence[str], most: int) -> int:
    """How many items fit: all in `_WORDS` words with the word between them, or fewer with the count of the rest."""
    words = [len(item.split()) for item in items]
    if len(items) <= most and sum(words) < _WORDS:
        return len(items)
    shown = 1
    while shown < min(most, len(items)) and sum(words[: shown + 1]) <= _WORDS - 3:
        shown += 1
    return shown


def capital(text: str) -> str:
    """Return the text with a capital at the start and the rest as it was."""
    return text[:1].upper() + text[1:]

"""The sentences about rows and cells: what was found, what was expected, what to do.

One message is built of up to four parts: what is wrong (`WRONG`, by row code), what was expected
(`EXPECTED`), what may have been meant, and what to do (`HINTS`, or `ADVICE` by row code).
"""

from __future__ import annotations

from collections import ChainMap

from api.defects import Defect, Phrase
from api.texts import row_form
from api.texts.row_hints import HINTS
from api.texts.row_words import ADVICE, EXPECTED, UNITS, WRONG, Words

LANGUAGES = ("nl", "en")
_FILE = ("Het bestand", "The file")
_EXPECTED = ("Verwacht: {expected}.", "Expected: {expected}.")


_OF_FILE = (WRONG, ADVICE, EXPECTED, HINTS)
_OF_FORM = tuple(
    ChainMap(dict(own), dict(of_file))
    for own, of_file in zip(
        (row_form.WRONG, row_form.ADVICE, row_form.EXPECTED, row_form.HINTS), _OF_FILE, strict=True
    )
)


def expected(phrase: Phrase | None, lang: str, *, form: bool = False) -> str:
    """What was expected, in ``lang``; empty when there is nothing to say."""
    return "" if phrase is None else _say((_OF_FORM if form else _OF_FILE)[2], phrase, lang)


def message(defect: Defect, column: str, lang: str, *, form: bool = False) -> str:
    """The whole message of a defect in the column with this header; ``form``: in the field of a form."""
    all_wrong, advice, _, hints = _OF_FORM if form else _OF_FILE
    which = LANGUAGES.index(lang)
    found = shorten(defect.found) or ("niets" if lang == "nl" else "nothing")
    wrong = "no_header" if defect.code == "missing_column" and not column else defect.code
    closer = f"{wrong} {defect.hint.key}" if defect.hint else ""
    parts = [all_wrong.get(closer, all_wrong[wrong])[which].format(column=column or _FILE[which], found=found)]
    if defect.expected is not None and defect.code not in (
        "unasked_column",
        "unmapped_column",
        "header_only",
        "empty_file",
    ):
        parts.append(_EXPECTED[which].format(expected=expected(defect.expected, lang, form=form)))
    if defect.suggestion and (defect.hint is None or "{suggestion}" not in hints[defect.hint.key][which]):
        parts.append(hints["meant"][which].format(suggestion=defect.suggestion))
    if defect.hint is not None:
        facts = (*defect.hint.facts, ("suggestion", defect.suggestion), ("column", column))
        parts.append(_say(hints, Phrase(defect.hint.key, facts), lang))
    else:
        parts.append(advice[wrong][which])
    return " ".join(" ".join(part.split()) for part in parts)


def shorten(text: str, most: int = 80) -> str:
    """The text on one line, cut after ``most`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _say(words: Words, phrase: Phrase, lang: str) -> str:
    return words[phrase.key][LANGUAGES.index(lang)].format(**{name: _fact(fact, lang) for name, fact in phrase.facts})


def _fact(fact: object, lang: str) -> str:
    if isinstance(fact, Phrase):
        return _say(UNITS, fact, lang)
    if isinstance(fact, (tuple, list)):
        return ", ".join(str(item) for item in fact)
    return str(fact)

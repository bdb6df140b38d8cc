"""Measuring plain Dutch (B1): sentence length, and words that ask too much of a reader.

No rule defines B1 in full: these are the two measures of the UX page. The word list is written for these tests, from
what official letters use and readers at B1 stumble over.
"""
from __future__ import annotations

import re

HARD = frozenset({
    "aangaande", "aanmerkelijk", "aanvang", "aanwenden", "abusievelijk", "additioneel", "adequaat", "afdoende",
    "algoritme", "alsmede", "alvorens", "ambtshalve", "andermaal", "anticiperen", "beargumenteren", "bedongen",
    "beduidend", "begroten", "behoudens", "bekrachtigen", "benevens", "betreffende", "bewerkstelligen", "bijgevolg",
    "conform", "consequent", "conveniëren", "criterium", "criteria", "daadwerkelijk", "dermate", "derhalve",
    "desalniettemin", "desbetreffende", "desgevraagd", "deswege", "dientengevolge", "discrepantie", "doch",
    "effectueren", "evenwel", "eventueel", "expliciet", "faciliteren", "fungeren", "gedurende", "genoodzaakt",
    "geopteerd", "geschieden", "gewag", "hetgeen", "hieromtrent", "hiertoe", "honoreren", "ingevolge",
    "implementeren", "impliceren", "indicatie", "indien", "inherent", "initieel", "inzake", "jegens", "krachtens",
    "louter", "maximaliseren", "middels", "mits", "naargelang", "niettegenstaande", "nihil", "nopens", "omtrent",
    "onderhavig", "onverwijld", "optimaal", "participatie", "periodiek", "prioritair", "prioriteit", "procedure",
    "reeds", "relevant", "respectievelijk", "significant", "sommeren", "successievelijk", "teneinde", "tevens",
    "thans", "uitgezonderd", "ultimo", "verstrekken", "vigerend", "voorafgaand", "voornoemd", "voorts", "wegens",
    "zodoende", "zulks", "ongeldig", "verboden", "helaas", "oeps", "afgewezen", "score", "rangorde", "geschikt",
    "ongeschikt", "beperking", "stoornis", "handicap",
})  # fmt: skip
"""Words that do not stand in a text for everybody."""
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_END = re.compile(r"(?<=[.!?])\s+|\|")


def sentences(text: str) -> list[list[str]]:
    """The sentences of a text as lists of words."""
    found = [_WORD.findall(part) for part in _END.split(text)]
    return [words for words in found if words]


def lengths(texts: list[str]) -> list[int]:
    """The number of words of every sentence."""
    return [len(words) for text in texts for words in sentences(text)]


def mean_length(texts: list[str]) -> float:
    """Words per sentence."""
    counted = lengths(texts)
    return sum(counted) / len(counted)


def hard_words(text: str) -> set[str]:
    """The words of the list that stand in a text."""
    return {word for words in sentences(text) for word in map(str.lower, words)} & HARD

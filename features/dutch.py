"""Dutch words: folding, stems that forget number and gender, and the parts of a compound.

The stemmer is a light one in the spirit of Porter's, made for names of work: it brings *verkoopster*,
*verkoper* and *verkopers* together and keeps *verkoper* (who does it) apart from *verkoop* (what is done).
Compounds are split at the point where both halves are known words, the best-known halves first [1]_.

References
----------
.. [1] P. Koehn, K. Knight, "Empirical methods for compound splitting", EACL 2003. doi:10.3115/1067807.1067833
"""
from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

STOP_WORDS = frozenset((
    "de", "het", "een", "en", "of", "van", "voor", "in", "op", "met", "bij", "aan", "te", "om", "tot", "uit", "als",
    "door", "over", "naar", "onder", "boven", "tussen", "zoals", "die", "dat", "deze", "zij", "ze", "hij", "hun",
    "is", "zijn", "worden", "wordt", "kan", "kunnen", "ook", "m", "v", "x", "mv", "mvx", "io", "per", "uur", "uren",
    "fulltime", "parttime", "gezocht", "gevraagd", "vacature", "functie", "zoekt", "wij", "dag", "dagen", "week",
))
"""Words that say nothing about the work; ``m/v`` and *gezocht* of vacancy titles among them."""

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"['’`­]")  # the soft hyphen too
# Women's forms and other endings that mean the same worker; the longest first.
_PERSONS = (
    ("trices", "teur"), ("iennes", "ien"), ("vrouwen", "man"), ("mannen", "man"), ("lieden", "man"), ("trice", "teur"),
    ("euses", "eur"), ("ienne", "ien"), ("vrouw", "man"), ("dames", "man"), ("euse", "eur"), ("dame", "man"),
    ("lui", "man"),
)
_NOT_FEMALE = (
    "minister", "meester", "register", "klooster", "rooster", "venster", "pleister", "magister", "cluster", "poster",
    "hamster", "toaster", "semester", "luister", "duister",
)
_VOWELS = "aeiouy"
_LONG = "aeou"
_OPENING = ("e", "i")
_SYLLABLE = re.compile(f"[{_VOWELS}]+")
_IRREGULAR = {
    "glazen": "glas", "daken": "dak", "wegen": "weg", "gaten": "gat", "paden": "pad", "baden": "bad", "vaten": "vat",
    "schepen": "schip", "dagen": "dag", "bladen": "blad", "steden": "stad",
}
_LINKS = ("", "s", "en", "e", "n")
_NO_PARTS = frozenset((
    "baar", "der", "dering", "end", "ende", "heid", "her", "ing", "isch", "lijk", "lijke", "lijks", "loos", "mede",
    "ont", "ren", "ster", "sters", "ten", "ter", "ters", "ver", "verant", "verantwoorde", "zaam",
))
"""Beginnings and endings of Dutch words that are no parts of compounds though some are words themselves."""
_PART = 3  # letters a part of a compound has at least
_COMPOUND = 7  # letters a word has at least before it is split
_SHORT = 4  # a part shorter than this must be a common word


def fold(text: str) -> str:
    """Lower case without accents and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text.casefold()))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """Folded words of a text, in order, stop words left out."""
    return [word for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of a folded word: *kapster*, *kappers* and *kapper* share one.

    Examples
    --------
    >>> stem("verkoopsters") == stem("verkoper") != stem("verkoop")
    True
    """
    if len(word) <= 4:
        return word
    for ending, instead in _PERSONS:
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            return _noun(word[: -len(ending)] + instead)
    single = word[:-1] if word.endswith("sters") else word
    if len(single) > 6 and single.endswith("ster") and not single.endswith(_NOT_FEMALE):
        return _noun(_worker(single[:-4]))
    return _noun(word)


def _worker(base: str) -> str:
    """The man's form of what stood before *-ster*: *kap* gives *kapper*, *bestuur* *bestuurder*, *maak* *maaker*."""
    if base.endswith("r"):
        return base + "der"
    closed = len(base) > 2 and base[-1] not in _VOWELS and base[-2] in _VOWELS and base[-3] not in _VOWELS
    return base + (base[-1] if closed and len(_SYLLABLE.findall(base)) == 1 else "") + "er"


def _noun(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("heden"):
        return word[:-5] + "heid"
    whole = word
    if word.endswith(("ers", "iers")) and len(word) > 5:
        word = word[:-1]
    elif word.endswith(("en", "es")) and len(word) > 4:
        word = word[:-2]
    elif len(word) > 4 and (word.endswith("e") or (word.endswith("s") and word[-2] != "s")):
        word = word[:-1]
    person = "er" if word.endswith("er") and len(word) > 4 else ""
    core = word[:-2] if person else word
    return _spelling(core, was_open=whole[len(core):len(core) + 1] in _OPENING) + person


def _spelling(core: str, *, was_open: bool) -> str:
    """Spell a stem as if nothing followed: *bakk* is *bak*, *mur* (of *muren*) is *muur*, *huiz* is *huis*.

    In stems of more syllables a double vowel becomes single instead, since there *verkop* (of *verkoper*)
    does not say whether its last vowel was long.
    """
    if len(core) > 3 and core[-1] == core[-2] and core[-1] not in _VOWELS:
        core = core[:-1]
    elif len(_SYLLABLE.findall(core)) > 1:
        if core[-1] not in _VOWELS and core[-2] == core[-3] and core[-2] in _LONG:
            core = core[:-2] + core[-1]
    elif was_open and len(core) > 2 and core[-1] not in _VOWELS and core[-2] in _LONG and core[-3] not in _VOWELS:
        core = core[:-1] + core[-2:]
    return core[:-1] + {"z": "s", "v": "f"}[core[-1]] if core[-1:] in ("z", "v") else core


class CompoundSplitter:
    """Split Dutch compounds into parts that occur as words of their own.

    Parameters
    ----------
    counts : mapping of str to int
        Folded words and how often they occur.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._known: dict[str, int] = {}
        for word, count in counts.items():
            key = stem(word)
            self._known[key] = self._known.get(key, 0) + count
        self._memory: dict[str, tuple[str, ...]] = {}

    def split(self, word: str) -> tuple[str, ...]:
        """Parts of a folded word, from left to right; the word alone when it is no compound of known words."""
        if word not in self._memory:
            self._memory[word] = self._split(word)
        return self._memory[word]

    def _count(self, part: str) -> int:
        return self._known.get(stem(part), 0) if len(part) >= _PART and part not in _NO_PARTS else 0

    def _split(self, word: str) -> tuple[str, ...]:
        if len(word) < _COMPOUND:
            return (word,)
        best = max(self._candidates(word), default=None)
        if best is None:
            return (word,)
        return tuple(small for part in best[1] for small in (self.split(part) if len(part) > _COMPOUND else (part,)))

    def _candidates(self, word: str) -> Iterable[tuple[float, tuple[str, ...]]]:
        for cut in range(_PART, len(word) - 2):
            if not self._count(word[:cut]):
                continue
            for link in _LINKS:
                rest = word[cut + len(link):]
                if not word[cut:].startswith(link) or len(rest) < _PART:
                    continue
                tail = (rest,) if self._count(rest) else self.split(rest)
                if len(tail) > 1 or self._count(rest):
                    yield from self._scored((word[:cut], *tail))

    def _scored(self, parts: tuple[str, ...]) -> Iterable[tuple[float, tuple[str, ...]]]:
        counts = [self._count(part) for part in parts]
        shortest = min(map(len, parts))
        if not all(counts) or (shortest < _SHORT and min(counts) < 3):
            return
        # Common words make likelier parts, and so do long ones; a split in fewer parts wins.
        known = sum(math.log1p(count) for count in counts) / len(parts)
        yield known + 0.35 * shortest - 0.3 * len(parts), parts

"""The one vocabulary of both sides: closed, versioned lists of codes with labels, definitions and synonyms.

A file may carry the code, the Dutch or English label, or a listed synonym; `CodeList.read` finds the code
whatever the case, accents, punctuation and spaces. What it cannot read, `CodeList.suggest` may guess at,
for a message ("did you mean ...?"); a guess is never taken for the value itself. A code is never reused:
a list that changes gets a new version.
"""
from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from features.errors import FeatureError

LANGUAGES = ("nl", "en")
SKILL_LEVELS = 4
_NEAR = 0.8  # difflib ratio from which a text is near enough to be meant
_SLIP = 0.9  # what one slip of the finger in a word of at least four letters counts for


def plain(text: str) -> str:
    """Reduce a text to what reading compares: its letters and digits, lower case, no accents; ``&`` is ``en``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("&", "en"))
    return "".join(char for char in decomposed if char.isalnum())


def read_table(name: str) -> list[dict[str, str]]:
    """Read a CSV of the package data: one dict per row, in the order of the file."""
    text = (files("features") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@dataclass(frozen=True)
class Code:
    """One entry of a list, with its words in Dutch (``nl``) and English (``en``); ``branches`` only for tasks."""

    code: str
    labels: tuple[str, str]
    definitions: tuple[str, str]
    synonyms: tuple[tuple[str, ...], tuple[str, ...]]
    branches: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """Everything that reads as this code: the code itself, both labels, the synonyms."""
        return (self.code, *self.labels, *self.synonyms[0], *self.synonyms[1])


@dataclass(frozen=True, eq=False)
class CodeList:
    """A closed list of codes, in its own order.

    Examples
    --------
    >>> branches = code_list("branch")
    >>> branches.read("Grond-, weg- en waterbouw")
    'infra'
    >>> branches.label("infra", "en")
    'civil engineering'
    >>> branches.suggest("schoonmaek")
    'cleaning'
    """

    name: str
    version: str
    names: tuple[str, str]
    entries: tuple[Code, ...]
    _by_code: MappingProxyType[str, int] = field(init=False, repr=False)
    _by_word: MappingProxyType[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        positions = {entry.code: position for position, entry in enumerate(self.entries)}
        words: dict[str, str] = {}
        for entry in self.entries:
            for word in map(plain, entry.words()):
                if words.setdefault(word, entry.code) != entry.code:
                    raise FeatureError(f"list {self.name}: {word!r} reads as {words[word]} and as {entry.code}")
        object.__setattr__(self, "_by_code", MappingProxyType(positions))
        object.__setattr__(self, "_by_word", MappingProxyType(words))

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in the order of the list."""
        return tuple(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def entry(self, code: str) -> Code:
        """Return the entry of a code; raises FeatureError if the list does not have it."""
        return self.entries[self.index(code)]

    def index(self, code: str) -> int:
        """Position of a code in the list, from 0; raises FeatureError if the list does not have it."""
        try:
            return self._by_code[code]
        except KeyError:
            raise FeatureError(f"{code!r} is no code of list {self.name}; expected {_some(self.codes)}") from None

    def label(self, code: str, lang: str) -> str:
        """Label of a code for people, in ``nl`` or ``en``."""
        return self.entry(code).labels[_language(lang)]

    def definition(self, code: str, lang: str) -> str:
        """What a code means, in one or two plain sentences, in ``nl`` or ``en``."""
        return self.entry(code).definitions[_language(lang)]

    def read(self, text: str) -> str | None:
        """Return the code that a text is: a code, a label or a listed synonym; None when it is none of them."""
        return self._by_word.get(plain(text))

    def suggest(self, text: str) -> str | None:
        """Return the code that a text was probably meant to be; None when nothing is near, or two are equally near.

        A code, label or synonym is near at a difflib ratio of 0.8, at one slip (a letter too many, missing, wrong, or
        two swapped) in four letters or more, or as a whole word of the text.
        """
        return _suggest(self, plain(text), tuple(plain(part) for part in _split(text)))


def _language(lang: str) -> int:
    if lang not in LANGUAGES:
        raise FeatureError(f"language {lang!r} is unknown; expected nl or en")
    return LANGUAGES.index(lang)


def _some(codes: tuple[str, ...]) -> str:
    return f"one of {', '.join(codes[:30])}{', ...' if len(codes) > 30 else ''}"


def _split(text: str) -> list[str]:
    return "".join(char if char.isalnum() else " " for char in text).split()


def _one_slip(first: str, second: str) -> bool:
    if min(len(first), len(second)) < 4 or abs(len(first) - len(second)) > 1:
        return False
    start = next((k for k, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)
    if start is None:
        return True
    one, two = first[start:], second[start:]
    swapped = one[:2] == two[1::-1] and one[2:] == two[2:]
    return swapped or one[1:] == two or one == two[1:] or one[1:] == two[1:]


@lru_cache(maxsize=4096)
def _suggest(codes: CodeList, wanted: str, parts: tuple[str, ...]) -> str | None:
    if len(wanted) < 2:
        return None
    if wanted in codes._by_word:
        return codes._by_word[wanted]
    best: dict[str, float] = {}
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for word, code in codes._by_word.items():
        if _one_slip(word, wanted):
            best[code] = max(_SLIP, best.get(code, 0.0))
        floor = max(_NEAR, best.get(code, 0.0))
        if min(len(word), len(wanted)) * 2 < floor * (len(word) + len(wanted)):
            continue
        matcher.set_seq1(word)
        if matcher.quick_ratio() >= floor and (ratio := matcher.ratio()) >= floor:
            best[code] = ratio
    if not best:
        best = {codes._by_word[part]: 1.0 for part in parts if len(part) > 2 and part in codes._by_word}
    top = [code for code, ratio in best.items() if ratio == max(best.values())]
    return top[0] if len(top) == 1 else None


@lru_cache(maxsize=1)
def _lists() -> MappingProxyType[str, CodeList]:
    entries: dict[str, list[Code]] = {}
    for row in read_table("codes.csv"):
        definitions = (row["definition_nl"], row["definition_en"])
        entries.setdefault(row["list"], []).append(_code(row, definitions, ()))
    for row in read_table("tasks.csv"):
        branches = _items(row["branches"])
        entries.setdefault("task", []).append(_code(row, _task_definitions(row), branches))
    return MappingProxyType({
        row["list"]: CodeList(row["list"], row["version"], (row["nl"], row["en"]), tuple(entries[row["list"]]))
        for row in read_table("code_lists.csv")
    })


def _code(row: dict[str, str], definitions: tuple[str, str], branches: tuple[str, ...]) -> Code:
    synonyms = (_items(row["synonyms_nl"]), _items(row["synonyms_en"]))
    return Code(row["code"], (row["nl"], row["en"]), definitions, synonyms, branches)


def _task_definitions(row: dict[str, str]) -> tuple[str, str]:
    # A task is its label; the words people use for it say the rest.
    dutch, english = (", ".join(_items(row[key])[:3]) for key in ("synonyms_nl", "synonyms_en"))
    return (f"Ook: {dutch}." if dutch else row["nl"], f"Also: {english}." if english else row["en"])


def _items(cell: str) -> tuple[str, ...]:
    return tuple(item for item in cell.split("|") if item)


def code_list(name: str) -> CodeList:
    """Return one of the lists (``branch``, ``task``, ``support``, ...); raises FeatureError if there is none such."""
    lists = _lists()
    if name not in lists:
        raise FeatureError(f"there is no list {name!r}; expected {_some(tuple(lists))}")
    return lists[name]


def list_names() -> tuple[str, ...]:
    """Names of all lists, in their order."""
    return tuple(_lists())


@lru_cache(maxsize=1)
def _skill_levels() -> MappingProxyType[tuple[str, int], tuple[str, str]]:
    rows = read_table("skill_levels.csv")
    return MappingProxyType({(row["skill"], int(row["level"])): (row["nl"], row["en"]) for row in rows})


def skill_level(skill: str, level: int, lang: str) -> str:
    """Return the behaviour that anchors a level (0 constant help ... 3 alone) of a work skill, as a sentence.

    Raises FeatureError if the skill or the level is unknown.
    """
    code_list("work_skill").index(skill)
    if level not in range(SKILL_LEVELS):
        raise FeatureError(f"level {level} of {skill} is unknown; expected 0, 1, 2 or 3")
    return _skill_levels()[skill, level][_language(lang)]


@lru_cache(maxsize=1)
def _divisions() -> MappingProxyType[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in read_table("branch_sbi.csv"):
        key = (row["branch"], row["sbi_version"])
        found[key] = (*found.get(key, ()), row["division"])
    return MappingProxyType(found)


def sbi_divisions(branch: str, version: str = "2025") -> tuple[str, ...]:
    """Return the divisions of the Dutch standard industrial classification (SBI) of a branch: two digits, as text.

    ``version`` is ``2025`` or ``2008``: Statistics Netherlands keeps both side by side, so a division means
    nothing without its version. Raises FeatureError for an unknown branch or version.
    """
    code_list("branch").index(branch)
    if (branch, version) not in _divisions():
        raise FeatureError(f"SBI version {version!r} is unknown; expected 2025 or 2008")
    return _divisions()[branch, version]

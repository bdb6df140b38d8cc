"""Reading cells that hold codes: one code, a list of them, and codes with a level, a mark or a sign.

Lists are separated by ``|`` (a line break within the cell does as well). A code may be written as the code
itself, its Dutch or English label or a listed synonym.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from api.defects import Defect, Phrase
from api.schemas.cells import Cell, DefectError, text_of
from features.codes import CodeList, code_list
from features.records import Demand, SupportNeed

T = TypeVar("T")
MOST_ITEMS = 40
MOST_ITEM = 120
_SPLIT = re.compile(r"[|\n\r]+")
_LOOSE = re.compile(r"\s*[,;+&]\s*|\s+(?:en|and)\s+|\s*/\s*")
_NONE = frozenset(["geen", "none", "niets", "niks", "nihil"])
_UNKNOWN = frozenset(("onbekend", "unknown", "?", "weet niet", "niet bekend"))
_LEVEL_WORDS = ("0", "1", "2", "3")


class Code:
    """One code of a list; ``only`` narrows the list."""

    def __init__(self, name: str, *, only: Sequence[str] = ()) -> None:
        self.list = code_list(name)
        self.codes = tuple(only) or self.list.codes
        self.expected = Phrase("codes", (("codes", self.codes),))

    def __call__(self, cell: Cell) -> str:
        """Return the code."""
        items = items_of(cell)
        if len(items) > 1:
            raise DefectError(Defect("two_of_one", text_of(cell), self.expected, Phrase("only_one")))
        code = _known(self.list, items[0]) if items else None
        if code not in self.codes:
            raise DefectError(unknown(self.list, items[0] if items else text_of(cell), self.expected))
        return code


class Codes:
    """A list of codes, in the order given; ``none`` in words is an empty list, unknown in words is None."""

    def __init__(self, name: str) -> None:
        self.list = code_list(name)
        self.expected = Phrase("code_list", (("codes", self.list.codes),))

    def __call__(self, cell: Cell) -> tuple[str, ...] | None:
        """Return the codes; each at most once."""
        return _gather(cell, self.list, self.expected, self._one)

    def _one(self, item: str) -> tuple[str, str]:
        code = _known(self.list, item)
        if code is None:
            raise DefectError(unknown(self.list, item, self.expected))
        return code, code


class Routes(Codes):
    """The routes a student would take; "either" is both."""

    def __init__(self) -> None:
        super().__init__("route_wish")

    def __call__(self, cell: Cell) -> tuple[str, ...] | None:
        """Return individual, group or both."""
        found = super().__call__(cell)
        return ("individual", "group") if found and "either" in found else found


class FreeTasks:
    """Tasks as codes or free text; ``must`` allows ``!`` after one that has to be done."""

    def __init__(self, *, must: bool = False) -> None:
        self.list, self.must = code_list("task"), must
        self.expected = Phrase("must_tasks" if must else "tasks", (("most", MOST_ITEM),))

    def __call__(self, cell: Cell) -> tuple[str, ...] | tuple[Demand, ...]:
        """Return texts, or `Demand` records where a must can be marked; a repeat counts once."""
        texts: dict[str, bool] = {}
        defects = [defect] if (defect := _too_many(items_of(cell), self.expected)) else []
        for item in items_of(cell):
            bare = item.rstrip("! ") if self.must else item
            if len(bare) > MOST_ITEM:
                defects.append(Defect("too_long", bare, self.expected, Phrase("length", (("length", len(bare)),))))
            elif bare and bare.casefold() not in _NONE:
                text = self.list.read(bare) or bare
                texts[text] = texts.get(text, False) or bare != item
        if defects:
            raise DefectError(*defects)
        return tuple(Demand(text, must) for text, must in texts.items()) if self.must else tuple(texts)


class Skills:
    """Work skills with a level 0-3: ``pace=2``; ``must`` allows ``!`` after a demand."""

    def __init__(self, *, must: bool = False) -> None:
        self.list, self.must = code_list("work_skill"), must
        self.expected = Phrase("must_skills" if must else "skills", (("codes", self.list.codes),))

    def __call__(self, cell: Cell) -> tuple[tuple[str, int], ...] | tuple[Demand, ...]:
        """Return (code, level) pairs, or `Demand` records where a must can be marked."""
        found = _gather(cell, self.list, self.expected, self._one) or ()
        if self.must:
            return tuple(Demand(code, must, level) for code, level, must in found)
        return tuple((code, level) for code, level, _ in found)

    def _one(self, item: str) -> tuple[str, tuple[str, int, bool]]:
        word, level, must = _parts(item)
        code = _known(self.list, word)
        if code is None:
            raise DefectError(unknown(self.list, word, self.expected))
        if must and not self.must:
            raise DefectError(Defect("unknown_code", item, self.expected))
        if level not in _LEVEL_WORDS:
            number = re.fullmatch(r"-?\d+(?:[.,]\d+)?", level)
            raise DefectError(Defect("out_of_range" if number else "not_a_number", item, self.expected))
        return code, (code, int(level), must)


class SupportNeeds:
    """Support a student needs: ``quiet_spot``, ``own_pace=startup``, ``fixed_instructor=structural!``."""

    def __init__(self) -> None:
        self.list, self.when = code_list("support"), code_list("support_when")
        self.expected = Phrase("support_needed", (("codes", self.list.codes),))

    def __call__(self, cell: Cell) -> tuple[SupportNeed, ...] | None:
        """Return the items; none in words is an empty tuple."""
        found = _gather(cell, self.list, self.expected, self._one)
        return None if found is None else tuple(need for need in found if need is not None)

    def _one(self, item: str) -> tuple[str, SupportNeed | None]:
        word, when, essential = _parts(item)
        code = _known(self.list, word)
        if code is None:
            raise DefectError(unknown(self.list, word, self.expected))
        if when.casefold() in _NONE:
            return code, None
        read = self.when.read(when) if when else None
        if when and read is None:
            raise DefectError(unknown(self.when, when, self.expected))
        return code, SupportNeed(code, read, essential)


class SupportOffers:
    """Support a workplace offers: ``quiet_spot``, ``own_pace=limited``, ``-demonstration`` for no."""

    def __init__(self) -> None:
        self.list, self.level = code_list("support"), code_list("support_level")
        self.expected = Phrase("support_offered", (("codes", self.list.codes),))

    def __call__(self, cell: Cell) -> tuple[tuple[str, str], ...] | None:
        """Return (code, yes | limited | no) pairs."""
        return _gather(cell, self.list, self.expected, self._one)

    def _one(self, item: str) -> tuple[str, tuple[str, str]]:
        negated, bare = _sign(item)
        word, level, _ = _parts(bare)
        code = _known(self.list, word)
        if code is None:
            raise DefectError(unknown(self.list, word, self.expected))
        read = self.level.read(level) if level else "yes"
        if read is None or (negated and level):
            raise DefectError(unknown(self.level, level, self.expected))
        return code, (code, "no" if negated else read)


class Criteria:
    """Criteria met, with ``-`` before one known not to be met."""

    def __init__(self) -> None:
        self.list = code_list("participation_criterion")
        self.expected = Phrase("criteria", (("codes", self.list.codes),))

    def __call__(self, cell: Cell) -> tuple[tuple[str, bool], ...] | None:
        """Return (code, met) pairs."""
        return _gather(cell, self.list, self.expected, self._one)

    def _one(self, item: str) -> tuple[str, tuple[str, bool]]:
        negated, word = _sign(item)
        code = _known(self.list, word)
        if code is None:
            raise DefectError(unknown(self.list, word, self.expected))
        return code, (code, not negated)


class Reason:
    """Why a connector decided: a code of the short list, or words of their own."""

    def __init__(self, most: int) -> None:
        self.list, self.most = code_list("rejection_reason"), most
        self.expected = Phrase("reason", (("codes", self.list.codes), ("most", most)))

    def __call__(self, cell: Cell) -> str:
        """Return the code, or the text."""
        text = " ".join(text_of(cell).split())
        if len(text) > self.most:
            raise DefectError(Defect("too_long", text, self.expected, Phrase("length", (("length", len(text)),))))
        return self.list.read(text) or text


def unknown(codes: CodeList, found: str, expected: Phrase) -> Defect:
    """Return the defect of a word that is no code, with what may have been meant."""
    parts = [codes.read(part) for part in _LOOSE.split(found)] if found else []
    if len(parts) > 1 and all(parts):
        several = "|".join(dict.fromkeys(part for part in parts if part))
        return Defect("unknown_code", found, expected, Phrase("use_bar"), several)
    meant = codes.suggest(found) if found else None
    if not meant:
        return Defect("unknown_code", found, expected)
    labels = tuple((f"label_{lang}", codes.label(meant, lang)) for lang in ("nl", "en"))
    return Defect("unknown_code", found, expected, Phrase("meant_label", labels), meant)


def _gather(cell: Cell, codes: CodeList, expected: Phrase, one: Callable[[str], tuple[str, T]]) -> tuple[T, ...] | None:
    """Read every item; all defects of the cell at once. A code twice in one cell is one too many."""
    items = items_of(cell)
    if len(items) == 1 and codes.read(items[0]) is None:
        word = items[0].casefold()
        if word in _NONE:
            return ()
        if word in _UNKNOWN:
            return None
    found: dict[str, T] = {}
    defects = [defect] if (defect := _too_many(items, expected)) else []
    for item in items:
        try:
            code, value = one(item)
        except DefectError as error:
            defects += error.defects
            continue
        if code in found:
            defects.append(Defect("two_of_one", text_of(cell), expected, Phrase("once", (("code", code),))))
        found[code] = value
    if defects:
        raise DefectError(*defects)
    return tuple(found.values())


def items_of(cell: Cell) -> list[str]:
    """The items of a cell that takes several."""
    return [" ".join(item.split()) for item in _SPLIT.split(text_of(cell)) if item.strip()]


def _too_many(items: Sequence[str], expected: Phrase) -> Defect | None:
    if len(items) <= MOST_ITEMS:
        return None
    return Defect("too_long", f"{len(items)}", expected, Phrase("most_items", (("most", MOST_ITEMS),)))


def _known(codes: CodeList, text: str) -> str | None:
    return codes.read(text) if text else None


def _sign(item: str) -> tuple[bool, str]:
    """Whether the item begins with a minus, and the item without it."""
    return (True, item[1:].strip()) if item[0] in "-–−" else (False, item)


def _parts(item: str) -> tuple[str, str, bool]:
    """``word=value!`` as word, value (empty without one) and whether it is marked with ``!``."""
    word, _, value = item.partition("=")
    marked = "!" in (word.strip()[-1:], value.strip()[-1:])
    return word.rstrip("! "), value.strip("! "), marked

"""What a Dutch free text means in the product's own codes, or nothing where that is not sure enough.

`link_tasks` and `guess_branch` answer with codes and abstain; `suggest_codes` shows the nearest ones with
their scores. The figures at which they abstain stand here and are measured in the tests.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from features.codes import CodeList, code_list, plain
from features.errors import FeatureError
from features.ranker import Ranked, TextRanker

__all__ = [
    "CODE_SURE_FROM", "KINDS", "TASK_SURE_FROM", "Ranked", "TextRanker", "code_ranker", "guess_branch", "link",
    "link_tasks", "pieces", "suggest_codes",
]

KINDS = ("branch", "task", "condition", "support", "certificate")
"""Lists that `suggest_codes` ranks."""
TASK_SURE_FROM = 0.6
"""Score from which a text is read as a task."""
CODE_SURE_FROM = 0.6
"""Score from which a text is read as a condition, support item or certificate."""
_CLEAR = 0.03  # the nearest code must be this much nearer than the next
_FEWEST_LETTERS = 5  # a shorter text is read only when it is a listed word
_PIECES = re.compile(r"[,;/+&.\n•|]|\ben\b|\bof\b|\band\b|\bor\b", re.IGNORECASE)


def pieces(text: str) -> list[str]:
    """Parts of a text that may each name a thing of its own: *vegen, dweilen en ramen wassen* has three."""
    return [piece.strip() for piece in _PIECES.split(text) if piece.strip()]


@lru_cache(maxsize=8)
def code_ranker(name: str) -> TextRanker:
    """Ranker over the codes, labels and synonyms of one of the product's lists."""
    codes = code_list(name)
    words = [(entry.code, word) for entry in codes.entries for word in entry.words()]
    return TextRanker(words, TASK_SURE_FROM if name == "task" else CODE_SURE_FROM)


def link_tasks(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Task codes that each text means, in the order they are named; () where that is not sure enough.

    A code, label or listed synonym is that task. Another text is read as the nearest task when its score is at
    least `TASK_SURE_FROM` and clearly above the next; one that names several things is read piece by piece.

    Examples
    --------
    >>> link_tasks(["vakken vullen en vloeren dweilen", "gezellig met elkaar"])
    [('stock_shelves', 'mop_floors'), ()]
    """
    return link("task", texts)


def link(name: str, texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Codes of a list that each text means, in the order they are named; see `link_tasks`."""
    codes = code_list(name)
    parts = [[] if codes.read(text) is not None else pieces(text) for text in texts]
    both = list(zip(texts, parts, strict=True))
    meant = _meant(name, codes, list(dict.fromkeys(piece for text, own in both if own for piece in (text, *own))))
    return [_codes(codes, text, own, meant) for text, own in both]


def _codes(codes: CodeList, text: str, own: list[str], meant: dict[str, tuple[str | None, float]]) -> tuple[str, ...]:
    """Codes of a text: its own when it reads as one; else of the pieces that say it no worse than the whole does."""
    read = codes.read(text)
    if read is not None:
        return (read,)
    if not own:
        return ()
    whole, floor = meant[text]
    found = dict.fromkeys(code for code, score in map(meant.__getitem__, own) if code is not None and score >= floor)
    return tuple(found) or ((whole,) if whole is not None else ())


def _meant(name: str, codes: CodeList, asked: Sequence[str]) -> dict[str, tuple[str | None, float]]:
    """The code that each text means, None when that is not sure, and the score of the nearest."""
    answers: dict[str, tuple[str | None, float]] = {}
    rest = []
    for text in asked:
        read = codes.read(text)
        if read is None:
            rest.append(text)
        else:
            answers[text] = (read, 1.0)
    if rest:
        ranker = code_ranker(name)
        for text, ((code, score), *others) in zip(rest, ranker.nearest(rest, 2), strict=True):
            clear = score >= ranker.sure_from and all(score - other >= _CLEAR for _, other in others)
            answers[text] = (code if clear and len(plain(text)) >= _FEWEST_LETTERS else None, score)
    return answers


def suggest_codes(name: str, texts: Sequence[str], top: int = 5) -> list[list[Ranked]]:
    """Return the ``top`` nearest codes of a list for each text; ``sure`` is what `link` or `guess_branch` takes."""
    if name == "branch":
        from features.branches import rank_branches

        return rank_branches(texts, top)
    if top < 1:
        raise FeatureError(f"top is {top}; expected 1 or more")
    asked = list(dict.fromkeys(piece for text in texts for piece in (text, *pieces(text))))
    ranker = code_ranker(name)
    near = dict(zip(asked, ranker.nearest(asked, len(ranker.label_ids)), strict=True))
    answers = []
    for text, codes in zip(texts, link(name, texts), strict=True):
        pool: dict[str, float] = {}  # the best score of each code over the whole text and its pieces
        for piece in (text, *pieces(text)):
            for code, score in near[piece]:
                pool[code] = max(score, pool.get(code, 0.0))
        ranked = [Ranked(code, score, code in codes) for code, score in pool.items()]
        answers.append(sorted(ranked, key=lambda one: (not one.sure, -one.score, one.label_id))[:top])
    return answers


def guess_branch(titles: Sequence[str]) -> list[str | None]:
    """Branch of each vacancy title, for the employer to confirm; None where the guess is not sure enough.

    Examples
    --------
    >>> guess_branch(["Leerling stratenmaker", "Medewerker"])
    ['infra', None]
    """
    return [row[0].label_id if row[0].sure else None for row in suggest_codes("branch", titles, 1)]

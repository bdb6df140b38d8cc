"""What a Dutch free text means: the labels of a list ranked by nearness, and the codes it can safely be read as.

`TextRanker` orders any list of labels; `link_tasks` and `guess_branch` answer with codes, and abstain when
they are not sure enough. The figures at which they abstain stand here and are measured in the tests.
"""
from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from features.codes import CodeList, code_list, plain
from features.errors import FeatureError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SURE_FROM = 0.6
"""Score from which a label of a list of one's own counts as meant."""
TASK_SURE_FROM = 0.62
"""Score from which a text is read as a task."""
CODE_SURE_FROM = 0.6
"""Score from which a text is read as a condition, support item or certificate."""

_CHUNK = 256  # texts scored at a time: 256 x 24,000 labels is 25 MB
_PIECES = re.compile(r"[,;/+&.\n•|]|\ben\b|\bof\b|\band\b|\bor\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ranked:
    """One label that a text may mean: its id, a score in [0, 1], and whether the product would take it as meant."""

    label_id: str
    score: float
    sure: bool


class TextRanker:
    """Rank the labels of a list by how near they are to a text.

    Parameters
    ----------
    labels : iterable of (label_id, label)
        A label_id may have several labels; the nearest one counts.
    sure_from : float
        Score from which the best label is taken as meant.

    Raises
    ------
    FeatureError
        If there is no label, or no label holds a word.

    Examples
    --------
    >>> ranker = TextRanker([("a", "glazenwasser"), ("b", "timmerman")])
    >>> ranker.rank(["ruitenwasser"], 1)[0][0].label_id
    'a'
    """

    def __init__(self, labels: Iterable[tuple[str, str]], sure_from: float = SURE_FROM) -> None:
        import numpy as np

        from features.vectorizer import DutchVectorizer

        rows = sorted(labels)  # equal scores then stand in the order of their ids, whatever the order of the file
        if not rows:
            raise FeatureError("there are no labels to rank; expected at least one")
        self.sure_from = sure_from
        self.label_ids = tuple(dict.fromkeys(label_id for label_id, _ in rows))
        starts = {label_id: start for start, (label_id, _) in reversed(list(enumerate(rows)))}
        self._starts = np.array([starts[label_id] for label_id in self.label_ids])
        self._exact: dict[str, list[int]] = {}
        place = {label_id: index for index, label_id in enumerate(self.label_ids)}
        for label_id, label in rows:
            self._exact.setdefault(plain(label), []).append(place[label_id])
        learned = DutchVectorizer()
        self._columns = learned.fit_transform([label for _, label in rows]).T.tocsr()
        # Where a word stands tells what a definition is about; a title is about all of its words.
        self._reader = copy.copy(learned).set_params(half_position=math.inf)
        self._full = 1.0 + learned.part_weight + learned.concept_weight

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Scores in [0, 1], whole millionths, of every label for every text: (texts, label ids)."""
        import numpy as np

        nearness = (self._reader.transform(texts) @ self._columns).toarray()
        best = np.maximum.reduceat(nearness, self._starts, axis=1).astype(np.float64) / self._full
        found: NDArray[np.float64] = np.round(np.clip(best, 0.0, 1.0), 6)
        for row, text in enumerate(texts):
            found[row, self._exact.get(plain(text), [])] = 1.0
        return found

    def rank(self, texts: Sequence[str], top: int = 5) -> list[list[Ranked]]:
        """Return the ``top`` nearest labels of each text, best first; equal scores in the order of their ids.

        Raises FeatureError if ``top`` is below 1.
        """
        if top < 1:
            raise FeatureError(f"top is {top}; expected 1 or more")
        return [
            [Ranked(label_id, score, at == 0 and score >= self.sure_from) for at, (label_id, score) in enumerate(row)]
            for row in self.nearest(texts, top)
        ]

    def nearest(self, texts: Sequence[str], top: int) -> list[list[tuple[str, float]]]:
        """Like `rank`, as pairs of id and score, without a judgement."""
        answers: list[list[tuple[str, float]]] = []
        for start in range(0, len(texts), _CHUNK):
            answers.extend(self._best(row, top) for row in self.scores(texts[start:start + _CHUNK]))
        return answers

    def _best(self, row: NDArray[np.float64], top: int) -> list[tuple[str, float]]:
        import numpy as np

        if top < len(row):  # keep all that tie with the last one, then sort by score and id
            keep = np.flatnonzero(row >= np.partition(row, len(row) - top)[len(row) - top])
        else:
            keep = np.arange(len(row))
        order = keep[np.argsort(-row[keep], kind="stable")][:top]
        return [(self.label_ids[index], float(row[index])) for index in order]


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
    least `TASK_SURE_FROM`; one that names several things is read piece by piece.

    Examples
    --------
    >>> link_tasks(["vakken vullen en vloeren dweilen", "gezellig met elkaar"])
    [('stock_shelves', 'mop_floors'), ()]
    """
    return link("task", texts)


def link(name: str, texts: Sequence[str]) -> list[tuple[str, ...]]:
    """Codes of a list that each text means, in the order they are named; see `link_tasks`."""
    codes = code_list(name)
    asked: dict[str, None] = {}
    plans = [_plan(codes, text) for text in texts]
    for plan in plans:
        asked.update(dict.fromkeys(piece for piece in plan if codes.read(piece) is None))
    meant = _meant(name, list(asked))
    found = ([codes.read(piece) or meant.get(piece) for piece in plan] for plan in plans)
    return [tuple(dict.fromkeys(code for code in row if code)) for row in found]


def _plan(codes: CodeList, text: str) -> list[str]:
    return [text] if codes.read(text) is not None else pieces(text)


def _meant(name: str, asked: Sequence[str]) -> dict[str, str | None]:
    if not asked:
        return {}
    best = code_ranker(name).rank(asked, 1)
    return {text: found[0].label_id if found[0].sure else None for text, found in zip(asked, best, strict=True)}


def suggest_codes(name: str, texts: Sequence[str], top: int = 5) -> list[list[Ranked]]:
    """Return the ``top`` nearest codes of a list for each text; ``sure`` is what `link` or `guess_branch` takes."""
    if name == "branch":
        from features.branches import rank_branches

        return rank_branches(texts, top)
    linked = link(name, texts)
    ranker = code_ranker(name)
    best = [_pooled(ranker, text, len(ranker.label_ids)) for text in texts]
    return [
        _linked_first(codes, row)[:top] for codes, row in zip(linked, best, strict=True)
    ]


def _pooled(ranker: TextRanker, text: str, top: int) -> list[tuple[str, float]]:
    """The best score of each code over the whole text and its pieces."""
    pool: dict[str, float] = {}
    for row in ranker.nearest([text, *pieces(text)], top):
        for code, score in row:
            pool[code] = max(score, pool.get(code, 0.0))
    return sorted(pool.items(), key=lambda item: (-item[1], item[0]))


def _linked_first(codes: tuple[str, ...], row: list[tuple[str, float]]) -> list[Ranked]:
    ranked = [Ranked(code, score, code in codes) for code, score in row]
    return sorted(ranked, key=lambda one: (not one.sure, -one.score, one.label_id))


def guess_branch(titles: Sequence[str]) -> list[str | None]:
    """Branch of each vacancy title, for the employer to confirm; None where the guess is not sure enough.

    Examples
    --------
    >>> guess_branch(["Leerling stratenmaker", "Medewerker"])
    ['infra', None]
    """
    return [row[0].label_id if row[0].sure else None for row in suggest_codes("branch", titles, 1)]


KINDS: tuple[str, ...] = ("branch", "task", "condition", "support", "certificate")
"""Lists that `suggest_codes` ranks."""

"""The labels of a list, ranked by how near they are to a Dutch text."""
from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.codes import plain
from features.errors import FeatureError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SURE_FROM = 0.7
"""Score from which a label of a list of one's own counts as meant."""
_CHUNK = 256  # texts scored at a time: 256 x 24,000 labels is 25 MB


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
        best = np.maximum.reduceat(nearness, self._starts, axis=1).astype(np.float64)
        found = np.asarray(np.round(np.minimum(best / self._full, 1.0), 6), np.float64)
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

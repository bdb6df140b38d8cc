"""The opening's tasks against what the student wants, dislikes and can do: by code, else by likeness.

Codes are bits (`features.eligibility_tasks`), counted a word at a time. Loose texts, which no code stands for,
are alike when they share most of their letter groups: Dice's coefficient over the trigrams of their
words is at least `LIKE`. Few texts are alike, so what they add is a sparse table of pairs, made once.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from features.eligibility import Eligibility
from features.eligibility_tasks import TaskSets, Words, normalise
from features.pairwise_numbers import Ints, Ranged, half_even, where_known
from features.settings import MILLION, NEUTRAL

LIKE = (3, 5)
"""Two texts are alike when Dice's coefficient is at least this fraction; exact, so no machine decides otherwise."""


class TasksFeature:
    """How much of the work is what the student wants and can do, over the opening's tasks; a must counts twice.

    Worths are those of `Measures`: wanted and already able (mastered, or done before) 1, wanted 0.9, able 0.7,
    disliked 0. A task the student does not name is worth 0.3 when wanted tasks are named, and is unknown (neutral)
    when none is, or when either text could not be read as a task. Unknown when the opening has no tasks or the
    student says nothing.
    """

    def __init__(self, e: Eligibility) -> None:
        t = e.tasks
        disliked, wanted, able = (words & t.listed for words in (t.disliked, t.wanted, t.able))
        self._marks = _marks(disliked, wanted, able)
        self._asked, self._must = t.asked & t.listed, t.must & t.listed
        texts = [t.disliked_texts, t.wanted_texts, t.able_texts]
        self._named = np.any(wanted != 0, axis=1)
        self._says = np.any((disliked | wanted | able) != 0, axis=1)
        self._says |= np.array([any(group[i] for group in texts) for i in range(len(e.students))], dtype=bool)
        code_weight = (np.bitwise_count(self._asked).astype(np.int64) + np.bitwise_count(self._must)).sum(axis=1)
        text_weight = [
            sum(1 + (text in must) for text in asked) for asked, must in zip(t.asked_texts, t.must_texts, strict=True)
        ]
        self._code_weight = code_weight.astype(np.int64)
        self._weight = self._code_weight + np.array(text_weight, dtype=np.int64)
        self._worth, self._unnamed = e.settings.measures.task_worth, e.settings.measures.task_unnamed
        self._like = like_texts(t, len(e.openings), self._worth)

    def __call__(self, i: Ints, j: Ints) -> Ranged:
        """Return the feature of the pairs (i, j)."""
        named_weight = np.zeros(len(i), dtype=np.int64)
        worth = np.zeros(len(i), dtype=np.int64)
        for w in range(self._asked.shape[1]):
            asked, must = self._asked[j, w], self._must[j, w]
            for kind, marks in self._marks.items():
                bits = marks[i, w]
                weight = np.bitwise_count(asked & bits).astype(np.int64) + np.bitwise_count(must & bits)
                named_weight += weight
                worth += weight * self._worth[kind]
        like_weight, like_worth = self._like(i, j)
        codes_left = self._code_weight[j] - named_weight
        texts_left = self._weight[j] - self._code_weight[j] - like_weight
        plain = np.where(self._named[i], codes_left, 0)
        open_weight = codes_left + texts_left - plain
        worth += like_worth + plain * self._unnamed
        total = np.maximum(self._weight[j], 1)
        value, low, high = (
            half_even(worth + open_weight * unknown, total) for unknown in (NEUTRAL, 0, MILLION)
        )
        return where_known((self._weight[j] > 0) & self._says[i], Ranged(value, low, high))


def _marks(disliked: Words, wanted: Words, able: Words) -> dict[str, Words]:
    """Part the tasks a student names into four sets that do not overlap."""
    return {
        "disliked": disliked,
        "wanted_able": wanted & able & ~disliked,
        "wanted": wanted & ~able & ~disliked,
        "able": able & ~wanted & ~disliked,
    }


def kind_of(disliked: bool, wanted: bool, able: bool) -> str:
    """Return the key of `Measures.task_worth` that holds, or "" when the student does not name the task."""
    if disliked:
        return "disliked"
    if wanted:
        return "wanted_able" if able else "wanted"
    return "able" if able else ""


class _LikeTable:
    """Weight and worth that like texts add, per pair; most pairs have none."""

    def __init__(self, weight: sparse.csr_array, worth: sparse.csr_array, m: int) -> None:
        self._m = m
        rows = np.repeat(np.arange(weight.shape[0], dtype=np.int64), np.diff(weight.indptr))
        self._keys = rows * m + weight.indices
        self._weight = weight.data.astype(np.int64)
        # Worth has no entry where all is disliked: looked up at the keys of weight, the more complete table.
        dense = sparse.csr_array(worth)
        worth_keys = np.repeat(np.arange(dense.shape[0], dtype=np.int64), np.diff(dense.indptr)) * m + dense.indices
        self._worth = _look_up(worth_keys, dense.data.astype(np.int64), self._keys)

    def __call__(self, i: Ints, j: Ints) -> tuple[Ints, Ints]:
        if not len(self._keys):
            zero = np.zeros(len(i), dtype=np.int64)
            return zero, zero
        keys = i * self._m + j
        return _look_up(self._keys, self._weight, keys), _look_up(self._keys, self._worth, keys)


def _look_up(keys: Ints, values: Ints, wanted: Ints) -> Ints:
    """Return values at the wanted keys, 0 where a key is absent; ``keys`` ascend."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Ints = np.where(keys[at] == wanted, values[at], 0)
    return found


def like_texts(t: TaskSets, m: int, worths: Mapping[str, int]) -> _LikeTable:
    """Find which loose texts of the openings each student's loose texts are like; ``worths`` by kind of task."""
    theirs = sorted({text for texts in t.asked_texts for text in texts})
    ours = sorted({x for group in (t.wanted_texts, t.disliked_texts, t.able_texts) for texts in group for x in texts})
    n = len(t.wanted_texts)
    alike = _alike(ours, theirs)
    student = {text: k for k, text in enumerate(ours)}
    opening = {text: k for k, text in enumerate(theirs)}
    cells: dict[tuple[int, int], set[str]] = {}
    for kind, group in (("disliked", t.disliked_texts), ("wanted", t.wanted_texts), ("able", t.able_texts)):
        for i, texts in enumerate(group):
            for text in texts:
                start, stop = alike.indptr[student[text]], alike.indptr[student[text] + 1]
                for other in alike.indices[start:stop].tolist():
                    cells.setdefault((i, other), set()).add(kind)
    order = sorted(cells)
    rows, cols = [i for i, _ in order], [k for _, k in order]
    worth = [worths[kind_of("disliked" in c, "wanted" in c, "able" in c)] for c in (cells[key] for key in order)]
    weight = np.ones(len(order), dtype=np.int64)
    shape = (n, len(theirs))
    asked = [
        (opening[text], j, 1 + (text in must))
        for j, (texts, must) in enumerate(zip(t.asked_texts, t.must_texts, strict=True))
        for text in texts
    ]
    at = sparse.csr_array(
        ([w for _, _, w in asked], ([k for k, _, _ in asked], [j for _, j, _ in asked])), shape=(len(theirs), m),
        dtype=np.int64,
    )  # fmt: skip
    named = _canonical(sparse.csr_array((weight, (rows, cols)), shape=shape, dtype=np.int64) @ at)
    valued = _canonical(sparse.csr_array((worth, (rows, cols)), shape=shape, dtype=np.int64) @ at)
    return _LikeTable(named, valued, m)


def _canonical(table: sparse.csr_array) -> sparse.csr_array:
    table = sparse.csr_array(table)
    table.sum_duplicates()
    return table


def trigrams(text: str) -> set[str]:
    """Return the letter groups of three of each word of a normalised text, with its ends marked.

    Examples
    --------
    >>> sorted(trigrams("zagen"))
    [' za', 'age', 'en ', 'gen', 'zag']
    """
    return {f" {word} "[k : k + 3] for word in text.split() for k in range(len(word))}


def are_alike(one: str, other: str) -> bool:
    """Say whether two texts, as people write them, count as the same task."""
    a, b = trigrams(normalise(one)), trigrams(normalise(other))
    return bool(a) and 2 * len(a & b) * LIKE[1] >= LIKE[0] * (len(a) + len(b))


def _alike(ours: Sequence[str], theirs: Sequence[str]) -> sparse.csr_array:
    """Return the table (ours x theirs) of texts that are alike; in whole numbers, a block of rows at a time."""
    shape = (len(ours), len(theirs))
    if not all(shape):
        return sparse.csr_array(shape, dtype=np.int64)
    groups = [trigrams(text) for text in ours], [trigrams(text) for text in theirs]
    place = {gram: k for k, gram in enumerate(sorted(set().union(*groups[0], *groups[1])))}
    left, right = _incidence(groups[0], place), _incidence(groups[1], place)
    size_left, size_right = left.sum(axis=1), right.sum(axis=1)
    across, rows, cols = right.T.tocsr(), [], []
    for start in range(0, len(ours), 512):
        shared = (left[start : start + 512] @ across).tocoo()
        row, col = shared.coords[0] + start, shared.coords[1]
        enough = 2 * shared.data * LIKE[1] >= LIKE[0] * (size_left[row] + size_right[col])
        rows.append(row[enough])
        cols.append(col[enough])
    i, k = np.concatenate(rows), np.concatenate(cols)
    return _canonical(sparse.csr_array((np.ones(len(i), dtype=np.int64), (i, k)), shape=shape))


def _incidence(groups: Iterable[set[str]], place: dict[str, int]) -> sparse.csr_array:
    columns = [sorted(place[gram] for gram in group) for group in groups]
    indptr = np.cumsum([0, *(len(c) for c in columns)])
    indices: NDArray[np.int64] = np.array([k for c in columns for k in c], dtype=np.int64)
    return sparse.csr_array((np.ones(len(indices), dtype=np.int64), indices, indptr), shape=(len(columns), len(place)))

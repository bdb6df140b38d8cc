"""Tasks of both sides as bit sets over one vocabulary, with the free texts that mean no listed code kept apart.

A text that `features.text.link_tasks` understands counts as its codes. A text it abstains on is *loose*: lower
case and stripped of accents and punctuation it still meets an equal text on the other side, for which it gets
a bit of its own where both sides have it; `features.pairwise_tasks` compares loose texts by their letter
groups. Nothing that is said of a pair depends on who else is in the run.
"""
from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.codes import code_list
from features.records import Opening, Student

Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TaskSets:
    """Tasks as bits: bit b of word w stands for listed code number 64 w + b, or for a loose text beyond them.

    ``wanted``, ``disliked`` and ``able`` (mastered or done before) have shape (n, W), ``asked`` and ``must``
    shape (m, W), ``listed`` (W,) has the bits of the listed codes. ``*_texts`` are all loose texts per student
    and opening, normalised; a must among ``asked_texts`` is in ``must_texts`` too. ``meaning`` maps every text
    met to its codes, none for a loose one.
    """

    listed: Words
    wanted: Words
    disliked: Words
    able: Words
    asked: Words
    must: Words
    wanted_texts: tuple[tuple[str, ...], ...]
    disliked_texts: tuple[tuple[str, ...], ...]
    able_texts: tuple[tuple[str, ...], ...]
    asked_texts: tuple[tuple[str, ...], ...]
    must_texts: tuple[tuple[str, ...], ...]
    meaning: dict[str, tuple[str, ...]]

    def unmatched_must(self, j: int) -> bool:
        """Whether opening ``j`` has a loose must-task that no student names in the same words."""
        bits = int(np.bitwise_count(self.must[j] & ~self.listed).sum())
        return bits < len(self.must_texts[j])

    def names(self, text: str) -> tuple[str, ...]:
        """Return the codes a text was read as, or the loose text itself."""
        return self.meaning[text] or (normalise(text),)


def normalise(text: str) -> str:
    """Return the text in lower case, without accents, its words parted by single spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(ch if ch.isalnum() else " " for ch in plain if not unicodedata.combining(ch)).split())


def _linked(texts: set[str]) -> dict[str, tuple[str, ...]]:
    """Map every text to its task codes; what is literally a code needs no text model."""
    codes = set(code_list("task").codes)
    meaning: dict[str, tuple[str, ...]] = {text: (text,) for text in texts & codes}
    rest = sorted(texts - codes)
    if rest:
        from features.text import link_tasks  # it loads scikit-learn, which lists of codes alone do not need

        meaning |= {text: tuple(found) for text, found in zip(rest, link_tasks(rest), strict=True)}
    return meaning


def _listed_bits(count: int, width: int) -> Words:
    """Return words whose first ``count`` bits are set."""
    return np.array([(1 << min(64, max(0, count - 64 * w))) - 1 for w in range(width)], dtype=np.uint64)


def task_sets(students: Sequence[Student], openings: Sequence[Opening]) -> TaskSets:
    """Link every task text once and return both sides as bit sets.

    Parameters
    ----------
    students : sequence of n students
        Tasks wanted, disliked, mastered and done before.
    openings : sequence of m openings
        Tasks asked, and which of them are a must.

    Returns
    -------
    TaskSets
    """
    ours = [(s.tasks_wanted, s.tasks_disliked, (*s.tasks_mastered, *s.experience)) for s in students]
    theirs = [(tuple(t.text for t in o.tasks), tuple(t.text for t in o.tasks if t.must)) for o in openings]
    student_texts = {text for lists in ours for texts in lists for text in texts}
    opening_texts = {text for texts, _ in theirs for text in texts}
    meaning = _linked(student_texts | opening_texts)
    loose = {text: normalise(text) for text, codes in meaning.items() if not codes}
    common = {loose[t] for t in student_texts & loose.keys()} & {loose[t] for t in opening_texts & loose.keys()}
    common.discard("")
    codes = code_list("task").codes
    place = {name: number for number, name in enumerate((*codes, *sorted(common - set(codes))))}
    width = -(-len(place) // 64)

    def words(rows: Iterable[Sequence[str]]) -> Words:
        lists = list(rows)
        out = np.zeros((len(lists), width), dtype=np.uint64)
        for i, texts in enumerate(lists):
            for name in {name for text in texts for name in meaning[text] or (loose[text],)} & place.keys():
                out[i, place[name] // 64] |= np.uint64(1 << place[name] % 64)
        return out

    def texts(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(sorted({loose[t] for t in row if not meaning[t]} - {""})) for row in rows)

    return TaskSets(
        _listed_bits(len(codes), width),
        words(w for w, _, _ in ours),
        words(d for _, d, _ in ours),
        words(a for _, _, a in ours),
        words(a for a, _ in theirs),
        words(m for _, m in theirs),
        texts(w for w, _, _ in ours),
        texts(d for _, d, _ in ours),
        texts(a for _, _, a in ours),
        texts(a for a, _ in theirs),
        texts(m for _, m in theirs),
        meaning,
    )

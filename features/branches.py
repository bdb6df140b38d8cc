"""The branch that a vacancy title points to: a suggestion for the employer, who confirms it.

A linear classifier learns from the product's own words: labels and synonyms of the branches, tasks and the
branch they belong to first, names of work in ``occupations.csv``, and the lexicon. It abstains below
`BRANCH_SURE_FROM`, and on titles that name no work at all.
"""
from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from sklearn.svm import LinearSVC

from features.codes import code_list, read_table
from features.dutch import words
from features.errors import FeatureError
from features.ranker import Ranked
from features.vectorizer import DutchVectorizer

BRANCH_SURE_FROM = 0.4
"""Share of the first branch, among all branches, from which the guess is given as an answer."""
_TASKS, _OCCUPATIONS = 0.7, 1.5  # a name of work says more about a title than a task does
_SHARPNESS = 3.0  # turns distances to the classifier's borders into shares
_GENERAL = frozenset((
    "aankomend", "algemeen", "algemene", "allround", "assistent", "baan", "bbl", "begeleider", "bijbaan", "chef",
    "collega", "coordinator", "deeltijd", "dienst", "directeur", "enthousiaste", "ervaren", "gemotiveerde", "harde",
    "helper", "hulp", "hulpkracht", "job", "junior", "kracht", "leerbaan", "leerling", "leerplek", "leerwerkplek",
    "leidinggevende", "leuke", "machineoperator", "manager", "medewerker", "medewerkster", "nieuwe", "operator",
    "oproepkracht", "plek", "productiemedewerker", "senior", "stage", "stageplek", "stagiair", "starter",
    "startersfunctie", "teamleider", "trainee", "uitzendkracht", "vakantiehulp", "vakantiekracht", "vakantiewerk",
    "voltijd", "voorman", "weekendhulp", "weekendkracht", "werk", "werker", "werkervaringsplaats",
    "werkervaringsplek", "zaterdag", "zaterdaghulp", "zomerbaan",
))
"""Words of titles that fit every branch; a title of these alone gets no answer."""


@lru_cache(maxsize=1)
def _classifier() -> tuple[DutchVectorizer, Any]:
    rows: list[tuple[str, str, float]] = []
    for entry in code_list("branch").entries:
        rows += [(entry.code, word, 1.0) for word in (entry.labels[0], *entry.synonyms[0])]
    for task in code_list("task").entries:
        rows += [(task.branches[0], word, _TASKS) for word in (task.labels[0], *task.synonyms[0])]
    rows += [(row["branch"], row["title"], _OCCUPATIONS) for row in read_table("occupations.csv")]
    for row in read_table("lexicon.csv"):
        rows += [(row["branch"], form, 1.0) for form in row["forms"].split("|") if row["branch"]]
    vectorizer = DutchVectorizer(half_position=math.inf)
    known = vectorizer.fit_transform([text for _, text, _ in rows])
    classifier = LinearSVC(C=0.5, dual=True, random_state=0, max_iter=10_000)
    classifier.fit(known, [branch for branch, _, _ in rows], np.array([weight for _, _, weight in rows]))
    return vectorizer, classifier


def rank_branches(titles: Sequence[str], top: int = 5) -> list[list[Ranked]]:
    """Return the ``top`` likeliest branches of each title, best first, their scores being shares of 1.

    A title that is itself a code, label or synonym is that branch. Only the first can be sure. Raises
    FeatureError if ``top`` is below 1.
    """
    if top < 1:
        raise FeatureError(f"top is {top}; expected 1 or more")
    if not titles:
        return []
    branches = code_list("branch")
    vectorizer, classifier = _classifier()
    distance = np.asarray(classifier.decision_function(vectorizer.transform(titles)), np.float64)
    share = np.exp(_SHARPNESS * (distance - distance.max(axis=1, keepdims=True)))
    share = np.round(share / share.sum(axis=1, keepdims=True), 6)
    column = {code: index for index, code in enumerate(classifier.classes_)}
    answers = []
    for title, row in zip(titles, share, strict=True):
        read = branches.read(title)
        scores = {code: float(row[column[code]]) for code in branches.codes} | ({read: 1.0} if read else {})
        sure = read is not None or (_names_work(title) and max(scores.values()) >= BRANCH_SURE_FROM)
        best = sorted(scores.items(), key=lambda item: (-item[1], branches.index(item[0])))[:top]
        answers.append([Ranked(code, score, sure and rank == 0) for rank, (code, score) in enumerate(best)])
    return answers


def _names_work(title: str) -> bool:
    return any(word not in _GENERAL for word in words(title) if not word.isdigit())

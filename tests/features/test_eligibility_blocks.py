"""The size of the blocks in which pairs are looked at changes no figure."""
from __future__ import annotations

import random

import numpy as np
import pytest

from features import eligibility_counts, eligibility_pairs, eligibility_reach, pairwise, scoring
from features.eligibility import evaluate
from features.records import Opening, Student
from features.scoring import ScoredPairs, score_pairs
from features.settings import Weights
from tests.features.known_pair import DEVENTER, GRONINGEN, KNOWN, OLST, ON, RAALTE, opening, student


def cohort() -> tuple[list[Student], list[Opening]]:
    draw = random.Random(7)
    places = (RAALTE, OLST, DEVENTER, GRONINGEN, None)
    ours = [
        student(
            student_ref=str(k), location=draw.choice(places), branches_excluded=draw.choice(((), ("infra",))),
            max_minutes=draw.choice((40.0, 90.0, None)), certificates=draw.choice((None, (), ("vca",))),
        )
        for k in range(25)
    ]  # fmt: skip
    theirs = [
        opening(
            vacancy_ref=str(k), location=draw.choice(places), branch=draw.choice(("infra", "green")),
            certificates_required=draw.choice(((), ("vca",))), participation_option=draw.choice((None, 3)),
        )
        for k in range(17)
    ]  # fmt: skip
    return ours, theirs


def figures(scored: ScoredPairs) -> list[bytes]:
    e, f = scored.eligibility, scored.features
    arrays = (
        e.indptr, e.indices, e.points, e.broken, e.blocked_students, e.blocked_openings, scored.fit,
        scored.contributions, scored.known_share, f.value, f.low, f.high,
    )  # fmt: skip
    return [np.ascontiguousarray(a).tobytes() for a in arrays]


def test_small_blocks_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = cohort()
    fixed = frozenset({(0, 0), (3, 5), (24, 16)})
    whole = score_pairs(ours, theirs, evaluate(ours, theirs, KNOWN, on=ON, fixed=fixed), Weights())
    assert 50 < len(whole.fit) < 25 * 17
    monkeypatch.setattr(eligibility_counts, "_BLOCK", 5)
    monkeypatch.setattr(eligibility_pairs, "_BLOCK", 4)
    monkeypatch.setattr(pairwise, "_CHUNK", 3)
    monkeypatch.setattr(scoring, "_CHUNK", 2)
    monkeypatch.setattr(eligibility_reach, "_KEPT", 0)
    parts = score_pairs(ours, theirs, evaluate(ours, theirs, KNOWN, on=ON, fixed=fixed), Weights())
    assert parts.eligibility.near.table is None
    assert figures(parts) == figures(whole)

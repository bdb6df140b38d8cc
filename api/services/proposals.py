"""Proposals as connectors read them: who and where by name, the state, the word that stands, and what else there is."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.store import decisions, queues, runs
from api.store.people import Session
from api.texts.catalogue import LANGUAGES
from api.texts.regret import named_moves, regret_sentences

PLAIN = ("id", "run_id", "chosen", "rank", "fit", "band", "known", "again", "why")


def shown(
    session: Session, found: Sequence[runs.Proposal], *, lang: str, regions: frozenset[str]
) -> list[dict[str, Any]]:
    """Return proposals with names, sentences in ``lang``, state, decision, and what each costs others in words.

    Who is of none of ``regions`` today is not named, nor is what anybody said of them: the numbers of a run stay.
    """
    moves = [move for p in found for move in (p.regret or {}).get("moves", ())]
    students, openings = runs.names_of(
        session, [p.student_id for p in found] + [move["student"] for move in moves],
        [p.opening_id for p in found] + [move[end] for move in moves for end in ("from", "to") if move[end]],
    )  # fmt: skip
    mine = {i: student for i, student in students.items() if student["region"] in regions}
    live = decisions.live_among(session, [p for p in found if p.student_id in mine])
    words = dict(zip(live, told(session, list(live.values())), strict=True))
    states = queues.states_of(session, found, live)
    people = decisions.names(session, [p.added_by for p in found if p.added_by])
    return [
        {name: getattr(p, name) for name in PLAIN}
        | {"student": mine.get(p.student_id), "opening": openings.get(p.opening_id),
           "reasons": said(p.reasons, lang), "to_check": said(p.to_check, lang),
           **_points(p.parts), "state": states.get(p.id, "alternative"),
           "decision": words.get((p.student_id, p.opening_id)), "added_by": people.get(p.added_by or ""),
           "regret": _regret(p.regret, students, openings, lang=lang, regions=regions)}
        for p in found
    ]  # fmt: skip


def _points(parts: Mapping[str, int]) -> dict[str, Any]:
    """The base and what each feature adds, in millionths: the fit in all."""
    return {"base": parts["base"], "contributions": {name: n for name, n in parts.items() if name != "base"}}


def said(statements: Iterable[Mapping[str, str]], lang: str) -> list[dict[str, str]]:
    """Statements of both languages in one."""
    return [
        {name: value for name, value in one.items() if name not in LANGUAGES} | {"sentence": one[lang]}
        for one in statements
    ]


def _regret(
    regret: Mapping[str, Any] | None, students: Mapping[str, Any], openings: Mapping[str, Any], *, lang: str,
    regions: frozenset[str],
) -> dict[str, Any] | None:  # fmt: skip
    """What a pair costs the others, with who would move by name."""
    if regret is None:
        return None
    moves = named_moves(regret["moves"], students, openings, lang=lang, regions=regions)
    return {**regret, "moves": moves, "sentences": regret_sentences(regret, moves, lang)}


def told(session: Session, found: Sequence[decisions.Decided]) -> list[dict[str, Any]]:
    """Return decisions with who made and who ended them, by name."""
    names = decisions.names(session, [i for d in found for i in (d.account_id, d.ended_by) if i])
    return [
        {"id": d.id, "word": d.word, "reason": d.reason, "note": d.note, "by": names.get(d.account_id),
         "decided_at": d.decided_at, "ended_at": d.ended_at, "ended_by": names.get(d.ended_by or "")}
        for d in found
    ]  # fmt: skip


__all__ = ["said", "shown", "told"]

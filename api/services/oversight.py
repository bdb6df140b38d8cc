"""How decisions are made: whether proposals are looked at, or rubber-stamped. Of a region, and of oneself.

It is there so that people keep judging for themselves, not to judge people. So a person's figures go to that person
and to nobody else, and there is no list of persons. Nor do they follow from the region: a figure of a region is told
when enough people are in it that one of them, who takes the own figure off, is left with that of two others at least.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from api.fairness.intervals import Estimate, share_of
from api.services.days import ZONE
from api.services.decisions import HOLDING
from api.services.figures import HIDDEN, STEP, Cell, coarse, shown
from api.store import oversight
from api.store.oversight import Word
from api.store.people import Session

PEOPLE = 3
"""A figure of a region is made of at least so many people's words, of each `STEP` or more."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """What was decided in a school year; None where too few words, or words of too few people, would be told.

    ``first_accepted`` is the share of accept and pin among words on proposals with rank 1 of the student's own,
    ``others_accepted`` that among all others: of a lower rank, or proposed outside the list by a person.
    ``opened`` is the share of words whose author had the card open before, ``median_seconds`` is from the first time
    that they had until the word.
    """

    decisions: Cell
    first_accepted: Estimate | None
    others_accepted: Estimate | None
    opened: Estimate | None
    median_seconds: int | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A region as a whole, and whoever asks beside it; ``own`` is None for who decides nothing there."""

    region_code: str
    region: Deciding
    own: Deciding | None


def beside_regions(
    session: Session, regions: Collection[str], year: int, account_id: str, own_regions: Collection[str]
) -> list[Beside]:
    """How decisions were made in these regions in a school year, and by this account itself in its own regions."""
    begins, ends = (datetime(one, 8, 1, tzinfo=ZONE) for one in (year, year + 1))
    words, since = oversight.words(session, regions, begins, ends), oversight.kept_since(session)
    told = []
    for code in sorted(regions):
        here = [word for word in words if word.region == code]
        mine = [word for word in here if word.account_id == account_id]
        told.append(Beside(code, _deciding(here, since, PEOPLE),
                           _deciding(mine, since, 1) if code in own_regions else None))  # fmt: skip
    return told


def _deciding(words: Sequence[Word], since: datetime | None, people: int) -> Deciding:
    first = [word for word in words if word.rank == 1 and not word.off_list]
    others = [word for word in words if word.rank != 1 or word.off_list]
    known = [word for word in words if since is not None and word.decided_at >= since]
    opened = [word for word in known if _was_open(word)]
    return Deciding(
        shown({"": len(words)})[""] if not words or _enough(words, people) else HIDDEN,
        _share(first, _is_accepted, people), _share(others, _is_accepted, people), _share(known, _was_open, people),
        int(median(map(_seconds, opened))) if _enough(opened, people) else None,
    )  # fmt: skip


def _enough(words: Sequence[Word], people: int) -> bool:
    """Whether so many people have each said enough of these words that their number would be told."""
    return sum(number >= STEP for number in Counter(word.account_id for word in words).values()) >= people


def _share(words: Sequence[Word], said: Callable[[Word], bool], people: int) -> Estimate | None:
    return coarse(share_of(sum(map(said, words)), len(words))) if _enough(words, people) else None


def _is_accepted(word: Word) -> bool:
    return word.word in HOLDING


def _was_open(word: Word) -> bool:
    return word.opened_at is not None and word.opened_at <= word.decided_at


def _seconds(word: Word) -> float:
    assert word.opened_at is not None
    return (word.decided_at - word.opened_at).total_seconds()


__all__ = ["PEOPLE", "Beside", "Deciding", "beside_regions"]

"""How decisions are made: whether proposals are looked at, or rubber-stamped. Of a region, and of oneself.

It is there so that people keep judging for themselves, not to judge people. So a person's figures go to that person
and to nobody else, and there is no list of persons. Nor do they follow from the region, as colleagues read in the
history who said what, and when:

* A region's figures are made of closed periods: whole months that are over, as many together as it takes until
  `PEOPLE` people said `STEP` words each. So no word changes a figure the moment it is said, and between two readings
  a figure differs by that many people's words or not at all. Every figure has periods of its own, of the words it
  counts: of a figure of few words they are longer.
* A time is told as a band, and of a pair in a month only the last word of everybody counts: nobody walks the middle
  one through the times of others by saying words that are taken back.

One's own figures are of today. A student who moves to another region or is erased takes the words along, also from
periods that are closed; and whoever knows the words of all but one in a period knows that one's shares.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from statistics import median

from api.fairness.intervals import Estimate, share_of
from api.services.days import ZONE, local_day
from api.services.decisions import HOLDING
from api.services.figures import HIDDEN, STEP, Cell, coarse, shown
from api.store import oversight
from api.store.oversight import Word
from api.store.people import Session
from api.store.retention import OPENED, months_before

PEOPLE = 3
"""A figure of a region is made of at least so many people's words, of each `STEP` or more."""
BANDS = (10, 30, 60, 120, 300, 900, 3600)
"""Seconds at which a band of time ends."""
Test = Callable[[Word], bool]


@dataclass(frozen=True, slots=True)
class Time:
    """The band that a time is in: shorter than so many seconds, and not than the band before; None: an hour or more."""

    under: int | None


@dataclass(frozen=True, slots=True)
class Deciding:
    """What was decided in a school year; None where too few words, or words of too few people, would be told.

    ``first_accepted`` is the share of accept and pin among words on proposals with rank 1 of the student's own,
    ``others_accepted`` that among all others: of a lower rank, or proposed outside the list by a person.
    ``opened`` is the share of words whose author had the card open before, ``median`` is from the first time that
    they had until the word.
    """

    decisions: Cell
    first_accepted: Estimate | None
    others_accepted: Estimate | None
    opened: Estimate | None
    median: Time | None


@dataclass(frozen=True, slots=True)
class Beside:
    """A region as a whole, and whoever asks beside it; ``own`` is None for who decides nothing there."""

    region_code: str
    region: Deciding
    own: Deciding | None


def beside_regions(
    session: Session, regions: Collection[str], year: int, account_id: str, own_regions: Collection[str], *,
    now: datetime,
) -> list[Beside]:  # fmt: skip
    """How decisions were made in these regions in a school year, and by this account itself in its own regions."""
    begins, ends = (datetime(one, 8, 1, tzinfo=ZONE) for one in (year, year + 1))
    words = _last(oversight.words(session, regions, begins, ends))
    kept = partial(_is_kept, since=oversight.kept_since(session), planned=months_before(now, OPENED))
    over = [word for word in words if _month(word.decided_at) < _month(now)]
    told = []
    for code in sorted(regions):
        region = _deciding([word for word in over if word.region == code], _closed, kept)
        mine = [word for word in words if word.region == code and word.account_id == account_id]
        told.append(Beside(code, region, _deciding(mine, _enough_of, kept) if code in own_regions else None))
    return told


def _deciding(
    words: Sequence[Word], told: Callable[[Iterable[Word], Test | None], list[Word]], kept: Test
) -> Deciding:
    """The figures of words; ``told`` are those of some words that may be told, of periods that pass a test."""
    every, known = told(words, None), told(words, kept)
    first = told([word for word in words if word.rank == 1 and not word.off_list], None)
    others = told([word for word in words if word.rank != 1 or word.off_list], None)
    opened = told([word for word in words if _was_open(word)], kept)
    return Deciding(
        shown({"": len(every)})[""] if every or not words else HIDDEN,
        _share(first, _is_accepted), _share(others, _is_accepted), _share(known, _was_open),
        _band(median(map(_seconds, opened))) if opened else None,
    )  # fmt: skip


def _last(words: Iterable[Word]) -> list[Word]:
    """Of everybody, in every month, the last word on a pair alone; ``words`` are in the order of their moments."""
    said = {(word.account_id, word.student_id, word.opening_id, _month(word.decided_at)): word for word in words}
    return sorted(said.values(), key=lambda word: word.decided_at)


def _month(moment: datetime) -> tuple[int, int]:
    day = local_day(moment)
    return day.year, day.month


def _closed(words: Iterable[Word], counts: Test | None) -> list[Word]:
    """The words of a region's closed periods, without the periods of which one word does not count."""
    told: list[Word] = []
    period: list[Word] = []
    for _, month in groupby(words, lambda word: _month(word.decided_at)):
        period += month
        if _enough(period, PEOPLE):
            told += period if counts is None or all(map(counts, period)) else ()
            period = []
    return told


def _enough_of(words: Iterable[Word], counts: Test | None) -> list[Word]:
    """The words of one person that count, or none where they are too few to tell."""
    mine = [word for word in words if counts is None or counts(word)]
    return mine if _enough(mine, 1) else []


def _enough(words: Iterable[Word], people: int) -> bool:
    """Whether so many people have each said enough of these words that their number would be told."""
    return sum(number >= STEP for number in Counter(word.account_id for word in words).values()) >= people


def _share(words: Sequence[Word], said: Test) -> Estimate | None:
    return coarse(share_of(sum(map(said, words)), len(words))) if words else None


def _band(seconds: float) -> Time:
    return Time(next((end for end in BANDS if seconds < end), None))


def _is_accepted(word: Word) -> bool:
    return word.word in HOLDING


def _is_kept(word: Word, since: datetime | None, planned: datetime) -> bool:
    """Whether it would still be known that the card was open: it was kept then, and all of its plan is kept still."""
    return since is not None and word.decided_at >= since and word.planned_at >= planned


def _was_open(word: Word) -> bool:
    return word.opened_at is not None and word.opened_at <= word.decided_at


def _seconds(word: Word) -> float:
    assert word.opened_at is not None
    return (word.decided_at - word.opened_at).total_seconds()


__all__ = ["BANDS", "PEOPLE", "Beside", "Deciding", "Time", "beside_regions"]

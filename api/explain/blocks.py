"""What blocks an unplaced student or an empty opening: counts per rule, in words and as a cell."""
from __future__ import annotations

from dataclasses import dataclass

from api.match_report import MatchReport
from api.texts.catalogue import count, say
from api.texts.rules import BLOCKS_OPENING, BLOCKS_STUDENT, COUNTS
from api.texts.rules_helps import HELPS
from features.eligibility import RULES

# Rules that say something about the student alone: they hold everywhere, so a number would only distract.
STUDENT_RULES = ("work_capacity", "work_capacity_unknown", "destination", "leaving_profile")


@dataclass(frozen=True, slots=True)
class Block:
    """A rule (or ``full``, ``closed``), how many it blocks, the sentence, and what a person could try."""

    code: str
    number: int
    sentence: str
    helps: str


def student_blocks(report: MatchReport, i: int) -> tuple[Block, ...]:
    """Return what blocks openings for student ``i``: rules in their order, then full and closed."""
    numbers = [(code, int(n)) for code, n in zip(RULES, report.blocked_students[i], strict=True)]
    numbers += [("full", int(report.full[i])), ("closed", int(report.closed[i]))]
    lang = report.lang
    return tuple(
        Block(
            code,
            n,
            say(BLOCKS_STUDENT, code, lang, openings=count(COUNTS, "openings", n, lang)),
            say(HELPS, code, lang) if code in HELPS else "",
        )
        for code, n in numbers
        if n
    )


def opening_blocks(report: MatchReport, j: int) -> tuple[Block, ...]:
    """Return what blocks students for opening ``j``, in the order of the rules."""
    lang = report.lang
    return tuple(
        Block(
            code,
            int(n),
            say(BLOCKS_OPENING, code, lang, students=count(COUNTS, "students", int(n), lang)),
            say(HELPS, code, lang) if code in HELPS else "",
        )
        for code, n in zip(RULES, report.blocked_openings[j], strict=True)
        if n
    )


def cell(blocks: tuple[Block, ...]) -> str:
    """Return ``code=number`` joined by a vertical bar, as in ``unplaced.csv`` and ``openings.csv``."""
    return "|".join(f"{block.code}={block.number}" for block in blocks)


def strongest(blocks: tuple[Block, ...], most: int = 4, *, of_opening: bool = False) -> tuple[Block, ...]:
    """Return the blocks people should read first, the largest numbers on top.

    For a student what holds everywhere comes before all else. For an opening it comes last: such students are
    placed nowhere, so it says nothing about this opening.
    """
    ordered = sorted(blocks, key=lambda block: ((block.code in STUDENT_RULES) == of_opening, -block.number))
    return tuple(ordered[:most])

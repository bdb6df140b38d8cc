"""One true sentence about a pair, with the code it stands for."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence and what it rests on.

    ``code`` is a feature, a rule or a point. ``kind`` is plus (contribution above 0), minus (below 0), unknown
    (a feature nobody filled in, contribution 0), check (a point to check) or broken (a rule that a fixed pair
    breaks). ``micro`` is the contribution in millionths, 0 where there is none.
    """

    code: str
    kind: str
    sentence: str
    micro: int = 0

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


def cell(statements: tuple[Statement, ...]) -> str:
    """Return the statements as one cell: ``code: sentence`` joined by a vertical bar."""
    return "|".join(str(statement) for statement in statements)

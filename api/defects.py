"""What can be wrong with a file, a row or a cell, as data: the sentences come later, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence to be: a key of `api.texts.rows` and the facts that belong in it."""

    key: str
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect.

    ``code`` is a row code of the contract, ``found`` what the file says, ``expected`` what it should say,
    ``hint`` what else may help, ``suggestion`` what may have been meant. ``severity`` is error (the row is
    left out) or warning.
    """

    code: str
    found: str = ""
    expected: Phrase | None = None
    hint: Phrase | None = None
    suggestion: str = ""
    severity: str = "error"

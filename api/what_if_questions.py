"""The questions of `what-if` as people write them: ids and numbers in words, and the problem they change."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.assign_numbers import LARGEST, MILLION, NumberError, millionths_of
from api.assign_read import Stated
from api.errors import WrongUsage
from api.what_if_opening import NewOpening, with_new_openings
from matcher.problem import Ints, Problem
from matcher.variations import pinned, revalued, with_places, without_opening, without_pair, without_student


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """The problem with one thing changed, as far as a question says it.

    ``ids`` of all its openings; ``student`` and ``opening`` are the ids asked about, ``about`` the openings of which is
    told who would be in them; ``more`` places, ``by`` millionths. ``loose`` is a student who drops out, ``base`` the
    problem by whose scores plans are compared.
    """

    kind: str
    problem: Problem
    base: Problem
    ids: Sequence[str]
    student: str = ""
    opening: str = ""
    about: tuple[int, ...] = ()
    more: int = 0
    by: int | None = None
    pair: tuple[int, int] | None = None
    loose: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """Reads questions about a case and its plan (n,), with ``words`` for what cannot be asked."""

    case: Stated
    plan: Ints
    objective: str
    words: dict[str, str]

    @property
    def problem(self) -> Problem:
        """The problem as it is."""
        return self.case.problem

    def changed(self, kind: str, text: str) -> Changed:
        """The problem as a question in words changes it; ``kind`` is an option of the command."""
        problem, ids = self.problem, self.case.openings
        if kind in ("pair", "reject"):
            i, j = self._pair(text)
            make = pinned if kind == "pair" else without_pair
            return Changed(
                kind, make(problem, i, j), problem, ids, self.case.students[i], ids[j], pair=(i, j)
            )
        if kind == "value":
            return self._revalued(text)
        if kind == "extra_place":
            j, more = self._opening_and_number(text)
            return Changed(kind, with_places(problem, j, more), problem, ids, "", ids[j], (j,), more)
        sort, at = self._either(text)
        if sort == "opening":
            return Changed("without_opening", without_opening(problem, at), problem, ids, "", ids[at])
        here = int(self.plan[at])
        left = ids[here] if here >= 0 else ""
        gone = without_student(problem, at)
        return Changed("without_student", gone, problem, ids, self.case.students[at], left, loose=at)

    def posted(self, openings: Sequence[NewOpening]) -> Changed:
        """The problem with new openings."""
        self._allowed(np.concatenate([opening.scores for opening in openings]))
        problem, ids = with_new_openings(self.case, openings)
        fresh = tuple(range(self.problem.m, problem.m))
        return Changed("new_opening", problem, problem, ids, "", ", ".join(ids[j] for j in fresh), fresh)

    def _revalued(self, text: str) -> Changed:
        """``STUDENT,OPENING=SCORE`` or ``=+BY``; ``STUDENT=+BY`` or ``OPENING=-BY`` for every pair of one."""
        name, sign, number = text.rpartition("=")
        number = number.strip().replace(",", ".")
        try:
            amount = millionths_of(number)
        except NumberError:
            amount, sign = 0, ""
        if not sign:
            raise WrongUsage(self.words["bad_value"].format(found=text))
        signed, problem, ids = number[0] in "+-", self.problem, self.case.openings
        if name in self.case.students or name in ids or name.partition(":")[0] in ("student", "opening"):
            sort, at = self._either(name)
            if not signed:
                raise WrongUsage(self.words["bad_value"].format(found=text))
            new = self._with_scores(amount, **{sort: at})
            student, opening = (self.case.students[at], "") if sort == "student" else ("", ids[at])
            return Changed("value", new, new, ids, student, opening, by=amount)
        i, j = self._pair(name)
        k = problem.pair(i, j)
        if k < 0:
            raise WrongUsage(self.words["no_score"].format(student=self.case.students[i], opening=ids[j]))
        by = amount if signed else amount - int(problem.values[k])
        new = self._with_scores(by, student=i, opening=j)
        return Changed("value", new, new, ids, self.case.students[i], ids[j], by=by, pair=(i, j))

    def _with_scores(self, by: int, student: int | None = None, opening: int | None = None) -> Problem:
        problem = self.problem
        chosen = np.ones(problem.p, dtype=bool)
        if student is not None:
            chosen &= problem.rows == student
        if opening is not None:
            chosen &= problem.indices == opening
        self._allowed(problem.values[chosen] + by)
        return revalued(problem, by, student=student, opening=opening)

    def _allowed(self, scores: Ints) -> None:
        """Scores may be what `assign` takes."""
        low = 1 if self.objective == "balanced" else -LARGEST * MILLION
        if scores.min(initial=low) < low:
            raise WrongUsage(self.words["balanced_score" if self.objective == "balanced" else "large_score"])
        if scores.max(initial=low) > LARGEST * MILLION:
            raise WrongUsage(self.words["large_score"])

    def _pair(self, text: str) -> tuple[int, int]:
        """The ids may hold commas themselves: the one split into a known student and a known opening is meant."""
        students, openings = set(self.case.students), set(self.case.openings)
        parts = text.split(",")
        splits = [(",".join(parts[:k]).strip(), ",".join(parts[k:]).strip()) for k in range(1, len(parts))]
        known = [(a, b) for a, b in splits if a in students and b in openings]
        if len(known) == 1:
            return self.case.students.index(known[0][0]), self.case.openings.index(known[0][1])
        if not splits:
            raise WrongUsage(self.words["no_pair"].format(found=text))
        a, b = splits[0]
        if a not in students:
            raise WrongUsage(self.words["no_student"].format(id=a))
        raise WrongUsage(self.words["no_opening"].format(id=b))

    def _opening_and_number(self, text: str) -> tuple[int, int]:
        if text in self.case.openings:
            return self.case.openings.index(text), 1
        name, sign, number = text.rpartition("=")
        if not sign or name not in self.case.openings:
            raise WrongUsage(self.words["no_opening"].format(id=name if sign else text))
        if not number.strip().isdecimal() or not 1 <= int(number) <= MILLION:
            raise WrongUsage(self.words["bad_number"].format(found=number))
        return self.case.openings.index(name), int(number)

    def _either(self, text: str) -> tuple[str, int]:
        kinds = {"student": self.case.students, "opening": self.case.openings}
        found = [kind for kind, ids in kinds.items() if text in ids]
        prefix, _, rest = text.partition(":")
        if not found and prefix in kinds and rest in kinds[prefix]:
            return prefix, kinds[prefix].index(rest)
        if len(found) == 1:
            return found[0], kinds[found[0]].index(text)
        raise WrongUsage(self.words["both" if found else "neither"].format(id=text))

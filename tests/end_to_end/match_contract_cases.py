"""What the contract tests share: a leaver and a vacancy that fit with nothing left to ask, and one run of `match`.

The policy counts the branch alone, so a fit is known by hand: 1 for the first wish, 0.85 for the second, 0.70
for the third, 0.55 and 0.40 further down, 0.20 for a branch that is not named.
"""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ON = "2026-06-15"
START = "2026-09-01"
Row = Mapping[str, object]

LEAVER: dict[str, object] = {
    "student_ref": "A",
    "school": "31TA00",
    "referrer": "",
    "school_type": "pro",
    "leaving_profile": "",
    "first_name": "",
    "birth_date": "2006-03-01",
    "enrolled": "yes",
    "leaves_on": "2026-07-17",
    "available_from": "",
    "postcode": "8102",
    "travel_means": "bicycle",
    "max_km": "10",
    "max_minutes": "45",
    "travels_alone": "yes",
    "hours_min": "24",
    "hours_max": "32",
    "branches": "green",
    "branches_excluded": "",
    "route": "individual",
    "contract_types": "work_experience",
    "tasks_wanted": "",
    "tasks_disliked": "none",
    "work_skills": "pace=2",
    "support_needed": "none",
    "support_half_days": "0",
    "conditions_wanted": "outdoors",
    "conditions_unacceptable": "none",
    "certificates": "none",
    "level": "school_diploma",
    "work_capacity": "yes",
    "consent_on": "2026-05-01",
    "confirmed_on": "2026-06-01",
    "destination": "",
}
VACANCY: dict[str, object] = {
    "vacancy_ref": "V1",
    "employer_kvk": "99030001",
    "employer": "Groen en Co",
    "title": "Medewerker groen",
    "tasks": "weed",
    "description": "",
    "branch": "green",
    "postcode": "8102",
    "place": "",
    "starts_on": START,
    "places": "1",
    "min_to_open": "",
    "present": "",
    "certainty": "firm",
    "duration_months": "12",
    "route": "individual",
    "entry": "either",
    "contract_type": "work_experience",
    "participation_option": "3",
    "participation_criteria": "concept|results|werkschool|mentor_fte|job_guarantee|custom_work",
    "hours_min": "24",
    "hours_max": "32",
    "starts_at": "08:00",
    "ends_at": "16:30",
    "age_min": "",
    "age_max": "",
    "level_min": "none",
    "certificates_required": "",
    "certificates_obtainable": "vca",
    "support_offered": "",
    "supervision_half_days": "",
    "conditions": "outdoors",
    "work_skills": "pace=1",
    "closes_on": "",
    "confirmed_on": "2026-06-01",
}
DECISION: dict[str, object] = {
    "school": "31TA00", "student_ref": "A", "vacancy_ref": "V1", "starts_on": "", "decision": "pin", "reason": "",
    "on": "2026-06-10",
}  # fmt: skip
FEATURES = ("branch", "tasks", "work_skills", "support", "travel", "hours", "conditions", "route", "development",
            "contract")  # fmt: skip
BRANCH_ALONE = "[weights]\nbranch = 1\n" + "".join(f"{name} = 0\n" for name in FEATURES[1:])
NO_FLOOR = "min_fit = 0\n"
MATCHED = {
    "proposals.csv", "alternatives.csv", "unplaced.csv", "openings.csv", "rows.csv", "report.json", "report.html",
    "result.xlsx", "questions.csv", "texts.csv", "timings.json", "case",
}  # fmt: skip
RULES = (
    "work_capacity", "work_capacity_unknown", "destination", "leaving_profile", "age", "entry", "route",
    "contract_type", "dates", "hours", "region", "reach", "first_transport", "branch", "certificate", "level",
    "under_18", "under_18_schooling", "support", "condition", "task", "skill", "participation", "freshness", "min_fit",
    "forbidden", "full", "closed",
)  # fmt: skip
"""The codes of the table of hard rules in their order, with what counts lost openings."""


def leaver(ref: str = "A", **over: object) -> dict[str, object]:
    """A row of the leaver list that nothing speaks against."""
    return LEAVER | {"student_ref": ref} | over


def vacancy(ref: str = "V1", **over: object) -> dict[str, object]:
    """A row of the vacancy list that fits the leaver of `leaver`."""
    return VACANCY | {"vacancy_ref": ref} | over


def decision(ref: str, vacancy_ref: str, word: str, **over: object) -> dict[str, object]:
    """A row of the decisions."""
    return DECISION | {"student_ref": ref, "vacancy_ref": vacancy_ref, "decision": word} | over


def csv_text(rows: Iterable[Row], header: Sequence[str] | None = None) -> str:
    """The rows as CSV, under the union of their keys."""
    listed = list(rows)
    names = list(header or dict.fromkeys(name for row in listed for name in row))
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return stream.getvalue()


def plain(text: str) -> str:
    """A cell without the apostrophe that guards a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@\t\r") else text


@dataclass(frozen=True)
class Done:
    """One run: its exit status, its folder, and what it said."""

    status: int
    out: Path
    stdout: str
    stderr: str

    def names(self) -> set[str]:
        """What lies in the folder."""
        return {path.name for path in self.out.iterdir()} if self.out.is_dir() else set()

    def header(self, name: str) -> list[str]:
        """The header of a CSV."""
        with (self.out / name).open(encoding="utf-8", newline="") as stream:
            return next(csv.reader(stream))

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV as they stand."""
        with (self.out / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def json(self, name: str = "report.json") -> dict[str, Any]:
        """A JSON file."""
        content: dict[str, Any] = json.loads((self.out / name).read_text(encoding="utf-8"))
        return content

    def plan(self) -> dict[str, str]:
        """Student reference -> vacancy, with the start date where it is not the usual one; empty when unplaced."""
        return {
            plain(row["student_ref"]): plain(row["vacancy_ref"])
            + ("" if row["starts_on"] in ("", START) else f"@{row['starts_on']}")
            for row in self.rows("proposals.csv")
        }

    def blocked(self, ref: str = "A") -> str:
        """What blocks an unplaced student."""
        return next(row["blocked"] for row in self.rows("unplaced.csv") if row["student_ref"] == ref)

    def points(self, ref: str = "A") -> list[str]:
        """The codes of a student's points to check."""
        cell = next(row["to_check"] for row in self.rows("proposals.csv") if row["student_ref"] == ref)
        return [point.split(": ", 1)[0] for point in cell.split("|")] if cell else []

    def files(self) -> dict[str, bytes]:
        """Every file by its path within the folder, timings left out."""
        found = {str(p.relative_to(self.out)): p.read_bytes() for p in sorted(self.out.rglob("*")) if p.is_file()}
        found.pop("timings.json", None)
        return found


class Desk:
    """A folder in which lists are written and matched."""

    def __init__(self, folder: Path, said: pytest.CaptureFixture[str]) -> None:
        self.folder, self.said = folder, said

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file and return its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *args: object) -> tuple[int, str, str]:
        """Call the command; return status, stdout and stderr."""
        from api.cli import run

        self.said.readouterr()
        status = run([str(arg) for arg in args])
        said = self.said.readouterr()
        return status, said.out, said.err

    def match(
        self,
        leavers: Sequence[Row] | str | Path,
        vacancies: Sequence[Row] | str | Path,
        *args: object,
        policy: str | None = BRANCH_ALONE,
        decisions: Sequence[Row] | str | None = None,
        on: str = ON,
        out: str = "out",
    ) -> Done:
        """Write the lists and match them."""
        given: list[object] = [self._list("leavers.csv", leavers), self._list("vacancies.csv", vacancies)]
        if policy is not None:
            given += ["--policy", self.write("policy.toml", policy)]
        if decisions is not None:
            given += ["--decisions", self._list("decisions.csv", decisions)]
        folder = self.folder / out
        status, stdout, stderr = self.run("match", *given, "--on", on, "--out", folder, *args)
        return Done(status, folder, stdout, stderr)

    def verify(self, out: str | Path = "out") -> tuple[int, str]:
        """Verify a folder; return the status and what was said."""
        status, stdout, stderr = self.run("verify", self.folder / out)
        return status, stdout + stderr

    def _list(self, name: str, rows: Sequence[Row] | str | Path) -> Path:
        if isinstance(rows, Path):
            return rows
        return self.write(name, rows if isinstance(rows, str) else csv_text(rows))

"""A small cohort with everything a report can show, run through the real pipeline."""
from __future__ import annotations

from datetime import date
from functools import cache

from api.match_report import Decision, MatchReport
from api.pipeline import run_match
from api.policy import Policy
from features.records import Background, Demand, Location, Opening, Student, SupportNeed

ON = date(2026, 6, 1)
START, LATER = date(2026, 9, 1), date(2027, 2, 1)
RAALTE = Location("8102", 52.386, 6.276, "GM0177", "AM36")
ZWOLLE = Location("8011", 52.512, 6.094, "GM0193", "AM36")
DEVENTER = Location("Deventer", 52.255, 6.163, "GM0150", "AM06")
SECRET = "ik hou van mijn zeldzame okapi"


def student(ref: str, **given: object) -> Student:
    known: dict[str, object] = {
        "school": "25AB00", "student_ref": ref, "birth_date": date(2008, 3, 14), "work_capacity": "yes",
        "leaves_on": date(2026, 7, 15), "location": RAALTE, "travel_means": ("bicycle",), "max_km": 60.0,
        "max_minutes": 240.0, "travels_alone": True, "hours_min": 16.0, "hours_max": 32.0,
        "branches": ("green", "infra"),
        "route": ("individual", "group"), "contract_types": ("internship", "apprenticeship"),
        "tasks_wanted": ("straten leggen",), "work_skills": (("pace", 2),), "conditions_wanted": ("outdoors",),
        "support_needed": (SupportNeed("fixed_instructor", "structural", essential=True),),
        "support_half_days": 1.0, "conditions_unacceptable": (), "certificates": (), "level": "school_diploma",
        "consent_on": ON, "confirmed_on": ON,
        "background": Background(first_name=f"Voornaam{ref}", school_type="pro", own_words=SECRET),
    }  # fmt: skip
    return Student(**(known | given))  # type: ignore[arg-type]


def opening(ref: str, starts_on: date = START, **given: object) -> Opening:
    known: dict[str, object] = {
        "vacancy_ref": ref, "employer_kvk": "12345678", "branch": "green", "starts_on": starts_on, "places": 2,
        "tasks": (Demand("gras maaien"),), "employer": f"Bedrijf {ref}", "title": "Medewerker", "location": ZWOLLE,
        "route": "individual", "contract_type": "apprenticeship", "hours_min": 24.0, "hours_max": 36.0,
        "support_offered": (("fixed_instructor", "yes"),), "conditions": ("outdoors",),
        "starts_at": 480, "ends_at": 960,
        "work_skills": (Demand("pace", must=False, level=2),), "confirmed_on": ON, "certificates_obtainable": ("vca",),
        "criteria_met": ("concept", "results", "werkschool", "mentor_fte", "job_guarantee"),
    }  # fmt: skip
    return Opening(**(known | given))  # type: ignore[arg-type]


STUDENTS = (
    student("01"),
    student("02", branches=("infra",), consent_on=None, location=DEVENTER),
    student("03", support_needed=(), hours_max=24.0, travel_means=()),
    student("04", support_needed=None, work_skills=(), branches=()),
    student("05", destination="mbo"),
    student("06", work_capacity="unknown"),
    student("07", work_capacity="no"),
    student("08", branches_excluded=("green", "infra")),
    student("09", leaves_on=date(2025, 7, 1), hours_min=4.0, hours_max=6.0),
    student("10", birth_date=date(2009, 11, 2), conditions_wanted=("animals",)),
    student("11", school="=SUM(1)", background=Background(first_name="<b>Bo|s</b>", school_type="vso")),
    student("12", branches=("retail", "cleaning", "green")),
)
OPENINGS = (
    opening("V1"),
    opening("V2", branch="infra", places=1, location=RAALTE, supervision_half_days=1.0),
    opening("V3", branch="infra", route="group", places=12, min_to_open=10, title="Groep grondwerk"),
    opening("V3", LATER, branch="infra", route="group", places=3, min_to_open=4, present=2, certainty="planned"),
    opening("V4", places=0),
    opening("V5", branch="retail", employer="Winkel & <Zoon>", title='Hulp "in" de winkel', age_min=30),
    opening("V6", branch="green", contract_type="internship", support_offered=(("fixed_instructor", "limited"),)),
)
DECISIONS = (
    Decision("25AB00", "08", "V1", START, "pin", on=ON),
    Decision("25AB00", "01", "V6", START, "reject", "travel", on=ON),
)
ROWS: tuple[tuple[str, ...], ...] = (
    ("leavers.csv", "7", "branche", "error", "unknown_code", "infa", "een branche", "Bedoel je `infra`?"),
    ("leavers.csv", "9", "", "warning", "unasked_column", "=1+1", "", "Deze kolom slaan we niet op."),
)


@cache
def report(lang: str = "nl", objective: str = "placed") -> MatchReport:
    policy = Policy(min_fit=300_000, objective=objective)
    return run_match(STUDENTS, OPENINGS, policy, DECISIONS, on=ON, lang=lang, versions={"schakel": "0.1.0"})

"""A drawn cohort with everything a plan must hold at once: groups, supervision, caps, decisions, equal students."""
from __future__ import annotations

import random

from tests.end_to_end.match_contract_cases import decision, leaver, vacancy

BRANCHES = ("green", "retail", "logistics", "hospitality", "metal")
PLACES = ("8102", "8103", "8121", "7411", "7415")
CAPS = '[[caps]]\nbranch = "green"\nat_most = 5\n'
Rows = list[dict[str, object]]


def cohort(seed: int = 1, students: int = 24) -> tuple[Rows, Rows, Rows]:
    """Leavers, vacancies and decisions; many students are alike, so that ties must be settled by a rule."""
    draw = random.Random(seed)
    leavers: Rows = []
    for k in range(students):
        late = draw.random() < 0.2
        leavers.append(
            leaver(
                f"{k:03d}", school=draw.choice(["31TA00", "31TB00"]), school_type=draw.choice(["pro", "vso"]),
                birth_date=f"{draw.choice([2005, 2006, 2007])}-0{draw.randint(1, 9)}-15",
                enrolled="no" if late else "yes", leaves_on="2025-07-18" if late else "2026-07-17",
                postcode=draw.choice(PLACES), max_km=draw.choice(["10", "25", "40"]), max_minutes="90",
                travel_means=draw.choice(["bicycle", "e_bike|public_transport", "car"]),
                branches="|".join(draw.sample(BRANCHES, draw.randint(1, 3))),
                route=draw.choice(["individual", "individual|group", "group"]),
                support_needed=draw.choice(["none", "own_pace", "quiet_spot!", "own_pace|repetition"]),
                support_half_days=draw.choice(["0", "0.5", "1", ""]), hours_max=draw.choice(["28", "32"]),
                consent_on=draw.choice(["2026-05-01", ""]),
            )
        )
    vacancies: Rows = []
    for k in range(12):
        group = k % 4 == 3
        vacancies.append(
            vacancy(
                f"V{k}", branch=BRANCHES[k % 5], postcode=draw.choice(PLACES),
                places=str(6 if group else draw.randint(1, 2)), route="group" if group else "individual",
                min_to_open="4" if group else "", present="1" if group else "",
                supervision_half_days=draw.choice(["", "1", "2"]), support_offered="own_pace|quiet_spot=limited",
                starts_on=draw.choice(["2026-09-01", "2027-02-01"]), certainty=draw.choice(["firm", "planned"]),
            )
        )
    said = [
        decision("003", str(vacancies[0]["vacancy_ref"]), "pin", school=leavers[3]["school"]),
        decision("004", "V2", "reject", school=leavers[4]["school"]),
        decision("005", "V4", "reject", school=leavers[5]["school"], starts_on=vacancies[4]["starts_on"]),
    ]
    return leavers, vacancies, said

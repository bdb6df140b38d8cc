"""Who takes part in no plan and what to do; who could act on a rule; where one more place helps."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

LEFT_OUT: Catalogue = {
    "no_region": ("We weten niet waar de leerling woont. Vul de postcode of woonplaats in.",
                  "We do not know where the student lives. Fill in the postcode or place."),
    "work_capacity": ("De school zegt dat werken nog niet kan. Klopt dat nog?",
                      "The school says that work is not possible yet. Is that still right?"),
    "work_capacity_unknown": ("Vul in of de leerling kan werken.", "Fill in whether the student can work."),
    "destination": ("De leerling heeft al een bestemming. Klopt die nog?",
                    "The student already has a destination. Is it still right?"),
    "leaving_profile": ("De leerling gaat naar dagbesteding. Klopt dat nog?",
                        "The student goes to day activities. Is that still right?"),
    "not_looking": ("De leerling zoekt na de vorige plek geen nieuwe. Meld waar de leerling nu is. Is er geen "
                    "bestemming, dan doet de leerling weer mee.",
                    "After the last place the student does not look for another. Report where the student is now. "
                    "Without a destination, the student takes part again."),
    "freshness": ("De gegevens zijn te oud. Kijk ze na en bevestig ze.",
                  "The data are too old. Look at them and confirm them."),
    "no_plan": ("In deze regio is nog geen plan overgenomen.", "In this region no plan has been taken over yet."),
    "next_run": ("De leerling is nieuw en doet mee met de volgende berekening.",
                 "The student is new and takes part in the next run."),
    "rejected": ("De plek uit het plan past niet. Bereken opnieuw of zoek buiten de lijst.",
                 "The place in the plan does not fit. Compute again or search outside the list."),
}  # fmt: skip
"""In this order the first that holds is said."""
ACTORS: Catalogue = {
    "student": ("leerling", "student"), "school": ("school", "school"), "employer": ("werkgever", "employer"),
    "connector": ("verbinder", "connector"),
}  # fmt: skip
WHO = {
    "work_capacity": "school", "work_capacity_unknown": "school", "destination": "school", "leaving_profile": "school",
    "age": "employer", "entry": "connector", "route": "student", "contract_type": "student", "dates": "employer",
    "hours": "employer", "region": "connector", "reach": "student", "branch": "student", "certificate": "employer",
    "level": "employer", "under_18": "connector", "support": "employer", "condition": "employer", "task": "employer",
    "skill": "employer", "participation": "employer", "freshness": "school", "min_fit": "connector",
    "forbidden": "connector", "full": "employer", "closed": "employer", "no_region": "school", "no_plan": "connector",
    "next_run": "connector", "rejected": "connector", "not_looking": "school",
}  # fmt: skip
"""Who can act first, by the code of a rule or of `LEFT_OUT`."""

"""What `schakel match` says of its own accord."""
from __future__ import annotations

MATCH_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "refused": "Geweigerd: {files} kan niet als geheel gelezen worden. Wat er mis is staat in rows.csv{first}",
        "no_rows": "Geweigerd: er is geen bruikbare rij over in {files}. Wat er mis is staat in rows.csv{first}",
        "strict": "Gestopt door --strict: {count} fout(en) in de bestanden. Ze staan in rows.csv{first}",
        "time_limit": "De tijdsgrens is bereikt. Het beste plan tot nu toe is geschreven, met zijn marge.",
        "no_plan_yet": "De tijdsgrens is bereikt voordat er een plan was. Geef meer tijd in het beleid.",
        "no_fit": "Geweigerd: bij het doel balanced telt alleen een passing boven 0, en {student} heeft 0 bij "
        "{opening}. Zet min_fit in het beleid boven 0, kies een ander doel, of trek het besluit over dit paar in.",
        "unknown_person": "Deze leerling staat niet (of niet zonder fouten) in de leerlingenlijst. Controleer school "
        "en leerlingnummer.",
        "unknown_vacancy": "Deze vacature of startdatum staat niet (of niet zonder fouten) in de vacaturelijst. "
        "Controleer vacaturenummer en startdatum.",
        "student": "een leerling uit de leerlingenlijst",
        "vacancy": "een vacature uit de vacaturelijst",
        "and": "en",
        "first": ". De eerste: {message}",
    },
    "en": {
        "refused": "Refused: {files} cannot be read as a whole. What is wrong stands in rows.csv{first}",
        "no_rows": "Refused: no usable row is left in {files}. What is wrong stands in rows.csv{first}",
        "strict": "Stopped by --strict: {count} error(s) in the files. They stand in rows.csv{first}",
        "time_limit": "The time limit struck. The best plan so far is written, with its gap.",
        "no_plan_yet": "The time limit struck before there was a plan. Allow more time in the policy.",
        "no_fit": "Refused: the objective balanced needs every fit above 0, and {student} has 0 at {opening}. Set "
        "min_fit above 0 in the policy, choose another objective, or take back the decision on this pair.",
        "unknown_person": "This student is not (or not without errors) in the leaver list. Check school and "
        "student_ref.",
        "unknown_vacancy": "This vacancy or start date is not (or not without errors) in the vacancy list. Check "
        "vacancy_ref and starts_on.",
        "student": "a student of the leaver list",
        "vacancy": "a vacancy of the vacancy list",
        "and": "and",
        "first": ". The first: {message}",
    },
}

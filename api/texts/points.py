"""Points to check on a pair that stays eligible: what is not known or needs a word, and who to ask.

``POINTS`` is the sentence beside a proposal, ``TO_DO`` the heading when the same point is gathered over many.
"""
from __future__ import annotations

from api.texts.catalogue import Catalogue

POINTS: Catalogue = {
    "age": ("Controleer de leeftijd.", "Check the age."),
    "entry": (
        "Vraag of de school meedoet aan de werkschool.", "Ask if the school is a member of the werkschool."),
    "route": (
        "Vraag of het om een groep of een plek alleen gaat.", "Ask if this is about a group or an individual place."),
    "contract_type": ("Vraag welk soort contract goed is.", "Ask which type of contract is fine."),
    "dates": ("Vraag vanaf wanneer de leerling kan beginnen.", "Ask from when the student can start."),
    "hours": ("Vraag hoeveel uur per week kan.", "Ask how many hours a week are possible."),
    "region": ("Vraag waar het is. De regio is niet bekend.", "Ask where it is. The region is not known."),
    "reach": ("Vraag hoe de leerling kan reizen.", "Ask how the student can travel."),
    "first_transport": (
        "Het werk begint vroeg. Kijk of er dan al een bus of trein rijdt.",
        "Work starts early. See if a bus or train runs by then."),
    "branch": ("Vraag of deze branche goed is.", "Ask if this branch is fine."),
    "certificate": ("Vraag welke certificaten de leerling heeft.", "Ask which certificates the student has."),
    "level": ("Vraag welk niveau de leerling heeft.", "Ask which level the student has."),
    "under_18": (
        "De leerling is jonger dan 18. Controleer de werktijden en de veiligheid.",
        "The student is under 18. Check working times and safety."),
    "under_18_schooling": (
        "De leerling is jonger dan 18. Regel ook scholing bij deze baan.",
        "The student is under 18. Arrange schooling with this job too."),
    "age_usual": (
        "Een groep is meestal voor 18 tot en met 24 jaar.", "A group is usually for ages 18 to 24."),
    "support": (
        "Vraag of de werkgever de begeleiding kan geven die echt nodig is.",
        "Ask if the employer can give the guidance that is really needed."),
    "condition": (
        "Vraag of er iets in het werk is dat niet kan.", "Ask if something in the work is not possible."),
    "task": ("Vraag of de leerling alle vaste taken wil doen.", "Ask if the student wants to do all fixed tasks."),
    "skill": ("Vraag of de werkvaardigheden genoeg zijn.", "Ask if the work skills are enough."),
    "participation": (
        "Vraag of de werkgever alles doet wat nodig is.", "Ask if the employer meets every criterion."),
    "freshness": ("Vraag of de gegevens nog kloppen.", "Ask if the data are still right."),
    "consent": ("Vraag de leerling om toestemming.", "Ask the student for consent."),
    "planned": (
        "De vacature is nog niet zeker. Vraag de werkgever.", "The vacancy is not certain yet. Ask the employer."),
    "load": (
        "Vraag hoeveel dagdelen begeleiding nodig zijn.", "Ask how many half-days of guidance are needed."),
    "min_fit": ("Het werk past nog niet goed genoeg.", "The fit is still too low."),
    "work_capacity": ("Vraag of de leerling kan werken.", "Ask if the student can work."),
    "work_capacity_unknown": ("Vraag of de leerling kan werken.", "Ask if the student can work."),
    "destination": ("Controleer de bestemming.", "Check the destination."),
    "leaving_profile": ("Controleer het uitstroomprofiel.", "Check the leaving profile."),
    "forbidden": ("Bekijk of de afwijzing nog klopt.", "See if the rejection is still right."),
}  # fmt: skip

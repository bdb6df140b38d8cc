"""What to ask next, as sentences: of the school or student, and of the employer."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

OF_STUDENT: Catalogue = {
    "work_capacity": ("Vraag de school of de leerling kan werken.", "Ask the school if the student can work."),
    "location": ("Vraag waar de leerling woont.", "Ask where the student lives."),
    "available_from": ("Vraag vanaf wanneer de leerling kan beginnen.", "Ask from when the student can start."),
    "travel_means": ("Vraag hoe de leerling kan reizen.", "Ask by what means the student can travel."),
    "travel_limit": (
        "Vraag hoe ver of hoe lang de leerling wil reizen.",
        "Ask how far or how long the student can travel."),
    "travels_alone": ("Vraag of de leerling alleen kan reizen.", "Ask if the student can travel alone."),
    "hours": (
        "Vraag hoeveel uur per week de leerling kan werken.",
        "Ask how many hours a week the student can work."),
    "branches": (
        "Vraag in welke branches de leerling wil werken.",
        "Ask in which branches the student wants to work."),
    "tasks_wanted": ("Vraag welk werk de leerling graag doet.", "Ask which work the student likes to do."),
    "route": (
        "Vraag of de leerling alleen of in een groep wil.",
        "Ask if the student wants a group or an individual place."),
    "contract_types": ("Vraag welk soort contract goed is.", "Ask which types of contract are fine."),
    "work_skills": ("Vraag de school naar de werkvaardigheden.", "Ask the school about the work skills."),
    "support_needed": ("Vraag welke begeleiding de leerling nodig heeft.", "Ask which support the student needs."),
    "support_half_days": (
        "Vraag hoeveel dagdelen begeleiding nodig zijn.",
        "Ask how many half-days of support are needed."),
    "conditions_wanted": ("Vraag wat de leerling fijn vindt in het werk.", "Ask what the student likes in the work."),
    "conditions_unacceptable": (
        "Vraag wat de leerling in het werk niet kan.",
        "Ask what in the work is not possible."),
    "certificates": ("Vraag welke certificaten de leerling heeft.", "Ask which certificates the student has."),
    "level": ("Vraag welk niveau de leerling heeft.", "Ask which level the student has."),
    "confirmed_on": ("Vraag of de gegevens nog kloppen.", "Ask if the data are still right."),
}  # fmt: skip
OF_OPENING: Catalogue = {
    "location": ("Vraag waar het werk is.", "Ask where the work is."),
    "hours": ("Vraag hoeveel uur per week het werk is.", "Ask how many hours a week the work is."),
    "times": ("Vraag hoe laat het werk begint en eindigt.", "Ask when the work starts and ends."),
    "route": ("Vraag of het om een groep of een eigen plek gaat.", "Ask if this is a group or an individual place."),
    "contract_type": ("Vraag welk soort contract het is.", "Ask which type of contract it is."),
    "support_offered": ("Vraag welke begeleiding de werkplek biedt.", "Ask which support the workplace offers."),
    "conditions": (
        "Vraag hoe het werk eruitziet: buiten, lawaai, tillen.",
        "Ask what the work is like: outdoors, noise, lifting."),
    "work_skills": (
        "Vraag wat iemand moet kunnen om te beginnen.",
        "Ask what somebody must be able to do at the start."),
    "certificates_obtainable": (
        "Vraag welk certificaat of diploma te halen is.",
        "Ask which certificate or diploma can be earned."),
    "participation": (
        "Vraag hoe de werkgever meedoet en wat al geregeld is.",
        "Ask how the employer takes part and what is arranged."),
    "job_guarantee": ("Vraag of er na de plek een baan is.", "Ask if there is a job after it."),
    "duration_months": ("Vraag hoeveel maanden het werk duurt.", "Ask how many months the work lasts."),
    "trial_months": ("Vraag hoe lang de proeftijd is.", "Ask how long the trial is."),
    "confirmed_on": ("Vraag of de vacature nog klopt.", "Ask if the vacancy is still right."),
}  # fmt: skip
SAYS: Catalogue = {
    "complete": ("{share} % ingevuld", "{share} % filled in"),
    "fresh": ("bevestigd {days} dagen geleden", "confirmed {days} days ago"),
    "fresh_one": ("bevestigd 1 dag geleden", "confirmed 1 day ago"),
    "fresh_today": ("vandaag bevestigd", "confirmed today"),
    "marked": ("{days} dagen geleden bevestigd: vraag of het nog klopt",
               "confirmed {days} days ago: ask if it is still right"),
    "old": ("{days} dagen geleden bevestigd: te oud voor een voorstel",
            "confirmed {days} days ago: too old for a proposal"),
    "unknown": ("nog niet bevestigd", "not confirmed yet"),
    "ask": ("Vraag dit eerst", "Ask this first"),
    "decides_student": (
        "Hiervan hangt af of {n} vacatures kunnen.",
        "Whether {n} vacancies are possible depends on it."),
    "decides_student_one": ("Hiervan hangt af of 1 vacature kan.", "Whether 1 vacancy is possible depends on it."),
    "decides_opening": (
        "Hiervan hangt af of {n} leerlingen hier kunnen.",
        "Whether {n} students can come here depends on it."),
    "decides_opening_one": (
        "Hiervan hangt af of 1 leerling hier kan.",
        "Whether 1 student can come here depends on it."),
    "mean_students": ("Profielen zijn gemiddeld voor {share} % ingevuld. {fresh} van {n} zijn korter dan {days} dagen "
                      "geleden bevestigd.",
                      "Profiles are {share} % filled in on average. {fresh} of {n} were confirmed less than {days} "
                      "days ago."),
    "mean_openings": ("Vacatures zijn gemiddeld voor {share} % ingevuld. {fresh} van {n} zijn korter dan {days} dagen "
                      "geleden bevestigd.",
                      "Vacancies are {share} % filled in on average. {fresh} of {n} were confirmed less than {days} "
                      "days ago."),
}  # fmt: skip

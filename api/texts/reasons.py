"""Why a place fits or fits less, and what is not known, per feature: for the connector, in plain words.

A key is the feature, then which of its sentences. A sentence holds a fact of the pair; whether it may be said
at all follows from the sign of the contribution (`api.explain.reasons`).
"""
from __future__ import annotations

from api.texts.catalogue import Catalogue

REASONS: Catalogue = {
    "branch_first": ("De branche {branch} staat bovenaan bij de wensen.", "The branch {branch} is the first wish."),
    "branch_rank": (
        "De branche {branch} staat op plek {rank} bij de wensen.", "The branch {branch} is wish number {rank}."),
    "branch_late": (
        "De branche {branch} staat pas op plek {rank} bij de wensen.",
        "The branch {branch} is only wish number {rank}."),
    "branch_absent": ("De branche {branch} staat niet bij de wensen.", "The branch {branch} is not among the wishes."),
    "branch_excluded": ("De leerling wil de branche {branch} niet.", "The student does not want the branch {branch}."),
    "branch_unknown": ("Niet bekend welke branche de leerling wil.", "Not known which branch the student wants."),
    "tasks_wanted_able": (
        "De leerling wil en kan dit al: {tasks}.", "The student wants this and can do it already: {tasks}."),
    "tasks_wanted": ("De leerling wil dit graag doen: {tasks}.", "The student would like to do this: {tasks}."),
    "tasks_able": ("De leerling kan dit al: {tasks}.", "The student can do this already: {tasks}."),
    "tasks_close": ("De taken passen bij wat de leerling wil.", "The tasks suit what the student wants."),
    "tasks_disliked": ("De leerling doet dit liever niet: {tasks}.", "The student would rather not do this: {tasks}."),
    "tasks_absent": ("Dit staat niet bij de wensen: {tasks}.", "This is not among the wishes: {tasks}."),
    "tasks_unknown": ("Niet bekend of de taken bij de wensen passen.", "Not known if the tasks suit the wishes."),
    "work_skills_all": (
        "De werkvaardigheden zijn genoeg voor wat het werk vraagt.", "The work skills are enough for what is asked."),
    "work_skills_met": ("De leerling kan genoeg bij: {skills}.", "The student is able enough at: {skills}."),
    "work_skills_most": (
        "Van de {n} gevraagde werkvaardigheden zijn er {k} genoeg.", "Of the {n} work skills asked, {k} are enough."),
    "work_skills_close": (
        "De werkvaardigheden komen dicht bij wat het werk vraagt.", "The work skills come close to what is asked."),
    "work_skills_short": ("Het werk vraagt meer bij: {skills}.", "The work asks more at: {skills}."),
    "work_skills_unknown": (
        "Niet bekend of de werkvaardigheden genoeg zijn.", "Not known if the work skills are enough."),
    "support_none": ("De leerling heeft geen extra begeleiding nodig.", "The student needs no extra guidance."),
    "support_all": (
        "De werkplek biedt alle begeleiding die nodig is: {items}.",
        "The workplace offers all guidance needed: {items}."),
    "support_some": (
        "De werkplek biedt begeleiding die nodig is: {items}.",
        "The workplace offers guidance needed: {items}."),
    "support_limited": (
        "De werkplek biedt een deel van de begeleiding: {items}.",
        "The workplace offers part of the guidance: {items}."),
    "support_missing": (
        "Deze begeleiding biedt de werkplek niet: {items}.", "This guidance the workplace does not offer: {items}."),
    "support_short": ("Deze begeleiding is er maar beperkt: {items}.", "This guidance is there in part only: {items}."),
    "support_unknown": (
        "Niet bekend of de begeleiding past bij wat nodig is.", "Not known if the guidance meets what is needed."),
    "support_unknown_items": (
        "Niet bekend of de werkplek dit biedt: {items}.", "Not known if the workplace offers this: {items}."),
    "travel_minutes": (
        "De reis duurt ongeveer {minutes} minuten {means}.", "The journey takes about {minutes} minutes {means}."),
    "travel_km": ("Het is ongeveer {km} kilometer naar het werk.", "It is about {km} kilometres to work."),
    "travel_near": ("Het werk is vlakbij.", "The work is close by."),
    "travel_long": (
        "De reis duurt ongeveer {minutes} minuten {means}. De grens is {limit}.",
        "The journey takes about {minutes} minutes {means}. The limit is {limit}."),
    "travel_far": (
        "Het is ongeveer {km} kilometer. De grens is {limit}.", "It is about {km} kilometres. The limit is {limit}."),
    "travel_distant": ("Het is ver: ongeveer {km} kilometer.", "It is far: about {km} kilometres."),
    "travel_water": ("Er is water tussen, zonder brug.", "There is water in between, without a bridge."),
    "travel_unknown": ("Niet bekend hoe ver de leerling kan reizen.", "Not known how far the student can travel."),
    "hours_fit": ("De uren passen: {hours} per week.", "The hours fit: {hours} a week."),
    "hours_partly": (
        "De uren passen maar voor een deel: {hours} per week.", "The hours fit only in part: {hours} a week."),
    "hours_apart": ("De uren passen niet.", "The hours do not fit."),
    "hours_unknown": ("Niet bekend of de uren passen.", "Not known if the hours fit."),
    "range": ("{low} tot {high} uur", "{low} to {high} hours"),
    "range_equal": ("{low} uur", "{low} hours"),
    "range_from": ("vanaf {low} uur", "from {low} hours"),
    "range_to": ("tot {high} uur", "up to {high} hours"),
    "conditions_met": (
        "Dit wil de leerling graag en is er: {items}.",
        "The student likes this and it is there: {items}."),
    "conditions_missing": (
        "Dit wil de leerling graag, maar is er niet: {items}.", "The student likes this but it is not there: {items}."),
    "conditions_unknown": (
        "Niet bekend of het werk heeft wat de leerling graag wil.",
        "Not known if the work has what the student likes."),
    "route_group": ("Het is een groep. Dat wil de leerling ook.", "It is a group. The student wants that too."),
    "route_individual": (
        "Het is een eigen plek, zonder groep. Dat wil de leerling ook.",
        "It is an individual place. The student wants that too."),
    "route_group_not": ("Het is een groep. De leerling koos anders.", "It is a group. The student chose otherwise."),
    "route_individual_not": (
        "Het is een eigen plek, zonder groep. De leerling koos anders.",
        "It is an individual place. The student chose otherwise."),
    "route_unknown": (
        "Niet bekend of het een groep of eigen plek moet zijn.",
        "Not known if it should be a group or not."),
    "development_new": ("De leerling kan hier halen: {items}.", "The student can earn here: {items}."),
    "development_diploma": (
        "De leerling kan hier leren voor een diploma.", "The student can learn for a diploma here."),
    "development_held": (
        "Wat hier te halen is, heeft de leerling al.", "The student already has what can be earned here."),
    "development_mbo2": (
        "De leerling heeft al mbo 2. Een diploma hier voegt minder toe.",
        "The student has mbo 2 already. A diploma here adds less."),
    "development_little": ("Hier is weinig nieuws te halen.", "There is little new to earn here."),
    "development_unknown": (
        "Niet bekend welk certificaat of diploma hier te halen is.",
        "Not known which certificate or diploma can be earned here."),
    "contract_type": (
        "Het is {contract}. Dat geeft uitzicht op werk.",
        "It is {contract}. That gives prospect of work."),
    "contract_guarantee": ("De werkgever geeft een baangarantie.", "The employer gives a job guarantee."),
    "contract_months": ("Het werk duurt {months} maanden.", "The work lasts {months} months."),
    "contract_trial_short": ("Er is een korte proeftijd of geen.", "There is a short trial or none."),
    "contract_type_not": (
        "Het is {contract}. Dat geeft minder zicht op een baan.",
        "It is {contract}. That gives less prospect of a job."),
    "contract_guarantee_not": ("De werkgever geeft geen baangarantie.", "The employer gives no job guarantee."),
    "contract_months_not": ("Het werk duurt maar {months} maanden.", "The work lasts only {months} months."),
    "contract_trial_long": ("De proeftijd is lang: {months} maanden.", "The trial is long: {months} months."),
    "contract_unknown": (
        "Niet bekend welk contract dit is en wat erna komt.", "Not known which contract this is and what comes after."),
}  # fmt: skip

"""Why a candidate may suit the work, for the employer, who is "u": about the work, with no personal detail.

No name, school, age, place, wish, support need or figure of the candidate; travel in three bands. Only what is here
is said. Keys as in `api.texts.reasons`; ``travel`` has keys of its own.
"""
from __future__ import annotations

from api.texts.catalogue import Catalogue

EMPLOYER_INTRO: Catalogue = {
    "place": ("Er is een kandidaat voor uw vacature.", "There is a candidate for your vacancy."),
    "group": ("Er is een kandidaat voor uw groep.", "There is a candidate for your group."),
    "choice": ("De verbinder vertelt u meer als de kandidaat dat goed vindt.",
               "The connector tells you more once the candidate agrees."),
}  # fmt: skip
EMPLOYER_REASONS: Catalogue = {
    "branch_first": ("De kandidaat kiest voor dit soort werk.", "The candidate chooses this kind of work."),
    "branch_rank": ("De kandidaat wil dit soort werk doen.", "The candidate wants to do this kind of work."),
    "tasks_wanted_able": ("De kandidaat wil en kan een deel van de taken al.",
                          "The candidate wants and can do part of the tasks already."),
    "tasks_wanted": ("De kandidaat wil uw taken graag doen.", "The candidate would like to do your tasks."),
    "tasks_able": ("De kandidaat kan een deel van de taken al.", "The candidate can do part of the tasks already."),
    "tasks_close": ("De taken passen bij de kandidaat.", "The tasks suit the candidate."),
    "work_skills_all": ("De werkvaardigheden zijn genoeg voor uw werk.", "The work skills are enough for your work."),
    "work_skills_met": ("Een deel van de werkvaardigheden is genoeg.", "Part of the work skills is enough."),
    "work_skills_close": ("De werkvaardigheden komen dicht bij wat u vraagt.",
                          "The work skills come close to what you ask."),
    "work_skills_short": ("Geef de kandidaat tijd om het werk te leren.", "Give the candidate time to learn the work."),
    "support_none": ("De begeleiding die u biedt is genoeg.", "The guidance you offer is enough."),
    "support_all": ("De begeleiding die u biedt is genoeg.", "The guidance you offer is enough."),
    "support_some": ("De begeleiding die u biedt helpt deze kandidaat.",
                     "The guidance you offer helps this candidate."),
    "support_limited": ("De begeleiding die u biedt helpt deze kandidaat.",
                        "The guidance you offer helps this candidate."),
    "support_missing": ("Bespreek met de verbinder welke begeleiding u kunt geven.",
                        "Discuss with the connector which guidance you can give."),
    "support_short": ("Bespreek met de verbinder welke begeleiding u kunt geven.",
                      "Discuss with the connector which guidance you can give."),
    "support_unknown_items": ("Laat weten welke begeleiding u kunt geven.", "Tell which guidance you can give."),
    "hours_fit": ("De uren passen bij uw vacature.", "The hours fit your vacancy."),
    "hours_partly": ("Bespreek de uren met de verbinder.", "Discuss the hours with the connector."),
    "conditions_met": ("Het werk is zoals de kandidaat het graag wil.", "The work is as the candidate likes it."),
    "route_group": ("De kandidaat wil in een groep werken.", "The candidate wants to work in a group."),
    "route_individual": ("De kandidaat wil een eigen plek.", "The candidate wants an individual place."),
    "development_new": ("De kandidaat kan bij u een certificaat halen.",
                        "The candidate can earn a certificate with you."),
    "development_diploma": ("De kandidaat kan bij u leren voor een diploma.",
                            "The candidate can learn for a diploma with you."),
    "development_unknown": ("Laat weten welk certificaat of diploma te halen is.",
                            "Tell which certificate or diploma can be earned."),
    "contract_unknown": ("Laat weten welk contract u biedt.", "Tell which contract you offer."),
}  # fmt: skip
TRAVEL_BANDS: Catalogue = {
    "short": ("De reis is kort: hoogstens een half uur.", "The journey is short: half an hour at most."),
    "middle": ("De reis duurt een half uur tot een uur.", "The journey takes half an hour to an hour."),
    "long": ("De reis duurt langer dan een uur.", "The journey takes more than an hour."),
}  # fmt: skip
BANDS = ((30.0, "short"), (60.0, "middle"))
"""Up to so many minutes by the quickest usable means."""

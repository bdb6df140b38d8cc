"""What another choice would cost, what one more place would bring, and the smallest change, on the report's page."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

SENSITIVITY: Catalogue = {
    "cost": ("kost het hele plan {n}", "costs the whole plan {n}"),
    "cost_none": ("kost het hele plan niets", "costs the whole plan nothing"),
    "gain": ("het hele plan wint {n}", "the whole plan gains {n}"),
    "lose": ("{n} anderen verliezen hun plek", "{n} others lose their place"),
    "lose_one": ("1 ander verliest de plek", "1 other loses the place"),
    "shift": ("{n} anderen verschuiven", "{n} others move"),
    "shift_one": ("1 ander verschuift", "1 other moves"),
    "change": ("Kleinste verandering", "Smallest change"),
    "change_more": ("{n} anderen krijgen dan ook een plek.", "{n} others get a place then too."),
    "change_more_one": ("1 ander krijgt dan ook een plek.", "1 other gets a place then too."),
    "worth": ("Waar een plek helpt", "Where a place helps"),
    "worth_help": (
        "Dit wint het hele plan met 1 plek meer. Vacatures waar een plek niets wint, staan er niet bij.",
        "This is what the whole plan gains from 1 place more. Vacancies where it gains nothing are not listed."),
    "worth_none": (
        "Een extra plek bij een van deze vacatures helpt nu niemand verder.",
        "One more place at any of these vacancies helps nobody now."),
    "worth_open": (
        "Bij deze lijst is dit niet voor alles berekend. Vraag het per vacature met schakel what-if.",
        "For this list it was not worked out for everything. Ask it per vacancy with schakel what-if."),
    "worth_placed": ("Meer plaatsing", "More placement"),
    "worth_fit": ("Past beter", "Better fit"),
    "opening": ("Vacature", "Vacancy"),
    "starts": ("Start", "Start"),
    "worth_more": ("Nog {n} vacatures staan in openings.csv.", "{n} more vacancies are in openings.csv."),
    "worth_more_one": ("Nog 1 vacature staat in openings.csv.", "1 more vacancy is in openings.csv."),
}  # fmt: skip

"""The words of a conflict: one sentence per member, by the ids given, and nothing else."""
from __future__ import annotations

CONFLICT_WORDS = {
    "en": {
        "place": "1 place",
        "many_places": "{n} places",
        "none": "No plan holds all limits. These cannot hold together:",
        "pins": "{count} are pinned at opening {opening}, which has {places}",
        "pin": "student {student} is pinned at opening {opening}",
        "forbid": "student {student} is forbidden at opening {opening}",
        "ineligible_pin": "student {student} is pinned at opening {opening}, but that pair is not eligible",
        "places": "opening {opening} has {places}",
        "load": "opening {opening} carries a load of at most {load}",
        "min_to_open": "opening {opening} opens with at least {minimum}, those present ({present}) counted",
        "at_least": "limit {name}: at least {bound}",
        "at_most": "limit {name}: at most {bound}",
    },
    "nl": {
        "place": "1 plaats",
        "many_places": "{n} plaatsen",
        "none": "Geen enkel plan houdt alle grenzen aan. Deze gaan niet samen:",
        "pins": "{count} staan vast op plek {opening}, die {places} heeft",
        "pin": "leerling {student} staat vast op plek {opening}",
        "forbid": "leerling {student} mag niet naar plek {opening}",
        "ineligible_pin": "leerling {student} staat vast op plek {opening}, maar dat paar komt niet in aanmerking",
        "places": "plek {opening} heeft {places}",
        "load": "plek {opening} kan hoogstens {load} begeleiding dragen",
        "min_to_open": "plek {opening} gaat open met ten minste {minimum}, de aanwezigen ({present}) meegeteld",
        "at_least": "grens {name}: ten minste {bound}",
        "at_most": "grens {name}: hoogstens {bound}",
    },
}

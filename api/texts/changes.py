"""The smallest change, as a sentence: what would have to be different, and that there is a place then.

``{vacancy}`` is the vacancy with its start, ``{student}`` the student by the school's own number. The sentences name
what changes, never who is to blame for it.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from api.texts.catalogue import Catalogue, say
from api.texts.dates import short_date

VACANCY: Catalogue = {"vacancy": ("{ref} (start {start})", "{ref} (start {start})")}


def named_vacancy(sentence: str, opening: Mapping[str, Any] | None, lang: str) -> str:
    """Return the sentence with the vacancy as people call it, where a run wrote the employer's number of it.

    A file of a run is read beside the employer's own list, so it says the number; of two employers with one number,
    also whose it is. Who reads a page knows the title, the employer and the place.
    """
    if opening is None or not opening["title"]:
        return sentence
    start = short_date(opening["starts_on"], lang)
    place = opening["place"] if opening["place"] not in opening["employer"] else ""  # "Bedrijf 004 Deventer" says it
    name = ", ".join(part for part in (opening["title"], opening["employer"], place) if part)
    written = say(VACANCY, "vacancy", lang, ref=opening["vacancy_ref"], start=start)
    return re.sub(rf"(?<!\S)(?:\d+/)?{re.escape(written)}",
                  lambda _: say(VACANCY, "vacancy", lang, ref=name, start=start), sentence)  # fmt: skip

FOR_STUDENT: Catalogue = {
    "work_capacity_unknown": (
        "Als de school zegt dat werken kan, is er een plek.",
        "If the school says that work is possible, there is a place."),
    "freshness": (
        "Als de gegevens van de leerling opnieuw bevestigd zijn, is er een plek.",
        "If the student's data are confirmed again, there is a place."),
    "reach_km": (
        "Als {more} km reizen mag in plaats van {limit} km, is er plek bij {vacancy}.",
        "If {more} km of travel is allowed instead of {limit} km, there is a place at {vacancy}."),
    "reach_minutes": (
        "Als {more} minuten reizen mag in plaats van {limit}, is er plek bij {vacancy}.",
        "If {more} minutes of travel are allowed instead of {limit}, there is a place at {vacancy}."),
    "reach_alone": (
        "Als iemand de leerling brengt, is er plek bij {vacancy}.",
        "If someone brings the student, there is a place at {vacancy}."),
    "hours": (
        "Als de uren {by} per week dichter bij elkaar komen, is er plek bij {vacancy}.",
        "If the hours a week come {by} closer, there is a place at {vacancy}."),
    "dates": (
        "Als beginnen op {found} ook goed is, is er plek bij {vacancy}.",
        "If starting on {found} is fine too, there is a place at {vacancy}."),
    "min_fit": (
        "Als een passing van {by} onder de grens ook goed is, is er plek bij {vacancy}.",
        "If a fit of {by} below the floor is fine too, there is a place at {vacancy}."),
    "full": ("Met 1 plek meer bij {vacancy} is er een plek.", "With 1 place more at {vacancy} there is a place."),
    "closed": (
        "Als de groep {vacancy} met 1 leerling minder mag starten, is er een plek.",
        "If the group {vacancy} may start with 1 student less, there is a place."),
    "support": (
        "Als de werkplek dit biedt: {items}, is er plek bij {vacancy}.",
        "If the workplace offers this: {items}, there is a place at {vacancy}."),
    "task": (
        "Als deze taak niet hoeft: {items}, is er plek bij {vacancy}.",
        "If this task is not a must: {items}, there is a place at {vacancy}."),
    "certificate": (
        "Als dit certificaat op de werkplek te halen is: {items}, is er plek bij {vacancy}.",
        "If this certificate can be earned at the workplace: {items}, there is a place at {vacancy}."),
    "level": (
        "Als het niveau {found} ook goed is, is er plek bij {vacancy}.",
        "If the level {found} is fine too, there is a place at {vacancy}."),
    "skill": (
        "Als de leerling dit daar nog mag leren: {items}, is er plek bij {vacancy}.",
        "If the student may still learn this there: {items}, there is a place at {vacancy}."),
    "contract_type": (
        "Als de leerling ook dit contract wil: {items}, is er plek bij {vacancy}.",
        "If the student also wants this contract: {items}, there is a place at {vacancy}."),
    "age": (
        "Als een leeftijd van {found} jaar ook goed is, is er plek bij {vacancy}.",
        "If an age of {found} is fine too, there is a place at {vacancy}."),
    "condition": (
        "Als dit niet bij het werk hoort: {items}, is er plek bij {vacancy}.",
        "If this is no part of the work: {items}, there is a place at {vacancy}."),
    "route_individual": (
        "Als de leerling ook alleen wil werken, is er plek bij {vacancy}.",
        "If the student also accepts an individual place, there is a place at {vacancy}."),
    "route_group": (
        "Als de leerling ook in een groep wil werken, is er plek bij {vacancy}.",
        "If the student also accepts a group, there is a place at {vacancy}."),
    "branch": (
        "Als deze branche toch mag: {items}, is er plek bij {vacancy}.",
        "If this branch is fine after all: {items}, there is a place at {vacancy}."),
    "entry": (
        "Als een andere instroom ook mag, is er plek bij {vacancy}.",
        "If another way of entry is fine too, there is a place at {vacancy}."),
    "region": (
        "Als werk in deze andere regio ook mag, is er plek bij {vacancy}.",
        "If work in this other region is fine too, there is a place at {vacancy}."),
    "forbidden": (
        "Als de verbinder de afwijzing intrekt, is er plek bij {vacancy}.",
        "If the connector takes the rejection back, there is a place at {vacancy}."),
}  # fmt: skip

FOR_OPENING: Catalogue = {
    "freshness": (
        "Als de gegevens van de vacature opnieuw bevestigd zijn, past {student} hier.",
        "If the data of the vacancy are confirmed again, {student} fits here."),
    "dates_closed": (
        "Als de vacature weer open gaat, past {student} hier.", "If the vacancy is opened again, {student} fits here."),
    "reach_km": (
        "Als {student} {more} km mag reizen in plaats van {limit} km, is er iemand voor deze plek.",
        "If {student} may travel {more} km instead of {limit} km, there is someone for this place."),
    "reach_minutes": (
        "Als {student} {more} minuten mag reizen in plaats van {limit}, is er iemand voor deze plek.",
        "If {student} may travel {more} minutes instead of {limit}, there is someone for this place."),
    "reach_alone": (
        "Als iemand {student} brengt, is er iemand voor deze plek.",
        "If someone brings {student}, there is someone for this place."),
    "hours": (
        "Als de uren {by} per week dichter bij elkaar komen, past {student} hier.",
        "If the hours a week come {by} closer, {student} fits here."),
    "dates": ("Als beginnen op {found} ook goed is, past {student} hier.",
              "If starting on {found} is fine too, {student} fits here."),
    "min_fit": ("Als een passing van {by} onder de grens ook goed is, kan {student} hier terecht.",
                "If a fit of {by} below the floor is fine too, {student} can come here."),
    "closed": ("Als de groep met 1 leerling minder mag starten, start de groep.",
               "If the group may start with 1 student less, the group starts."),
    "support": ("Als deze plek dit biedt: {items}, past {student} hier.",
                "If this place offers this: {items}, {student} fits here."),
    "task": ("Als deze taak niet hoeft: {items}, past {student} hier.",
             "If this task is not a must: {items}, {student} fits here."),
    "certificate": ("Als dit certificaat hier te halen is: {items}, past {student} hier.",
                    "If this certificate can be earned here: {items}, {student} fits here."),
    "level": ("Als het niveau {found} ook goed is, past {student} hier.",
              "If the level {found} is fine too, {student} fits here."),
    "skill": ("Als {student} dit hier nog mag leren: {items}, is er iemand voor deze plek.",
              "If {student} may still learn this here: {items}, there is someone for this place."),
    "contract_type": ("Als {student} ook dit contract wil: {items}, is er iemand voor deze plek.",
                      "If {student} also wants this contract: {items}, there is someone for this place."),
    "age": ("Als een leeftijd van {found} jaar ook goed is, past {student} hier.",
            "If an age of {found} is fine too, {student} fits here."),
    "condition": ("Als dit niet bij het werk hoort: {items}, past {student} hier.",
                  "If this is no part of the work: {items}, {student} fits here."),
    "route_individual": ("Als {student} ook alleen wil werken, is er iemand voor deze plek.",
                         "If {student} also accepts an individual place, there is someone for this place."),
    "route_group": ("Als {student} ook in een groep wil werken, is er iemand voor deze plek.",
                    "If {student} also accepts a group, there is someone for this place."),
    "branch": ("Als deze branche toch mag: {items}, past {student} hier.",
               "If this branch is fine after all: {items}, {student} fits here."),
    "entry": ("Als een andere instroom ook mag, past {student} hier.",
              "If another way of entry is fine too, {student} fits here."),
    "participation": ("Als de werkgever ook hieraan voldoet: {items}, past {student} hier.",
                      "If the employer meets this too: {items}, {student} fits here."),
    "region": ("Als werk in deze regio voor {student} ook mag, is er iemand voor deze plek.",
               "If work in this region is fine for {student} too, there is someone for this place."),
    "forbidden": ("Als de verbinder de afwijzing van {student} intrekt, is er iemand voor deze plek.",
                  "If the connector takes the rejection of {student} back, there is someone for this place."),
}  # fmt: skip

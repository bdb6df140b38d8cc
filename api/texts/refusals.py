"""Why a rule keeps one student from one opening, by how much, in a sentence for connectors."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

REFUSALS: Catalogue = {
    "work_capacity": ("De school zegt dat werken nog niet kan.", "The school says that work is not possible yet."),
    "work_capacity_unknown": (
        "We weten nog niet of de leerling kan werken.", "We do not know yet whether the student can work."),
    "destination": ("De leerling heeft al een bestemming.", "The student already has a destination."),
    "leaving_profile": ("De leerling gaat naar dagbesteding.", "The student goes to day activities."),
    "age": ("De leeftijd is {found}, gevraagd is {limit}.", "The age is {found}, asked is {limit}."),
    "entry": ("De instroom past niet.", "The way of entry does not fit."),
    "route": ("De keuze voor groep of alleen past niet.", "The choice of group or individual does not fit."),
    "contract_type": ("Het soort contract past niet: {items}.", "The type of contract does not fit: {items}."),
    "dates": ("De leerling kan {by} later beginnen dan de start.", "The student can begin {by} after the start."),
    "dates_closed": ("De vacature is gesloten sinds {limit}.", "The vacancy closed on {limit}."),
    "hours": ("De uren liggen {by} per week uit elkaar.", "The hours are {by} a week apart."),
    "region": ("Het werk is in een andere regio.", "The work is in another region."),
    "reach_km": ("De reis is {by} verder dan mag.", "The journey is {by} further than allowed."),
    "reach_minutes": ("De reis duurt {by} langer dan mag.", "The journey takes {by} longer than allowed."),
    "reach_alone": ("De leerling kan deze reis niet alleen maken.", "The student cannot make this journey alone."),
    "reach_water": ("Er ligt water tussen huis en werk.", "There is water between home and work."),
    "branch": ("De leerling wil deze branche niet.", "The student does not want this branch."),
    "certificate": ("Er mist een certificaat: {items}.", "A certificate is missing: {items}."),
    "level": ("Het niveau is {found}, gevraagd is {limit}.", "The level is {found}, asked is {limit}."),
    "under_18": ("Dit werk mag pas vanaf 18 jaar.", "This work is allowed only from 18."),
    "support": ("Deze begeleiding ontbreekt: {items}.", "This guidance is missing: {items}."),
    "condition": ("Dit kan de leerling niet: {items}.", "The student cannot have this: {items}."),
    "task": ("De leerling wil een vaste taak niet doen: {items}.", "The student does not want a fixed task: {items}."),
    "skill": ("Er is meer werkvaardigheid nodig: {items}.", "More work skill is needed: {items}."),
    "participation": ("De werkgever doet nog niet alles wat nodig is: {items}.",
                      "The employer does not meet every criterion yet: {items}."),
    "freshness_student": ("De gegevens van de leerling zijn te lang niet bevestigd.",
                          "The student's data have not been confirmed for too long."),
    "freshness_opening": ("De vacature is te lang niet bevestigd.", "The vacancy has not been confirmed for too long."),
    "min_fit": ("Het past {by} punten te weinig.", "The fit is {by} points too low."),
    "forbidden": ("Een verbinder zei: past niet.", "A connector said: does not fit."),
}  # fmt: skip
UNITS: Catalogue = {
    "km": ("{n} km", "{n} km"), "minutes": ("{n} minuten", "{n} minutes"),
    "minutes_one": ("1 minuut", "1 minute"), "hours": ("{n} uur", "{n} hours"),
    "days": ("{n} dagen", "{n} days"), "days_one": ("1 dag", "1 day"),
}  # fmt: skip
STANDINGS: Catalogue = {
    "planned": ("Dit staat in het plan.", "The plan has this pair."),
    "elsewhere": ("Dit past ook. Voor de leerling staat een andere plek in het plan.",
                  "This fits too. The plan has another place for the student."),
    "full": ("Dit past. De plekken gingen naar anderen.", "This fits. The places went to others."),
    "closed": ("Dit past. De groep gaat zo niet open.", "This fits. The group does not open this way."),
    "refused": ("Een regel staat dit in de weg.", "A rule is in the way."),
}  # fmt: skip

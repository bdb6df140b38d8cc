"""What each hard rule says about openings that fall away for a student, and students who do for an opening.

``{openings}`` is "1 vacature" or "12 vacatures", ``{students}`` "1 leerling" or "12 leerlingen"; the
sentences are made so that they hold for one and for many.
"""
from __future__ import annotations

from api.texts.catalogue import Catalogue

COUNTS: Catalogue = {
    "openings": ("{n} vacatures", "{n} vacancies"),
    "openings_one": ("1 vacature", "1 vacancy"),
    "students": ("{n} leerlingen", "{n} students"),
    "students_one": ("1 leerling", "1 student"),
    "places": ("{n} plekken", "{n} places"),
    "places_one": ("1 plek", "1 place"),
    "points": ("{n} punten", "{n} points"),
    "points_one": ("1 punt", "1 point"),
}

BLOCKS_STUDENT: Catalogue = {
    "work_capacity": ("De school zegt dat werken nog niet kan.", "The school says that work is not possible yet."),
    "work_capacity_unknown": (
        "We weten nog niet of de leerling kan werken.", "We do not know yet whether the student can work."),
    "destination": ("De leerling heeft al een bestemming.", "The student already has a destination."),
    "leaving_profile": ("De leerling gaat naar dagbesteding.", "The student goes to day activities."),
    "age": ("Bij {openings} past de leeftijd niet.", "At {openings} the age does not fit."),
    "entry": ("Bij {openings} past de instroom niet.", "At {openings} the way of entry does not fit."),
    "route": (
        "Bij {openings} past de keuze voor groep of alleen niet.",
        "At {openings} the choice of group or individual does not fit."),
    "contract_type": (
        "Bij {openings} past het soort contract niet.", "At {openings} the type of contract does not fit."),
    "dates": ("Bij {openings} passen de data niet.", "At {openings} the dates do not fit."),
    "hours": ("Bij {openings} passen de uren niet.", "At {openings} the hours do not fit."),
    "region": ("Bij {openings} is het werk in een andere regio.", "At {openings} the work is in another region."),
    "reach": ("Bij {openings} is de reis te ver.", "At {openings} the journey is too far."),
    "branch": (
        "Bij {openings} wil de leerling de branche niet.", "At {openings} the student does not want the branch."),
    "certificate": ("Bij {openings} mist de leerling een certificaat.", "At {openings} a certificate is missing."),
    "level": ("Bij {openings} is het gevraagde niveau hoger.", "At {openings} a higher level is required."),
    "under_18": ("Bij {openings} moet de leerling 18 jaar zijn.", "At {openings} the student must be 18."),
    "support": (
        "Bij {openings} ontbreekt begeleiding die echt nodig is.",
        "At {openings} guidance that is really needed is missing."),
    "condition": (
        "Bij {openings} kan de leerling niet tegen iets in het werk.",
        "At {openings} the student cannot bear something in the work."),
    "task": (
        "Bij {openings} wil de leerling een vaste taak niet doen.",
        "At {openings} the student does not want a fixed task."),
    "skill": ("Bij {openings} is meer werkvaardigheid nodig.", "At {openings} more work skill is needed."),
    "participation": (
        "Bij {openings} doet de werkgever nog niet alles wat nodig is.",
        "At {openings} the employer does not meet every criterion yet."),
    "freshness": ("Bij {openings} zijn de gegevens te oud.", "At {openings} the data are too old."),
    "min_fit": ("Bij {openings} past het werk nog niet goed genoeg.", "At {openings} the fit is still too low."),
    "forbidden": (
        "Bij {openings} zei de verbinder: past niet.", "At {openings} the connector said: does not fit."),
    "full": ("Bij {openings} gingen de plekken naar anderen.", "At {openings} the places went to others."),
    "closed": ("Bij {openings} start de groep niet.", "At {openings} the group does not start."),
}  # fmt: skip

BLOCKS_OPENING: Catalogue = {
    "work_capacity": (
        "Voor {students} zegt de school dat werken nog niet kan.",
        "For {students} the school says that work is not possible yet."),
    "work_capacity_unknown": (
        "Voor {students} is niet bekend of werken kan.", "For {students} it is not known if work is possible."),
    "destination": (
        "Voor {students} is er al een bestemming.", "For {students} there is a destination already."),
    "leaving_profile": ("Voor {students} is dagbesteding het doel.", "For {students} day activities are the aim."),
    "age": ("Voor {students} past de leeftijd niet.", "For {students} the age does not fit."),
    "entry": ("Voor {students} past de instroom niet.", "For {students} the way of entry does not fit."),
    "route": (
        "Voor {students} past de keuze voor groep of alleen niet.",
        "For {students} the choice of group or individual does not fit."),
    "contract_type": (
        "Voor {students} past het soort contract niet.", "For {students} the type of contract does not fit."),
    "dates": ("Voor {students} passen de data niet.", "For {students} the dates do not fit."),
    "hours": ("Voor {students} passen de uren niet.", "For {students} the hours do not fit."),
    "region": ("Voor {students} is het werk in een andere regio.", "For {students} the work is in another region."),
    "reach": ("Voor {students} is de reis te ver.", "For {students} the journey is too far."),
    "branch": ("Voor {students} is dit een ongewenste branche.", "For {students} this is an unwanted branch."),
    "certificate": ("Voor {students} ontbreekt een certificaat.", "For {students} a certificate is missing."),
    "level": ("Voor {students} is het gevraagde niveau te hoog.", "For {students} the required level is too high."),
    "under_18": ("Voor {students} mag dit pas vanaf 18 jaar.", "For {students} this is allowed only from 18."),
    "support": (
        "Voor {students} ontbreekt begeleiding die echt nodig is.",
        "For {students} guidance that is really needed is missing."),
    "condition": (
        "Voor {students} is er iets in het werk dat niet kan.",
        "For {students} something in the work is not possible."),
    "task": ("Voor {students} is een vaste taak ongewenst.", "For {students} a fixed task is unwanted."),
    "skill": ("Voor {students} is meer werkvaardigheid nodig.", "For {students} more work skill is needed."),
    "participation": (
        "Voor {students} doet de werkgever nog niet alles wat nodig is.",
        "For {students} the employer does not meet every criterion yet."),
    "freshness": ("Voor {students} zijn de gegevens te oud.", "For {students} the data are too old."),
    "min_fit": ("Voor {students} past het werk nog niet goed genoeg.", "For {students} the fit is still too low."),
    "forbidden": (
        "Voor {students} zei de verbinder: past niet.", "For {students} the connector said: does not fit."),
    "full": ("Voor {students} gingen de plekken naar anderen.", "For {students} the places went to others."),
    "closed": ("Voor {students} start de groep niet.", "For {students} the group does not start."),
}  # fmt: skip

"""Words of the register of processing."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

WORDS: Catalogue = {
    "title": ("Register van verwerkingen (AVG, artikel 30)", "Register of processing (GDPR, article 30)"),
    "fill_in": (
        "Gemaakt uit het gegevenswoordenboek van deze versie. Vul zelf aan: de verwerkingsverantwoordelijke, de "
        "functionaris gegevensbescherming en per organisatie de rechtsgrond (die staat in Schakel bij de organisatie).",
        "Made from the data dictionary of this version. To be filled in: the controller, the data protection officer "
        "and, per organisation, the legal ground (recorded in Schakel with the organisation).",
    ),
    "part": ("Onderdeel", "Part"),
    "what": ("Wat", "What"),
    "why": ("Waarvoor", "Purpose"),
    "about": ("Over wie", "About whom"),
    "data": ("Welke gegevens", "Which data"),
    "receive": ("Wie het krijgt", "Who receives it"),
    "kept": ("Hoe lang", "How long"),
    "outside": ("Buiten de EU", "Outside the EU"),
    "nobody_outside": ("Niets: Schakel geeft niets door aan andere systemen.", "Nothing: Schakel passes nothing on."),
    "safe": ("Beveiliging", "Security"),
    "measures": (
        "Rechten per vraag gelezen, alles dicht tenzij; tweede sleutel; logboek dat alleen groeit; geen BSN; wissen "
        "dat een teruggezette back-up overleeft.",
        "Rights read per request, closed by default; second factor; a log that only grows; no BSN; erasure that "
        "survives a restored backup.",
    ),
}
ACTIVITIES: Catalogue = {
    "profiles": ("Leerlingen en hun profiel", "Students and their profiles"),
    "profiles_why": ("een plek vinden die past bij wat een leerling wil, kan en nodig heeft",
                     "finding a place that suits what a student wants, can do and needs"),
    "vacancies": ("Vacatures", "Vacancies"),
    "vacancies_why": ("weten welke plekken er zijn en wat ze vragen en bieden",
                      "knowing which places there are, what they ask and offer"),
    "matching": ("Berekenen van voorstellen", "Computing proposals"),
    "matching_why": ("voorstellen voorbereiden waarover mensen besluiten, en die later kunnen narekenen",
                     "preparing proposals on which people decide, and being able to recompute them later"),
    "decisions": ("Besluit, toestemming en vrijgave", "Decision, consent and release"),
    "decisions_why": ("vastleggen wie besloot, wat de leerling toestond en wat een werkgever zag",
                      "recording who decided, what the student allowed and what an employer saw"),
    "placement": ("Kennismaking, plaatsing en volgen", "Meeting, placement and follow-up"),
    "placement_why": ("goed beginnen, blijven en twee jaar volgen hoe het gaat",
                      "a good start, staying, and two years of follow-up"),
    "help": ("Vraag om hulp aan de gemeente", "Request for help to the municipality"),
    "help_why": ("hulp vragen waar de leerling mee instemde", "asking for help that the student consented to"),
    "accounts": ("Accounts en inloggen", "Accounts and signing in"),
    "accounts_why": ("weten wie er werkt, en buitenstaanders buiten houden",
                     "knowing who works here, and keeping outsiders out"),
    "directory": ("Organisaties en contactpersonen", "Organisations and contact persons"),
    "directory_why": ("scholen en werkgevers voor elkaar zichtbaar maken, zonder leerlingen",
                      "making schools and employers visible to each other, without students"),
    "accountability": ("Verantwoording", "Accountability"),
    "accountability_why": ("kunnen laten zien wie wat deed, en wie naar wie keek",
                           "being able to show who did what, and who looked at whom"),
}
ABOUT: Catalogue = {
    "organisation": ("organisaties", "organisations"),
    "employee": ("medewerkers", "employees"),
    "student": ("leerlingen", "students"),
    "school": ("school", "school"),
    "referrer": ("verwijzer", "referrer"),
    "employer": ("werkgever (zonder naam, tot de leerling dat toestaat)",
                 "employer (without a name until the student allows it)"),
    "connector": ("verbinder", "connector"),
    "coach": ("leerroutecoach", "coach"),
    "parent": ("gemachtigde ouder", "mandated parent"),
    "municipality": ("gemeente", "municipality"),
    "administrator": ("beheerder", "administrator"),
}  # fmt: skip

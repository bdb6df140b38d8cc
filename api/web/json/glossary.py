"""The words of the screens, in Dutch and English, beside the words of the API: published with its description."""
from __future__ import annotations

GLOSSARY: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("leerling, jongere", "student", ("students", "studentRef")),
    ("lijst aanleveren, kolommen koppelen", "submit a list, map columns", ("uploads", "columns")),
    ("rij overslaan", "skip a row", ("skipped",)),
    ("school, verwijzer", "school, referrer", ("school", "referrer", "schoolType")),
    ("werkgever", "employer", ("employer",)),
    ("vacature, leerwerkplek", "vacancy, learn-work place", ("vacancies",)),
    ("plek met begindatum, aantal plekken", "opening, places", ("openings", "startsOn", "places")),
    ("verbinder", "connector", ("connector",)),
    ("arbeidsmarktregio", "labour-market region", ("regions",)),
    ("gemeente, hulpvraag", "municipality, request for help", ("municipality", "help-requests")),
    ("berekening, herberekenen, stopknop", "run, re-run, stop switch", ("runs", "stop-switch")),
    ("voorstel", "proposal", ("proposals",)),
    ("past goed / redelijk goed / nog niet", "good / fair / not yet", ("band",)),
    ("uitleg, reden", "explanation, reason", ("reasons",)),
    ("andere plekken", "alternatives", ("alternatives",)),
    ("wat het anderen kost", "cost for others", ("regret",)),
    ("past / past niet / later / vastzetten", "fits / does not fit / later / pin",
     ("accept", "reject", "defer", "pin")),
    ("delen met een werkgever, terugtrekken", "release to an employer, take back", ("releases",)),
    ("toestemming geven, intrekken", "give consent, withdraw", ("consents", "consent-requests")),
    ("grondslag", "legal ground", ("legal-grounds",)),
    ("machtiging van een ouder", "mandate of a parent", ("mandates",)),
    ("kandidaat, kandidaatcode", "candidate, candidate code", ("candidates",)),
    ("heeft nodig / biedt aan begeleiding", "guidance needed / offered", ("supportNeeded", "supportOffered")),
    ("kennismaken", "meet", ("introductions",)),
    ("afspraken voor de start", "agreements before the start", ("agreements",)),
    ("plaatsing, proeftijd, contract", "placement, trial, contract", ("placements", "verdict", "contract")),
    ("opvolging, evaluatiemoment", "follow-up, check moment", ("steps", "check-moments")),
    ("uitstroomprofiel, uitstroom", "leaving profile, destination", ("leavingProfile", "destinations")),
    ("deelname aan een project, instapcriteria", "participation in a project, entry criteria", ("participations",
                                                                                                "checklist")),
    ("samenwerking", "cooperation", ("cooperations",)),
    ("knelpunten, trechter, gelijke kansen", "bottlenecks, funnel, equal chances",
     ("bottlenecks", "funnel", "chances")),
    ("hoe er besloten wordt", "how decisions are made", ("oversight",)),
)  # fmt: skip
"""Dutch, English, and the words of paths and fields."""


def as_table() -> str:
    """The glossary as a table of Markdown."""
    lines = [f"| {nl} | {en} | {', '.join(f'`{code}`' for code in codes)} |" for nl, en, codes in GLOSSARY]
    return "\n".join(["| on Dutch screens | on English screens | in the API |", "|---|---|---|", *lines])


__all__ = ["GLOSSARY", "as_table"]

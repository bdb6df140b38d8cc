"""Words in a vacancy that shut people out, or ask after health: what they are, why, and what to write instead."""
from __future__ import annotations

import re
from collections.abc import Mapping

from api.texts.catalogue import Catalogue

_PATTERNS: Mapping[str, str] = {
    "age": (
        r"jong(?:e)? (?:hond|team|mensen|persoon|kracht|en (?:fit|sterk|dynamisch))\w*|jeugdig\w*"
        r"|schoolverlater\w* tot \d+"
        r"|(?:niet|max(?:imaal)?|hooguit) (?:ouder|jonger) dan \d+|niet te oud|young (?:team|person|people|and \w+)"
        r"|youthful"
        r"|not (?:older|younger) than \d+|recent graduates? only"
    ),
    "sex": (
        r"(?:sterke|stoere|jonge|handige|nette|geen|alleen|liefst|bij voorkeur(?: een)?|zoeken een) (?:man|mannen"
        r"|vent|kerel"
        r"|kerels|vrouw|vrouwen|meisjes?|jongens?|dames?|heren)|mannelijk\w*|vrouwelijk\w*|poetsvrouw\w*|werkster"
        r"|(?:strong|young|only|no) (?:man|men|woman|women|girls?|boys?|guys?)|male|female|handyman|cleaning lady"
    ),
    "origin": (
        r"autochtoo?n\w*|allochtoo?n\w*|buitenlander\w*|(?:nederlandse|europese|westerse) (?:afkomst|nationaliteit"
        r"|komaf)"
        r"|(?:geen|zonder) accent|accentloos\w*|moedertaal|native speakers?|nationalit\w+|foreigners?"
        r"|without an? accent"
        r"|(?:dutch|european|western) (?:origin|descent)|blanke?|huidskleur"
    ),
    "religion": (
        r"hoofddoek\w*|geloof(?!waardig)\w*|godsdienst\w*|christelijk\w*|moslims?|islamitisch\w*|joods\w*|gelovig\w*"
        r"|headscar\w+|hijab|religio\w+|christian|muslim"
    ),
    "health": (
        r"gezonde?(?! (?:verstand|sfeer|voeding|voedsel|eten|lunch|werk\w*|bedrijf|salaris|lucht|kost|planten"
        r"|dieren))\b"
        r"|(?:lichamelijk|fysiek|psychisch|mentaal|geestelijk)e? (?:fit|gezond|sterk|in orde|stabiel|belastbaar)\w*"
        r"|(?:geen|zonder) (?:beperking|handicap|ziekte|klachten|medicijn|medicatie|rugklachten|lichamelijke"
        r"|psychische"
        r"|medische|fysieke)\w*|ziekteverleden|ziekteverzuim|medische (?:keuring|verklaring)|allergie\w*|autis\w+|adhd"
        r"|(?:physically|mentally) (?:fit|healthy|strong)|in good health|healthy(?! (?:food|lunch|snacks))"
        r"|(?:no|without) (?:disabilit\w+|illness\w*|medication|medical \w+|health \w+)|able-bodied"
    ),
    "family": (
        r"zwanger\w*|kinderwens|geen kinderen|alleenstaand\w*|pregnan\w+|no children|childless|unmarried|ongehuwd"
    ),
    "orientation": r"hetero\w*|homo(?:'s|fiel|seksueel)?|lesbisch\w*|lesbian|straight (?:man|woman|people)",
    "benefit": r"geen uitkering|zonder uitkering|wajong\w*|no benefits? claimants?",
}
_FOUND = {code: re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) for code, pattern in _PATTERNS.items()}

WORDING: Catalogue = {
    "age": (
        "“{found}” kan mensen om hun leeftijd buitensluiten. Zeg wat iemand moet kunnen.",
        "“{found}” may shut people out by age. Say what somebody must be able to do."),
    "sex": (
        "“{found}” kan mensen om hun geslacht buitensluiten. Schrijf over het werk, niet over man of vrouw.",
        "“{found}” may shut people out by sex. Write about the work, not about men or women."),
    "origin": (
        "“{found}” kan mensen om hun afkomst buitensluiten. Zeg welke taal het werk vraagt, en hoe goed.",
        "“{found}” may shut people out by origin. Say which language the work asks for, and how well."),
    "religion": (
        "“{found}” gaat over geloof. Laat dit weg. Zeg alleen welke kleding voor de veiligheid nodig is.",
        "“{found}” is about religion. Leave it out. Only say which clothing is needed for safety."),
    "health": (
        "“{found}” vraagt naar gezondheid. Dat mag niet. Zeg wat het werk vraagt, zoals tillen of lang staan.",
        "“{found}” asks after health. That is not allowed. Say what the work asks, such as lifting or standing."),
    "family": (
        "“{found}” gaat over iemands gezin. Laat dit weg. Noem de werktijden.",
        "“{found}” is about family. Leave it out. Name the working hours."),
    "orientation": (
        "“{found}” gaat over iemands geaardheid. Laat dit weg.",
        "“{found}” is about orientation. Leave it out."),
    "benefit": (
        "“{found}” gaat over een uitkering. Laat dit weg.",
        "“{found}” is about a benefit. Leave it out."),
}  # fmt: skip
CODES = tuple(WORDING)


def wording(text: str) -> list[tuple[str, str]]:
    """Return what a connector should look at in a text, as (code, what was found), in the order of the text.

    >>> wording("Wij zoeken een sterke man die lichamelijk fit is")
    [('sex', 'sterke man'), ('health', 'lichamelijk fit')]
    >>> wording("Werk met gezonde planten (m/v)")
    []
    """
    hits = [(hit.start(), code, hit.group()) for code, pattern in _FOUND.items() for hit in pattern.finditer(text)]
    return [(code, found) for _, code, found in sorted(hits)]


__all__ = ["CODES", "WORDING", "wording"]

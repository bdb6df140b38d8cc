"""What each setting of a policy means, in words, for the template."""
from __future__ import annotations

POLICY_WORDS: dict[str, dict[str, str]] = {
    "nl": {
        "head": "Beleid van Schakel. Elke waarde hieronder is de standaardwaarde; laat staan of weg wat gelijk blijft.",
        "objective": "placed: zoveel mogelijk leerlingen geplaatst, dan de hoogste som van passendheid. "
        "fit: hoogste som. balanced: zoveel mogelijk geplaatst, dan wie het minst goed af is zo goed mogelijk.",
        "unplaced_fit": "alleen bij fit: wat niet plaatsen waard is",
        "time_limit_seconds": "0: geen grens",
        "min_fit": "wie lager past wordt niet voorgesteld",
        "bands": "ondergrens van 'goed' en 'redelijk'",
        "weights": "hoeveel elk kenmerk telt; samen precies 1",
        "rules": "de harde regels",
        "priority": "wie langer dan zoveel dagen geleden uitstroomde zonder bestemming weegt zwaarder",
        "neighbours": "buurregio's van een arbeidsmarktregio; vervangt de ingebouwde lijst voor die regio",
        "own_regions": "een eigen naam voor een aantal gemeenten waarbinnen iedereen geplaatst mag worden",
        "werkschool_members": "de scholen die lid zijn van een regionale werkschool",
        "caps": "grenzen aan het aantal plaatsingen per branche, regio of werkgever",
    },
    "en": {
        "head": "Policy of Schakel. Each value below is the default; keep or leave out what stays the same.",
        "objective": "placed: as many students placed as possible, then the highest total fit. fit: highest total fit. "
        "balanced: as many placed as possible, then the worst-off as well off as can be.",
        "unplaced_fit": "with fit only: what leaving a student unplaced is worth",
        "time_limit_seconds": "0: no limit",
        "min_fit": "a lower fit is not proposed",
        "bands": "lower edges of good and fair",
        "weights": "how much each feature counts; together exactly 1",
        "rules": "the hard rules",
        "priority": "who left longer ago than so many days without a destination weighs more",
        "neighbours": "neighbours of a labour-market region; replaces the built-in list for that region",
        "own_regions": "a name of your own for a number of municipalities within which anybody may be placed",
        "werkschool_members": "the schools that are members of a regional werkschool",
        "caps": "limits on the number of placements per branch, region or employer",
    },
}

"""The words about equal chances in the report, for connector and municipality."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

FAIRNESS: Catalogue = {
    "help": (
        "Hier tellen leerlingen mee die een plek zoeken. Achter elk getal staan twee grenzen. Het echte cijfer ligt "
        "daar bijna zeker tussen. Bij weinig leerlingen liggen ze ver uit elkaar.",
        "Students who look for a place count here. Behind each figure stand two limits. The real figure almost surely "
        "lies between them. With few students they are far apart."),
    "help_small": (
        "Groepen kleiner dan {n} tonen we niet. Soms valt ook een grotere weg. Anders kun je de kleine uitrekenen.",
        "Groups smaller than {n} are not shown. Sometimes a larger one goes too. Else the small one can be computed."),
    "help_alarm": (
        "De groep die het vaakst een voorstel krijgt, is de maat. Krijgt een groep minder dan {n} % daarvan? Dan staat "
        "er “Let op”. Zoek uit hoe dat komt.",
        "The group that gets a proposal most often is the measure. Does a group get less than {n} % of that? Then it "
        "says “Take note”. Find out why."),
    "method": ("Hoe dit is gerekend", "How this was computed"),
    "method_share": (
        "De grenzen gelden met 95 % zekerheid. Bij aandelen zijn het grenzen volgens Wilson.",
        "The limits hold with 95 % confidence. For shares they are Wilson's limits."),
    "method_ratio": (
        "Bij de vergelijking volgen de grenzen uit die van beide groepen (MOVER-R).",
        "For the comparison the limits follow from those of both groups (MOVER-R)."),
    "method_mean": (
        "Bij gemiddelden loten we {n} keer opnieuw uit de groep (bootstrap), altijd op dezelfde manier.",
        "For means we draw {n} times again from the group (bootstrap), always in the same way."),
    "alarms": (
        "{n} groepen krijgen veel minder vaak een voorstel dan een andere groep. Kijk bij “Let op”.",
        "{n} groups get a proposal much less often than another group. See “Take note”."),
    "alarms_one": (
        "1 groep krijgt veel minder vaak een voorstel dan een andere groep. Kijk bij “Let op”.",
        "1 group gets a proposal much less often than another group. See “Take note”."),
    "alarms_none": (
        "Geen enkele groep krijgt veel minder vaak een voorstel dan een andere.",
        "No group gets a proposal much less often than another."),
    "alarm": ("Let op", "Take note"),
    "chance": ("kan toeval zijn", "may be chance"),
    "reference": ("hoogste", "highest"),
    "students": ("Leerlingen", "Students"),
    "share": ("Met voorstel", "With a proposal"),
    "ratio": ("Vergeleken met hoogste", "Against the highest"),
    "fit": ("Past gemiddeld", "Mean fit"),
    "own_best": ("Van eigen beste", "Of own best"),
    "distance": ("Afstand in km", "Distance in km"),
    "hidden": ("te klein om te tonen", "too small to show"),
    "few": ("niet getoond", "not shown"),
    "none": ("niemand", "nobody"),
    "nothing": ("niet bekend", "not known"),
    "school": ("School", "School"),
    "school_type": ("Soort school", "Type of school"),
    "route": ("Groep of alleen", "Group or individual"),
    "support_level": ("Begeleiding nodig", "Guidance needed"),
    "region": ("Woonregio", "Region of living"),
    "waiting": ("Hoe lang van school", "How long out of school"),
    "unknown": ("Niet bekend", "Not known"),
    "support_none": ("geen", "none"),
    "support_startup": ("alleen in het begin", "at the start only"),
    "support_structural": ("blijvend", "structural"),
    "route_either": ("allebei goed", "either"),
    "route_individual": ("alleen", "individual"),
    "route_group": ("groep", "group"),
    "school_referrer": ("geen school (verwijzer)", "no school (referrer)"),
    "waiting_not_left": ("nog op school", "still at school"),
    "waiting_3_months": ("tot 3 maanden", "up to 3 months"),
    "waiting_6_months": ("3 tot 6 maanden", "3 to 6 months"),
    "waiting_12_months": ("6 tot 12 maanden", "6 to 12 months"),
    "waiting_longer": ("langer dan 12 maanden", "longer than 12 months"),
}  # fmt: skip

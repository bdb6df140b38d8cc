"""What `schakel policy compare` says."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

RULE_NAMES: Catalogue = {
    "work_capacity": ("arbeidsvermogen", "work capacity"),
    "work_capacity_unknown": ("arbeidsvermogen onbekend", "work capacity unknown"),
    "destination": ("bestemming", "destination"),
    "leaving_profile": ("uitstroomprofiel", "leaving profile"),
    "age": ("leeftijd", "age"),
    "entry": ("instroom", "entry"),
    "route": ("groep of alleen", "group or individual"),
    "contract_type": ("soort contract", "type of contract"),
    "dates": ("data", "dates"),
    "hours": ("uren", "hours"),
    "region": ("regio", "region"),
    "reach": ("reis", "journey"),
    "branch": ("branche niet gewenst", "branch not wanted"),
    "certificate": ("certificaat", "certificate"),
    "level": ("niveau", "level"),
    "under_18": ("onder 18", "under 18"),
    "support": ("begeleiding", "support"),
    "condition": ("omstandigheden", "conditions"),
    "task": ("vaste taak", "fixed task"),
    "skill": ("werkvaardigheid", "work skill"),
    "participation": ("deelname", "participation"),
    "freshness": ("verouderde gegevens", "data too old"),
    "min_fit": ("past te weinig", "fit too low"),
    "forbidden": ("afgewezen", "rejected"),
    "full": ("alle plekken bezet", "every place taken"),
    "closed": ("groep gaat niet open", "group stays closed"),
}
FEATURE_NAMES: Catalogue = {
    "branch": ("branche", "branch"),
    "tasks": ("taken", "tasks"),
    "work_skills": ("werkvaardigheden", "work skills"),
    "support": ("begeleiding", "support"),
    "travel": ("reizen", "travel"),
    "hours": ("uren", "hours"),
    "conditions": ("omstandigheden", "conditions"),
    "route": ("groep of alleen", "group or individual"),
    "development": ("ontwikkeling", "development"),
    "contract": ("contract", "contract"),
    "base": ("beginpunt", "starting point"),
}
GROUP_NAMES: Catalogue = {
    "unknown": ("onbekend", "unknown"),
    "none": ("geen begeleiding", "no support"),
    "startup": ("begeleiding bij de start", "support at the start"),
    "structural": ("begeleiding voor langere tijd", "structural support"),
    "individual": ("alleen", "individual"),
    "group": ("groep", "group"),
    "either": ("allebei goed", "either"),
    "referrer": ("verwijzer", "referrer"),
    "other": ("anders", "other"),
}
COMPARE: Catalogue = {
    "head": (
        "Oud: {old} (versie {old_version}). Nieuw: {new} (versie {new_version}). Stand van {date}: {students}, "
        "{openings}, {places}.",
        "Old: {old} (version {old_version}). New: {new} (version {new_version}). As of {date}: {students}, "
        "{openings}, {places}."),
    "same": ("Het oude en het nieuwe beleid zijn gelijk.", "The old and the new policy are the same."),
    "settings": ("Dit is anders in het beleid:", "This differs in the policy:"),
    "absent": ("niets", "nothing"),
    "totals": ("In totaal, met het oude en het nieuwe beleid:", "In all, under the old and the new policy:"),
    "students": ("Leerlingen", "Students"),
    "placed": ("Met een voorstel", "With a proposal"),
    "unplaced": ("Zonder voorstel", "Without a proposal"),
    "priority": ("Som van de prioriteiten", "Sum of the priorities"),
    "good": ("Past goed", "Good fit"),
    "fair": ("Past redelijk goed", "Fair fit"),
    "not_yet": ("Past nog niet", "Not yet"),
    "filled": ("Plekken bezet", "Places filled"),
    "groups": ("Groepen die starten", "Groups that start"),
    "eligible": ("Mogelijke paren", "Eligible pairs"),
    "fit_by_old": ("Hoe goed het past, oude weging", "Mean fit by the old weights"),
    "fit_by_new": ("Hoe goed het past, nieuwe weging", "Mean fit by the new weights"),
    "rules": ("Paren die een regel weigert:", "Pairs that a rule refuses:"),
    "by_region": ("Met een voorstel per regio:", "With a proposal by region:"),
    "by_route": ("Met een voorstel naar groep of alleen:", "With a proposal by route:"),
    "by_support_level": ("Met een voorstel naar begeleiding:", "With a proposal by support level:"),
    "by_school_type": ("Met een voorstel naar soort school:", "With a proposal by type of school:"),
    "of": ("van {n}", "of {n}"),
    "small": ("minder dan 5 leerlingen, niet getoond", "fewer than 5 students, not shown"),
    "nobody": ("Voor geen enkele leerling verandert de plek.", "No student's place changes."),
    "moved": (
        "Wie verandert: {gains} krijgen een plek, {loses} raken hun plek kwijt, {moves} gaan naar een andere plek.",
        "Who changes: {gains} gain a place, {loses} lose theirs, {moves} move to another."),
    "none": ("geen plek", "no place"),
    "opening": ("{ref} (start {start})", "{ref} (start {start})"),
    "opened": ("De nieuwe plek mocht eerst niet: {rules}.", "The new place was refused before: {rules}."),
    "shut": ("De oude plek mag niet meer: {rules}.", "The old place is refused now: {rules}."),
    "shift_two": (
        "Ten opzichte van de oude plek telt de nieuwe plek {points} punten: {parts}.",
        "Against the old place the new one counts {points} points: {parts}."),
    "shift_one": ("Deze plek telt {points} punten: {parts}.", "This place counts {points} points: {parts}."),
    "taken": ("Naar de oude plek gaat nu: {who}.", "To the old place now goes: {who}."),
    "left": ("Van de nieuwe plek vertrekt: {who}.", "From the new place goes: {who}."),
    "settings_one": (
        "Zonder deze wijziging blijft voor deze leerling alles gelijk: {settings}.",
        "Without this change nothing changes for this student: {settings}."),
    "settings_each": (
        "Elk hiervan is nodig voor de wijziging bij deze leerling: {settings}.",
        "Each of these is needed for this student's change: {settings}."),
    "settings_together": (
        "Geen van de wijzigingen geeft alleen de doorslag.", "None of the changes decides this alone."),
    "untold": (
        "Welke wijziging de doorslag geeft is niet uitgezocht: dat duurt hier te lang.",
        "Which change decides was not worked out: it would take too long here."),
    "rows": (
        "Let op: {n} fouten in de lijsten, die rijen doen niet mee. `schakel check` noemt ze.",
        "Note: {n} errors in the lists, those rows are left out. `schakel check` names them."),
    "rows_one": (
        "Let op: 1 fout in de lijsten, die rij doet niet mee. `schakel check` noemt haar.",
        "Note: 1 error in the lists, that row is left out. `schakel check` names it."),
    "time_limit": (
        "De tijdsgrens is bereikt. Het verschil hierboven hoeft niet aan het beleid te liggen.",
        "The time limit struck. The difference above need not come from the policy."),
    "no_plan_old": ("Het oude beleid: {message}", "The old policy: {message}"),
    "no_plan_new": ("Het nieuwe beleid: {message}", "The new policy: {message}"),
    "no_plan_yet": (
        "De tijdsgrens is bereikt voordat er een plan was. Geef meer tijd in het beleid.",
        "The time limit struck before there was a plan. Allow more time in the policy."),
    "no_fit": (
        "Geweigerd: bij het doel balanced telt alleen een passing boven 0, en {student} heeft 0 bij {opening}.",
        "Refused: the objective balanced needs every fit above 0, and {student} has 0 at {opening}."),
}  # fmt: skip

"""The words of ``schakel evaluate``: what is wrong with an outcomes file, and the page."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

WRONG: Catalogue = {
    "no_folder": (
        "{path} is geen map. Noem de map met het resultaat van `schakel match` of `schakel assign`.",
        "{path} is no folder. Name the folder with a result of `schakel match` or `schakel assign`."),
    "no_plan": (
        "{path} heeft geen plan. Er is niets om te meten. Los eerst op wat er botst, en reken opnieuw.",
        "{path} has no plan. There is nothing to measure. First solve what clashes, and run again."),
    "broken": (
        "{path} klopt niet meer. Reken opnieuw, of kijk met `schakel verify`. Gevonden: {found}",
        "{path} does not hold any more. Run again, or look with `schakel verify`. Found: {found}"),
    "in_use": (
        "{path} bestaat al en is geen eerder resultaat van dit commando. Noem met --out een andere map.",
        "{path} exists and is no earlier result of this command. Name another folder with --out."),
    "not_writable": (
        "In {path} kan niet worden geschreven ({why}). Noem met --out een andere map.",
        "{path} cannot be written to ({why}). Name another folder with --out."),
    "no_file": (
        "Er is geen bestand {file}. Controleer de naam en de map.",
        "There is no file {file}. Check the name and the folder."),
    "not_csv": (
        "{file} is geen CSV-bestand. Sla de lijst op als CSV en probeer het opnieuw.",
        "{file} is no CSV file. Save the list as CSV and try again."),
    "quotes": (
        "{file}, rij {row}: de aanhalingstekens kloppen niet. Sla het bestand opnieuw op als CSV.",
        "{file}, row {row}: the quotation marks do not match. Save the file as CSV again."),
    "empty": (
        "{file} is leeg. Verwacht: een kopregel {expected} en rijen daaronder.",
        "{file} is empty. Expected: a header {expected} and rows below it."),
    "header": (
        "{file}: de kolom {column} ontbreekt. Verwacht: {expected}. Gevonden: {found}. Voeg de kolom toe.",
        "{file}: the column {column} is missing. Expected: {expected}. Found: {found}. Add the column."),
    "column_twice": (
        "{file}: twee kolommen zijn {column}: {found}. Haal er een weg.",
        "{file}: two columns are {column}: {found}. Remove one."),
    "bsn": (
        "{file}: in de kolom {column} lijkt een BSN te staan. Haal die kolom weg. Wij mogen geen BSN hebben.",
        "{file}: the column {column} seems to hold a BSN. Remove that column. We may not hold a BSN."),
    "header_only": (
        "{file} heeft geen rij met een uitkomst. Vul in de kolom outcome ja of nee in.",
        "{file} has no row with an outcome. Fill in yes or no in the column outcome."),
    "cell": (
        "{file}, rij {row}, {column}: “{found}” kan niet. Verwacht: {expected}. {do}",
        "{file}, row {row}, {column}: “{found}” cannot be. Expected: {expected}. {do}"),
    "more": ("... en nog {n}.", "... and {n} more."),
}  # fmt: skip
EXPECTED: Catalogue = {
    "outcome": ("ja, nee of leeg", "yes, no or empty"),
    "text": ("een nummer of naam", "a number or name"),
    "date": ("een datum als 2026-09-01", "a date such as 2026-09-01"),
    "student": ("een leerling uit dit resultaat", "a student of this result"),
    "opening": ("een plek uit dit resultaat", "an opening of this result"),
    "start": ("een startdatum uit dit resultaat", "a start date of this result"),
    "pair": ("een paar dat mogelijk was", "a pair that was possible"),
    "once": ("elk paar één keer", "each pair once"),
}  # fmt: skip
DO: Catalogue = {
    "outcome": ("Schrijf ja als de plaatsing is gelukt.", "Write yes where the placement worked."),
    "text": ("Vul de cel in.", "Fill in the cell."),
    "date": ("Schrijf jaar, maand en dag.", "Write year, month and day."),
    "student": ("Controleer school en leerlingnummer.", "Check school and student number."),
    "opening": ("Controleer het vacaturenummer.", "Check the vacancy number."),
    "start": (
        "Deze vacature heeft meer startdatums. Vul de juiste in.",
        "This vacancy has several start dates. Fill in the right one."),
    "pair": (
        "Voor dit paar is geen cijfer berekend. Haal de rij weg.",
        "No fit was computed for this pair. Remove the row."),
    "once": ("Dit paar staat ook in rij {first}. Haal er een weg.", "This pair is in row {first} too. Remove one."),
}  # fmt: skip
NOTES: Catalogue = {
    "read": (
        "{n} uitkomsten gelezen, {empty} nog leeg.", "{n} outcomes read, {empty} still empty."),
    "unused": ("{file}: niet gebruikte kolommen: {columns}.", "{file}: columns not used: {columns}."),
    "written": ("Rapport: {path}", "Report: {path}"),
}  # fmt: skip
PAGE: Catalogue = {
    "title": ("Hoe goed is dit plan?", "How good is this plan?"),
    "case": ("Resultaat met kenmerk {name}", "Result {name}"),
    "confidential": ("Vertrouwelijk: voor verbinder en beheerder", "Confidential: for connector and administrator"),
    "skip": ("Naar de inhoud", "Skip to the content"),
    "contents": ("Op deze pagina", "On this page"),
    "plan": ("Het plan in cijfers", "The plan in figures"),
    "plan_help": (
        "De grenzen achter een cijfer zeggen waar het echte cijfer bijna zeker tussen ligt.",
        "The limits behind a figure say between what the real figure almost surely lies."),
    "schools": ("Per school", "By school"),
    "schools_help": (
        "Scholen met minder dan {n} leerlingen tonen we niet. Soms valt ook een grotere weg.",
        "Schools with fewer than {n} students are not shown. Sometimes a larger one goes too."),
    "ranks": ("Welke keus kregen ze?", "Which choice did they get?"),
    "ranks_help": (
        "Keus 1 is de plek die voor de leerling het best past van alle plekken die kunnen.",
        "Choice 1 is the place that fits the student best of all that are possible."),
    "limits": ("Hoe vol is elke grens?", "How full is every limit?"),
    "outcome": ("Wat kwam ervan uit?", "What came of it?"),
    "outcome_none": (
        "Er is nog geen lijst met uitkomsten. Geef die met --outcomes. Dan zie je of de punten klopten.",
        "There is no list of outcomes yet. Give one with --outcomes. Then you see whether the points were right."),
    "outcome_help": (
        "Punten zijn geen kans. Hier staat of meer punten ook vaker goed afliepen.",
        "Points are not a chance. Here it says whether more points also went well more often."),
    "reliability": ("Punten tegen uitkomst", "Points against outcome"),
    "reliability_help": (
        "Per groep van punten: hoe vaak liep het goed af? Groepen kleiner dan {n} tonen we niet.",
        "By group of points: how often did it go well? Groups smaller than {n} are not shown."),
    "grouped": ("Met gescheiden groepen gemeten", "Measured with groups kept apart"),
    "grouped_help": (
        "De omrekening van punten naar kans is geleerd bij andere scholen of werkgevers dan waar zij is gemeten.",
        "The change from points to chance was learnt at other schools or employers than where it was measured."),
    "method": ("Hoe dit is gerekend", "How this was computed"),
    "method_1": (
        "Aandelen hebben grenzen volgens Wilson. Gemiddelden en AUC hebben grenzen door {n} keer opnieuw te loten.",
        "Shares have Wilson's limits. Means and AUC have limits by drawing {n} times again."),
    "method_2": (
        "Brier is het gemiddelde kwadraat van kans min uitkomst: lager is beter.",
        "Brier is the mean square of chance minus outcome: lower is better."),
    "method_3": (
        "AUC is hoe vaak een gelukte plaatsing meer punten had dan een mislukte: 0,5 is toeval, 1 is altijd.",
        "AUC is how often a placement that worked had more points than one that did not: 0.5 is chance, 1 always."),
    "method_4": (
        "Kendall tau-b vergelijkt de volgorde van punten en uitkomst: 0 is geen verband.",
        "Kendall's tau-b compares the order of points and outcome: 0 is no relation."),
    "metric": ("Cijfer", "Figure"),
    "value": ("Waarde", "Value"),
    "interval": ("Grenzen", "Limits"),
    "n": ("Aantal", "Number"),
    "group": ("Groep", "Group"),
    "hidden": ("te klein om te tonen", "too small to show"),
    "by_school": ("scholen gescheiden", "schools apart"),
    "by_employer": ("werkgevers gescheiden", "employers apart"),
    "by_vacancy": ("vacatures gescheiden", "vacancies apart"),
    "by_group": ("groepen gescheiden", "groups apart"),
    "choice": ("Keus {n}", "Choice {n}"),
    "points": ("{low} tot {high} punten", "{low} to {high} points"),
    "predicted": ("Gemiddeld punten", "Mean points"),
    "observed": ("Liep goed af", "Went well"),
    "limit": ("Grens", "Limit"),
    "kind": ("Soort", "Kind"),
    "used": ("Gebruikt", "Used"),
    "at_least": ("Minstens", "At least"),
    "at_most": ("Hoogstens", "At most"),
    "places": ("plekken", "places"),
    "load": ("begeleiding", "supervision"),
    "group_limit": ("afspraak", "cap"),
    "minimum": ("minimum groep", "group minimum"),
}  # fmt: skip
METRICS: Catalogue = {
    "students": ("Leerlingen", "Students"),
    "placed": ("Met een plek", "Placed"),
    "placed_share": ("Deel met een plek", "Share placed"),
    "total_fit": ("Som van hoe goed het past", "Total fit"),
    "mean_fit": ("Past gemiddeld", "Mean fit"),
    "worst_fit": ("Past het minst", "Worst fit"),
    "tenth_percentile": ("Onderste tiende past hoogstens", "Worst tenth fits at most"),
    "own_best_ratio": ("Vergeleken met eigen beste", "Against own best"),
    "worst_ratio": ("Minst vergeleken met eigen beste", "Worst against own best"),
    "blocking_pairs": ("Paren die liever samen waren", "Blocking pairs"),
    "envious": ("Wil liever de plek van een ander", "Would rather have another's place"),
    "outcomes": ("Uitkomsten", "Outcomes"),
    "went_well": ("Liep goed af", "Went well"),
    "brier_fit": ("Brier van de punten", "Brier of the points"),
    "brier_constant": ("Brier als iedereen gelijk is", "Brier when all are equal"),
    "calibration_error": ("Gemiddeld verschil per groep", "Mean gap by group"),
    "auc": ("AUC", "AUC"),
    "kendall_tau_b": ("Kendall tau-b", "Kendall's tau-b"),
    "auc_within": ("AUC binnen de groepen", "AUC within groups"),
    "groups": ("Groepen", "Groups"),
    "folds": ("Delen", "Folds"),
    "brier_calibrated": ("Brier na omrekenen", "Brier after calibration"),
    "brier_base": ("Brier van het gemiddelde elders", "Brier of the mean elsewhere"),
    "skill": ("Winst van de punten", "Gain by the points"),
}  # fmt: skip

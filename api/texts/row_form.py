"""What is said of a row or cell, for who fills in a form or sends fields: no cells, columns, rows or files.

What does not stand here is said as of a file: `api.texts.row_words`, `api.texts.row_hints`.
"""
from __future__ import annotations

from api.texts.row_words import Words

WRONG: Words = {
    "duplicate": ("{column}: “{found}” staat er meer dan één keer.", "{column}: “{found}” is there more than once."),
}
ADVICE: Words = {
    "required": ("Vul dit in.", "Fill this in."),
    "not_a_number": ("Verbeter het getal.", "Correct the number."),
    "unreadable": ("Schrijf het anders.", "Write it differently."),
    "bsn": ("Haal het nummer weg. Wij mogen geen BSN hebben.", "Remove the number. We may not hold a BSN."),
}
EXPECTED: Words = {
    "not_both": ("een keuze in hoogstens een van de twee velden", "a choice in at most one of the two fields"),
    "once": ("elke startdatum één keer", "every start date once"),
}
HINTS: Words = {
    "one_number": ("Zet minimum en maximum in hun eigen veld.", "Put minimum and maximum in their own fields."),
    "most_items": ("Er passen hoogstens {most} waarden in.", "At most {most} values fit."),
    "same_row": ("Haal een van de twee weg.", "Remove one of the two."),
    "personal_phone": ("Haal het nummer liever weg.", "Better remove the number."),
    "personal_mail": ("Haal het adres liever weg.", "Better remove the address."),
    "personal_health": (
        "Schrijf niet op wat iemand heeft, maar wat helpt bij het werk.",
        "Do not write what somebody has, but what helps at work.",
    ),
    "personal_name": (
        "Schrijf “mijn moeder” of “mijn mentor”, zonder naam.",
        "Write “my mother” or “my mentor”, without a name.",
    ),
    "other_region": (
        "Laat de verbinder van die regio de vacature wijzigen.",
        "Let the connector of that region change the vacancy.",
    ),
}

"""What can be wrong with a row or cell, what was expected and what to do: the words, (Dutch, English).

A key of `WRONG` is a row code, or a row code and a hint where that says more precisely what is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]
"""Key -> (Dutch, English); ``{name}`` stands for a fact."""

WRONG: Words = {
    "required": ("{column} is niet ingevuld.", "{column} is empty."),
    "not_a_date": ("{column}: “{found}” is geen datum.", "{column}: “{found}” is not a date."),
    "ambiguous_date": ("{column}: “{found}” kan twee datums zijn.", "{column}: “{found}” can be two dates."),
    "not_a_number": ("{column}: “{found}” kunnen we niet lezen.", "{column}: we cannot read “{found}”."),
    "out_of_range": ("{column}: “{found}” valt buiten de grenzen.", "{column}: “{found}” is out of range."),
    "out_of_range outside_regions": (
        "{column}: “{found}” ligt niet in een van je eigen regio's.",
        "{column}: “{found}” lies in none of your own regions.",
    ),
    "out_of_range other_region": (
        "{column}: “{found}” ligt buiten je eigen regio's.",
        "{column}: “{found}” lies outside your own regions.",
    ),
    "unknown_code": ("{column}: “{found}” kennen we niet.", "{column}: we do not know “{found}”."),
    "min_above_max": (
        "{column}: het minimum is hoger dan het maximum ({found}).",
        "{column}: the minimum is above the maximum ({found}).",
    ),
    "duplicate": ("Deze rij komt dubbel voor: {found}.", "This row is a repeat: {found}."),
    "bsn": (
        "{column}: hier lijkt een burgerservicenummer (BSN) te staan: {found}.",
        "{column}: this looks like a citizen service number (BSN): {found}.",
    ),
    "bad_id": ("{column}: “{found}” is geen geldig nummer.", "{column}: “{found}” is not a valid reference."),
    "bad_postcode": ("{column}: “{found}” is geen postcode.", "{column}: “{found}” is not a postcode."),
    "unknown_place": ("{column}: we kennen geen plaats “{found}”.", "{column}: we know no place “{found}”."),
    "ambiguous_place": (
        "{column}: er is meer dan één plaats met de naam “{found}”.",
        "{column}: more than one place is called “{found}”.",
    ),
    "bad_school": ("{column}: “{found}” is geen BRIN-nummer.", "{column}: “{found}” is not a BRIN number."),
    "bad_kvk": ("{column}: “{found}” is geen KvK-nummer.", "{column}: “{found}” is not a KvK number."),
    "too_long": ("{column}: de tekst is te lang.", "{column}: the text is too long."),
    "two_of_one": ("{column}: “{found}” is meer dan één antwoord.", "{column}: “{found}” is more than one answer."),
    "two_of_one postcode_wins": (
        "{column}: “{found}” en de postcode gaan niet samen.",
        "{column}: “{found}” and the postcode do not go together.",
    ),
    "two_of_one excluded_wins": (
        "{column}: “{found}” staat er graag én niet graag in.",
        "{column}: “{found}” is both wanted and unwanted.",
    ),
    "two_of_one school_wins": (
        "{column}: er staan een school en een verwijzer.",
        "{column}: there are a school and a referrer.",
    ),
    "two_of_one under_participation": (
        "{column}: deze vacature hoort bij een deelname, en die zegt dit.",
        "{column}: this vacancy is under a participation, which says this.",
    ),
    "unasked_column": (
        "De kolom “{column}” vragen we niet. We lezen en bewaren deze kolom niet.",
        "We do not ask for the column “{column}”. We neither read nor keep it.",
    ),
    "unmapped_column": (
        "De kolom “{column}” kennen we niet. We lezen en bewaren deze kolom niet.",
        "We do not know the column “{column}”. We neither read nor keep it.",
    ),
    "personal": (
        "{column}: hier lijkt iets persoonlijks te staan: {found}.",
        "{column}: this looks personal: {found}.",
    ),
    "personal personal_phone": (
        "{column}: hier lijkt een telefoonnummer te staan: {found}.",
        "{column}: this looks like a phone number: {found}.",
    ),
    "personal personal_mail": (
        "{column}: hier lijkt een e-mailadres te staan: {found}.",
        "{column}: this looks like an e-mail address: {found}.",
    ),
    "personal personal_health": (
        "{column}: hier lijkt iets over gezondheid te staan: {found}.",
        "{column}: this looks like something about health: {found}.",
    ),
    "personal personal_name": (
        "{column}: hier lijkt een naam te staan: {found}.",
        "{column}: this looks like a name: {found}.",
    ),
    "unknown_person": ("{column}: “{found}” staat niet in de lijst.", "{column}: “{found}” is not in the list."),
    "unreadable": ("We kunnen dit niet lezen: {found}.", "We cannot read this: {found}."),
    "unreadable too_many_rows": ("De lijst heeft {found} rijen.", "The list has {found} rows."),
    "unreadable too_many_columns": ("De lijst heeft {found} kolommen.", "The list has {found} columns."),
    "empty_file": ("Het bestand is leeg.", "The file is empty."),
    "header_only": (
        "Het bestand heeft alleen een kopregel, geen rijen.",
        "The file has only a header, no rows.",
    ),
    "missing_column": ("De kolom “{column}” ontbreekt.", "The column “{column}” is missing."),
    "no_header": ("We herkennen geen kopregel.", "We recognise no header."),
}

ADVICE: Words = {
    "required": ("Vul de cel in.", "Fill in the cell."),
    "not_a_date": ("Verbeter de datum.", "Correct the date."),
    "ambiguous_date": ("Schrijf dag-maand-jaar met streepjes.", "Write day-month-year with hyphens."),
    "not_a_number": ("Verbeter de cel.", "Correct the cell."),
    "out_of_range": ("Verbeter de waarde.", "Correct the value."),
    "unknown_code": ("Kies een waarde uit de lijst.", "Choose a value of the list."),
    "min_above_max": ("Verbeter een van de twee.", "Correct one of the two."),
    "duplicate": ("Haal een van de twee rijen weg.", "Remove one of the two rows."),
    "bsn": (
        "Haal het nummer weg uit het bestand. Wij mogen geen BSN hebben.",
        "Remove the number from the file. We may not hold a BSN.",
    ),
    "bad_id": ("Verbeter het nummer.", "Correct the reference."),
    "bad_postcode": ("Verbeter de postcode.", "Correct the postcode."),
    "unknown_place": ("Verbeter de naam, of vul de postcode in.", "Correct the name, or give the postcode."),
    "ambiguous_place": ("Vul de postcode in.", "Give the postcode."),
    "bad_school": ("Zoek het BRIN-nummer van de school op.", "Look up the BRIN number of the school."),
    "bad_kvk": ("Zoek het KvK-nummer op.", "Look up the KvK number."),
    "too_long": ("Maak de tekst korter.", "Shorten the text."),
    "two_of_one": ("Laat één antwoord staan.", "Leave one answer."),
    "unasked_column": ("Haal de kolom liever weg.", "Better remove the column."),
    "unmapped_column": (
        "Wil je de kolom gebruiken? Geef haar een naam uit het voorbeeldbestand, of zeg met --column welke dat is.",
        "Do you want it used? Give it a name of the template, or say with --column which one it is.",
    ),
    "personal": ("Haal het weg. De rij telt gewoon mee.", "Remove it. The row counts all the same."),
    "unknown_person": ("Verbeter het nummer, of haal de rij weg.", "Correct the reference, or remove the row."),
    "unreadable": (
        "Bewaar het bestand als CSV of XLSX en lever het opnieuw aan.",
        "Save the file as CSV or XLSX and try again.",
    ),
    "empty_file": ("Lever een bestand met rijen aan.", "Hand in a file with rows."),
    "header_only": (
        "Zet onder de kopregel een rij per persoon of plek.",
        "Put a row per person or place below the header.",
    ),
    "missing_column": ("Voeg de kolom toe.", "Add the column."),
    "no_header": (
        "Begin met het voorbeeldbestand van `schakel template`.",
        "Start from the template that `schakel template` makes.",
    ),
}

EXPECTED: Words = {
    "a_value": ("een waarde", "a value"),
    "text": ("tekst van hoogstens {most} tekens", "text of at most {most} characters"),
    "reference": (
        "hoogstens 40 letters, cijfers, spaties, punten, streepjes of schuine strepen",
        "at most 40 letters, digits, spaces, dots, hyphens, underscores or slashes",
    ),
    "school": ("een BRIN-nummer, zoals 25AB00 of 25AB", "a BRIN number, such as 25AB00 or 25AB"),
    "referrer": (
        "het KvK-nummer (8 cijfers) of de naam van de verwijzer",
        "the referrer's KvK number (8 digits) or name",
    ),
    "school_or_referrer": (
        "het BRIN-nummer van de school, of KvK-nummer of naam van de verwijzer",
        "the school's BRIN number, or the referrer's KvK number or name",
    ),
    "one_party": ("een school of een verwijzer", "a school or a referrer"),
    "kvk": ("een KvK-nummer van 8 cijfers", "a KvK number of 8 digits"),
    "postcode": ("een postcode, zoals 8102 HG of 8102", "a postcode, such as 8102 HG or 8102"),
    "place": ("een plaats in Nederland", "a place in the Netherlands"),
    "one_place": ("een plaats die maar één keer voorkomt, of een postcode", "a place that exists once, or a postcode"),
    "same_place": ("postcode en plaats in dezelfde regio", "postcode and place in the same region"),
    "in_regions": ("werk in {regions}", "work in {regions}"),
    "postcode_or_place": ("een postcode of een plaats", "a postcode or a place"),
    "number": ("een getal van {least} tot en met {most} ({unit})", "a number from {least} to {most} ({unit})"),
    "whole_number": (
        "een heel getal van {least} tot en met {most} ({unit})",
        "a whole number from {least} to {most} ({unit})",
    ),
    "date": ("een datum als dag-maand-jaar, zoals 31-01-2008", "a date as 31-01-2008 or 2008-01-31"),
    "date_within": ("een datum van {first} tot en met {last}", "a date from {first} to {last}"),
    "after_birth": (
        "een datum minstens {years} jaar na de geboortedatum",
        "a date at least {years} years after the date of birth",
    ),
    "left_lately": ("een datum hoogstens {months} maanden geleden", "a date at most {months} months ago"),
    "born_before": ("een geboortedatum minstens {years} jaar eerder", "a date of birth at least {years} years before"),
    "clock": ("een tijd van 00:00 tot en met 24:00, zoals 07:30", "a time from 00:00 to 24:00, such as 07:30"),
    "codes": ("een van: {codes}", "one of: {codes}"),
    "code_list": ("een of meer van: {codes}; met | ertussen", "one or more of: {codes}; separated by |"),
    "tasks": (
        "taken als code of in eigen woorden, met | ertussen, hoogstens {most} tekens per taak",
        "tasks as codes or in words, separated by |, at most {most} characters each",
    ),
    "must_tasks": (
        "taken als code of in eigen woorden, met | ertussen en ! achter wat moet, hoogstens {most} tekens per taak",
        "tasks as codes or in words, separated by |, with ! after one that is a must, at most {most} characters each",
    ),
    "skills": (
        "vaardigheid=niveau met | ertussen, niveau 0 tot en met 3, zoals pace=2; vaardigheden: {codes}",
        "skill=level separated by |, level 0 to 3, such as pace=2; skills: {codes}",
    ),
    "must_skills": (
        "vaardigheid=niveau met | ertussen, niveau 0 tot en met 3, ! achter wat moet, zoals pace=2!; keuze: {codes}",
        "skill=level separated by |, level 0 to 3 and ! after a must, such as pace=2!; skills: {codes}",
    ),
    "support_needed": (
        "begeleiding met | ertussen, eventueel =startup of =structural, ! achter wat echt nodig is; keuze: {codes}",
        "support separated by |, =startup or =structural if known, ! after what is essential; choices: {codes}",
    ),
    "support_offered": (
        "begeleiding met | ertussen, =limited voor een beetje, een - ervoor voor nee; keuze: {codes}",
        "support separated by |, =limited for a little, a - before it for no; choices: {codes}",
    ),
    "criteria": (
        "criteria waaraan is voldaan met | ertussen, een - ervoor als er niet aan is voldaan; keuze: {codes}",
        "criteria met separated by |, a - before one that is not met; choices: {codes}",
    ),
    "reason": (
        "een van: {codes}; of eigen woorden van hoogstens {most} tekens",
        "one of: {codes}; or words of at most {most} characters",
    ),
    "min_max": ("een minimum dat niet hoger is dan het maximum", "a minimum that is not above the maximum"),
    "not_both": ("een keuze in hoogstens een van de twee kolommen", "a choice in at most one of the two columns"),
    "travel_columns": (
        "de kolommen from en to, en een kolom per vervoermiddel of de kolommen means en minutes",
        "the columns from and to, and a column per means of travel or the columns means and minutes",
    ),
    "plain_words": (
        "eigen woorden, zonder namen, nummers om te bellen of iets over gezondheid",
        "words of one's own, without names, numbers to call or anything about health",
    ),
    "once": ("elke rij één keer", "every row once"),
    "no_bsn": ("een nummer van de school zelf, of tekst zonder BSN", "the school's own number, or text without a BSN"),
    "no_bsn_column": ("een bestand zonder BSN of PGN", "a file without BSN or PGN"),
    "leerbedrijf": (
        "het nummer van het leerbedrijf, 7 tot en met 9 cijfers",
        "the number of the leerbedrijf, 7 to 9 digits",
    ),
    "crebo": ("een crebonummer van 5 cijfers", "a crebo number of 5 digits"),
    "column": ("een kolom “{dutch}” (of “{name}”)", "a column “{name}” (or “{dutch}”)"),
    "school_column": (
        "een kolom “brin” (of “school”), of een kolom “verwijzer” (of “referrer”)",
        "a column “school” (or “brin”), or a column “referrer” (or “verwijzer”)",
    ),
    "known_column": ("een kolom uit het voorbeeldbestand", "a column of the template"),
    "rows": ("een kopregel en minstens één rij", "a header and at least one row"),
    "table": ("een tabel als CSV, XLSX of JSON", "a table as CSV, XLSX or JSON"),
    "size": (
        "hoogstens {megabytes} MB, {rows} rijen en {columns} kolommen",
        "at most {megabytes} MB, {rows} rows and {columns} columns",
    ),
    "json": ("een lijst van objecten met de veldnamen als sleutels", "a list of objects with the field names as keys"),
    "row_shape": ("evenveel cellen als de kopregel", "as many cells as the header"),
    "one_sheet": ("één blad met rijen", "one sheet with rows"),
    "some_kind": (
        "de kolommen van een leerlingenlijst, een vacaturelijst of besluiten",
        "the columns of a leaver list, a vacancy list or decisions",
    ),
}

UNITS: Words = {
    "km": ("km", "km"),
    "minutes": ("minuten", "minutes"),
    "hours": ("uren per week", "hours a week"),
    "half_days": ("dagdelen per week", "half-days a week"),
    "places": ("plekken", "places"),
    "people": ("mensen", "people"),
    "months": ("maanden", "months"),
    "years": ("jaar", "years"),
    "option": ("deelnamevorm", "participation option"),
}

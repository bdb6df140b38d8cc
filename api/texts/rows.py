"""The sentences about rows and cells: what was found, what was expected, what to do.

One message is built of up to four parts: what is wrong (`WRONG`, by row code), what was expected
(`EXPECTED`), what may have been meant, and what to do (`HINTS`, or `TODO` by row code).
"""
from __future__ import annotations

from collections.abc import Mapping

from api.defects import Defect, Phrase

Words = Mapping[str, tuple[str, str]]
"""Key -> (Dutch, English); ``{name}`` stands for a fact."""

LANGUAGES = ("nl", "en")

WRONG: Words = {
    "required": ("{column} is niet ingevuld.", "{column} is empty."),
    "not_a_date": ("{column}: “{found}” is geen datum.", "{column}: “{found}” is not a date."),
    "ambiguous_date": ("{column}: “{found}” kan twee datums zijn.", "{column}: “{found}” can be two dates."),
    "not_a_number": ("{column}: “{found}” kunnen we niet lezen.", "{column}: we cannot read “{found}”."),
    "out_of_range": ("{column}: “{found}” valt buiten de grenzen.", "{column}: “{found}” is out of range."),
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
    "unasked_column": (
        "De kolom “{column}” vragen we niet. We lezen en bewaren deze kolom niet.",
        "We do not ask for the column “{column}”. We neither read nor keep it.",
    ),
    "unmapped_column": (
        "De kolom “{column}” kennen we niet. We lezen en bewaren deze kolom niet.",
        "We do not know the column “{column}”. We neither read nor keep it.",
    ),
    "unknown_person": ("{column}: “{found}” staat niet in de lijst.", "{column}: “{found}” is not in the list."),
    "unreadable": ("We kunnen dit niet lezen: {found}.", "We cannot read this: {found}."),
    "empty_file": ("Het bestand is leeg.", "The file is empty."),
    "header_only": (
        "Het bestand heeft alleen een kopregel, geen rijen.",
        "The file has only a header, no rows.",
    ),
    "missing_column": ("De kolom “{column}” ontbreekt.", "The column “{column}” is missing."),
    "no_header": ("We herkennen geen kopregel.", "We recognise no header."),
}

TODO: Words = {
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
    "unknown_person": ("Verbeter het nummer, of haal de rij weg.", "Correct the reference, or remove the row."),
    "unreadable": ("Bewaar het bestand als CSV of XLSX en lever het opnieuw aan.", "Save the file as CSV or XLSX and try again."),
    "empty_file": ("Lever een bestand met rijen aan.", "Hand in a file with rows."),
    "header_only": ("Zet onder de kopregel een rij per persoon of plek.", "Put a row per person or place below the header."),
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
    "referrer": ("het KvK-nummer (8 cijfers) of de naam van de verwijzer", "the referrer's KvK number (8 digits) or name"),
    "school_or_referrer": (
        "het BRIN-nummer van de school, of KvK-nummer of naam van de verwijzer",
        "the school's BRIN number, or the referrer's KvK number or name",
    ),
    "one_party": ("een school of een verwijzer", "a school or a referrer"),
    "kvk": ("een KvK-nummer van 8 cijfers", "a KvK number of 8 digits"),
    "postcode": ("een postcode, zoals 8102 HG of 8102", "a postcode, such as 8102 HG or 8102"),
    "place": ("een plaats in Nederland", "a place in the Netherlands"),
    "one_place": ("een plaats die maar één keer voorkomt, of een postcode", "a place that exists once, or a postcode"),
    "postcode_or_place": ("een postcode of een plaats", "a postcode or a place"),
    "number": ("een getal van {least} tot en met {most} ({unit})", "a number from {least} to {most} ({unit})"),
    "whole_number": (
        "een heel getal van {least} tot en met {most} ({unit})",
        "a whole number from {least} to {most} ({unit})",
    ),
    "date": (
        "een datum als dag-maand-jaar, van {first} tot en met {last}",
        "a date as day-month-year or year-month-day, from {first} to {last}",
    ),
    "born_before": ("een geboortedatum minstens {years} jaar eerder", "a date of birth at least {years} years before"),
    "clock": ("een tijd van 00:00 tot en met 24:00, zoals 07:30", "a time from 00:00 to 24:00, such as 07:30"),
    "codes": ("een van: {codes}", "one of: {codes}"),
    "code_list": ("een of meer van: {codes}; met | ertussen", "one or more of: {codes}; separated by |"),
    "tasks": (
        "taken als code of in eigen woorden, met | ertussen, hoogstens {most} tekens per taak",
        "tasks as codes or in words, separated by |, at most {most} characters each",
    ),
    "must_tasks": (
        "taken als code of in eigen woorden, met | ertussen en ! achter een taak die moet, hoogstens {most} tekens per taak",
        "tasks as codes or in words, separated by |, with ! after one that is a must, at most {most} characters each",
    ),
    "skills": (
        "vaardigheid=niveau met | ertussen, niveau 0 tot en met 3, zoals pace=2; vaardigheden: {codes}",
        "skill=level separated by |, level 0 to 3, such as pace=2; skills: {codes}",
    ),
    "must_skills": (
        "vaardigheid=niveau met | ertussen, niveau 0 tot en met 3 en ! achter wat moet, zoals pace=2!; vaardigheden: {codes}",
        "skill=level separated by |, level 0 to 3 and ! after a must, such as pace=2!; skills: {codes}",
    ),
    "support_needed": (
        "begeleiding met | ertussen, eventueel =startup of =structural, en ! achter wat echt nodig is; keuze: {codes}",
        "support separated by |, with =startup or =structural if known, and ! after what is essential; choices: {codes}",
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
    "once": ("elke rij één keer", "every row once"),
    "no_bsn": ("een nummer van de school zelf, of tekst zonder BSN", "the school's own number, or text without a BSN"),
    "no_bsn_column": ("een bestand zonder BSN of PGN", "a file without BSN or PGN"),
    "leerbedrijf": ("het nummer van het leerbedrijf, 7 tot en met 9 cijfers", "the number of the leerbedrijf, 7 to 9 digits"),
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

HINTS: Words = {
    "meant": ("Bedoel je `{suggestion}`?", "Did you mean `{suggestion}`?"),
    "length": ("Er staan {length} tekens.", "There are {length} characters."),
    "made_date": (
        "De spreadsheet maakte er een datum van: zet de kolom op Tekst en typ de waarde opnieuw.",
        "The spreadsheet made it a date: format the column as Text and type the value again.",
    ),
    "made_number": (
        "De spreadsheet maakte er een ander getal van: zet de kolom op Tekst en typ het nummer opnieuw.",
        "The spreadsheet made it another number: format the column as Text and type the reference again.",
    ),
    "one_number": ("Zet minimum en maximum in hun eigen kolom.", "Put minimum and maximum in their own columns."),
    "postcode_letters": ("SA, SD en SS komen in een postcode niet voor.", "No postcode has SA, SD or SS."),
    "postcode_unused": (
        "Deze postcode is niet in gebruik. Verbeter de postcode, of vul alleen de plaats in.",
        "This postcode is not in use. Correct it, or give the place alone.",
    ),
    "place_used": (
        "Deze postcode is niet in gebruik; we gebruiken de plaats.",
        "This postcode is not in use; we use the place.",
    ),
    "no_place": (
        "Zonder postcode of plaats weten we de afstand niet. Vul een van de twee in.",
        "Without a postcode or place we do not know the distance. Give one of the two.",
    ),
    "which_place": ("Bedoel je {places}? Vul de postcode in.", "Did you mean {places}? Give the postcode."),
    "lost_zero": (
        "De spreadsheet haalde misschien een 0 weg: zet er een 0 voor en maak de cel Tekst.",
        "The spreadsheet may have dropped a 0: put a 0 before it and format the cell as Text.",
    ),
    "formula": (
        "De cel heeft een formule zonder uitkomst: open het bestand, verbeter de cel en sla het op.",
        "The cell holds a formula without an outcome: open the file, correct the cell and save it.",
    ),
    "short_year": ("Schrijf het jaar met vier cijfers.", "Write the year with four digits."),
    "year_alone": ("Er staat alleen een jaar: vul dag en maand aan.", "This is a year alone: add day and month."),
    "month_first": ("Staat de maand voorop? Zet de dag voorop.", "Does the month come first? Put the day first."),
    "no_such_day": ("Deze dag bestaat niet.", "There is no such day."),
    "two_dates": (
        "Het kan {one} of {two} zijn: schrijf de datum met streepjes.",
        "It can be {one} or {two}: write the date with hyphens, day first.",
    ),
    "only_one": ("Hier past één waarde.", "One value fits here."),
    "once": ("`{code}` staat er twee keer in: laat het één keer staan.", "`{code}` stands there twice: leave it once."),
    "most_items": ("Er passen hoogstens {most} waarden in een cel.", "A cell takes at most {most} values."),
    "use_bar": ("Zet een | tussen de waarden.", "Put a | between the values."),
    "school_wins": (
        "We gebruiken de school; de verwijzer bewaren we niet.",
        "We use the school; the referrer is not kept.",
    ),
    "excluded_wins": (
        "Deze keuze staat ook bij wat graag wordt gedaan. We houden ons aan “niet”.",
        "This choice also stands among what is wanted. We keep to “not”.",
    ),
    "leaves_on": (
        "Met een school is de uitstroomdatum nodig; alleen met een verwijzer niet.",
        "With a school the leaving date is needed; only with a referrer it is not.",
    ),
    "two_columns": (
        "Twee kolommen ({columns}) geven hetzelfde gegeven, met een andere waarde.",
        "Two columns ({columns}) give the same fact with different values.",
    ),
    "named_column": (
        "Met --column is een andere kolom voor dit gegeven aangewezen.",
        "--column names another column for this fact.",
    ),
    "same_row": ("Staat al op rij {row}. Haal een van de twee weg.", "Already on row {row}. Remove one of the two."),
    "bsn_header": (
        "De kop vraagt om een BSN. Verwijder de kolom en lever het bestand opnieuw aan.",
        "The header asks for a BSN. Remove the column and hand in the file again.",
    ),
    "bsn_column": (
        "Verwijder de kolom en lever het bestand opnieuw aan. Wij mogen geen BSN hebben, ook niet even.",
        "Remove the column and hand in the file again. We may not hold a BSN, not even for a moment.",
    ),
    "bsn_row": (
        "Het staat op rij {row}. Verwijder het nummer en lever het bestand opnieuw aan.",
        "It stands on row {row}. Remove the number and hand in the file again.",
    ),
    "bsn_sheet": (
        "Het staat op blad “{sheet}”, rij {row}. Verwijder het en lever het bestand opnieuw aan.",
        "It stands on sheet “{sheet}”, row {row}. Remove it and hand in the file again.",
    ),
    "special": (
        "Dit is een gevoelig gegeven dat niet mag meetellen. Haal de kolom weg.",
        "This is sensitive and may not count. Remove the column.",
    ),
    "near_header": (
        "Bedoel je de kolom `{suggestion}`? Verander de naam, of gebruik --column.",
        "Did you mean the column `{suggestion}`? Rename it, or use --column.",
    ),
    "near_missing": (
        "Misschien is het de kolom `{suggestion}`: verander de naam, of gebruik --column.",
        "It may be the column `{suggestion}`: rename it, or use --column.",
    ),
    "no_header": ("Kolom {column} heeft geen kop. Geef haar een naam.", "Column {column} has no header. Give it a name."),
    "extra_cells": (
        "Staat er een scheidingsteken in een tekst? Zet de tekst dan tussen aanhalingstekens.",
        "Is there a separator inside a text? Put that text in quotation marks.",
    ),
    "quotes": (
        "Een aanhalingsteken staat op een plek waar het niet kan. Verdubbel het, of haal het weg.",
        "A quotation mark stands where it cannot. Double it, or remove it.",
    ),
    "open_quote": (
        "Een aanhalingsteken gaat open en niet meer dicht. Sluit het, of haal het weg.",
        "A quotation mark opens and never closes. Close it, or remove it.",
    ),
    "not_an_object": ("Dit is geen object met veldnamen.", "This is not an object with field names."),
    "other_sheet": (
        "Het blad “{sheet}” lijkt ook een lijst en is niet gelezen. Lever het als apart bestand aan.",
        "The sheet “{sheet}” looks like a list as well and was not read. Hand it in as a file of its own.",
    ),
    "html": (
        "Dit is een webpagina met een andere naam. Open het in Excel en bewaar het als XLSX.",
        "This is a web page by another name. Open it in Excel and save it as XLSX.",
    ),
    "old_excel": (
        "Dit is een oud Excel-bestand (xls). Open het in Excel en bewaar het als XLSX.",
        "This is an old Excel file (xls). Open it in Excel and save it as XLSX.",
    ),
    "other_sheets": (
        "Dit is een ander soort spreadsheet. Bewaar het als XLSX of CSV.",
        "This is another kind of spreadsheet. Save it as XLSX or CSV.",
    ),
    "encrypted": (
        "Het bestand heeft een wachtwoord. Haal het wachtwoord eraf en lever het opnieuw aan.",
        "The file has a password. Remove the password and hand it in again.",
    ),
    "corrupt": (
        "Het bestand is beschadigd. Open het, bewaar het opnieuw als XLSX en lever het weer aan.",
        "The file is damaged. Open it, save it as XLSX again and hand it in.",
    ),
    "too_big": ("Splits het bestand.", "Split the file."),
    "binary": ("Dit is geen tekst en geen spreadsheet.", "This is neither text nor a spreadsheet."),
    "bad_json": ("De JSON klopt niet bij regel {line}.", "The JSON is wrong near line {line}."),
    "json_shape": ("De JSON is geen lijst van objecten.", "The JSON is not a list of objects."),
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

_EXPECTED = ("Verwacht: {expected}.", "Expected: {expected}.")


def expected(phrase: Phrase | None, lang: str) -> str:
    """What was expected, in ``lang``; empty when there is nothing to say."""
    return "" if phrase is None else _say(EXPECTED, phrase, lang)


def message(defect: Defect, column: str, lang: str) -> str:
    """The whole message of a defect in the column with this header."""
    which = LANGUAGES.index(lang)
    found = shorten(defect.found) or ("niets" if lang == "nl" else "nothing")
    wrong = "no_header" if defect.code == "missing_column" and not column else defect.code
    parts = [WRONG[wrong][which].format(column=column, found=found)]
    if defect.expected is not None and defect.code not in ("unasked_column", "unmapped_column", "header_only", "empty_file"):
        parts.append(_EXPECTED[which].format(expected=expected(defect.expected, lang)))
    if defect.suggestion and (defect.hint is None or "{suggestion}" not in HINTS[defect.hint.key][which]):
        parts.append(HINTS["meant"][which].format(suggestion=defect.suggestion))
    if defect.hint is not None:
        facts = (*defect.hint.facts, ("suggestion", defect.suggestion), ("column", column))
        parts.append(_say(HINTS, Phrase(defect.hint.key, facts), lang))
    else:
        parts.append(TODO[wrong][which])
    return " ".join(" ".join(part.split()) for part in parts)


def shorten(text: str, most: int = 80) -> str:
    """The text on one line, cut after ``most`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _say(words: Words, phrase: Phrase, lang: str) -> str:
    return words[phrase.key][LANGUAGES.index(lang)].format(**{name: _fact(fact, lang) for name, fact in phrase.facts})


def _fact(fact: object, lang: str) -> str:
    if isinstance(fact, Phrase):
        return _say(UNITS, fact, lang)
    if isinstance(fact, (tuple, list)):
        return ", ".join(str(item) for item in fact)
    return str(fact)

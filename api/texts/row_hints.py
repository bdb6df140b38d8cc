"""What else may help to mend a row or cell: the words, (Dutch, English)."""

from __future__ import annotations

from api.texts.row_words import Words

HINTS: Words = {
    "meant": ("Bedoel je `{suggestion}`?", "Did you mean `{suggestion}`?"),
    "meant_label": (
        "Bedoel je `{suggestion}` ({label_nl})? Kies anders een waarde uit de lijst.",
        "Did you mean `{suggestion}` ({label_en})? Otherwise choose a value of the list.",
    ),
    "meant_place": (
        "Bedoel je `{suggestion}`? Verbeter de naam, of vul de postcode in.",
        "Did you mean `{suggestion}`? Correct the name, or give the postcode.",
    ),
    "postcode_wins": (
        "De postcode ligt in {place}, in een andere regio. We gebruiken de postcode.",
        "The postcode lies in {place}, in another region. We use the postcode.",
    ),
    "outside_regions": (
        "Verbeter de plek, of laat de verbinder van die regio de vacature plaatsen.",
        "Correct the place, or let the connector of that region post the vacancy.",
    ),
    "other_region": (
        "Haal deze vacature weg, of laat de verbinder van die regio haar wijzigen.",
        "Remove this vacancy, or let the connector of that region change it.",
    ),
    "no_workplace": (
        "De werkgever zit niet in een van je regio's: vul in waar het werk is.",
        "The employer is in none of your regions: say where the work is.",
    ),
    "under_participation": (
        "Wijzig het bij de deelname zelf, of haal de vacature daar eerst onder weg.",
        "Change it at the participation itself, or take the vacancy from under that first.",
    ),
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
    "sheet_error": (
        "De spreadsheet kon de cel niet uitrekenen: verbeter de cel.",
        "The spreadsheet could not work out the cell: correct it.",
    ),
    "nested": (
        "Er staat een lijst in een lijst: geef een tekst, een getal of één lijst.",
        "This is a list within a list: give a text, a number or one list.",
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
        "We houden ons aan “niet”. Laat de keuze in een van de twee staan.",
        "We keep to “not”. Leave the choice in one of the two.",
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
    "may_stay": ("Klopt het toch? Dan mag het zo blijven.", "Is it right all the same? Then it may stay."),
    "same_row": ("Staat al op rij {row}. Haal een van de twee weg.", "Already on row {row}. Remove one of the two."),
    "personal_phone": (
        "Haal het nummer weg. De rij telt gewoon mee.",
        "Remove the number. The row counts all the same.",
    ),
    "personal_mail": (
        "Haal het adres weg. De rij telt gewoon mee.",
        "Remove the address. The row counts all the same.",
    ),
    "personal_health": (
        "Schrijf niet op wat iemand heeft, maar wat helpt bij het werk. De rij telt gewoon mee.",
        "Do not write what somebody has, but what helps at work. The row counts all the same.",
    ),
    "personal_name": (
        "Schrijf “mijn moeder” of “mijn mentor”, zonder naam. De rij telt gewoon mee.",
        "Write “my mother” or “my mentor”, without a name. The row counts all the same.",
    ),
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
    "no_header": (
        "Kolom {column} heeft geen kop. Geef haar een naam.",
        "Column {column} has no header. Give it a name.",
    ),
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
    "too_many_rows": (
        "Splits de lijst in delen van hoogstens {most} rijen, en lever die na elkaar aan.",
        "Split the list into parts of at most {most} rows, and hand them in one after the other.",
    ),
    "too_many_columns": (
        "Haal kolommen weg die we niet vragen: het voorbeeldbestand laat zien welke we vragen.",
        "Remove columns that we do not ask for: the template shows which we ask for.",
    ),
    "too_heavy": (
        "Dit bestand openen kost te veel tijd of geheugen. Splits de lijst, of bewaar haar als CSV.",
        "Opening this file takes too much time or memory. Split the list, or save it as CSV.",
    ),
    "too_big": ("Splits het bestand.", "Split the file."),
    "binary": ("Dit is geen tekst en geen spreadsheet.", "This is neither text nor a spreadsheet."),
    "bad_json": ("De JSON klopt niet bij regel {line}.", "The JSON is wrong near line {line}."),
    "json_shape": ("De JSON is geen lijst van objecten.", "The JSON is not a list of objects."),
}

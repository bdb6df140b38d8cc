"""What `schakel geo import` says."""
from __future__ import annotations

from api.texts.catalogue import Catalogue

GEO_IMPORT: Catalogue = {
    "no_file": (
        "Er is geen bestand {file}. Controleer de naam en de map.",
        "There is no file {file}. Check the name and the folder."),
    "too_big": ("{file}: het bestand is te groot.", "{file}: the file is too large."),
    "zip": (
        "{file}: de zip is beschadigd of bevat geen lijst van postcodes (.txt of .csv).",
        "{file}: the zip is damaged or holds no list of postcodes (.txt or .csv)."),
    "unreadable": ("{file}: we kunnen dit niet lezen ({found}).", "{file}: we cannot read this ({found})."),
    "empty": ("{file}: het bestand is leeg.", "{file}: the file is empty."),
    "header_only": ("{file}: er staan geen rijen in.", "{file}: there are no rows in it."),
    "no_postcode": (
        "{file}: er is geen kolom met een postcode (pc4, pc6 of postcode). De kolommen zijn: {found}.",
        "{file}: there is no column with a postcode (pc4, pc6 or postcode). The columns are: {found}."),
    "no_position": (
        "{file}: er is geen kolom met een plek op de kaart of een gemeente. De kolommen zijn: {found}.",
        "{file}: there is no column with a position or a municipality. The columns are: {found}."),
    "row": ("{file} rij {row}: {what}", "{file} row {row}: {what}"),
    "country": ("“{found}” is een ander land.", "“{found}” is another country."),
    "postcode": ("“{found}” is geen postcode.", "“{found}” is not a postcode."),
    "position": ("“{found}” is geen plek op de kaart.", "“{found}” is no position."),
    "outside": ("“{found}” ligt niet in Nederland.", "“{found}” does not lie in the Netherlands."),
    "town": ("we kennen geen gemeente “{found}”.", "we know no municipality “{found}”."),
    "nothing": ("bij “{found}” staat geen plek en geen gemeente.", "“{found}” has no position and no municipality."),
    "more": ("Nog {n} van zulke rijen.", "{n} more such rows."),
    "more_one": ("Nog 1 zo'n rij.", "1 more such row."),
    "refused": (
        "{file}: {wrong} van {rows} rijen kunnen we niet gebruiken. Er is niets bewaard.",
        "{file}: {wrong} of {rows} rows cannot be used. Nothing is kept."),
    "elsewhere": (
        "{file}: {far} van {known} postcodes liggen ver van waar ze horen. Zijn de kolommen goed? Er is niets bewaard.",
        "{file}: {far} of {known} postcodes lie far from where they belong. Are the columns right? Nothing is kept."),
    "left_out": (
        "{wrong} van {rows} rijen konden we niet gebruiken; die postcodes blijven zoals ze waren.",
        "{wrong} of {rows} rows could not be used; those postcodes stay as they were."),
    "done": (
        "{areas} postcodegebieden bewaard uit {rows} rijen, waarvan {new} nieuw en {moved} verplaatst (meer dan 1 km).",
        "{areas} postcode areas kept from {rows} rows, {new} of them new and {moved} moved (more than 1 km)."),
    "where": (
        "Ze staan in {place}. Terug naar de ingebouwde lijst: schakel geo import --undo.",
        "They are in {place}. Back to the built-in table: schakel geo import --undo."),
    "undone": ("{place} is weg. De ingebouwde lijst geldt weer.", "{place} is gone. The built-in table holds again."),
    "nothing_to_undo": (
        "Er was niets geïmporteerd. De ingebouwde lijst geldt.", "Nothing was imported. The built-in table holds."),
    "one_of_both": (
        "Geef een bestand, of --undo, niet allebei.", "Give a file, or --undo, not both."),
}  # fmt: skip

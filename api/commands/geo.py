"""``schakel geo``: places, postcodes, municipalities and labour-market regions, offline."""
from __future__ import annotations

from pathlib import Path

import click

from api.commands.options import language


@click.group("geo")
def command() -> None:
    """Places, postcodes, municipalities and labour-market regions."""


@command.command("locate")
@click.argument("places", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File for the answers (CSV).")
@language
def locate(places: Path, out: Path, lang: str) -> None:
    """Find municipality, labour-market region and position of each row of PLACES.

    PLACES is a CSV with the columns id, postcode and place; either of the last two may be empty. The answers
    have the columns id, status, municipality_code, municipality, region_code, region, latitude and longitude,
    in the order of the rows. Status is found, ambiguous (the name exists in more than one region: give the
    postcode, or the province or municipality after a comma) or unknown. A postcode decides over a place.
    """
    from api.geo_files import locate_file

    for note in locate_file(places, out, lang):
        click.echo(note, err=True)


@command.command("import")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--undo", is_flag=True, help="Forget what was imported and use the built-in table again.")
@language
def import_(file: Path | None, undo: bool, lang: str) -> None:
    """Take exact postcode points from an official download, for everything that is located on this machine.

    FILE is NL.txt or NL_full.txt of GeoNames (or its zip), or a CSV of CBS or others whose header names a postcode
    (pc4, pc6, postcode) and a position (latitude and longitude, or RD x and y) or a municipality. Of a postcode only
    the four digits are kept. It is checked first, and kept as a whole or not at all, in the folder that the
    environment variable SCHAKEL_DATA names (otherwise schakel in XDG_DATA_HOME or ~/.local/share); report.json says
    which postcodes a run used. Postcodes that are not in FILE stay as they were.
    """
    from api.errors import WrongUsage
    from api.geo_import_files import import_postcodes, undo_import
    from api.texts.catalogue import say
    from api.texts.geo_import import GEO_IMPORT

    if undo == (file is not None):
        raise WrongUsage(say(GEO_IMPORT, "one_of_both", lang))
    for line in undo_import(lang) if file is None else import_postcodes(file, lang):
        click.echo(line, err=True)

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

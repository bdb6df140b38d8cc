"""Where a vacancy is and whose it is: in which region, of which employer, and whether a connector may write it there.

A connector writes in the own regions alone, by list and by form. What counts is where the work is, not where the
employer is: an employer has vacancies in more regions than its own, and the connector of the workplace looks after
it (codes of rules, and who sees an opening, go by the workplace as well). Without a workplace it is the employer's
region. A vacancy that is nowhere in the own regions is not theirs to write, even by a row that would move it there.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import datetime

from api.defects import Defect, Phrase
from api.files.rows import RowError, row_error
from api.store import people, vacancies
from api.store.lists import Organisation, Stored
from api.store.people import Session
from features.geography import region_name
from features.records import Location, Opening

Regions = Set[str] | None
"""The regions within which somebody writes; None: an employer, or who runs the service, is bound to none."""


def region_of(location: Location | None, home: Organisation | None) -> str | None:
    """The region of a workplace; without one, that of whose it is."""
    return (location.region_code if location else None) or (home.region_code if home else None)


def employer(session: Session, kvk: str, name: str) -> Organisation:
    """The employer with this KvK number; one that nobody knows is not stored before `keep`."""
    return people.organisation(session, "employer", kvk) or Organisation(kind="employer", code=kvk, name=name or kvk)


def keep(session: Session, home: Organisation, region: str | None, now: datetime) -> Organisation:
    """Store an employer that came with its first vacancy, by list or by form: it belongs where the work is."""
    if home.id is not None:
        return home
    return people.organisation(session, "employer", home.code) or people.add_organisation(
        session, "employer", home.code, name=home.name, region=region, now=now
    )


def elsewhere(session: Session, home_ids: Iterable[str], regions: Regions) -> set[tuple[str, str]]:
    """The vacancies (organisation, number) of which no opening is in the regions: whoever is bound sees them not."""
    return set() if regions is None else vacancies.refs_outside(session, home_ids, regions)


def defect_of(
    opening: Opening, home: Organisation | None, regions: Regions, *, stored: Stored | None = None, other: bool = False
) -> tuple[str, Defect] | None:
    """Why somebody bound to regions may not write an opening, as (field, defect); None: it may be written.

    ``stored`` is what the database has of it, of which nothing is said; ``other`` is whether the vacancy is nowhere in
    the regions.
    """
    if regions is None:
        return None
    if other or (stored is not None and stored.region not in regions):
        return "vacancy_ref", Defect("out_of_range", opening.vacancy_ref, _wanted(regions), Phrase("other_region"))
    return place_defect(opening.location, home, regions)


def place_defect(location: Location | None, home: Organisation | None, regions: Regions) -> tuple[str, Defect] | None:
    """`defect_of` a workplace that is new."""
    if regions is None or region_of(location, home) in regions:
        return None
    if location is None:
        return "postcode", Defect("required", "", _wanted(regions), Phrase("no_workplace"))
    field = "postcode" if location.label.isdigit() else "place"
    return field, Defect("out_of_range", location.label, _wanted(regions), Phrase("outside_regions"))


def said(file: str, row: int, found: tuple[str, Defect], titles: Mapping[str, str], lang: str) -> RowError:
    """A defect in words, under the header of the file, or the field's own name; a form has no file."""
    return row_error(file, row, titles.get(found[0], found[0]), found[1], lang, form=not file)


def _wanted(regions: Set[str]) -> Phrase:
    return Phrase("in_regions", (("regions", tuple(f"{region_name(code)} ({code})" for code in sorted(regions))),))


__all__ = ["Regions", "defect_of", "elsewhere", "employer", "keep", "place_defect", "region_of", "said"]

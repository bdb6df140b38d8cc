"""Which field an unknown column probably is: by a slip in a known header, by the words in it, by what stands below.

A suggestion is only that: somebody confirms it before a column is read.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.files.grid import Grid
from api.files.headers import map_header, near_header
from api.schemas.base import RowSchema
from api.schemas.cells import Cell, DefectError
from api.schemas.code_values import Code, Codes, SupportNeeds
from api.schemas.columns import KINDS, plain
from api.schemas.dates import DateOf
from api.schemas.values import Number, Postcode, School, YesNo, refuse_broken

_ENOUGH, _MOST_READ = 0.5, 0.9
_SURE = 3  # values that must say the same before the content alone suggests a field
_TELLING = (Code, Codes, SupportNeeds, DateOf, Number, Postcode, School, YesNo)
_ALONE = ("school", "postcode", "travel_means", "branches", "school_type")
"""Fields whose values look like nothing else."""
STEMS: Mapping[str, Mapping[str, str]] = {
    "leavers": {
        "student_ref": "leerling nummer|leerling id|lln nr|lln nummer|stamn|student n|student id|deelnemer n|pupil n",
        "school": "brin|school code",
        "referrer": "verwijz|aangemeld|referr",
        "school_type": "soort school|school type|type onderwijs|soort onderwijs",
        "leaving_profile": "profiel|profile",
        "first_name": "voorna|roepna|first name|given name",
        "birth_date": "geboor|gebdat|birth",
        "enrolled": "ingeschr|enrol",
        "leaves_on": "uitstroom dat|uitstroom op|uitschr|vertrek|vanschool|schoolaf|verlaat|einddat|leav",
        "available_from": "beschikb|start|begin|availab",
        "postcode": "postc|zip|pccijf|pc cijfers",
        "place": "woon|plaats|gemeente|stad|city|town|residence|lives",
        "travel_means": "vervoer|reistmet|transport|means of",
        "max_km": "afstand|kilomet|distance|maxkm",
        "max_minutes": "reistijd|minut|traveltime",
        "travels_alone": "zelfst reiz|zelf reis|alleen reis|alone travel|independ travel",
        "hours_min": "uren min|hours min|uren vanaf",
        "hours_max": "uren max|hours max",
        "branches": "branche|sector",
        "branches_excluded": "branche niet|branche geen|branch not|branch exclu",
        "route": "route",
        "contract_types": "contract",
        "tasks_wanted": "wil doen|wens|graag doen|want to do",
        "tasks_disliked": "wil niet|niet doen|hekel|dislike|not want",
        "tasks_mastered": "kanal|beheers|master",
        "experience": "ervaring|stage|experience",
        "own_words": "eigenwoorden|zelf gezegd|zelf vertel|own words",
        "work_skills": "vaardigh|skill",
        "support_needed": "begeleid|ondersteun|support|hulp",
        "support_half_days": "dagdel|half days",
        "conditions_wanted": "omstandigh graag|condition wanted",
        "conditions_unacceptable": "omstandigh niet|kannietteg|condition unacc",
        "certificates": "certific",
        "level": "niveau|diplom|level",
        "work_capacity": "arbeidsverm|kanwerken|work capac|able to work",
        "consent_on": "toestemm|consent",
        "confirmed_on": "bevestigd|actueel|bijgewerkt|confirmed|updated",
        "destination": "bestemm|destination",
    },
}
"""Per kind of list and field: pieces of words that a header may have, alternatives between bars, all of one needed."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """What a column probably is: ``field`` empty where nobody can say; ``how`` known, near, content or none."""

    index: int
    field: str
    how: str


def suggest(grid: Grid, kind: str, schema: RowSchema) -> list[Suggested]:
    """Say for every column of a grid which field it is, each field at most once."""
    found: dict[int, Suggested] = {}
    taken: set[str] = set()
    known = map_header(list(grid.titles), kind, {}, {})
    for name, places in known.fields.items():
        found[places[0]] = Suggested(places[0], name, "known")
        taken.add(name)
    for how in (_by_words, _by_content):
        ranked = sorted(
            (-points, index, name)
            for index in range(len(grid.titles)) if index not in found
            for name, points in how(grid, index, kind, schema).items()
        )  # fmt: skip
        for _, index, name in ranked:
            if index not in found and name not in taken:
                found[index] = Suggested(index, name, "near" if how is _by_words else "content")
                taken.add(name)
    return [found.get(index, Suggested(index, "", "none")) for index in range(len(grid.titles))]


def _by_words(grid: Grid, index: int, kind: str, schema: RowSchema) -> dict[str, float]:
    """Points per field for the words of a header; none where the values below say otherwise."""
    word = plain(grid.titles[index])
    points: dict[str, float] = {}
    for name, alternatives in STEMS.get(kind, {}).items():
        fitting = [sum(map(len, stems)) for stems in map(str.split, alternatives.split("|"))
                   if all(stem in word for stem in stems)]  # fmt: skip
        if fitting:
            points[name] = max(fitting)
    near = near_header(word, kind)
    if near:
        points[near] = points.get(near, 0) + len(word) / 2
    values = grid.values(index)
    shares = {name: _share(schema, name, values) for name in points}
    return {name: points[name] + shares[name] for name in points if not values or shares[name] >= _ENOUGH}


def _by_content(grid: Grid, index: int, kind: str, schema: RowSchema) -> dict[str, float]:
    """Points per field whose values look like these and like nothing else."""
    values = grid.values(index)
    if len(values) < _SURE:
        return {}
    there = [column.name for column in KINDS[kind] if column.name in _ALONE]
    shares = {name: _share(schema, name, values) for name in there}
    return {name: share for name, share in shares.items() if share >= _MOST_READ}


def _share(schema: RowSchema, name: str, values: Sequence[Cell]) -> float:
    """Which part of the values the field reads; 1 where it would read anything."""
    reader = schema.reader(name)
    if not isinstance(reader, _TELLING) or not values:
        return 1.0
    read = 0
    for value in values:
        try:
            refuse_broken(value)
            read += reader(value) is not None
        except DefectError as error:
            read += any(defect.suggestion or defect.code == "ambiguous_date" for defect in error.defects)
    return read / len(values)


__all__ = ["STEMS", "Suggested", "suggest"]

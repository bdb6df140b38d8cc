"""The tables hold what the public reference data says: a check of the transcription, not of the truth."""
from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from features.geography import REGIONS, locate, municipality_name, municipality_region, neighbours, region_name

Rows = list[dict[str, str]]


def _read(folder: Path, name: str) -> Rows:
    with (folder / "geo" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def municipalities(shared_data: Path) -> Rows:
    return _read(shared_data, "gemeente_2024_amr2025.csv")


@pytest.fixture(scope="module")
def postcodes(shared_data: Path) -> Rows:
    return _read(shared_data, "pc4_amr2025.csv")


@pytest.fixture(scope="module")
def ambiguous_names(shared_data: Path) -> set[str]:
    return {row["woonplaats"] for row in _read(shared_data, "ambiguous_woonplaatsen.csv")}


def test_all_342_municipalities_have_their_code_name_and_region(municipalities: Rows) -> None:
    given = [(row["gm_code"], row["gemeente"], row["amr_code"]) for row in municipalities]
    assert len(given) == 342
    assert [(code, municipality_name(code), municipality_region(code)) for code, _, _ in given] == given


def test_a_municipality_name_leads_to_it_or_asks(municipalities: Rows, ambiguous_names: set[str]) -> None:
    for row in municipalities:
        found = locate(None, row["gemeente"])
        if row["gemeente"] in ambiguous_names:
            assert found.status == "ambiguous", row["gemeente"]
        else:
            assert found.location is not None, row["gemeente"]
            assert found.location.municipality_code == row["gm_code"], row["gemeente"]


def test_the_35_regions_have_their_names_and_neighbours(shared_data: Path) -> None:
    rows = _read(shared_data, "amr_2025_neighbours.csv")
    assert [row["amr_code"] for row in rows] == list(REGIONS)
    assert len(REGIONS) == 35
    for row in rows:
        assert region_name(row["amr_code"]) == row["amr_naam"]
        assert "|".join(neighbours(row["amr_code"])) == row["neighbours"]


def test_at_least_99_percent_of_the_undisputed_postcodes_lie_in_the_region_given(postcodes: Rows) -> None:
    undisputed = [row for row in postcodes if row["suspect"] == "0"]
    regions = {row["pc4"]: locate(row["pc4"], None).location for row in undisputed}
    differs = [row for row in undisputed if (at := regions[row["pc4"]]) is None or at.region_code != row["amr_code"]]
    assert len(undisputed) == 4593
    # the eight that differ are post boxes whose point lies far from their place
    assert {row["pc4"] for row in differs} == {"1840", "2820", "2850", "2960", "3380", "4230", "4240", "4280"}
    assert all(row["soort"] == "Postbus" for row in differs)


def test_a_postcode_whose_point_contradicts_its_place_lies_where_the_place_is(postcodes: Rows) -> None:
    known = {"2170": "Teylingen", "5851": "Bergen (L.)", "6960": "Brummen", "9420": "Midden-Drenthe", "1790": "Texel"}
    disputed = {row["pc4"] for row in postcodes if row["suspect"] == "1"}
    for pc4, municipality in known.items():
        assert pc4 in disputed
        assert locate(pc4, None).municipality == municipality


def test_no_ambiguous_name_is_silently_placed(ambiguous_names: set[str]) -> None:
    assert len(ambiguous_names) == 57
    for name in ambiguous_names:
        found = locate(None, name)
        assert (found.status, found.location, found.region) == ("ambiguous", None, ""), name


def test_a_place_of_one_region_is_found_there_or_asks_but_is_never_elsewhere(postcodes: Rows) -> None:
    regions: dict[str, set[str]] = defaultdict(set)
    for row in postcodes:
        if row["suspect"] == "0":
            regions[row["woonplaats"]].add(row["amr_code"])
    only = {name: next(iter(codes)) for name, codes in regions.items() if len(codes) == 1}
    found = {name: locate(None, name) for name in only}
    right = [n for n, at in found.items() if at.location is not None and at.location.region_code == only[n]]
    unplaced = {name: at.status for name, at in found.items() if at.location is None}
    assert len(right) + len(unplaced) == len(only)
    assert len(right) >= 0.99 * len(only)
    # Glas is no place: a fault of the list, which means Ten Boer
    assert [name for name, status in unplaced.items() if status == "unknown"] == ["Glas"]


def test_a_postcode_lies_near_the_centre_of_its_municipality(municipalities: Rows, postcodes: Rows) -> None:
    centres = {row["gm_code"]: (float(row["centroid_lat"]), float(row["centroid_lon"])) for row in municipalities}
    for row in postcodes:
        at = locate(row["pc4"], None).location
        assert at is not None
        latitude, longitude = centres[at.municipality_code]
        assert abs(at.latitude - latitude) < 0.25 and abs(at.longitude - longitude) < 0.45, row["pc4"]

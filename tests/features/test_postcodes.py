"""Imported postcode areas before the built-in table, and grid coordinates as degrees."""
from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.atlas import atlas
from features.geography import locate, postcodes_in_use, use_postcodes
from features.postcodes import Area, OwnPostcodes, merged
from features.rijksdriehoek import degrees


@pytest.fixture(autouse=True)
def built_in_again() -> Iterator[None]:
    yield
    use_postcodes(None)


@pytest.mark.parametrize(
    ("x", "y", "latitude", "longitude"),
    [  # towers of which both coordinates are published
        (155_000.000, 463_000.000, 52.15517440, 5.38720621),  # Onze Lieve Vrouwetoren, Amersfoort
        (120_700.723, 487_525.501, 52.37453253, 4.88352559),  # Westertoren, Amsterdam
        (233_883.131, 582_065.167, 53.21938317, 6.56820053),  # Martinitoren, Groningen
    ],
)
def test_grid_coordinates_of_known_towers(x: float, y: float, latitude: float, longitude: float) -> None:
    north, east = degrees(x, y)
    assert abs(north - latitude) < 3e-6  # some 30 cm
    assert abs(east - longitude) < 5e-6


def test_an_imported_point_goes_before_the_built_in_one_and_can_be_taken_back() -> None:
    before = locate("8102", None).location
    assert before is not None
    use_postcodes(OwnPostcodes((Area(8102, "", 52.4, 6.3),), "table"))
    now = locate("8102 HG", None).location
    assert now is not None
    assert (now.latitude, now.longitude, now.municipality_code) == (52.4, 6.3, "GM0177")
    assert postcodes_in_use() is not None
    use_postcodes(None)
    assert locate("8102", None).location == before
    assert postcodes_in_use() is None


def test_what_an_area_lacks_comes_from_the_built_in_table() -> None:
    known = dict(zip(atlas().pc4, atlas().pc4_rows, strict=True))
    new = next(digits for digits in range(1000, 9999) if digits not in known)
    gone = next(digits for digits in range(new + 1, 9999) if digits not in known)
    pc4, rows = merged(
        atlas().pc4, atlas().pc4_rows,
        OwnPostcodes(
            (Area(8102, "GM0150", None, None), Area(new, "", 52.386, 6.277), Area(gone, "GM0363", None, None)), "table"
        ),
    )  # fmt: skip
    found = dict(zip(pc4, rows, strict=True))
    assert found[8102] == ("GM0150", *known[8102][1:])
    assert found[new] == ("GM0177", 52.386, 6.277)  # the nearest postcode is one of Raalte
    assert found[gone][0] == "GM0363"
    assert found[gone][1:] in {row[1:] for row in known.values() if row[0] == "GM0363"}
    assert pc4 == sorted(pc4)
    assert all(found[digits] == row for digits, row in known.items() if digits != 8102)


@given(st.lists(st.sampled_from([1011, 8102, 7411, 9712]), unique=True, min_size=1))
def test_the_digest_is_of_what_the_areas_say(some: list[int]) -> None:
    areas = tuple(Area(digits, "", 52.0, 6.0) for digits in sorted(some))
    assert OwnPostcodes(areas, "table").digest == OwnPostcodes(areas, "geonames").digest
    other = (Area(areas[0].digits, "", 52.00001, 6.0), *areas[1:])
    assert OwnPostcodes(other, "table").digest != OwnPostcodes(areas, "table").digest

"""Travel minutes against journeys known by hand, and what must hold for any distance."""
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import FeatureError
from features.geography import locate, straight_km
from features.travel import RIDES, ROAD_FACTOR, minutes

MEANS = sorted(RIDES)


def _way(one: str, other: str, means: str) -> float:
    a, b = locate(None, one).location, locate(None, other).location
    assert a is not None and b is not None
    return float(minutes(straight_km(a.latitude, a.longitude, b.latitude, b.longitude), means))


@pytest.mark.parametrize(
    ("one", "other", "means", "least", "most"),
    [  # what planners and people who ride it say, door to door on a weekday morning
        ("Raalte", "Zwolle", "car", 26, 45),
        ("Raalte", "Zwolle", "public_transport", 45, 75),
        ("Raalte", "Heino", "bicycle", 24, 40),
        ("Raalte", "Heino", "e_bike", 20, 34),
        ("Deventer", "Zwolle", "car", 35, 55),
        ("Deventer", "Olst", "bicycle", 35, 60),
        ("Utrecht", "Amersfoort", "car", 28, 45),
        ("Utrecht", "Amersfoort", "public_transport", 45, 70),
        ("Amsterdam", "Utrecht", "public_transport", 65, 90),
        ("Amsterdam", "Utrecht", "car", 42, 65),
        ("Ommen", "Dalfsen", "moped", 25, 50),
        ("Burgum", "Leeuwarden", "bicycle", 50, 85),
    ],
)
def test_a_known_journey_takes_about_as_long_as_it_does(
    one: str, other: str, means: str, least: float, most: float
) -> None:
    assert least <= _way(one, other, means) <= most


@pytest.mark.parametrize("means", MEANS)
def test_further_never_takes_less_time(means: str) -> None:
    km = np.linspace(0, 200, 20_001)
    assert (np.diff(minutes(km, means)) > 0).all()


@given(st.floats(0, 300))
def test_the_faster_means_is_never_the_slower(km: float) -> None:
    ways = ("foot", "bicycle", "e_bike", "moped", "public_transport")
    foot, bicycle, e_bike, moped, transit = (float(minutes(km, means)) for means in ways)
    assert e_bike <= bicycle
    assert transit <= foot
    assert float(minutes(km, "car")) == float(minutes(km, "brought"))
    if km >= 2:
        assert moped <= e_bike <= bicycle <= foot


def test_next_door_is_not_no_time_at_all() -> None:
    assert all(3 <= float(minutes(0.0, means)) <= 15 for means in MEANS)


def test_the_figures_are_those_of_the_docstring() -> None:
    road = ROAD_FACTOR * np.hypot(10.0, 0.7)  # 13.03 km
    assert float(minutes(10.0, "foot")) == pytest.approx(road / 4.8 * 60)
    assert float(minutes(10.0, "car")) == pytest.approx(5 + 12 + (road - 5) / 50 * 60)
    assert float(minutes(10.0, "public_transport")) == pytest.approx(16 + 18 + (road - 6) / 40 * 60)


def test_shape_is_kept_and_the_unknown_stays_unknown() -> None:
    result = minutes(np.array([[1.0, np.nan], [3.0, 4.0]]), "car")
    assert result.shape == (2, 2)
    assert np.isnan(result).tolist() == [[False, True], [False, False]]


def test_an_unknown_means_says_what_was_expected() -> None:
    with pytest.raises(FeatureError, match="found 'horse', expected one of foot, bicycle"):
        minutes(1.0, "horse")

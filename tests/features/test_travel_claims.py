"""What the estimate of travel time says of itself: detours, waiting, water, travelling alone, and comfort."""
from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.eligibility import RULES, evaluate
from features.eligibility_reach import distances
from features.geography import locate
from features.pairwise import pair_features
from features.records import Location, Opening, Student
from features.settings import FEATURES, RuleSettings
from features.travel import RIDES, ROAD_FACTOR, minutes

ON = date(2026, 6, 1)
REACH, TRAVEL = 1 << RULES.index("reach"), FEATURES.index("travel")


def at(place: str) -> Location:
    found = locate(None, place).location
    assert found is not None, place
    return found


def km(one: str, other: str) -> float:
    near = distances([at(one)], [at(other)])
    return int(near.between(near.student, near.opening)[0]) / 1000


@pytest.mark.parametrize(
    ("one", "other", "road"),
    [  # road km as a planner gives them, town centre to town centre
        ("Raalte", "Zwolle", 22),
        ("Deventer", "Zwolle", 36),
        ("Utrecht", "Amersfoort", 24),
        ("Amsterdam", "Utrecht", 42),
        ("Groningen", "Leeuwarden", 60),
        ("Eindhoven", "Tilburg", 36),
        ("Arnhem", "Nijmegen", 19),
        ("Maastricht", "Roermond", 49),
        ("Middelburg", "Goes", 24),
        ("Emmen", "Hoogeveen", 34),
        ("Terneuzen", "Goes", 32),
        ("Enkhuizen", "Lelystad", 30),
        ("Den Helder", "Harlingen", 60),
        ("Amsterdam", "Almere", 32),
        ("Hoorn, Noord-Holland", "Lelystad", 47),
    ],
)
def test_the_detour_factor_is_within_a_quarter_of_the_road(one: str, other: str, road: float) -> None:
    assert road * 0.75 <= km(one, other) * ROAD_FACTOR <= road * 1.25


@given(st.floats(0.0, 150.0))
def test_public_transport_waits_and_walks_before_and_after(straight: float) -> None:
    transit, foot = float(minutes(straight, "public_transport")), float(minutes(straight, "foot"))
    road = ROAD_FACTOR * np.hypot(straight, 0.7)
    assert RIDES["public_transport"].around == 16
    assert transit == pytest.approx(foot) or transit >= 16 + road * 60 / 75  # it never rides faster than 75 km/h
    assert transit <= foot + 1e-9


@pytest.mark.parametrize("island", ["Texel", "West-Terschelling", "Nes, Ameland", "Vlieland", "Schiermonnikoog"])
@pytest.mark.parametrize("other", ["Den Helder", "Harlingen", "Holwerd", "Texel", "Zwolle"])
def test_no_ferry_is_taken_to_an_island(island: str, other: str) -> None:
    if at(island).municipality_code == at(other).municipality_code:
        assert km(island, other) < 15
        return
    student = Student("25AB00", "1", date(2008, 1, 1), "yes", location=at(island), travel_means=("car", "bicycle"),
                      max_km=900.0, max_minutes=600.0, travels_alone=True)  # fmt: skip
    opening = Opening("V", "12345678", "green", ON, 1, location=at(other))
    e = evaluate([student], [opening], RuleSettings(), on=ON)
    assert int(e.refused_by(0, 0)) & REACH
    [refusal] = e.refusals_of("reach", 0, 0)
    assert (refusal.by, refusal.detail) == (None, "water")


@pytest.mark.parametrize(
    ("one", "other", "straight", "least"),
    [  # the crow's way over the water, and less than the road around it (through the tunnel, over the dyke)
        ("Terneuzen", "Vlissingen", 20, 25),
        ("Breskens", "Vlissingen", 6, 40),
        ("Hulst", "Bergen op Zoom", 32, 32),
        ("Enkhuizen", "Stavoren", 21, 60),
        ("Den Helder", "Harlingen", 50, 45),
        ("Volendam", "Lelystad", 28, 38),
        ("Amsterdam", "Lelystad", 43, 43),
    ],
)
def test_water_is_gone_around(one: str, other: str, straight: float, least: float) -> None:
    assert km(one, other) >= least
    assert km(one, other) == km(other, one)
    assert km(one, other) >= straight - 4


@pytest.mark.parametrize(
    ("one", "other"),
    [("Zwolle", "Kampen"), ("Lelystad", "Kampen"), ("Lelystad", "Emmeloord"), ("Hoorn, Noord-Holland", "Den Helder"),
     ("Hulst", "Terneuzen"), ("Utrecht", "Zwolle"), ("Goes", "Middelburg"), ("Haarlem", "Leiden")],
)  # fmt: skip
def test_on_one_side_the_way_is_as_the_crow_flies(one: str, other: str) -> None:
    from features.geography import straight_km

    a, b = at(one), at(other)
    plain = float(straight_km(a.latitude, a.longitude, b.latitude, b.longitude))
    assert km(one, other) == pytest.approx(plain, abs=0.001)


def test_a_way_around_is_the_same_for_many_places_at_once_and_for_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["Terneuzen", "Vlissingen", "Texel", "Enkhuizen", "Stavoren", "Lelystad", "Utrecht", "Zwolle"]
    places = [at(name) for name in names]
    tables = []
    for most in (40_000_000, 0):  # as one array, and worked out when asked
        monkeypatch.setattr("features.eligibility_reach._KEPT", most)
        near = distances(places, places)
        tables.append(near.between(near.student[:, None], near.opening[None]))
    assert (tables[0] == tables[1]).all()
    assert (tables[0] == tables[0].T).all()
    assert [[round(km(a, b) * 1000) for b in names] for a in names] == tables[0].tolist()


@pytest.mark.parametrize(("alone", "means", "refused"), [
    (False, ("bicycle",), True), (False, ("bicycle", "brought"), False), (True, ("bicycle",), False),
    (None, ("bicycle",), False),
])  # fmt: skip
def test_who_does_not_travel_alone_is_brought_or_stays(
    alone: bool | None, means: tuple[str, ...], refused: bool
) -> None:
    student = Student("25AB00", "1", date(2008, 1, 1), "yes", location=at("Raalte"), travel_means=means,
                      max_minutes=60.0, travels_alone=alone)  # fmt: skip
    e = evaluate([student], [Opening("V", "12345678", "green", ON, 1, location=at("Heino"))], RuleSettings(), on=ON)
    assert bool(int(e.refused_by(0, 0)) & REACH) == refused


@pytest.mark.parametrize("limits", [{"max_km": 20.0}, {"max_minutes": 60.0}, {"max_km": 12.0, "max_minutes": 60.0}])
def test_comfort_falls_smoothly_to_nothing_at_the_limit_and_nothing_is_beyond(limits: dict[str, float]) -> None:
    """A row of places ever farther to the east: no jump in comfort, 0 where the rule begins to refuse."""
    home = Location("thuis", 52.4, 6.3, "GM0177", "AM36")
    student = Student("25AB00", "1", date(2008, 1, 1), "yes", location=home, travel_means=("bicycle",),
                      travels_alone=True, **limits)  # type: ignore[arg-type]  # fmt: skip
    east = np.linspace(0.0, 0.35, 1401)  # steps of some 17 metres, out to 24 km
    openings = [
        Opening(f"V{k}", "12345678", "green", ON, 1, location=Location("x", 52.4, 6.3 + step, "GM0177", "AM36"))
        for k, step in enumerate(east)
    ]
    e = evaluate([student], openings, RuleSettings(), on=ON)
    j = np.arange(len(openings))
    value = pair_features(e, np.zeros_like(j), j).value[:, TRAVEL]
    refused = (e.refused_by(np.zeros_like(j), j) & np.uint64(REACH)) != 0
    last = int(np.flatnonzero(~refused)[-1])
    assert not refused[: last + 1].any()
    assert refused[last + 1 :].all()
    assert value[0] > 980_000
    assert value[last] < 5_000
    assert (value[last + 1 :] == 0).all()
    steps = -np.diff(value[: last + 1].astype(np.int64))
    assert (steps >= 0).all()
    assert steps.max() < 6_000

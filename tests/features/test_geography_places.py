"""Places, postcodes and names as people write them; the answers are known by hand."""
from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.atlas import atlas
from features.geography import (
    REGIONS,
    find_municipality,
    find_region,
    locate,
    municipality_region,
    neighbours,
    straight_km,
    suggest_place,
)
from features.place_names import read_postcode


def _municipality(place: str) -> str:
    found = locate(None, place)
    return found.municipality or found.status


@pytest.mark.parametrize("postcode", ["8102 HG", "8102hg", "8102 hg ", "8102", " 8102 ", "NL-8102 HG", "8102-HG"])
def test_a_postcode_is_read_however_it_is_written(postcode: str) -> None:
    found = locate(postcode, None)
    assert (found.status, found.municipality, found.region) == ("found", "Raalte", "Regio Zwolle")
    assert found.location is not None
    at = found.location
    assert (at.label, at.municipality_code, at.region_code) == ("8102", "GM0177", "AM36")


@pytest.mark.parametrize(
    "postcode", ["810", "0812", "81022", "8102 H", "8102 HGX", "8102 SS", "8102SA", "abcd", "8102,5", "-8102"]
)
def test_what_is_no_dutch_postcode_is_unknown_even_with_a_place(postcode: str) -> None:
    assert read_postcode(postcode) is None
    assert locate(postcode, "Raalte").status == "unknown"


def test_a_postcode_decides_over_the_place_and_says_when_they_differ() -> None:
    assert locate("8102 HG", "Maastricht").municipality == "Raalte"
    assert locate("8102 HG", "Maastricht").place_differs
    assert not locate("8102 HG", "Heino").place_differs
    assert not locate("8102 HG", "Bergen").place_differs


def test_a_postcode_settles_an_ambiguous_name() -> None:
    assert locate("1861 AA", "Bergen").municipality == "Bergen (NH.)"
    assert locate("5854 AA", "Bergen").municipality == "Bergen (L.)"


def test_an_unlisted_postcode_counts_only_between_two_of_one_municipality() -> None:
    pc4 = atlas().pc4
    owner = dict(zip(pc4, (row[0] for row in atlas().pc4_rows), strict=True))
    same = next((a, b) for a, b in itertools.pairwise(pc4) if b - a == 2 and owner[a] == owner[b])
    other = next((a, b) for a, b in itertools.pairwise(pc4) if b - a == 2 and owner[a] != owner[b])
    far = next((a, b) for a, b in itertools.pairwise(pc4) if b - a > 20)
    at = locate(str(same[0] + 1), None).location
    assert at is not None and at.municipality_code == owner[same[0]]
    assert locate(str(other[0] + 1), None).status == "unknown"
    assert locate(str(far[0] + 10), None).status == "unknown"
    town = atlas().municipalities[owner[other[1]]]
    settled = locate(str(other[0] + 1), f"gemeente {town.name}").location
    assert settled is not None and settled.municipality_code == town.code
    assert locate(str(same[0] + 1), "Maastricht").status == "unknown"


def test_nothing_given_is_unknown() -> None:
    for nothing in (None, "", "  "):
        assert locate(nothing, nothing).status == "unknown"


@pytest.mark.parametrize(
    ("written", "municipality"),
    [
        ("RAALTE", "Raalte"), ("  raalte ", "Raalte"), ("Heino", "Raalte"), ("Luttenberg", "Raalte"),
        ("Den Haag", "'s-Gravenhage"), ("s Gravenhage", "'s-Gravenhage"), ("’s-Gravenhage", "'s-Gravenhage"),
        ("DEN BOSCH", "'s-Hertogenbosch"), ("'s Hertogenbosch", "'s-Hertogenbosch"), ("den-bosch", "'s-Hertogenbosch"),
        ("Ljouwert", "Leeuwarden"), ("Snits", "Súdwest-Fryslân"), ("De Jouwer", "De Fryske Marren"),
        ("Bergum", "Tytsjerksteradiel"), ("Burgum", "Tytsjerksteradiel"), ("Zwaagwesteinde", "Dantumadiel"),
        ("sudwest fryslan", "Súdwest-Fryslân"), ("De Friese Meren", "De Fryske Marren"),
        ("Alphen a/d Rijn", "Alphen aan den Rijn"), ("Alphen aan de Rijn", "Alphen aan den Rijn"),
        ("Capelle a.d. IJssel", "Capelle aan den IJssel"), ("Ouderkerk a/d Amstel", "Ouder-Amstel"),
        ("St. Oedenrode", "Meierijstad"), ("Sint Annaparochie", "Waadhoeke"), ("Mariënberg", "Hardenberg"),
        ("Marienberg", "Hardenberg"), ("Ymuiden", "Velsen"), ("Hoek van Holland", "Rotterdam"),
        ("Nuenen", "Nuenen, Gerwen en Nederwetten"), ("Nuenen, Gerwen en Nederwetten", "Nuenen, Gerwen en Nederwetten"),
        ("Amsterdam Zuidoost", "Amsterdam"), ("Amsterdam-Noord", "Amsterdam"), ("Raalte, Nederland", "Raalte"),
        ("gemeente Raalte", "Raalte"), ("8102 HG Raalte", "Raalte"), ("Wijk bij Duurstede", "Wijk bij Duurstede"),
        ("Ter Apel", "Westerwolde"), ("Zoutkamp", "Het Hogeland"), ("Bakel", "Gemert-Bakel"),
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_written(written: str, municipality: str) -> None:
    assert _municipality(written) == municipality


@pytest.mark.parametrize(
    ("written", "municipality"),
    [
        ("Bergen (NH.)", "Bergen (NH.)"), ("Bergen NH", "Bergen (NH.)"), ("Bergen, Noord-Holland", "Bergen (NH.)"),
        ("Bergen (L)", "Bergen (L.)"), ("bergen limburg", "Bergen (L.)"), ("Laren (NH)", "Laren (NH.)"),
        ("Laren Gld", "Lochem"), ("Laren, Lochem", "Lochem"), ("Rozenburg, Zuid-Holland", "Rotterdam"),
        ("Rozenburg (NH)", "Haarlemmermeer"), ("Hengelo (O.)", "Hengelo (O.)"), ("Hengelo Ov", "Hengelo (O.)"),
        ("Hengelo (Gld)", "Bronckhorst"), ("Hengelo, Achterhoek", "Bronckhorst"), ("Elst (Ut)", "Rhenen"),
        ("Elst, Overbetuwe, Gelderland", "Overbetuwe"), ("Beek (gem. Montferland)", "Montferland"),
        ("Beek L", "Beek (L.)"), ("Rijswijk (ZH.)", "Rijswijk (ZH.)"), ("Rijswijk NB", "Altena"),
        ("Velp bij Arnhem", "Rheden"), ("Velp (bij Grave)", "Land van Cuijk"), ("Nes (Ameland)", "Ameland"),
        ("Hoorn (Terschelling)", "Terschelling"), ("Valkenburg (ZH)", "Katwijk"),
        ("Zevenhuizen (Gn)", "Westerkwartier"),
        ("Haren, Groningen", "Groningen"), ("Haren NB", "Oss"), ("Stein (L.)", "Stein (L.)"),
        ("Middelburg (Z.)", "Middelburg (Z.)"),
    ],
)  # fmt: skip
def test_what_is_added_to_a_name_settles_it(written: str, municipality: str) -> None:
    assert _municipality(written) == municipality


@pytest.mark.parametrize(
    "written", ["Raalte, Limburg", "Elst (Zeeland)", "Elst (xyz)", "Gent", "Kleve", "?", "12", "x" * 500]
)
def test_an_addition_that_fits_nowhere_or_a_foreign_place_is_unknown(written: str) -> None:
    assert locate(None, written).status == "unknown"


@pytest.mark.parametrize("written", ["Binnenstad", "Ouderkerk", "Nieuwerkerk", "Loenen"])
def test_a_name_that_says_too_little_asks(written: str) -> None:
    assert locate(None, written).status == "ambiguous"


def test_every_candidate_of_a_name_is_found_when_it_is_given_back() -> None:
    asked = 0
    for table in (atlas().official, atlas().settlements, atlas().other, atlas().former):
        for places in table.values():
            for label in locate(None, places[0].name).candidates:
                again = locate(None, label)
                assert (again.status, again.candidates) == ("found", ()), label
                asked += 1
    assert asked > 250


def test_a_name_twice_in_one_region_is_found_and_names_the_others() -> None:
    found = locate(None, "Haarle")  # Hellendoorn and Tubbergen, both in Twente
    assert (found.status, found.region, found.municipality) == ("found", "Twente", "Hellendoorn")
    assert found.candidates == ("Haarle, Hellendoorn", "Haarle, Tubbergen")


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("Heerhugowaard", "Dijk en Waard"), ("Bergh", "Montferland"), ("Vlist", "Krimpenerwaard"),
        ("Wisch", "Oude IJsselstreek"),
        ("Vleuten-De Meern", "Utrecht"), ("Avereest", "Hardenberg"), ("IJsselham", "Steenwijkerland"),
        ("Zederik", "Vijfheerenlanden"),
        ("Menaldumadeel", "Waadhoeke"), ("Het Bildt", "Waadhoeke"), ("Landerd", "Maashorst"),
        ("Westvoorne", "Voorne aan Zee"),
        ("Haarlemmerliede en Spaarnwoude", "Haarlemmermeer"), ("Bellingwedde", "Westerwolde"),
        ("Eemsmond", "Het Hogeland"),
        ("Hoogezand-Sappemeer", "Midden-Groningen"), ("Skarsterlân", "De Fryske Marren"), ("Sluis-Aardenburg", "Sluis"),
        ("Hummelo en Keppel", "Bronckhorst"), ("Arcen en Velden", "Venlo"), ("Ambt Montfort", "Roerdalen"),
        ("Hoogeloon, Hapert en Casteren", "Bladel"), ("Zevenhuizen-Moerkapelle", "Zuidplas"),
        ("Wester-Koggenland", "Koggenland"),
        ("Diepenveen", "Deventer"), ("Bathmen", "Deventer"), ("Olst", "Olst-Wijhe"),
        ("Mill en Sint Hubert", "Land van Cuijk"),
    ],
)  # fmt: skip
def test_a_former_municipality_leads_to_todays(former: str, today: str) -> None:
    assert _municipality(former) == today


def test_a_former_municipality_divided_over_two_regions_asks() -> None:
    found = locate(None, "Nieuw-Ginneken")
    assert (found.status, found.candidates) == ("ambiguous", ("Nieuw-Ginneken, Breda", "Nieuw-Ginneken, Alphen-Chaam"))


def test_a_former_name_that_is_also_a_place_is_that_place() -> None:
    assert _municipality("Haaren") == "Oisterwijk"
    assert _municipality("Weesp") == "Amsterdam"


def test_the_founding_region_straddles_two_labour_market_regions() -> None:
    assert [find_municipality(name) for name in ("Raalte", "Olst-Wijhe", "Deventer")] == ["GM0177", "GM1773", "GM0150"]
    assert [municipality_region(code) for code in ("GM0177", "GM1773", "GM0150")] == ["AM36", "AM36", "AM06"]
    assert "AM06" in neighbours("AM36") and "AM36" in neighbours("AM06")


def test_a_municipality_is_found_by_code_name_or_former_name() -> None:
    assert find_municipality("GM0177") == find_municipality("0177") == find_municipality("raalte") == "GM0177"
    assert find_municipality("Den Haag") == find_municipality("'s-Gravenhage") == "GM0518"
    assert find_municipality("Bergen (NH.)") == "GM0373"
    assert find_municipality("Buren") == "GM0214"  # the municipality, whatever places bear the name
    assert find_municipality("Landerd") == "GM1991"
    assert [find_municipality(name) for name in ("Bergen", "Nieuw-Ginneken", "GM9999", "", "Luttenberg")] == [None] * 5


def test_a_region_is_found_by_code_or_name() -> None:
    assert find_region("am36") == find_region("Regio Zwolle") == find_region("regio zwolle") == "AM36"
    assert find_region("Foodvalley") == "AM38"
    assert find_region("Salland") is None


def test_neighbours_are_mutual_and_never_the_region_itself() -> None:
    for code in REGIONS:
        assert code not in neighbours(code)
        assert all(code in neighbours(other) for other in neighbours(code))


def test_a_misspelt_name_gets_a_suggestion() -> None:
    assert suggest_place("Ralte") == "Raalte"
    assert suggest_place("Deventr") == "Deventer"
    assert suggest_place("Qzzzzzz") is None


def test_distances_are_those_of_the_map() -> None:
    towers = {"Utrecht": (52.0907, 5.1214), "Amersfoort": (52.1551, 5.3872), "Maastricht": (50.8514, 5.6910)}
    km = {  # geodesics on the WGS 84 ellipsoid
        ("Utrecht", "Amersfoort"): 19.57,
        ("Utrecht", "Maastricht"): 143.4,
    }
    for (one, other), expected in km.items():
        assert float(straight_km(*towers[one], *towers[other])) == pytest.approx(expected, rel=0.005)
    many = straight_km(np.array([[52.0], [51.0]]), 5.0, 52.0, np.array([5.0, 6.0, np.nan]))
    assert many.shape == (2, 3) and many[0, 0] == 0.0 and np.isnan(many[:, 2]).all()


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_gets_an_answer(postcode: str, place: str) -> None:
    found = locate(postcode, place)
    assert (found.location is not None) == (found.status == "found")
    assert bool(found.municipality and found.region) == (found.status == "found")


@given(
    st.sampled_from(sorted(atlas().official)),
    st.sampled_from(["{}", "{} ", "({}", "{})", "{},", "{};", "/{}", "gem. {}", "{} (", "{} - "]),
)
def test_stray_signs_around_a_name_never_lead_elsewhere(key: str, shape: str) -> None:
    name = atlas().official[key][0].name
    plain, odd = locate(None, name), locate(None, shape.format(name))
    if odd.location is not None and plain.location is not None:
        assert odd.location.region_code == plain.location.region_code

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connective.partners.domain.geography import (
    GRID_METRES,
    MalformedPostcodeError,
    Point,
    Postcode,
    metres_between,
    parse_postcode,
    squares_around,
)
from connective.partners.domain.national_grid import in_great_britain, to_national_grid
from connective.partners.storage.postcodes import PostcodeDirectory

SOMERSET = "E06000066"


@pytest.mark.parametrize("text", ["TA20 1QL", "ta201ql", " Ta20  1qL ", "TA2 01QL"])
def test_a_postcode_is_read_however_it_is_spaced_and_cased(text: str) -> None:
    assert str(parse_postcode(text)) == "TA20 1QL"


@pytest.mark.parametrize("text", ["", "TA20", "TA20 QL1", "ABC 1234", "TA20 1QLX", "1TA 0QL", "TA20\x001QL"])
def test_what_is_not_a_postcode_is_refused(text: str) -> None:
    with pytest.raises(MalformedPostcodeError):
        parse_postcode(text)


@pytest.mark.parametrize(
    ("text", "district", "nation"),
    [
        ("TA20 1QL", SOMERSET, "England"),
        ("M1 1AA", "E08000003", "England"),
        ("W1A 1AA", "E09000033", "England"),
        ("KY11 2RD", "S12000047", "Scotland"),
        ("CF10 1AA", "W06000015", "Wales"),
    ],
)
def test_the_directory_knows_district_and_nation(
    postcodes: PostcodeDirectory, text: str, district: str, nation: str
) -> None:
    found = postcodes.find(parse_postcode(text))
    assert found is not None
    assert (found.district, found.nation) == (district, nation)


@pytest.mark.parametrize("text", ["TA20 0AA", "ZZ99 3VZ", "BT1 1AA", "V1 1AA"])
def test_the_directory_does_not_know_every_postcode(postcodes: PostcodeDirectory, text: str) -> None:
    assert postcodes.find(parse_postcode(text)) is None


def test_a_postcode_without_a_place_has_no_point(postcodes: PostcodeDirectory) -> None:
    found = postcodes.find(parse_postcode("TA18 9ZZ"))
    assert found is not None
    assert (found.point, found.district, found.nation) == (None, None, None)


async def test_the_directory_can_be_read_beside_the_event_loop(postcodes: PostcodeDirectory) -> None:
    fresh = PostcodeDirectory(postcodes.folder)
    first = await fresh.find_soon(Postcode("TA20", "1QL"))
    assert first == await fresh.find_soon(Postcode("TA20", "1QL"))


def test_english_districts_are_those_of_the_reference_list(reference_data: Path, postcodes: PostcodeDirectory) -> None:
    codes = json.loads((reference_data / "identifiers" / "lad_gss_codes_onspd_nov2025.json").read_text("utf-8"))
    assert SOMERSET in codes
    found = postcodes.find(parse_postcode("TA19 0DU"))
    assert found is not None
    assert found.district in codes


def test_distances_are_straight_lines_in_metres() -> None:
    assert metres_between(Point(0, 0), Point(3000, 4000)) == 5000


def test_coordinates_become_the_grid_point_of_their_postcode(postcodes: PostcodeDirectory) -> None:
    found = postcodes.find(parse_postcode("TA19 0DU"))
    assert found is not None
    assert found.point is not None
    assert metres_between(to_national_grid(50.927734, -2.912371), found.point) < 10


def test_the_grid_agrees_with_the_ordnance_surveys_worked_example() -> None:
    # Caister water tower, from the guide: E 651409.903, N 313177.270.
    point = to_national_grid(52 + 39 / 60 + 28.8282 / 3600, 1 + 42 / 60 + 57.8663 / 3600)
    assert metres_between(point, Point(651_410, 313_177)) <= 6


@pytest.mark.parametrize(("latitude", "longitude"), [(100, 101), (0, 0), (48.8, 2.3), (40.7, -74)])
def test_coordinates_abroad_are_not_on_the_grid(latitude: float, longitude: float) -> None:
    assert not in_great_britain(latitude, longitude)


@given(
    x=st.integers(0, 700_000),
    y=st.integers(0, 1_300_000),
    dx=st.integers(-50_000, 50_000),
    dy=st.integers(-50_000, 50_000),
)
def test_whatever_lies_within_the_radius_lies_in_a_square_around(x: int, y: int, dx: int, dy: int) -> None:
    centre, other = Point(x, y), Point(x + dx, y + dy)
    assert other.grid in squares_around(centre, metres_between(centre, other) + 1)


def test_a_small_circle_touches_few_squares() -> None:
    assert len(squares_around(Point(GRID_METRES // 2, GRID_METRES // 2), 1000)) == 1

import pytest

from connective.families.domain.identifiers import canonical_postcode, check_nhs_number, check_upn, outward_postcode
from connective.families.domain.refusals import BadIdentifier


def test_a_synthetic_number_is_let_in_only_where_people_are_invented() -> None:
    assert check_nhs_number("999 339 5633", synthetic=True) == "9993395633"
    with pytest.raises(BadIdentifier):
        check_nhs_number("9993395633", synthetic=False)


def test_a_real_number_never_enters_a_demonstration() -> None:
    assert check_nhs_number("943-476-5919", synthetic=False) == "9434765919"
    with pytest.raises(BadIdentifier):
        check_nhs_number("9434765919", synthetic=True)


@pytest.mark.parametrize(
    "text", ["0000000000", "1111111111", "9434765871", "987654432", "999000001X", "", "99933956333"]
)
@pytest.mark.parametrize("synthetic", [True, False])
def test_repeated_digits_and_wrong_check_digits_are_refused(text: str, synthetic: bool) -> None:
    with pytest.raises(BadIdentifier):
        check_nhs_number(text, synthetic=synthetic)


@pytest.mark.parametrize("upn", ["Q801438714590", "e838290514570", "Z940 2590 22120", "L80120001400A"])
def test_pupils_of_every_authority_are_let_in_by_the_check_letter_alone(upn: str) -> None:
    assert check_upn(upn) == upn.upper().replace(" ", "")


@pytest.mark.parametrize("upn", ["A801200005001", "Q80143871459", "I801438714590", "Q80143871459O", "Q801438714591"])
def test_a_wrong_pupil_number_is_refused(upn: str) -> None:
    with pytest.raises(BadIdentifier):
        check_upn(upn)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("ta201qx", "TA20 1QX"), (" m1  1aa", "M1 1AA"), ("EC1A1BB", "EC1A 1BB"), ("W1A 0AX", "W1A 0AX")],
)
def test_a_postcode_has_one_form(typed: str, kept: str) -> None:
    assert canonical_postcode(typed) == kept


@pytest.mark.parametrize("typed", ["", "TA20", "TA20 1Q", "1TA 1QX", "TA200 1QX", "TA20 QX1"])
def test_what_is_no_postcode_is_refused(typed: str) -> None:
    with pytest.raises(BadIdentifier):
        canonical_postcode(typed)


def test_the_district_does_not_find_a_door() -> None:
    assert outward_postcode("TA20 1QX") == "TA20"

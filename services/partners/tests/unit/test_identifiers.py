import json
import re
from pathlib import Path

import pytest

from connective.partners.domain.codes import OrganisationKind
from connective.partners.domain.identifiers import (
    Identifier,
    MalformedIdentifierError,
    Scheme,
    charity_scheme,
    checked_identifier,
)
from connective.partners.domain.organisations import Profile, broken_profile, canonical_profile


@pytest.mark.parametrize(
    ("scheme", "text", "value"),
    [
        (Scheme.CHARITY, "1155856", "1155856"),
        (Scheme.CHARITY, " 205629 ", "205629"),
        (Scheme.CHARITY_SCOTLAND, "sc048688", "SC048688"),
        (Scheme.COMPANY, "1234567", "01234567"),
        (Scheme.COMPANY, "SC123456", "SC123456"),
        (Scheme.COMPANY, "R1234567", "R1234567"),
        (Scheme.ODS, "rh5", "RH5"),
        (Scheme.SCHOOL, "123456", "123456"),
        (Scheme.UKPRN, "10012345", "10012345"),
    ],
)
def test_an_identifier_is_brought_to_its_registers_form(scheme: Scheme, text: str, value: str) -> None:
    assert checked_identifier(scheme, text) == Identifier(scheme, value)


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        (Scheme.CHARITY, "12345"),
        (Scheme.CHARITY, "1.15586e6x"),
        (Scheme.COMPANY, "12"),
        (Scheme.ODS, "A!"),
        (Scheme.SCHOOL, "012345"),
        (Scheme.UKPRN, "1001234"),
    ],
)
def test_a_malformed_identifier_says_what_is_wanted(scheme: Scheme, text: str) -> None:
    with pytest.raises(MalformedIdentifierError) as refused:
        checked_identifier(scheme, text)
    assert refused.value.words


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("SC006447", Scheme.CHARITY_SCOTLAND),
        ("NIC100001", Scheme.CHARITY_NORTHERN_IRELAND),
        ("1050309", Scheme.CHARITY),
    ],
)
def test_a_charity_number_tells_its_register(text: str, scheme: Scheme) -> None:
    assert charity_scheme(text) is scheme


def test_our_shapes_agree_with_the_reference_vectors(reference_data: Path) -> None:
    vectors = json.loads((reference_data / "identifiers" / "test_vectors.json").read_text("utf-8"))
    for scheme, name, samples in (
        (Scheme.COMPANY, "company_number", ["01234567", "SC123456", "R1234567", "0123456A"]),
        (Scheme.SCHOOL, "urn", ["123456", "012345"]),
        (Scheme.ODS, "ods", ["RH5", "A1"]),
    ):
        for sample in samples:
            wanted = re.fullmatch(vectors[name]["regex"], sample) is not None
            try:
                checked_identifier(scheme, sample)
                accepted = True
            except MalformedIdentifierError:
                accepted = False
            assert accepted == wanted, (name, sample)


def test_a_profile_reports_every_wrong_identifier_at_once() -> None:
    profile = Profile(
        name="A",
        kind=OrganisationKind.SCHOOL,
        identifiers=(
            Identifier(Scheme.SCHOOL, "1"),
            Identifier(Scheme.UKPRN, "2"),
            Identifier(Scheme.UKPRN, "10012345"),
        ),
    )
    assert [each.pointer for each in broken_profile(profile)] == [
        "/identifiers/0/value",
        "/identifiers/1/value",
        "/identifiers/2/scheme",
    ]


def test_a_profile_in_canonical_form_is_the_same_however_it_was_written() -> None:
    one = Profile(
        "A", OrganisationKind.CHARITY, (Identifier(Scheme.COMPANY, "1234567"), Identifier(Scheme.CHARITY, "1155856"))
    )
    two = Profile(
        "A", OrganisationKind.CHARITY, (Identifier(Scheme.CHARITY, "1155856"), Identifier(Scheme.COMPANY, "01234567"))
    )
    assert canonical_profile(one) == canonical_profile(two)

"""What a provider's claims make of somebody, and which of its answers are believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from connective.gateway.domain.accounts import Account, Membership
from connective.gateway.domain.joining import CannotJoin, Proved, why_not
from connective.gateway.domain.outside_sign_in import (
    LOGOUT_EVENT,
    UnfitAnswer,
    UnfitMetadata,
    begin,
    check_id_token,
    check_issuer,
    check_just_now,
    check_logout_token,
    check_state,
    read_metadata,
)
from connective.gateway.domain.providers import (
    FactorRule,
    Provider,
    ProviderAuthentication,
    RoleRule,
    UnfitClaims,
    UnfitRule,
    check_rule,
    has_two_factors,
    read_outsider,
    roles_by_directory,
    roles_of,
    values_at,
)

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
AT = int(NOW.timestamp())
ISSUER = "https://login.example.org/tenant"
PROVIDER = Provider(
    id=uuid4(),
    place_id=uuid4(),
    organisation_id=uuid4(),
    organisation_name="A council",
    name="The council",
    issuer=ISSUER,
    client_id="hub",
    authentication=ProviderAuthentication.PRIVATE_KEY_JWT,
    sealed_secret=None,
    role_rules=(RoleRule("/roles", "Hub.Worker", ("support_worker",)),),
    factor_rules=(FactorRule("amr", "mfa"),),
    new_accounts=True,
    ended_at=None,
    version=1,
)
DOCUMENT = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
    "authorization_response_iss_parameter_supported": True,
}


def test_claims_of_entra_and_keycloak_are_found_by_their_pointers() -> None:
    entra = {"roles": ["Hub.Worker", 7], "groups": ["5f0c"], "amr": ["pwd", "mfa"]}
    keycloak = {"realm_access": {"roles": ["hub-worker"]}, "resource_access": {"a/b": {"roles": ["x"]}}, "acr": "2"}
    for claims, pointer, found in (
        (entra, "/roles", {"Hub.Worker"}),
        (entra, "/groups", {"5f0c"}),
        (entra, "/nothing", set()),
        (entra, "/roles/0", set()),
        (keycloak, "/realm_access/roles", {"hub-worker"}),
        (keycloak, "/resource_access/a~1b/roles", {"x"}),
        (keycloak, "/realm_access", set()),
        (keycloak, "/acr", {"2"}),
    ):
        assert values_at(claims, pointer) == found, pointer
    rules = (RoleRule("/roles", "Hub.Worker", ("support_worker", "place_admin")), RoleRule("/groups", "x", ("dpo",)))
    assert roles_of(rules, entra) == ("support_worker",), "no directory makes a place's administrator"
    assert has_two_factors([FactorRule("amr", "mfa")], entra)
    assert has_two_factors([FactorRule("acr", "2")], keycloak)
    assert not has_two_factors([FactorRule("amr", "mfa")], keycloak)
    assert not has_two_factors([], entra)


@pytest.mark.parametrize("claim", ["roles", "/roles/", ""])
def test_a_claim_is_a_pointer(claim: str) -> None:
    with pytest.raises(UnfitRule):
        check_rule(RoleRule(claim, "x", ("dpo",)))


def test_people_are_read_with_care() -> None:
    claims: dict[str, Any] = {"sub": "a1", "name": "A\x00da \n X", "email": "Ada@Example.org", "roles": ["Hub.Worker"]}
    who = read_outsider(PROVIDER, claims, NOW)
    assert (who.name, who.email, who.roles, who.two_factors) == ("Ada X", "ada@example.org", ("support_worker",), False)
    for email in ("no address", "two@at@example.org", 7, None):
        assert read_outsider(PROVIDER, claims | {"email": email}, NOW).email is None
    for subject in (None, "", 7, "x" * 256, "a\nb"):
        with pytest.raises(UnfitClaims):
            read_outsider(PROVIDER, claims | {"sub": subject}, NOW)


def test_metadata_are_the_providers_own() -> None:
    assert read_metadata(DOCUMENT, ISSUER).names_itself
    for document in (
        DOCUMENT | {"issuer": ISSUER + "/"},
        DOCUMENT | {"issuer": "https://login.example.org/{tenantid}"},
        {**DOCUMENT, "token_endpoint": 7},
        [],
    ):
        with pytest.raises(UnfitMetadata):
            read_metadata(document, ISSUER)


def test_an_answer_says_whose_it_is_where_that_was_promised() -> None:
    promised = read_metadata(DOCUMENT, ISSUER)
    silent = replace(promised, names_itself=False)
    check_issuer(PROVIDER, promised, ISSUER)
    check_issuer(PROVIDER, silent, None)
    for metadata, said in (
        (promised, None),
        (promised, "https://evil.example.org"),
        (silent, "https://evil.example.org"),
    ):
        with pytest.raises(UnfitAnswer):
            check_issuer(PROVIDER, metadata, said)


def test_a_journey_belongs_to_one_browser_one_provider_and_ten_minutes() -> None:
    journey, joins = begin(PROVIDER, "client_id=pages", NOW), begin(PROVIDER, "", NOW, uuid4())
    assert [type(each).from_text(each.to_text()) for each in (journey, joins)] == [journey, joins]
    assert check_state(journey, PROVIDER.id, journey.state, NOW) is journey
    late = datetime.fromtimestamp(journey.until + 1, UTC)
    for begun, provider_id, state, now in (
        (None, PROVIDER.id, journey.state, NOW),
        (journey, PROVIDER.id, "", NOW),
        (journey, PROVIDER.id, "\xe9", NOW),
        (journey, uuid4(), journey.state, NOW),
        (journey, PROVIDER.id, journey.state, late),
    ):
        with pytest.raises(UnfitAnswer):
            check_state(begun, provider_id, state, now)


def test_an_id_token_that_is_not_quite_right_is_refused() -> None:
    sound: dict[str, Any] = {"iss": ISSUER, "aud": "hub", "iat": AT, "exp": AT + 60, "nonce": "n", "sub": "a"}
    assert check_id_token(sound, PROVIDER, "n", NOW) == NOW
    assert check_id_token(sound | {"auth_time": AT - 90}, PROVIDER, "n", NOW).timestamp() == AT - 90
    assert check_id_token(sound | {"auth_time": AT + 900}, PROVIDER, "n", NOW) == NOW, "nobody has signed in tomorrow"
    assert check_id_token(sound | {"aud": ["hub", "b"], "azp": "hub"}, PROVIDER, "n", NOW) == NOW
    for wrong in (
        {"iss": "https://login.example.org/other"},
        {"aud": "another"},
        {"aud": ["hub", "b"]},
        {"iat": AT - 400},
        {"iat": "now"},
        {"exp": AT - 61},
        {"exp": True},
        {"nonce": "m"},
        {"nonce": None},
    ):
        with pytest.raises(UnfitAnswer):
            check_id_token(sound | wrong, PROVIDER, "n", NOW)


def test_a_logout_token_is_no_id_token() -> None:
    sound: dict[str, Any] = {
        "iss": ISSUER,
        "aud": "hub",
        "iat": AT,
        "sub": "a",
        "events": {LOGOUT_EVENT: {}},
        "jti": "1",
    }
    told = check_logout_token(sound, PROVIDER, NOW)
    assert (told.id, told.subject, told.session) == ("1", "a", None)
    assert told.until > NOW, "its id is known as long as its age would let it in again"
    assert check_logout_token(sound | {"sid": "s"}, PROVIDER, NOW).session == "s"
    for wrong in (
        {"nonce": "n"},
        {"events": {}},
        {"events": None},
        {"sub": None},
        {"aud": "x"},
        {"iat": AT - 400},
        {"exp": AT - 61},
        {"exp": "soon"},
        {"jti": None},
        {"jti": ""},
    ):
        with pytest.raises(UnfitAnswer):
            check_logout_token(sound | wrong, PROVIDER, NOW)


def test_an_account_is_joined_to_one_subject_of_a_provider_and_brings_nobody_into_an_organisation() -> None:
    member = Membership(PROVIDER.organisation_id, "A council", ("support_worker",))
    account = Account(uuid4(), PROVIDER.place_id, "a@example.org", "A", (member,), None, 1)
    closed, nobody = replace(PROVIDER, new_accounts=False), replace(account, memberships=())
    for who, provider, issuers, taken, answer in (
        (account, closed, (), None, None),
        (account, closed, (ISSUER,), account.id, None),
        (account, closed, (ISSUER,), None, CannotJoin.KNOWN_OTHERWISE),
        (account, closed, (), uuid4(), CannotJoin.ANOTHERS),
        (nobody, closed, (), None, CannotJoin.NO_MEMBER),
        (nobody, PROVIDER, (), None, None),
    ):
        assert why_not(who, provider, issuers, taken) == answer
    proved = Proved.by(account.id, PROVIDER.id, "a", NOW)
    assert Proved.from_text(proved.to_text()) == proved


def test_a_directory_neither_gives_nor_takes_the_places_administration() -> None:
    assert roles_by_directory(("place_admin", "dpo"), ("support_worker",)) == ("place_admin", "support_worker")
    assert roles_by_directory((), ("support_worker",)) == ("support_worker",)


def test_who_joins_signed_in_at_the_provider_just_now() -> None:
    check_just_now(NOW - timedelta(minutes=10), NOW)
    with pytest.raises(UnfitAnswer):
        check_just_now(NOW - timedelta(minutes=12), NOW)

"""The export is what ISO/IEC TS 27560 asks for, and every term in it resolves without a network."""

from typing import Any

import consent_builders as b
import pytest
from consent_builders import CONTROLLER, RECIPIENT, record

from connective.consent.domain.consent import ConsentState
from connective.consent.domain.consent_export import CONTEXT, SCHEMA, VALID_STATES, export

HEADER = {"schema_version", "record_id", "pii_principal_id"}
PROCESSING = {
    *("privacy_notice", "language", "purposes", "pii_information", "pii_controllers", "storage_locations"),
    *("retention_period", "jurisdiction", "recipient_third_parties", "withdrawal_method"),
}
PARTY = {"party_id", "party_name", "party_address", "party_contact", "party_type"}
EVENT = {"event_time", "validity_duration", "entity_id", "event_type", "event_state"}
"""The fields that the standard makes mandatory, by section."""


def exported(**changes: Any) -> list[dict[str, Any]]:
    graph: list[dict[str, Any]] = export(record(**changes), CONTROLLER, {b.SALT_TEAM: RECIPIENT})["@graph"]
    return graph


def expand(term: str) -> str:
    """The absolute address a term stands for, by the inline context alone."""
    if term in CONTEXT:
        found = CONTEXT[term]
        return expand(found["@id"] if isinstance(found, dict) else found)
    prefix, _, rest = term.partition(":")
    if prefix in CONTEXT and not rest.startswith("//"):
        return f"{CONTEXT[prefix]}{rest}"
    assert prefix in {"http", "https", "urn"}, f"{term} is not in the context"
    return term


def links(value: Any) -> list[str]:
    """Every name of a field and every linked term, however deep."""
    if isinstance(value, list):
        return [name for each in value for name in links(each)]
    if not isinstance(value, dict):
        return []
    found = [name for name in value if not name.startswith("@")]
    for name, each in value.items():
        is_link = name in {"@id", "@type"} or (
            isinstance(CONTEXT.get(name), dict) and CONTEXT[name].get("@type") == "@id"
        )
        found += [e for e in (each if isinstance(each, list) else [each]) if is_link and isinstance(e, str)]
        found += links(each)
    return found


@pytest.mark.parametrize("kind", ["consent", "agreement_to_engage"])
@pytest.mark.parametrize("state", list(ConsentState))
def test_every_mandatory_field_is_there_once_for_each_person(kind: str, state: str) -> None:
    graph = exported(kind=kind, state=state)
    assert [one["pii_principal_id"] for one in graph] == [f"urn:connective:person:{p}" for p in (b.MOTHER, b.CHILD)]
    assert len({one["record_id"] for one in graph}) == 2
    for one in graph:
        assert one.keys() >= HEADER
        assert one["schema_version"] == SCHEMA
        assert all(p.keys() >= PROCESSING for p in one["processing"])
        assert all(p.keys() >= PARTY for p in one["parties"])
        assert all(e.keys() >= EVENT for e in one["events"])
        assert all(value not in (None, "", []) for p in one["processing"] for value in p.values())


@pytest.mark.parametrize("kind", ["consent", "agreement_to_engage"])
def test_every_term_resolves_inside_the_document(kind: str) -> None:
    document = export(record(kind=kind), CONTROLLER, {b.SALT_TEAM: RECIPIENT})
    assert isinstance(document["@context"], dict), "a context to fetch would need a network"
    for name in links(document["@graph"]):
        assert expand(name).startswith(("http://", "https://", "urn:")), name


def test_only_a_given_record_is_valid() -> None:
    for state in ConsentState:
        last = exported(state=state.value)[0]["events"][-1]
        assert (last["event_state"] in VALID_STATES) is (state is ConsentState.GIVEN)
    assert exported()[0]["events"][0]["validity_duration"] == "P365D"


def test_agreeing_to_be_helped_is_no_lawful_basis() -> None:
    engaged = exported(kind="agreement_to_engage")[0]["processing"][0]["lawful_basis"]
    assert engaged["consent_is_lawful_basis"] is False
    assert "eu-gdpr" not in engaged["@id"]
    special = exported()[0]["processing"][0]["lawful_basis"]
    assert (special["@id"], special["uk_gdpr"]) == ("eu-gdpr:A9-2-a", "UK GDPR Article 6(1)(a) and 9(2)(a)")
    plain = exported(categories=["identity"])[0]["processing"][0]["lawful_basis"]
    assert plain["@id"] == "eu-gdpr:A6-1-a"

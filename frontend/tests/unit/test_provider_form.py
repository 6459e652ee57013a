"""A sign-in provider as a form asks for it: rules by the number, second steps by the line, and what a change keeps."""

from connective.frontend.domain.provider_form import (
    changed_provider,
    provider_fields,
    provider_shown,
    provider_typed,
)

PROVIDER = {
    "id": "p", "organisation_id": "o", "organisation_name": "Early help", "name": "Levelshire sign-in",
    "issuer": "https://login.example.org", "client_id": "connective", "authentication": "private_key_jwt",
    "role_rules": [{"claim": "/realm_access/roles", "value": "Helpers", "roles": ["support_worker", "dpo"]},
                   {"claim": "/groups", "value": "Leads", "roles": ["practice_lead"]}],
    "factor_rules": [{"claim": "amr", "value": "mfa"}], "new_accounts": True,
}  # fmt: skip


def test_a_change_begins_with_what_is_and_is_proposed_whole() -> None:
    shown = provider_shown(PROVIDER)
    typed = provider_typed(provider_fields(3), shown)
    assert typed.errors == [], "the room for one more rule may stay empty"
    assert changed_provider(PROVIDER, typed.body) == {
        **{name: value for name, value in PROVIDER.items() if name != "id"}, "kind": "provider", "provider_id": "p"
    }  # fmt: skip
    assert "client_secret" not in shown


def test_a_rule_left_empty_is_none_and_an_error_leads_to_the_box_of_what_was_typed() -> None:
    empty = {"claim-0": [""], "value-0": [""], "roles-0": []}
    typed = provider_typed(provider_fields(3), {**provider_shown(PROVIDER), **empty})
    assert [each["value"] for each in typed.body["role_rules"]] == ["Leads"]
    assert {each.name: each.at for each in typed.fields}["claim-1"] == "/role_rules/0/claim"
    half = provider_typed(provider_fields(3), {**provider_shown(PROVIDER), "claim-2": ["groups"]})
    assert [box for box, _ in half.errors] == ["value-2", "roles-2"]
    none = provider_typed(provider_fields(2, (("o", "Early help"),)), {"organisation_id": ["o"]})
    assert [box for box, _ in none.errors] == [
        "name", "issuer", "client_id", "authentication", "claim-0", "value-0", "roles-0"]  # fmt: skip


def test_what_counts_as_a_second_step_is_one_on_each_line() -> None:
    for lines, found in (
        ("amr mfa\nACR is gold\n", [{"claim": "amr", "value": "mfa"}, {"claim": "acr", "value": "gold"}]),
        ("amr: mfa", [{"claim": "amr", "value": "mfa"}]),
        ("", []),
    ):
        typed = provider_typed(provider_fields(3), {**provider_shown(PROVIDER), "second_steps": [lines]})
        assert (typed.body["factor_rules"], typed.errors) == (found, []), lines
    wrong = provider_typed(provider_fields(3), {**provider_shown(PROVIDER), "second_steps": ["mfa"]})
    assert [box for box, _ in wrong.errors] == ["second_steps"]

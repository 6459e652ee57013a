"""The tables that services meet by agree with each other: permissions, roles, categories, fields, needs."""

from pathlib import Path

import pytest
import yaml

from connective.contracts.categories import (
    LOCATING_CATEGORIES,
    OFFENCE_CATEGORIES,
    SHARED_DEVICE_REFUSES,
    SPECIAL_CATEGORIES,
    AssuranceLevel,
    Category,
    Method,
    Purpose,
)
from connective.contracts.fields import SHARED_FIELDS
from connective.contracts.grants import permissions_of
from connective.contracts.needs import needs_list
from connective.contracts.permissions import (
    ROLE_PERMISSIONS,
    SCOPE_PERMISSIONS,
    SERVICE_PERMISSIONS,
    Permission,
    Role,
)
from connective.contracts.subscriptions import SUBSCRIPTIONS

# Held by services alone: a person or a client that held one could go round the path of a disclosure.
BETWEEN_SERVICES = {
    Permission.CONSENT_DISCLOSURE_RECORD,
    Permission.FAMILIES_FACTS_READ,
    Permission.FAMILIES_RETENTION_READ,
    Permission.FAMILIES_SHARED_READ,
    Permission.PARTNERS_SERVICE_FACTS,
    Permission.REFERRALS_RETENTION_READ,
}


def test_permissions_are_named_by_service_noun_and_verb() -> None:
    for permission in Permission:
        service, noun, verb = permission.value.split(":")
        assert service in SUBSCRIPTIONS, permission
        assert permission.name == f"{service}_{noun}_{verb}".upper()


@pytest.mark.parametrize("codes", [Permission, Role, Category, Purpose, AssuranceLevel, Method])
def test_codes_stand_in_alphabetical_order(codes: type[Permission]) -> None:
    values = [code.value for code in codes]
    assert values == sorted(values)


def test_every_role_has_its_permissions() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_every_permission_is_held_by_somebody() -> None:
    tables = (ROLE_PERMISSIONS, SCOPE_PERMISSIONS, SERVICE_PERMISSIONS)
    held = {permission for table in tables for permissions in table.values() for permission in permissions}
    assert held == set(Permission)


def test_what_services_ask_of_each_other_is_nobody_elses_to_ask() -> None:
    for table in (ROLE_PERMISSIONS, SCOPE_PERMISSIONS):
        for holder, permissions in table.items():
            assert not BETWEEN_SERVICES & permissions, holder


def test_every_service_has_an_entry() -> None:
    assert set(SERVICE_PERMISSIONS) == set(SUBSCRIPTIONS)


def test_a_client_is_granted_less_than_people() -> None:
    everybody = frozenset().union(*ROLE_PERMISSIONS.values())
    for scope, permissions in SCOPE_PERMISSIONS.items():
        assert permissions <= everybody, scope


def test_no_one_role_both_drafts_and_signs() -> None:
    for role, permissions in ROLE_PERMISSIONS.items():
        drafts = Permission.CONSENT_AGREEMENT_DRAFT in permissions
        assert not (drafts and Permission.CONSENT_AGREEMENT_SIGN in permissions), role


def test_an_auditor_reads_no_family_and_no_request() -> None:
    held = ROLE_PERMISSIONS[Role.AUDITOR]
    assert not {permission for permission in held if permission.value.startswith("families:")}
    assert not {Permission.REFERRALS_REFERRAL_READ, Permission.REFERRALS_REQUEST_READ} & held


def test_unknown_roles_and_scopes_hold_nothing() -> None:
    assert permissions_of(frozenset({"wizard"}), frozenset({"everything"})) == frozenset()


def test_groups_of_categories_are_categories() -> None:
    for group in (SPECIAL_CATEGORIES, OFFENCE_CATEGORIES, LOCATING_CATEGORIES, SHARED_DEVICE_REFUSES):
        assert group <= set(Category)
    assert not SPECIAL_CATEGORIES & OFFENCE_CATEGORIES


def test_every_shared_field_reveals_a_category() -> None:
    for field, categories in SHARED_FIELDS.items():
        assert categories, field
        assert categories <= set(Category), field


def test_every_need_reveals_categories_and_has_a_service() -> None:
    listed = needs_list()
    for need in listed.needs.values():
        assert Category.NEEDS in need.reveals, need.code
    for kind in listed.service_kinds.values():
        assert kind.answers <= set(listed.needs), kind.code
    for strength in listed.strengths.values():
        assert Category.NEEDS in strength.reveals, strength.code
    assert not listed.strengths.keys() & listed.needs.keys()


def form_paths() -> list[Path]:
    return sorted((Path(__file__).parents[2] / "services/referrals/src/connective/referrals/forms").glob("*.yaml"))


@pytest.mark.parametrize("path", form_paths(), ids=lambda path: path.name)
def test_a_form_maps_every_field_to_categories_it_asks_for(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = {Category(each) for each in form["required_categories"] + form["useful_categories"]}
    assert path.name == f"{form['kind']}.{form['version']}.yaml"
    assert form["kind"] in needs_list().service_kinds
    for field in form["fields"]:
        categories = {Category(each) for each in field["categories"]}
        assert categories, field["name"]
        assert categories <= asked, f"{field['name']} reveals what the form does not ask for"
        if source := field.get("source"):
            assert SHARED_FIELDS[source] <= categories, f"{field['name']} hides what {source} reveals"


def test_there_are_forms() -> None:
    assert len(form_paths()) >= 4

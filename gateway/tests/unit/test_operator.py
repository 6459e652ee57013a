"""Whoever runs the platform may administer it, and holds no permission over a family."""

from connective.contracts.permissions import ROLE_PERMISSIONS, Role

OF_FAMILIES = frozenset({"case", "consent", "disclosure", "facts", "family", "merge", "person", "restriction"})


def test_no_permission_of_the_operator_is_about_families() -> None:
    held = [str(each).split(":") for each in ROLE_PERMISSIONS[Role.PLACE_ADMIN]]
    assert not [each for each in held if each[0] == "families" or each[1] in OF_FAMILIES]
    assert not [each for each in held if each[0] == "referrals" and each[1] != "form"]

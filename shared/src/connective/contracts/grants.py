"""From roles and scopes to permissions: the one function that reads the tables of `permissions`."""

from connective.contracts.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS, SERVICE_PERMISSIONS, Role

_ROLES = {str(role): {str(p) for p in held} for role, held in ROLE_PERMISSIONS.items()}
_SCOPES = {scope: {str(p) for p in held} for scope, held in SCOPE_PERMISSIONS.items()}

SERVICES: dict[str, frozenset[str]] = {
    name: frozenset(str(p) for p in held) for name, held in SERVICE_PERMISSIONS.items()
}
"""What each service may ask of the others."""


def permissions_of(roles: frozenset[str], scopes: frozenset[str]) -> frozenset[str]:
    """Every permission that these roles and scopes hold; an unknown one holds none."""
    held: set[str] = set()
    for role in roles:
        held |= _ROLES.get(role, set())
    for scope in scopes:
        held |= _SCOPES.get(scope, set())
    return frozenset(held)


def roles_with(permission: str) -> frozenset[str]:
    """Every role that holds a permission."""
    return frozenset(role for role, held in _ROLES.items() if str(permission) in held)


ALL_ROLES: frozenset[str] = frozenset(str(role) for role in Role)
"""Every role's code."""

"""Who may do what, for an officer: `GET /api/v1/policies.csv` of a running Hub.

Without one: `python -m connective.contracts.policy_table < docs/openapi.json > policies.csv`.

One line for each operation: its permission, what the asker must be to the record, and the roles and scopes that hold
the permission. It is read off the published description and the tables that the services themselves check.
"""

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from connective.contracts.permissions import ROLE_PERMISSIONS, SCOPE_PERMISSIONS

COLUMNS = ("operation", "does", "access", "permission", "relation", "fresh_factor", "roles", "scopes")
_METHODS = ("get", "put", "post", "delete", "patch", "head")


def _holders(table: Mapping[Any, frozenset[Any]], permission: str | None) -> str:
    return "; ".join(sorted(str(who) for who, held in table.items() if permission in {str(p) for p in held}))


def policy_rows(document: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """One row for each operation of a published description, by address and method."""
    for path, item in sorted(document["paths"].items()):
        for method in _METHODS:
            operation = item.get(method)
            policy = (operation or {}).get("x-policy")
            if policy is None:
                continue
            permission = policy.get("permission")
            yield {
                "operation": f"{method.upper()} {path}",
                "does": str(operation.get("description") or operation.get("summary") or "").split("\n")[0],
                "access": policy["access"],
                "permission": permission or "",
                "relation": policy.get("relation", ""),
                "fresh_factor": "yes" if policy.get("step_up") else "",
                "roles": _holders(ROLE_PERMISSIONS, permission),
                "scopes": _holders(SCOPE_PERMISSIONS, permission),
            }


def write_table(document: Mapping[str, Any], target: TextIO) -> None:
    """Write the table of a published description as CSV."""
    writer = csv.DictWriter(target, COLUMNS)
    writer.writeheader()
    writer.writerows(policy_rows(document))


if __name__ == "__main__":
    write_table(json.load(sys.stdin), sys.stdout)

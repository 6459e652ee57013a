"""Every operation of every service, read from its own OpenAPI document: what the sweeps and the matrix go through."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

METHODS = ("get", "head", "post", "put", "patch", "delete")


class SampleMissing(AssertionError):
    """The tables of this folder do not know something; the sentence says what to add."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, and the policy it declares."""

    service: str
    method: str
    path: str
    policy: Mapping[str, Any] | None
    described: Mapping[str, Any] = field(repr=False, hash=False, compare=False)
    document: Mapping[str, Any] = field(repr=False, hash=False, compare=False)

    @property
    def name(self) -> str:
        """How the tables of this folder call it."""
        return f"{self.method} {self.path}"

    @property
    def access(self) -> str:
        """Through which door: `public`, `signed_in` or `internal`."""
        return str((self.policy or {})["access"])

    @property
    def permission(self) -> str | None:
        """What opens it; None where being signed in is enough."""
        permission: str | None = (self.policy or {}).get("permission")
        return permission

    @property
    def relation(self) -> str:
        """What the asker must be to the record."""
        return str((self.policy or {})["relation"])

    @property
    def step_up(self) -> bool:
        """Whether a person needs a fresh second factor for it."""
        return bool((self.policy or {}).get("step_up"))

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names in braces, in order."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))

    def takes_header(self, name: str) -> bool:
        """Whether it declares a header."""
        return any(p["in"] == "header" and p["name"].lower() == name.lower() for p in self.parameters)

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """Its declared parameters."""
        return list(self.described.get("parameters", ()))

    @property
    def body_schema(self) -> dict[str, Any] | None:
        """The schema of its JSON body, if it takes one."""
        content = self.described.get("requestBody", {}).get("content", {})
        found: dict[str, Any] | None = content.get("application/json", {}).get("schema")
        return found


def operations_of(service: str, document: Mapping[str, Any]) -> Iterator[Operation]:
    """The operations of one service's document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                described = item[method]
                yield Operation(service, method.upper(), path, described.get("x-policy"), described, document)

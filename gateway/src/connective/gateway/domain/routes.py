"""Which service answers which part of the one public API: by the root of the resource, as data.

A root that is not here does not exist outside; `/internal` can therefore never be reached through the gateway.
"""

from dataclasses import dataclass

API_PREFIX = b"/api/v1/"
GATEWAY = "gateway"

ROOTS: dict[str, tuple[str, ...]] = {
    "families": ("families", "people", "cases", "observations"),
    "referrals": ("referrals", "requests", "forms", "intake"),
    "partners": ("organisations", "services", "hubs", "webhooks"),
    "consent": (
        "legal-entities",
        "agreements",
        "consents",
        "objections",
        "notices",
        "decisions",
        "disclosures",
        "overrides",
        "ledger",
    ),
    GATEWAY: ("places", "accounts", "clients", "me"),
}

_SERVICE_OF: dict[bytes, str] = {root.encode(): service for service, roots in ROOTS.items() for root in roots}


@dataclass(frozen=True, slots=True)
class Unrouted:
    """The path lies under the API, and nothing answers there."""


def service_for(raw_path: bytes) -> str | Unrouted | None:
    """The service that answers a path under the API; Unrouted for an unknown root, None for a path outside it.

    The path is compared byte for byte, undecoded: an escaped letter in a root is another root, so it is unknown.
    """
    if not raw_path.startswith(API_PREFIX):
        return None
    root, _, _ = raw_path[len(API_PREFIX) :].partition(b"/")
    return _SERVICE_OF.get(root, Unrouted())

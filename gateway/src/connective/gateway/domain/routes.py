"""Which service answers which part of the one public API: by the root of the resource, as data.

A root that is not here does not exist outside; `/internal` can therefore never be reached through the gateway.
Services know nothing of the prefix: they answer `/families`, which is `/api/v1/families` outside.
"""

import re
from dataclasses import dataclass

API_BASE = b"/api/v1"
_PREFIX = API_BASE + b"/"
GATEWAY = "gateway"

ROOTS: dict[str, tuple[str, ...]] = {
    "families": ("families", "people", "cases", "observations"),
    "referrals": ("attachments", "figures", "referrals", "requests", "forms", "intake", "signposts", "vouchers"),
    "partners": ("organisations", "services", "hubs", "webhooks", "harvest-sources", "harvest-changes"),
    "consent": (
        "legal-entities",
        "agreement-templates",
        "agreements",
        "audit",
        "joint-arrangements",
        "memoranda",
        "consents",
        "objections",
        "notices",
        "decisions",
        "disclosures",
        "overrides",
        "ledger",
        "retention",
        "rights-requests",
        "transparency",
    ),
    GATEWAY: (
        "places",
        "accounts",
        "clients",
        "invitations",
        "links",
        "me",
        "proposals",
        "providers",
        "service-identities",
    ),
}

BASES: dict[str, tuple[str, ...]] = {"partners": ("open-referral",), "referrals": ("fhir",)}
"""Surfaces that a standard wants outside `/api/v1`, each by its first segment; the service knows the whole path."""

_BASE_OF: dict[bytes, str] = {base.encode(): service for service, bases in BASES.items() for base in bases}
_SERVICE_OF: dict[bytes, str] = {root.encode(): service for service, roots in ROOTS.items() for root in roots}


@dataclass(frozen=True, slots=True)
class Unrouted:
    """The path lies under the API, and nothing answers there."""


def service_for(raw_path: bytes) -> str | Unrouted | None:
    """The service that answers a path; Unrouted for an unknown root under the API, None for what no service answers.

    The path is compared byte for byte, undecoded: an escaped letter in a root is another root, so it is unknown.
    """
    if not raw_path.startswith(_PREFIX):
        return _BASE_OF.get(_first(raw_path))
    root, _, _ = raw_path[len(_PREFIX) :].partition(b"/")
    return _SERVICE_OF.get(root, Unrouted())


_PUBLIC_ROOTS = frozenset({b"transparency"})
_PUBLIC_BASES = frozenset({b"open-referral"})
_ASKING = b"/api/v1/intake/self-referrals"
_PUBLIC_PATHS = frozenset({_ASKING, _ASKING + b"/progress", b"/fhir/metadata"})
"""Where a family asks for help by itself, without an account, and how that goes; and what FHIR's servers tell all."""


def is_public(raw_path: bytes) -> bool:
    """Whether a path is passed on for anybody, signed in or not: it answers all of them alike."""
    if not raw_path.startswith(_PREFIX):
        return raw_path in _PUBLIC_PATHS or _first(raw_path) in _PUBLIC_BASES
    return raw_path in _PUBLIC_PATHS or raw_path[len(_PREFIX) :].partition(b"/")[0] in _PUBLIC_ROOTS


_PLACES = re.compile(rb"/api/v1/places(?:/[0-9a-f-]{36})?")


def is_open_reading(method: str, raw_path: bytes) -> bool:
    """Whether anybody may read one of the gateway's own resources: a page that offers help must say whom to phone."""
    return method in {"GET", "HEAD"} and _PLACES.fullmatch(raw_path) is not None


def speaks_fhir(raw_path: bytes) -> bool:
    """Whether refusals on this path are told as FHIR's OperationOutcome."""
    return raw_path.startswith(b"/fhir/")


def within(raw_path: bytes) -> bytes:
    """A path as the service that answers it knows it."""
    return raw_path[len(API_BASE) :] if raw_path.startswith(_PREFIX) else raw_path


def outside(raw_path: bytes, location: bytes) -> bytes:
    """Where an answer to this path says something is, as a client knows it: services know nothing of the prefix."""
    ours = raw_path.startswith(_PREFIX) and location.startswith(b"/") and not location.startswith(_PREFIX)
    return API_BASE + location if ours else location


def _first(raw_path: bytes) -> bytes:
    return raw_path[1:].partition(b"/")[0]


_OPEN_LISTS = (b"services", b"service_at_locations", b"organizations")
_LONG_ANSWERS = {
    b"/api/v1/ledger/export": 1800.0,
    b"/api/v1/ledger/verify": 600.0,
    **{b"/open-referral/v3/" + name: 300.0 for name in _OPEN_LISTS},
}
"""Files that are streamed from their beginning, so that a caller sees them move, and verifying a whole ledger, which
reads every entry again; seconds that the whole answer may take."""


_FILES = re.compile(rb"/api/v1/attachments/[0-9a-f-]{36}/(?:content|downloads/[A-Za-z0-9_-]{1,100})")
_FILE_SECONDS = 300.0
"""Twenty mebibytes over a poor line."""
_LISTINGS = b"/api/v1/harvest-sources/files"
"""A file of listings, over a poor line."""
_BODY_BYTES, _FILE_BYTES, _LISTINGS_BYTES = 1 << 20, 20 << 20, 4 << 20


def allowance(raw_path: bytes) -> float | None:
    """How many seconds a whole answer may take, where that is longer than any other's."""
    if raw_path == _LISTINGS or _FILES.fullmatch(raw_path):
        return _FILE_SECONDS
    return _LONG_ANSWERS.get(raw_path)


def body_limit(method: str, raw_path: bytes) -> int:
    """How many bytes a request may bring: a file on its own route more than any other (API conventions, "size")."""
    if method == "POST" and raw_path == _LISTINGS:
        return _LISTINGS_BYTES
    return _FILE_BYTES if method == "PUT" and _FILES.fullmatch(raw_path) else _BODY_BYTES


_BODY_SECONDS = 30.0
"""A mebibyte over a line of 300 kilobits in the second."""


def body_seconds(method: str, raw_path: bytes) -> float:
    """How long a request's body may take to arrive, from the end of its head on."""
    brings_a_file = (method == "POST" and raw_path == _LISTINGS) or (method == "PUT" and _FILES.fullmatch(raw_path))
    return _FILE_SECONDS if brings_a_file else _BODY_SECONDS


_OUTSIDE = (b"/oauth/", b"/.well-known/", b"/problems/", b"/assets/", b"/link/")
DESCRIPTION = frozenset({b"/api/v1/openapi.json", b"/api/v1/docs", b"/api/v1/policies.csv"})
HEALTH = frozenset({b"/livez", b"/readyz", b"/metrics"})


def is_open(raw_path: bytes) -> bool:
    """Whether the path is one that anybody may ask the gateway itself for: signing in, and descriptions."""
    return raw_path in DESCRIPTION or raw_path == b"/link" or raw_path.startswith(_OUTSIDE)

"""Which headers go on to a service, and which come back: nothing of one connection, and nothing a client may not say.

`Hub-*` headers carry signed identity between services and `X-Forwarded-*` carry addresses; both are dropped from
outside, so that only the gateway can set them. Connection headers concern one hop (RFC 9110, section 7.6.1).
"""

from collections.abc import Iterable

_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_NOT_FORWARDED = _HOP_BY_HOP | {b"host", b"authorization", b"cookie", b"expect", b"forwarded", b"x-real-ip", b"via"}
_NOT_RETURNED = _HOP_BY_HOP | {b"server", b"date", b"set-cookie"}
_FROM_OUTSIDE = (b"hub-", b"x-forwarded-")

Headers = Iterable[tuple[bytes, bytes]]


def forwarded(headers: Headers) -> list[tuple[str, str]]:
    """The headers a service receives of those a client sent; names must be lower-case, values ASCII.

    The access token and cookies stay here: a service knows the caller by the signed identity alone.
    """
    listed = _named_by_connection(headers := list(headers))
    return [
        (name.decode("ascii"), value.decode("ascii"))
        for name, value in headers
        if name not in _NOT_FORWARDED and name not in listed and not name.startswith(_FROM_OUTSIDE)
    ]


def returned(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """The headers a client receives of those a service answered; our own server adds Date and Server itself."""
    kept = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    listed = _named_by_connection(kept)
    return [
        (name, value)
        for name, value in kept
        if name not in _NOT_RETURNED and name not in listed and not name.startswith(b"hub-")
    ]


def without_outside_claims(headers: Headers) -> list[tuple[bytes, bytes]]:
    """The headers without those only the gateway may set, for requests it answers itself."""
    return [(name, value) for name, value in headers if not name.startswith(_FROM_OUTSIDE)]


def _named_by_connection(headers: Headers) -> frozenset[bytes]:
    """Headers a Connection header declares to be of this hop alone."""
    for name, value in headers:
        if name == b"connection" and value.lower() not in {b"keep-alive", b"close"}:
            return frozenset(part.strip().lower() for part in value.split(b","))
    return frozenset()

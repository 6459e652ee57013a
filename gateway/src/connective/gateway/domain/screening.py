"""What is refused before it is forwarded: requests that two programs on the way could read differently.

A URL library tidies `/a/%2e%2e/b` to `/b`, a framework decodes `%2f`, one parser believes the first Content-Length and
another the last. Each is harmless until the gateway decides about one reading and a service acts on the other.
"""

import re
from collections.abc import Iterable

_PATH = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*")
_QUERY = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?\[\]|]|%[0-9A-Fa-f]{2})*")
_ENCODED_SEPARATOR = re.compile(rb"%(?:2[fF]|5[cC])")
_DOT_SEGMENT = re.compile(rb"(?:^|/)(?:\.|%2[eE]){1,2}(?=[/;]|\Z)")
_ESCAPED_CONTROL = re.compile(rb"%(?:[01][0-9A-Fa-f]|7[fF])")
_UNPRINTABLE = re.compile(rb"[^\x20-\x7e\t]")
_DIGITS = re.compile(rb"[0-9]{1,18}")
_SINGLE = (b"content-length", b"transfer-encoding", b"host", b"authorization", b"content-type")
MAX_URL_BYTES = 8_192
MAX_HEADER_BYTES = 16_384
MAX_HEADERS = 100

Headers = Iterable[tuple[bytes, bytes]]


def refusal_of_target(raw_path: bytes, query: bytes) -> str | None:
    """Why this path and query are refused, as a sentence; None when they are sound.

    Escaped control characters, NUL among them, have no business in the address of a record.
    """
    if len(raw_path) + len(query) > MAX_URL_BYTES:
        return "The address is too long."
    if not _PATH.fullmatch(raw_path) or not _QUERY.fullmatch(query):
        return "The address holds characters that must be percent-encoded."
    if _ESCAPED_CONTROL.search(raw_path) or b"%00" in query:
        return "The address holds an encoded control character."
    if _ENCODED_SEPARATOR.search(raw_path):
        return "The path holds an encoded slash or backslash."
    if _DOT_SEGMENT.search(raw_path):
        return "The path holds a dot segment: write the address in full."
    return None


def refusal_of_headers(headers: Headers) -> str | None:
    """Why these headers are refused, as a sentence; None when they are sound. Names are lower-case."""
    seen: set[bytes] = set()
    size = count = 0
    for name, value in headers:
        count += 1
        size += len(name) + len(value)
        if name in seen and name in _SINGLE:
            return f"The header {_shown(name)} is sent more than once."
        seen.add(name)
        sentence = _refusal_of_value(name, value)
        if sentence is not None:
            return sentence
    if b"content-length" in seen and b"transfer-encoding" in seen:
        return "A request has a Content-Length or a Transfer-Encoding, never both."
    if count > MAX_HEADERS:
        return "There are too many headers."
    return "The headers are too large." if size > MAX_HEADER_BYTES else None


def _refusal_of_value(name: bytes, value: bytes) -> str | None:
    if _UNPRINTABLE.search(value):
        return f"The header {_shown(name)} holds characters outside ASCII."
    if name == b"content-length" and not _DIGITS.fullmatch(value):
        return "The Content-Length is not one number."
    if name == b"transfer-encoding" and value.strip().lower() != b"chunked":
        return "The only Transfer-Encoding taken is chunked."
    return None


def _shown(name: bytes) -> str:
    return name.decode("ascii", "replace")[:40]

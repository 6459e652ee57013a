"""What is refused before Authlib's core sees it: input on which it, or the database driver, would fail with 500.

Bytes that are no text, NUL, malformed Basic headers, repeated parameters, two ways of authenticating at once, and
characters that its error texts may not hold.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError

_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_QUOTABLE = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*")
_FREE_TEXT = frozenset({"state", "nonce"})
"""What clients make up and get back: any printable character (RFC 6749, appendix A)."""
_MOST_PARAMETERS = 40
_MOST_CHARACTERS = 8_192
FORM = "application/x-www-form-urlencoded"


def read_parameters(encoded: bytes) -> dict[str, str]:
    """Form or query parameters, each at most once. Raises InvalidRequestError."""
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(encoded),
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError as error:
        raise InvalidRequestError("The parameters cannot be read.") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found:
            raise InvalidRequestError("A parameter is sent more than once.")
        allowed = _PRINTABLE if name in _FREE_TEXT else _QUOTABLE
        if len(value) > _MOST_CHARACTERS or not allowed.fullmatch(value) or not _QUOTABLE.fullmatch(name):
            raise InvalidRequestError("A parameter is too long or holds characters that it may not.")
        found[name] = value
    return found


def read_form(content_type: str, body: bytes) -> dict[str, str]:
    """The parameters of a form post. Raises InvalidRequestError."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        raise InvalidRequestError(f"Send {FORM}.")
    return read_parameters(body)


def check_authentication(headers: Mapping[str, str], form: Mapping[str, str]) -> None:
    """Raise InvalidClientError (401) for a malformed Basic header, InvalidRequestError for two methods at once."""
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    basic = scheme.lower() == "basic"
    if basic and not _is_basic(credentials.strip()):
        raise InvalidClientError("The Basic header is malformed.", status_code=401)
    if basic and ("client_assertion" in form or "client_secret" in form):
        raise InvalidRequestError("Authenticate in one way only.")


def _is_basic(credentials: str) -> bool:
    try:
        text = base64.b64decode(credentials, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return False
    name, separator, secret = text.partition(":")
    return bool(separator and _QUOTABLE.fullmatch(unquote(name)) and _QUOTABLE.fullmatch(unquote(secret)))

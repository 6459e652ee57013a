"""Versions on the wire (RFC 9110): `ETag` shows one, `If-Match` is required to change it."""

import re
from typing import Annotated

from fastapi import Header

from connective.kit.problems import BadRequest, MatchRequired, Stale

_TAG = re.compile(r'^(?:W/)?"(\d{1,9})"$')

IfMatchHeader = Annotated[
    str | None, Header(alias="If-Match", description='The ETag that you read, for example `"3"`.')
]


def etag(version: int) -> str:
    """The strong entity tag of a version."""
    return f'"{version}"'


def required_version(if_match: str | None) -> int:
    """The version a change is based on. Raises MatchRequired (428) or BadRequest."""
    if if_match is None:
        raise MatchRequired("Send If-Match with the ETag that you read, so that nobody's change is overwritten.")
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise BadRequest('If-Match holds one entity tag, for example "3".')
    return int(found.group(1))


def refuse_stale(expected: int, actual: int) -> None:
    """Raise Stale when the record is not in the version the change is based on."""
    if expected != actual:
        raise Stale("Read it again: somebody changed it since.", current=etag(actual))


def matches(if_none_match: str | None, version: int) -> bool:
    """Whether the asker already holds this version (then 304)."""
    if if_none_match is None:
        return False
    return etag(version) in [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]

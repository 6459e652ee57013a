"""Checking a message of a webhook before anything in it is believed (Standard Webhooks 1.0)."""

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_TOLERANCE_SECONDS = 300
_PREFIX = "whsec_"


class NotGenuine(Exception):
    """The message is not from the Hub, was altered, or is too old: answer 400 and forget it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. A message may come twice: remember `id`, and act on each once."""

    id: str
    type: str
    """`hub.referrals.request.submitted.v1` and so on."""
    record_id: str
    """The record it is about: read it to see what you may."""
    version: int
    raw: Mapping[str, Any] = field(repr=False)


def verify_webhook(
    body: bytes, headers: Mapping[str, str], secrets: str | Iterable[str], *, now: float | None = None
) -> Message:
    """The message, if one of the secrets signed exactly these bytes within five minutes. Raises NotGenuine.

    Give both secrets while one replaces the other. `body` is what came, byte for byte, before any parsing.
    """
    sent = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, moment = sent["webhook-id"], sent["webhook-timestamp"]
        signatures = sent["webhook-signature"].split(" ")
    except KeyError as error:
        raise NotGenuine("a header is missing") from error
    if not (moment.isascii() and moment.isdigit()):
        raise NotGenuine("the time cannot be read")
    if abs((time.time() if now is None else now) - int(moment)) > _TOLERANCE_SECONDS:
        raise NotGenuine("the message is too old, or a clock is wrong")
    content = b".".join((message_id.encode(), moment.encode(), body))
    keys = [_key(each) for each in ([secrets] if isinstance(secrets, str) else secrets)]
    wanted = [base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode() for key in keys]
    given = [each.removeprefix("v1,") for each in signatures if each.startswith("v1,")]
    if not any(hmac.compare_digest(one.encode(), other.encode()) for one in wanted for other in given):
        raise NotGenuine("no signature fits")
    return _read(body, message_id)


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a webhook's secret begins with whsec_ and is shown when the webhook is made") from error


def _read(body: bytes, message_id: str) -> Message:
    try:
        told = json.loads(body)
        data = told["data"]
        return Message(message_id, str(told["type"]), str(data["id"]), int(data["version"]), told)
    except (ValueError, KeyError, TypeError) as error:
        raise NotGenuine("the message cannot be read") from error

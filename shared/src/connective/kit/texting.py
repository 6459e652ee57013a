"""Text messages as a port: what is said is content-free, and how it travels is settings.

The one way there is speaks as GOV.UK Notify does (its REST API documentation, "Send a text message" and "Authorization
header"): other gateways of the public sector take the same, and a place can put a small bridge before any.
"""

import json
import time
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey

from connective.kit.outward import NoAnswer, Outside, Reach

_UUID_LENGTH = 36
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class TextNotSent(Exception):
    """The gateway did not take it; `code` says why, never what was in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Text:
    """One message to a telephone, of a template that the gateway knows."""

    to: str = field(repr=False)
    values: dict[str, str] = field(repr=False)
    """What the template leaves open. Never logged: a code is a secret."""
    reference: str


class Texts(Protocol):
    """Sends text messages; raises TextNotSent."""

    async def send(self, text: Text) -> None: ...  # noqa: D102 - as the class says


class NotifyTexts:
    """Text messages over an HTTP gateway shaped as GOV.UK Notify is.

    `key` is its API key: a name, the id of the service, and the secret, joined by hyphens. Plain HTTP is for a catcher
    on this machine alone. Raises ValueError for a key of another form.
    """

    def __init__(self, url: str, key: str, template: str) -> None:
        service, secret = key[-2 * _UUID_LENGTH - 1 : -_UUID_LENGTH - 1], key[-_UUID_LENGTH:]
        if len(service) != _UUID_LENGTH:
            raise ValueError("a key is a name, the id of the service and a secret, joined by hyphens")
        self._url, self._template, self._service = url, template, service
        self._secret = OctKey.import_key(secret)
        parts = urlsplit(url)
        local = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if parts.scheme != "https" and not local:
            raise ValueError("text messages travel by https")
        self._outside = Outside(Reach(anywhere=local))

    async def send(self, text: Text) -> None:
        """Send one message. Raises TextNotSent for any answer but a success, and for none."""
        claims = {"iss": self._service, "iat": int(time.time())}
        token = jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, self._secret)
        body = {
            "phone_number": text.to,
            "template_id": self._template,
            "personalisation": text.values,
            "reference": text.reference,
        }
        headers = {
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
            "host": urlsplit(self._url).netloc,
        }
        content = json.dumps(body).encode()
        headers["content-length"] = str(len(content))
        try:
            answer = await self._outside.post(self._url, headers, content)
        except NoAnswer as error:
            raise TextNotSent(error.code) from error
        if not 200 <= answer.status < 300:
            raise TextNotSent(f"answered_{answer.status}")


class KeptTexts:
    """Keeps what would be sent, for tests."""

    def __init__(self) -> None:
        self.sent: list[Text] = []

    async def send(self, text: Text) -> None:
        """Keep it."""
        self.sent.append(text)

"""What keeps the sign-in pages safe in a browser: cookies of this host, forms bound to the browser, a strict policy."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request, Response

from connective.gateway.commands.visitors import Visitor
from connective.gateway.domain.opaque import new_secret
from connective.kit.problems import BadRequest

SIGN_IN_SECONDS = 8 * 3_600
DEVICE_SECONDS = 365 * 24 * 3_600
SIGN_IN = "hub-sign-in"
DEVICE = "hub-device"
INVITATION = "hub-invitation"
_MOST_FIELDS = 20
_MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Browser:
    """One request of a browser to the pages."""

    request: Request
    secure: bool
    key: bytes

    def _name(self, name: str) -> str:
        # `__Host-` lets no other host, path or plain connection set the cookie; browsers take it over TLS alone.
        return f"__Host-{name}" if self.secure else name

    def cookie(self, name: str) -> str | None:
        """A cookie of ours."""
        return self.request.cookies.get(self._name(name))

    def keep(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Set a cookie of ours; nought seconds remove it."""
        response.set_cookie(
            self._name(name), value, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def visitor(self) -> Visitor:
        """Who tries, as far as guesses are counted by it."""
        client = self.request.client
        agent = self.request.headers.get("user-agent", "")
        return Visitor(client.host if client else "unknown", self.cookie(DEVICE), agent)

    def form_secret(self) -> str:
        """What a form is bound to: kept in a cookie from the first page on."""
        return self.cookie("hub-form") or new_secret()

    def form_token(self, secret: str) -> str:
        """The hidden field that proves a form was shown by us in this browser."""
        return hmac.new(self.key, secret.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    async def read_form(self, issuer: str, longest: int = _MOST_CHARACTERS) -> Mapping[str, str]:
        """The fields of a posted form. Raises BadRequest for one that was not shown in this browser."""
        fields = read_fields(await self.request.body(), longest)
        secret = self.cookie("hub-form")
        shown_here = secret is not None and hmac.compare_digest(
            self.form_token(secret).encode(), fields.get("form_token", "").encode()
        )
        origin = self.request.headers.get("origin", issuer)
        if not shown_here or origin not in {issuer, "null"}:
            raise BadRequest("This form was not opened in this browser, or too long ago. Go back and open it again.")
        return fields


def read_fields(body: bytes, longest: int = _MOST_CHARACTERS) -> dict[str, str]:
    """The fields of a form post. Raises BadRequest."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise BadRequest("The form cannot be read.") from error
    if any(len(value) > longest or "\0" in value for _, value in pairs):
        raise BadRequest("A field of the form is too long.")
    return dict(pairs)


def page_headers(origin: str | None = None, nonce: str | None = None) -> dict[str, str]:
    """Headers of every page: nothing is loaded from elsewhere, nobody frames it, forms go nowhere but on.

    Browsers hold redirects after a form to `form-action` too, so the program waiting for its code is named there.
    No script runs but one that carries the page's own nonce.
    """
    targets = f"'self' {origin}" if origin else "'self'"
    policy = f"default-src 'none'; style-src 'self'; form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    if nonce is not None:
        policy += f"; script-src 'nonce-{nonce}'"
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }

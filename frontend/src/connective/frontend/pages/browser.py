"""What keeps pages safe in a browser: cookies of this host, forms bound to a session, a strict policy."""

import hmac
import json
import time
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request, Response
from starlette.formparsers import MultiPartException, MultiPartParser

from connective.frontend.commands.visits import Visit
from connective.frontend.domain.answers import SignInNeeded
from connective.frontend.domain.secrets import digest, form_token, key_of, new_secret
from connective.frontend.domain.sessions import Person, Session
from connective.kit.ids import new_id
from connective.kit.problems import BadRequest
from connective.kit.sealing import NotSealedHere, Seal

SESSION = "hub-pages"
GOING = "hub-going"
LEFT = "hub-left"
GOING_SECONDS = 1_800
"""How long somebody may take to sign in."""
GUEST = "hub-guest"
GUEST_SECONDS = 7_200
"""How long what a guest typed is kept: a shared device is not to tell it to whoever comes next."""
COOKIE_SECONDS = 36 * 3_600
"""Longer than a session: what is typed into a page left open overnight still finds whose draft it is."""
_MOST_FIELDS = 300
MOST_OF_A_FORM = 21 * 1024 * 1024
"""A form that carries a file: the API takes 20 MiB of one."""
_MOST_CHARACTERS = 20_000
_HERE = frozenset({"same-origin", "none"})
UNDONE = "undone"
"""Stands in the address of a page on which somebody pressed a button after their session had ended."""
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field, no secret


@dataclass(frozen=True, slots=True)
class Sent:
    """One file of a form."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody sent: its fields as they were typed, and its one-time key."""

    key: str
    """Goes to the API as Idempotency-Key: a form that is sent twice acts once."""
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, Sent] = field(default_factory=dict)
    """Files that were chosen, by the names of their fields; never kept as a draft."""

    def one(self, name: str) -> str:
        """A field as typed, without the spaces around it; empty where it was not sent."""
        return self.fields.get(name, [""])[-1].strip()

    def many(self, name: str) -> list[str]:
        """Every value of a field, as check boxes send it."""
        return [each.strip() for each in self.fields.get(name, []) if each.strip()]

    @property
    def over_a_version(self) -> bool:
        """Whether it names the version of the record that somebody saw."""
        return bool(self.one("version"))

    @property
    def digest(self) -> str:
        """Tells whether another sending of it says the same. Under its key, since what it says may be a secret."""
        files = {name: sha256(sent.content).hexdigest() for name, sent in self.files.items()}
        said = json.dumps([self.fields, files], sort_keys=True).encode()
        return hmac.digest(self.key.encode(), said, "sha256").hex()

    def key_for(self, step: str) -> str:
        """A one-time key for one of several calls that this form makes."""
        return f"{self.key}.{step}"


@dataclass(frozen=True, slots=True)
class Keys:
    """What cookies and forms are sealed and signed with, and whether browsers come over TLS."""

    form: bytes
    going: Seal
    address: str
    secure: bool


@dataclass(slots=True)
class Browser:
    """One request of a browser, and who has signed in in it."""

    request: Request
    keys: Keys
    visit: Visit | None
    now: datetime
    kept: dict[str, list[str]] | None = None
    """What was kept of this form while nobody was signed in, given back once."""
    guest: str | None = None
    """The secret of a guest that was begun with the page that is shown now."""

    @property
    def session(self) -> Session:
        """The session. Raises SignInNeeded where there is none that counts."""
        if self.visit is None or not self.visit.live:
            raise SignInNeeded(self.here)
        return self.visit.session

    @property
    def person(self) -> Person:
        """Who has signed in. Raises SignInNeeded."""
        return self.session.person

    @property
    def signed_in(self) -> bool:
        """Whether somebody has."""
        return self.visit is not None and self.visit.live

    @property
    def here(self) -> str:
        """The address of this page, to come back to."""
        query = self.request.url.query
        return self.request.url.path + (f"?{query}" if query else "")

    def cookie(self, name: str) -> str | None:
        """A cookie of ours."""
        return self.request.cookies.get(cookie_name(name, secure=self.keys.secure))

    def keep(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Set a cookie of ours; nought seconds remove it."""
        response.set_cookie(
            cookie_name(name, secure=self.keys.secure),
            value,
            max_age=seconds,
            path="/",
            secure=self.keys.secure,
            httponly=True,
            samesite="lax",
        )

    def form_token(self) -> str:
        """The hidden field of a form that is shown now."""
        return form_token(self.keys.form, self.session.id, str(new_id()))

    def open_form_token(self) -> str:
        """The hidden field of a form for anybody: signed for the secret of this browser's guest, begun where needed."""
        secret = self.cookie(GUEST) or self.guest
        if secret is None:
            secret = self.guest = new_secret()
        return form_token(self.keys.form, digest(secret), str(new_id()))

    async def read_open_form(self) -> Form | None:
        """What a guest sent; None where the form was not shown in this browser, or too long ago.

        Raises BadRequest for what another site made this browser send.
        """
        self.refuse_foreign()
        fields = read_fields(await self.request.body())
        token = (fields.pop(TOKEN_FIELD, None) or [""])[-1]
        secret = self.cookie(GUEST)
        key = None if secret is None else key_of(self.keys.form, digest(secret), token)
        return None if key is None else Form(key, fields)

    async def read_form(self) -> Form:
        """What was sent. Raises BadRequest for a form that was not shown by us in this browser.

        Raises SignInNeeded for a genuine one whose session is over: whoever handles that keeps what was typed.
        """
        self.refuse_foreign()
        # A stranger's form is not even read: it may carry a file.
        if self.visit is None:
            raise SignInNeeded(self.here)
        fields, files = await self._sent()
        token = (fields.pop(TOKEN_FIELD, None) or [""])[-1]
        form = Form(self._form_key(token), fields, files)
        self.request.state.form = form
        if not self.visit.live:
            raise SignInNeeded(self.here)
        return form

    async def _sent(self) -> tuple[dict[str, list[str]], dict[str, Sent]]:
        """The fields, and files where the form carries some: only a page that takes them is sent any."""
        kind = self.request.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            return read_fields(await self.request.body()), {}
        return await read_parts(self.request)

    def _form_key(self, token: str) -> str:
        assert self.visit is not None  # noqa: S101 - the caller has looked
        key = key_of(self.keys.form, self.visit.session.id, token)
        if key is None:
            raise BadRequest("This form was opened before you signed in again. Open it once more; nothing was sent.")
        return key

    def refuse_foreign(self) -> None:
        """Raise BadRequest for what another site made this browser send: browsers say so themselves."""
        site = self.request.headers.get("sec-fetch-site")
        origin = self.request.headers.get("origin")
        if (site is not None and site not in _HERE) or (origin is not None and origin != self.keys.address):
            raise BadRequest("This was not sent from one of our pages.")

    def going(self, state: str, verifier: str, target: str) -> str:
        """What is remembered of a sign-in that is under way, sealed into a cookie."""
        content = {"state": state, "verifier": verifier, "target": target, "at": int(time.time())}
        return self.keys.going.close(json.dumps(content).encode(), GOING.encode()).hex()

    def went(self) -> dict[str, str] | None:
        """What was remembered; None where nothing was, or too long ago."""
        try:
            sealed = bytes.fromhex(self.cookie(GOING) or "")
            content = json.loads(self.keys.going.open(sealed, GOING.encode()))
        except (NotSealedHere, ValueError):
            return None
        if time.time() - content.pop("at") > GOING_SECONDS:
            return None
        found: dict[str, str] = content
        return found


def cookie_name(name: str, *, secure: bool) -> str:
    """A cookie's name: `__Host-` lets no other host, path or plain connection set it, and works over TLS alone."""
    return f"__Host-{name}" if secure else name


def safe_target(text: str) -> str:
    """A path of ours to go on to; anything else is the home page, so that nobody is sent elsewhere from here."""
    parts = urlsplit(text)
    plain = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isascii() and text.isprintable()
    return text if plain and not parts.scheme and not parts.netloc and "\\" not in text else "/home"


def read_fields(body: bytes) -> dict[str, list[str]]:
    """The fields of a form post. Raises BadRequest."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise BadRequest("The form cannot be read.") from error
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(_fit(value))
    return fields


class _InMemory(MultiPartParser):
    """Holds a file in memory alone: a family's letter must not lie on a disk on its way."""

    spool_max_size = MOST_OF_A_FORM


async def read_parts(request: Request) -> tuple[dict[str, list[str]], dict[str, Sent]]:
    """The fields and files of a form that carries some. Raises BadRequest."""
    parser = _InMemory(request.headers, request.stream(), max_files=1, max_fields=_MOST_FIELDS)
    try:
        read = await parser.parse()
    except (MultiPartException, ValueError) as error:
        raise BadRequest("The form cannot be read.") from error
    fields: dict[str, list[str]] = {}
    files: dict[str, Sent] = {}
    for name, value in read.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(_fit(value))
        elif value.filename:
            files[name] = Sent(value.filename, await value.read())
    await read.close()
    return fields, files


def _fit(value: str) -> str:
    """A field as it can be stored. Raises BadRequest."""
    if "\0" in value or len(value) > _MOST_CHARACTERS:
        raise BadRequest("A field of the form is too long, or holds what cannot be stored.")
    return value.replace("\r\n", "\n")


def takes_files(method: str, path: str) -> int | None:
    """How large a form may be: one that carries a file is larger than any other."""
    return MOST_OF_A_FORM if method == "POST" and path.endswith(("/attach", "/admin/sources/file")) else None


def page_headers(nonce: str, issuer: str, *, personal: bool) -> dict[str, str]:
    """Headers of every page: nothing is loaded from elsewhere, nothing runs but what carries the page's own nonce.

    Forms go to ourselves; browsers hold a redirect after a form to the same rule, so the gateway, where somebody whose
    session is over signs in, is named too. Nobody frames a page, and no address of ours is told to another site.
    """
    policy = (
        "default-src 'none'; "
        f"script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        f"form-action 'self' {issuer}; frame-ancestors 'none'; base-uri 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store" if personal else "private, max-age=60",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    }

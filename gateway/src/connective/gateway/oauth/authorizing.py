"""The authorization endpoint: what must happen before somebody gets a code, and where they are sent with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.errors import OAuth2Error

from connective.gateway.domain.accounts import Account, Membership
from connective.gateway.domain.assurance import FRESH, wanted
from connective.gateway.oauth.adaptors import Asked, OAuthAnswer, Server
from connective.gateway.oauth.clients import OAuthClient
from connective.gateway.oauth.issuing import Holder
from connective.gateway.oauth.work import work
from connective.gateway.storage.accounts import account_to_sign_in
from connective.gateway.storage.denials import is_suspended
from connective.gateway.storage.sessions import Session, SignIn, find_sign_in, insert_session
from connective.kit.ids import new_id

SESSION_LIFE = timedelta(hours=12)
"""A working day: then somebody signs in again, however often tokens were refreshed."""


@dataclass(frozen=True, slots=True)
class SignInNeeded:
    """Show the sign-in page."""

    client_name: str
    origin: str
    """Where the browser will be sent in the end, for the page's content security policy."""


@dataclass(frozen=True, slots=True)
class FactorNeeded:
    """Ask for the second factor: none was given yet, or a fresher one is asked for."""

    client_name: str
    origin: str


@dataclass(frozen=True, slots=True)
class ChoiceNeeded:
    """Show the person's organisations."""

    account: Account
    memberships: tuple[Membership, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class SentBack:
    """Send the browser back to the program, with a code or an error."""

    location: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Say so on a page of our own: there is nowhere safe to send the browser."""

    error: str
    description: str


Outcome = SignInNeeded | FactorNeeded | ChoiceNeeded | SentBack | Refused


def authorize(
    server: Server, issuer: str, asked: Asked, sign_in_hash: bytes | None, organisation_id: UUID | None
) -> Outcome:
    """Take one step towards a code, within the transaction at hand."""
    try:
        grant = server.get_consent_grant(asked)
    except OAuth2Error as error:
        return _refused(error, issuer)
    client: OAuthClient = asked.client
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(grant.redirect_uri))
    signed_in = _signed_in(sign_in_hash, work().now)
    if signed_in is None:
        return SignInNeeded(client.record.name, origin)
    sign_in, account = signed_in
    if not _fresh(asked, sign_in):
        return FactorNeeded(client.record.name, origin)
    choices = tuple(
        held
        for held in account.memberships
        if sign_in.organisation_id in {None, held.organisation_id}
        and not is_suspended(work().connection, held.organisation_id)
    )
    chosen = _chosen(choices, organisation_id)
    if chosen is None:
        return ChoiceNeeded(account, choices, origin)
    session = _begin_session(client, account, chosen, sign_in, asked.scope)
    holder = Holder(session, chosen.roles, account.version)
    answer: OAuthAnswer = server.create_authorization_response(asked, holder, grant)
    return SentBack(_with_issuer(answer.location or "", issuer))


def _fresh(asked: Asked, sign_in: SignIn) -> bool:
    """Whether the second factor is as fresh as the program asks (RFC 9470); unreadable wishes get a fresh one too."""
    parameters = asked.payload.data
    try:
        needed = wanted(parameters.get("max_age"), parameters.get("prompt"))
    except ValueError:
        needed = FRESH
    return needed.met(sign_in.factor_at, work().now)


def _chosen(choices: tuple[Membership, ...], organisation_id: UUID | None) -> Membership | None:
    if organisation_id is None:
        return choices[0] if len(choices) == 1 else None
    return next((m for m in choices if m.organisation_id == organisation_id), None)


def _signed_in(sign_in_hash: bytes | None, now: datetime) -> tuple[SignIn, Account] | None:
    sign_in = find_sign_in(work().connection, sign_in_hash, now) if sign_in_hash else None
    account = account_to_sign_in(work().connection, sign_in.account_id) if sign_in else None
    return (sign_in, account) if sign_in and account else None


def _begin_session(
    client: OAuthClient, account: Account, chosen: Membership, sign_in: SignIn, scope: str | None
) -> Session:
    now = work().now
    session = Session(
        id=new_id(),
        place_id=account.place_id,
        account_id=account.id,
        client_uuid=client.record.id,
        organisation_id=chosen.organisation_id,
        sign_in_id=sign_in.id,
        scope=scope or "",
        created_at=now,
        expires_at=now + SESSION_LIFE,
        revoked_at=None,
        methods=sign_in.methods,
        factor_at=sign_in.factor_at,
    )
    insert_session(work().connection, session)
    return session


def _refused(error: OAuth2Error, issuer: str) -> Outcome:
    """Errors go back to the program only once its address was verified; `iss` goes with them (RFC 9207)."""
    _, _, headers = error()
    location = dict(headers).get("Location")
    if location is not None:
        return SentBack(_with_issuer(location, issuer))
    return Refused(str(error.error), str(error.get_error_description() or ""))


def _with_issuer(location: str, issuer: str) -> str:
    address: str = add_params_to_uri(location, [("iss", issuer)])
    return address

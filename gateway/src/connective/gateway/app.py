"""The composition root: the only file that knows every part of the gateway."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI

from connective.contracts.bank_holidays import is_bank_holiday
from connective.contracts.grants import SERVICES, permissions_of
from connective.contracts.places import PlacesInForce, load_places
from connective.gateway.api import (
    access_review,
    account_page,
    accounts,
    clients,
    colleagues,
    description,
    invitation_pages,
    invitations,
    joining,
    link_pages,
    links,
    new_password_pages,
    outside_sign_in,
    own_sessions,
    pages,
    places,
    prohibited_uses,
    proposals,
    providers,
    second_factor,
    self,
    service_identities,
    signing_in,
    tokens,
)
from connective.gateway.api.door import Door, Limits
from connective.gateway.api.one_address import OneAddress
from connective.gateway.api.parts import OutsideParts, Parts
from connective.gateway.api.proxy import Proxy
from connective.gateway.clients.documents import Documents
from connective.gateway.clients.key_sets import KeySets
from connective.gateway.clients.providers import Providers
from connective.gateway.clients.requests import LinkedRequests
from connective.gateway.clients.upstream import Upstream
from connective.gateway.commands.accept_invitation import Accepting
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.carry_out import carrying_out
from connective.gateway.commands.enrol_factor import Enrolling
from connective.gateway.commands.forget_expired import forgetting
from connective.gateway.commands.new_password import NewPasswords
from connective.gateway.commands.outside_sign_in import OutsideSignIn
from connective.gateway.commands.passwords import Passwords
from connective.gateway.commands.post_letters import posting_letters
from connective.gateway.commands.post_links import posting
from connective.gateway.commands.post_notices import asking_again, posting_notices, telling_deciders
from connective.gateway.commands.relying_party import RelyingParty
from connective.gateway.commands.rotate_keys import ensure_keys, rotating
from connective.gateway.commands.second_factor import SecondFactors
from connective.gateway.commands.send_codes import sending_codes
from connective.gateway.commands.sign_in import PasswordSignIn
from connective.gateway.commands.tell_spent import telling_spent
from connective.gateway.commands.watch_reviews import asking_for_reviews, review_condition
from connective.gateway.consumers.handlers import HANDLERS
from connective.gateway.domain.limits import Quota
from connective.gateway.domain.service_identities import identities_in
from connective.gateway.oauth.authority import Authority
from connective.gateway.queries.standing import Standing
from connective.gateway.settings import FACTOR_USE, KEY_USE, GatewaySettings
from connective.gateway.storage.prohibited_uses import read_texts
from connective.gateway.tokens.access import AccessTokens
from connective.gateway.tokens.identity import Identities
from connective.gateway.tokens.keys import AccessKeys
from connective.kit.conditions import Condition
from connective.kit.mail import SmtpPost
from connective.kit.outward import Outside
from connective.kit.pages import Cursors
from connective.kit.scheduler import Job
from connective.kit.sealing import Seal
from connective.kit.service import Composition, Ground, Running, Service
from connective.kit.texting import NotifyTexts
from connective.kit.tokens import Signer

_ROUTERS = (
    tokens.routes,
    signing_in.routes,
    outside_sign_in.routes,
    account_page.routes,
    joining.routes,
    second_factor.routes,
    invitation_pages.routes,
    new_password_pages.routes,
    pages.routes,
    description.routes,
    link_pages.routes,
    # Resources of the API, and not pages or what programs sign in by.
    self.routes,
    places.routes,
    service_identities.routes,
    own_sessions.routes,
    colleagues.routes,
    access_review.routes,
    prohibited_uses.routes,
    accounts.routes,
    clients.routes,
    invitations.routes,
    links.routes,
    proposals.routes,
    providers.routes,
)


def compose(settings: GatewaySettings, ground: Ground) -> Composition:
    """The gateway's own application and worker."""
    keys, in_force = AccessKeys(), PlacesInForce(load_places(settings.places))
    access = AccessTokens(keys, settings.issuer, settings.audience)
    passwords = Passwords(settings.password_cost)
    outside = Outside(settings.key_set_reach)
    key_sets = KeySets(outside, time.monotonic)
    secrets = Seal(settings.key("provider-secrets"))
    admission = Admission(read_texts(settings.prohibited_uses))
    seal, party = Seal(settings.key(FACTOR_USE)), RelyingParty(settings.relying_party_id, settings.issuer)
    parts = Parts(
        database=ground.database,
        clock=ground.clock,
        cursors=Cursors(settings.key("cursors")),
        places=in_force,
        services=identities_in(json.loads(settings.trusted_keys.read_text(encoding="utf-8")), SERVICES),
        keys=keys,
        tokens=access,
        standing=Standing(
            ground.database,
            keys,
            access,
            settings.key(KEY_USE),
            ground.clock,
            places=in_force,
            people_a_day=settings.budget,
        ),
        authority=Authority(ground.database, access, ground.clock, key_sets),
        passwords=passwords,
        admission=admission,
        sign_in=PasswordSignIn(ground.database, passwords, settings.key("sign-in-attempts")),
        factors=SecondFactors(ground.database, seal, settings.key("sign-in-attempts"), party),
        enrolling=Enrolling(ground.database, seal, Seal(settings.key("enrolment-forms")), party),
        accepting=Accepting(ground.database, passwords, admission),
        new_passwords=NewPasswords(ground.database, passwords, settings.key("sign-in-attempts")),
        outside=OutsideParts(
            Providers(outside, key_sets, keys, secrets),
            OutsideSignIn(ground.database, admission, access.deny_also),
            secrets,
            Seal(settings.key("outside-sign-in")),
        ),
        documents=Documents(ground.outgoing, settings.addresses()),
        linked=LinkedRequests(ground.outgoing, settings.referrals_url, ground.signer),
        form_key=settings.key("forms"),
        key_set_reach=settings.key_set_reach,
        texts=settings.sms_url is not None,
        mail=settings.smtp_host is not None,
        secure=settings.secure,
    )
    jobs = _jobs(settings, ground, parts)

    async def conditions() -> tuple[Condition, ...]:
        return (await review_condition(ground.database, ground.clock()),)

    return Composition(routers=_ROUTERS, parts=parts, handlers=HANDLERS, jobs=jobs, conditions=conditions)


def _jobs(settings: GatewaySettings, ground: Ground, parts: Parts) -> list[Job]:
    """What the clock does; nothing is posted where no post is set."""
    database, issuer = ground.database, settings.issuer
    served = [place.id for place in parts.places.places]
    every = timedelta(days=settings.keys_rotated_every_days)
    jobs = [
        Job("forget-expired", timedelta(minutes=10), forgetting(database)),
        Job("carry-out", timedelta(minutes=1), carrying_out(database)),
        Job("ask-for-reviews", timedelta(hours=6), asking_for_reviews(database)),
        Job("ask-for-texts", timedelta(hours=6), asking_again(database, parts.admission)),
        Job("tell-deciders", timedelta(minutes=1), telling_deciders(database, is_bank_holiday)),
        Job("tell-spent", timedelta(seconds=10), telling_spent(database, settings.budget)),
        Job("rotate-keys", timedelta(hours=1), rotating(database, settings.key(KEY_USE), served, every)),
    ]
    if settings.sms_url is not None:
        texts = NotifyTexts(settings.sms_url, settings.sms_secret, settings.sms_template)
        jobs.append(Job("send-codes", timedelta(seconds=2), sending_codes(database, parts.passwords, texts)))
    if settings.smtp_host is not None:
        post = SmtpPost(settings.smtp_host, settings.smtp_port, settings.mail_sender)
        jobs.append(Job("post-links", timedelta(seconds=5), posting(database, post, issuer)))
        jobs.append(Job("post-letters", timedelta(seconds=5), posting_letters(database, post, issuer)))
        jobs.append(Job("post-notices", timedelta(seconds=30), posting_notices(database, post, issuer)))
    return jobs


def service(settings: Callable[[], GatewaySettings] = GatewaySettings) -> Service[GatewaySettings]:
    """The gateway's definition."""
    return Service(
        name="gateway",
        title="Connective gateway",
        version="0.1.0",
        settings=settings,
        compose=compose,
        grants=permissions_of,
        service_permissions=SERVICES,
    )


SERVICE = service()
"""The gateway as its command line finds it."""


def assemble(running: Running[GatewaySettings], *, with_work: bool = False) -> Door:
    """The whole of what listens: the door, behind it the gateway's own application and the way to the services."""
    settings = running.settings
    parts = running.composition.parts
    assert isinstance(parts, Parts)  # noqa: S101 - `compose` makes no other
    app = running.app(with_work=with_work)
    upstream = Upstream(deadline_seconds=settings.deadline_seconds)
    _begin_with(app, running, parts, upstream)
    if not settings.secure:
        app.add_middleware(OneAddress, issuer=settings.issuer)
    limits = Limits(
        caller=Quota("caller", settings.caller_requests_per_minute, 60),
        address=Quota("address", settings.address_requests_per_minute, 60),
        organisation=Quota("organisation", settings.organisation_requests_per_minute, 60),
        inside=settings.organisation_at_once,
        beside=settings.organisation_beside_others,
    )
    return Door(
        app,
        Proxy(upstream, settings.addresses(), settings.issuer),
        parts.tokens,
        Identities(Signer.load("gateway", settings.signing_key)),
        limits,
        trusted_proxies=settings.trusted_proxies,
        spent=parts.standing.spent,
    )


def _begin_with(app: FastAPI, running: Running[GatewaySettings], parts: Parts, upstream: Upstream) -> None:
    """Have the keys, the denials and the way to the services before the first request, and keep them while serving."""
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[None]:
        async with inner(served), upstream:
            await ensure_keys(running.database, running.settings.key(KEY_USE), parts.clock())
            await parts.standing.refresh()
            async with parts.standing.kept():
                yield

    app.router.lifespan_context = lifespan

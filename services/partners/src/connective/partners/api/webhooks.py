"""`/webhooks`: an organisation's own systems are told what happened to its records."""

from datetime import timedelta
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale
from connective.partners.api.deps import PartsDep, show_version
from connective.partners.api.reading import changes_of
from connective.partners.api.showing_webhooks import show_delivery, show_webhook
from connective.partners.api.webhook_schemas import (
    ChangeWebhook,
    DeliveryOut,
    DeliveryWithTriesOut,
    ReplaySince,
    RotateSecret,
    SetUpWebhook,
    TryOut,
    WebhookOut,
    WebhookWithSecretOut,
)
from connective.partners.commands.change_webhook import change_webhook, end_webhook
from connective.partners.commands.refusals import AlreadySo, RulesBroken, TooManyWebhooks, WebhookIsDisabled
from connective.partners.commands.replay_messages import replay_message, replay_set_aside
from connective.partners.commands.rotate_webhook_secret import rotate_webhook_secret
from connective.partners.commands.set_up_webhook import set_up_webhook
from connective.partners.commands.switch_webhook import switch_webhook
from connective.partners.commands.try_webhook import try_webhook
from connective.partners.domain.webhooks import DeliveryState
from connective.partners.queries import webhooks as queries

routes = router(tags=["webhooks"])
Item = TypeVar("Item", WebhookOut, DeliveryOut)
_MANAGE, _OWN = Permission.PARTNERS_WEBHOOK_MANAGE, "own_organisation"


@routes.post(
    "/webhooks",
    status_code=201,
    operation_id="partners_set_up_webhook",
    **operation(_MANAGE, relation=_OWN, refuses=(RulesBroken, TooManyWebhooks), step_up=True),
)
async def set_up(
    body: SetUpWebhook, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> WebhookWithSecretOut:
    """Have messages sent to your system. The secret that signs them is shown once, here."""
    done, secret = await set_up_webhook(
        parts.webhooks,
        actor,
        attempt,
        url=body.url,
        events=tuple(body.events),
        description=body.description,
        notice_email=body.notice_email,
        now=parts.clock(),
    )
    shown = await _answer(done.resource_id, actor, parts, response)
    show_done(response, done)
    response.headers["Location"] = f"/webhooks/{done.resource_id}"
    return WebhookWithSecretOut(**shown.model_dump(), secret=secret)


@routes.get("/webhooks", operation_id="partners_list_webhooks", **operation(_MANAGE, relation=_OWN))
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[WebhookOut]:
    """Your organisation's webhooks."""
    found = await queries.webhooks(parts.webhooks.database, actor, after=parts.cursors.after(cursor), limit=limit + 1)
    return page_of(request, response, parts.cursors, found, limit=limit, show=show_webhook)


@routes.get("/webhooks/{webhook_id}", operation_id="partners_read_webhook", **operation(_MANAGE, relation=_OWN))
async def read(webhook_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> WebhookOut:
    """One webhook, and how it goes."""
    return await _answer(webhook_id, actor, parts, response)


@routes.patch(
    "/webhooks/{webhook_id}",
    operation_id="partners_change_webhook",
    **operation(_MANAGE, relation=_OWN, refuses=(RulesBroken, Stale, MatchRequired)),
)
async def change(
    *, webhook_id: UUID, body: ChangeWebhook, actor: ActorDep, version: VersionDep, parts: PartsDep, response: Response
) -> WebhookOut:
    """Change where it sends, of what, or whom to write to."""
    changes = changes_of(body)
    changed = await change_webhook(
        parts.webhooks, actor, webhook_id, based_on=version, changes=changes, now=parts.clock()
    )
    show_version(response, changed.version)
    return show_webhook(changed)


@routes.delete(
    "/webhooks/{webhook_id}",
    status_code=204,
    operation_id="partners_remove_webhook",
    **operation(_MANAGE, relation=_OWN, refuses=(Stale, MatchRequired)),
)
async def remove(webhook_id: UUID, actor: ActorDep, version: VersionDep, parts: PartsDep) -> None:
    """Remove it, with its messages and its log."""
    await end_webhook(parts.webhooks, actor, webhook_id, based_on=version)


@routes.post(
    "/webhooks/{webhook_id}/rotate-secret",
    operation_id="partners_rotate_webhook_secret",
    **operation(_MANAGE, relation=_OWN, step_up=True),
)
async def rotate(
    *,
    webhook_id: UUID,
    body: RotateSecret,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> WebhookWithSecretOut:
    """A new secret, shown once. The former one signs beside it until the overlap ends."""
    overlap = timedelta(hours=body.overlap_hours)
    done, secret = await rotate_webhook_secret(
        parts.webhooks, actor, attempt, webhook_id, overlap=overlap, now=parts.clock()
    )
    shown = await _answer(done.resource_id, actor, parts, response)
    show_done(response, done)
    return WebhookWithSecretOut(**shown.model_dump(), secret=secret)


@routes.post(
    "/webhooks/{webhook_id}/disable",
    operation_id="partners_disable_webhook",
    **operation(_MANAGE, relation=_OWN, refuses=(AlreadySo,)),
)
async def disable(
    webhook_id: UUID, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> WebhookOut:
    """Send nothing more; what waits is set aside."""
    done = await switch_webhook(parts.webhooks, actor, attempt, webhook_id, on=False, now=parts.clock())
    show_done(response, done)
    return await _answer(done.resource_id, actor, parts, response)


@routes.post(
    "/webhooks/{webhook_id}/enable",
    operation_id="partners_enable_webhook",
    **operation(_MANAGE, relation=_OWN, refuses=(AlreadySo,)),
)
async def enable(
    webhook_id: UUID, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> WebhookOut:
    """Send from now on. What was set aside is sent again only when you replay it."""
    done = await switch_webhook(parts.webhooks, actor, attempt, webhook_id, on=True, now=parts.clock())
    show_done(response, done)
    return await _answer(done.resource_id, actor, parts, response)


@routes.post(
    "/webhooks/{webhook_id}/test",
    status_code=202,
    operation_id="partners_test_webhook",
    **operation(_MANAGE, relation=_OWN, refuses=(WebhookIsDisabled,)),
)
async def test(
    webhook_id: UUID, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> DeliveryOut:
    """Send a message of the type `hub.partners.webhook.tested.v1`, signed as any other."""
    done = await try_webhook(parts.webhooks, actor, attempt, webhook_id, now=parts.clock())
    show_done(response, done)
    found, _ = await queries.delivery(parts.webhooks.database, actor, webhook_id, done.resource_id)
    return show_delivery(found)


@routes.post(
    "/webhooks/{webhook_id}/replay",
    status_code=202,
    operation_id="partners_replay_webhook",
    **operation(_MANAGE, relation=_OWN, refuses=(WebhookIsDisabled,)),
)
async def replay_all(
    *,
    webhook_id: UUID,
    body: ReplaySince,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> WebhookOut:
    """Send again whatever was set aside since a time."""
    done = await replay_set_aside(parts.webhooks, actor, attempt, webhook_id, since=body.since, now=parts.clock())
    show_done(response, done)
    return await _answer(done.resource_id, actor, parts, response)


@routes.get(
    "/webhooks/{webhook_id}/deliveries",
    operation_id="partners_list_deliveries",
    **operation(_MANAGE, relation=_OWN),
)
async def list_deliveries(
    *,
    webhook_id: UUID,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    state: Annotated[DeliveryState | None, Query()] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[DeliveryOut]:
    """Its messages of the last 35 days, newest first."""
    after = parts.cursors.after(cursor)
    found = await queries.deliveries(
        parts.webhooks.database, actor, webhook_id, state=state, after=after, limit=limit + 1
    )
    return page_of(request, response, parts.cursors, found, limit=limit, show=show_delivery)


@routes.get(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}",
    operation_id="partners_read_delivery",
    **operation(_MANAGE, relation=_OWN),
)
async def read_delivery(webhook_id: UUID, delivery_id: UUID, actor: ActorDep, parts: PartsDep) -> DeliveryWithTriesOut:
    """One message: what was sent, and every try."""
    found, tries = await queries.delivery(parts.webhooks.database, actor, webhook_id, delivery_id)
    log = [
        TryOut(number=each.number, at=each.at, outcome=each.outcome, status=each.status, took_ms=each.took_ms)
        for each in tries
    ]
    return DeliveryWithTriesOut(**show_delivery(found).model_dump(), payload=found.body, log=log)


@routes.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    status_code=202,
    operation_id="partners_replay_delivery",
    **operation(_MANAGE, relation=_OWN, refuses=(AlreadySo, WebhookIsDisabled)),
)
async def replay_one(
    *,
    webhook_id: UUID,
    delivery_id: UUID,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> DeliveryOut:
    """Send one message again, under its former id."""
    done = await replay_message(parts.webhooks, actor, attempt, webhook_id, delivery_id, now=parts.clock())
    show_done(response, done)
    found, _ = await queries.delivery(parts.webhooks.database, actor, webhook_id, done.resource_id)
    return show_delivery(found)


async def _answer(webhook_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> WebhookOut:
    found = await queries.webhook(parts.webhooks.database, actor, webhook_id)
    show_version(response, found.version)
    response.headers["Cache-Control"] = "no-store"
    return show_webhook(found)

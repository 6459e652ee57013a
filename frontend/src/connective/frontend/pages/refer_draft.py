"""Where a referral stands while it is filled in: found by its family, kept for whoever fills it in alone."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.form_fields import Asked
from connective.frontend.domain.referral_draft import Draft, Raw, begin, draft_of, earlier
from connective.frontend.domain.referring import Chosen, chosen_of
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.routing import Parts, onward
from connective.kit.ids import new_id


def _name(family_id: UUID | str) -> str:
    return f"refer:{family_id}"


async def found(parts: Parts, browser: Browser, family_id: UUID) -> Draft | None:
    """What was kept of a referral for this family."""
    kept = await parts.drafts.get(browser.person.id, _name(family_id))
    try:
        return None if kept is None else draft_of(kept)
    except (KeyError, TypeError):
        # An earlier release kept it in another shape.
        return None


async def keep(parts: Parts, browser: Browser, draft: Draft) -> None:
    """Keep it, and forget what was kept of this page's own form."""
    await parts.drafts.put(browser.person.id, _name(draft.family_id), draft.to_document(), browser.now)
    await parts.drafts.drop(browser.person.id, browser.request.url.path)


async def start(hub: Hub, family_id: UUID) -> Draft:
    """A new one. The family's record is read once, and that it was read is recorded. Raises Refused."""
    return begin(str(new_id()), await hub.get(f"/families/{family_id}"))


async def at(parts: Parts, browser: Browser, family_id: UUID, step: str) -> Draft | Response:
    """The draft, where this step may be shown; otherwise the way to the step that comes first."""
    draft = await found(parts, browser, family_id)
    if draft is None:
        return onward(f"/refer/{family_id}")
    first = earlier(draft, step)
    return draft if first is None else onward(first)


def typed(browser: Browser, kept: Raw) -> Raw:
    """What was typed before the session ended, or what the draft holds."""
    return browser.kept if browser.kept is not None else kept


async def chosen_services(hub: Hub, draft: Draft) -> tuple[list[Chosen], list[Asked]]:
    """The chosen services, each with its form. Raises Refused."""
    services = await together(*(hub.get(f"/services/{each}") for each in draft.services))
    return await with_forms(hub, services)


async def with_forms(hub: Hub, services: Sequence[dict[str, object]]) -> tuple[list[Chosen], list[Asked]]:
    """Services with their forms; a form that several use is read once. Raises Refused."""
    kinds = list(dict.fromkeys(str(each["kind"]) for each in services))
    forms = await together(*(hub.get(f"/forms/{kind}") for kind in kinds))
    return chosen_of(services, dict(zip(kinds, forms, strict=True)))

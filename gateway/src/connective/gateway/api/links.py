"""`/links`: where links for partners without a system go, and having one posted."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from connective.contracts.permissions import Permission
from connective.gateway.api.parts import PartsDep
from connective.gateway.commands.refusals import NoLinkPosted, UnfitCredential
from connective.gateway.commands.set_link_contact import Links, post_link, remove_contact, set_contact, show_contact
from connective.gateway.domain.link_codes import mobile
from connective.gateway.domain.links import LinkContact
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.policy import operation
from connective.kit.problems import FieldError, StillRunning

routes = router(tags=["links"])
_OWN = "own_organisation"
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s]{2,}$", max_length=254)]


class _In(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LinkContactIn(_In):
    """Where links go, and the PIN that opens them: tell it to your people, never by e-mail."""

    organisation_id: UUID
    email: Email
    pin: Annotated[str, StringConstraints(pattern=r"^[0-9]{6,12}$")]
    telephone: Annotated[str, StringConstraints(max_length=30)] | None = None
    """A British mobile telephone to which codes may be sent, as the second way beside the PIN."""


class LinkIn(_In):
    """The request to open."""

    request_id: UUID


class LinkContactOut(BaseModel):
    """Where links go; the PIN is shown to nobody."""

    organisation_id: UUID
    email: str
    telephone_ends: str | None
    """The last three digits of the registered telephone."""
    version: int
    changed_at: datetime


def _mobile(text: str | None) -> str | None:
    if text is None or not text.strip():
        return None
    found = mobile(text)
    if found is None:
        sentence = "Codes go to a British mobile number, such as 07700 900123."
        raise UnfitCredential(sentence, errors=(FieldError("/telephone", "not-a-mobile", sentence),))
    return found


async def _links_of(parts: PartsDep) -> Links:
    return Links(parts.database, parts.passwords, parts.clock)


LinksDep = Annotated[Links, Depends(_links_of)]


def _out(contact: LinkContact, response: Response) -> LinkContactOut:
    response.headers["Cache-Control"] = "no-store"
    return LinkContactOut(
        organisation_id=contact.organisation_id,
        email=contact.email,
        telephone_ends=contact.telephone and contact.telephone[-3:],
        version=contact.version,
        changed_at=contact.changed_at,
    )


@routes.post(
    "/links/contacts",
    status_code=201,
    **operation(Permission.GATEWAY_LINK_WRITE, relation=_OWN, refuses=(UnfitCredential, StillRunning)),
)
async def set_it(
    body: LinkContactIn, actor: ActorDep, attempt: AttemptDep, links: LinksDep, response: Response
) -> LinkContactOut:
    """Say where your organisation's links go, and set their PIN; what was set before no longer holds."""
    telephone = _mobile(body.telephone)
    contact = LinkContact(body.organisation_id, actor.place, body.email, 1, links.clock(), telephone=telephone)
    done = await set_contact(links, actor, attempt, contact, body.pin)
    show_done(response, done)
    return _out(await show_contact(links, actor, done.resource_id), response)


@routes.get("/links/contacts/{organisation_id}", **operation(Permission.GATEWAY_LINK_WRITE, relation=_OWN))
async def read_it(organisation_id: UUID, actor: ActorDep, links: LinksDep, response: Response) -> LinkContactOut:
    """Where they go."""
    return _out(await show_contact(links, actor, organisation_id), response)


@routes.post(
    "/links/contacts/{organisation_id}/remove",
    status_code=204,
    response_class=Response,
    **operation(Permission.GATEWAY_LINK_WRITE, relation=_OWN, refuses=(StillRunning,)),
)
async def remove_it(organisation_id: UUID, actor: ActorDep, attempt: AttemptDep, links: LinksDep) -> Response:
    """Post no more links there; whoever has one open is shown nothing more."""
    response = Response(status_code=204)
    show_done(response, await remove_contact(links, actor, attempt, organisation_id))
    return response


@routes.post(
    "/links",
    status_code=202,
    response_class=Response,
    **operation(Permission.GATEWAY_LINK_WRITE, relation=_OWN, refuses=(NoLinkPosted, StillRunning)),
)
async def post_one(body: LinkIn, actor: ActorDep, attempt: AttemptDep, links: LinksDep) -> Response:
    """Have a link for one request posted to your organisation's address; it opens nothing that is not sent to you."""
    response = Response(status_code=202)
    show_done(response, await post_link(links, actor, attempt, body.request_id))
    return response

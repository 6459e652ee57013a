"""What the routes of administrators have in common: how far one reaches, and how one record is shown."""

from fastapi import Response

from connective.contracts.permissions import Role
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.etags import etag


def everywhere(actor: Actor) -> bool:
    """Whether the actor looks after every organisation of the place, or after their own alone."""
    return Role.PLACE_ADMIN in actor.roles


def work_of(actor: Actor, otherwise: str = "") -> str:
    """The work that row security is told of: the whole place's, or `otherwise` for who looks after one organisation.

    Records that carry their organisation need no other work: no other organisation's is seen.
    """
    return ADMINISTERING if everywhere(actor) else otherwise


def mark(response: Response, version: int) -> None:
    """The version that a change must name, on an answer that nobody but the asker may keep."""
    response.headers["ETag"] = etag(version)
    response.headers["Cache-Control"] = "no-store"

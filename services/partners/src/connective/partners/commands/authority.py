"""Who may change what in the directory: one's own organisation's things, or, for the place's administrator, all."""

from uuid import UUID

from connective.contracts.permissions import Role
from connective.kit.actor import Actor
from connective.partners.commands.refusals import NotYours


def runs_the_place(actor: Actor) -> bool:
    """Whether the actor administers the whole place."""
    return Role.PLACE_ADMIN in actor.roles


def may_change(actor: Actor, organisation_id: UUID) -> bool:
    """Whether the actor may change what this organisation shows in the directory."""
    return runs_the_place(actor) or actor.organisation_id == organisation_id


def refuse_unless_own(actor: Actor, organisation_id: UUID) -> None:
    """Raise NotYours unless the actor may change what this organisation shows."""
    if not may_change(actor, organisation_id):
        raise NotYours


def refuse_unless_running_the_place(actor: Actor) -> None:
    """Raise NotYours unless the actor administers the whole place."""
    if not runs_the_place(actor):
        raise NotYours


def refuse_unless_coordinating(actor: Actor, coordinator_account_id: UUID | None) -> None:
    """Raise NotYours unless the actor coordinates this hub or administers the whole place."""
    coordinates = coordinator_account_id is not None and actor.account_id == coordinator_account_id
    if not coordinates and not runs_the_place(actor):
        raise NotYours

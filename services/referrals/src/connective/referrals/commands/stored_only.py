"""Refuse what would use the data of somebody who is stored only: reading their words and files, or adding to them."""

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.referrals.commands.refusals import ProcessingRestricted
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import FINAL, Party
from connective.referrals.storage.stored_only import stored_among


async def refuse_stored(connection: AsyncConnection, request: Request) -> None:
    """Raises ProcessingRestricted while anybody in the request is stored only (UK GDPR Article 18)."""
    stored = await stored_among(connection, request.place_id, request.people.everyone)
    if stored:
        raise ProcessingRestricted(
            "The data of somebody in this request are stored and not used, at their request. The data protection"
            " officer of whoever keeps their record lifts it.",
            reference=request.reference,
            state=str(request.state),
        )


async def refuse_stored_to(connection: AsyncConnection, request: Request, party: Party) -> None:
    """The same, where no decision is taken for the reading: by its referrer, and of a final request by its recipient.

    A recipient's reading of an open request is decided each time, and a safeguarding override may permit it.
    """
    if party is Party.REFERRER or request.state in FINAL:
        await refuse_stored(connection, request)

"""None signed, no accounts: whose legal entity has no contract with the host gets neither account nor client."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.commands.refusals import NoProcessingAgreement
from connective.gateway.storage.contracts import without_contract

_HERE = ZoneInfo("Europe/London")


async def refuse_without_contract(connection: AsyncConnection, organisation_ids: Iterable[UUID], now: datetime) -> None:
    """Ask what consent and partners have told so far, and refuse what they have not. Raises NoProcessingAgreement."""
    lacking = await without_contract(connection, organisation_ids, now.astimezone(_HERE).date())
    if lacking:
        raise NoProcessingAgreement(
            "The legal entity of an organisation named here has not signed the host's processing agreement and "
            "accepted the prohibited uses. Its signatory does so at POST /legal-entities/{id}/processing-agreement; "
            "until then only its signatory, data protection officer and agreement manager may have accounts.",
            organisation_ids=sorted(map(str, lacking)),
        )

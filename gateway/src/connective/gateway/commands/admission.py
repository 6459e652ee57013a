"""None signed, no accounts: neither account nor client without the host's contract and the prohibited uses accepted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.commands.refusals import NoProcessingAgreement, ProhibitedUsesNotAccepted
from connective.gateway.domain.prohibited_uses import Texts
from connective.gateway.storage.contracts import without_contract
from connective.gateway.storage.prohibited_uses import without_acceptance

_HERE = ZoneInfo("Europe/London")


def local_day(now: datetime) -> date:
    """The day it is where the contracts hold."""
    return now.astimezone(_HERE).date()


@dataclass(frozen=True, slots=True)
class Admission:
    """What has to be there before somebody of an organisation may have an account."""

    texts: Texts

    async def refuse_unready(
        self, connection: AsyncConnection, organisation_ids: Iterable[UUID], now: datetime
    ) -> None:
        """Ask what we have been told so far. Raises NoProcessingAgreement, ProhibitedUsesNotAccepted."""
        wanted, today = set(organisation_ids), local_day(now)
        lacking = await without_contract(connection, wanted, today)
        if lacking:
            raise NoProcessingAgreement(
                "The legal entity of an organisation named here has not signed the host's processing agreement. Its "
                "signatory does so at POST /legal-entities/{id}/processing-agreement; until then only its signatory, "
                "data protection officer and agreement manager may have accounts.",
                organisation_ids=sorted(map(str, lacking)),
            )
        unaccepted = await without_acceptance(connection, wanted, self.texts.enough(today))
        if unaccepted:
            raise ProhibitedUsesNotAccepted(
                "An organisation named here has not accepted the prohibited uses in a version that is enough today. "
                "Its signatory or administrator does so at POST /accounts/prohibited-uses/acceptances.",
                organisation_ids=sorted(map(str, unaccepted)),
                version=self.texts.current(today).version,
            )

"""What the audit routes share: the filters of their lists, and how people stand in their answers."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, StringConstraints

from connective.contracts.categories import Category, Purpose

Pseudonym = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""A person as officers know them: the same in every list and in the ledger, and nothing without the person's key."""
Since = Annotated[AwareDatetime | None, Query(alias="from", description="At or after this instant.")]
Until = Annotated[AwareDatetime | None, Query(alias="to", description="Before this instant.")]
AgreementId = Annotated[UUID | None, Query(description="Under this agreement.")]
OrganisationId = Annotated[UUID | None, Query(description="By or to this organisation.")]
EntityId = Annotated[UUID | None, Query(description="To which this legal entity is party.")]
OfPurpose = Annotated[Purpose | None, Query(description="For this purpose.")]
OfCategory = Annotated[Category | None, Query(description="With this category.")]
OfPerson = Annotated[Pseudonym | None, Query(description="About the person with this pseudonym.")]
ActorId = Annotated[
    str | None, Query(max_length=80, pattern=r"^[A-Za-z0-9:_-]+$", description="By this account or client.")
]
ActName = Annotated[
    str | None, Query(max_length=60, pattern=r"^[a-z_.]+$", description="This kind of act, for example `family.read`.")
]
RefusalCode = Annotated[str | None, Query(max_length=60, pattern=r"^[a-z_]+$", description="Refused for this reason.")]
PAGED = frozenset({"limit", "cursor"})

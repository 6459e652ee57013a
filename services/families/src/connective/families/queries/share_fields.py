"""What a recipient is given under a permit: read live, person by person, and answered in no other way."""

from collections.abc import Sequence
from datetime import date

from pydantic import ValidationError

from connective.contracts.needs import NeedsList
from connective.contracts.sharing import PERMIT_TYPE, PermitClaims, SharedFields, SharedPerson
from connective.families.domain.families import living_with
from connective.families.domain.restrictions import hidden_from
from connective.families.domain.shared import Permitted, fields_of, needed_for
from connective.families.storage.members import members_alone
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.problems import NotAllowed, NotFound, Unauthenticated
from connective.kit.tokens import KeyRing

_ISSUER, _AUDIENCE = "consent", "families"


class PermitForAnother(NotAllowed):
    """The permit was given to another reader than the one who shows it."""

    code, title = "permit-for-another", "This permit is not for this reader"


def permit_of(keys: KeyRing, token: str) -> PermitClaims:
    """What a permit says, if consent signed it for this service and it has not expired. Raises Unauthenticated."""
    claims = keys.verify(token, token_type=PERMIT_TYPE, audience=_AUDIENCE, issuer=_ISSUER)
    try:
        return PermitClaims.model_validate(claims)
    except ValidationError as error:
        raise Unauthenticated("The permit does not say what a permit says.") from error


async def share_fields(
    database: Database, actor: Actor, permit: PermitClaims, names: Sequence[str], *, day: date, known: NeedsList
) -> SharedFields:
    """The asked fields of the permit's subjects that its categories cover and no restriction hides.

    Raises PermitForAnother unless reader and permit are of one organisation and place, and NotFound when a subject is
    not in this place (any more).
    """
    if (actor.place_id, actor.organisation_id) != (permit.place, permit.organisation):
        raise PermitForAnother("Read the request again to get a permit of your own.")
    found = await members_alone(database, actor, permit.subjects, needed_for(names), permit_keeper=permit.discloser)
    if not found.picture.people.keys() >= permit.subjects.keys():
        raise NotFound
    restricted = hidden_from(actor.id, actor.organisation_id, found.restrictions)
    permitted = Permitted(permit.subjects, living_with(restricted, found.picture.memberships, day))
    people, withheld = [], set()
    for person_id in sorted(permit.subjects):
        given, kept_back = fields_of(person_id, names, found.picture, permitted, day=day, known=known)
        people.append(SharedPerson(person_id=person_id, fields=given))
        withheld |= set(kept_back)
    return SharedFields(disclosure_id=permit.jti, people=tuple(people), withheld=tuple(sorted(withheld)))

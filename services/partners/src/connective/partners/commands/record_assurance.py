"""Record an item of a provider's dossier: a proposal of its own, or what the place or its hub has seen itself."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.partners.commands.assuring import follow_dossier, refuse_unless_keeping
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import NotAMember, refuse_broken
from connective.partners.domain.assurance import ItemKind, local_day
from connective.partners.domain.dossier import Item, ItemState, broken_item, recorded, with_last_day
from connective.partners.storage.assurance import add_items
from connective.partners.storage.organisations import lock_organisation
from connective.partners.storage.reference_data import assurance_rules


@dataclass(frozen=True, slots=True)
class Evidence:
    """What somebody has shown, and until when."""

    kind: ItemKind
    reference: str
    account_id: UUID | None
    issued_on: date
    expires_on: date | None


async def record_assurance(
    means: Means, actor: Actor, attempt: Attempt, organisation_id: UUID, evidence: Evidence, *, now: datetime
) -> Done:
    """Keep it; what the place or the hub records holds at once. Raises NotFound, NotYours, NotAMember, RulesBroken."""
    rules = assurance_rules()
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        organisation = await lock_organisation(unit.connection, actor, organisation_id)
        vouched = await refuse_unless_keeping(unit, actor, organisation_id)
        if not organisation.is_member:
            raise NotAMember
        item = with_last_day(_item(actor, organisation_id, evidence, now), rules)
        refuse_broken(broken_item(item, rules, local_day(now), vouched=vouched))
        await add_items(unit.connection, (recorded(item, vouched=vouched),))
        await follow_dossier(unit, organisation, now)
        return await remember(unit, attempt, Done(item.id, 201))


def _item(actor: Actor, organisation_id: UUID, evidence: Evidence, now: datetime) -> Item:
    return Item(
        id=new_id(),
        place_id=actor.place,
        organisation_id=organisation_id,
        kind=evidence.kind,
        evidence=evidence.reference,
        account_id=evidence.account_id,
        issued_on=evidence.issued_on,
        expires_on=evidence.expires_on,
        recorded_by=actor.id,
        recorded_at=now,
        state=ItemState.PROPOSED,
    )

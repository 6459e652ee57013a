"""From dossiers to what is answered, and what of them a worker is shown before a request goes."""

from datetime import datetime

from connective.contracts.categories import SHARED_DEVICE_REFUSES, AssuranceLevel
from connective.kit.actor import Actor
from connective.partners.api.assurance_schemas import AssuranceItemOut, AssuranceOut, LapsedOut, ShownOut
from connective.partners.commands.authority import runs_the_place
from connective.partners.domain.assurance import lapsed, level_on, local_day, standings
from connective.partners.domain.dossier import Item
from connective.partners.domain.organisations import Organisation
from connective.partners.storage.reference_data import assurance_rules


def show_assurance(organisation: Organisation, actor: Actor, now: datetime) -> AssuranceOut:
    """How an organisation stands on the day of the asking, whenever its record was last changed."""
    rules, today = assurance_rules(), local_day(now)
    level = level_on(organisation.held, rules, today)
    return AssuranceOut(
        organisation_id=organisation.id,
        assurance_level=level,
        refuses=sorted(SHARED_DEVICE_REFUSES) if level is AssuranceLevel.SHARED_DEVICE else [],
        rules_version=rules.version,
        items=[
            ShownOut(kind=s.kind, label=s.label, standing=s.standing, until=s.until, sentence=s.sentence)
            for s in standings(organisation.held, rules, today)
        ],
        allowed_actions=_actions(organisation, actor),
    )


def show_lapsed(organisation: Organisation, now: datetime) -> list[LapsedOut]:
    """What of an organisation's dossier is out of date today, in words."""
    return [
        LapsedOut(kind=each.kind, since=each.until, sentence=each.sentence)
        for each in lapsed(organisation.held, assurance_rules(), local_day(now))
        if each.until is not None
    ]


def show_item(item: Item) -> AssuranceItemOut:
    """One item of a dossier."""
    return AssuranceItemOut(
        id=item.id,
        organisation_id=item.organisation_id,
        kind=item.kind,
        evidence=item.evidence,
        account_id=item.account_id,
        issued_on=item.issued_on,
        expires_on=item.expires_on,
        state=item.state,
        recorded_by=item.recorded_by,
        recorded_at=item.recorded_at,
        decided_by=item.decided_by,
        decided_at=item.decided_at,
        reason=item.reason,
        version=item.version,
    )


def _actions(organisation: Organisation, actor: Actor) -> list[str]:
    if actor.organisation_id == organisation.id:
        return ["record"]
    return ["decide", "record"] if runs_the_place(actor) else []

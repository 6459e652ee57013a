"""The composition root of consent: the only file that knows every part."""

from datetime import datetime, timedelta
from functools import partial

from connective.consent.api import (
    agreement_actions,
    agreement_comments,
    agreement_comparison,
    agreement_documents,
    agreement_templates,
    agreements,
    arrangements,
    audit_routes,
    checkpoints,
    consents,
    decisions,
    entities,
    internal,
    ledger,
    ledger_export,
    memoranda,
    notices,
    one_offs,
    overrides,
    receipts,
    retention_routes,
    rights_requests,
    rulings,
    transparency,
)
from connective.consent.api.deps import Parts
from connective.consent.clients.directory import DirectoryOverHttp
from connective.consent.clients.families import FamiliesOverHttp
from connective.consent.clients.keepers import KeepersOverHttp
from connective.consent.commands.expire_consents import expire_consents
from connective.consent.commands.find_unusual_access import find_unusual_access
from connective.consent.commands.learn_names import learn_names
from connective.consent.commands.ports import Directory
from connective.consent.commands.run_agreement_clock import run_agreement_clock
from connective.consent.commands.seal_ledger import Sealer
from connective.consent.commands.watch_erasures import ErasureWatch, owe_deletions
from connective.consent.commands.watch_ledger import LedgerWatch
from connective.consent.commands.watch_override_reviews import review_condition, tell_overdue_reviews
from connective.consent.consumers import audit, deliveries, erasures, organisations, restrictions
from connective.consent.domain.checkpoints import LedgerKey
from connective.consent.queries.audit_processing import Host
from connective.consent.settings import ConsentSettings
from connective.contracts.bank_holidays import is_bank_holiday
from connective.contracts.grants import SERVICES, permissions_of
from connective.kit.conditions import Condition
from connective.kit.database import Database
from connective.kit.inbox import AnyHandler, BatchHandler, Handler
from connective.kit.pages import Cursors
from connective.kit.scheduler import Job
from connective.kit.service import Composition, Ground, Service

_CLOCK = timedelta(seconds=30)
_ACCESS = timedelta(minutes=5)
_DELETIONS = timedelta(minutes=5)
_NAMES = timedelta(seconds=5)


def _jobs(
    database: Database,
    directory: Directory,
    watch: LedgerWatch,
    erasures_watch: ErasureWatch,
) -> tuple[Job, ...]:
    async def agreements_turn(now: datetime) -> None:
        await run_agreement_clock(database, now)

    async def consents_turn(now: datetime) -> None:
        await expire_consents(database, now)

    async def reviews_turn(now: datetime) -> None:
        await tell_overdue_reviews(database, now)

    async def access_turn(now: datetime) -> None:
        await find_unusual_access(database, now, is_bank_holiday)

    async def names_turn(_: datetime) -> None:
        await learn_names(database, directory)

    async def deletions_turn(_: datetime) -> None:
        await owe_deletions(database)

    return (
        Job("agreement_clock", _CLOCK, agreements_turn),
        Job("consent_expiry", _CLOCK, consents_turn),
        Job("override_reviews", _CLOCK, reviews_turn),
        Job("unusual_access", _ACCESS, access_turn),
        Job("deletions_owed", _DELETIONS, deletions_turn),
        erasures_watch.job(),
        watch.job(),
        Job("organisation_names", _NAMES, names_turn),
    )


_HANDLERS: dict[str, AnyHandler] = {
    "hub.partners.organisation.*": Handler(organisations.keep),
    "hub.families.restriction.changed": Handler(restrictions.keep),
    "hub.families.person.merged": Handler(restrictions.merge),
    "hub.families.person.unmerged": Handler(restrictions.unmerge),
    "hub.families.family.erased": Handler(erasures.forget),
    "hub.families.person.erased": Handler(erasures.forget_person),
    "hub.families.erasure.*": Handler(erasures.families_answer),
    "hub.referrals.erasure.done": Handler(erasures.referrals_answer),
    "hub.*.audit.*": BatchHandler(audit.enter),
    "hub.families.disclosure.undelivered": Handler(deliveries.mark),
    "hub.referrals.disclosure.undelivered": Handler(deliveries.mark),
}
_ROUTERS = (
    # First, because routes are tried in order, and these answer the most calls by far.
    transparency.routes,
    internal.routes,
    entities.routes,
    arrangements.routes,
    memoranda.routes,
    agreements.routes,
    agreement_actions.routes,
    agreement_comments.routes,
    agreement_comparison.routes,
    agreement_documents.routes,
    agreement_templates.routes,
    rulings.routes,
    receipts.routes,
    consents.routes,
    notices.routes,
    rights_requests.routes,
    overrides.routes,
    one_offs.routes,
    decisions.routes,
    checkpoints.routes,
    ledger.routes,
    ledger_export.routes,
    *audit_routes.ROUTERS,
    *retention_routes.ROUTERS,
)


def compose(settings: ConsentSettings, ground: Ground) -> Composition:
    """Put the service together."""
    key = LedgerKey(settings.ledger_key.read_text(encoding="utf-8"))
    sealer = Sealer(ground.database, key, ground.clock, timedelta(seconds=settings.checkpoint_gap_seconds))
    watch = LedgerWatch(ground.database, ground.clock)
    erasures_watch = ErasureWatch(ground.database, ground.clock)

    families = ground.peer("families", str(settings.families_url))
    directory = DirectoryOverHttp(ground.peer("partners", str(settings.partners_url)))
    parts = Parts(
        database=ground.database,
        clock=ground.clock,
        cursors=Cursors(settings.key("cursors")),
        families=FamiliesOverHttp(families),
        keepers=KeepersOverHttp(families, ground.peer("referrals", str(settings.referrals_url))),
        signer=ground.signer,
        ledger_key=key,
        is_holiday=is_bank_holiday,
        override_review_working_days=settings.override_review_working_days,
        host=Host(settings.host_name, settings.host_contact),
    )

    async def conditions() -> tuple[Condition, ...]:
        reviews = await review_condition(ground.database, ground.clock())
        return (*await watch.conditions(), reviews, *await erasures_watch.conditions())

    return Composition(
        routers=_ROUTERS,
        parts=parts,
        express={
            ("POST", "/internal/decisions"): partial(internal.decide_plainly, parts),
            ("POST", "/internal/disclosures"): partial(internal.disclose_plainly, parts),
        },
        handlers=_HANDLERS,
        jobs=_jobs(ground.database, directory, watch, erasures_watch),
        background=(sealer.run,),
        conditions=conditions,
    )


SERVICE = Service(
    name="consent",
    title="Connective consent",
    version="0.1.0",
    settings=ConsentSettings,
    compose=compose,
    grants=permissions_of,
    service_permissions=SERVICES,
)

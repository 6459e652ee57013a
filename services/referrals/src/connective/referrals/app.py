"""The composition root: the only file that knows every part of the referrals service."""

from datetime import datetime, timedelta
from functools import partial

from connective.contracts.gateway_events import PlaceChanged
from connective.contracts.grants import SERVICES, permissions_of
from connective.contracts.places import PlacesInForce, load_places
from connective.kit.conditions import Condition
from connective.kit.inbox import Handler
from connective.kit.newest import Following, keep_newest
from connective.kit.objects import FolderStore, ObjectStore
from connective.kit.pages import Cursors
from connective.kit.s3 import BucketAddress, BucketStore
from connective.kit.scanning import ClamdScanner, TestStringScanner
from connective.kit.scheduler import Job
from connective.kit.service import Composition, Ground, Service
from connective.referrals.api import (
    actions,
    assignments,
    attachments,
    declines,
    figures,
    forms,
    inbox,
    intake,
    internal,
    messages,
    notes,
    open_counts,
    previews,
    progress,
    proposals,
    receiving,
    referrals,
    requests,
    signposts,
    stuck,
    today,
    triage,
    vouchers,
)
from connective.referrals.api.deps import Parts
from connective.referrals.api.fhir import reading as fhir_reading
from connective.referrals.api.fhir import tasks as fhir_tasks
from connective.referrals.clients.cleaning.kinds import kind_of
from connective.referrals.clients.cleaning.process import CleaningProcess
from connective.referrals.clients.rooms import ConsentRoom, DirectoryRoom, FamiliesRoom
from connective.referrals.clients.vault import Vault
from connective.referrals.commands.end_voucher import expire_vouchers
from connective.referrals.commands.escalate_due import escalate_due
from connective.referrals.commands.inspect_files import inspect_due
from connective.referrals.commands.ports import Files, Others
from connective.referrals.commands.remind_intakes import remind_intakes
from connective.referrals.commands.room import Room
from connective.referrals.commands.tidy_files import tidy_files
from connective.referrals.commands.work_intake import lapse_intakes
from connective.referrals.consumers.consent import (
    agreement_changed,
    consent_changed,
    objection_changed,
    processing_changed,
)
from connective.referrals.consumers.families import (
    family_erased,
    notices_resumed,
    notices_stopped,
    person_erased,
    person_merged,
    person_unmerged,
)
from connective.referrals.consumers.gateway import account_disabled, memberships_set
from connective.referrals.consumers.partners import hub_changed, organisation_changed, service_changed
from connective.referrals.domain.attachments import MOST_BYTES
from connective.referrals.queries.find_stuck import Watch, find_stuck
from connective.referrals.queries.find_waiting_files import waiting_files
from connective.referrals.settings import ReferralsSettings

NAME = "referrals"
CLOCK_EVERY = timedelta(seconds=20)
"""Clocks are in minutes at the shortest: the half-way alarm of something needed today."""
VOUCHERS_EVERY = timedelta(minutes=5)
"""A voucher ends with a day, and is refused from then on even before this has come by."""

HANDLERS = {
    "hub.consent.agreement.*": Handler(agreement_changed),
    "hub.consent.consent.*": Handler(consent_changed),
    "hub.consent.objection.*": Handler(objection_changed),
    "hub.consent.processing_restriction.changed": Handler(processing_changed),
    "hub.families.family.erased": Handler(family_erased),
    "hub.families.person.erased": Handler(person_erased),
    "hub.families.person.merged": Handler(person_merged),
    "hub.families.person.notices_resumed": Handler(notices_resumed),
    "hub.families.person.notices_stopped": Handler(notices_stopped),
    "hub.families.person.unmerged": Handler(person_unmerged),
    "hub.gateway.account.disabled": Handler(account_disabled),
    "hub.gateway.account.memberships_set": Handler(memberships_set),
    PlaceChanged.subject: Handler(keep_newest),
    "hub.partners.hub.changed": Handler(hub_changed),
    "hub.partners.organisation.*": Handler(organisation_changed),
    "hub.partners.service.*": Handler(service_changed),
}
INTAKE_EVERY = timedelta(hours=1)
WATCHDOG_EVERY = timedelta(minutes=5)
FILES_EVERY = timedelta(seconds=3)
"""Somebody who attached a file looks on until it is released."""
TIDYING_EVERY = timedelta(minutes=5)

_ROUTERS = (
    previews.routes,
    referrals.routes,
    # Before the address of one request, which would take their words for an id.
    stuck.routes,
    today.routes,
    open_counts.routes,
    progress.routes,
    messages.routes,
    receiving.routes,
    triage.routes,
    assignments.routes,
    declines.routes,
    figures.routes,
    requests.routes,
    actions.routes,
    notes.routes,
    proposals.routes,
    vouchers.routes,
    signposts.routes,
    attachments.routes,
    attachments.uploads,
    intake.routes,
    forms.routes,
    internal.routes,
    fhir_reading.routes,
    fhir_tasks.routes,
    fhir_reading.elsewhere,
)


def compose(settings: ReferralsSettings, ground: Ground) -> Composition:
    """Put the service together. Raises when the places file leaves a safeguarding number unset."""
    others = Others(
        consent=ConsentRoom(ground.peer("consent", str(settings.consent_url))),
        families=FamiliesRoom(ground.peer("families", str(settings.families_url))),
        directory=DirectoryRoom(ground.peer("partners", str(settings.partners_url))),
    )
    return compose_with(settings, ground, others, files_of(settings))


def files_of(settings: ReferralsSettings) -> Files:
    """What files pass through here. The settings have made sure that each part is there."""
    return Files(
        vault=Vault(_store(settings), settings.key("attachments")),
        scanner=TestStringScanner() if settings.clamd is None else ClamdScanner(settings.clamd),
        cleaner=CleaningProcess(),
        judge=kind_of,
    )


def _store(settings: ReferralsSettings) -> ObjectStore:
    if settings.objects_folder is not None:
        return FolderStore(settings.objects_folder)
    endpoint, key, secret = settings.objects_endpoint, settings.objects_key_id, settings.objects_secret
    return BucketStore(
        BucketAddress(
            bucket=settings.objects_bucket or "",
            region=settings.objects_region,
            endpoint=None if endpoint is None else str(endpoint).rstrip("/"),
            key_id=None if key is None else key.get_secret_value(),
            secret=None if secret is None else secret.get_secret_value(),
        )
    )


def compose_with(settings: ReferralsSettings, ground: Ground, others: Others, files: Files) -> Composition:
    """The same with other rooms at its ports, as tests have them."""
    places = PlacesInForce(load_places(settings.places))
    room = Room(ground.database, others, places, ground.clock)

    watch = Watch(ground.database, ground.clock)

    async def conditions() -> tuple[Condition, ...]:
        return (*await watch.conditions(), await waiting_files(ground.database, ground.clock))

    parts = Parts(
        room, Cursors(settings.key("cursors")), settings.key("fhir-people"), files, settings.key("own-progress")
    )
    return Composition(
        routers=_ROUTERS,
        parts=parts,
        express={
            ("GET", "/requests"): partial(inbox.list_plainly, parts),
            ("POST", "/referrals"): partial(referrals.make_plainly, parts, settings.key("idempotency")),
        },
        handlers=HANDLERS,
        following=(Following(ground.database, NAME, PlaceChanged.subject, places.hear),),
        jobs=_jobs(room, files),
        conditions=conditions,
        larger=partial(attachments.takes_files, most=MOST_BYTES),
    )


def _jobs(room: Room, files: Files) -> tuple[Job, ...]:
    """What the clock does here."""

    async def run_clocks(at: datetime) -> None:
        await escalate_due(room.database, at)

    async def run_vouchers(at: datetime) -> None:
        await expire_vouchers(room.database, at)

    async def run_intake(at: datetime) -> None:
        await remind_intakes(room.database, at)
        await lapse_intakes(room.database, at)

    async def run_watchdog(at: datetime) -> None:
        await find_stuck(room.database, at)

    async def run_files(at: datetime) -> None:
        await inspect_due(room, files, at)

    async def run_tidying(at: datetime) -> None:
        await tidy_files(room, files, at)

    return (
        Job("request-clocks", CLOCK_EVERY, run_clocks),
        Job("voucher-clock", VOUCHERS_EVERY, run_vouchers),
        Job("intake-clock", INTAKE_EVERY, run_intake),
        Job("watchdog", WATCHDOG_EVERY, run_watchdog),
        Job("files", FILES_EVERY, run_files),
        Job("files-tidied", TIDYING_EVERY, run_tidying),
    )


SERVICE = Service(
    name=NAME,
    title="Connective referrals",
    version="0.1.0",
    settings=ReferralsSettings,
    compose=compose,
    grants=permissions_of,
    service_permissions=SERVICES,
)

"""The composition root of partners: the only file that knows every part."""

from datetime import datetime, timedelta
from functools import partial

from connective.contracts.gateway_events import PlaceChanged
from connective.contracts.grants import SERVICES, permissions_of
from connective.contracts.needs import needs_list
from connective.contracts.places import PlacesInForce, load_places
from connective.kit.inbox import Handler
from connective.kit.mail import SmtpPost
from connective.kit.newest import Following, keep_newest
from connective.kit.outward import Outside
from connective.kit.pages import Cursors
from connective.kit.scheduler import Job
from connective.kit.sealing import Seal
from connective.kit.service import Composition, Ground, Service
from connective.partners.api import (
    assurance,
    harvest_files,
    harvests,
    hub_boards,
    hubs,
    internal,
    listings,
    open_referral,
    open_referral_terms,
    organisations,
    searches,
    services,
    webhooks,
)
from connective.partners.api.deps import Parts
from connective.partners.clients.feeds import Feeds
from connective.partners.commands.announce_hubs import announce_hubs
from connective.partners.commands.chase_reports import chase_unanswered_reports
from connective.partners.commands.chase_stale_listings import chase_stale_listings
from connective.partners.commands.harvest import HarvestMeans, harvest_due
from connective.partners.commands.harvest_sources import SourceMeans
from connective.partners.commands.import_file import FileMeans
from connective.partners.commands.keep_publication import keep_publication
from connective.partners.commands.look_after_harvests import forget_old_readings
from connective.partners.commands.look_after_webhooks import forget_old_messages, tell_of_disabled
from connective.partners.commands.means import Means
from connective.partners.commands.read_sent_files import read_sent_files
from connective.partners.commands.send_messages import Sender
from connective.partners.commands.watch_assurance import watch_assurance
from connective.partners.commands.webhook_means import WebhookMeans
from connective.partners.consumers.webhooks import handlers
from connective.partners.settings import PartnersSettings
from connective.partners.storage.postcodes import packaged_directory

NAME = "partners"


def compose(settings: PartnersSettings, ground: Ground) -> Composition:
    """Put the service together."""
    means = Means(database=ground.database, postcodes=packaged_directory(), needs=needs_list())
    places = PlacesInForce(load_places(settings.places))
    told = WebhookMeans(ground.database, Seal(settings.key("webhook-secrets")), settings.reach)
    sources, outside = SourceMeans(ground.database, settings.reach), Outside(settings.reach)
    files = FileMeans(ground.database, Seal(settings.key("sent-files")), means.postcodes.find)
    parts = Parts(means, ground.clock, Cursors(settings.key("cursors")), told, sources, places, files)
    sender = Sender(ground.database, settings.database_url, outside, told.seal, ground.clock)
    harvesting = HarvestMeans(ground.database, Feeds(outside), means.postcodes, ground.clock)
    # Searches and lists come before the services: their paths would otherwise be read as the id of one.
    routers = (
        organisations.routes,
        assurance.routes,
        searches.routes,
        listings.routes,
        services.routes,
        hubs.routes,
        hub_boards.routes,
        webhooks.routes,
        harvest_files.routes,
        harvests.routes,
        internal.routes,
        open_referral_terms.routes,
        open_referral.routes,
    )
    return Composition(
        routers=routers,
        parts=parts,
        handlers={**handlers(ground.database, ground.clock), PlaceChanged.subject: Handler(keep_newest)},
        following=(Following(ground.database, NAME, PlaceChanged.subject, places.hear),),
        jobs=_jobs(settings, places, ground, harvesting, files),
        larger=harvest_files.takes_files,
        background=(sender.run,),
    )


def _jobs(
    settings: PartnersSettings, places: PlacesInForce, ground: Ground, harvesting: HarvestMeans, files: FileMeans
) -> tuple[Job, ...]:
    ids = [place.id for place in places.places]

    async def forget(now: datetime) -> None:
        await forget_old_messages(ground.database, now)

    async def read_files(_: datetime) -> None:
        await read_sent_files(files, ground.clock)

    async def chase_stale(now: datetime) -> None:
        await chase_stale_listings(ground.database, places.places, now)

    jobs = [
        Job("keep-publication", timedelta(minutes=10), partial(keep_publication, ground.database, ids)),
        Job("chase-stale-listings", timedelta(hours=6), chase_stale),
        Job("announce-hubs", timedelta(minutes=10), partial(announce_hubs, ground.database, ids)),
        Job("chase-reports", timedelta(hours=6), partial(chase_unanswered_reports, ground.database, ids)),
        Job("watch-assurance", timedelta(minutes=10), partial(watch_assurance, ground.database, ids)),
        Job("harvest", timedelta(minutes=1), partial(harvest_due, harvesting, ids)),
        Job("sent-files", timedelta(seconds=2), read_files),
        Job("harvest-log", timedelta(hours=6), partial(forget_old_readings, ground.database, ids)),
        Job("webhook-log", timedelta(hours=1), forget),
    ]
    if settings.smtp_host is not None:
        post = SmtpPost(settings.smtp_host, settings.smtp_port, settings.mail_sender)

        async def tell(now: datetime) -> None:
            await tell_of_disabled(ground.database, post, now)

        jobs.append(Job("webhook-notices", timedelta(minutes=1), tell))
    return tuple(jobs)


SERVICE = Service(
    name=NAME,
    title="Connective partners",
    version="0.1.0",
    settings=PartnersSettings,
    compose=compose,
    grants=permissions_of,
    service_permissions=SERVICES,
)

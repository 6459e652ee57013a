"""The composition root of partners: the only file that knows every part."""

from datetime import timedelta
from functools import partial

from connective.contracts.grants import SERVICES, permissions_of
from connective.contracts.needs import needs_list
from connective.contracts.places import load_places
from connective.kit.pages import Cursors
from connective.kit.scheduler import Job
from connective.kit.service import Composition, Ground, Service
from connective.partners.api import (
    hubs,
    internal,
    open_referral,
    open_referral_terms,
    organisations,
    searches,
    services,
)
from connective.partners.api.deps import Parts
from connective.partners.commands.keep_publication import keep_publication
from connective.partners.commands.means import Means
from connective.partners.settings import PartnersSettings
from connective.partners.storage.postcodes import packaged_directory


def compose(settings: PartnersSettings, ground: Ground) -> Composition:
    """Put the service together."""
    means = Means(database=ground.database, postcodes=packaged_directory(), needs=needs_list())
    parts = Parts(means=means, clock=ground.clock, cursors=Cursors(settings.key("cursors")))
    # The search comes before the services: its path would otherwise be read as the id of one.
    routers = (
        organisations.routes,
        searches.routes,
        services.routes,
        hubs.routes,
        internal.routes,
        open_referral_terms.routes,
        open_referral.routes,
    )
    return Composition(routers=routers, parts=parts, jobs=_jobs(settings, ground))


def _jobs(settings: PartnersSettings, ground: Ground) -> tuple[Job, ...]:
    places = [place.id for place in load_places(settings.places).places]
    return (Job("keep-publication", timedelta(minutes=10), partial(keep_publication, ground.database, places)),)


SERVICE = Service(
    name="partners",
    title="Connective partners",
    version="0.1.0",
    settings=PartnersSettings,
    compose=compose,
    grants=permissions_of,
    service_permissions=SERVICES,
)

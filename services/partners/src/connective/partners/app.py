"""The composition root of partners: the only file that knows every part."""

from connective.contracts.grants import SERVICES, permissions_of
from connective.contracts.needs import needs_list
from connective.kit.pages import Cursors
from connective.kit.service import Composition, Ground, Service
from connective.partners.api import hubs, internal, organisations, searches, services
from connective.partners.api.deps import Parts
from connective.partners.commands.means import Means
from connective.partners.settings import PartnersSettings
from connective.partners.storage.postcodes import packaged_directory


def compose(settings: PartnersSettings, ground: Ground) -> Composition:
    """Put the service together."""
    means = Means(database=ground.database, postcodes=packaged_directory(), needs=needs_list())
    parts = Parts(means=means, clock=ground.clock, cursors=Cursors(settings.key("cursors")))
    # The search comes before the services: its path would otherwise be read as the id of one.
    routers = (organisations.routes, searches.routes, services.routes, hubs.routes, internal.routes)
    return Composition(routers=routers, parts=parts)


SERVICE = Service(
    name="partners",
    title="Connective partners",
    version="0.1.0",
    settings=PartnersSettings,
    compose=compose,
    grants=permissions_of,
    service_permissions=SERVICES,
)

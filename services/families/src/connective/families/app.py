"""The composition root: the only file that knows every part."""

from datetime import timedelta
from functools import partial

from connective.contracts.gateway_events import PlaceChanged
from connective.contracts.grants import SERVICES, permissions_of
from connective.contracts.needs import needs_list
from connective.contracts.places import PlacesInForce, load_places
from connective.families.api import (
    case_steps,
    cases,
    endings,
    families,
    internal,
    merges,
    people,
    pregnancies,
    strengths,
    team_reading,
)
from connective.families.api.deps import Parts
from connective.families.api.problems import problem_of
from connective.families.clients.consent import ConsentOverHttp
from connective.families.commands.means import Means
from connective.families.commands.ports import Consent
from connective.families.commands.renew_cards import renew_cards
from connective.families.consumers import erasures, referrals, restrictions
from connective.families.consumers import families as own
from connective.families.domain.refusals import Refused
from connective.families.settings import SEARCH_KEY, FamiliesSettings
from connective.families.storage.sealing import Sealer
from connective.kit.express import Express, Place
from connective.kit.inbox import Handler
from connective.kit.newest import Following, keep_newest
from connective.kit.pages import Cursors
from connective.kit.scheduler import Job
from connective.kit.service import Composition, Ground, Service

NAME = "families"


def compose(settings: FamiliesSettings, ground: Ground) -> Composition:
    """The families service, put together. A places file with anything unset stops it here."""
    return compose_with(settings, ground, ConsentOverHttp(ground.peer("consent", str(settings.consent_url))))


def compose_with(settings: FamiliesSettings, ground: Ground, consent: Consent) -> Composition:
    """The same with another room at its port, as tests have it."""
    means = Means(ground.database, settings.key(SEARCH_KEY))
    places = PlacesInForce(load_places(settings.places))
    parts = Parts(
        means=means,
        clock=ground.clock,
        cursors=Cursors(settings.key("cursors")),
        sealer=Sealer(settings.key("pupil-numbers")),
        places=places,
        keys=ground.keys,
        consent=consent,
        known_needs=needs_list(),
        synthetic=settings.synthetic_people,
    )
    # Routes are tried in order, and the other services ask far more often than people do.
    routers = (
        internal.routes,
        families.routes,
        merges.routes,
        people.routes,
        pregnancies.routes,
        strengths.routes,
        endings.routes,
        cases.routes,
        case_steps.routes,
        team_reading.routes,
    )
    handlers = referrals.HANDLERS | erasures.HANDLERS | own.handlers(means, ground.clock)
    handlers |= restrictions.handlers(means, ground.clock) | {PlaceChanged.subject: Handler(keep_newest)}
    express: dict[Place, Express] = {
        ("POST", "/internal/essentials"): partial(internal.essentials_plainly, parts),
        ("GET", "/internal/shared"): partial(internal.shared_plainly, parts),
    }
    return Composition(
        routers=routers,
        parts=parts,
        express=express,
        handlers=handlers,
        following=(Following(ground.database, NAME, PlaceChanged.subject, places.hear),),
        jobs=(Job("renew-cards", timedelta(hours=6), partial(renew_cards, means)),),
        translations={Refused: problem_of},
    )


SERVICE = Service(
    name=NAME,
    title="Connective families",
    version="0.1.0",
    settings=FamiliesSettings,
    compose=compose,
    grants=permissions_of,
    service_permissions=SERVICES,
)

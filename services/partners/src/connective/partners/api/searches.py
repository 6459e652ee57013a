"""`/services/searches`: what help is here, for these needs, these ages, near this home?"""

from fastapi import Response

from connective.contracts.permissions import Permission
from connective.kit.answers import json_answer
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.partners.api.deps import PartsDep
from connective.partners.api.search_schemas import SearchOut, SearchServices
from connective.partners.api.showing_searches import show_answer
from connective.partners.commands.refusals import RulesBroken
from connective.partners.commands.search_services import Wanted, search_services
from connective.partners.domain.fit import Wish

routes = router(tags=["services"])


@routes.post(
    "/services/searches",
    operation_id="partners_search_services",
    **operation(Permission.PARTNERS_DIRECTORY_READ, relation="place", refuses=(RulesBroken,)),
    response_model=SearchOut,
)
async def search(body: SearchServices, actor: ActorDep, parts: PartsDep) -> Response:
    """Services ranked by needs answered, room, and distance, each with the reasons in words.

    The family's postcode stands in the body, so that no log of addresses holds it. A search that finds nothing is
    counted as unmet need by the postcode's first half, without identity.
    """
    wanted = Wanted(
        needs=frozenset(body.needs),
        ages=tuple(body.ages),
        postcode=body.postcode,
        radius_metres=round(body.radius_km * 1000),
        day=body.day,
        words=body.words,
        area=body.area,
        wish=Wish(frozenset(body.reach), body.language, body.free_places),
        limit=body.limit,
    )
    now = parts.clock()
    found = await search_services(parts.means, actor, wanted, now)
    response = json_answer(show_answer(found, body.limit, now))
    response.headers["Cache-Control"] = "no-store"
    return response

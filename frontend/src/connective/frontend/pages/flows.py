"""The map of flows as a picture with its table, what moved between whom, and the public register of what is shared."""

from typing import Annotated

from fastapi import Depends, Response

from connective.frontend.clients.hub import together
from connective.frontend.domain import flow_map
from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.answers import File, Part
from connective.frontend.pages.agreements import Narrowed
from connective.frontend.pages.officers import DeskDep, download, named
from connective.frontend.pages.routing import BrowserDep, PartsDep, personal_routes, public_routes

routes = personal_routes()
open_routes = public_routes()
_ARTICLES = [*say.ARTICLE_6.items(), *say.ARTICLE_9.items()]
_CHOICES = Annotated[Narrowed, Depends()]


def _map(found: Part, chosen: Narrowed) -> flow_map.FlowMap:
    flows = found.value["flows"] if found.value else []
    return flow_map.flow_map(flow_map.narrowed(flows, chosen.purpose, chosen.party, chosen.category))


@routes.page("/flows")
async def show_flows(desk: DeskDep, chosen: _CHOICES) -> Response:
    """Who may share what with whom, what moved in the last 90 days, and what was tried without an agreement."""
    found, covered, asker = await together(
        desk.hub.part("/audit/flows"), desk.hub.part("/audit/coverage"), desk.asker()
    )
    pairs = covered.value["pairs"] if covered.value else []
    return desk.show(
        "agreements/flows.html",
        found=found,
        covered=covered,
        view=_map(found, chosen),
        pairs=flow_map.pairs_of(pairs),
        chosen=chosen,
        names=named(asker),
        say=say,
        query=desk.browser.request.url.query,
    )


@routes.page("/flows.csv")
async def read_flows(desk: DeskDep, chosen: _CHOICES) -> Response:
    """The table of the map as a file."""
    found = Part(await desk.hub.get("/audit/flows"))
    return download(File(flow_map.as_csv(_map(found, chosen).rows), "text/csv; charset=utf-8"), "flows.csv")


@open_routes.page("/transparency")
async def show_transparency(browser: BrowserDep, parts: PartsDep, cursor: str | None = None) -> Response:
    """What organisations share about families, for anybody."""
    hub = parts.visits.hub(None)
    place_id = str(parts.pages.place(browser.person.place_id if browser.signed_in else None).id)
    found, kept = await together(
        hub.part("/transparency", {"place_id": place_id, "limit": 50, "cursor": cursor}),
        hub.part("/transparency/retention", {"place_id": place_id}),
    )
    return parts.pages.show(browser, "agreements/transparency.html", found=found, kept=kept, articles=_ARTICLES)

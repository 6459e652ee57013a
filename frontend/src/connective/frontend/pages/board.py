"""The hub board, for its coordinator: what is open, late and lapsed, and the figures, each with its table and file."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.board import (
    OPEN_STATES,
    Lists,
    Returned,
    Work,
    cells_chart,
    of_hub,
    quarter_said,
    quarters,
    returned_chart,
    returned_of,
    supply_chart,
    turns_of,
    work_of,
)
from connective.frontend.domain.charts import Bar, Chart
from connective.frontend.domain.home import MOST
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.words import need, sentence, service_kind
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import every, names_of, services_by_id
from connective.frontend.pages.routing import BrowserDep, HubDep, PartsDep, onward, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_EACH = 200
_LAPSED = 200
"""So many of the newest that lapsed in the place are looked at."""


@routes.page("/board")
async def choose_hub(browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Go on to the board of one's hub; who has several chooses."""
    found = (await hub.get("/hubs", {"limit": _EACH}))["items"]
    own = _own(found, browser.person)
    if len(own) == 1:
        return onward(f"/board/{own[0]['id']}")
    return parts.pages.show(browser, "board/choose.html", hubs=own)


def _own(hubs: list[Any], person: Person) -> list[Any]:
    """The hubs that somebody coordinates; all where none names them, as whoever stands in for another sees them."""
    return [each for each in hubs if each["coordinator_account_id"] == str(person.id)] or hubs


async def turns_at(hub: Hub, person: Person) -> Part:
    """What waits for a coordinator at their hubs: requests whose next step is theirs, each with the board it is on."""
    try:
        hubs, waiting = await together(hub.part("/hubs", {"limit": _EACH}), _turns(hub))
    except Refused as problem:
        return Part(problem=problem)
    failed = hubs.problem or waiting.problem
    if failed:
        return Part(problem=failed)
    turns = turns_of(_own(hubs.items, person), waiting.items)
    return Part({"items": turns, "next_cursor": waiting.value["next_cursor"]})


@routes.page("/board/{hub_id}")
async def show_work(hub_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """What is open by age and agency, whose turn it is, and what is late or has lapsed."""
    name, work, failed, cut = await _work(hub, hub_id, browser)
    shown: dict[str, Any] = {"hub_name": name, "hub_id": hub_id, "view": work, "failed": failed, "cut": cut}
    return parts.pages.show(browser, "board/work.html", **shown, most=MOST, lapsed=_LAPSED)


@routes.page("/board/{hub_id}/figures")
async def show_figures(hub_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, quarter: str = "") -> Response:
    """Room and gaps, what was not found, how requests went, what came back without action, and signposts."""
    quarter = _quarter(browser, quarter)
    name, charts, returned, failed = await _figures(hub, hub_id, quarter)
    return parts.pages.show(
        browser,
        "board/figures.html",
        hub_name=name,
        hub_id=hub_id,
        charts=charts,
        returned=returned,
        failed=failed,
        quarter=quarter,
        quarters=[(each, quarter_said(each)) for each in quarters(browser.now)],
    )


@routes.page("/board/{hub_id}/{key}.csv")
async def read_file(hub_id: UUID, key: str, browser: BrowserDep, hub: HubDep, quarter: str = "") -> Response:
    """The table of one chart as a file: the same figures, hidden where the page hides them."""
    if key in _OF_WORK:
        _, work, _, _ = await _work(hub, hub_id, browser)
        charts = {each.key: each for each in work.charts}
    else:
        _, charts, _, _ = await _figures(hub, hub_id, _quarter(browser, quarter))
    if key not in charts:
        raise NotFound
    return _file(key, charts[key].csv())


_OF_WORK = frozenset({"by-agency", "by-turn"})


def _file(name: str, text: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _quarter(browser: Browser, named: str) -> str:
    known = quarters(browser.now)
    return named if named in known else known[0]


async def _work(hub: Hub, hub_id: UUID, browser: Browser) -> tuple[str, Work, dict[str, Part], set[str]]:
    """The hub's name, its work, what did not come, and the lists of which there is more."""
    mine = {"mine": True}
    told, counts, yours, stuck, lapsed, intake, organisations = await together(
        hub.get(f"/hubs/{hub_id}"),
        hub.part("/requests/open", {"hub_id": str(hub_id)}),
        _turns(hub),
        every(hub, "/requests/stuck", mine, MOST),
        hub.part("/requests", {"direction": "place", "state": ["lapsed"], "limit": _LAPSED}),
        every(hub, "/intake/overdue", mine, MOST),
        every(hub, "/organisations"),
    )
    members = told["member_organisation_ids"]
    names = names_of(organisations)
    own = of_hub(yours.items, members)
    lists = Lists(own, stuck.items, of_hub(lapsed.items, members), intake.items, counts.value)
    work = work_of(lists, names, browser.now)
    asked = {"counts": counts, "yours": yours, "stuck": stuck, "lapsed": lapsed, "intake": intake}
    failed = {name: part for name, part in asked.items() if part.problem}
    cut = {name for name, part in asked.items() if part.value and part.value.get("next_cursor")}
    return told["name"], work, failed, cut


async def _turns(hub: Hub) -> Part:
    """The requests of the place whose next step is a coordinator's; whoever coordinates nothing sees no board.

    Raises Refused.
    """
    found = await every(hub, "/requests", {"direction": "place", "state": OPEN_STATES, "turn": "coordinator"}, MOST)
    if found.problem and found.problem.status == 403:
        raise found.problem
    return found


async def _figures(
    hub: Hub, hub_id: UUID, quarter: str
) -> tuple[str, dict[str, Chart], list[Returned], dict[str, Part]]:
    told, board, unmet, progress, (ended, signposts, services), organisations = await together(
        hub.get(f"/hubs/{hub_id}"),
        hub.part(f"/hubs/{hub_id}/board"),
        hub.part(f"/hubs/{hub_id}/unmet-needs"),
        hub.part("/requests/progress", {"hub_id": str(hub_id)}),
        _of_services(hub, quarter),
        every(hub, "/organisations"),
    )
    agencies = names_of(organisations)
    names = names_of(services)
    returned = returned_of(ended.items, names, agencies)
    charts = [
        supply_chart((board.value or {}).get("supplies", [])),
        _unmet_chart(unmet.items),
        *_progress_charts(progress.value or {}),
        returned_chart(returned),
        _signposts_chart(signposts.items, names),
    ]
    asked = {"room": board, "unmet": unmet, "progress": progress, "needs": progress, "returned": ended,
             "signposts": signposts}  # fmt: skip
    failed = {name: part for name, part in asked.items() if part.problem}
    return told["name"], {each.key: each for each in charts}, returned, failed


async def _of_services(hub: Hub, quarter: str) -> tuple[Part, Part, Part]:
    """Figures of services by their ids, and those services with their names, however many the place has."""
    ended, signposts = await together(
        hub.part("/figures/returned-without-action", {"quarter": quarter, "direction": "place"}),
        hub.part("/figures/signposts", {"quarter": quarter}),
    )
    counted = [each["service_id"] for part in (ended, signposts) for each in part.items]
    return ended, signposts, await services_by_id(hub, counted)


def _unmet_chart(cells: list[Any]) -> Chart:
    told = ((_unmet_said(each), each["searches"]) for each in cells)
    about = "Searches of the last 12 whole weeks that found nothing, by area."
    return cells_chart("unmet", "Looked for and not found", about, told, labels="Need and area", counts="Searches")


def _progress_charts(progress: dict[str, Any]) -> list[Chart]:
    kinds = (
        (f"{service_kind(each['service_kind'])}: {sentence(each['state']).lower()}", each["requests"])
        for each in progress.get("requests", [])
    )
    needs = ((need(each["need"]), each["families"]) for each in progress.get("needs", []))
    about = "Requests sent in the last 12 weeks, by kind of help."
    named = "Needs named in requests of the last 12 weeks."
    return [
        cells_chart("progress", "How requests went", about, kinds, labels="Kind of help and state", counts="Requests"),
        cells_chart("needs", "What families need", named, needs, labels="Need", counts="Families"),
    ]


def _signposts_chart(counted: list[Any], names: dict[str, str]) -> Chart:
    bars = [Bar(names.get(each["service_id"], "A service"), each["count"]) for each in counted]
    about = "How often your own organisation told a family about a service."
    return Chart("signposts", "Signposts", about, "Service", "Signposts", bars)


def _unmet_said(cell: Any) -> str:  # noqa: ANN401 - a cell as the API tells it
    band = "" if cell["age_band"] == "any" else f", aged {cell['age_band'].replace('-', ' to ')}"
    return f"{need(cell['need'])}, {cell['area']}{band}"

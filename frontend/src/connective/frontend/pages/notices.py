"""`/families/{id}/notices`: what a family was told about sharing, for whoever works with it."""

from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.answers import Part
from connective.frontend.domain.families import names_in
from connective.frontend.domain.notices import notice_sheet, notices_sheet
from connective.frontend.pages.forms import every, names_of, show_sheet
from connective.frontend.pages.routing import BrowserDep, HubDep, PartsDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_HERE = "/families/{family_id}/notices"


@routes.page(_HERE)
async def list_notices(family_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """Every telling of anybody in the family."""
    names = names_in(await hub.get(f"/families/{family_id}"))
    told = await hub.part("/notices", {"person_id": list(names), "limit": 200}) if names else Part({"items": []})
    return show_sheet(parts, browser, notices_sheet(told, names, str(family_id)))


@routes.page(f"{_HERE}/{{notice_id}}")
async def show_notice(family_id: UUID, notice_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep) -> Response:
    """One of them. Of another family's there is nothing to see."""
    record, notice, organisations = await together(
        hub.get(f"/families/{family_id}"), hub.get(f"/notices/{notice_id}"), every(hub, "/organisations")
    )
    names = names_in(record)
    if not names.keys() & set(notice["person_ids"]):
        raise NotFound
    return show_sheet(parts, browser, notice_sheet(notice, names, names_of(organisations), str(family_id)))

"""Vouchers: what lets a family be helped today while sharing its name is blocked, for who gives and who takes them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.vouchers import VOUCHER_DONE, voucher_page, voucher_rows
from connective.frontend.pages.request_actions import version_of
from connective.frontend.pages.requests import organisation_names
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, PartsDep, onward, personal_routes
from connective.kit.ids import read_reference
from connective.kit.problems import NotFound

routes = personal_routes()


@routes.page("/vouchers")
async def list_vouchers(
    browser: BrowserDep,
    parts: PartsDep,
    hub: HubDep,
    *,
    reference: str = "",
    sent: bool = False,
    cursor: str | None = None,
) -> Response:
    """Vouchers that families can show here, or that were given to them; found by the reference on them."""
    wanted = reference_of(reference)
    asked: Mapping[str, Any] = {
        "direction": "sent" if sent else "received",
        "reference": wanted,
        "limit": 50,
        "cursor": cursor,
    }
    # What can be no reference is not asked for: the list then says that there is none, as for one that was misheard.
    listed = hub.part("/vouchers", asked) if wanted or not reference.strip() else _none()
    found, names = await together(listed, organisation_names(hub))
    rows = voucher_rows(found.items, names, sent=sent)
    return parts.pages.show(browser, "requests/vouchers.html", found=found, rows=rows, reference=reference, sent=sent)


def reference_of(typed: str) -> str | None:
    """A voucher's reference as it was read aloud, with or without what is the same for all; None for what is none."""
    try:
        return read_reference("VOU", typed)
    except ValueError:
        return None


async def _none() -> Part:
    return Part({"items": [], "next_cursor": None})


@routes.page("/vouchers/{voucher_id}")
async def show_voucher(
    voucher_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep, *, done: str = ""
) -> Response:
    """One voucher: whom it feeds in numbers, and what to pack. Looking is recorded."""
    voucher, names = await together(hub.get(f"/vouchers/{voucher_id}"), organisation_names(hub))
    view = voucher_page(voucher, names, str(browser.person.organisation_id))
    return parts.pages.show(
        browser, "requests/voucher.html", view=view, done=VOUCHER_DONE.get(done), well=done != "changed"
    )


@routes.form("/vouchers/{voucher_id}/{verb}")
async def end_voucher(*, voucher_id: UUID, verb: str, hub: HubDep, form: FormDep) -> Response:
    """The family was helped on it, or it is taken back."""
    if verb not in {"use", "cancel"}:
        raise NotFound
    try:
        await hub.post(f"/vouchers/{voucher_id}/{verb}", key=form.key, version=version_of(form))
    except Refused as problem:
        if problem.status not in {409, 412}:
            raise
        verb = "changed"
    return onward(f"/vouchers/{voucher_id}?done={verb}")

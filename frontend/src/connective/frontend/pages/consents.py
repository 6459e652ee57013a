"""One yes or no of a family: what it covers, its receipt, and taking it back in two clicks."""

from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import Hub, together
from connective.frontend.domain import agreeing_words as said
from connective.frontend.domain.agreeing import interpreter_of
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.consent_page import EFFECTS, ConsentPage, consent_page, receipt_blocks
from connective.frontend.domain.fields import Errors, Field, Typed, answered
from connective.frontend.domain.form_view import FormView, one_of_several
from connective.frontend.domain.troubles import MOVED_ON
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.forms import every, names_of, show_form, tried
from connective.frontend.pages.routing import BrowserDep, FormDep, HubDep, Parts, PartsDep, done, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_MOST_PEOPLE = 50
"""Of so many the API tells at once what they agreed to."""
_PATH = "/families/{family_id}/consents/{consent_id}"
_QUESTIONS = (
    Field(name="how", label="How did they say it?", kind="radios", options=said.HOW),
    Field(name="note", label="Anything they said about it", kind="long",
          hint="Your organisation and its data protection officer can read this. Nobody who is asked to help can",
          longest=4000),
)  # fmt: skip


async def _view(hub: Hub, family_id: UUID, consent_id: UUID) -> ConsentPage:
    """What was said, beside what others said about the same people. Raises NotFound for another family's."""
    record, family, organisations = await together(
        hub.get(f"/consents/{consent_id}"),
        hub.get(f"/families/{family_id}"),
        every(hub, "/organisations"),
    )
    people = [each["person"]["id"] for each in family["people"]]
    # What was said about a record that was made one with another's stays under its earlier id: the list knows both.
    if not people:
        raise NotFound
    others = await every(hub, "/consents", {"person_id": people[:_MOST_PEOPLE]})
    if others.problem:
        raise others.problem
    if record["id"] not in {each["id"] for each in others.items}:
        raise NotFound
    about = {each["person_id"] for each in record["about"]} | {record["given_by"]}
    earlier = await _earlier(hub, people) if about - {None, *people} else {}
    return consent_page(record, family, names_of(organisations), others.items, earlier)


async def _earlier(hub: Hub, people: list[str]) -> dict[str, str]:
    """Earlier ids of people, each with the one that stays."""
    found = await together(*(hub.part(f"/people/{each}") for each in people))
    return {old: each.value["id"] for each in found if each.value for old in each.value["merged_ids"]}


@routes.page(_PATH)
async def show_consent(
    family_id: UUID, consent_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """What was said."""
    view = await _view(hub, family_id, consent_id)
    return parts.pages.show(browser, "families/consent.html", view=view, family_id=family_id)


def _asked(family_id: UUID, consent_id: UUID) -> FormView:
    back = f"/families/{family_id}/consents/{consent_id}"
    heading = "Take back this yes"
    return one_of_several(heading, heading, _QUESTIONS, back, heading, warns=True)


@routes.page(f"{_PATH}/withdraw")
async def ask_withdraw(
    family_id: UUID, consent_id: UUID, browser: BrowserDep, parts: PartsDep, hub: HubDep
) -> Response:
    """What taking it back will do, before it is done."""
    view = await _view(hub, family_id, consent_id)
    if not view.may_withdraw:
        raise Refused(404, MOVED_ON, "")
    return _show_withdraw(parts, browser, view, _asked(family_id, consent_id), typed={"how": ["in_person"]})


def _show_withdraw(
    parts: Parts,
    browser: Browser,
    consent: ConsentPage,
    asked: FormView,
    *,
    typed: Typed,
    errors: Errors | None = None,
) -> Response:
    template = "families/withdraw.html"
    return show_form(parts, browser, asked, typed, errors=errors, template=template, consent=consent, effects=EFFECTS)


@routes.form(f"{_PATH}/withdraw")
async def withdraw(
    family_id: UUID, consent_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, form: FormDep
) -> Response:
    """Take it back."""
    asked = _asked(family_id, consent_id)
    found, errors = answered(asked.fields, form.fields)
    if not errors:
        sent = hub.post(f"/consents/{consent_id}/withdraw", found | interpreter_of(found), key=form.key)
        _, errors = await tried(sent, asked.fields)
    if errors:
        view = await _view(hub, family_id, consent_id)
        return _show_withdraw(parts, browser, view, asked, typed=form.fields, errors=errors)
    return await done(parts, browser, asked.back[1])


@routes.page("/consents/{consent_id}/receipt")
async def show_receipt(
    consent_id: UUID, *, browser: BrowserDep, parts: PartsDep, hub: HubDep, family: UUID | None = None
) -> Response:
    """The receipt in plain words, to be printed and given to the family. It carries no names."""
    text = (await hub.file(f"/consents/{consent_id}/receipt", {"form": "text"})).content.decode()
    return parts.pages.show(
        browser, "families/receipt.html", receipt=receipt_blocks(text), family=family, consent_id=consent_id
    )


@routes.page("/consents/{consent_id}/export")
async def take_export(consent_id: UUID, hub: HubDep) -> Response:
    """The same record for another system (ISO/IEC TS 27560): the family may take it along."""
    found = await hub.file(f"/consents/{consent_id}/export")
    headers = {"Content-Disposition": 'attachment; filename="consent-record.jsonld"', "Cache-Control": "no-store"}
    return Response(found.content, media_type=found.media_type, headers=headers)

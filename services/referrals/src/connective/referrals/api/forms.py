"""Forms: what each kind of service asks for, in every version that requests were made on; and a place's own."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from connective.contracts.categories import Category
from connective.contracts.permissions import Permission
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.etags import etag
from connective.kit.idempotency import Done
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, MatchRequired, Stale, StillRunning
from connective.referrals.api.answers import ChoiceOut, FieldOut, FormItem, FormOut, FormsOut, RequiredWhenOut
from connective.referrals.api.deps import Parts, PartsDep
from connective.referrals.api.form_bodies import FormIn
from connective.referrals.commands import keep_forms
from connective.referrals.commands.refusals import FormStands, InvalidDetails
from connective.referrals.domain.forms import FormField, answers_schema
from connective.referrals.domain.place_forms import FormState, PlaceForm
from connective.referrals.queries.list_forms import Kind, Version, list_forms, show_form
from connective.referrals.storage.place_forms import show_place_form

routes = router(tags=["forms"])
_READ, _WRITE = Permission.REFERRALS_FORM_READ, Permission.REFERRALS_FORM_WRITE
_REFUSES = (KeyMissing, StillRunning, FormStands, InvalidDetails)
_CHANGES = (Stale, MatchRequired)
KindPath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,59}$", description="A kind of service of the needs list.")]
NumberPath = Annotated[int, Path(ge=1, le=1_000_000)]


def _shown(version: Version, sentence: str) -> FormOut:
    form, kept = version.form, version.kept
    return FormOut(
        kind=form.kind,
        version=form.version,
        origin="product" if kept is None else "place",
        state=FormState.PUBLISHED if kept is None else kept.state,
        published_at=None if kept is None else kept.published_at,
        retired_at=None if kept is None else kept.retired_at,
        title=form.title,
        one_subject=form.one_subject,
        required_categories=_listed(form.required_categories),
        useful_categories=_listed(form.useful_categories),
        fields=[_field(field) for field in form.fields],
        answers_schema=answers_schema(form),
        safeguarding=sentence,
    )


def _field(field: FormField) -> FieldOut:
    when = field.required_when
    return FieldOut(
        name=field.name,
        label=field.label,
        help=field.help,
        type=str(field.type),
        required=field.required,
        categories=_listed(field.categories),
        source=field.source,
        about=str(field.about),
        choices=[ChoiceOut(code=choice.code, label=choice.label) for choice in field.choices],
        required_when=None if when is None else RequiredWhenOut(field=when.field, answers=list(when.answers)),
        minimum=field.minimum,
        maximum=field.maximum,
    )


def _listed(categories: frozenset[Category]) -> list[Category]:
    return sorted(categories)


def _item(each: Kind, *, drafts: bool) -> FormItem:
    return FormItem(
        kind=each.kind,
        title=each.title,
        version=None if each.latest is None else each.latest.form.version,
        versions=list(each.numbers),
        origin="product" if each.latest is not None and each.latest.kept is None else "place",
        draft=each.draft if drafts else None,
    )


def _answer(parts: Parts, actor: Actor, version: Version, response: Response) -> FormOut:
    response.headers["ETag"] = etag(1 if version.kept is None else version.kept.version)
    return _shown(version, parts.room.safeguarding(actor).sentence)


async def _kept(parts: Parts, actor: Actor, form_id: UUID) -> PlaceForm:
    async with parts.room.database.reading(actor) as connection:
        return await show_place_form(connection, actor, form_id)


async def _done(parts: Parts, actor: Actor, done: Done, response: Response) -> FormOut:
    kept = await _kept(parts, actor, done.resource_id)
    show_done(response, done)
    response.headers["Location"] = f"/forms/{kept.form.kind}/versions/{kept.form.version}"
    return _answer(parts, actor, Version(kept.form, kept), response)


@routes.get("/forms", operation_id="referrals_list_forms", response_model=FormsOut, **operation(_READ))
async def list_them(actor: ActorDep, parts: PartsDep) -> FormsOut:
    """Every form there is: the product's, and your place's own, which stand before them."""
    drafts = actor.may(_WRITE)
    items = [_item(each, drafts=drafts) for each in await list_forms(parts.room.database, actor, drafts=drafts)]
    return FormsOut(items=items, safeguarding=parts.room.safeguarding(actor).sentence)


@routes.get("/forms/{kind}", operation_id="referrals_read_form", response_model=FormOut, **operation(_READ))
async def latest_form(kind: str, actor: ActorDep, parts: PartsDep, response: Response) -> FormOut:
    """The version that new requests are made on."""
    return _answer(parts, actor, await show_form(parts.room.database, actor, kind), response)


@routes.get(
    "/forms/{kind}/versions/{version}",
    operation_id="referrals_read_form_version",
    response_model=FormOut,
    **operation(_READ),
)
async def form_version(kind: str, version: NumberPath, actor: ActorDep, parts: PartsDep, response: Response) -> FormOut:
    """One version, as requests were made on it; a draft, for who administers the place."""
    found = await show_form(parts.room.database, actor, kind, version, drafts=actor.may(_WRITE))
    return _answer(parts, actor, found, response)


@routes.post(
    "/forms/{kind}/versions",
    operation_id="referrals_draft_form",
    status_code=201,
    response_model=FormOut,
    **operation(_WRITE, relation="place_admin", refuses=_REFUSES),
)
async def draft(
    *, kind: KindPath, body: FormIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> FormOut:
    """Draft a form of your place's own, or the next version of one: nothing is made on it until it is published."""
    done = await keep_forms.draft_form(parts.room, actor, attempt, body.value(kind))
    return await _done(parts, actor, done, response)


@routes.put(
    "/forms/{kind}/versions/{version}",
    operation_id="referrals_rewrite_form",
    response_model=FormOut,
    **operation(_WRITE, relation="place_admin", refuses=(FormStands, InvalidDetails, *_CHANGES)),
)
async def rewrite(
    *,
    kind: KindPath,
    version: NumberPath,
    body: FormIn,
    actor: ActorDep,
    seen: VersionDep,
    parts: PartsDep,
    response: Response,
) -> FormOut:
    """Write a draft anew. What was published never changes."""
    which = keep_forms.Version(kind, version, seen)
    after = await keep_forms.rewrite_form(parts.room, actor, which, body.value(kind))
    return _answer(parts, actor, Version(after.form, after), response)


@routes.post(
    "/forms/{kind}/versions/{version}/publish",
    operation_id="referrals_publish_form",
    response_model=FormOut,
    **operation(_WRITE, relation="place_admin", refuses=(*_REFUSES, *_CHANGES)),
)
async def publish(
    *,
    kind: KindPath,
    version: NumberPath,
    actor: ActorDep,
    attempt: AttemptDep,
    seen: VersionDep,
    parts: PartsDep,
    response: Response,
) -> FormOut:
    """Have new requests made on it from now on; requests made before keep the version that they were made on."""
    done = await keep_forms.publish_form(parts.room, actor, attempt, keep_forms.Version(kind, version, seen))
    return await _done(parts, actor, done, response)


@routes.post(
    "/forms/{kind}/versions/{version}/retire",
    operation_id="referrals_retire_form",
    response_model=FormOut,
    **operation(_WRITE, relation="place_admin", refuses=(*_REFUSES, *_CHANGES)),
)
async def retire(
    *,
    kind: KindPath,
    version: NumberPath,
    actor: ActorDep,
    attempt: AttemptDep,
    seen: VersionDep,
    parts: PartsDep,
    response: Response,
) -> FormOut:
    """Have no new request made on it, or give up a draft. The product's form of the kind counts again, if any."""
    done = await keep_forms.retire_form(parts.room, actor, attempt, keep_forms.Version(kind, version, seen))
    return await _done(parts, actor, done, response)

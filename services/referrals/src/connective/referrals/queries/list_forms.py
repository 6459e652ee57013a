"""Which forms there are in a place: those that came with the product, and those that the place added."""

from collections.abc import Sequence
from dataclasses import dataclass

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.problems import NotFound
from connective.referrals.domain.forms import FIRST_OF_PLACE, Form
from connective.referrals.domain.place_forms import FormState, PlaceForm
from connective.referrals.domain.refusals import NoForm
from connective.referrals.storage.form_library import form_of, forms, latest_forms
from connective.referrals.storage.place_forms import latest_version, list_place_forms, numbered


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a form, and what the place keeps of it; None for one that came with the product."""

    form: Form
    kept: PlaceForm | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """What there is for one kind of service: the version of new requests, every number used, and a draft's number."""

    title: str
    kind: str
    latest: Version | None
    numbers: tuple[int, ...]
    draft: int | None


async def list_forms(database: Database, actor: Actor, *, drafts: bool) -> list[Kind]:
    """Every kind that has a form, by its code. `drafts` says whether the asker may know of those."""
    async with database.reading(actor) as connection:
        kept = await list_place_forms(connection, actor)
    kinds = sorted({kind for kind, _ in forms()} | {each.form.kind for each in kept})
    found = [_kind(kind, [each for each in kept if each.form.kind == kind]) for kind in kinds]
    return [each for each in found if each.numbers or (drafts and each.draft is not None)]


def _kind(kind: str, kept: Sequence[PlaceForm]) -> Kind:
    product = latest_forms().get(kind)
    used = [each for each in kept if each.published_at is not None]
    latest = next((Version(each.form, each) for each in kept if each.state is FormState.PUBLISHED), None)
    if latest is None and product is not None:
        latest = Version(product)
    newest = latest.form if latest is not None else kept[-1].form
    numbers = [number for code, number in forms() if code == kind] + [each.form.version for each in used]
    draft = next((each.form.version for each in kept if each.state is FormState.DRAFT), None)
    return Kind(newest.title, kind, latest, tuple(sorted(numbers)), draft)


async def show_form(
    database: Database, actor: Actor, kind: str, version: int | None = None, *, drafts: bool = False
) -> Version:
    """One version; the one that new requests are made on, unless a number is named.

    Raises NotFound for what is not there, and for what was never published unless the asker may know of drafts.
    """
    try:
        if version is not None and version < FIRST_OF_PLACE:
            return Version(form_of(kind, version))
        async with database.reading(actor) as connection:
            number = await latest_version(connection, actor.place, kind) if version is None else version
            if number < FIRST_OF_PLACE:
                return Version(form_of(kind, number))
            kept = await numbered(connection, actor, kind, number)
    except NoForm as refused:
        raise NotFound from refused
    if kept.published_at is None and not drafts:
        raise NotFound
    return Version(kept.form, kept)

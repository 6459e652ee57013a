"""Forms that places added, as rows; and a shelf of those that requests are made on, since they never change."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.categories import Category
from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound, Stale
from connective.referrals.domain.forms import FIRST_OF_PLACE, Form, FormField
from connective.referrals.domain.place_forms import FormState, PlaceForm
from connective.referrals.domain.refusals import FormStands, NoForm
from connective.referrals.storage.form_library import form_of

_FIELDS: TypeAdapter[tuple[FormField, ...]] = TypeAdapter(tuple[FormField, ...])
_COLUMNS = """
SELECT id, place_id, kind, form_version, title, one_subject, required_categories, useful_categories,
  fields::text AS fields, state, version, drafted_by, drafted_at, published_by, published_at, retired_by, retired_at
FROM place_form WHERE place_id = $1
"""
_BY_ID = f"{_COLUMNS} AND id = $2"
_NUMBERED = f"{_COLUMNS} AND kind = $2 AND form_version = $3"
_USED = f"{_NUMBERED} AND published_at IS NOT NULL"
_ALL = f"{_COLUMNS} ORDER BY kind, form_version"
_LATEST = "SELECT form_version FROM place_form WHERE place_id = $1 AND kind = $2 AND state = 'published'"
_HIGHEST = "SELECT max(form_version) AS used FROM place_form WHERE place_id = $1 AND kind = $2"
_ADD = """
INSERT INTO place_form (id, place_id, kind, form_version, title, one_subject, required_categories, useful_categories,
  fields, state, version, drafted_by, drafted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13)
"""
_SAVE = """
UPDATE place_form SET title = $3, one_subject = $4, required_categories = $5, useful_categories = $6,
  fields = $7::jsonb, state = $8, version = $9, published_by = $10, published_at = $11, retired_by = $12,
  retired_at = $13
WHERE id = $1 AND version = $2
"""


def _form(row: Any) -> Form:  # noqa: ANN401 - a driver row
    return Form(
        kind=row.kind,
        version=row.form_version,
        title=row.title,
        one_subject=row.one_subject,
        required_categories=frozenset(map(Category, row.required_categories)),
        useful_categories=frozenset(map(Category, row.useful_categories)),
        fields=_FIELDS.validate_json(row.fields),
    )


def _kept(row: Any) -> PlaceForm:  # noqa: ANN401 - a driver row
    return PlaceForm(
        id=row.id,
        place_id=row.place_id,
        form=_form(row),
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        state=FormState(row.state),
        version=row.version,
        published_by=row.published_by,
        published_at=row.published_at,
        retired_by=row.retired_by,
        retired_at=row.retired_at,
    )


def _said(form: Form) -> tuple[Any, ...]:
    categories = (sorted(form.required_categories), sorted(form.useful_categories))
    return (form.title, form.one_subject, *categories, _FIELDS.dump_json(form.fields).decode())


async def list_place_forms(connection: AsyncConnection, actor: Actor) -> list[PlaceForm]:
    """Every version that the actor's place has, drafts too, by kind and number; there are few."""
    return [_kept(row) for row in await fetch(connection, _ALL, (actor.place,))]


async def show_place_form(connection: AsyncConnection, actor: Actor, form_id: UUID) -> PlaceForm:
    """One version by its id. Raises NotFound."""
    return _found(await fetch_one(connection, _BY_ID, (actor.place, form_id)))


async def numbered(connection: AsyncConnection, actor: Actor, kind: str, version: int) -> PlaceForm:
    """One version by kind and number. Raises NotFound."""
    return _found(await fetch_one(connection, _NUMBERED, (actor.place, kind, version)))


async def lock_numbered(unit: Unit, kind: str, version: int) -> PlaceForm:
    """The same, for changing it. Raises NotFound."""
    return _found(await unit.fetch_one(f"{_NUMBERED} FOR UPDATE", (unit.actor.place, kind, version)))


def _found(row: Any) -> PlaceForm:  # noqa: ANN401 - a driver row
    if row is None:
        raise NotFound
    return _kept(row)


async def lock_published(unit: Unit, kind: str) -> PlaceForm | None:
    """The version that new requests of a kind are made on now, for retiring it."""
    latest = await unit.fetch_one(_LATEST, (unit.actor.place, kind))
    return None if latest is None else await lock_numbered(unit, kind, latest.form_version)


async def highest_used(unit: Unit, kind: str) -> int | None:
    """The highest number that the place has given to a version of this kind."""
    row = await unit.fetch_one(_HIGHEST, (unit.actor.place, kind))
    used: int | None = row.used
    return used


async def add_draft(unit: Unit, new: PlaceForm) -> None:
    """Store a draft. Raises FormStands when its kind has one already."""
    head = (new.id, new.place_id, new.form.kind, new.form.version)
    tail = (str(new.state), new.version, new.drafted_by, new.drafted_at)
    try:
        await unit.run(_ADD, (*head, *_said(new.form), *tail))
    except IntegrityError as error:
        if "place_form_" not in str(error.orig):
            raise
        raise FormStands("This kind has a draft: change it, publish it or retire it first.") from error


async def save_place_form(unit: Unit, before: PlaceForm, after: PlaceForm) -> None:
    """Store a change. Raises Stale when somebody was quicker."""
    ends = (after.published_by, after.published_at, after.retired_by, after.retired_at)
    values = (before.id, before.version, *_said(after.form), str(after.state), after.version, *ends)
    if await unit.run(_SAVE, values) != 1:
        raise Stale("Read it again: somebody changed it since.")


async def latest_version(connection: AsyncConnection, place_id: UUID, kind: str) -> int:
    """The version that new requests to this kind of service are made on in a place. Raises NoForm."""
    row = await fetch_one(connection, _LATEST, (place_id, kind))
    return form_of(kind).version if row is None else int(row.form_version)


class FormShelf:
    """Every form version that this process has met: a version that requests are made on stays as it is."""

    def __init__(self) -> None:
        self._met: dict[tuple[UUID, str, int], Form] = {}

    def at_hand(self, place_id: UUID, kind: str, version: int) -> Form | None:
        """A version that came with the product or was met before. Raises NoForm for one of neither."""
        return form_of(kind, version) if version < FIRST_OF_PLACE else self._met.get((place_id, kind, version))

    async def take(self, connection: AsyncConnection, place_id: UUID, kind: str, version: int) -> Form:
        """A version that was published in this place at some time. Raises NoForm."""
        form = self.at_hand(place_id, kind, version)
        if form is None:
            row = await fetch_one(connection, _USED, (place_id, kind, version))
            if row is None:
                raise NoForm(f"There is no version {version} of the form for the kind {kind}.")
            form = self._met[place_id, kind, version] = _form(row)
        return form

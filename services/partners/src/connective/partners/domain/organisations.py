"""Organisations: teams and sites that work in the Hub, or are only listed in its directory."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.partners.domain.assurance import AssuranceRules, Held, level_on, local_day
from connective.partners.domain.codes import REPORTING_ROUTES, OrganisationKind, OrganisationState
from connective.partners.domain.identifiers import Identifier, MalformedIdentifierError, checked_identifier
from connective.partners.domain.rules import Broken


@dataclass(frozen=True, slots=True)
class Profile:
    """What an organisation says of itself, and may change."""

    name: str
    kind: OrganisationKind
    identifiers: tuple[Identifier, ...] = ()
    description: str | None = None
    website: str | None = None
    telephone: str | None = None
    alternate_name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation of a place."""

    id: UUID
    place_id: UUID
    legal_entity_id: UUID | None
    """None for one that is only listed: read from a sheet or a feed, it has joined nothing, and is party to nothing."""
    profile: Profile
    state: OrganisationState
    assurance_level: AssuranceLevel
    version: int
    changed_at: datetime
    source: str | None = None
    """The import it came from; None when somebody registered it."""
    held: tuple[Held, ...] = ()
    """What its dossier vouches for; the level follows from it by the day."""

    @property
    def is_member(self) -> bool:
        """Whether it has joined: only members are announced to the other services."""
        return self.legal_entity_id is not None

    @property
    def is_active(self) -> bool:
        """Whether requests may go to it and come from it."""
        return self.is_member and self.state is OrganisationState.ACTIVE

    @property
    def is_reporting_route(self) -> bool:
        """Whether concerns are phoned to it: it never receives a request."""
        return self.profile.kind in REPORTING_ROUTES


def suspended(organisation: Organisation, at: datetime) -> Organisation | None:
    """The organisation suspended, or None when it is so already."""
    return _in_state(organisation, OrganisationState.SUSPENDED, at)


def reinstated(organisation: Organisation, at: datetime) -> Organisation | None:
    """The organisation active again, or None when it is so already."""
    return _in_state(organisation, OrganisationState.ACTIVE, at)


def changed(
    organisation: Organisation,
    at: datetime,
    *,
    profile: Profile,
    legal_entity_id: UUID | None,
) -> Organisation:
    """The organisation in its next version, or the same when nothing differs."""
    wanted = replace(organisation, profile=profile, legal_entity_id=legal_entity_id)
    return organisation if wanted == organisation else _next(wanted, at)


def assured(organisation: Organisation, held: tuple[Held, ...], rules: AssuranceRules, at: datetime) -> Organisation:
    """The organisation with what its dossier vouches for at this instant, or the same when nothing differs."""
    wanted = replace(organisation, held=held, assurance_level=level_on(held, rules, local_day(at)))
    return organisation if wanted == organisation else _next(wanted, at)


def broken_profile(profile: Profile) -> tuple[Broken, ...]:
    """Every rule that a profile breaks: each identifier in its register's shape, and one per register."""
    broken = []
    seen = set()
    for at, identifier in enumerate(profile.identifiers):
        pointer = f"/identifiers/{at}"
        try:
            checked_identifier(identifier.scheme, identifier.value)
        except MalformedIdentifierError as error:
            broken.append(Broken(f"{pointer}/value", "identifier", f"A {error.scheme} identifier is {error.words}."))
        if identifier.scheme in seen:
            broken.append(Broken(f"{pointer}/scheme", "repeated", "One identifier per register."))
        seen.add(identifier.scheme)
    return tuple(broken)


def canonical_profile(profile: Profile) -> Profile:
    """The profile with its identifiers in canonical form and order. Ask `broken_profile` first."""
    return replace(
        profile, identifiers=tuple(sorted(checked_identifier(i.scheme, i.value) for i in profile.identifiers))
    )


def _in_state(organisation: Organisation, state: OrganisationState, at: datetime) -> Organisation | None:
    if organisation.state is state:
        return None
    return _next(replace(organisation, state=state), at)


def _next(organisation: Organisation, at: datetime) -> Organisation:
    return replace(organisation, version=organisation.version + 1, changed_at=at)

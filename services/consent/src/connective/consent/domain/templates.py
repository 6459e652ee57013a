"""Agreements to start from: what is usually shared for a kind of help, before anybody's name stands in it.

A template speaks of two roles, whoever asks for help and whoever gives it. Cloning puts legal entities in their place
and leaves open only what the parties alone can say: their impact assessment, contacts and dates.
"""

from dataclasses import dataclass
from datetime import date

from connective.consent.domain.agreement_terms import (
    Article6,
    Article9,
    AtEnd,
    Flow,
    LawfulBasis,
    Party,
    PartyRole,
    PeopleCovered,
    ProhibitedUse,
    Retention,
    Terms,
)
from connective.consent.domain.legal_entities import EntityKind, LegalEntity
from connective.contracts.categories import Category, Method, Purpose

REFERRER, PROVIDER = "referrer", "provider"


@dataclass(frozen=True, slots=True)
class TemplateBasis:
    """What one role relies on, by what kind of body stands in it."""

    role: str
    purpose: Purpose
    legal_power: dict[EntityKind, str]
    """The task or duty each kind of public authority is usually under; others rely on `interest`."""
    interest: Article6
    article_9: Article9 | None
    schedule_1_paragraph: str
    confidentiality_basis: str


@dataclass(frozen=True, slots=True)
class TemplateFlow:
    """What one role usually gives the other."""

    giver: str
    purpose: Purpose
    categories: frozenset[Category]


@dataclass(frozen=True, slots=True)
class Template:
    """A template of one kind of help, in one version."""

    key: str
    version: int
    name: str
    title: str
    summary: str
    necessity: str
    people_covered: PeopleCovered
    flows: tuple[TemplateFlow, ...]
    bases: tuple[TemplateBasis, ...]
    prohibited_uses: frozenset[ProhibitedUse]
    onward_sharing: str
    security: str
    retention: tuple[Retention, ...]
    runs_years: int
    fill_in: tuple[str, ...]
    """What only the parties can say, in words."""


def _basis(template: TemplateBasis, entity: LegalEntity) -> LawfulBasis:
    public = entity.is_public_authority
    return LawfulBasis(
        legal_entity_id=entity.id,
        purpose=template.purpose,
        article_6=Article6.PUBLIC_TASK if public else template.interest,
        legal_power=template.legal_power.get(entity.kind, "") if public else "",
        article_9=template.article_9,
        schedule_1_paragraph=template.schedule_1_paragraph,
        confidentiality_basis=template.confidentiality_basis if entity.kind is EntityKind.NHS_BODY else "",
    )


def _years_on(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def clone(template: Template, referrer: LegalEntity, provider: LegalEntity, starts_on: date) -> Terms:
    """The terms of a first draft between these two; what is left open is named by `template.fill_in`."""
    entities = {REFERRER: referrer, PROVIDER: provider}
    other = {REFERRER: provider, PROVIDER: referrer}
    names = {"referrer": referrer.name, "provider": provider.name}
    methods = frozenset({Method.API, Method.HUB_PAGE, Method.SECURE_LINK})
    flows = tuple(
        Flow(entities[f.giver].id, other[f.giver].id, f.purpose, f.categories, methods) for f in template.flows
    )
    return Terms(
        title=template.title.format(**names),
        summary=template.summary.format(**names),
        parties=(Party(referrer.id, PartyRole.CONTROLLER), Party(provider.id, PartyRole.CONTROLLER)),
        bases=tuple(_basis(each, entities[each.role]) for each in template.bases),
        flows=flows,
        people_covered=template.people_covered,
        necessity=template.necessity.format(**names),
        prohibited_uses=template.prohibited_uses,
        onward_sharing=template.onward_sharing,
        security=template.security,
        retention=template.retention,
        rights_contact="",
        complaints_contact="",
        breach_contact="",
        dpia=None,
        audit_entity_ids=frozenset({referrer.id, provider.id}),
        starts_on=starts_on,
        review_on=_years_on(starts_on, 1),
        ends_on=_years_on(starts_on, template.runs_years),
        at_end=AtEnd.DELETE,
    )

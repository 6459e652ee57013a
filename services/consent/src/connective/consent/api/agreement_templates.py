"""`/agreement-templates`: agreements to start from, for the four most common kinds of help."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from connective.consent.api.acting import REFUSES, ActingDep
from connective.consent.api.agreement_answers import AgreementOut, show_agreement
from connective.consent.api.deps import Answer, Body
from connective.consent.api.words import Reference
from connective.consent.commands.clone_template import clone_template
from connective.consent.commands.draft_agreement import ReferenceTaken
from connective.consent.domain.templates import Template
from connective.consent.queries.agreements import read_agreement
from connective.consent.storage.templates import template, templates
from connective.contracts.categories import Category, Purpose
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.policy import operation

_BEGINNING = re.compile(r"(?:^|[.?!]\s+)\w")
routes = router(tags=["agreements"])
TemplateKey = Annotated[str, Path(pattern=r"^[a-z_]{2,40}$", description="The template's key, for example `food`.")]
_READING = operation(Permission.CONSENT_AGREEMENT_READ, relation="place")


class CloneTemplate(Body):
    """Who asks for help, who gives it, and from when."""

    reference: Reference
    referrer_id: UUID
    provider_id: UUID
    starts_on: date


class TemplateFlowOut(Answer):
    """What one role usually gives the other."""

    giver: str
    purpose: Purpose
    categories: list[Category]


class TemplateOut(Answer):
    """A template; `fill_in` says in words what only the parties can add."""

    key: str
    version: int
    name: str
    summary: str
    necessity: str
    flows: list[TemplateFlowOut]
    fill_in: list[str]


def _show(one: Template) -> TemplateOut:
    names = {"referrer": "the referrer", "provider": "the provider"}
    return TemplateOut(
        key=one.key,
        version=one.version,
        name=one.name,
        summary=_sentences(one.summary.format(**names)),
        necessity=_sentences(one.necessity.format(**names)),
        flows=[TemplateFlowOut(giver=f.giver, purpose=f.purpose, categories=sorted(f.categories)) for f in one.flows],
        fill_in=list(one.fill_in),
    )


def _sentences(text: str) -> str:
    """Each sentence with its capital: what stands for a party's name may begin any of them."""
    return _BEGINNING.sub(lambda found: found[0].upper(), text)


class TemplateList(Answer):
    """Every template."""

    items: list[TemplateOut]


@routes.get("/agreement-templates", operation_id="consent_list_agreement_templates", **_READING)
async def list_all(response: Response) -> TemplateList:
    """The templates that ship with the product."""
    response.headers["Cache-Control"] = "private, max-age=300"
    return TemplateList(items=[_show(one) for one in templates()])


@routes.get("/agreement-templates/{template_key}", operation_id="consent_read_agreement_template", **_READING)
async def read(template_key: TemplateKey) -> TemplateOut:
    """One template."""
    return _show(template(template_key))


@routes.post(
    "/agreement-templates/{template_key}/clone",
    status_code=201,
    operation_id="consent_clone_agreement_template",
    **operation(Permission.CONSENT_AGREEMENT_DRAFT, relation="place", refuses=(*REFUSES, ReferenceTaken)),
)
async def clone(template_key: TemplateKey, body: CloneTemplate, acting: ActingDep) -> AgreementOut:
    """Draft an agreement from a template, led by your legal entity; its findings say what is left to fill in."""
    done = await clone_template(
        acting.database, acting.actor, acting.attempt, template(template_key), **body.model_dump(), now=acting.now()
    )
    acting.show(done, f"/agreements/{done.resource_id}")
    async with acting.database.reading(acting.actor) as connection:
        return show_agreement(await read_agreement(connection, acting.actor, done.resource_id))

"""`/retention/schedule`: how long each kind of record is kept in the place, and why."""

from typing import Annotated

from fastapi import Path, Response
from pydantic import Field

from connective.consent.api.deps import Answer, Body, PartsDep, show_version
from connective.consent.api.words import Name, Reasons
from connective.consent.commands.change_schedule import change_schedule
from connective.consent.commands.refusals import Unacceptable
from connective.consent.domain.retention import LONGEST_YEARS, Action, Counted, Rule, in_words
from connective.consent.storage.schedule import rule_called, schedule_of
from connective.contracts.permissions import Permission
from connective.contracts.retention import Trigger
from connective.kit.app import router
from connective.kit.deps import ActorDep, VersionDep
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale

routes = router(tags=["retention"])
_READ = operation(Permission.CONSENT_SCHEDULE_READ, relation="place")
_WRITE = operation(Permission.CONSENT_SCHEDULE_WRITE, relation="place", refuses=(Stale, MatchRequired, Unacceptable))
RuleKey = Annotated[str, Path(pattern=r"^[a-z][a-z_]{1,59}$", description="The rule's key.")]


class CountedBody(Body):
    """From which day, and for how long."""

    trigger: Trigger
    years: Annotated[int, Field(ge=0, le=LONGEST_YEARS)] = 0
    months: Annotated[int, Field(ge=0, le=1200)] = 0
    days: Annotated[int, Field(ge=0, le=3660)] = 0


class ChangeRule(Body):
    """How long the place keeps it, why, and where the officer took that from."""

    counted: Annotated[list[CountedBody], Field(min_length=1, max_length=4)]
    reason: Reasons
    source: Name


class CountedOut(Answer):
    """From which day, and for how long; with several, until the latest."""

    trigger: Trigger
    years: int
    months: int
    days: int


class RuleOut(Answer):
    """One line of the schedule."""

    key: str
    what: str
    action: Action
    in_words: str
    counted: list[CountedOut]
    together_with: list[str]
    after_days: int | None
    reason: str
    source: str
    changeable: bool
    version: int


class ScheduleOut(Answer):
    """The place's schedule."""

    items: list[RuleOut]


def _show(rule: Rule) -> RuleOut:
    return RuleOut(
        key=rule.key,
        what=rule.what,
        action=rule.action,
        in_words=in_words(rule),
        counted=[CountedOut.model_validate(each) for each in rule.counted],
        together_with=list(rule.together_with),
        after_days=rule.after_days,
        reason=rule.reason,
        source=rule.source,
        changeable=rule.changeable,
        version=rule.version,
    )


async def _answer(key: str, actor: ActorDep, parts: PartsDep, response: Response) -> RuleOut:
    async with parts.database.reading(actor) as connection:
        rule = rule_called(await schedule_of(connection, actor.place), key)
    show_version(response, rule.version)
    return _show(rule)


@routes.get("/retention/schedule", operation_id="consent_read_retention_schedule", **_READ)
async def read_all(actor: ActorDep, parts: PartsDep) -> ScheduleOut:
    """How long each kind of record is kept: as shipped, or as the place changed it."""
    async with parts.database.reading(actor) as connection:
        return ScheduleOut(items=[_show(rule) for rule in await schedule_of(connection, actor.place)])


@routes.get("/retention/schedule/{rule_key}", operation_id="consent_read_retention_rule", **_READ)
async def read(rule_key: RuleKey, actor: ActorDep, parts: PartsDep, response: Response) -> RuleOut:
    """One rule."""
    return await _answer(rule_key, actor, parts, response)


@routes.put("/retention/schedule/{rule_key}", operation_id="consent_change_retention_rule", **_WRITE)
async def change(
    *,
    rule_key: RuleKey,
    body: ChangeRule,
    actor: ActorDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> RuleOut:
    """Change how long your place keeps it. The change stands in the ledger; runs from now on follow it."""
    counted = tuple(Counted(**each.model_dump()) for each in body.counted)
    said = {"reason": body.reason, "source": body.source}
    await change_schedule(parts.database, actor, rule_key, version, counted=counted, **said, now=parts.clock())
    return await _answer(rule_key, actor, parts, response)

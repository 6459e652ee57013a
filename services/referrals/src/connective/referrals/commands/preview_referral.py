"""Who would see what if a referral were sent now: the rules of sending, and nothing is stored here or shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from connective.contracts.categories import Category, Method
from connective.contracts.sharing import Decision, ServiceFacts
from connective.kit.actor import Actor
from connective.referrals.commands.checking import Ask, Checked, Circumstances, Family, asking_of, check_all, find
from connective.referrals.commands.deciding import Asking, meaning, question
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.request import Notice
from connective.referrals.domain.sending import Weighed, seen


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of one request."""

    service: ServiceFacts
    weighed: Weighed
    sees: dict[Category, tuple[str, ...]]
    notices: tuple[Notice, ...]
    warnings: tuple[str, ...]

    @property
    def goes(self) -> bool:
        """Whether it would be sent; otherwise it would be blocked."""
        return not self.weighed.missing


async def preview_referral(room: Room, actor: Actor, family_id: UUID, asks: Sequence[Ask]) -> list[Preview]:
    """What would become of each request. The decisions are recorded as every answer is; nothing is disclosed.

    Raises NotFound when the worker may not act for these people, and the rules' refusals, all errors at once.
    """
    found = await find(room, actor, Family(family_id), asks)
    with translated():
        given = Circumstances(actor.organisation, room.clock(), room.safeguarding(actor).sentence)
        checked = check_all(asks, found, given)
    # What takes nothing now is not asked about: nothing would be sent.
    askings = [None if each.takes_nothing else asking_of(each, found.discloser_id) for each in checked]
    questions = [question(each, Method.HUB_PAGE) for each in askings if each is not None]
    answers = iter(await room.others.consent.decide(actor, questions) if questions else ())
    return [
        _closed(each) if asking is None else _preview(each, asking, next(answers).decision)
        for each, asking in zip(checked, askings, strict=True)
    ]


def _closed(each: Checked) -> Preview:
    return Preview(each.service, Weighed(each.takes_nothing, ()), {}, each.notices, ())


def _preview(each: Checked, asking: Asking, decision: Decision) -> Preview:
    weighed = meaning(asking, decision)
    sees = seen(each.form, asking.categories, each.ask.content.answers, weighed)
    return Preview(each.service, weighed, sees, each.notices, decision.warnings)

"""What help is here? A search is a read, and a search that finds nothing is worth counting."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from connective.kit.actor import Actor
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import RulesBroken
from connective.partners.domain.areas import NOWHERE, Home
from connective.partners.domain.geography import MalformedPostcodeError, Postcode, parse_postcode
from connective.partners.domain.matching import Ask, Found, match
from connective.partners.domain.rules import Broken
from connective.partners.storage.directory import candidates_for, count_unmet

ENGLAND = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a worker asks. The postcode is used for this one answer and kept nowhere."""

    needs: frozenset[str]
    ages: tuple[int, ...]
    postcode: str | None
    radius_metres: int
    day: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and how well the home could be placed."""

    found: Found
    postcode_known: bool | None
    """None when no postcode was given; False when only its first half could be used."""


async def search_services(means: Means, actor: Actor, wanted: Wanted, now: datetime) -> Answer:
    """Rank the place's services for what is wanted, and count it as unmet need when there is none.

    Raises RulesBroken for a need that is not on the needs list, or a malformed postcode.
    """
    _refuse_unknown_needs(means, wanted.needs)
    postcode = _postcode(wanted.postcode)
    home = await _home(means, postcode)
    ask = Ask(wanted.needs, wanted.ages, home, wanted.radius_metres, wanted.day, now.astimezone(ENGLAND))
    async with means.database.reading(actor) as connection:
        candidates = await candidates_for(connection, actor, ask)
    found = match(ask, candidates)
    if not found.matches:
        await _count_unmet(means, actor, ask)
    return Answer(found, None if postcode is None else home.district is not None)


async def _count_unmet(means: Means, actor: Actor, ask: Ask) -> None:
    # The week's Monday: a day might tell who was visited on it.
    today = ask.now.date()
    monday = today - timedelta(days=today.weekday())
    async with means.database.unit(actor) as unit:
        outward = ask.home.outward or ""
        await count_unmet(unit.connection, actor.place, outward=outward, needs=ask.needs, week=monday)


def _refuse_unknown_needs(means: Means, needs: frozenset[str]) -> None:
    if needs - means.needs.needs.keys():
        raise RulesBroken((Broken("/needs", "unknown", "A need is not in the needs list."),))


def _postcode(text: str | None) -> Postcode | None:
    if text is None:
        return None
    try:
        return parse_postcode(text)
    except MalformedPostcodeError as error:
        sentence = "It is not shaped like a British postcode, such as TA20 1QL."
        raise RulesBroken((Broken("/postcode", "postcode", sentence),)) from error


async def _home(means: Means, postcode: Postcode | None) -> Home:
    if postcode is None:
        return NOWHERE
    known = await means.postcodes.find_soon(postcode)
    if known is None:
        return Home(postcode.outward, None, None)
    return Home(postcode.outward, known.district, known.point)

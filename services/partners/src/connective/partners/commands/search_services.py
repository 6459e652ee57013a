"""What help is here? A search is a read, and a search that finds nothing is worth counting."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connective.kit.actor import Actor
from connective.partners.commands.means import Means
from connective.partners.commands.refusals import RulesBroken
from connective.partners.domain.areas import NOWHERE, Home
from connective.partners.domain.fit import Wish
from connective.partners.domain.geography import (
    MalformedPostcodeError,
    Postcode,
    is_district,
    is_outward,
    parse_postcode,
)
from connective.partners.domain.matching import Ask, Found, match
from connective.partners.domain.rules import Broken
from connective.partners.domain.unmet import Searched, age_bands, monday
from connective.partners.storage.directory import candidates_for, count_unmet

ENGLAND = ZoneInfo("Europe/London")
_FEWEST_READ, _READ_PER_SHOWN = 60, 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a worker asks. The postcode and the words are used for this one answer and kept nowhere."""

    needs: frozenset[str]
    ages: tuple[int, ...]
    postcode: str | None
    radius_metres: int
    day: date | None
    words: str | None = None
    area: str | None = None
    """Half a postcode or a district's GSS code, where no postcode is given."""
    wish: Wish = field(default_factory=Wish)
    limit: int = 25


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and how well the home could be placed."""

    found: Found
    postcode_known: bool | None
    """None when no postcode was given; False when only its first half could be used."""


async def search_services(means: Means, actor: Actor, wanted: Wanted, now: datetime) -> Answer:
    """Rank the place's services for what is wanted, and count it as unmet need when there is none.

    Raises RulesBroken for a need that is not on the needs list, a malformed postcode or area, or nothing to look for.
    """
    _refuse_unanswerable(means, wanted)
    postcode = _postcode(wanted.postcode)
    home = _area(wanted.area) if postcode is None else await _home(means, postcode)
    ask = Ask(
        needs=wanted.needs,
        ages=wanted.ages,
        home=home,
        radius_metres=wanted.radius_metres,
        day=wanted.day,
        now=now.astimezone(ENGLAND),
        words=wanted.words,
        wish=wanted.wish,
    )
    most = max(_FEWEST_READ, _READ_PER_SHOWN * wanted.limit)
    candidates = await candidates_for(means.database, means.known, actor, ask, most)
    found = match(ask, candidates)
    if not found.matches and ask.needs:
        await _count_unmet(means, actor, ask)
    return Answer(found, None if postcode is None else home.district is not None)


async def _count_unmet(means: Means, actor: Actor, ask: Ask) -> None:
    # Words are not counted: nobody knows what was typed into them.
    searched = Searched(ask.home, ask.needs, age_bands(ask.ages), monday(ask.now.date()))
    async with means.database.unit(actor) as unit:
        await count_unmet(unit.connection, actor.place, searched)


def _refuse_unanswerable(means: Means, wanted: Wanted) -> None:
    if wanted.needs - means.needs.needs.keys():
        raise RulesBroken((Broken("/needs", "unknown", means.needs.no_such_need),))
    if not wanted.needs and not wanted.words:
        raise RulesBroken((Broken("/needs", "nothing", "Say which need, or give words to look for."),))


def _postcode(text: str | None) -> Postcode | None:
    if text is None:
        return None
    try:
        return parse_postcode(text)
    except MalformedPostcodeError as error:
        sentence = "It is not shaped like a British postcode, such as TA20 1QL."
        raise RulesBroken((Broken("/postcode", "postcode", sentence),)) from error


def _area(text: str | None) -> Home:
    if text is None:
        return NOWHERE
    code = text.strip().upper()
    if is_district(code):
        return Home(outward=None, district=code, point=None)
    if is_outward(code):
        return Home(outward=code, district=None, point=None)
    sentence = "An area is the first half of a postcode, such as TA20, or a district's GSS code, such as E06000066."
    raise RulesBroken((Broken("/area", "area", sentence),))


async def _home(means: Means, postcode: Postcode) -> Home:
    known = await means.postcodes.find_soon(postcode)
    if known is None:
        return Home(postcode.outward, None, None)
    return Home(postcode.outward, known.district, known.point)

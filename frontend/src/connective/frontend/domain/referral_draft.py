"""A referral while somebody is still filling it in: kept sealed on the server from page to page, and sent once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from connective.frontend.domain.picture import age_of, is_child, short_name

Raw = dict[str, list[str]]
"""What was typed into a page, field by field, as the browser sent it."""
MOST_SERVICES = 10
"""As many requests as one referral takes."""


@dataclass(frozen=True, slots=True)
class Helped:
    """Somebody of the family, as far as these pages need to know them."""

    id: str
    name: str
    age: str
    years: int | None
    child: bool

    @property
    def words(self) -> str:
        """Who it is, on a list to choose from."""
        return f"{self.name}, {self.age}"


@dataclass(frozen=True, slots=True)
class Needed:
    """One need that help is asked for."""

    person_id: str
    code: str
    severity: int

    @property
    def value(self) -> str:
        """How a check box names it."""
        return f"{self.person_id} {self.code} {self.severity}"


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that was answered so far."""

    key: str
    """Goes to the API as Idempotency-Key when it is sent: from however many pages, it is made once."""
    family_id: str
    people: tuple[Helped, ...] = ()
    postcode: str | None = None
    """Where they live, for distances; None where that must stay hidden."""
    check: Raw = field(default_factory=dict)
    needs: tuple[Needed, ...] = ()
    filters: Raw = field(default_factory=dict)
    services: tuple[str, ...] = ()
    shared: Raw = field(default_factory=dict)
    asks: dict[str, Raw] = field(default_factory=dict)
    """What was typed for each service, by its id."""
    sent: str | None = None
    """The referral that it became."""

    @property
    def started(self) -> bool:
        """Whether there is anything to carry on with."""
        return bool(self.check) and self.sent is None

    @property
    def reporting(self) -> bool:
        """Whether somebody said that they are reporting a concern now: then nothing is sent."""
        return self.check.get("answer") == ["reporting_now"]

    def person(self, person_id: str) -> Helped | None:
        """Somebody of the family."""
        return next((each for each in self.people if each.id == person_id), None)

    def with_ask(self, service_id: str, raw: Raw) -> "Draft":
        """The same, with what one service is asked."""
        return replace(self, asks=self.asks | {service_id: raw})

    def to_document(self) -> dict[str, Any]:
        """What is kept, as JSON."""
        return asdict(self)


def draft_of(document: Mapping[str, Any]) -> Draft:
    """What was kept. Raises KeyError, TypeError."""
    return Draft(
        **{
            **document,
            "people": tuple(Helped(**each) for each in document["people"]),
            "needs": tuple(Needed(**each) for each in document["needs"]),
            "services": tuple(document["services"]),
        }
    )


def begin(key: str, record: Mapping[str, Any]) -> Draft:
    """A new one about a family as the API tells of it: who belongs to it now, and where it lives unless hidden."""
    people = [each["person"] for each in record["people"] if not each["until"]]
    return Draft(
        key=key,
        family_id=record["id"],
        people=tuple(_helped(each) for each in people if not each.get("died_on")),
        postcode=None if any(each["whereabouts_restricted"] for each in people) else _home(record["addresses"]),
    )


def _helped(person: Mapping[str, Any]) -> Helped:
    return Helped(person["id"], short_name(person), age_of(person), person["age_years"], is_child(person))


def _home(addresses: list[Mapping[str, Any]]) -> str | None:
    told = [each for each in addresses if not each["until"] and not each["withheld"] and each["postcode"]]
    homes = [each for each in told if each["kind"] == "home"] or told
    return str(homes[0]["postcode"]) if homes else None


STEPS = ("safety", "needs", "services", "shared", "for", "check")
"""In the order in which they are asked."""


def first_open(draft: Draft) -> str:
    """The first step that has not been answered."""
    if not draft.check or draft.reporting:
        return "safety"
    if not draft.needs:
        return "needs"
    if not draft.services:
        return "services"
    if not draft.shared:
        return "shared"
    return "for" if any(each not in draft.asks for each in draft.services) else "check"


def path_of(draft: Draft, step: str) -> str:
    """The address of a step."""
    base = f"/refer/{draft.family_id}"
    if step == "safety":
        return base
    if step == "for":
        return f"{base}/for/{next((each for each in draft.services if each not in draft.asks), draft.services[0])}"
    return f"{base}/{step}"


def earlier(draft: Draft, step: str) -> str | None:
    """Where somebody must go first who opens this step too early; None where it may be shown."""
    if draft.sent is not None:
        return f"/refer/{draft.family_id}/sent/{draft.sent}"
    open_step = first_open(draft)
    return path_of(draft, open_step) if STEPS.index(step) > STEPS.index(open_step) else None

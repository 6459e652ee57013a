"""One service of the public directory, as anybody reads it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connective.frontend.domain.opening import hours, next_open
from connective.frontend.domain.own_prices import Contact, contacts_of, prices
from connective.frontend.domain.words import LONDON, area, day, telephone

HELP = (
    ("food_or_fuel_poverty", "Food, or paying for heating"),
    ("debt_or_arrears", "Debts, bills or benefits"),
    ("adult_out_of_work", "Finding work"),
    ("eviction_risk", "Keeping my home"),
    ("homeless_or_temporary", "Having nowhere to live"),
    ("unsuitable_home", "A home that is damp, unsafe or too small"),
    ("new_or_expectant_parent_support", "Expecting a baby, or a new baby"),
    ("child_0_5_development", "How my small child is developing"),
    ("child_0_5_speech_language", "My small child’s talking"),
    ("parenting_support", "Being a parent"),
    ("attendance_below_90", "Going to school"),
    ("sen_not_met", "Special educational needs"),
    ("disability_or_neurodiversity", "Disability, autism or ADHD"),
    ("child_mental_health", "A child’s or teenager’s feelings and worries"),
    ("parent_mental_health", "My own feelings and worries"),
    ("parent_drugs_or_alcohol", "Drugs or alcohol"),
    ("harmful_parental_conflict", "Arguments at home"),
    ("victim", "Somebody at home who hurts or frightens me"),
    ("young_carer", "A child who looks after somebody"),
    ("young_person_at_risk_of_crime", "A young person getting into trouble"),
)
"""What people look for in their own words, each with the code of the needs list that stands for it."""


def organisation(service: Mapping[str, Any]) -> str:
    """Who offers a service."""
    return str(service.get("organization", {}).get("name", ""))


def ages(service: Mapping[str, Any]) -> str:
    """For people of which ages, in words; empty where it is for everybody."""
    least, most = service.get("minimum_age"), service.get("maximum_age")
    if least is None and most is None:
        return ""
    if most is None:
        return f"For people of {least} and over"
    return f"For people up to {most}" if not least else f"For people from {least} to {most}"


def costs(service: Mapping[str, Any], now: datetime) -> list[str]:
    """What it costs, in words; nothing where nothing is told."""
    told = prices(service.get("cost_options", ()), now.astimezone(LONDON).date())
    return [*told, *([str(service["fees_description"])] if service.get("fees_description") else [])]


def cost(service: Mapping[str, Any], now: datetime) -> str:
    """What it costs in one line of a list: what was said in words, or else every price; empty where nothing is told."""
    return str(service.get("fees_description") or "; ".join(costs(service, now)))


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a service's page."""

    label: str
    values: list[str]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """A service's page."""

    id: str
    name: str
    organisation: str
    description: str
    alert: str
    opens: str
    facts: list[Fact]
    telephones: list[str]
    email: str
    website: str
    contacts: list[Contact]
    """Who answers questions, where that was published."""
    takes_asking: bool
    assured: str
    changed: str
    source: str


def service_page(service: Mapping[str, Any], now: datetime, never_asked: Collection[str]) -> ServicePage:
    """One service as anybody reads it. `never_asked` are the numbers of whom one telephones about somebody’s safety."""
    telephones = [telephone(str(each["number"]).replace(" ", "")) for each in service.get("phones", ())]
    lines = [
        ("Who it is for", [ages(service), str(service.get("eligibility_description") or "")]),
        ("Helps with", sorted(_needs(service))),
        ("When it is open", hours(service.get("schedules", ()))),
        ("Where it is", _sites(service)),
        ("Whom it serves", [area(", ".join(_texts(service.get("service_areas", ()), "name")))]),
        ("How you get it", [str(service.get("application_process") or "")]),
        ("What it costs", costs(service, now)),
        ("Getting in", _access(service)),
        ("Languages", _texts(service.get("languages", ()), "name")),
        ("Interpreters", [str(service.get("interpretation_services") or "")]),
        ("How long people wait", [str(service.get("wait_time") or "")]),
    ]  # fmt: skip
    return ServicePage(
        id=service["id"],
        name=service["name"],
        organisation=organisation(service),
        description=service.get("description", ""),
        alert=str(service.get("alert") or ""),
        opens=next_open(service.get("schedules", ()), now),
        facts=[Fact(label, told) for label, values in lines if (told := [each for each in values if each])],
        telephones=telephones,
        email=str(service.get("email") or ""),
        website=_web(service.get("url")),
        contacts=contacts_of(service.get("contacts", ())),
        takes_asking=takes_asking(service, never_asked),
        assured=day(service.get("assured_date")),
        changed=day(service.get("last_modified")),
        source="" if service.get("x_hub_source") is None else organisation(service),
    )


def takes_asking(service: Mapping[str, Any], never_asked: Collection[str]) -> bool:
    """Whether a family can ask this service through the Hub: it keeps its own entry here, and is no front door."""
    numbers = {"".join(filter(str.isdigit, str(each["number"]))) for each in service.get("phones", ())}
    front_doors = {"".join(filter(str.isdigit, each)) for each in never_asked}
    return service.get("x_hub_source") is None and not numbers & front_doors and bool(service.get("capacities"))


def _needs(service: Mapping[str, Any]) -> list[str]:
    said = dict(HELP)
    terms = [each["taxonomy_term"] for each in service.get("attributes", ())]
    return [said[each["code"]] for each in terms if each.get("code") in said]


def _sites(service: Mapping[str, Any]) -> list[str]:
    found = []
    for each in service.get("service_at_locations", ()):
        location = each["location"]
        if not location.get("addresses") and location.get("name"):
            # The standard knows no address without a street or a postcode; the name alone still helps to find it.
            found.append(str(location["name"]))
        for address in location.get("addresses", ()):
            named = [
                location.get("name"),
                *(address.get(part) for part in ("address_1", "address_2", "city", "postal_code")),
            ]
            found.append(", ".join(dict.fromkeys(str(part) for part in named if part)))
    return found


def _access(service: Mapping[str, Any]) -> list[str]:
    locations = [each["location"] for each in service.get("service_at_locations", ())]
    told = [text for location in locations for text in _texts(location.get("accessibility", ()), "description")]
    return [*told, *(str(location["transportation"]) for location in locations if location.get("transportation"))]


def _texts(entries: Iterable[Mapping[str, Any]], name: str) -> list[str]:
    return [str(each[name]) for each in entries if each.get(name)]


def _web(address: Any) -> str:  # noqa: ANN401 - whatever the record holds
    text = str(address or "")
    return text if text.startswith(("https://", "http://")) else ""

"""An organisation as its administrator looks after it: what waits, what runs out, and where everything is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field
from connective.frontend.domain.own_services import rooms_table
from connective.frontend.domain.prohibited_uses import HERE as USES
from connective.frontend.domain.prohibited_uses import waits_for
from connective.frontend.domain.sheets import (
    Act,
    Acts,
    Cell,
    Facts,
    Link,
    Links,
    Section,
    Sheet,
    Table,
    Words,
    comma,
    tag,
)
from connective.frontend.domain.words import came_from, day, moment, sentence, telephone

KINDS = {
    "charity": "Charity", "council_team": "Team of the council", "early_help_team": "Early help team",
    "faith_group": "Faith group", "food_bank": "Food bank", "front_door": "Front door for concerns",
    "housing_association": "Housing association", "lado": "Designated officer (LADO)", "nhs_team": "NHS team",
    "other": "Other", "police": "Police", "school": "School",
}  # fmt: skip
SCHEMES = {
    "GB-CHC": "Charity number (England and Wales)", "GB-NIC": "Charity number (Northern Ireland)",
    "GB-SC": "Charity number (Scotland)", "GB-COH": "Company number", "GB-NHS": "NHS organisation code (ODS)",
    "GB-EDU": "School number (URN)", "GB-UKPRN": "Learning provider number (UKPRN)",
}  # fmt: skip
LEVELS = {
    "named_accounts": "Named accounts: everybody signs in as themself",
    "shared_device": "Shared device or mailbox",
}
STANDINGS = {
    "in_date": ("In date", "green"),
    "expiring": ("Runs out soon", "yellow"),
    "lapsed": ("Lapsed", "red"),
    "missing": ("Missing", "red"),
}
ITEM_STATES = {
    "proposed": ("Waits to be checked", "yellow"),
    "verified": ("Checked", "green"),
    "refused": ("Refused", "red"),
    "withdrawn": ("Withdrawn", "grey"),
}
ITEMS = (
    ("insurance", "Public liability insurance"),
    ("dbs_policy", "Policy on DBS checks"),
    ("safeguarding_lead", "Named safeguarding lead"),
    ("training", "Training in safeguarding and data protection"),
    ("named_accounts", "Named accounts with a second step of signing in"),
    ("qualification", "Qualifications of those who help"),
    ("shared_device", "A device or mailbox that several people share"),
)
_ITEM_NAMES = {**dict(ITEMS), "visit": "Visit by the place or a hub"}
DETAIL_FIELDS = (
    Field(name="name", label="Name", required="Enter the name of the organisation"),
    Field(name="alternate_name", label="Other name it is known by"),
    Field(name="description", label="What it does", kind="long", hint="Everybody of the place can read this."),
    Field(name="telephone", label="Telephone", kind="telephone"),
    Field(name="email", label="Email", kind="email"),
    Field(name="website", label="Website", kind="address"),
)
ITEM_FIELDS = (
    Field(name="kind", label="What is it?", kind="choice", required="Choose what it is", options=ITEMS),
    Field(
        name="evidence",
        label="Reference of what shows it",
        required="Enter a reference, like a policy’s number",
        hint="A policy’s number or where the paper is kept: never the paper itself, and nobody’s name.",
    ),
    Field(name="issued_on", label="From which day", kind="date", required="Enter the day from which it holds"),
    Field(name="expires_on", label="Until which day", kind="date", hint="Leave it empty for the usual time."),
)


def item_fields(accounts: tuple[tuple[str, str], ...]) -> list[Field]:
    """The questions about an item, with the accounts of which one may be the safeguarding lead's."""
    lead = Field(
        name="account_id",
        label="Whose account is the safeguarding lead’s?",
        kind="choice",
        of_people=True,
        options=accounts,
        hint="Only for a named safeguarding lead.",
    )
    return [ITEM_FIELDS[0], *([lead] if accounts else []), *ITEM_FIELDS[1:]]


CONTACT_FIELDS = (
    Field(
        name="email",
        label="Email address that links are sent to",
        kind="email",
        required="Enter the email address that links are sent to",
    ),
    Field(
        name="pin",
        label="PIN that opens them",
        kind="secret",
        width="10",
        required="Enter a PIN of 6 to 12 digits",
        hint="6 to 12 digits. Tell it to your people by telephone or in person, never by email.",
    ),
    Field(
        name="telephone",
        label="Mobile number for codes",
        kind="telephone",
        hint="A code can be sent there in place of the PIN. Leave it empty for none.",
    ),
)


@dataclass(frozen=True, slots=True)
class HomeOfOrganisation:
    """What its page asked for."""

    services: Part
    reports: Part
    assurance: Part
    proposals: Part
    invitations: Part
    terms: Part


def organisation_sheet(record: Mapping[str, Any], found: HomeOfOrganisation, now: datetime) -> Sheet:
    """The page of whoever runs it: room first, then what waits, then the rest."""
    waits = [*_waiting(found, record["id"])]
    return Sheet(
        "Your organisation",
        [
            rooms_table(found.services, may_write=True, now=now, heading="How much room there is"),
            Table(
                "What waits for you",
                ("What", "How many"),
                waits,
                "Nothing waits for you.",
                heading="Waits for you",
                numbers=frozenset({1}),
            ),
            Links(
                [
                    Link("Services", "/organisation/services"),
                    Link("Reported wrong", "/organisation/reports"),
                    Link("Members and invitations", "/organisation/members"),
                    Link("Waiting for approval", "/organisation/proposals"),
                    Link("Systems that ask the Hub", "/organisation/systems"),
                    Link("Webhooks", "/organisation/webhooks"),
                    Link("Assurance: insurance, training and checks", "/organisation/assurance"),
                    Link("Secure links by email", "/organisation/secure-link"),
                    Link("Details of the organisation", "/organisation/details"),
                    Link("What nobody may use information for", USES),
                ],
                heading="Look after",
            ),
        ],
        heading=record["name"],
    )


def _waiting(found: HomeOfOrganisation, organisation_id: str) -> list[list[Cell | str]]:
    rows: list[list[Cell | str]] = []
    reports = [each for each in found.reports.items if each["answer"] is None]
    decide = [each for each in found.proposals.items if "approve" in each["allowed_actions"]]
    invited = [each for each in found.invitations.items if each["state"] == "open"]
    accept = waits_for(found.terms, organisation_id)
    soon = [each for each in _held(found.assurance) if each["standing"] != "in_date"]
    for words, href, number in (
        ("Reports that something is wrong", "/organisation/reports", len(reports)),
        ("Changes to approve", "/organisation/proposals", len(decide)),
        ("Invitations not accepted yet", "/organisation/members", len(invited)),
        ("Assurance that is missing, lapsed or runs out soon", "/organisation/assurance", len(soon)),
        ("To read and accept: what nobody may use information for", f"{USES}/{organisation_id}", int(bool(accept))),
    ):
        if number:
            rows.append([Cell(words, href), str(number)])
    return rows


def _held(assurance: Part) -> list[Mapping[str, Any]]:
    return list(assurance.value["items"]) if assurance.value else []


def details_facts(record: Mapping[str, Any]) -> Facts:
    """What the directory says of an organisation."""
    state = tag("Suspended", "red") if record["state"] == "suspended" else tag("Active", "green")
    return Facts(
        [
            ("State", state),
            ("Kind", KINDS.get(record["kind"], sentence(record["kind"]))),
            ("Also known as", record["alternate_name"] or ""),
            ("What it does", record["description"] or ""),
            ("Telephone", telephone(record["telephone"] or "")),
            ("Email", record["email"] or ""),
            ("Website", record["website"] or ""),
            *((SCHEMES.get(each["scheme"], each["scheme"]), each["value"]) for each in record["identifiers"]),
            ("Signs in with", LEVELS[record["assurance_level"]]),
            ("In the directory", "Listed only: it has not joined" if record["listed_only"] else ""),
            ("Came from", came_from(record["source"])),
        ]
    )


def details_sheet(record: Mapping[str, Any]) -> Sheet:
    """One's own, with the way to change it."""
    links = Links([Link("Change details", "/organisation/details/change", "primary")])
    return Sheet(
        "Details of the organisation",
        [links, details_facts(record)],
        heading=record["name"],
        back=("Back to your organisation", "/organisation"),
    )


def item_words(item: Mapping[str, Any]) -> str:
    """One thing that was shown, as whoever decides about it reads it: what, where the paper is, and for how long."""
    name = _ITEM_NAMES.get(item["kind"], sentence(item["kind"]))
    until = f"until {day(item['expires_on'])}" if item["expires_on"] else "without an end"
    return f"{name}, {item['evidence']}: from {day(item['issued_on'])} {until}."


def assurance_sheet(dossier: Mapping[str, Any], items: Part, base: str, *, decides: bool) -> Sheet:
    """What an organisation has shown, what runs out, and every item with its standing."""
    standing = [
        [
            each["label"],
            tag(*STANDINGS[each["standing"]]),
            day(each["until"]) or ("No end" if each["standing"] == "in_date" else ""),
            each["sentence"],
        ]
        for each in dossier["items"]
    ]
    rows = [
        [
            Cell(_ITEM_NAMES.get(each["kind"], sentence(each["kind"])), f"{base}/{each['id']}")
            if decides
            else _ITEM_NAMES.get(each["kind"], sentence(each["kind"])),
            each["evidence"],
            day(each["issued_on"]),
            day(each["expires_on"]) or "No end",
            tag(*ITEM_STATES[each["state"]]),
            each["reason"] or "",
        ]
        for each in items.items
    ]
    refused = [Words((f"Until then it receives nothing of these kinds: {comma(map(sentence, dossier['refuses']))}.",))]
    return Sheet(
        "Assurance",
        [
            Links([Link("Add something", f"{base}/new", "primary")]),
            Facts([("Signs in with", LEVELS[dossier["assurance_level"]])]),
            *(refused if dossier["refuses"] else []),
            Table("What counts today", ("What", "State", "Until", "In words"), standing, "Nothing was shown yet."),
            Table(
                "Everything that was shown, the newest first",
                ("What", "Reference", "From", "Until", "State", "Reason"),
                rows,
                "Nothing was shown yet.",
                heading="Everything that was shown",
                part=items,
                what="what was shown",
            ),
        ],
        back=("Back to your organisation", "/organisation")
        if base.startswith("/organisation")
        else ("Back to the organisation", base.removesuffix("/assurance")),
    )


def contact_sheet(contact: Part) -> Sheet:
    """Where links go for people without accounts; nobody is shown the PIN."""
    words = Words(
        (
            "When somebody asks for your help and nobody of yours has an account, a link is sent by email. It opens "
            "one request, once, with your PIN or a code by text.",
        )
    )
    back = ("Back to your organisation", "/organisation")
    if contact.problem is not None and contact.problem.status != 404:
        table = Table("", (), [], "", part=contact, what="where links go")
        return Sheet("Secure links by email", [words, table], back=back)
    found = contact.value
    set_up = Link("Change it" if found else "Set it up", "/organisation/secure-link/change", "primary")
    sections: list[Section] = [words]
    if found:
        ends = found["telephone_ends"]
        sections.append(
            Facts(
                [
                    ("Links go to", found["email"]),
                    ("Codes go to", f"A number that ends in {ends}" if ends else "Nowhere: the PIN alone opens them"),
                    ("Last changed", moment(found["changed_at"])),
                ]
            )
        )
    else:
        sections.append(Words(("No links are sent yet.",), manner="inset"))
    sections.append(Links([set_up]))
    if found:
        sections.append(Acts([Act("remove", "Send no more links", manner="warning")]))
    return Sheet("Secure links by email", sections, back=back)

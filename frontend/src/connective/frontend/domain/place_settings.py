"""A place's settings, whom to phone there, its needs list, and whose own accounts can be used to sign in."""

from collections.abc import Mapping
from typing import Any

from connective.contracts.needs import needs_list
from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field
from connective.frontend.domain.place import BACK
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
from connective.frontend.domain.words import category, day, moment, role, sentence

SETTING_FIELDS = (
    Field(name="name", label="Name of the place", required="Enter the name of the place"),
    Field(name="early_help_name", label="What early help is called here"),
    Field(name="thresholds_name", label="What the levels of need are called here"),
    Field(name="display_name", label="Name at the top of each page", pointer="/branding/display_name"),
    Field(
        name="colour",
        label="Colour of the place",
        width="10",
        hint="As #rrggbb, dark enough for white letters, like #17324d.",
        pointer="/branding/colour",
    ),
    Field(name="listings_checked_within_days", label="Days until a listing counts as unchecked", kind="number"),
)
_BRANDING = ("display_name", "colour")
NUMBER_FIELDS = (
    Field(name="front_door_name", label="Who takes concerns about a child", required="Enter who takes concerns"),
    Field(name="front_door_number", label="Their number", kind="telephone", required="Enter their number"),
    Field(
        name="out_of_hours_number",
        label="Number out of hours",
        kind="telephone",
        required="Enter the number out of hours",
    ),
    Field(
        name="adults_number",
        label="Number for concerns about an adult",
        kind="telephone",
        required="Enter the number for concerns about an adult",
    ),
    Field(
        name="designated_officer_name",
        label="Designated officer for concerns about who works with children",
        required="Enter who that is",
    ),
    Field(name="designated_officer_number", label="Their number ", kind="telephone", required="Enter their number"),
    Field(
        name="threshold_document_url",
        label="Where the levels of need are explained",
        kind="address",
        required="Enter the web address where the levels of need are explained",
    ),
)


def settings_sheet(settings: Mapping[str, Any], versions: Part, names: Mapping[str, str]) -> Sheet:
    """What is set, and who changed what."""
    numbers = settings["safeguarding"]
    rows = [
        [
            day(each["changed_at"]),
            comma(_setting(one) for one in each["changed"]),
            names.get(each["changed_by"], "An administrator"),
            names.get(each["approved_by"], "An administrator") if each["approved_by"] else "",
        ]
        for each in versions.items
    ]  # fmt: skip
    return Sheet(
        "Settings of the place",
        [
            Facts(
                [(field.label.strip(), str(numbers[field.name])) for field in NUMBER_FIELDS],
                heading="Whom to phone",
            ),
            Words(("These numbers stand on every page. One administrator proposes a change, another approves it.",)),
            Links([Link("Propose other numbers", "/admin/settings/numbers", "secondary")]),
            Facts(
                [
                    ("Name of the place", settings["name"]),
                    ("Early help is called", settings["early_help_name"]),
                    ("Levels of need are called", settings["thresholds_name"]),
                    ("Name at the top of each page", settings["branding"]["display_name"]),
                    ("Colour", settings["branding"]["colour"]),
                    ("Listings are checked within", f"{settings['listings_checked_within_days']} days"),
                ],
                heading="Names and colours",
            ),
            Links([Link("Change names and colours", "/admin/settings/change", "secondary")]),
            Table(
                "What was changed, the newest first",
                ("On", "What", "By", "Approved by"),
                rows,
                "Nothing has been changed since the place was set up.",
                heading="What was changed",
                part=versions,
                what="what was changed",
            ),
        ],
        back=BACK,
    )


def _setting(name: str) -> str:
    return sentence(name.rpartition(".")[2])


def settings_typed(settings: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the form of names and colours begins with."""
    flat = {**settings, **settings["branding"]}
    return {each.name: [str(flat[each.name])] for each in SETTING_FIELDS}


def settings_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the API is asked: the parts of the branding under their own name."""
    flat = {name: value for name, value in body.items() if name not in _BRANDING}
    return {**flat, "branding": {name: body[name] for name in _BRANDING}}


def needs_sheet() -> Sheet:
    """The needs list as it ships: read alone, since the API has no way to change it."""
    listed = needs_list()
    tables = [
        Table(
            f"Needs under {name}",
            ("Need", "What naming it reveals", "Asks about safety"),
            [
                [each.name, "; ".join(map(category, sorted(each.reveals))), "Yes" if each.prompts_safeguarding else ""]
                for each in listed.needs.values()
                if each.headline == code
            ],
            "None.",
            heading=name,
        )
        for code, name in listed.headlines.items()
    ]  # fmt: skip
    kinds = Table(
        "Kinds of service",
        ("Kind", "Usually helps with", "Sensitive"),
        [
            [each.name, comma(listed.needs[one].name for one in sorted(each.answers)), "Yes" if each.sensitive else ""]
            for each in listed.service_kinds.values()
        ],
        "None.",
        heading="Kinds of service",
    )
    strengths = Table(
        "What may go well",
        ("Strength", "What naming it reveals"),
        [[each.name, "; ".join(map(category, sorted(each.reveals)))] for each in listed.strengths.values()],
        "None.",
        heading="Strengths",
    )
    words = (
        f"Version {listed.version} of the list that comes with the Hub, after England’s Supporting Families "
        "framework. It is read here; another list is set up by whoever runs the Hub, so that requests of before "
        "keep their meaning.",
    )
    return Sheet("Needs list", [Words(words), *tables, strengths, kinds], back=BACK)


def providers_sheet(providers: Part) -> Sheet:
    """Whose own accounts can be used to sign in."""
    rows = [
        [
            Cell(each["name"], f"/admin/providers/{each['id']}"),
            each["organisation_name"],
            tag("Ended", "grey") if each["ended_at"] else tag("In use", "green"),
        ]
        for each in providers.items
    ]
    return Sheet(
        "Sign-in by organisations’ own accounts",
        [
            Links([Link("Propose another", "/admin/providers/new", "primary")]),
            Table(
                "Providers",
                ("Name", "Organisation", "State"),
                rows,
                "Everybody signs in with an account of the Hub.",
                part=providers,
                what="providers",
            ),
        ],
        back=BACK,
    )


def provider_sheet(provider: Mapping[str, Any]) -> Sheet:
    """One provider: what its keepers must know, and which roles follow from what it says."""
    acts: list[Section] = []
    if not provider["ended_at"]:
        version = (("version", str(provider["version"])),)
        acts = [
            Links([Link("Propose a change", f"/admin/providers/{provider['id']}/change")]),
            Acts([Act("end", "End it: nobody signs in by it any more", version, "warning")]),
        ]
    rules = [
        [f"{each['claim'].removeprefix('/')} is {each['value']}", comma(role(one) for one in each["roles"])]
        for each in provider["role_rules"]
    ]
    second = [f"{each['claim']} is {each['value']}" for each in provider["factor_rules"]]
    return Sheet(
        "A provider",
        [
            Facts(
                [
                    ("Organisation", provider["organisation_name"]),
                    ("Address of the provider", provider["issuer"]),
                    ("Our name there", provider["client_id"]),
                    ("What it says of a second step", "; ".join(second) or "Nothing: we ask for one of ours"),
                    ("New people get accounts by themselves", "Yes" if provider["new_accounts"] else "No"),
                    ("Ended", moment(provider["ended_at"])),
                ]
            ),
            Facts(
                [
                    ("Where it sends people back to", provider["redirect_uri"]),
                    ("Where it sends people who signed out", provider["post_logout_redirect_uri"]),
                    ("Where it tells us that somebody signed out", provider["back_channel_logout_uri"]),
                ],
                heading="To set up at the provider",
            ),
            Table(
                "Which roles follow",
                ("When it says that", "They are"),
                rules,
                "No role follows by itself.",
                heading="Roles",
            ),
            *acts,
        ],
        heading=provider["name"],
        back=("Back to providers", "/admin/providers"),
    )

"""Accounts of an organisation or a place: who holds which role, who is invited, and whose access is looked at again."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field
from connective.frontend.domain.seeking import who_fits
from connective.frontend.domain.sheets import (
    Act,
    Acts,
    Cell,
    Facts,
    Link,
    Links,
    Rows,
    Section,
    Seek,
    Sheet,
    Table,
    Words,
    comma,
    tag,
)
from connective.frontend.domain.training import training_cell, training_facts
from connective.frontend.domain.words import ROLES, day, moment, role

ROLE_OPTIONS = tuple(sorted(ROLES.items(), key=lambda each: each[1]))
STATES = {
    "proposed": ("Waits for approval", "yellow"),
    "open": ("Sent", "blue"),
    "accepted": ("Accepted", "green"),
    "expired": ("Ran out", "grey"),
    "withdrawn": ("Withdrawn", "grey"),
}
INVITE_FIELDS = (
    Field(name="name", label="Full name", required="Enter their full name"),
    Field(
        name="email",
        label="Work email address",
        kind="email",
        required="Enter their work email address",
        hint="Their own, not a shared mailbox: everybody signs in as themself.",
    ),
)
DISABLE_FIELDS = (
    Field(
        name="left_on",
        label="Their last day with you",
        kind="date",
        hint="Leave it empty if they have not left. Auditors see how long an account stayed open after that.",
    ),
)

TRAINING_FIELDS = (
    Field(name="course", label="Which training?", hint="For example, data protection for schools, 2026",
          required="Enter which training it was", longest=200),
    Field(name="completed_on", label="When did they complete it?", kind="date", past=True,
          required="Enter the day on which they completed it"),
    Field(name="valid_until", label="Until when does it count?", kind="date",
          hint="Leave it empty if it counts for a year"),
)  # fmt: skip


def roles_field(options: Sequence[tuple[str, str]] = ROLE_OPTIONS) -> Field:
    """Which roles somebody gets."""
    return Field(
        name="roles", label="Roles", kind="choices", required="Choose at least one role", options=tuple(options)
    )


def roles_of(account: Mapping[str, Any]) -> str:
    """Every role somebody holds, and where, if in more than one organisation."""
    held = account["memberships"]
    if len(held) == 1:
        return comma(role(each) for each in sorted(held[0]["roles"]))
    return "; ".join(
        f"{each['organisation_name']}: {comma(role(one) for one in sorted(each['roles']))}" for each in held
    )


_MOST_FOUND = 100


def members_sheet(accounts: Part, invitations: Part, base: str, heading: str) -> Sheet:
    """The list, and the invitations that have not been accepted."""
    waiting = [each for each in invitations.items if each["state"] in {"proposed", "open", "expired"}]
    return Sheet(
        heading,
        [
            Links([Link("Invite somebody", f"{base}/invite", "primary")]),
            Seek("name", "Find somebody by name or email address"),
            _accounts(accounts.items, base, "Nobody has an account yet. Invite somebody.", accounts),
            _invited(waiting, invitations, base),
        ],
        back=home_of(base),
    )


def found_sheet(accounts: Part, name: str, base: str, heading: str) -> Sheet:
    """Those who fit what was typed: by the beginnings of their names, or of their address."""
    people = [(each["id"], each["name"]) for each in accounts.items]
    fitting = {each for each, _ in who_fits(people, name)}
    typed = name.casefold()
    found = [each for each in accounts.items if each["id"] in fitting or each["email"].casefold().startswith(typed)]
    shown = Part(problem=accounts.problem) if accounts.problem else Part({"items": found[:_MOST_FOUND]})
    many = f"{len(found)} fit. These are the first {_MOST_FOUND}: type more of the name."
    return Sheet(
        f"{heading}: found",
        [
            Seek("name", "Find somebody by name or email address", name),
            *([Words((many,))] if len(found) > _MOST_FOUND else []),
            _accounts(shown.items, base, "Nobody fits. Check the name, or type only its beginning.", shown),
        ],
        heading=heading,
        back=("Back to all of them", base),
    )


def _accounts(listed: Sequence[Mapping[str, Any]], base: str, empty: str, part: Part) -> Table:
    rows: Rows = [
        [
            Cell(each["name"], f"{base}/{each['id']}"),
            each["email"],
            roles_of(each),
            tag("Disabled", "red") if each["disabled_at"] else "In use",
        ]
        for each in listed
    ]
    return Table("Accounts", ("Name", "Email", "Roles", "State"), rows, empty, part=part, what="the accounts")


def home_of(base: str) -> tuple[str, str]:
    """The way back from a list of accounts, or of what is proposed about them."""
    if base.startswith("/admin"):
        return ("Back to the place", "/admin")
    return ("Back to your organisation", "/organisation")


def _invited(waiting: Sequence[Mapping[str, Any]], part: Part, base: str) -> Table:
    rows: Rows = [
        [
            Cell(each["name"], f"{base}/invitations/{each['id']}"),
            each["organisation_name"],
            comma(role(one) for one in each["roles"]),
            tag(*STATES[each["state"]]),
            day(each["expires_at"]),
        ]
        for each in waiting
    ]
    return Table(
        "Invitations that wait",
        ("Name", "Organisation", "Roles", "State", "Runs out"),
        rows,
        "No invitation waits.",
        heading="Invitations",
        part=Part(problem=part.problem) if part.problem else None,
        what="invitations",
    )


def invitation_sheet(invitation: Mapping[str, Any], base: str) -> Sheet:
    """One invitation, and what can be done with it."""
    names = {"resend": ("Send it again", "secondary"), "withdraw": ("Withdraw it", "warning")}
    version = (("version", str(invitation["version"])),)
    acts = [
        Act(name, names[name][0], version, names[name][1]) for name in invitation["allowed_actions"] if name in names
    ]
    proposed = "A second administrator approves it first; then it is sent."
    return Sheet(
        "An invitation",
        [
            *([Words((proposed,), manner="inset")] if invitation["state"] == "proposed" else []),
            Facts(
                [
                    ("State", tag(*STATES[invitation["state"]])),
                    ("Email", invitation["email"]),
                    ("Organisation", invitation["organisation_name"]),
                    ("Roles", comma(role(one) for one in invitation["roles"])),
                    ("Invited", moment(invitation["invited_at"])),
                    ("Approved", moment(invitation["approved_at"])),
                    ("Accepted", moment(invitation["accepted_at"])),
                    ("Runs out", moment(invitation["expires_at"])),
                ]
            ),
            *([Acts(acts)] if acts else []),
        ],
        heading=f"Invitation of {invitation['name']}",
        back=("Back to the accounts", base),
    )


def account_sheet(account: Mapping[str, Any], base: str, *, own: bool, today: date) -> Sheet:
    """One account. What gives a way in is proposed and approved by another; what takes one away is done at once."""
    href = f"{base}/{account['id']}"
    version = (("version", str(account["version"])),)
    sections: list[Section] = [
        Facts(
            [
                ("Email", account["email"]),
                ("State", tag("Disabled", "red") if account["disabled_at"] else tag("In use", "green")),
                ("Disabled", moment(account["disabled_at"])),
                *training_facts(account["training"], today),
            ]
        ),
        Table(
            "Where they work, and as what",
            ("Organisation", "Roles", ""),
            [
                [
                    each["organisation_name"],
                    comma(role(one) for one in sorted(each["roles"])),
                    Cell("End", f"{href}/end/{each['organisation_id']}", hidden=f"work at {each['organisation_name']}")
                    if not own
                    else "",
                ]
                for each in account["memberships"]
            ],
            "No role anywhere.",
            heading="Roles",
        ),
    ]
    if own:
        sections.append(Words(("This is your own account: another administrator changes it.",), manner="inset"))
    elif account["disabled_at"]:
        sections.append(Acts([Act("open", "Propose to open it again", version)], heading="What you can do"))
    else:
        sections += _what_to_do(account, href)
    return Sheet("An account", sections, heading=account["name"], back=("Back to the accounts", base))


def _what_to_do(account: Mapping[str, Any], href: str) -> list[Section]:
    where = account["memberships"]
    links = [Link("Disable the account", f"{href}/disable")]
    if not href.startswith("/admin/"):
        # Whoever looks after the whole place moves no organisation's work.
        links.append(Link("Hand on all of their work", f"/requests/hand-on?whose={account['id']}"))
    else:
        links.append(Link("Record training", f"{href}/training"))
    if where:
        links.insert(0, Link("Change roles", f"{href}/roles"))
    return [
        Links(links, heading="What you can do"),
        Acts(
            [Act("sign_out", "Sign them out everywhere"), Act("factors", "They lost their phone: propose a new start")]
        ),
        Words(
            (
                "Changes of roles and of second steps wait for another administrator’s approval. Signing somebody out, "
                "ending their work and disabling their account happen at once.",
            )
        ),
    ]


def review_sheet(review: Part, names: Mapping[str, str], *, due: bool, here: str) -> Sheet:
    """Who can still get in, for whoever confirms it; the reading of these names is in the ledger."""
    rows: list[list[Cell | str]] = [
        [
            Cell(each["name"], f"{here}/{each['account_id']}?of={each['organisation_id']}"),
            names.get(each["organisation_id"], ""),
            comma(role(one) for one in sorted(each["roles"])),
            day(each["last_sign_in_at"]) or "Never",
            training_cell(each),
            _confirmed(each),
        ]
        for each in review.items
    ]
    other = ("Show everybody", here) if due else ("Show only who is due", f"{here}?due=true")
    return Sheet(
        "Access review",
        [
            Words(("Confirm that each person still needs their access. Auditors see what you confirmed, and when.",)),
            Links([Link(*other)]),
            Table(
                "People with an account, and when their access was last confirmed",
                ("Person", "Organisation", "Roles", "Last signed in", "Training", "Confirmed"),
                rows,
                "Nobody is due. Everybody’s access was confirmed.",
                part=review,
                what="the accounts to look at",
                path=f"{here}?due=true" if due else here,
            ),
        ],
    )


def _confirmed(line: Mapping[str, Any]) -> Cell | str:
    if line["review_due"]:
        return tag("Due", "yellow")
    if line["confirmation"] and line["confirmation"]["outcome"] == "remove":
        return tag("To be removed", "red")
    return f"Until {day(line['confirmed_until'])}" if line["confirmed_until"] else ""

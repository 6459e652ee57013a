"""One's own account: who one is here, where one is signed in, and where the ways to sign in are looked after."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.sheets import Act, Acts, Facts, Link, Links, Section, Sheet, Table, Words, comma
from connective.frontend.domain.training import training_facts
from connective.frontend.domain.words import moment, role


def account_sheet(me: Mapping[str, Any], sessions: Part, issuer: str, today: date) -> Sheet:
    """The page: nobody's but one's own."""
    return Sheet(
        "Your account",
        [
            Facts(
                [
                    ("Name", me["name"]),
                    ("Working for", me["organisation_name"] or ""),
                    *training_facts(me["training"], today),
                ]
            ),
            _roles(me),
            Words(
                (
                    "Your password, the second step of signing in and your recovery codes are kept where you sign in. "
                    "Make new recovery codes as soon as you have used one.",
                    "Have you lost your phone or key? A recovery code signs you in once. Without one, ask whoever "
                    "looks after accounts in your organisation.",
                ),
                heading="How you sign in",
            ),
            Links(
                [
                    Link("Password, second step and recovery codes", f"{issuer}/oauth/account", "secondary"),
                ]
            ),
            Words(
                (
                    "Use what you see here to help the family it is about. Some uses are prohibited to everybody, "
                    "and your organisation has promised that nobody in it will.",
                ),
                heading="What nobody may use it for",
            ),
            Links([Link("Read what nobody may use information for", "/prohibited-uses", "secondary")]),
            *_signed_in(sessions),
        ],
    )


def _roles(me: Mapping[str, Any]) -> Table:
    rows = [
        [each["organisation_name"], comma(role(one) for one in sorted(each["roles"]))] for each in me["memberships"]
    ]
    return Table(
        "Where you work, and as what",
        ("Organisation", "Roles"),
        rows,
        "You have no role anywhere yet.",
        heading="Your roles",
    )


def _signed_in(sessions: Part) -> list[Section]:
    listed = sorted(sessions.items, key=lambda each: not each["current"])
    rows = [
        [
            each["device_name"] or each["program"],
            each["organisation_name"] or "",
            moment(each["begun_at"]),
            moment(each["expires_at"]),
            "This one" if each["current"] else "",
        ]
        for each in listed
    ]
    found: list[Section] = [
        Table(
            "Where you are signed in",
            ("Device or program", "Working for", "Since", "At the latest until", "Which"),
            rows,
            "You are signed in nowhere else.",
            heading="Where you are signed in",
            part=sessions,
            what="where you are signed in",
        )
    ]
    others = [each for each in listed if not each["current"]]
    if others:
        acts = [
            Act("end", f"Sign out {each['device_name'] or each['program']}", (("session", each["id"]),),
                hidden=f"since {moment(each['begun_at'])}")
            for each in others[:10]
        ]  # fmt: skip
        found.append(Words(("If you do not know one of these, sign it out and change your password.",)))
        found.append(Acts([*acts, Act("end_others", "Sign out everywhere else", manner="warning")]))
    return found

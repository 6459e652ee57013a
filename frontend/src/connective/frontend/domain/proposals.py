"""What one administrator proposed and another decides: its list, and each as it would change something."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.members import home_of
from connective.frontend.domain.sheets import (
    Act,
    Acts,
    Cell,
    Facts,
    Link,
    Links,
    Rows,
    Sheet,
    Table,
    Words,
    comma,
    tag,
)
from connective.frontend.domain.systems import HOW_WORDS, SCOPES
from connective.frontend.domain.words import day, inline, moment, role, sentence

KINDS = {
    "account_factors": "A new start for somebody’s second step",
    "account_opened": "Open a disabled account again",
    "account_roles": "Change somebody’s roles",
    "client_change": "Change a system’s access",
    "client_credential": "A secret or key for a system",
    "invitation": "Invite somebody",
    "place_safeguarding": "Change whom to phone",
    "provider": "Sign-in by an organisation’s own accounts",
}
PROPOSAL_STATES = {
    "open": ("Waits", "yellow"),
    "approved": ("Approved", "green"),
    "rejected": ("Rejected", "red"),
    "withdrawn": ("Withdrawn", "grey"),
    "expired": ("Ran out", "grey"),
}


def proposals_sheet(proposals: Part, base: str, *, waiting: bool) -> Sheet:
    """What one administrator proposed and another decides."""
    rows: Rows = [
        [
            Cell(KINDS.get(each["kind"], sentence(each["kind"])), f"{base}/{each['id']}"),
            day(each["proposed_at"]),
            _whose_turn(each),
            day(each["expires_at"]) if each["state"] == "open" else "",
        ]
        for each in proposals.items
    ]
    other = (
        ("Show all: your own, and decided ones", f"{base}?decided=true") if waiting else ("Show only what waits", base)
    )
    return Sheet(
        "Waiting for approval",
        [
            Words(("Nobody gives a way in alone: one administrator proposes it, another approves it.",)),
            Table(
                "Proposals, in the order in which they were made",
                ("What", "Proposed on", "State", "Runs out"),
                rows,
                "Nothing waits for approval.",
                part=proposals,
                what="proposals",
                path=base if waiting else f"{base}?decided=true",
            ),
            Links([Link(*other)]),
        ],
        back=home_of(base),
    )


def _whose_turn(proposal: Mapping[str, Any]) -> Cell:
    if "approve" in proposal["allowed_actions"]:
        return tag("You can decide", "yellow")
    return tag(*PROPOSAL_STATES[proposal["state"]])


def proposal_sheet(
    proposal: Mapping[str, Any], names: Mapping[str, str], base: str, *, before: Mapping[str, Any] | None = None
) -> Sheet:
    """One of them: what would change, by whom it was proposed, and the decision.

    `before` is what is to change as it is now, of what is proposed whole: then only what differs is said.
    """
    version = (("version", str(proposal["version"])),)
    words = {"approve": ("Approve", "primary"), "reject": ("Reject", "warning"), "withdraw": ("Withdraw", "warning")}
    acts = [Act(name, words[name][0], version, words[name][1]) for name in proposal["allowed_actions"] if name in words]
    facts = Facts(
        [
            ("State", tag(*PROPOSAL_STATES[proposal["state"]])),
            ("Proposed by", names.get(proposal["proposed_by"], "An administrator")),
            ("Proposed", moment(proposal["proposed_at"])),
            ("About", names.get(proposal["subject_id"], names.get(proposal["organisation_id"] or "", ""))),
            ("Decided", moment(proposal["decided_at"])),
            ("Runs out", moment(proposal["expires_at"]) if proposal["state"] == "open" else ""),
        ]
    )
    change = _change(proposal, before)
    own = "You proposed it, so another administrator decides."
    return Sheet(
        "A proposal",
        [
            facts,
            change,
            *([Words((own,), manner="inset")] if proposal["allowed_actions"] == ["withdraw"] else []),
            *([Acts(acts)] if acts else []),
        ],
        heading=KINDS.get(proposal["kind"], sentence(proposal["kind"])),
        back=("Back to what waits", base),
    )


def _change(proposal: Mapping[str, Any], before: Mapping[str, Any] | None) -> Facts | Table:
    change = dict(proposal["change"])
    if proposal["kind"] == "provider" and "client_id" in change:
        change["client_name"] = change["client_id"]
    if before is None:
        return Facts(_change_rows(change), heading="What would change")
    now, then = dict(_change_rows({**before, "client_name": before.get("client_id")})), dict(_change_rows(change))
    differs = [each for each in dict.fromkeys([*then, *(each for each in now if _LABELED.get(each) in change)])
               if now.get(each) != then.get(each)]  # fmt: skip
    return Table(
        "What would change",
        ("What", "Now", "Then"),
        [[each, now.get(each, "Nothing"), then.get(each, "Nothing")] for each in differs],
        "Nothing would change.",
        heading="What would change",
    )


_UNSEEN = frozenset({"account_id", "organisation_id", "client_id", "provider_id", "id", "place_id", "kind"})
"""Ids of records: the page says their names elsewhere."""
_LABELS = {
    "authentication": "How it is proved who asks",
    "client_name": "Our name there",
    "factor_rules": "What counts as a second step",
    "issuer": "Address of the provider",
    "jwks_uri": "Where its public keys are",
    "networks": "From which networks",
    "new_accounts": "New people get accounts by themselves",
    "new_secret": "A new secret",
    "organisation_name": "Organisation",
    "overlap_hours": "Hours for which the one before counts too",
    "role_rules": "Which roles follow",
    "scopes": "What it may do",
}


_LABELED = {label: name for name, label in _LABELS.items()}


def _change_rows(change: Mapping[str, Any], within: str = "") -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in change.items():
        if name in _UNSEEN or value in (None, "", [], {}):
            continue
        label = _LABELS.get(name, sentence(name))
        if isinstance(value, Mapping):
            rows += _change_rows(value, label)
        elif name == "memberships":
            rows += [(each["organisation_name"], comma(role(one) for one in each["roles"])) for each in value]
        else:
            rows.append((f"{within}: {inline(label)}" if within else label, _said(name, value)))
    return rows


def _said(name: str, value: Any) -> str:  # noqa: ANN401 - one value of a proposal
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if name == "authentication":
        return HOW_WORDS.get(value, sentence(value))
    if not isinstance(value, list):
        return str(value)
    if name == "role_rules":
        return "; ".join(rule_words(each) for each in value)
    if name == "scopes":
        return "; ".join(SCOPES.get(str(each), str(each)) for each in value)
    return comma(role(each) if name == "roles" else _flat(each) for each in value)


def rule_words(rule: Mapping[str, Any]) -> str:
    """One rule by which roles follow from what a provider says."""
    return f"{comma(role(each) for each in rule['roles'])} where {rule['claim'].removeprefix('/')} is {rule['value']}"


def _flat(value: Any) -> str:  # noqa: ANN401 - an entry of a list of a proposal
    if not isinstance(value, Mapping):
        return str(value)
    return " ".join(comma(each) if isinstance(each, list) else str(each) for each in value.values() if each)

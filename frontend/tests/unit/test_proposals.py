"""What one administrator proposed, as whoever decides about it reads it: in words, and no code of the API."""

from typing import Any

import pytest

from connective.frontend.domain.proposals import proposal_sheet
from connective.frontend.domain.sheets import Acts, Facts, Words

PROPOSAL: dict[str, Any] = {
    "id": "p", "version": 1, "kind": "provider", "state": "open", "proposed_by": "a", "subject_id": "s",
    "organisation_id": "o", "proposed_at": "2026-07-01T09:00:00Z", "expires_at": "2026-07-08T09:00:00Z",
    "decided_at": None, "allowed_actions": ["approve", "reject"], "change": {},
}  # fmt: skip


def told(change: dict[str, Any]) -> dict[str, str]:
    """What would change, as its page says it."""
    sheet = proposal_sheet(PROPOSAL | {"change": change}, {"a": "Asha", "o": "Early help"}, "/admin/proposals")
    facts = [each for each in sheet.sections if isinstance(each, Facts)][-1]
    return {label: cell.text for label, cell in facts.present}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"issuer": "https://login.example.org", "authentication": "private_key_jwt", "client_id": "x",
          "role_rules": [{"claim": "/groups", "value": "Early help", "roles": ["support_worker", "practice_lead"]}],
          "new_accounts": True},
         {"Address of the provider": "https://login.example.org", "How it is proved who asks": "A key of its own",
          "Which roles follow": "Family support worker, Practice lead where groups is Early help",
          "New people get accounts by themselves": "Yes"}),
        ({"scopes": ["directory:read", "new:scope"], "networks": ["192.0.2.0/24"]},
         {"What it may do": "Read the directory and the forms; new:scope", "From which networks": "192.0.2.0/24"}),
        ({"memberships": [{"organisation_name": "Early help", "roles": ["support_worker"]}]},
         {"Early help": "Family support worker"}),
        ({"safeguarding": {"front_door_number": "01632 960101", "adults_number": None}},
         {"Safeguarding: front door number": "01632 960101"}),
    ],
)  # fmt: skip
def test_what_would_change_is_said_in_words(change: dict[str, Any], said: dict[str, str]) -> None:
    assert told(change) == said


def test_whoever_proposed_it_is_told_who_decides() -> None:
    sheet = proposal_sheet(PROPOSAL | {"allowed_actions": ["withdraw"]}, {"a": "Asha"}, "/organisation/proposals")
    assert any("another administrator decides" in line
               for each in sheet.sections if isinstance(each, Words) for line in each.paragraphs)  # fmt: skip
    (acts,) = [each for each in sheet.sections if isinstance(each, Acts)]
    assert [each.name for each in acts.acts] == ["withdraw"]

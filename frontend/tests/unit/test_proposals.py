"""What one administrator proposed, as whoever decides about it reads it: in words, and no code of the API."""

from typing import Any

import pytest

from connective.frontend.domain.proposals import proposal_sheet
from connective.frontend.domain.sheets import Acts, Facts, Table, Words

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
          "Our name there": "x",
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


def test_of_a_provider_that_changes_only_what_differs_is_said_with_what_it_is_now() -> None:
    before = {"id": "s", "name": "Levelshire", "client_id": "old", "authentication": "private_key_jwt", "version": 3,
              "redirect_uri": "https://hub.example.org/back", "organisation_name": "Early help", "new_accounts": False,
              "role_rules": [{"claim": "/groups", "value": "Early help", "roles": ["support_worker"]}],
              "factor_rules": [{"claim": "amr", "value": "mfa"}], "ended_at": None}  # fmt: skip
    change = {"name": "Levelshire", "client_id": "new", "authentication": "private_key_jwt", "new_accounts": True,
              "organisation_name": "Early help", "role_rules": before["role_rules"], "factor_rules": [],
              "new_secret": True}  # fmt: skip
    sheet = proposal_sheet(PROPOSAL | {"change": change}, {}, "/admin/proposals", before=before)
    (table,) = (each for each in sheet.sections if isinstance(each, Table))
    assert [tuple(cell.text for cell in row) for row in table.cells] == [
        ("New people get accounts by themselves", "No", "Yes"),
        ("A new secret", "Nothing", "Yes"),
        ("Our name there", "old", "new"),
        ("What counts as a second step", "amr mfa", "Nothing"),
    ]

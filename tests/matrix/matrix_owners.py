"""Whose the matrix's sample records are, and to whom they are nothing.

A new relation, or a record that others keep, needs an entry in `OWNERS`; the matrix says so when it is missing.
"""

from matrix_operations import Operation, SampleMissing

KNOWN_IN_PLACE = frozenset(
    {
        "organisation_id",
        "service_id",
        "source_id",
        "harvest_run_id",
        "hub_id",
        "entity_id",
        "kind",
        "rule_key",
        "template_key",
        "version",
        "place_id",
        "checkpoint_id",
    }
)
"""Records that everybody in the place may know of: a stranger's change is refused with 403, not hidden with 404."""

PLACE_WIDE = frozenset({"place_admin", "hub_coordinator", "auditor"})
"""Roles that look after the whole place in what their permissions open: no organisation of it is a stranger to them."""

OWNERS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "coordinator"): ("early_help",),
    ("", "own_entity"): ("information_governance",),
    ("", "own_organisation"): ("oaklands",),
    ("", "own_organisation_or_recipient"): ("oaklands", "larder"),
    ("", "own_organisation_or_team"): ("oaklands",),
    ("", "own_place"): ("larder",),
    ("", "own_hub"): ("early_help",),
    ("", "place"): ("oaklands", "larder"),
    ("", "place_admin"): ("information_governance",),
    ("", "recipient"): ("larder",),
    ("", "self"): ("larder",),
    ("", "none"): ("oaklands",),
    ("", "holder_of_permit"): ("larder",),
    ("", "worker_of_keeper_or_consent"): ("oaklands",),
    ("organisation_id", "own_organisation"): ("larder",),
    ("report_id", "own_organisation"): ("larder",),
    ("service_id", "own_organisation"): ("larder",),
    ("client_id", "own_organisation"): ("larder",),
    ("proposal_id", "own_organisation"): ("larder",),
    ("invitation_id", "own_organisation"): ("larder",),
    ("account_id", "own_organisation"): ("larder",),
    ("account_id", "own_entity"): ("larder",),
    ("webhook_id", "own_organisation"): ("larder",),
    ("case_id", "team"): ("windwhistle",),
    ("entity_id", "own_entity"): ("larder",),
    ("agreement_id", "own_entity"): ("oaklands", "larder"),
    ("arrangement_id", "own_entity"): ("information_governance", "larder"),
    ("memorandum_id", "own_entity"): ("information_governance",),
    ("decision_id", "own_entity"): ("oaklands", "larder"),
    ("disclosure_id", "own_entity"): ("oaklands", "larder"),
    ("breach_id", "own_entity"): ("information_governance",),
    ("correction_id", "own_entity"): ("oaklands", "larder"),
    ("information_request_id", "own_entity"): ("information_governance",),
    ("access_copy_id", "own_entity"): ("oaklands",),
    ("erasure_request_id", "own_entity"): ("oaklands",),
    ("family_id", "own_entity"): ("oaklands",),
    ("finding_id", "own_entity"): ("oaklands",),
    ("hold_id", "own_entity"): ("information_governance",),
    ("objection_id", "own_entity"): ("oaklands",),
    ("one_off_id", "own_entity"): ("oaklands",),
    ("sample_id", "own_entity"): ("information_governance",),
}
"""(first path parameter or nothing, relation) → the organisations, by the cast's keys, whose own the record is."""

OWNERS_OF: dict[str, tuple[str, ...]] = {
    "POST /accounts/prohibited-uses/acceptances": ("larder",),
    "POST /links/contacts": ("larder",),
    "POST /agreements/{agreement_id}/versions/{number}/comments/{comment_id}/resolve": ("information_governance",),
    "POST /audit/corrections/{correction_id}/confirm": ("larder",),
    "POST /agreements/{agreement_id}/versions": ("information_governance",),
    "POST /agreements/{agreement_id}/versions/{number}/submit": ("information_governance",),
    "PUT /agreements/{agreement_id}/versions/{number}": ("information_governance",),
    "POST /audit/access-copies": ("oaklands",),
    "POST /retention/requests": ("oaklands",),
    "GET /clients": ("larder",),
    "POST /clients": ("larder",),
    "GET /accounts": ("larder",),
    "GET /invitations": ("larder",),
    "POST /invitations": ("larder",),
    "GET /proposals": ("larder",),
    "POST /proposals": ("larder",),
}
"""The same for one operation, where it differs from its neighbours."""

NARROWER: dict[str, frozenset[str]] = {
    # A partner's worker asks about people its organisation was shown, never as the keeper of their record.
    "POST /decisions": frozenset({"practice_lead", "safeguarding_lead", "support_worker"}),
}
"""Operations that ask for more than their permission: the askers for whom the record above is their own."""

STRANGERS: dict[str, tuple[str, ...]] = {"own_entity": ("crossroads",)}
"""Relation → organisations that are nothing to any sample; by default two, one of the keeper's own entity."""


def is_known_in_place(operation: Operation) -> bool:
    """Whether everybody in the place may know that the record exists."""
    return bool(operation.path_parameters) and operation.path_parameters[0] in KNOWN_IN_PLACE


def owners(operation: Operation) -> tuple[str, ...]:
    """The organisations whose own the sample is. Raises SampleMissing."""
    if operation.name in OWNERS_OF:
        return OWNERS_OF[operation.name]
    first = operation.path_parameters[0] if operation.path_parameters else ""
    found = OWNERS.get((first, operation.relation)) or OWNERS.get(("", operation.relation))
    if found is None:
        raise SampleMissing(
            f"{operation.name}: add the relation {operation.relation!r} to OWNERS in matrix_owners.py, with the "
            "organisations of the cast that stand in it to the sample record."
        )
    return found


def strangers(operation: Operation) -> tuple[str, ...]:
    """Organisations of the same place that the sample is nothing to."""
    # A data protection officer decides for every organisation of their legal entity, and so for Brookside's neighbour.
    by_entity = operation.name == "POST /disclosures/one-offs"
    return STRANGERS.get("own_entity" if by_entity else operation.relation, ("brookside", "crossroads"))

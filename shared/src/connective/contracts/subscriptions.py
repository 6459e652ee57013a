"""Which service listens to what. Deployment makes one durable consumer per service from this table.

A subject that is in neither table fails the shape test: every fact has a consumer, or is declared outward.
"""

SUBSCRIPTIONS: dict[str, tuple[str, ...]] = {
    "consent": (
        "hub.partners.organisation.*",
        "hub.families.restriction.changed",
        "hub.families.person.merged",
        "hub.families.person.unmerged",
        "hub.families.family.erased",
        "hub.families.person.erased",
        "hub.families.erasure.*",
        "hub.referrals.erasure.done",
        "hub.*.audit.*",
        "hub.families.disclosure.undelivered",
        "hub.referrals.disclosure.undelivered",
    ),
    "families": (
        "hub.referrals.request.*",
        "hub.referrals.referral.made",
        "hub.referrals.signpost.given",
        "hub.consent.erasure.ordered",
        "hub.families.restriction.changed",
        "hub.families.person.merged",
        "hub.families.person.unmerged",
        "hub.families.person.notices_stopped",
        "hub.families.person.notices_resumed",
    ),
    # What partners' webhooks may be told of; who is told is decided there, from the ids of each fact.
    "partners": (
        "hub.consent.agreement.*",
        "hub.consent.checkpoint.signed",
        "hub.partners.assurance.*",
        "hub.partners.organisation.*",
        "hub.partners.service.*",
        "hub.partners.webhook.*",
        "hub.referrals.intake.*",
        "hub.referrals.message.*",
        "hub.referrals.request.*",
        "hub.referrals.voucher.*",
    ),
    "referrals": (
        "hub.partners.hub.changed",
        "hub.partners.organisation.*",
        "hub.partners.service.*",
        "hub.consent.consent.*",
        "hub.consent.objection.*",
        "hub.consent.agreement.*",
        "hub.families.person.merged",
        "hub.families.person.unmerged",
        "hub.families.person.notices_stopped",
        "hub.families.person.notices_resumed",
        "hub.families.family.erased",
        "hub.families.person.erased",
        "hub.gateway.account.disabled",
        "hub.gateway.account.memberships_set",
    ),
    "gateway": (
        "hub.partners.organisation.*",
        "hub.consent.processing_agreement.signed",
        "hub.gateway.token.revoked",
        "hub.gateway.credential.revoked",
        "hub.referrals.request.answered",
        "hub.referrals.request.overdue",
        "hub.referrals.request.submitted",
    ),
}

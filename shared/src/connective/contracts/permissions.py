"""Who may do what, as data: permissions, the roles that hold them, and the scopes an API client may be granted.

A permission opens an operation; the relationship to the record (own organisation, recipient, team) is checked after
it, in the same SQL that loads the record. Names are `service:noun:verb`, kept in alphabetical order.
"""

from enum import StrEnum


class Permission(StrEnum):
    """One operation that a role, a scope or a service identity may open."""

    CONSENT_ACCESS_COPY_RELEASE = "consent:access_copy:release"
    CONSENT_AGREEMENT_COMMENT = "consent:agreement:comment"
    CONSENT_AGREEMENT_DRAFT = "consent:agreement:draft"
    CONSENT_AGREEMENT_READ = "consent:agreement:read"
    CONSENT_AGREEMENT_REVIEW = "consent:agreement:review"
    CONSENT_AGREEMENT_SIGN = "consent:agreement:sign"
    CONSENT_AUDIT_READ = "consent:audit:read"
    CONSENT_AUDIT_WRITE = "consent:audit:write"
    CONSENT_CHECKPOINT_READ = "consent:checkpoint:read"
    CONSENT_CONSENT_READ = "consent:consent:read"
    CONSENT_CONSENT_RECORD = "consent:consent:record"
    CONSENT_DECISION_ASK = "consent:decision:ask"
    CONSENT_DECISION_READ = "consent:decision:read"
    CONSENT_DELETION_CONFIRM = "consent:deletion:confirm"
    CONSENT_DELETION_READ = "consent:deletion:read"
    CONSENT_DISCLOSURE_READ = "consent:disclosure:read"
    CONSENT_DISCLOSURE_RECORD = "consent:disclosure:record"
    CONSENT_ENTITY_READ = "consent:entity:read"
    CONSENT_ENTITY_WRITE = "consent:entity:write"
    CONSENT_LEDGER_READ = "consent:ledger:read"
    CONSENT_ONE_OFF_DECIDE = "consent:one_off:decide"
    CONSENT_ONE_OFF_READ = "consent:one_off:read"
    CONSENT_OVERRIDE_REVIEW = "consent:override:review"
    CONSENT_OVERRIDE_USE = "consent:override:use"
    CONSENT_RETENTION_DECIDE = "consent:retention:decide"
    CONSENT_RETENTION_READ = "consent:retention:read"
    CONSENT_RULING_DECIDE = "consent:ruling:decide"
    CONSENT_SCHEDULE_READ = "consent:schedule:read"
    CONSENT_SCHEDULE_WRITE = "consent:schedule:write"
    FAMILIES_CASE_CLOSE = "families:case:close"
    FAMILIES_FACTS_READ = "families:facts:read"
    FAMILIES_FAMILY_READ = "families:family:read"
    FAMILIES_FAMILY_WRITE = "families:family:write"
    FAMILIES_HOLDINGS_READ = "families:holdings:read"
    FAMILIES_MERGE_REVIEW = "families:merge:review"
    FAMILIES_PERSON_SEARCH = "families:person:search"
    FAMILIES_RESTRICTION_WRITE = "families:restriction:write"
    FAMILIES_RETENTION_READ = "families:retention:read"
    FAMILIES_SHARED_READ = "families:shared:read"
    GATEWAY_ACCOUNT_READ_SELF = "gateway:account:read_self"
    GATEWAY_ACCOUNT_REVIEW = "gateway:account:review"
    GATEWAY_ACCOUNT_WRITE = "gateway:account:write"
    GATEWAY_CLIENT_WRITE = "gateway:client:write"
    GATEWAY_LINK_WRITE = "gateway:link:write"
    GATEWAY_MEMBER_WRITE = "gateway:member:write"
    GATEWAY_PLACE_WRITE = "gateway:place:write"
    GATEWAY_SERVICE_READ = "gateway:service:read"
    GATEWAY_TERMS_ACCEPT = "gateway:terms:accept"
    GATEWAY_TERMS_READ = "gateway:terms:read"
    PARTNERS_ASSURANCE_READ = "partners:assurance:read"
    PARTNERS_ASSURANCE_VERIFY = "partners:assurance:verify"
    PARTNERS_ASSURANCE_WRITE = "partners:assurance:write"
    PARTNERS_DIRECTORY_READ = "partners:directory:read"
    PARTNERS_HUB_SET_UP = "partners:hub:set_up"
    PARTNERS_HUB_WRITE = "partners:hub:write"
    PARTNERS_LISTING_ANSWER = "partners:listing:answer"
    PARTNERS_LISTING_REPORT = "partners:listing:report"
    PARTNERS_ORGANISATION_REGISTER = "partners:organisation:register"
    PARTNERS_ORGANISATION_SUSPEND = "partners:organisation:suspend"
    PARTNERS_ORGANISATION_WRITE = "partners:organisation:write"
    PARTNERS_SERVICE_FACTS = "partners:service:facts"
    PARTNERS_SERVICE_WRITE = "partners:service:write"
    PARTNERS_SOURCE_WRITE = "partners:source:write"
    PARTNERS_WEBHOOK_MANAGE = "partners:webhook:manage"
    REFERRALS_ASSIGNMENT_MOVE = "referrals:assignment:move"
    REFERRALS_ASSIGNMENT_WRITE = "referrals:assignment:write"
    REFERRALS_FAMILY_TELL = "referrals:family:tell"
    REFERRALS_FIGURE_READ = "referrals:figure:read"
    REFERRALS_FORM_READ = "referrals:form:read"
    REFERRALS_FORM_WRITE = "referrals:form:write"
    REFERRALS_HOLDINGS_READ = "referrals:holdings:read"
    REFERRALS_INTAKE_READ = "referrals:intake:read"
    REFERRALS_INTAKE_SEND = "referrals:intake:send"
    REFERRALS_INTAKE_WORK = "referrals:intake:work"
    REFERRALS_MESSAGE_WRITE = "referrals:message:write"
    REFERRALS_REFERRAL_READ = "referrals:referral:read"
    REFERRALS_REFERRAL_WRITE = "referrals:referral:write"
    REFERRALS_REQUEST_COORDINATE = "referrals:request:coordinate"
    REFERRALS_REQUEST_LIST = "referrals:request:list"
    REFERRALS_REQUEST_READ = "referrals:request:read"
    REFERRALS_REQUEST_WORK = "referrals:request:work"
    REFERRALS_RETENTION_READ = "referrals:retention:read"
    REFERRALS_TODAY_READ = "referrals:today:read"


class Role(StrEnum):
    """What a person is in an organisation; one account may hold several, in several organisations."""

    AGREEMENT_MANAGER = "agreement_manager"
    AUDITOR = "auditor"
    DPO = "dpo"
    HUB_COORDINATOR = "hub_coordinator"
    PARTNER_ADMIN = "partner_admin"
    PARTNER_VOLUNTEER = "partner_volunteer"
    PARTNER_WORKER = "partner_worker"
    PLACE_ADMIN = "place_admin"
    PRACTICE_LEAD = "practice_lead"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    SIGNATORY = "signatory"
    SUPPORT_WORKER = "support_worker"


BY_LINK = "secure_link"
"""Stands beside the roles of who came by a link: it opens nothing, and tells by which method data travel."""

P = Permission
_EVERYONE = frozenset(
    {
        P.CONSENT_CHECKPOINT_READ,
        P.GATEWAY_ACCOUNT_READ_SELF,
        P.GATEWAY_TERMS_READ,
        P.PARTNERS_DIRECTORY_READ,
        P.PARTNERS_LISTING_REPORT,
        P.REFERRALS_FORM_READ,
    }
)
_WORKER = _EVERYONE | {
    P.CONSENT_CONSENT_READ,
    P.CONSENT_CONSENT_RECORD,
    P.CONSENT_DECISION_ASK,
    P.CONSENT_OVERRIDE_USE,
    P.FAMILIES_FAMILY_READ,
    P.FAMILIES_FAMILY_WRITE,
    P.FAMILIES_PERSON_SEARCH,
    P.REFERRALS_ASSIGNMENT_WRITE,
    P.REFERRALS_FAMILY_TELL,
    P.REFERRALS_INTAKE_READ,
    P.REFERRALS_INTAKE_WORK,
    P.REFERRALS_MESSAGE_WRITE,
    P.REFERRALS_REFERRAL_READ,
    P.REFERRALS_REFERRAL_WRITE,
    P.REFERRALS_REQUEST_LIST,
    P.REFERRALS_REQUEST_READ,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AGREEMENT_MANAGER: _EVERYONE
    | {
        P.CONSENT_AGREEMENT_COMMENT,
        P.CONSENT_AGREEMENT_DRAFT,
        P.CONSENT_AGREEMENT_READ,
        P.CONSENT_DELETION_CONFIRM,
        P.CONSENT_DELETION_READ,
        P.CONSENT_ENTITY_READ,
        P.CONSENT_ENTITY_WRITE,
        P.CONSENT_SCHEDULE_READ,
    },
    Role.AUDITOR: _EVERYONE
    | {
        P.CONSENT_AGREEMENT_READ,
        P.CONSENT_AUDIT_READ,
        P.CONSENT_AUDIT_WRITE,
        P.CONSENT_DECISION_READ,
        P.CONSENT_DELETION_READ,
        P.CONSENT_DISCLOSURE_READ,
        P.CONSENT_ENTITY_READ,
        P.CONSENT_LEDGER_READ,
        P.CONSENT_RETENTION_READ,
        P.CONSENT_SCHEDULE_READ,
        P.GATEWAY_ACCOUNT_REVIEW,
        P.PARTNERS_ASSURANCE_READ,
    },
    Role.DPO: _EVERYONE
    | {
        P.CONSENT_ACCESS_COPY_RELEASE,
        P.CONSENT_AGREEMENT_COMMENT,
        P.CONSENT_AGREEMENT_READ,
        P.CONSENT_AGREEMENT_REVIEW,
        P.CONSENT_ONE_OFF_DECIDE,
        P.CONSENT_ONE_OFF_READ,
        P.CONSENT_AUDIT_READ,
        P.CONSENT_AUDIT_WRITE,
        P.CONSENT_DECISION_READ,
        P.CONSENT_DELETION_CONFIRM,
        P.CONSENT_DELETION_READ,
        P.CONSENT_DISCLOSURE_READ,
        P.CONSENT_ENTITY_READ,
        P.CONSENT_LEDGER_READ,
        P.CONSENT_RETENTION_DECIDE,
        P.CONSENT_RETENTION_READ,
        P.CONSENT_SCHEDULE_READ,
        P.CONSENT_SCHEDULE_WRITE,
        P.GATEWAY_ACCOUNT_REVIEW,
    },
    Role.HUB_COORDINATOR: _EVERYONE
    | {
        P.PARTNERS_ASSURANCE_READ,
        P.PARTNERS_ASSURANCE_VERIFY,
        P.PARTNERS_ASSURANCE_WRITE,
        P.PARTNERS_HUB_WRITE,
        P.PARTNERS_LISTING_ANSWER,
        P.REFERRALS_FIGURE_READ,
        P.REFERRALS_REQUEST_COORDINATE,
        P.REFERRALS_REQUEST_LIST,
    },
    Role.PARTNER_ADMIN: _EVERYONE
    | {
        P.GATEWAY_CLIENT_WRITE,
        P.GATEWAY_LINK_WRITE,
        P.GATEWAY_MEMBER_WRITE,
        P.PARTNERS_ASSURANCE_READ,
        P.PARTNERS_ASSURANCE_WRITE,
        P.PARTNERS_LISTING_ANSWER,
        P.PARTNERS_ORGANISATION_WRITE,
        P.PARTNERS_SERVICE_WRITE,
        P.PARTNERS_WEBHOOK_MANAGE,
        P.REFERRALS_ASSIGNMENT_MOVE,
        P.REFERRALS_FIGURE_READ,
        P.GATEWAY_TERMS_ACCEPT,
    },
    Role.PARTNER_VOLUNTEER: _EVERYONE | {P.REFERRALS_TODAY_READ},
    Role.PARTNER_WORKER: _EVERYONE
    | {
        P.CONSENT_DECISION_ASK,
        P.REFERRALS_ASSIGNMENT_WRITE,
        P.REFERRALS_FAMILY_TELL,
        P.REFERRALS_INTAKE_READ,
        P.REFERRALS_INTAKE_SEND,
        P.REFERRALS_INTAKE_WORK,
        P.REFERRALS_MESSAGE_WRITE,
        P.REFERRALS_REQUEST_LIST,
        P.REFERRALS_REQUEST_READ,
        P.REFERRALS_REQUEST_WORK,
        P.REFERRALS_TODAY_READ,
    },
    Role.PLACE_ADMIN: _EVERYONE
    | {
        P.CONSENT_SCHEDULE_READ,
        P.CONSENT_SCHEDULE_WRITE,
        P.GATEWAY_ACCOUNT_WRITE,
        P.GATEWAY_CLIENT_WRITE,
        P.GATEWAY_LINK_WRITE,
        P.GATEWAY_MEMBER_WRITE,
        P.GATEWAY_PLACE_WRITE,
        P.GATEWAY_SERVICE_READ,
        P.PARTNERS_ASSURANCE_READ,
        P.PARTNERS_ASSURANCE_VERIFY,
        P.PARTNERS_ASSURANCE_WRITE,
        P.PARTNERS_HUB_SET_UP,
        P.PARTNERS_HUB_WRITE,
        P.PARTNERS_LISTING_ANSWER,
        P.PARTNERS_ORGANISATION_REGISTER,
        P.PARTNERS_ORGANISATION_SUSPEND,
        P.PARTNERS_ORGANISATION_WRITE,
        P.PARTNERS_SERVICE_WRITE,
        P.PARTNERS_SOURCE_WRITE,
        P.REFERRALS_FORM_WRITE,
    },
    Role.PRACTICE_LEAD: _WORKER
    | {
        P.CONSENT_RULING_DECIDE,
        P.FAMILIES_CASE_CLOSE,
        P.FAMILIES_MERGE_REVIEW,
        P.REFERRALS_ASSIGNMENT_MOVE,
        P.REFERRALS_FIGURE_READ,
    },
    Role.SAFEGUARDING_LEAD: _WORKER
    | {P.CONSENT_ONE_OFF_DECIDE, P.CONSENT_ONE_OFF_READ, P.CONSENT_OVERRIDE_REVIEW, P.FAMILIES_RESTRICTION_WRITE},
    Role.SIGNATORY: _EVERYONE
    | {
        P.CONSENT_AGREEMENT_COMMENT,
        P.CONSENT_AGREEMENT_READ,
        P.CONSENT_AGREEMENT_SIGN,
        P.CONSENT_ENTITY_READ,
        P.GATEWAY_TERMS_ACCEPT,
    },
    Role.SUPPORT_WORKER: _WORKER,
}

SCOPE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    "checkpoints:read": frozenset({P.CONSENT_CHECKPOINT_READ}),
    "directory:read": frozenset({P.PARTNERS_DIRECTORY_READ, P.REFERRALS_FORM_READ}),
    "intake:send": frozenset({P.REFERRALS_INTAKE_READ, P.REFERRALS_INTAKE_SEND}),
    "requests:list": frozenset({P.REFERRALS_REQUEST_LIST}),
    "requests:read": frozenset({P.REFERRALS_REQUEST_LIST, P.REFERRALS_REQUEST_READ}),
    "requests:work": frozenset(
        {
            P.REFERRALS_FAMILY_TELL,
            P.REFERRALS_MESSAGE_WRITE,
            P.REFERRALS_REQUEST_LIST,
            P.REFERRALS_REQUEST_READ,
            P.REFERRALS_REQUEST_WORK,
        }
    ),
    "services:write": frozenset({P.PARTNERS_SERVICE_WRITE}),
    "webhooks:manage": frozenset({P.PARTNERS_WEBHOOK_MANAGE}),
}
"""What an API client may be granted, as its organisation; never anything that only a person may do."""

SERVICE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    "consent": frozenset(
        {
            P.FAMILIES_FACTS_READ,
            P.FAMILIES_HOLDINGS_READ,
            P.FAMILIES_RETENTION_READ,
            P.PARTNERS_SERVICE_FACTS,
            P.REFERRALS_HOLDINGS_READ,
            P.REFERRALS_RETENTION_READ,
        }
    ),
    "families": frozenset({P.CONSENT_DISCLOSURE_RECORD}),
    "gateway": frozenset(),
    "partners": frozenset(),
    "referrals": frozenset(
        {
            P.CONSENT_DECISION_ASK,
            P.CONSENT_DISCLOSURE_RECORD,
            P.FAMILIES_FACTS_READ,
            P.FAMILIES_SHARED_READ,
            P.PARTNERS_SERVICE_FACTS,
        }
    ),
}
"""What each service may ask of the others in its own name; exactly this, and never as a person."""

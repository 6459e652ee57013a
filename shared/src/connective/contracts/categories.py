"""Categories of personal data, and the purposes they may be shared for.

A category is a ceiling: a recipient sees only the fields of the form version it was sent that lie inside permitted
categories. Every field, coded need and kind of service carries *all* the categories it reveals.
"""

from enum import StrEnum


class Category(StrEnum):
    """One kind of data about a person; the unit in which agreements and consent are given."""

    ADDRESS = "address"
    CASE_PLAN = "case_plan"
    COMMUNICATION = "communication"
    CONTACT_DETAILS = "contact_details"
    DISABILITY_SEND = "disability_send"
    EDUCATION = "education"
    EMPLOYMENT = "employment"
    ETHNICITY_RELIGION = "ethnicity_religion"
    FINANCE = "finance"
    HEALTH = "health"
    HOUSEHOLD = "household"
    HOUSING = "housing"
    IDENTIFIERS = "identifiers"
    IDENTITY = "identity"
    IMMIGRATION = "immigration"
    NEEDS = "needs"
    OFFENDING = "offending"
    PROFESSIONALS = "professionals"
    PROGRESS = "progress"
    SAFEGUARDING = "safeguarding"
    SEX_LIFE_ORIENTATION = "sex_life_orientation"
    STAFF_SAFETY = "staff_safety"
    VOICE = "voice"


SPECIAL_CATEGORIES = frozenset(
    {
        Category.DISABILITY_SEND,
        Category.ETHNICITY_RELIGION,
        Category.HEALTH,
        Category.SAFEGUARDING,
        Category.SEX_LIFE_ORIENTATION,
    }
)
"""Special category data (UK GDPR Article 9), or handled as if it were: an Article 9 condition is needed."""

OFFENCE_CATEGORIES = frozenset({Category.OFFENDING})
"""Criminal offence data (UK GDPR Article 10): a Schedule 1 condition of the Data Protection Act 2018 is needed."""

LOCATING_CATEGORIES = frozenset(
    {
        Category.ADDRESS,
        Category.CONTACT_DETAILS,
        Category.EDUCATION,
        Category.EMPLOYMENT,
        Category.PROFESSIONALS,
    }
)
"""What a *whereabouts* restriction hides from everyone who is not named on it."""

SHARED_DEVICE_REFUSES = frozenset({Category.HEALTH, Category.SAFEGUARDING, Category.OFFENDING})
"""Never given to an organisation whose people share one device or mailbox."""


class Purpose(StrEnum):
    """Why data are shared; agreements, consent and decisions each name one."""

    AUDIT = "audit"
    DIRECT_CARE = "direct_care"
    EARLY_HELP_COORDINATION = "early_help_coordination"
    PLANNING = "planning"
    REFERRAL = "referral"
    RESEARCH = "research"
    SAFEGUARDING = "safeguarding"
    TRANSITION = "transition"


class AssuranceLevel(StrEnum):
    """What an organisation has shown about its accounts; it caps the categories it may receive."""

    NAMED_ACCOUNTS = "named_accounts"
    SHARED_DEVICE = "shared_device"


class Method(StrEnum):
    """How data travel; an agreement's flow names those it allows."""

    API = "api"
    HUB_PAGE = "hub_page"
    SECURE_LINK = "secure_link"

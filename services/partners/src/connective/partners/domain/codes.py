"""The closed lists of partners: kinds and states. What a place may word for itself is data, not here."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What an organisation is; it decides whether a request may be addressed to it."""

    CHARITY = "charity"
    COUNCIL_TEAM = "council_team"
    EARLY_HELP_TEAM = "early_help_team"
    FAITH_GROUP = "faith_group"
    FOOD_BANK = "food_bank"
    FRONT_DOOR = "front_door"
    HOUSING_ASSOCIATION = "housing_association"
    LADO = "lado"
    NHS_TEAM = "nhs_team"
    OTHER = "other"
    POLICE = "police"
    SCHOOL = "school"


REPORTING_ROUTES = frozenset({OrganisationKind.FRONT_DOOR, OrganisationKind.LADO, OrganisationKind.POLICE})
"""Where a concern is reported by telephone; never the recipient of a request (domain rules, section 10)."""


class OrganisationState(StrEnum):
    """Whether an organisation takes part."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class ServiceStatus(StrEnum):
    """The four statuses of the Human Services Data Specification 3.0."""

    ACTIVE = "active"
    DEFUNCT = "defunct"
    INACTIVE = "inactive"
    TEMPORARILY_CLOSED = "temporarily closed"


FINDABLE_STATUSES = frozenset({ServiceStatus.ACTIVE, ServiceStatus.TEMPORARILY_CLOSED})
"""What a search looks at; a temporarily closed service is left out with that reason, others are not mentioned."""

OTHER_KIND = "other"
"""A service of no kind in the needs list: it can be signposted to, but there is no form to refer with."""


class LocationType(StrEnum):
    """Where a service is, in HSDS words."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"

"""On what authority a person says yes or no for themself or another: the codes, and where each comes from."""

from enum import StrEnum


class Authority(StrEnum):
    """One ground on which agreement or consent may be given (domain rules, decision rule 5)."""

    ATTORNEY_OR_DEPUTY = "attorney_or_deputy"
    """A registered lasting power of attorney or a deputy (Mental Capacity Act 2005)."""
    BEST_INTERESTS = "best_interests"
    """A recorded best-interests decision for an adult who lacks capacity (Mental Capacity Act 2005 s4)."""
    CARER_REASONABLE = "carer_reasonable"
    """A carer without parental responsibility doing what is reasonable (Children Act 1989 s3(5))."""
    CHILD_ARRANGEMENTS_ORDER = "child_arrangements_order"
    """Named in a child arrangements order as the person the child lives with (Children Act 1989 s12)."""
    DELEGATED = "delegated"
    """Delegated in writing by a holder of parental responsibility (Children Act 1989 s2(9))."""
    LOCAL_AUTHORITY_CARE_ORDER = "local_authority_care_order"
    """The local authority under a care order (Children Act 1989 s33)."""
    OWN = "own"
    """Own decision: 16 or over, presumed able to decide."""
    OWN_ASSESSED_COMPETENT = "own_assessed_competent"
    """Own decision under 16, assessed competent; who assessed it, how and when are recorded."""
    PARENTAL_RESPONSIBILITY = "parental_responsibility"
    """A holder of parental responsibility; each may act alone (Children Act 1989 s2(7))."""
    SPECIAL_GUARDIANSHIP = "special_guardianship"
    """A special guardian (Children Act 1989 s14C)."""


FOR_A_CHILD = frozenset(
    {
        Authority.CARER_REASONABLE,
        Authority.CHILD_ARRANGEMENTS_ORDER,
        Authority.DELEGATED,
        Authority.LOCAL_AUTHORITY_CARE_ORDER,
        Authority.PARENTAL_RESPONSIBILITY,
        Authority.SPECIAL_GUARDIANSHIP,
    }
)
"""Grounds on which one person may speak for another who is under 18; never for another adult."""

FOR_AN_ADULT_WITHOUT_CAPACITY = frozenset({Authority.ATTORNEY_OR_DEPUTY, Authority.BEST_INTERESTS})
"""Grounds on which somebody may speak for an adult who lacks capacity for this decision."""

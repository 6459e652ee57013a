"""What the Hub works out by itself about anybody, and who decides: nothing here decides about a person.

The statement is for an officer's question about profiling and automated decisions (UK GDPR Articles 4(4) and 22A to
22D). Its lines name the code that does the working, so that they can be held against it.
"""

from dataclasses import dataclass

from connective.consent.domain.audit_unusual import FindingKind


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """One thing that is worked out without a person, and what a person does with it."""

    name: str
    about: str
    """`service`, `sharing`, `record`, `request` or `staff`: what is ranked, weighed or marked."""
    from_what: tuple[str, ...]
    result: str
    decided_by: str
    evaluates_people: bool
    """Whether aspects of a person are evaluated (profiling, Article 4(4))."""
    decides_about_people: bool
    code: str


STATEMENT = (
    WorkedOut(
        name="Matching services to a need",
        about="service",
        from_what=("need", "age", "area", "room"),
        result="Services in an order; families are never ranked, and nothing known of a family changes its place.",
        decided_by="The worker, with the family, chooses whom to ask.",
        evaluates_people=False,
        decides_about_people=False,
        code="connective.partners.domain.matching",
    ),
    WorkedOut(
        name="May this be shared?",
        about="sharing",
        from_what=("agreements", "what the family said", "restrictions", "overrides"),
        result="The categories that may be shown, with a sentence and a remedy for each that may not.",
        decided_by="People decided beforehand, by signing and agreeing; a named worker may go beyond it, reviewed.",
        evaluates_people=False,
        decides_about_people=False,
        code="connective.consent.domain.decision",
    ),
    WorkedOut(
        name="Likely duplicates and likely twins",
        about="record",
        from_what=("names", "dates of birth", "home"),
        result="Records proposed for a look; none is merged.",
        decided_by="A person merges, and it can be undone.",
        evaluates_people=False,
        decides_about_people=False,
        code="connective.families.domain.duplicates",
    ),
    WorkedOut(
        name="Clocks of requests",
        about="request",
        from_what=("working days", "what each service promised"),
        result="Reminders, and in the end the request lapses; the family's record is not touched.",
        decided_by="The coordinator is told before, and the referrer may ask again.",
        evaluates_people=False,
        decides_about_people=False,
        code="connective.referrals.domain.clocks",
    ),
    WorkedOut(
        name="Unusual access",
        about="staff",
        from_what=tuple(kind.value for kind in FindingKind),
        result="A question with its reason and figures, about somebody's reading of records.",
        decided_by="An officer other than the person it is about answers it.",
        evaluates_people=True,
        decides_about_people=False,
        code="connective.consent.domain.audit_unusual",
    ),
)

"""What officers call what agreements hold: categories, purposes, bases, states, with help in plain English.

The words of categories and purposes are the product's own glossary; the articles are those of UK GDPR as amended by the
Data (Use and Access) Act 2025. Which of them a party may rely on is decided by the API alone.
"""

from collections.abc import Iterable

from connective.frontend.domain.words import in_order, sentence, words

CATEGORIES = {
    "identity": "Identity: names, date of birth, sex",
    "identifiers": "Identifying numbers: NHS number, unique pupil number",
    "contact_details": "Contact details",
    "communication": "Communication: languages, interpreter, accessible formats",
    "address": "Address",
    "household": "Household: members, relationships, parental responsibility",
    "education": "Education",
    "health": "Health and pregnancy",
    "disability_send": "Disability and special educational needs",
    "finance": "Money",
    "housing": "Housing",
    "employment": "Work",
    "safeguarding": "Safeguarding",
    "staff_safety": "What a visitor must know to be safe",
    "immigration": "Immigration",
    "offending": "Offending",
    "ethnicity_religion": "Ethnicity and religion",
    "sex_life_orientation": "Sex life and orientation",
    "professionals": "Who else is involved",
    "voice": "Own words and wishes",
    "needs": "Needs and the reason for asking",
    "case_plan": "Plan of the case",
    "progress": "Progress: state, dates, reason",
}
SPECIAL = frozenset({"disability_send", "ethnicity_religion", "health", "safeguarding", "sex_life_orientation"})
"""Special category data, or handled as if they were: an Article 9 condition is needed."""
OFFENCE = frozenset({"offending"})
"""Criminal offence data: an authority under Article 10 is needed."""
PURPOSES = {
    "referral": "Asking for help (referral)",
    "early_help_coordination": "Coordinating early help",
    "direct_care": "Direct care",
    "transition": "Moving on to another service or school",
    "safeguarding": "Safeguarding",
    "planning": "Planning services",
    "audit": "Audit",
    "research": "Research",
}
METHODS = {
    "hub_page": "On the Hub’s own pages",
    "api": "Between the organisations’ systems",
    "secure_link": "By a secure link",
}
ARTICLE_6 = {
    "6(1)(a)": ("Consent", "The person has said yes, freely, and can take it back. Seldom right for a public body."),
    "6(1)(b)": ("Contract", "It is needed for a contract with the person."),
    "6(1)(c)": ("Legal obligation", "A law says that this party must. Name the law."),
    "6(1)(d)": ("Vital interests", "It is needed to save somebody’s life."),
    "6(1)(e)": ("Public task", "A law gives this party the task. For public bodies; name the law."),
    "6(1)(ea)": ("Recognised legitimate interest",
                 "Safeguarding, emergencies and the like. Not open to a public body for its own task."),
    "6(1)(f)": ("Legitimate interests",
                "This party’s own good reason, weighed against the person’s. Not open to a public body for its task."),
}  # fmt: skip
ARTICLE_9 = {
    "9(2)(a)": ("Explicit consent", "The person has said yes to this in so many words."),
    "9(2)(b)": ("Social protection", "A duty of social protection law. Needs a Schedule 1 paragraph."),
    "9(2)(c)": ("Vital interests", "To save somebody’s life who cannot consent."),
    "9(2)(f)": ("Legal claims", "For claims in law, or a court."),
    "9(2)(g)": ("Substantial public interest", "Such as safeguarding. Needs a Schedule 1 paragraph."),
    "9(2)(h)": ("Health or social care", "To provide or manage care. Needs a Schedule 1 paragraph."),
    "9(2)(i)": ("Public health", "Needs a Schedule 1 paragraph."),
    "9(2)(j)": ("Research", "Archiving, research or statistics. Needs a Schedule 1 paragraph."),
}  # fmt: skip
PEOPLE = {"everyone": "Adults and children", "adults": "Adults only", "children": "Children only"}
PROHIBITED = {
    "debt_recovery": "Recovering debts",
    "immigration_enforcement": "Immigration enforcement",
    "marketing": "Marketing",
    "recruitment": "Recruitment",
    "rent_enforcement": "Enforcing rent",
    "research": "Research",
}
AT_END = {
    "delete": "Each party deletes what it received, and confirms it with a name and the date",
    "return": "Each party returns what it received, and confirms it with a name and the date",
}
PARTY_ROLES = {"controller": "Controller", "joint_controller": "Joint controller", "processor": "Processor"}
STATES = {
    "draft": ("Draft", "grey"),
    "in_review": ("Being reviewed", "yellow"),
    "awaiting_signatures": ("Waiting for signatures", "yellow"),
    "active": ("In force", "green"),
    "suspended": ("Suspended: nothing is shared", "red"),
    "expired": ("Expired", "grey"),
    "terminated": ("Ended early", "grey"),
    "superseded": ("Replaced by a later version", "grey"),
    "in_force": ("In force", "green"),
    "proposed": ("Waiting to be confirmed", "yellow"),
    "ended": ("Ended", "grey"),
}
"""The words and the colour of a state's tag, of agreements, memoranda and arrangements."""
STANDINGS = {
    "active": "In force",
    "awaiting": "Waiting for reviews or signatures",
    "in_preparation": "In preparation, drafts too",
    "review_due": "Review due",
    "suspended": "Suspended",
    "expired": "Expired",
    "ended": "Ended, for whatever reason",
}
ENTITY_KINDS = {
    "academy_trust": "Academy trust",
    "charity": "Charity",
    "company": "Company",
    "council": "Council",
    "housing_association": "Housing association",
    "maintained_school": "Maintained school",
    "nhs_body": "NHS body",
    "other": "Other",
}
_REFUSED = {
    "no_agreement": "there is no agreement between them",
    "agreement_expired": "the agreement had expired",
    "agreement_suspended": "the agreement was suspended",
    "agreement_not_active": "the agreement was not in force",
    "category_not_in_agreement": "the agreement does not cover that kind of information",
    "organisation_excluded": "the agreement leaves that team out",
    "party_has_not_signed": "a party has not signed",
    "purpose_not_compatible": "teams of one organisation do not share names for that purpose",
    "method_not_in_agreement": "the agreement does not cover that way of sending",
    "person_not_covered": "the agreement does not cover these people",
}


def category(code: str) -> str:
    """A category in few words, for tables: what stands before the colon."""
    return CATEGORIES.get(code, sentence(code)).partition(":")[0]


def categories(codes: Iterable[str]) -> list[str]:
    """Categories in few words, in the order of every list."""
    return [category(each) for each in in_order(codes)]


def kinds(codes: Iterable[str]) -> str:
    """Categories as one line: "Address, contact details, health, and pregnancy"."""
    line = ", ".join(each.lower() for each in categories(codes))
    return line[:1].upper() + line[1:]


def purpose(code: str) -> str:
    """A purpose in words."""
    return PURPOSES.get(code, sentence(code))


def article_6(code: str) -> str:
    """A lawful basis by its name and number."""
    return f"{ARTICLE_6[code][0]}, Article {code}" if code in ARTICLE_6 else f"Article {code}"


def article_9(code: str | None) -> str:
    """A condition for special category data by its name and number; empty where there is none."""
    if not code:
        return ""
    return f"{ARTICLE_9[code][0]}, Article {code}" if code in ARTICLE_9 else f"Article {code}"


def state_of(code: str) -> tuple[str, str]:
    """A state's words and the colour of its tag."""
    return STATES.get(code, (sentence(code), "grey"))


def refusal(code: str) -> str:
    """Why nothing went, as the end of a sentence."""
    return _REFUSED.get(code, words(code))


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: one, two and three."""
    found = list(names)
    return " and ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)

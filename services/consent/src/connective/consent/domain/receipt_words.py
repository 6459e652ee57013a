"""The words of a family's receipt, by language; a translation is one more entry of the same shape."""

from dataclasses import dataclass

from connective.consent.domain.consent import How
from connective.contracts.categories import Category, Purpose


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """Everything a receipt says. Short sentences of common words; `{…}` is filled in."""

    titles: dict[str, str]
    """By kind and state."""
    headings: dict[str, str]
    sentences: dict[str, str]
    categories: dict[Category, str]
    purposes: dict[Purpose, str]
    how: dict[How, str]
    months: tuple[str, ...]


ENGLISH = ReceiptWords(
    titles={
        "agreement_to_engage/given": "You agreed to be helped",
        "agreement_to_engage/refused": "You said no to being helped",
        "agreement_to_engage/withdrawn": "You no longer want to be helped",
        "agreement_to_engage/expired": "Your agreement to be helped has run out",
        "consent/given": "You agreed that we share information",
        "consent/refused": "You said no to sharing information",
        "consent/withdrawn": "You no longer want us to share information",
        "consent/expired": "Your agreement that we share information has run out",
    },
    headings={
        "who": "Who this is about",
        "what": "What it covers",
        "whom": "Who may receive it",
        "why": "Why",
        "long": "How long it lasts",
        "change": "If you change your mind",
        "safety": "When we may share without asking",
        "contacts": "Who to ask or complain to",
        "about": "About this receipt",
    },
    sentences={
        "self": "You said this for yourself.",
        "self_and_one": "You said this for yourself and one other person.",
        "self_and_others": "You said this for yourself and {count} other people.",
        "one": "You said this for one person.",
        "others": "You said this for {count} people.",
        "body": "{speaker} said this for {body}.",
        "help_every": "Help from every kind of service we work with.",
        "help": "Help from these kinds of service:",
        "data": "This information:",
        "recipients_every": "Every organisation that a signed agreement lets us work with on this.",
        "recipient_team": "{name} ({team})",
        "purposes_every": "To get your family the help you asked for.",
        "said": "You told us on {day}, {how}.",
        "interpreter": "Somebody interpreted for you.",
        "notice": "We showed you: {notice}.",
        "until": "It lasts until {day} at the latest. We will ask you again before then if it is still needed.",
        "no": "We will keep to it. You can say yes later if you wish.",
        "ended": "It ended on {day}. From then on we share nothing because of it.",
        "withdraw": "You can change your mind at any time, and you need not say why. Tell any worker of {name}, in any "
        "way: in person, by phone or in writing.",
        "effect": "We stop sharing at once. What was shared before cannot be taken back, but we will tell those who "
        "have it. Changing your mind never counts against you.",
        "safety": "If somebody may be seriously harmed, or the law says we must, we may share what is needed to keep "
        "them safe even without your agreement. We tell you unless that would put somebody at risk.",
        "officer": "The data protection officer of {name}: {contact}",
        "regulator": "If you are not happy with how your information is used, you can also complain to the Information "
        "Commissioner's Office: ico.org.uk/make-a-complaint, telephone 0303 123 1113, or Wycliffe House, Water Lane, "
        "Wilmslow, SK9 5AF.",
        "names": "It carries no names on purpose, so that nobody who finds it learns whose it is.",
        "reference": "If you ask us about it, give this number: {reference}",
        "made": "Printed on {day}.",
    },
    categories={
        Category.ADDRESS: "where you live",
        Category.CASE_PLAN: "the plan we made with you",
        Category.COMMUNICATION: "the languages you use and how you like to be contacted",
        Category.CONTACT_DETAILS: "your phone number and e-mail address",
        Category.DISABILITY_SEND: "disability and special educational needs",
        Category.EDUCATION: "school or nursery",
        Category.EMPLOYMENT: "work",
        Category.ETHNICITY_RELIGION: "ethnic background and religion",
        Category.FINANCE: "money and benefits",
        Category.HEALTH: "health",
        Category.HOUSEHOLD: "who lives in your home and who is responsible for the children",
        Category.HOUSING: "your housing",
        Category.IDENTIFIERS: "NHS number and school pupil number",
        Category.IDENTITY: "names, dates of birth and sex",
        Category.IMMIGRATION: "immigration status",
        Category.NEEDS: "what you need help with",
        Category.OFFENDING: "offences",
        Category.PROFESSIONALS: "who else works with you",
        Category.PROGRESS: "how your request is getting on",
        Category.SAFEGUARDING: "worries about somebody's safety",
        Category.SEX_LIFE_ORIENTATION: "sex life and sexual orientation",
        Category.STAFF_SAFETY: "what a visitor must know to stay safe",
        Category.VOICE: "your own words and wishes",
    },
    purposes={
        Purpose.AUDIT: "to check that information is used properly",
        Purpose.DIRECT_CARE: "to care for you",
        Purpose.EARLY_HELP_COORDINATION: "so that everybody who helps you works together",
        Purpose.PLANNING: "to plan services",
        Purpose.REFERRAL: "to ask a service to help you",
        Purpose.RESEARCH: "for research",
        Purpose.SAFEGUARDING: "to keep somebody safe",
        Purpose.TRANSITION: "to help with a move, for example to a new school",
    },
    how={
        How.IN_PERSON: "in person",
        How.ONLINE: "on a form online",
        How.TELEPHONE: "by phone",
        How.VIDEO: "by video call",
        How.WRITTEN: "in writing",
    },
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
)
WORDS = {"en": ENGLISH}
"""By language (BCP 47)."""

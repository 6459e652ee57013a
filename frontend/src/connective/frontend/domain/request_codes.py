"""The codes of a request in plain words: what happened, why, how it ended; and the choices that forms offer."""

from connective.frontend.domain.words import SEVERITY, sentence

Choices = tuple[tuple[str, str], ...]

DECLINE: Choices = (
    ("at_capacity", "We have no room now"),
    ("not_eligible", "The family does not fit what we offer"),
    ("out_of_area", "They live outside our area"),
    ("threshold_not_met", "Less help than ours is needed"),
    ("needs_statutory_help", "More help than ours is needed: children’s or adult social care"),
    ("duplicate", "We have this request already"),
    ("already_supported", "Somebody helps them with this already"),
    ("awaiting_another_assessment", "Another assessment must come first"),
    ("insufficient_information", "We asked a question, and it was not answered"),
    ("unable_to_contact", "We could not reach the family"),
    ("family_declined", "The family does not want it"),
    ("cannot_deliver_safely", "We cannot do it safely"),
    ("not_appropriate", "It is not right for this family"),
    ("service_ended", "We no longer offer it"),
    ("other", "Another reason"),
)
PAUSE: Choices = (
    ("family_away", "The family is away"),
    ("family_asked", "The family asked for a pause"),
    ("awaiting_other_service", "We wait for another service"),
    ("staff_absence", "Our worker is away"),
    ("other", "Another reason"),
)
WITHDRAW: Choices = (
    ("no_longer_needed", "Help is no longer needed"),
    ("family_changed_mind", "The family changed its mind"),
    ("family_moved", "The family moved away"),
    ("wrong_service", "It went to the wrong service"),
    ("sent_in_error", "It was sent by mistake"),
    ("other", "Another reason"),
)
OUTCOME: Choices = (
    ("received", "They had the help"),
    ("received_in_part", "They had some of the help"),
    ("not_received", "They did not have the help"),
    ("unable_to_contact", "We could not reach them"),
)
NO_VIEW: Choices = (
    ("not_asked", "They were not asked"),
    ("did_not_want_to_say", "They did not want to say"),
    ("could_not_reach", "We could not reach them"),
    ("too_young", "Too young to say"),
    ("not_appropriate", "It would not have been right to ask"),
)
SEVERITIES: Choices = tuple((str(number), called) for number, called in SEVERITY.items())
PROPOSAL: Choices = (
    ("better_suited", "It suits the family better"),
    ("at_capacity", "We have no room now"),
    ("not_eligible", "The family does not fit what we offer"),
    ("out_of_area", "They live outside our area"),
    ("other", "Another reason"),
)
SECOND_LOOK: Choices = (
    ("circumstances_changed", "Things have changed for the family"),
    ("information_was_missing", "Something was not known when they decided"),
    ("family_disagrees", "The family disagrees"),
    ("professional_disagreement", "We, as professionals, disagree"),
)
SECOND_ANSWER: Choices = (
    ("ask_again", "A new request is welcome"),
    ("upheld", "We keep to our answer"),
)
METHOD: Choices = (
    ("telephone", "Telephone call"),
    ("message", "Text message or email"),
    ("letter", "Letter"),
    ("home_visit", "Visit to the home"),
)
FRONT_DOOR: Choices = (
    ("recipient_phoned", "We have telephoned the front door"),
    ("referrer_must_phone", "Whoever asked us must telephone the front door"),
)
TELLS: Choices = (
    ("lead_practitioner", "The worker who asked us"),
    ("recipient", "We tell them ourselves"),
)
TOLD: Choices = (
    ("told", "The family has been told"),
    ("unsafe_to_tell", "Telling them would not be safe"),
)
PACKING: Choices = (
    ("nappies", "Nappies"), ("baby_food", "Baby food"), ("period_products", "Period products"),
    ("pet_food", "Pet food"), ("kettle_only", "Kettle only: food that needs hot water"),
    ("cold_food_only", "Cold food only: nothing to cook"), ("no_dairy", "No dairy"), ("no_egg", "No egg"),
    ("no_fish", "No fish"), ("no_gluten", "No gluten"), ("no_nuts", "No nuts"), ("halal", "Halal"),
    ("kosher", "Kosher"), ("vegetarian", "Vegetarian"), ("vegan", "Vegan"),
)  # fmt: skip
HOLDS: Choices = (
    ("agreement_ended", "The agreement to share has ended"),
    ("agreement_suspended", "The agreement to share is suspended"),
    ("consent_expired", "The family’s consent has run out"),
    ("consent_refused", "The family said no to sharing"),
    ("consent_withdrawn", "The family took its consent back"),
    ("coordinator", "The hub coordinator holds it"),
    ("objection_raised", "Somebody objected, and an officer decides"),
    ("organisation_suspended", "An organisation is suspended"),
    ("processing_restricted", "Somebody asked that their information is not used for now"),
    ("referrer_decides", "The worker who asked decides whether it goes on"),
    ("sharing_not_permitted", "Sharing is not permitted at the moment"),
)
FACTS = {
    "made": "Written",
    "submitted": "Sent",
    "blocked": "Not sent: something was missing",
    "amended": "Changed",
    "corrected": "Taken back to correct it",
    "received": "Opened",
    "accepted": "Accepted",
    "declined": "Declined",
    "waitlisted": "Put on the waiting list",
    "information_requested": "A question was asked",
    "answered": "The question was answered",
    "started": "First contact made",
    "paused": "Paused",
    "resumed": "Taken up again",
    "completed": "Finished",
    "withdrawn": "Taken back",
    "held": "Put on hold",
    "released": "No longer on hold",
    "redirected": "Sent to another service instead",
    "lapsed": "Ran out of time",
    "overdue": "Became late",
    "message_posted": "A message was written",
    "redirect_proposed": "Another service was proposed",
    "redirect_refused": "The proposal was refused",
    "contact_attempted": "Tried to reach the family",
    "not_engaged": "Tried to reach the family as often as promised; nobody answered",
    "family_told": "Telling the family was settled",
    "second_look_asked": "A second look was asked for",
    "second_look_answered": "The second look was answered",
}
"""What happened to a request, by the code of the fact."""
_REASONS = {
    code: text
    for choices in (
        DECLINE, PAUSE, WITHDRAW, OUTCOME, PROPOSAL, SECOND_LOOK, SECOND_ANSWER, TOLD, HOLDS,
        (("assessed_not_eligible", "Our assessment found that it is not for them"),),
    )
    for code, text in choices
    if code != "other"
}  # fmt: skip


def reason(code: str | None) -> str:
    """Why something happened, in words."""
    return _REASONS.get(code or "", sentence(code))


def fact(code: str) -> str:
    """What happened, in words."""
    return FACTS.get(code, sentence(code))


def of(choices: Choices, code: object) -> str:
    """What a choice says."""
    return dict(choices).get(str(code), sentence(code))

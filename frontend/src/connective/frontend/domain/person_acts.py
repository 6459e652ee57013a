"""What may be recorded about one person beside their details: each a form, and what the API is sent for it."""

from collections.abc import Sequence

from connective.contracts.needs import needs_list
from connective.frontend.domain import family_words as named
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.fields import Field, Options
from connective.frontend.domain.person_act import Body, Call, Known, PersonAct
from connective.frontend.domain.picture import is_child, short_name
from connective.frontend.domain.sharing_acts import ACTS as SHARING

RESTRICT = "families:restriction:write"
RECORD = "consent:consent:record"
_MOST_CHILDREN = 3
_SOURCES: Options = tuple((each.code, each.text) for each in named.SOURCES)
_SEXES: Options = tuple((each.code, each.text) for each in named.SEXES)
_PARENTS: Options = (
    ("no", "No"),
    ("birth_registration", "Yes, and will be named on the birth certificate"),
    ("married_to_mother", "Yes, and married to the mother"),
    ("parent", "Yes, without parental responsibility, or it is not known"),
)
_SEEN = "duplicates_seen"


def _strength_fields(known: Known) -> Sequence[Field]:
    recorded = {each["code"] for each in known.strengths if not each["until"]}
    options = tuple((each.code, each.name) for each in needs_list().strengths.values() if each.code not in recorded)
    return (
        Field(name="codes", label="What goes well?", kind="choices", options=options, pointer="/code",
              hint="Choose all that are so", required="Choose what goes well"),
        Field(name="source", label="How do you know?", kind="choice", options=_SOURCES, required="Choose how you know"),
    )  # fmt: skip


def _strength_calls(found: Body, known: Known) -> list[Call]:
    path = f"/people/{known.person['id']}/strengths"
    return [Call(path, {"code": code, "source": found["source"]}) for code in found["codes"]]


def _pregnancy_fields(_: Known) -> Sequence[Field]:
    return (Field(name="due_on", label="When is the child due?", kind="date",
                  required="Enter the day, or your best guess",
                  hint="For example, 27 3 2027. If nobody knows, your best guess"),)  # fmt: skip


def _pregnancy_calls(found: Body, known: Known) -> list[Call]:
    return [Call(f"/people/{known.person['id']}/pregnancies", {"due_on": found["due_on"]})]


def _pregnancy(known: Known) -> str:
    return f"/people/{known.person['id']}/pregnancies/{known.person['pregnancy_id']}"


def _child_fields(number: int) -> Sequence[Field]:
    which = {1: "", 2: " of the second, if twins", 3: " of the third, if triplets"}[number]
    at = f"/children/{number - 1}"
    return (
        Field(name=f"given-{number}", label=f"First names{which}", pointer=f"{at}/given_names",
              hint="" if number > 1 else "Leave this out if the child has none yet"),
        Field(name=f"sex-{number}", label=f"Sex{which}", kind="choice", options=_SEXES, pointer=f"{at}/sex",
              required="" if number > 1 else "Choose one"),
    )  # fmt: skip


def _birth_fields(known: Known) -> Sequence[Field]:
    children = [each for number in range(1, _MOST_CHILDREN + 1) for each in _child_fields(number)]
    adults = [
        Field(name=f"parent-{each['id']}", label=f"Is {short_name(each)} a parent of the child?", kind="choice",
              options=_PARENTS, pointer="/other_parents")
        for each in _others(known)
    ]  # fmt: skip
    return (
        Field(name="born_on", label="When was the child born?", kind="date", past=True,
              required="Enter the day of the birth"),
        *children[:2],
        Field(name="family_name", label="Family name", required="Enter a family name",
              pointer="/children/0/family_name",
              hint="As it will be on the birth certificate, or the mother’s for now"),
        *adults,
        *children[2:],
    )  # fmt: skip


def _others(known: Known) -> list[Body]:
    """Who else of the family could be a parent."""
    people = [each["person"] for each in known.record["people"] if not each["until"]]
    return [each for each in people if each["id"] != known.person["id"] and not is_child(each)]


def _birth_calls(found: Body, known: Known) -> list[Call]:
    family_name = found["family_name"]
    children = [
        {"given_names": found.get(f"given-{number}") or "", "family_name": family_name,
         "sex": found.get(f"sex-{number}") or "unknown"}
        for number in range(1, _MOST_CHILDREN + 1)
        if number == 1 or found.get(f"given-{number}") or found.get(f"sex-{number}")
    ]  # fmt: skip
    parents: list[Body] = []
    for each in _others(known):
        held = found.get(f"parent-{each['id']}") or "no"
        if held != "no":
            responsibility = {} if held == "parent" else {"responsibility": held}
            parents.append({"person_id": each["id"], **responsibility})
    body = {"family_id": known.record["id"], "born_on": found["born_on"], "children": children,
            "other_parents": parents, _SEEN: found.get(_SEEN) or []}  # fmt: skip
    return [Call(f"{_pregnancy(known)}/birth", body)]


def _loss_fields(_: Known) -> Sequence[Field]:
    return (Field(name="on", label="When was it?", kind="date", past=True, hint="Leave this out if you do not know"),)


def _loss_calls(found: Body, known: Known) -> list[Call]:
    return [Call(f"{_pregnancy(known)}/loss", {"on": found["on"]} if found["on"] else {})]


def _death_fields(_: Known) -> Sequence[Field]:
    return (Field(name="died_on", label="When did they die?", kind="date", past=True, required="Enter the day"),)


def _death_calls(found: Body, known: Known) -> list[Call]:
    return [Call(f"/people/{known.person['id']}", {"died_on": found["died_on"]}, patch=True)]


def _no_fields(_: Known) -> Sequence[Field]:
    return ()


def _resume_calls(_: Body, known: Known) -> list[Call]:
    return [Call(f"/people/{known.person['id']}/notices/resume", {})]


RESTRICTIONS: Options = (
    ("whereabouts", "Where they are must not be known: a refuge, or flight"),
    ("own_record", "They work here: they must not read their own family’s record"),
    ("conflict", "A colleague must not see this record: a relative, a neighbour, a party to it"),
)


def _restrict_fields(known: Known) -> Sequence[Field]:
    return (
        Field(name="kind", label="What must be kept from whom?", kind="choice", options=RESTRICTIONS,
              required="Choose what is restricted"),
        Field(name="named_account_ids", label="Which colleagues?", kind="choices", of_people=True,
              options=known.colleagues,
              hint="For a hidden place: who may still see where they are; you always may. "
                   "Otherwise: who must not see the record"),
    )  # fmt: skip


def _restrict_calls(found: Body, known: Known) -> list[Call]:
    body = {"kind": found["kind"], "named_account_ids": found["named_account_ids"]}
    return [Call(f"/people/{known.person['id']}/restrictions", body)]


_RIGHTS: Options = (
    ("access", "A copy of what is held about them"),
    ("rectification", "That something is put right that you cannot put right yourself"),
    ("restriction", "That their information is kept, and not used for now"),
    ("erasure", "That what is held about them is erased"),
)


def _rights_fields(known: Known) -> Sequence[Field]:
    asking = ((known.person["id"], known.who), *((each["id"], short_name(each)) for each in _others(known)))
    return (
        Field(name="kind", label="What is asked for?", kind="choice", options=_RIGHTS, required="Choose what is asked"),
        Field(name="asked_by", label="Who asks?", kind="choice", options=asking, required="Choose who asks"),
        Field(name="received_on", label="When did they ask?", kind="date", past=True, required="Enter the day",
              hint="The month to answer begins on this day"),
        Field(name="about", label="What is it about?", kind="long", longest=4000,
              hint="In their words. Your data protection officer reads it"),
    )  # fmt: skip


def _rights_calls(found: Body, known: Known) -> list[Call]:
    about = {"person_id": known.person["id"], "family_id": known.record["id"], "about": found["about"] or ""}
    asked = {name: found[name] for name in ("kind", "asked_by", "received_on")}
    return [Call("/rights-requests", about | asked)]


def _expects(person: Body) -> bool:
    return bool(person.get("pregnancy_id")) and not person["died_on"]


ACTS: dict[str, PersonAct] = {
    "strength": PersonAct(
        "What goes well", "What goes well for {who}?", _strength_fields, _strength_calls,
        words=("What help can build on. Ask them: people say other things of themselves than others say of them.",),
    ),
    "pregnancy": PersonAct(
        "A child is expected", "{who} expects a child", _pregnancy_fields, _pregnancy_calls,
        words=("It is information about health. Nobody who is asked for help is told of it.",),
        fits=lambda person: not _expects(person) and not person["died_on"] and not is_child_under_ten(person),
    ),
    "birth": PersonAct(
        "A child was born", "{who}’s child was born", _birth_fields, _birth_calls,
        words=("The child becomes a person of this family’s record, with their mother and whoever else you name.",),
        fits=_expects,
    ),
    "loss": PersonAct(
        "The pregnancy ended", "{who}’s pregnancy ended in loss", _loss_fields, _loss_calls, button="Record the loss",
        words=("Nobody is prompted to contact the family about it from now on, and open requests wait for you.",
               "Speak to them with care. Once you know that they are ready, say so here, and messages go again."),
        fits=_expects,
    ),
    "death": PersonAct(
        "Somebody has died", "{who} has died", _death_fields, _death_calls, button="Record the death",
        words=("No message is sent to them or about them from now on. Requests that are open wait for you.",),
    ),
    "resume": PersonAct(
        "Messages may be sent again", "May messages about {who} be sent again?", _no_fields, _resume_calls,
        button="They may be sent again",
        words=("They stopped after a loss. Say this only if you have spoken to them.",),
        fits=lambda person: bool(person.get("notices_stopped")) and not person["died_on"],
    ),
    "rights": PersonAct(
        "A request about information", "A request about {who}’s information", _rights_fields, _rights_calls,
        button="Pass it on", permission=RECORD,
        words=("Your data protection officer answers within a month. What you can put right yourself, put right now.",),
        fits=lambda _: True,
    ),
    "restrict": PersonAct(
        "Restrict who sees a record", "Restrict who sees {who}’s record", _restrict_fields, _restrict_calls,
        button="Restrict it", permission=RESTRICT,
        words=("It holds at once, and it takes two of you to lift it.",),
        warning="Where somebody’s place must not be known, nobody who is not named here sees their address, telephone, "
                "school or GP practice, and no search finds them or whoever lives with them. You may still see it.",
    ),
    **SHARING,
}  # fmt: skip
"""Every act by its name in the address."""


def is_child_under_ten(person: Body) -> bool:
    """Whether a pregnancy is out of the question, so that it is not offered."""
    age = person.get("age_years")
    return age is not None and age < 10


def open_acts(person: Body, permissions: frozenset[str]) -> list[str]:
    """What may be recorded of this person now, by somebody with these permissions."""
    return [name for name, act in ACTS.items() if act.permission in permissions and act.fits(person)]


def look_again(problem: Refused) -> Field | None:
    """The question that a likely duplicate leads to: whether the worker has looked at whoever is known already."""
    candidates = problem.document.get("candidates") or ()
    if problem.code != "likely-duplicate" or not candidates:
        return None
    options = tuple(
        (str(each["person_id"]), f"{each.get('name') or 'Somebody whose name is not shown'}"
                                 f"{', born in ' + str(each['year_of_birth']) if each.get('year_of_birth') else ''}")
        for each in candidates
    )  # fmt: skip
    return Field(name=_SEEN, label="Somebody like this is known already. Tick each who is another person",
                 kind="choices", options=options, required="Look at each, and tick who is another person")  # fmt: skip

"""What a family says: yes or no to being helped, yes or no to sharing, an objection, and that they were told.

Who may speak for whom is the record's to say (domain rules, decision rule 5): the ground that it shows is offered
first, and the API refuses what it does not bear out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.contracts.needs import needs_list
from connective.frontend.domain import agreeing_words as said
from connective.frontend.domain.fields import Field, Option, Typed, one
from connective.frontend.domain.form_view import FormView, one_of_several
from connective.frontend.domain.picture import age_of, is_child, short_name

PRESUMED_ABLE = 16
"""From this age on somebody is presumed able to decide (Mental Capacity Act 2005 s1 and s2(5))."""
_BODY = "body:"
_CARING = frozenset({"carer", "foster_carer", "kinship_carer", "step_parent"})
_OF_RESPONSIBILITY = {
    "special_guardianship": "special_guardianship",
    "child_arrangements_order": "child_arrangements_order",
    "delegated": "delegated",
}
_FREE_TEXT = "Your organisation and its data protection officer can read this. Nobody who is asked to help can"


@dataclass(frozen=True, slots=True)
class Saying:
    """What is being recorded, who says it, and about whom."""

    code: str
    record: Mapping[str, Any]
    by: str
    about: tuple[str, ...]

    @property
    def people(self) -> dict[str, Mapping[str, Any]]:
        """Everybody in the family now, by id."""
        return {each["person"]["id"]: each["person"] for each in self.record["people"] if not each["until"]}

    @property
    def chosen(self) -> bool:
        """Whether it is known who says it, and about whom."""
        speaks = self.code == "told" or self.by in self.people or self.by.startswith(_BODY)
        return speaks and bool(self.about) and set(self.about) <= self.people.keys()

    @property
    def speaker(self) -> str:
        """Who says it, in a sentence."""
        return short_name(self.people[self.by]) if self.by in self.people else "The council"


def choose_page(back: str) -> FormView:
    """What was said."""
    options = tuple(Option(each.code, each.text, each.hint) for each in said.SAYINGS)
    question = Field(
        name="say", label="What do they say?", kind="radios", required="Choose what they say", options=options
    )
    words = (
        "Being helped and sharing are two questions. A family can want help and still say no to sharing something.",
        "Ask each person who can decide for themself. Nobody can agree for another adult.",
    )
    return one_of_several("Record what they say", "Record what the family says", (question,), back, words=words)


def who_page(saying: Saying, councils: Sequence[tuple[str, str]], back: str) -> FormView:
    """Who says it, and about whom."""
    people = [Option(key, f"{_full(each)}, {age_of(each)}") for key, each in saying.people.items()]
    bodies = [Option(f"{_BODY}{key}", f"The council, under a care order ({name})") for key, name in councils]
    questions = []
    if saying.code != "told":
        label = "Who objects?" if saying.code == "object" else "Who says it?"
        bodies = [] if saying.code == "object" else bodies
        questions.append(
            Field(name="by", label=label, kind="radios", required="Choose who says it", options=(*people, *bodies))
        )
    about = "Who was told?" if saying.code == "told" else "About whom?"
    hint = "" if saying.code == "told" else "Themself, and children for whom they may decide. Not another adult"
    questions.append(
        Field(
            name="about",
            label=about,
            kind="choices",
            required="Choose at least one person",
            hint=hint,
            options=tuple(people),
        )
    )
    return one_of_several("Record what they say", said.named(saying.code).text, questions, back)


def _full(person: Mapping[str, Any]) -> str:
    return f"{person['given_names']} {person['family_name']}".strip() or "Name not shown"


def details_page(saying: Saying, organisations: Sequence[Mapping[str, Any]], own: str, back: str) -> FormView:
    """On what ground it is said, about what, and how."""
    others = tuple(Option(each["id"], each["name"]) for each in organisations if each["id"] != own)
    questions: list[Field] = []
    if saying.code in said.RECORDED:
        questions += [each for key in saying.about for each in _grounds(saying, key)]
        if saying.by.startswith(_BODY):
            questions.append(Field(name="spoken_by", label="Who spoke for the council, and in which role?",
                                   pointer="/given_for/spoken_by", required="Enter who spoke for the council",
                                   longest=200, width="30"))  # fmt: skip
    questions += _scope(saying.code, others)
    questions.append(Field(name="how",
                           label="How did they say it?" if saying.code != "told" else "How were they told?",
                           kind="radios", required="Choose how", options=said.HOW))  # fmt: skip
    if saying.code == "told":
        questions.append(Field(name="told_on", label="When?", kind="date", required="Enter the day", past=True))
    questions += _INTERPRETED
    if saying.code == "told":
        questions += (Field(name="document_reference", label="Which notice was it?", longest=300),
                      Field(name="document_version", label="Which version of it?", longest=300))  # fmt: skip
    elif saying.code == "object":
        questions.append(Field(name="reason", label="Why do they object?", kind="long", hint=_FREE_TEXT, longest=4000))
    else:
        questions += _evidence(yes=saying.code.endswith("yes"))
    heading = f"{saying.speaker}: {said.named(saying.code).short}" if saying.code != "told" else "They were told"
    chosen = [("how_asked", "yes"), ("by", saying.by), *(("about", each) for each in saying.about)]
    words = (_about_words(saying),)
    return one_of_several("Record what they say", heading, questions, back, "Save", words=words, hidden=chosen)


def _about_words(saying: Saying) -> str:
    names = [short_name(saying.people[key]) for key in saying.about]
    return f"About {_listed(names)}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


_INTERPRETED = (
    Field(
        name="interpreter_kind",
        label="If somebody interpreted, who was it?",
        kind="select",
        pointer="/interpreter/kind",
        options=said.INTERPRETERS,
        empty="Not known, or none",
    ),
    Field(
        name="interpreter_language",
        label="Into which language?",
        kind="select",
        options=said.LANGUAGES,
        pointer="/interpreter/language",
        empty="Not known, or none",
    ),
    Field(
        name="interpreter_name",
        label="The interpreter’s name, or the service’s",
        pointer="/interpreter/name",
        longest=200,
    ),
)


def _evidence(*, yes: bool) -> tuple[Field, ...]:
    until = Field(
        name="ends_on", label="Until when?", kind="date", hint="Leave this out for a year, which is the longest"
    )
    return (
        Field(
            name="notice_reference",
            label="Which privacy notice were they shown?",
            hint="Its name or number",
            pointer="/notice/reference",
            longest=300,
        ),
        Field(name="notice_version", label="Which version of it?", pointer="/notice/version", longest=300, width="10"),
        Field(name="evidence", label="If they signed something, where is it kept?", longest=300, width="30"),
        *([until] if yes else []),
        Field(name="note", label="Anything they said about it", kind="long", hint=_FREE_TEXT, longest=4000),
    )


def _scope(code: str, others: tuple[Option, ...]) -> list[Field]:
    if code.startswith("agree"):
        kinds = tuple(Option(each.code, each.name) for each in needs_list().service_kinds.values())
        return [Field(name="service_kinds", label="Which kinds of help?", kind="choices",
                      pointer="/scope/service_kinds",
                      hint="Leave all empty for every kind of help that is offered here", options=kinds)]  # fmt: skip
    must = code.startswith("consent")
    scope = "/scope" if must else ""
    found = [Field(name="recipients", label="With whom?" if must else "Which organisations?", kind="choices",
                   required="Choose at least one organisation" if must else "",
                   hint="" if must else "Leave all empty for every organisation", options=others,
                   pointer=f"{scope}/recipient_organisation_ids")]  # fmt: skip
    if must:
        found.append(Field(name="categories", label="What may be shared?", kind="choices",
                           required="Choose at least one kind of information", options=said.CATEGORIES,
                           pointer=f"{scope}/categories"))  # fmt: skip
    if code != "object":
        found.append(Field(name="purposes", label="What for?", kind="choices",
                           required="Choose what for" if must else "", options=said.PURPOSES,
                           pointer=f"{scope}/purposes"))  # fmt: skip
    return found


def grounds_for(saying: Saying, person_id: str) -> tuple[Option, ...]:
    """On what grounds the speaker may speak for somebody: those that the record shows first."""
    person = saying.people[person_id]
    if saying.by == person_id:
        years = person.get("age_years")
        young = years < PRESUMED_ABLE if years is not None else is_child(person)
        return said.grounds("own_assessed_competent" if young else "own")
    if saying.by.startswith(_BODY):
        return said.grounds(*(["local_authority_care_order"] if is_child(person) else said.FOR_ADULTS))
    if not is_child(person):
        return said.grounds(*said.FOR_ADULTS)
    held = [
        _OF_RESPONSIBILITY.get(each["responsibility"], "parental_responsibility")
        if each.get("responsibility")
        else "carer_reasonable"
        for each in saying.record["relationships"]
        if (each["person_id"], each["of_person_id"]) == (saying.by, person_id) and not each["until"]
        and (each.get("responsibility") or each["kind"] in _CARING)
    ]  # fmt: skip
    return said.grounds(*dict.fromkeys([*held, *said.FOR_CHILDREN]))


def _grounds(saying: Saying, person_id: str) -> list[Field]:
    who = short_name(saying.people[person_id])
    options = grounds_for(saying, person_id)
    own = saying.by == person_id
    at = f"/about/{saying.about.index(person_id)}"
    assessed = f"{at}/{'competence' if own else 'incapacity'}"
    if own and options[0].code == "own":
        return []
    found = [] if own else [
        Field(name=f"authority-{person_id}", label=f"On what ground does {saying.speaker} speak for {who}?",
              kind="select", pointer=f"{at}/authority",
              required=f"Choose on what ground {saying.speaker} speaks for {who}", options=options),
        Field(name=f"evidence-{person_id}", label="What was seen?", pointer=f"{at}/evidence",
              hint="For an order, a delegation or a power of attorney: which, and when. For a carer: why it is "
                   "reasonable that they decide",
              longest=300, width="30"),
    ]  # fmt: skip
    if not own and is_child(saying.people[person_id]):
        return found
    able = "understands what this means" if own else "cannot decide this now"
    return [
        *found,
        Field(name=f"assessed_by-{person_id}", label=f"Who assessed that {who} {able}?",
              pointer=f"{assessed}/assessed_by", required="Enter who assessed it", longest=300),
        Field(name=f"assessed_how-{person_id}", label="How was it assessed?", required="Enter how it was assessed",
              pointer=f"{assessed}/how",
              longest=300, width="30"),
        Field(name=f"assessed_on-{person_id}", label="When?", kind="date", required="Enter when it was assessed",
              pointer=f"{assessed}/on", past=True),
    ]  # fmt: skip


def councils_of(organisations: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The councils that may speak under a care order, by the teams of theirs that are here."""
    found = {
        each["legal_entity_id"]: each["name"]
        for each in organisations
        if each["kind"] == "council_team" and each.get("legal_entity_id")
    }
    return list(found.items())


def body_of(saying: Saying, found: Mapping[str, Any]) -> dict[str, Any]:
    """A yes or no, as the API takes it."""
    plain = {name: found[name] for name in ("evidence", "ends_on", "note", "how") if name in found}
    given: dict[str, Any] = {"given_by": saying.by}
    if saying.by.startswith(_BODY):
        given = {
            "given_for": {"legal_entity_id": saying.by.removeprefix(_BODY), "spoken_by": found.get("spoken_by", "")}
        }
    notice = {"reference": found.get("notice_reference"), "version": found.get("notice_version", "")}
    return plain | given | interpreter_of(found) | {
        "kind": "agreement_to_engage" if saying.code.startswith("agree") else "consent",
        "state": "given" if saying.code.endswith("yes") else "refused",
        "family_id": saying.record["id"],
        "about": [_about(saying, key, found) for key in saying.about],
        "scope": {
            "service_kinds": found.get("service_kinds", []),
            "recipient_organisation_ids": found.get("recipients", []),
            "categories": found.get("categories", []),
            "purposes": found.get("purposes", []),
        },
        **({"notice": notice} if notice["reference"] else {}),
    }  # fmt: skip


def _about(saying: Saying, person_id: str, found: Mapping[str, Any]) -> dict[str, Any]:
    ground = found.get(f"authority-{person_id}") or grounds_for(saying, person_id)[0].code
    made: dict[str, Any] = {"person_id": person_id, "authority": ground}
    if found.get(f"evidence-{person_id}"):
        made["evidence"] = found[f"evidence-{person_id}"]
    if found.get(f"assessed_by-{person_id}"):
        assessed = {name: found.get(f"assessed_{name}-{person_id}", "") for name in ("how", "on")}
        of = "competence" if saying.by == person_id else "incapacity"
        made[of] = assessed | {"assessed_by": found[f"assessed_by-{person_id}"]}
    return made


def interpreter_of(found: Mapping[str, Any]) -> dict[str, Any]:
    """Who interpreted, as the API takes it; nothing where nobody did."""
    if not found.get("interpreter_kind"):
        return {}
    return {
        "interpreter": {
            "kind": found["interpreter_kind"],
            "language": found.get("interpreter_language", ""),
            "name": found.get("interpreter_name", ""),
        }
    }


def objections_of(saying: Saying, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An objection for each person it is about, as the API takes them."""
    shared = {"family_id": saying.record["id"], "raised_by": saying.by, "how": found["how"]} | interpreter_of(found)
    shared |= {"reason": found.get("reason", ""), "recipient_organisation_ids": found.get("recipients", [])}
    return [shared | {"person_id": key} for key in saying.about]


def notice_of(saying: Saying, found: Mapping[str, Any]) -> dict[str, Any]:
    """That people were told, as the API takes it."""
    plain = {
        name: found[name] for name in ("document_reference", "document_version", "told_on", "how") if name in found
    }
    return plain | interpreter_of(found) | {
        "family_id": saying.record["id"],
        "person_ids": list(saying.about),
        "recipient_organisation_ids": found.get("recipients", []),
        "purposes": found.get("purposes", []),
    }  # fmt: skip


def missing_words(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What must be said of an interpreter, where one is named."""
    if not found.get("interpreter_kind"):
        return []
    wanted = (("interpreter_language", "Choose the language"), ("interpreter_name", "Enter the interpreter’s name"))
    return [each for each in wanted if not found.get(each[0])]


def first_ground(saying: Saying, typed: Typed) -> dict[str, list[str]]:
    """What was typed, with the ground that the record shows chosen where nothing is yet."""
    shown = {name: list(values) for name, values in typed.items()}
    for key in saying.about:
        if saying.code in said.RECORDED and not one(typed, f"authority-{key}"):
            shown[f"authority-{key}"] = [grounds_for(saying, key)[0].code]
    return shown

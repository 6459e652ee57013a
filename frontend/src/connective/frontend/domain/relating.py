"""How people of a family are related: asked as whole sentences, so that nobody has to know which way round it goes."""

from collections.abc import Sequence
from typing import Any

from connective.frontend.domain import family_words as named
from connective.frontend.domain.fields import Errors, Field, Option, Typed, one

_CARING = ("parent", "step_parent", "grandparent", "kinship_carer", "foster_carer", "carer", "other_relative")
_MUTUAL = {"partner", "former_partner", "sibling"}
_WITHOUT = _MUTUAL | {"foster_carer"}
_PARENTS_ONLY = {"birth_mother", "birth_registration"}


def pair_options(who: str, who_child: bool, other: str, other_child: bool) -> tuple[Option, ...]:
    """What two people can be to each other. A code says whose kind it is: `other:parent` is the other's."""
    if who_child != other_child:
        side, adult, child = ("other", other, who) if who_child else ("who", who, other)
        caring = [Option(f"{side}:{kind}", f"{adult} is {child}’s {named.RELATIONSHIPS[kind]}") for kind in _CARING]
        return (*caring, Option("who:sibling", f"{who} and {other} are brothers or sisters"))
    shared = [Option("who:sibling", f"{who} and {other} are brothers or sisters")]
    if not who_child:
        shared = [
            Option("who:partner", f"{who} and {other} are partners"),
            Option("who:former_partner", f"{who} and {other} were partners"),
            *shared,
        ]
    either = [
        Option(f"{side}:{kind}", f"{one_} is {two}’s {named.RELATIONSHIPS[kind]}")
        for kind in ("parent", "carer", "other_relative")
        for side, one_, two in (("other", other, who), ("who", who, other))
    ]
    return (*shared, *either)


def related_questions(who: str, child: bool, others: Sequence[tuple[str, str, bool]]) -> list[Field]:
    """A question for each of the others, and where one of the two is a child, on what ground it is spoken for."""
    questions = []
    for key, other, other_child in others:
        options = pair_options(who, child, other, other_child)
        questions.append(
            Field(
                name=f"rel-{key}",
                label=f"{who} and {other}",
                kind="select",
                options=options,
                pointer="/kind",
                empty="Not known, or none",
            )
        )
        if child != other_child:
            adult, ward = (other, who) if child else (who, other)
            label = f"Does {adult} have parental responsibility for {ward}, and how?"
            hint = "Only if you have been told or have seen it. It decides who may say yes for a child"
            questions.append(
                Field(
                    name=f"pr-{key}",
                    label=label,
                    kind="select",
                    hint=hint,
                    pointer="/responsibility",
                    options=named.RESPONSIBILITIES,
                    empty="Not known, or none",
                )
            )
    return questions


def wrong_relations(typed: Typed, others: Sequence[tuple[str, str, bool]]) -> Errors:
    """Responsibility that a relationship cannot carry; the same rules as the API's, told beside the field."""
    errors: Errors = []
    for key, _, _ in others:
        kind = one(typed, f"rel-{key}").partition(":")[2]
        held = one(typed, f"pr-{key}")
        if held and not kind:
            errors.append((f"rel-{key}", "Choose how they are related too"))
        elif held and kind in _WITHOUT:
            errors.append((f"pr-{key}", "Parental responsibility is not held in this way: choose another, or none"))
        elif held in _PARENTS_ONLY and kind != "parent":
            errors.append((f"pr-{key}", "Only a parent holds parental responsibility in this way"))
    return errors


def relationships_of(key: str, typed: Typed, others: Sequence[tuple[str, str, bool]]) -> list[dict[str, Any]]:
    """How somebody is related to the others, as the API takes it."""
    found = []
    for other, _, _ in others:
        side, _, kind = one(typed, f"rel-{other}").partition(":")
        if not kind:
            continue
        person, of = (key, other) if side == "who" else (other, key)
        held = one(typed, f"pr-{other}")
        found.append({"person": person, "of": of, "kind": kind} | ({"responsibility": held} if held else {}))
    return found


def sentences_of(typed: Typed, questions: Sequence[Field]) -> list[str]:
    """What was said of how somebody is related, to be looked through."""
    said: list[str] = []
    for question in questions:
        chosen = question.words.get(one(typed, question.name), "")
        if not chosen:
            continue
        if question.name.startswith("pr-") and said:
            said[-1] = f"{said[-1]}, with parental responsibility: {chosen[:1].lower()}{chosen[1:]}"
        else:
            said.append(chosen)
    return said

"""The forms that are made from what a request, its form, or the directory says."""

from collections.abc import Mapping, Sequence
from typing import Any

from connective.frontend.domain import request_codes as codes
from connective.frontend.domain.fields import Errors, Field
from connective.frontend.domain.request_forms import (
    SAFEGUARDING,
    Asking,
    Body,
    Built,
    checked,
    report_fields,
    said,
    with_words,
    words_fields,
)


def service_asking(verb: str, options: Sequence[tuple[str, str]]) -> Asking:
    """The forms that name another service."""
    field = Field(
        name="service_id", label="Which service?", kind="choice", options=tuple(options), required="Choose a service"
    )
    if verb == "propose-redirect":
        why = Field(name="reason", label="Why?", kind="choice", options=codes.PROPOSAL, required="Say why")
        return Asking(
            title="Propose another service",
            button="Send the proposal",
            fields=(field, why),
            words=("Whoever asked decides. The request stays yours until then; the other service learns nothing.",),
        )
    return Asking(
        title="Send it to another service instead",
        button="Continue",
        fields=(field,),
        words=("This request ends here. A new one is made for the other service: you look through it, and send it.",),
    )


def elsewhere_asking(options: Sequence[tuple[str, str]]) -> Asking:
    """Asking another service of the same kind with what was written before."""
    field = Field(
        name="service_id", label="Which service?", kind="choice", options=tuple(options), required="Choose a service"
    )

    def build(values: Body) -> Built:
        check, errors = checked(values)
        return check | {"service_id": values["service_id"]}, errors

    return Asking(
        title="Ask another service instead",
        button="Send",
        versioned=False,
        build=build,
        fields=(field, SAFEGUARDING, *report_fields("")),
        words=(
            "What you wrote for the first service goes to the one you choose; nothing has to be typed again. "
            "What may be shared with them is decided anew. They do not learn who was asked before.",
        ),
    )


def assign_asking(options: Sequence[tuple[str, str]]) -> Asking:
    """Whose work a request is."""
    return Asking(
        title="Whose work is this?",
        button="Save",
        versioned=False,
        path="assign",
        words=("The other side never learns whose work it is.",),
        fields=(
            Field(
                name="account_id",
                label="Who takes it on?",
                kind="choice",
                of_people=True,
                options=tuple(options),
                required="Choose somebody",
            ),
        ),
    )


def complete_asking(record: Mapping[str, Any], people: Sequence[tuple[str, str]], needs: Sequence[str]) -> Asking:
    """How it ended: the service, each need, and what everybody says of it. `people` are its subjects."""
    views = [("family", "the family together"), *people]
    fields = (
        Field(
            name="code", label="Was the service received?", kind="choice", options=codes.OUTCOME, required="Choose one"
        ),
        *(
            Field(
                name=f"need-{number}",
                label=f"How is it now: {text}?",
                kind="choice",
                options=(*codes.SEVERITIES, ("none", "Not assessed")),
                required="Say how it is now, or that it was not assessed",
                pointer=f"/needs/{number}",
            )
            for number, text in enumerate(needs)
        ),
        *(
            Field(
                name=f"view-{key}",
                label=f"What {who} says of it, in their own words",
                kind="long",
                rows=3,
                hint="Whoever asked you reads this, if they may. Leave it empty where nothing was said.",
            )
            for key, who in views
        ),
        Field(
            name="no_view_reason",
            label="Where somebody’s words are missing: why?",
            kind="choice",
            options=codes.NO_VIEW,
        ),
        *words_fields("Your own view (optional)", "Whoever asked you reads this, if they may.", pointer="/text"),
    )

    def build(values: Body) -> Built:
        body, errors = with_words(values)
        return _outcome(record, [key for key, _ in views], body | {"categories": values["categories"]}, errors)

    return Asking(title="Finish, and say what came of it", button="Finish", fields=fields, build=build)


def _outcome(record: Mapping[str, Any], keys: Sequence[str], values: Body, errors: Errors) -> Built:
    told = [key for key in keys if values[f"view-{key}"]]
    if len(told) < len(keys) and not values["no_view_reason"]:
        errors.append(("no_view_reason", "Say why somebody’s words are missing"))
    needs = [
        {"person_id": need["person_id"], "code": need["code"], "severity_now": _severity(values[f"need-{number}"])}
        for number, need in enumerate(record.get("needs") or ())
    ]
    told_of = values["categories"] or []
    views = [
        {"text": values[f"view-{key}"], "categories": sorted({"voice", *told_of} - {"progress"})}
        | ({} if key == "family" else {"person_id": key})
        for key in told
    ]
    body = {"code": values["code"], "needs": needs, "views": views, "text": values["text"]}
    return body | ({"no_view_reason": values["no_view_reason"]} if len(told) < len(keys) else {}), errors


def _severity(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


_KINDS = {"boolean": "yes_no", "long_text": "long"}


def amend_asking(record: Mapping[str, Any], form: Mapping[str, Any], needs: Sequence[str]) -> Asking:
    """What was written, to be written anew: the form's own questions, how severe each need is, and free text."""
    asked = [each for each in form.get("fields", ()) if each["source"] == "answer"]
    fields = (
        *(_form_field(each) for each in asked),
        *(
            Field(
                name=f"need-{number}",
                label=f"How severe: {text}?",
                kind="choice",
                options=codes.SEVERITIES,
                required="Say how severe it is",
                pointer=f"/needs/{number}",
            )
            for number, text in enumerate(needs)
        ),
        *words_fields(
            "In your own words (optional)", "The service reads this, if it may see what it tells.", pointer="/free_text"
        ),
    )

    def build(values: Body) -> Built:
        text, errors = said(values)
        answers = {each["name"]: values[f"a-{each['name']}"] for each in asked}
        kept = {name: value for name, value in answers.items() if value not in (None, [], "")}
        changed = [
            {"person_id": need["person_id"], "code": need["code"], "severity": _severity(values[f"need-{number}"])}
            for number, need in enumerate(record.get("needs") or ())
        ]
        return {"answers": kept, "needs": changed, "free_text": text}, errors

    return Asking(
        title="Change what you wrote",
        button="Save",
        fields=fields,
        build=build,
        words=("If it was sent already, they are told that there is a new version.",),
    )


def _form_field(asked: Mapping[str, Any]) -> Field:
    return Field(
        name=f"a-{asked['name']}",
        label=asked["label"],
        kind=_KINDS.get(asked["type"], asked["type"]),
        hint=asked["help"],
        required=f"Answer this: {asked['label'].lower()}" if asked["required"] else "",
        options=tuple((each["code"], each["label"]) for each in asked["choices"]),
        pointer=f"/answers/{asked['name']}",
    )


def amend_typed(record: Mapping[str, Any]) -> dict[str, Any]:
    """What was written before, under the names of the form's fields."""
    text = record.get("free_text") or {}
    needs = {f"need-{number}": each["severity"] for number, each in enumerate(record.get("needs") or ())}
    answers = {f"a-{name}": value for name, value in (record.get("answers") or {}).items()}
    return answers | needs | {"text": text.get("text"), "categories": text.get("categories")}

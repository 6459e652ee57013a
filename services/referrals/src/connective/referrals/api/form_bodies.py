"""A form as a place's administrator writes it: the same shape as it is read in."""

from typing import Annotated

from pydantic import Field

from connective.contracts.categories import Category
from connective.referrals.api.bodies import Body, Line, Paragraph
from connective.referrals.domain.forms import ANSWER, About, Choice, FieldType, Form, FormField, RequiredWhen

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Bound = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Categories = Annotated[frozenset[Category], Field(max_length=20)]


class ChoiceIn(Body):
    """One answer to choose."""

    code: Name
    label: Line


class RequiredWhenIn(Body):
    """The field is required when another field's answer is one of these."""

    field: Name
    answers: Annotated[tuple[Name, ...], Field(min_length=1, max_length=50)]


class FieldIn(Body):
    """One thing to ask, with every category that its answer reveals."""

    name: Name
    label: Line
    help: Paragraph
    type: FieldType
    required: bool = False
    categories: Annotated[Categories, Field(min_length=1)]
    source: Annotated[str, Field(max_length=60)] = ANSWER
    """`answer`, or a field of the family's record, which is read live when the recipient opens the request."""
    about: About = About.SUBJECTS
    choices: Annotated[tuple[ChoiceIn, ...], Field(max_length=50)] = ()
    required_when: RequiredWhenIn | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None

    def value(self) -> FormField:
        """The domain's value."""
        when = self.required_when
        return FormField(
            name=self.name,
            label=self.label,
            help=self.help,
            type=self.type,
            required=self.required,
            categories=self.categories,
            source=self.source,
            about=self.about,
            choices=tuple(Choice(each.code, each.label) for each in self.choices),
            required_when=None if when is None else RequiredWhen(when.field, when.answers),
            minimum=self.minimum,
            maximum=self.maximum,
        )


class FormIn(Body):
    """What a kind of service asks for. Each category of a field stands in one of the two lists."""

    title: Line
    one_subject: bool = False
    """Whether each request is about one person, as therapy is."""
    required_categories: Categories
    """Refused, one of these blocks the request."""
    useful_categories: Categories = frozenset()
    """Refused, the request goes without what reveals one of these."""
    fields: Annotated[tuple[FieldIn, ...], Field(min_length=1, max_length=60)]

    def value(self, kind: str) -> Form:
        """The domain's value; its number is given when it is kept."""
        return Form(
            kind=kind,
            version=0,
            title=self.title,
            one_subject=self.one_subject,
            required_categories=self.required_categories,
            useful_categories=self.useful_categories,
            fields=tuple(field.value() for field in self.fields),
        )

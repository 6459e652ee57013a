"""Forms: what each kind of service asks for, in every version that requests were made on."""

from connective.contracts.categories import Category
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import NotFound
from connective.referrals.api.answers import ChoiceOut, FieldOut, FormItem, FormOut, FormsOut
from connective.referrals.api.deps import PartsDep
from connective.referrals.domain.forms import Form, answers_schema
from connective.referrals.domain.refusals import NoForm
from connective.referrals.storage.form_library import form_of, forms, latest_forms

routes = router(tags=["forms"])


def _shown(form: Form, sentence: str) -> FormOut:
    return FormOut(
        kind=form.kind,
        version=form.version,
        title=form.title,
        one_subject=form.one_subject,
        required_categories=_listed(form.required_categories),
        useful_categories=_listed(form.useful_categories),
        fields=[
            FieldOut(
                name=field.name,
                label=field.label,
                help=field.help,
                type=str(field.type),
                required=field.required,
                categories=_listed(field.categories),
                source=field.source,
                about=str(field.about),
                choices=[ChoiceOut(code=choice.code, label=choice.label) for choice in field.choices],
            )
            for field in form.fields
        ],
        answers_schema=answers_schema(form),
        safeguarding=sentence,
    )


def _listed(categories: frozenset[Category]) -> list[Category]:
    return sorted(categories)


def _find(kind: str, version: int | None) -> Form:
    try:
        return form_of(kind, version)
    except NoForm as error:
        raise NotFound from error


@routes.get(
    "/forms", operation_id="referrals_list_forms", response_model=FormsOut, **operation(Permission.REFERRALS_FORM_READ)
)
async def list_forms(actor: ActorDep, parts: PartsDep) -> FormsOut:
    """Every form there is."""
    items = [
        FormItem(
            kind=form.kind,
            title=form.title,
            version=form.version,
            versions=sorted(version for kind, version in forms() if kind == form.kind),
        )
        for form in latest_forms().values()
    ]
    return FormsOut(items=items, safeguarding=parts.room.safeguarding(actor).sentence)


@routes.get(
    "/forms/{kind}",
    operation_id="referrals_read_form",
    response_model=FormOut,
    **operation(Permission.REFERRALS_FORM_READ),
)
async def latest_form(kind: str, actor: ActorDep, parts: PartsDep) -> FormOut:
    """The version that new requests are made on."""
    return _shown(_find(kind, None), parts.room.safeguarding(actor).sentence)


@routes.get(
    "/forms/{kind}/versions/{version}",
    operation_id="referrals_read_form_version",
    response_model=FormOut,
    **operation(Permission.REFERRALS_FORM_READ),
)
async def form_version(kind: str, version: int, actor: ActorDep, parts: PartsDep) -> FormOut:
    """One version, as requests were made on it."""
    return _shown(_find(kind, version), parts.room.safeguarding(actor).sentence)

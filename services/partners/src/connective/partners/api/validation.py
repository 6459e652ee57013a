"""What FastAPI finds wrong with a request, as the refusal that the kit makes of it."""

from fastapi.exceptions import RequestValidationError

from connective.kit.plain_words import in_plain_words
from connective.kit.problems import FieldError, Invalid


def as_invalid(error: RequestValidationError) -> Invalid:
    """The refusal: where and what, never the value."""
    errors = tuple(
        FieldError("/" + "/".join(map(str, each["loc"])), str(each["type"]), in_plain_words(each))
        for each in error.errors()[:50]
    )
    return Invalid("Some parameters are not right: see errors.", errors=errors)

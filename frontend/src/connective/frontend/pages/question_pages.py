"""How a page of questions is shown, and how a refusal of the API comes back to the question that it is about."""

from collections.abc import Mapping

from fastapi import Response

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.asked import Asked
from connective.frontend.domain.questions import Errors, Typed
from connective.frontend.pages.browser import Browser
from connective.frontend.pages.routing import Parts

TEMPLATE = "question_page.html"


def show_asked(
    parts: Parts, browser: Browser, asked: Asked, typed: Typed | None = None, *, errors: Errors | None = None
) -> Response:
    """A page of questions, with what was typed or is recorded, or with what was kept when a session ended."""
    kept = browser.kept
    return parts.pages.show(
        browser,
        TEMPLATE,
        status=422 if errors else 200,
        asked=asked,
        typed=kept if kept is not None else typed or {},
        errors=errors or [],
        kept=kept is not None,
    )


def wrong_in(problem: Refused, asked: Asked, renamed: Mapping[str, str] | None = None) -> Errors:
    """What the API found wrong, beside the questions it was asked in. Raises the refusal where it is of another kind.

    `renamed` are the API's fields that a question asks for under another name.
    """
    if problem.status != 422:
        raise problem
    fields = {question.name: question.field for question in asked.questions}
    first = asked.questions[0].field if asked.questions else ""
    found = []
    for each in problem.errors:
        name = next((part for part in reversed(each.pointer.split("/")) if part and not part.isdecimal()), "")
        found.append((fields.get((renamed or {}).get(name, name), first), each.detail))
    return found or [(first, problem.detail)]

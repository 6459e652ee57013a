"""What officers and signatories do to an agreement: review, comment, sign, suspend, reinstate, end, draft the next."""

from typing import Any
from uuid import UUID

from fastapi import Response

from connective.frontend.clients.hub import together
from connective.frontend.domain.act_fields import REASON, REVIEW, SIGNATURE, of_comment
from connective.frontend.domain.agreements import version_page
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.comments import subjects
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.troubles import MOVED_ON
from connective.frontend.pages.browser import Form
from connective.frontend.pages.officers import Desk, DeskDep, Which, WhichDep, wrong_with
from connective.frontend.pages.routing import FormDep, personal_routes
from connective.kit.problems import NotFound

routes = personal_routes()
_ONE = "/agreements/{agreement_id}/versions/{number}"
_HALTS = {
    "suspend": (
        "Suspend this agreement",
        "Nothing is shared under it from now on, until a party’s data protection officer reinstates it.",
        "Suspend the agreement",
    ),
    "reinstate": ("Reinstate this agreement", "Sharing under it goes on from now.", "Reinstate the agreement"),
    "terminate": (
        "End this agreement",
        "It ends for good: nothing is shared under it any more, and each party returns or deletes what it received.",
        "End the agreement",
    ),
}


async def _ask(
    desk: Desk,
    which: Which,
    template: str,
    form: Form | None = None,
    errors: Errors | None = None,
    *,
    verb: str = "",
    **values: Any,  # noqa: ANN401 - whatever the template shows
) -> Response:
    """Show the page of one act, with what was typed before. Raises Refused for a `verb` that is not to be done now."""
    version, asker = await together(desk.hub.get(which.path), desk.asker())
    view, known = version_page(version, asker, desk.today), subjects(version["terms"], asker)
    if verb and verb not in view.acts and not errors:
        raise Refused(404, MOVED_ON, "")
    asked = {"review": REVIEW, "sign": SIGNATURE, "halt": REASON}
    fields = asked.get(template) or of_comment(known, reply=bool(values.get("reply_to")))
    typed = form or desk.kept
    return desk.show(f"agreements/{template}.html", errors, view=view, fields=fields, typed=typed, **values)


async def _do(desk: Desk, which: Which, verb: str, body: dict[str, Any], form: Form) -> Errors:
    """Ask the API; what is wrong with what was typed, or nothing."""
    try:
        await desk.hub.post(f"{which.path}/{verb}", body, key=form.key)
    except Refused as problem:
        return wrong_with(problem, (*REVIEW, *SIGNATURE, *REASON, *of_comment({}, reply=False)))
    return []


@routes.page(f"{_ONE}/review")
async def ask_review(which: WhichDep, desk: DeskDep) -> Response:
    """Show the frozen text to a data protection officer, and ask what they say of it."""
    return await _ask(desk, which, "review", verb="review")


@routes.form(f"{_ONE}/review")
async def review(which: WhichDep, desk: DeskDep, form: FormDep) -> Response:
    """Record the review."""
    errors: Errors = [] if form.one("approved") else [("approved", "Say whether you approve the text")]
    if form.one("approved") == "no" and not form.one("note"):
        errors.append(("note", "Say what has to change"))
    body = {"approved": form.one("approved") == "yes", "note": form.one("note")}
    errors = errors or await _do(desk, which, "review", body, form)
    return await (_ask(desk, which, "review", form, errors) if errors else desk.done(which.path))


@routes.page(f"{_ONE}/sign")
async def ask_signature(which: WhichDep, desk: DeskDep) -> Response:
    """Show a signatory the exact text, and ask for their signature over its hash."""
    return await _ask(desk, which, "sign", verb="sign")


@routes.form(f"{_ONE}/sign")
async def sign(which: WhichDep, desk: DeskDep, form: FormDep) -> Response:
    """Sign. The hash is of the text that the page showed: another text since then is refused by the API."""
    body, errors = signature_of(form)
    errors = errors or await _do(desk, which, "sign", body, form)
    return await (_ask(desk, which, "sign", form, errors) if errors else desk.done(which.path))


def signature_of(form: Form) -> tuple[dict[str, str], Errors]:
    """A signature as typed, and what is wrong with it."""
    wanted = (
        ("name", "Enter your full name"),
        ("position", "Enter your position"),
        ("read", "Confirm that you have read the text and may sign it"),
    )
    errors = [(name, words) for name, words in wanted if not form.one(name)]
    return {name: form.one(name) for name in ("text_hash", "name", "position")}, errors


@routes.page(f"{_ONE}/comment")
async def ask_comment(which: WhichDep, desk: DeskDep, reply_to: UUID | None = None) -> Response:
    """Ask for a comment, or a reply in a thread."""
    return await _ask(desk, which, "comment", reply_to=reply_to or desk.kept.one("reply_to"))


@routes.form(f"{_ONE}/comment")
async def comment(which: WhichDep, desk: DeskDep, form: FormDep) -> Response:
    """Say it."""
    reply_to = form.one("reply_to") or None
    errors: Errors = [] if len(form.one("text")) > 2 else [("text", "Enter what you want to say")]
    body = {"text": form.one("text"), "pointer": "" if reply_to else form.one("pointer"), "reply_to": reply_to}
    errors = errors or await _do(desk, which, "comments", body, form)
    if errors:
        return await _ask(desk, which, "comment", form, errors, reply_to=reply_to)
    return await desk.done(f"{which.path}#comments")


@routes.form(f"{_ONE}/comments/{{comment_id}}/resolve")
async def resolve(which: WhichDep, comment_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """Settle a thread."""
    await desk.hub.post(f"{which.path}/comments/{comment_id}/resolve", {}, key=form.key)
    return await desk.done(f"{which.path}#comments")


@routes.form("/agreements/{agreement_id}/versions")
async def draft_next(agreement_id: UUID, desk: DeskDep, form: FormDep) -> Response:
    """Draft the next version from the newest; what is in force stays so until the new one is signed."""
    made = (await desk.hub.post(f"/agreements/{agreement_id}/versions", {}, key=form.key)).body
    return await desk.done(f"/agreements/{agreement_id}/versions/{made['number']}/draft")


@routes.page(f"{_ONE}/{{act}}")
async def ask_halt(which: WhichDep, act: str, desk: DeskDep) -> Response:
    """Ask why it is to be suspended, reinstated or ended."""
    return await _ask(desk, which, "halt", verb=act, act=_halt(act))


@routes.form(f"{_ONE}/{{act}}")
async def halt(which: WhichDep, act: str, desk: DeskDep, form: FormDep) -> Response:
    """Suspend, reinstate or end it."""
    words = _halt(act)
    errors: Errors = [] if len(form.one("reason")) > 2 else [("reason", "Enter why")]
    errors = errors or await _do(desk, which, act, {"reason": form.one("reason")}, form)
    return await (_ask(desk, which, "halt", form, errors, act=words) if errors else desk.done(which.path))


def _halt(act: str) -> tuple[str, str, str]:
    if act not in _HALTS:
        raise NotFound
    return _HALTS[act]

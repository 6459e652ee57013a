"""Forms of several pages as answers: each page, what is kept of it, and the page on which all is looked through."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from fastapi import Response

from connective.frontend.domain.fields import Errors, Typed
from connective.frontend.domain.paged_form import CHECK, PagedForm, Step
from connective.frontend.domain.words import LONDON
from connective.frontend.pages.browser import Browser, Form
from connective.frontend.pages.forms import show_form
from connective.frontend.pages.routing import Parts, done, onward
from connective.kit.problems import NotFound

Send = Callable[[dict[str, list[str]], Form], Awaitable[tuple[str, Errors]]]
"""Sends what was said: answers where to go on, or what is wrong."""
FORGET = "forget"


class Paged:
    """One form of several pages that somebody fills in. What they typed is kept sealed, for them alone."""

    def __init__(self, parts: Parts, browser: Browser, form: PagedForm) -> None:
        self._parts, self._browser, self.form = parts, browser, form
        # Not the address alone: what is kept of its first page while nobody is signed in goes by that.
        self._name = f"{form.address}#answers"
        self._today = browser.now.astimezone(LONDON).date()

    async def typed(self) -> dict[str, list[str]]:
        """What was typed so far."""
        found = await self._kept()
        begin = {name: list(values) for name, values in self.form.begin.items()}
        return begin | dict(found.get("typed") or {})

    async def suggest(self, values: Typed) -> None:
        """Begin with these answers, in place of what was typed before to the same questions."""
        self.form = replace(self.form, begin=values)
        await self._keep({"typed": {**await self.typed(), **values}})

    async def show(self, code: str) -> Response:
        """One page. Raises NotFound for one that there is not; one that is asked no longer leads to all answers."""
        typed = await self.typed()
        step = self._step(code, typed)
        return onward(self.form.check) if step is None else self._page(step, typed)

    async def take(self, code: str, sent: Form) -> Response:
        """Keep what was typed on one page, and go on."""
        typed = await self.typed()
        step = self._step(code, typed)
        if step is None:
            return onward(self.form.check)
        typed = self.form.keep(typed, step, sent.fields)
        errors = step.errors(typed, self._today)
        if errors:
            return self._page(step, typed | sent.fields, errors)
        await self._keep({"typed": typed})
        return await done(
            self._parts, self._browser, self.form.check if self._checking else self.form.after(step, typed)
        )

    async def check(self) -> Response:
        """Everything that was said, before it is sent."""
        return self._check_page(await self.typed(), [])

    async def send(self, sent: Form, send: Send) -> Response:
        """Send it, or throw it away. Sent twice, by a double click, it leads to what was made once."""
        found = await self._kept()
        if found.get("key") == sent.key:
            return onward(str(found["sent"]))
        if sent.one("act") == FORGET:
            await self._parts.drafts.drop(self._browser.person.id, self._name)
            return await done(self._parts, self._browser, self.form.back[1])
        typed = await self.typed()
        if self.form.unfinished(typed, self._today) is not None:
            return self._check_page(typed, [])
        target, errors = await send(self.form.said(typed), sent)
        if errors:
            return self._check_page(typed, errors)
        await self._keep({"sent": target, "key": sent.key})
        return await done(self._parts, self._browser, target)

    @property
    def _checking(self) -> bool:
        return self._browser.request.query_params.get("from") == CHECK

    def _step(self, code: str, typed: Typed) -> Step | None:
        if code and code not in {each.code for each in self.form.steps}:
            raise NotFound
        return self.form.step(code, typed)

    def _page(self, step: Step, typed: Typed, errors: Errors | None = None) -> Response:
        view = self.form.view(step, typed, checking=self._checking)
        return show_form(self._parts, self._browser, view, typed, errors=errors)

    def _check_page(self, typed: Typed, errors: Errors) -> Response:
        form, left = self.form, self.form.unfinished(typed, self._today)
        return self._parts.pages.show(
            self._browser,
            "paged_check.html",
            status=422 if errors else 200,
            form=form,
            sections=form.parts(typed, self._today),
            left=(left.heading, f"{form.href(left)}?from={CHECK}") if left else None,
            last=form.href(form.asked(typed)[-1]),
            errors=errors,
        )

    async def _kept(self) -> dict[str, Any]:
        return await self._parts.drafts.get(self._browser.person.id, self._name) or {}

    async def _keep(self, content: dict[str, Any]) -> None:
        await self._parts.drafts.put(self._browser.person.id, self._name, content, self._browser.now)

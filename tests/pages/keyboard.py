"""Somebody who has a keyboard and nothing else: goes on with Tab, chooses with Space, sends with Enter."""

import asyncio

from axe import as_wide_as, is_too_wide, violations, width_of, widths_from
from playwright.async_api import Page

_AT = """(words) => {
  const at = document.activeElement;
  const said = (one) => (one.getAttribute("aria-label") ?? (one.labels?.[0] ?? one).textContent)
    .replace(/\\s+/g, " ").trim();
  const bears = (one) => said(one).startsWith(words);
  if (bears(at)) return {turns: 0};
  const inside = () => [...document.querySelectorAll("main :is(a, button, input, select, textarea, summary)")];
  if (at.matches(".govuk-skip-link") && inside().some(bears)) return {skips: true};
  const isRadio = (one) => one.type === "radio";
  const group = (one) => [...document.getElementsByName(one.name)];
  if (isRadio(at)) {
    const target = group(at).findIndex(bears);
    if (target >= 0) return {turns: (target - group(at).indexOf(at) + group(at).length) % group(at).length};
  }
  if (at === document.body) return {on: 1};
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
    (one) => at.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING && one.tabIndex >= 0
      && !one.matches(":disabled") && one.checkVisibility({visibilityProperty: true})
      && !(isRadio(one) && (isRadio(at) && one.name === at.name
        || (group(one).find((each) => each.checked) ?? group(one)[0]) !== one)));
  return {on: 1 + Math.max(0, stops.findIndex((one) => bears(one) || isRadio(one) && group(one).some(bears)))};
}"""
"""How many presses of the arrow lead from what has the focus to what bears these words, in one question.

Otherwise whether the link that skips what stands above the main content has the focus, and these words stand in that;
or how many presses of Tab lead on to what bears these words, as the page is written: one where that cannot be told.
"""
_SEEN = """() => {
  const at = document.activeElement, box = (at.labels?.[0] ?? at).getBoundingClientRect();
  const style = getComputedStyle(at);
  return box.width > 0 && box.bottom > 0 && box.top < innerHeight
    && (style.outlineStyle !== "none" || style.boxShadow !== "none" || at.type === "radio" || at.type === "checkbox");
}"""
_MOST = 200


class Keyboard:
    """One page of a browser, used with the keyboard alone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def to(self, words: str) -> None:
        """Go on until something that begins with these words has the focus; then the focus can be seen.

        What stands above the main content is skipped, as the first link of each page offers.
        """
        on, told = 1, True
        for _ in range(_MOST):
            # Held down, Tab goes on as fast as the page follows: each press by itself would be drawn and waited for.
            await asyncio.gather(*(self.page.keyboard.press("Tab") for _ in range(on)))
            told = told and on == 1
            found: dict[str, int] = await self.page.evaluate(_AT, words)
            if "turns" in found:
                for _ in range(found["turns"]):
                    await self.page.keyboard.press("ArrowDown")
                assert await self.page.evaluate(_SEEN), f"the focus on {words} cannot be seen"
                return
            if "skips" in found:
                await self.page.keyboard.press("Enter")
            # Where the page's own account led astray, each press is looked at.
            on = found.get("on", 1) if told else 1
        raise AssertionError(f"the keyboard never came to {words} on {self.page.url}")

    async def type(self, words: str, text: str) -> None:
        """Write into the field of this label, over what is there."""
        await self.to(words)
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)

    async def choose(self, *words: str) -> None:
        """Choose what bears these words; the arrows go through the radio buttons of one question."""
        for each in words:
            await self.to(each)
            await self.page.keyboard.press("Space")

    async def pick(self, words: str, option: str) -> None:
        """Choose from a list by the beginning of its words."""
        await self.to(words)
        await self.page.keyboard.type(option)

    async def date(self, day: str, month: str, year: str) -> None:
        """Write a date into its three boxes."""
        for words, typed in (("Day", day), ("Month", month), ("Year", year)):
            await self.type(words, typed)

    async def press(self, words: str) -> None:
        """Follow a link or press a button, and wait for where it leads."""
        await self.to(words)
        async with self.page.expect_navigation(wait_until="domcontentloaded"):
            await self.page.keyboard.press("Enter")

    async def says(self, *words: str) -> None:
        """What stands on the page now; it is as wide as the screen at each width."""
        text = " ".join(str(await self.page.evaluate("document.body.innerText")).split())
        for each in words:
            assert each in text, f"{self.page.url} does not say {each}: {text}"
        await fits(self.page)


async def fits(page: Page) -> None:
    """Nothing of the page is wider than the screen, at any width; it ends at the width it began with."""
    before = width_of(page)
    for width in widths_from(page):
        await as_wide_as(page, width)
        assert not await is_too_wide(page), f"{page.url} is wider than {width}"
    await as_wide_as(page, before)


async def accessible(page: Page) -> None:
    """Axe finds nothing on the page as it is."""
    found = await violations(page)
    assert not found, f"{page.url}: {found}"

"""As far as the page that shows who will see what: a worker asks three services for one family, on the pages."""

import re
from typing import Any

import httpx

from connective.local.story.cast import Cast
from connective.local.story.narrator import StoryDiffers

ASKING = "worker"
"""Who asks."""
OWN_FAMILIES = "/families?mine=true"
"""Where the story's family stands; the place has many others, of whom nothing is recorded."""
_ANSWERS: dict[str, dict[str, Any]] = {
    "parcel": {"a-how": "collect_today", "a-crisis_reason": "benefit_delay", "a-cooking_facilities": "full"},
    "housing": {"a-problem": "arrears", "a-arrears_pounds": "940", "a-recipient_is_landlord": "no"},
    "therapy": {"a-concern_areas": ["sounds"], "a-examples": "Two words together.", "a-hearing": "not_known"},
}
"""What each form needs beside what the family's record holds."""


async def ask_three_services(client: httpx.AsyncClient, cast: Cast) -> str:
    """Fill in every page up to the last one before anything is sent; its address. Raises StoryDiffers."""
    listed = await client.get(OWN_FAMILIES)
    families = _values(listed, r'href="/families/([0-9a-f-]{36})"')
    page = await client.get(f"/refer?family={families[0]}")
    page = await _send(client, page, {"answer": "no_concern"})
    page = await _send(client, page, {"need": _choices(page, "need")})
    page = await _send(client, page, {"service": [cast.services[key] for key in _ANSWERS]})
    page = await _send(client, page, {"contact": _choices(page, "contact")[0]})
    for key, answers in _ANSWERS.items():
        # The speech therapist is asked for a child, who stands behind the adults in the list.
        who = _choices(page, "subjects")[-1 if key == "therapy" else 0]
        page = await _send(client, page, {"subjects": who, "by": "any"} | answers)
    if not page.url.path.endswith("/check"):
        raise StoryDiffers(f"The pages stay at {page.url.path} before anything can be checked.")
    return page.url.path


async def _send(client: httpx.AsyncClient, page: httpx.Response, fields: dict[str, Any]) -> httpx.Response:
    token = _values(page, r'name="form_token" value="([^"]+)"')[-1]
    origin = f"{page.url.scheme}://{page.url.netloc.decode()}"
    answer = await client.post(page.url, data={"form_token": token} | fields, headers={"Origin": origin})
    if answer.status_code != 200:
        raise StoryDiffers(f"{answer.url.path} answers {answer.status_code} to a filled-in form.")
    return answer


def _choices(page: httpx.Response, name: str) -> list[str]:
    return _values(page, rf'<input(?=[^>]* name="{name}")[^>]* value="([^"]+)"')


def _values(page: httpx.Response, pattern: str) -> list[str]:
    found = re.findall(pattern, page.text)
    if not found:
        raise StoryDiffers(f"{page.url.path} does not show what was looked for.")
    return [str(each) for each in found]

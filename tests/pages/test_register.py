"""A family support worker keeps a family's record, with a browser that runs no script."""

import re
from uuid import uuid4

import httpx
from pages_support import Site, Visitor, form_of, path_of, words_of

SURNAME = f"Thistlewood-{''.join(chr(97 + int(each, 16)) for each in uuid4().hex[:8])}"
MOTHER = {"given_names": "Rowan", "family_name": SURNAME}
BORN = {"born-day": "3", "born-month": "mar", "born-year": "1994", "sex": "female"}


async def press(visitor: Visitor, page: httpx.Response, path: str, fields: dict[str, str]) -> httpx.Response:
    """Press a button of a page that has several."""
    token = form_of(page.text).fields["form_token"]
    answer = await visitor.client.post(path, data={"form_token": token} | fields, headers={"Origin": visitor.base})
    return await visitor.follow(answer)


async def begun(visitor: Visitor) -> tuple[httpx.Response, str]:
    """A registration, as far as the address."""
    page = await visitor.send(await visitor.get("/families/new"), action="/families/new")
    draft = path_of(page).removesuffix("/p1/name")
    for fields in (MOTHER, BORN, {"residence": "here"}, {"phone": "07700 900 417", "safe_contact": "text_only"},
                   {"line_1": "4 Furnham Road", "town": "Chard", "postcode": "ta201bp"}):  # fmt: skip
        page = await visitor.send(page, fields)
    assert path_of(page) == f"{draft}/people"
    return page, draft


async def test_a_family_is_registered_and_who_is_known_already_is_met(site: Site) -> None:
    worker = await site.visitor("worker")
    page, draft = await begun(worker)
    page = await press(worker, page, f"{draft}/people", {"add": "yes"})
    wrong = await worker.send(page, {})
    assert (wrong.status_code, "Enter a first name" in words_of(wrong)) == (422, True)
    for fields in ({"given_names": "Wren", "family_name": SURNAME},
                   {"born-day": "1", "born-month": "9", "born-year": "2021"}, {"residence": "here"}, {},
                   {"rel-p1": "other:parent", "pr-p1": "birth_mother"}):  # fmt: skip
        page = await worker.send(page, fields)
    page = await press(worker, page, f"{draft}/people", {"twin_of": "p2"})
    for fields in ({"given_names": "Lark"}, {}, {}, {}, {"rel-p1": "other:parent", "rel-p2": "who:sibling"}):
        page = await worker.send(page, fields)
    check = await worker.get(f"{draft}/check")
    assert "Rowan is Wren’s parent, with parental responsibility: birth mother" in words_of(check)
    neighbour = await site.visitor("neighbour")
    assert (await neighbour.get(f"{draft}/check")).status_code == 404, "a draft is its owner's alone"
    family = await worker.send(check)
    assert re.fullmatch(r"/families/[0-9a-f-]{36}", path_of(family)), words_of(family)
    assert "Lark is Wren’s" in words_of(family)
    assert path_of(await worker.send(check)) == path_of(family), "sent twice, one family is registered"
    assert path_of(await worker.get(f"{draft}/p1/name")) == path_of(family), "going back leads to the family"

    page, draft = await begun(worker)
    known = await worker.send(await worker.get(f"{draft}/check"))
    assert path_of(known) == f"{draft}/known"
    said = words_of(known)
    assert all(each in said for each in ("You typed", "Known to your organisation", "The same family name"))
    assert (await worker.send(known)).status_code == 422, "nothing is decided for the worker"
    field = re.search(r'name="(is-[0-9a-f-]{36})"', known.text)
    assert field
    second = await worker.send(known, {field[1]: "same"})
    person = field[1].removeprefix("is-")
    which = await worker.get(f"/families/of/{person}")
    assert path_of(second).removeprefix("/families/") in which.text, "the person now has two families"
    assert path_of(family).removeprefix("/families/") in which.text

"""Pressing twice, and going back and sending again, acts once: what each form and each call carries for it."""

import ast
import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

from jinja2 import PackageLoader

from connective.frontend.pages.browser import Form, Sent

PACKAGE = files("connective.frontend")
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_TOKEN = re.compile(r"{{ *(open_)?form_token\(\) *}}")
WITHOUT_A_KEY = {
    ("families", "/people/searches"): "a search, made anew each time",
    ("intake", "/people/searches"): "a search, made anew each time",
    ("services", "/services/searches"): "a search, made anew each time",
    ("refer_services", "/services/searches"): "a search, made anew each time",
    ("refer_send", "/referrals/previews"): "shows what would be sent, and sends nothing",
    ("own_progress", "/intake/self-referrals/progress"): "shows how far it is, and changes nothing",
    ("proving_ledger", "/ledger/verify"): "reads the ledger again, and changes nothing",
}
"""Calls that create nothing, by their module and address."""
EACH_ITS_OWN = {
    ("request_files", "/attachments/{file_id}/links"): "each press is a disclosure, with a link that opens once",
}
"""Calls that are made once more where somebody presses once more."""
WITHOUT_A_VERSION = {
    ("account", "/me/sessions"): "ends sessions: once ended, ended",
    ("account", "/me/sessions/{session}"): "ends a session: once ended, ended",
    ("services", "path"): "watches a service, or no longer: either is so, or not",
}
"""Calls that change something, and do not depend on what it was before."""


def test_a_second_press_is_known_by_what_it_says_and_what_it_said_is_not_kept() -> None:
    first = Form("k1", {"pin": ["482915"], "version": ["3"]}, {"file": Sent("a.pdf", b"one")})
    assert replace(first).digest == first.digest
    others = (
        replace(first, fields=first.fields | {"pin": ["482916"]}),
        replace(first, files={"file": Sent("a.pdf", b"two")}),
        replace(first, key="k2"),
    )
    assert first.digest not in {each.digest for each in others}
    assert re.fullmatch("[0-9a-f]{64}", first.digest)


def test_every_form_that_posts_carries_the_token_that_makes_it_ours_and_good_once() -> None:
    found, without = 0, []
    for name in PackageLoader("connective.frontend", "templates").list_templates():
        text = (PACKAGE / "templates" / name).read_text(encoding="utf-8")
        assert text.count("<form") == len(_FORM.findall(text)), f"{name}: a form begins and ends in one template"
        for attributes, content in _FORM.findall(text):
            posts, tokens = 'method="post"' in attributes, len(_TOKEN.findall(content))
            found += posts
            without += [f"{name}: {tokens} tokens"] if tokens != int(posts) else []
    assert not without, "one in each that posts, and none in an address"
    assert found > 50


def calls(*named: str) -> list[tuple[str, str, dict[str, str]]]:
    """Every call of these methods of the API's client: its module, its address, and what it is given by name."""
    found = []
    for module in sorted(Path(str(PACKAGE)).joinpath("pages").glob("*.py")):
        for each in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr in named):
                continue
            if (asked := ast.unparse(each.func.value)).split(".")[-1] != "hub" and "hub(" not in asked:
                continue
            address = ast.unparse(each.args[0]).removeprefix("f").strip("'\"")
            found.append((module.stem, address, {str(k.arg): ast.unparse(k.value) for k in each.keywords}))
    return found


def test_every_call_that_creates_carries_the_key_of_the_form_that_asks_for_it() -> None:
    made = calls("post", "post_file", "part_of_search")
    without = {(module, address) for module, address, given in made if "key" not in given}
    assert without == WITHOUT_A_KEY.keys(), "a call that creates nothing is named with its reason"
    anew = {(module, address) for module, address, given in made if "new_id" in given.get("key", "")}
    assert anew == EACH_ITS_OWN.keys(), "a key that is made anew with each press lets a second press act again"
    assert len(made) > 60


def test_every_other_change_names_the_version_that_was_seen() -> None:
    made = calls("put", "patch", "delete")
    assert {(module, address) for module, address, given in made if "version" not in given} == WITHOUT_A_VERSION.keys()
    assert len(made) > 10

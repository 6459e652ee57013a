"""A family's receipt: everything that must be on it, in words, and nothing that endangers anybody."""

from html.parser import HTMLParser
from typing import Any

import consent_builders as b
import pytest
from consent_builders import CONTROLLER, RECIPIENT, record

from connective.consent.api.receipt_page import as_page, as_text
from connective.consent.domain.consent import ConsentState, How
from connective.consent.domain.receipt import Receipt, Recipient, make_receipt
from connective.consent.domain.receipt_words import ENGLISH
from connective.contracts.categories import Category, Purpose


def receipt(**changes: Any) -> Receipt:
    known = {b.SALT_TEAM: Recipient(RECIPIENT, "health_team")}
    return make_receipt(record(**changes), CONTROLLER, known, ENGLISH, language="en", body="", now=b.NOW)


def test_every_code_has_its_words() -> None:
    assert set(ENGLISH.categories) == set(Category)
    assert set(ENGLISH.purposes) == set(Purpose)
    assert set(ENGLISH.how) == set(How)
    assert len(ENGLISH.titles) == 2 * len(ConsentState)


def test_it_says_what_whom_why_how_long_and_how_to_change_ones_mind() -> None:
    text = " ".join(as_text(receipt()).split())
    for said in (
        "yourself and one other person",
        "* health",
        "Felpersham Community NHS Trust (health team)",
        "to ask a service to help you",
        "on 20 November 2026, in person",
        "until 20 November 2027",
        "Early help privacy notice 3",
        "Tell any worker of Borsetshire Council",
        "dpo@example.org",
        "0303 123 1113",
    ):
        assert said in text, said


@pytest.mark.parametrize("state", list(ConsentState))
@pytest.mark.parametrize("kind", ["consent", "agreement_to_engage"])
def test_a_receipt_of_every_state_and_kind(kind: str, state: str) -> None:
    text = as_text(receipt(kind=kind, state=state))
    assert ("change your mind at any time" in " ".join(text.split())) is (state == "given")
    assert str(b.MOTHER) not in text
    assert "{" not in text


def test_a_body_that_spoke_is_named() -> None:
    row = record(giver_kind="body", spoken_by="A. Marsh, social worker")
    made = make_receipt(row, CONTROLLER, {}, ENGLISH, language="en", body="Borsetshire Council", now=b.NOW)
    assert "A. Marsh, social worker said this for Borsetshire Council." in as_text(made)


class Outline(HTMLParser):
    """Collects what a screen reader and a print need: language, title, headings, and what would be fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {f"{tag}.{name}": value for name, value in attrs}


@pytest.mark.parametrize("large", [False, True])
def test_the_page_is_accessible_and_fetches_nothing(large: bool) -> None:
    page = as_page(receipt(notice_reference="<b>&"), large=large)
    outline = Outline()
    outline.feed(page)
    assert outline.attributes["html.lang"] == "en"
    assert [t for t in outline.tags if t in {"title", "main", "h1"}] == ["title", "main", "h1"]
    assert outline.tags.count("h2") == outline.tags.count("section") == 9
    assert not {"script", "img", "link", "iframe"} & set(outline.tags)
    assert not [name for name in outline.attributes if name.endswith((".src", ".href"))]
    assert "url(" not in page
    assert "<b>" not in page
    assert "size: A4" in page
    assert ("20pt" in page) is large

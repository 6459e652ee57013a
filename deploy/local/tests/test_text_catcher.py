"""The demo's page of what was sent."""

from connective.local.text_catcher import Sent


def test_an_address_can_be_followed_and_ends_where_its_line_does() -> None:
    shown = Sent("desk@example.org", "A link", "Open http://127.0.0.1:1/x#a&b\n\nIf <you> can.").shown()
    assert '<a href="http://127.0.0.1:1/x#a&amp;b">http://127.0.0.1:1/x#a&amp;b</a>\n\nIf &lt;you&gt; can.' in shown

"""What a family was told about: services that they go to by themselves, without anything being shared."""

from collections.abc import Mapping

from connective.frontend.domain.answers import Part
from connective.frontend.domain.sheets import Cell, Link, Links, Sheet, Shown, Table, Words, comma
from connective.frontend.domain.words import inline, moment, need, sentence, service_kind


def signposts_sheet(listed: Part, services: Mapping[str, str], family_id: str) -> Sheet:
    """Every telling, the newest first."""
    rows: list[list[Shown]] = [
        [Cell(services.get(each["service_id"], service_kind(each["service_kind"])), f"/services/{each['service_id']}"),
         moment(each["given_at"]), sentence(each["told"]), comma(inline(need(code)) for code in each["needs"])]
        for each in listed.items
    ]  # fmt: skip
    here = f"/families/{family_id}"
    table = Table(
        "What this family was told about", ("Service", "Told", "How", "For"), rows,
        "They were not told about a service yet.", part=listed, what="services", path=f"{here}/signposts",
    )  # fmt: skip
    words = Words(("They go there by themselves, and nothing about them was shared.",))
    links = Links((Link("Find a service to tell them about", "/services"),))
    return Sheet("What a family was told about", [words, table, links], back=("Back to the family", here))

"""Lists that are asked for whole, or by their ids, however many pages they have."""

from collections.abc import Mapping
from typing import Any

from connective.frontend.domain.answers import Part, Refused
from connective.frontend.pages.forms import every, services_by_id

SERVICES = [{"id": f"s{number}", "name": f"Service {number}"} for number in range(450)]


class Directory:
    """Answers as the API does: in pages, or those of some ids; and can fail from some call on."""

    def __init__(self, *, fails_after: int = 100) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self._fails_after = fails_after

    async def part(self, _: str, query: Mapping[str, Any]) -> Part:
        self.asked.append(query)
        if len(self.asked) > self._fails_after:
            return Part(problem=Refused(503, "x", ""))
        only = query.get("service")
        found = [each for each in SERVICES if only is None or each["id"] in only]
        begin, limit = int(query.get("cursor") or 0), query["limit"]
        assert limit <= 200, "as the API allows"
        assert only is None or len(only) <= 100, "as the API allows"
        after = begin + limit
        return Part({"items": found[begin:after], "next_cursor": str(after) if after < len(found) else None})


async def test_every_page_of_a_list_is_asked_for_narrowed_alike() -> None:
    hub = Directory()
    found = await every(hub, "/services", {"kind": "food_bank"})  # type: ignore[arg-type]  # it is asked for parts alone
    assert found.items == SERVICES
    assert [each["kind"] for each in hub.asked] == ["food_bank"] * 3


async def test_a_list_beyond_the_bound_says_that_it_goes_on() -> None:
    found = await every(Directory(), "/services", most=200)  # type: ignore[arg-type]  # as above
    assert (len(found.items), found.value["next_cursor"]) == (200, "200")


async def test_services_are_named_by_their_ids_beyond_any_page() -> None:
    hub = Directory()
    wanted = [each["id"] for each in SERVICES[220:]]
    found = await services_by_id(hub, [*wanted, wanted[0]])  # type: ignore[arg-type]  # as above
    assert found.items == SERVICES[220:]
    assert len(hub.asked) == 3
    nothing = Directory()
    assert (await services_by_id(nothing, [])).items == []  # type: ignore[arg-type]  # as above
    assert nothing.asked == [], "nothing to name asks nothing"


async def test_a_part_that_fails_is_told_and_never_taken_for_fewer_services() -> None:
    wanted = [each["id"] for each in SERVICES]
    found = await services_by_id(Directory(fails_after=2), wanted)  # type: ignore[arg-type]  # as above
    assert found.problem is not None
    assert (await every(Directory(fails_after=1), "/services")).problem is not None  # type: ignore[arg-type]  # as above

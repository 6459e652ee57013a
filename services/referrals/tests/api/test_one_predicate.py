"""What may be read one by one is exactly what is listed: referrals, requests, tasks, vouchers, intakes and forms."""

from collections import defaultdict
from typing import Any

from hypothesis import strategies as st

from connective.contracts.categories import Category
from connective.kit.ids import new_id
from connective.local.comparing import Collection, Comparison, always

KINDS = ("food_bank", "housing_advice", "early_help")
ACTS = ("draft", "submit", "receive", "correct", "withdraw", "blocked", "voucher", "intake")
"""How far something has come: drawn, sent, sent and then this; blocked, helped by a voucher, or sent from outside."""
PLANS = st.lists(st.tuples(st.sampled_from(range(len(KINDS))), st.sampled_from(ACTS)), min_size=1, max_size=4)
BOTH = ("direction=sent&limit=7", "direction=received&limit=7")
REQUESTS, REFERRALS = Collection("/requests", BOTH, method="HEAD"), Collection("/referrals", ("limit=7",))
VOUCHERS, INTAKES = Collection("/vouchers", BOTH), Collection("/intake", BOTH)
TASKS = "/fhir/Task"
FROM_OUTSIDE: dict[str, Any] = {
    "safeguarding_check": {"answer": "no_concern"},
    "people": [{"first_name": "Odile", "last_name": "Vale", "part": "adult", "birth_date": "1990-02-03"}],
    "contact": {"telephone": "01632 960321", "safe_to_leave_message": True},
    "needs": ["parenting_support"],
    "family_agrees": {"agreed_on": "2026-03-01", "how": "in_person", "notice_reference": "Our leaflet"},
}
WHO = {"name": "who", "label": "Who comes", "help": "From the record.", "type": "text", "categories": ["identity"]}
FORM = {"title": "Club", "one_subject": True, "required_categories": ["identity"], "useful_categories": []}
ROLES = ["support_worker", "partner_worker"]


class Office:
    """A school that asks three services, a system that sends to one of them, and a stranger."""

    def __init__(self, world: Any) -> None:
        self.world, self.comparison = world, Comparison(world.client)
        self.services = [world.service(kind) for kind in KINDS]
        self.sender = new_id()
        self.askers = [world.school, self.sender, *(each.organisation_id for each in self.services), new_id()]
        self.tasks: set[tuple[Any, bool]] = set()

    def headers(self, organisation: Any) -> dict[str, str]:
        found = self.world.identities.person(place=self.world.place, organisation=organisation, roles=ROLES)
        return dict(found)

    async def make(self, which: int, act: str) -> dict[Collection, str]:
        """One of these, taken so far; the records it is and holds."""
        world, service = self.world, self.services[0 if act == "voucher" else which]
        if act == "intake":
            body = FROM_OUTSIDE | {"service_id": str(self.services[2].service_id)}
            return {INTAKES: (await world.post("/intake", body, self.headers(self.sender))).json()["id"]}
        if act in {"blocked", "voucher"}:
            world.consent.refused[service.organisation_id] = dict.fromkeys(Category, "family_not_asked")
        made = await world.make(world.ask(service), submit=act != "draft")
        world.consent.refused.clear()
        request = made["requests"][0]
        found = {REQUESTS: str(request["id"]), REFERRALS: str(made["id"])}
        if act in {"receive", "correct", "withdraw"}:
            who = world.partner(service) if act == "receive" else world.worker()
            await world.act(request, act, who, {"reason": "no_longer_needed"} if act == "withdraw" else None)
        if act == "voucher":
            found[VOUCHERS] = (
                await world.post(f"/requests/{request['id']}/vouchers", {"adults": 1}, world.worker())
            ).json()["id"]
        return found

    async def compare(self, plan: list[tuple[int, str]]) -> None:
        """Make these, and hold what each asker's lists show against what answers them one by one."""
        made: defaultdict[Collection, list[str]] = defaultdict(list)
        for which, act in plan:
            for collection, record in (await self.make(which, act)).items():
                made[collection].append(record)
        for organisation in self.askers:
            headers = self.headers(organisation)
            for collection, records in made.items():
                seen = await self.comparison.holds(collection, headers, records, who=organisation)
                assert not seen or organisation != self.askers[-1], "nothing is a stranger's"
            await self.compare_tasks(organisation, headers, made[REQUESTS])

    async def compare_tasks(self, organisation: Any, headers: dict[str, str], requests: list[str]) -> None:
        """The same for what FHIR peers see of requests."""
        found = await self.world.client.get(f"{TASKS}?_count=200", headers=headers)
        shown = {entry["resource"]["id"] for entry in found.json().get("entry", ())}
        for each in requests:
            status = (await self.world.client.get(f"{TASKS}/{each}", headers=headers)).status_code
            assert (status == 200) is (each in shown), organisation
            self.tasks.add((organisation, status == 200))


async def test_a_record_is_read_by_exactly_those_who_find_it_listed(world: Any) -> None:
    office = Office(world)
    await office.compare([(at % 3, act) for at, act in enumerate(ACTS)])
    await always(PLANS, office.compare, examples=6)
    office.comparison.saw_both(REQUESTS, REFERRALS, VOUCHERS, INTAKES)
    assert {(world.school, True), (world.school, False), (office.askers[-1], False)} <= office.tasks, "none was blocked"
    assert (office.askers[-1], True) not in office.tasks


async def versions(world: Any, headers: dict[str, str]) -> tuple[dict[str, int | None], set[tuple[str, int]]]:
    """Which version of each kind is in force, and every version that the list tells of, drafts too."""
    items = (await world.client.get("/forms", headers=headers)).json()["items"]
    told = {(item["kind"], each) for item in items for each in (*item["versions"], item["draft"]) if each is not None}
    return {item["kind"]: item["version"] for item in items}, told


async def test_a_version_of_a_form_is_read_by_exactly_those_whom_the_list_tells_of_it(world: Any) -> None:
    admin = world.identities.person(place=world.place, organisation=new_id(), roles=["place_admin"])
    made = {}
    for kind in ("youth_work", "parent_and_toddler"):
        form = FORM | {"fields": [WHO | {"source": "person.full_name"}]}
        answer = await world.post(f"/forms/{kind}/versions", form, admin)
        assert answer.status_code == 201, answer.text
        made[kind] = answer.json()["version"]
    path = f"/forms/youth_work/versions/{made['youth_work']}/publish"
    assert (await world.post(path, None, admin, 1)).status_code == 200
    every = {*(await versions(world, admin))[1], ("none_such", 1), ("food_bank", 999_999)}
    for headers, seen in (
        (world.worker(), {"youth_work"}),
        (admin, {"youth_work", "parent_and_toddler"}),
    ):
        in_force, told = await versions(world, headers)
        assert {(kind, number) in told for kind, number in made.items() if kind in seen} <= {True}
        for kind, number in every:
            answer = await world.client.get(f"/forms/{kind}/versions/{number}", headers=headers)
            assert (answer.status_code == 200) is ((kind, number) in told), (kind, number)
            latest = await world.client.get(f"/forms/{kind}", headers=headers)
            assert (latest.status_code == 200) is (in_force.get(kind) is not None), kind
        assert {kind for kind in made if kind in in_force} == seen, "a draft is its administrators' alone"

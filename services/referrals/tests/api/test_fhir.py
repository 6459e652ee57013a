"""Requests through FHIR R4: the same decided reading, no category data in lists, and the owner's update as an action.

Every answer is checked by `fhirkit`, another's implementation of the R4 specification. It does not know the required
value sets, so codes are checked here against R4's own lists.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import fhirkit
import httpx

from connective.contracts.categories import Category
from connective.kit.ids import new_id
from connective.kit.outcomes import MEDIA_TYPE
from connective.kit.pages import Cursors
from connective.referrals.api.fhir.searching import read_search

TASK_STATUS = {
    *("draft", "requested", "received", "accepted", "rejected", "ready", "cancelled", "in-progress", "on-hold"),
    *("failed", "completed", "entered-in-error"),
}
REQUEST_STATUS = {"draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"}
SECRETS = ("Mara", "Robin", "1991-05-04", "9990000018", "07700 900123", "benefit_delay", "ring before noon")
WORDS = {"text": "Please ring before noon.", "categories": ["needs"]}


def checked(answer: httpx.Response, kind: str, status: int = 200) -> dict[str, Any]:
    """The body, after another's R4 implementation found nothing wrong with it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    body: dict[str, Any] = answer.json()
    assert body["resourceType"] == kind
    assert [str(issue) for issue in fhirkit.validate(body)] == [], body
    for each in (body, *(entry["resource"] for entry in body.get("entry", ()))):
        assert each["resourceType"] != "Task" or each["status"] in TASK_STATUS
        assert each["resourceType"] != "ServiceRequest" or each["status"] in REQUEST_STATUS
    return body


async def sent(world: Any, kind: str = "food_bank", **changes: Any) -> tuple[Any, dict[str, Any]]:
    service = world.service(kind)
    made = await world.make(world.ask(service, free_text=WORDS, **changes))
    return service, made["requests"][0]


async def test_the_capability_statement_is_for_anybody(world: Any) -> None:
    shown = checked(await world.client.get("/fhir/metadata"), "CapabilityStatement")
    assert shown["fhirVersion"] == "4.0.1"
    resources = {each["type"]: {i["code"] for i in each["interaction"]} for each in shown["rest"][0]["resource"]}
    assert resources["Task"] == {"read", "search-type", "update"}
    assert resources.keys() == {"Task", "ServiceRequest", "Patient", "Consent", "Organization"}


async def test_tasks_disclose_nothing_and_reading_the_service_request_does(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    found = checked(await world.client.get("/fhir/Task?status=requested", headers=partner), "Bundle")
    task = checked(await world.client.get(f"/fhir/Task/{request['id']}", headers=partner), "Task")
    assert [entry["resource"]["id"] for entry in found["entry"]] == [request["id"]]
    for secret in (*SECRETS, str(world.mother)):
        assert secret not in str(found) + str(task)
    assert world.consent.disclosed == []
    read = await world.client.get(f"/fhir/{task['focus']['reference']}", headers=partner)
    asked = checked(read, "ServiceRequest")
    assert (asked["status"], read.headers["ETag"], len(world.consent.disclosed)) == ("active", 'W/"3"', 1)
    assert asked["reasonCode"][0]["coding"][0]["code"] == "food_or_fuel_poverty"
    assert asked["note"] == [{"text": "Please ring before noon."}]
    answers = {item["linkId"]: item["answer"] for item in asked["contained"][0]["item"]}
    assert answers["crisis_reason"] == [{"valueCoding": {"code": "benefit_delay", "display": "Waiting for a benefit"}}]
    person = checked(await world.client.get(f"/fhir/{asked['subject']['reference']}", headers=partner), "Patient")
    assert person["name"] == [{"use": "official", "text": "Mara Test"}]
    assert person["telecom"] == [{"system": "phone", "value": "07700 900123"}]
    for never in ("1991-05-04", "9990000018", "Test Lane"):
        assert never not in str(person) + str(asked)
    assert asked["subject"] == task["for"]
    assert [each.request_id for each in world.consent.disclosed] == [world.consent.disclosed[0].request_id] * 2
    held = await world.client.get(f"/fhir/Patient/{person['id']}", headers={**partner, "If-None-Match": 'W/"3"'})
    assert (held.status_code, len(world.consent.disclosed)) == (304, 2)


async def test_a_person_shows_what_is_permitted_alone_and_the_consent_says_what_is_not(world: Any) -> None:
    therapy, request = await sent(world, "speech_and_language_therapy")
    world.consent.refused[therapy.organisation_id] = {Category.ADDRESS: "not_in_agreement"}
    partner = world.partner(therapy)
    consent = checked(await world.client.get(f"/fhir/Consent/{request['id']}", headers=partner), "Consent")
    assert "agreement DSA-1, version 1; lawful basis 6(1)(e)" in consent["policyRule"]["text"]
    refused = consent["provision"]["provision"][0]
    assert (refused["type"], [each["code"] for each in refused["class"]]) == ("deny", ["address"])
    person = checked(await world.client.get(f"/fhir/{consent['patient']['reference']}", headers=partner), "Patient")
    assert (person["birthDate"], person["meta"]["security"][0]["code"]) == ("2023-01-09", "REDACTED")
    assert {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000026"} in person["identifier"]
    assert "Testbury Nursery" in str(person["extension"])
    assert "address" not in person
    world.consent.refused[therapy.organisation_id] = dict.fromkeys(Category, "consent_withdrawn")
    closed = await world.client.get(f"/fhir/Patient/{person['id']}", headers=partner)
    told = checked(closed, "OperationOutcome", 403)
    assert told["issue"][0]["code"] == "forbidden"
    assert "Robin" not in closed.text


async def test_who_may_not_see_it_meets_what_they_meet_where_there_is_none(world: Any) -> None:
    food, request = await sent(world)
    stranger = world.identities.person(place=world.place, organisation=new_id(), roles=["partner_worker"])
    draft = (await world.make(world.ask(food), submit=False))["requests"][0]
    world.consent.refused[food.organisation_id] = {Category.IDENTITY: "family_refused"}
    blocked = (await world.make(world.ask(food)))["requests"][0]
    assert blocked["state"] == "blocked"
    task = (await world.client.get(f"/fhir/Task/{request['id']}", headers=world.partner(food))).json()
    for kind in ("Task", "ServiceRequest", "Consent", "Patient"):
        unseen = task["for"]["reference"].partition("/")[2] if kind == "Patient" else request["id"]
        there = await world.client.get(f"/fhir/{kind}/{unseen}", headers=stranger)
        nowhere = await world.client.get(f"/fhir/{kind}/{new_id()}", headers=stranger)
        unsent = await world.client.get(f"/fhir/{kind}/{draft['id']}", headers=world.partner(food))
        never = await world.client.get(f"/fhir/{kind}/{blocked['id']}", headers=world.worker())
        no_id = await world.client.get(f"/fhir/{kind}/abc", headers=world.partner(food))
        checked(there, "OperationOutcome", 404)
        assert len({each.text for each in (there, nowhere, unsent, never, no_id)}) == 1, kind
    own = checked(await world.client.get("/fhir/Task", headers=world.worker()), "Bundle")
    assert [each["resource"]["status"] for each in own["entry"]] == ["draft", "requested"]
    read = await world.client.get(f"/fhir/ServiceRequest/{request['id']}", headers=world.worker())
    assert checked(read, "ServiceRequest")["note"] == [{"text": "Please ring before noon."}]
    person = await world.client.get(f"/fhir/{task['for']['reference']}", headers=world.worker())
    assert "name" not in checked(person, "Patient")


async def update(world: Any, who: dict[str, str], task: dict[str, Any], **changes: Any) -> httpx.Response:
    headers = {"Content-Type": MEDIA_TYPE, "If-Match": f'W/"{task["meta"]["versionId"]}"'} | who
    path = f"/fhir/Task/{task['id']}"
    answer: httpx.Response = await world.client.put(path, json={**task, **changes}, headers=headers)
    return answer


async def test_the_owner_closes_the_loop_by_the_task_alone(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    task = (await world.client.get(f"/fhir/Task/{request['id']}", headers=partner)).json()
    stale = task
    waiting = {"businessStatus": {"coding": [{"code": "waitlisted"}]}, "restriction": {"period": {"end": "2026-04-01"}}}
    paused = {"statusReason": {"coding": [{"code": "family_away"}]}, "restriction": {"period": {"end": "2026-03-20"}}}
    outcome = {"output": [{"type": {"coding": [{"code": "outcome"}]}, "valueCodeableConcept": {"text": "received"}}]}
    plain = {"businessStatus": None, "statusReason": None, "restriction": None}
    steps = [
        ("received", {}, "received"),
        ("in-progress", waiting, "waitlisted"),
        ("accepted", {}, "accepted"),
        ("in-progress", {}, "in_progress"),
        ("on-hold", paused, "on_hold"),
        ("in-progress", {}, "in_progress"),
        ("completed", outcome, "completed"),
    ]
    for status, changes, state in steps:
        answer = await update(world, partner, task, **{**plain, "status": status, **changes})
        task = checked(answer, "Task")
        assert (task["status"], task["businessStatus"]["coding"][0]["code"]) == (status, state)
        assert answer.headers["ETag"] == f'W/"{task["meta"]["versionId"]}"'
    assert task["output"][0]["valueCodeableConcept"]["coding"][0]["code"] == "received"
    same = await update(world, partner, task)
    assert (same.status_code, same.json()["meta"]) == (200, task["meta"])
    checked(await update(world, partner, stale, status="accepted"), "OperationOutcome", 412)
    checked(await update(world, partner, task, status="accepted"), "OperationOutcome", 409)
    gone = await world.client.get(f"/fhir/{task['for']['reference']}", headers=partner)
    checked(gone, "OperationOutcome", 404)
    frame = await world.client.get(f"/fhir/ServiceRequest/{task['id']}", headers=partner)
    assert "note" not in checked(frame, "ServiceRequest")
    consent = await world.client.get(f"/fhir/Consent/{task['id']}", headers=partner)
    assert checked(consent, "Consent")["status"] == "inactive"


async def test_a_no_carries_what_the_family_is_owed(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    opened = await world.client.get(f"/fhir/ServiceRequest/{request['id']}", headers=partner)
    assert opened.status_code == 200
    task = (await world.client.get(f"/fhir/Task/{request['id']}", headers=partner)).json()
    reason = {"coding": [{"code": "at_capacity"}], "text": "We are full this week."}
    bare = checked(await update(world, partner, task, status="rejected", statusReason=reason), "OperationOutcome", 422)
    assert {each["diagnostics"].split(": ")[0].split()[-1] for each in bare["issue"]} == {"next_step", "second_look"}
    said = {"next_step": "Ring again on Monday.", "second_look": "Ask for the manager."}
    output = [{"type": {"coding": [{"code": name}]}, "valueString": text} for name, text in said.items()]
    answer = await update(world, partner, task, status="rejected", statusReason=reason, output=output)
    told = checked(answer, "Task")
    assert told["statusReason"]["coding"][0]["code"] == "at_capacity"
    assert {each["valueString"] for each in told["output"]} == {"We are full this week.", *said.values()}
    listed = await world.client.get("/fhir/Task?status=rejected", headers=world.worker())
    assert "We are full" not in str(checked(listed, "Bundle"))


async def test_only_the_owner_changes_a_task_and_it_never_changes_hands(world: Any) -> None:
    food, request = await sent(world)
    partner = world.partner(food)
    task = (await world.client.get(f"/fhir/Task/{request['id']}", headers=partner)).json()
    door = world.service("early_help", reporting_route=True)
    both = world.identities.person(
        place=world.place, organisation=world.school, roles=["support_worker", "partner_worker"]
    )
    checked(await update(world, both, task, status="accepted"), "OperationOutcome", 403)
    to_door = {"reference": f"Organization/{door.organisation_id}"}
    refused = checked(await update(world, partner, task, owner=to_door), "OperationOutcome", 422)
    assert refused["issue"][0]["details"]["coding"][0]["code"] == "not-a-reporting-route"
    assert "01632 960999" in refused["issue"][0]["diagnostics"]
    elsewhere = {"reference": f"https://x.example.org/fhir/Organization/{new_id()}"}
    for name in ("owner", "requester", "for", "focus"):
        told = checked(await update(world, partner, task, **{name: elsewhere}), "OperationOutcome", 422)
        assert told["issue"][0]["expression"] == [f"Task.{name}"]
    for status in ("cancelled", "failed", "sent", "draft"):
        checked(await update(world, partner, task, status=status), "OperationOutcome", 422)
    checked(await update(world, partner, {**task, "id": str(new_id())}, status="accepted"), "OperationOutcome", 404)
    path, typed = f"/fhir/Task/{task['id']}", {**partner, "Content-Type": MEDIA_TYPE}
    checked(await world.client.put(path, json=task, headers=typed), "OperationOutcome", 428)
    matched = {**typed, "If-Match": 'W/"2"'}
    checked(await world.client.put("/fhir/Task/abc", json=task, headers=matched), "OperationOutcome", 404)
    for body in ({}, {**task, "resourceType": "Patient"}, {**task, "output": "none"}, [task]):
        checked(await world.client.put(path, json=body, headers=matched), "OperationOutcome", 422)
    checked(await world.client.put(path, content=b"\xfff\xff", headers=matched), "OperationOutcome", 400)
    text = await world.client.put(path, content="x", headers={**matched, "Content-Type": "text/plain"})
    checked(text, "OperationOutcome", 415)
    checked(await world.client.post("/fhir/ServiceRequest", json={}, headers=partner), "OperationOutcome", 405)
    checked(await world.client.get("/fhir/Observation/1", headers=partner), "OperationOutcome", 404)


async def test_a_search_is_read_as_fhir_reads_it(world: Any) -> None:
    food, first = await sent(world)
    others = [(await world.make(world.ask(food)))["requests"][0] for _ in range(4)]
    ids = [each["id"] for each in reversed([first, *others])]
    partner = world.partner(food)

    async def search(query: str, **headers: str) -> dict[str, Any]:
        return checked(await world.client.get(f"/fhir/Task{query}", headers={**partner, **headers}), "Bundle")

    def shown(bundle: dict[str, Any]) -> list[str]:
        return [e["resource"]["id"] for e in bundle.get("entry", ()) if e["search"]["mode"] == "match"]

    page, walked = await search("?_count=2&status=requested"), []
    while True:
        walked += shown(page)
        onward = [link["url"] for link in page["link"] if link["relation"] == "next"]
        if not onward:
            break
        page = await search("?" + onward[0].partition("?")[2])
    assert walked == ids
    owner = f"Organization/{food.organisation_id}"
    for query, expected in (
        (f"?_id={ids[0]},{ids[1]},nobody", ids[:2]),
        (f"?owner={owner}", ids),
        (f"?owner={new_id()}", []),
        ("?status=accepted,requested", ids),
        ("?status=http://hl7.org/fhir/task-status|requested", ids),
        ("?status=requested&status=accepted", []),
        ("?_lastUpdated=ge2026-03-02&_lastUpdated=lt2026-03-03", ids),
        ("?_lastUpdated=2026-03", ids),
        ("?_lastUpdated=gt2026-03-02T10:00:00Z", []),
        ("?_lastUpdated=le2026-03-02T11:00:00%2B01:00", ids),
        ("?_lastUpdated=lt2026", []),
        # The room's clock stands in March: since yesterday nothing changed, and that is looked for in another way.
        (f"?_lastUpdated=ge{datetime.now(UTC).date() - timedelta(days=1)}", []),
    ):
        assert shown(await search(query)) == expected, query
    form = await world.client.post("/fhir/Task/_search", data={"status": "requested"}, headers=partner)
    assert shown(checked(form, "Bundle")) == ids
    lenient = await search("?colour=red")
    assert (shown(lenient), lenient["entry"][-1]["search"]["mode"]) == (ids, "outcome")
    strict = await world.client.get("/fhir/Task?colour=red", headers={**partner, "Prefer": "handling=strict"})
    checked(strict, "OperationOutcome", 400)
    for query in ("status:not=draft", "_lastUpdated=ap2026", "_lastUpdated=ge2026-02-30", "_count=0", "status=sent"):
        checked(await world.client.get(f"/fhir/Task?{query}", headers=partner), "OperationOutcome", 400)
    checked(await world.client.get("/fhir/Task?_cursor=x", headers=partner), "OperationOutcome", 422)
    for headers in ({"Accept": "application/fhir+xml"}, {"Accept": "text/html"}):
        checked(await world.client.get("/fhir/Task", headers=partner | headers), "OperationOutcome", 406)
    browser = await world.client.get("/fhir/Task?_format=json", headers={**partner, "Accept": "text/html"})
    checked(browser, "Bundle")


async def test_an_organisation_is_shown_by_name_and_numbers(world: Any) -> None:
    food = world.service()
    asked = await world.client.get(f"/fhir/Organization/{food.organisation_id}", headers=world.partner(food))
    shown = checked(asked, "Organization")
    assert (shown["name"], shown["active"]) == ("Helping Hands", True)
    assert {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "A1001"} in shown["identifier"]
    unknown = await world.client.get(f"/fhir/Organization/{new_id()}", headers=world.partner(food))
    checked(unknown, "OperationOutcome", 404)


def test_dates_of_any_precision_are_stretches_of_time() -> None:
    cursors = Cursors(b"k" * 32)
    for value, expected in {
        "eq2026": ("2026-01-01 00:00:00", "2027-01-01 00:00:00"),
        "2024-02": ("2024-02-01 00:00:00", "2024-03-01 00:00:00"),
        "2024": ("2024-01-01 00:00:00", "2025-01-01 00:00:00"),
        "2026-03-02": ("2026-03-02 00:00:00", "2026-03-03 00:00:00"),
        "2026-03-02T10:30Z": ("2026-03-02 10:30:00", "2026-03-02 10:31:00"),
        "2026-03-02T10:30:15+01:00": ("2026-03-02 09:30:15", "2026-03-02 09:30:16"),
    }.items():
        (span,) = read_search([("_lastUpdated", value)], cursors, strict=True).sought.updated
        assert (f"{span.begins:%Y-%m-%d %H:%M:%S}", f"{span.ends:%Y-%m-%d %H:%M:%S}") == expected, value

"""Letters to people with accounts: content-free, one of a kind in a day, and again when the post was away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from gateway_calls import call, token
from gateway_hub import ISSUER, PLACE, TWO_HATS_EMAIL, WORKER_EMAIL, Hub

from connective.gateway.commands.admission import Admission
from connective.gateway.commands.post_notices import asking_again, posting_notices, telling_deciders
from connective.gateway.domain.prohibited_uses import Text, Texts
from connective.kit.actor import service_actor
from connective.kit.ids import new_id
from connective.kit.mail import KeptPost, SmtpPost


async def noticed(hub: Hub, *accounts: UUID) -> UUID:
    """Partners says that something happened to a listing that these people watch."""
    service = new_id()
    said = {"service_id": str(service), "account_ids": [str(each) for each in accounts], "reason_code": "reported"}
    await hub.event("hub.partners.listing.noticed", service, said)
    return service


async def proposed(hub: Hub, *accounts: UUID, of: UUID | None = None) -> None:
    """Partners says that a source proposes changes, which wait for these coordinators, and for that organisation."""
    run = new_id()
    said = {"run_id": str(run), "source_id": str(new_id()), "changes": 3, "organisation_ids": [str(of)] if of else []}
    await hub.event("hub.partners.harvest.waiting", run, said | {"account_ids": [str(each) for each in accounts]})


async def an_account(hub: Hub, account: UUID, role: str, called: str = "admin", at: str = "school") -> None:
    """Somebody of the school, or elsewhere, with this role."""
    async with hub.running.database.unit(service_actor("gateway", PLACE)) as unit:
        await unit.run(
            "INSERT INTO account (id, place_id, email, name, version)"
            " SELECT $1, place_id, $2, 'A', 1 FROM account LIMIT 1",
            (account, f"{called}@{at}.example.org"),
        )
        await unit.run(
            "INSERT INTO membership (account_id, place_id, organisation_id, organisation_name, roles)"
            " SELECT $1, place_id, $2, 'School', ARRAY[$3] FROM account LIMIT 1",
            (account, getattr(hub, at), role),
        )


async def declined(hub: Hub, code: str) -> None:
    """Referrals says that a request which the school had sent was declined."""
    request = new_id()
    said = dict.fromkeys(("request_id", "referral_id", "family_id", "recipient_organisation_id", "service_id"), request)
    ids = {name: str(each) for name, each in said.items()} | {"referrer_organisation_id": str(hub.school)}
    facts = {"service_kind": "early_help", "sensitive": False, "state": "declined", "reason_code": code}
    facts |= {"by_organisation_id": str(request), "reference": "REQ-7K3M-92QD", "sent": True, "escalated_to": None}
    await hub.event("hub.referrals.request.declined", request, ids | facts | {"at": datetime.now(UTC).isoformat()})


async def test_a_no_that_says_statutory_help_is_needed_alarms_the_safeguarding_lead_within_the_hour(hub: Hub) -> None:
    now, post, lead = datetime.now(UTC), KeptPost(), new_id()
    await an_account(hub, lead, "safeguarding_lead")
    run = posting_notices(hub.running.database, post, ISSUER)
    for code in ("at_capacity", "needs_statutory_help", "needs_statutory_help"):
        await declined(hub, code)
    await run(now + timedelta(minutes=1))
    assert [mail.to for mail in post.sent] == ["admin@school.example.org"], (
        "one letter, and the worker is not written to"
    )
    assert f"{ISSUER}/api/v1/requests?direction=sent&state=declined" in post.sent[0].text
    assert not [each for each in ("REQ-7K3M", "early_help") if each in post.sent[0].text]
    await declined(hub, "needs_statutory_help")
    await run(now + timedelta(minutes=62))
    assert len(post.sent) == 2


async def test_an_organisations_administrators_are_written_to_of_proposals_about_its_own_listings(hub: Hub) -> None:
    now, post, admin = datetime.now(UTC), KeptPost(), new_id()
    await an_account(hub, admin, "partner_admin")
    run = posting_notices(hub.running.database, post, ISSUER)
    await proposed(hub, of=new_id())
    await run(now + timedelta(minutes=1))
    assert post.sent == [], "another organisation's is nothing to them"
    for _ in range(2):
        await proposed(hub, UUID(str(hub.two_hats)), of=UUID(str(hub.school)))
    await run(now + timedelta(minutes=1))
    told = {mail.to: mail for mail in post.sent}
    assert set(told) == {"admin@school.example.org", TWO_HATS_EMAIL}
    assert len(post.sent) == 2, "one letter each a day"
    own = told["admin@school.example.org"]
    assert "your organisation's listings" in own.subject
    assert f"{ISSUER}/api/v1/harvest-changes?state=waiting" in own.text
    assert not [each for each in (str(hub.school), "School", "food") if each in own.subject + own.text]
    assert "for your area" in told[TWO_HATS_EMAIL].text, "a coordinator is told of the whole place"


async def test_who_watches_a_listing_is_written_to_once_a_day_and_told_nothing_of_it(hub: Hub) -> None:
    now = datetime.now(UTC)
    worker, two_hats, post = UUID(str(hub.worker)), UUID(str(hub.two_hats)), KeptPost()
    run = posting_notices(hub.running.database, post, ISSUER)
    service = await noticed(hub, worker, two_hats, new_id())
    await noticed(hub, worker)
    away = posting_notices(hub.running.database, SmtpPost("127.0.0.1", 1, "hub@example.org"), ISSUER)
    await away(now + timedelta(minutes=1))
    await run(now + timedelta(minutes=2))
    assert post.sent == [], "it is tried again after a while"
    for _ in range(2):
        await run(now + timedelta(minutes=12))
    assert sorted(mail.to for mail in post.sent) == sorted((WORKER_EMAIL, TWO_HATS_EMAIL)), "one letter each"
    told = "".join(mail.subject + mail.text for mail in post.sent)
    assert not [each for each in (str(service), "Worker", "food", "School") if each in told]
    assert f"{ISSUER}/api/v1/services/watched" in told
    await proposed(hub, two_hats)
    await run(now + timedelta(minutes=13))
    assert [mail.to for mail in post.sent[2:]] == [TWO_HATS_EMAIL]
    assert f"{ISSUER}/api/v1/harvest-changes?state=waiting" in post.sent.pop().text
    await noticed(hub, worker)
    await run(now + timedelta(hours=20))
    assert len(post.sent) == 2, "the next letter of a kind goes a day later"
    await run(now + timedelta(days=1, minutes=13))
    assert [mail.to for mail in post.sent[2:]] == [WORKER_EMAIL]


async def test_who_may_accept_a_new_text_is_asked_each_week_until_it_is_accepted(hub: Hub) -> None:
    now, post, admin = datetime.now(UTC), KeptPost(), new_id()
    await an_account(hub, admin, "partner_admin")
    texts = Texts((Text(1, now.date(), 0, {"a": "A."}), Text(2, now.date(), 14, {"a": "A.", "b": "B."})))
    ask, run = asking_again(hub.running.database, Admission(texts)), posting_notices(hub.running.database, post, ISSUER)
    for days in (0, 1, 8):
        await ask(now + timedelta(days=days))
        await run(now + timedelta(days=days, minutes=1))
    assert [mail.to for mail in post.sent] == ["admin@school.example.org"] * 2
    await hub.accepted(hub.school, version=2)
    await ask(now + timedelta(days=16))
    await run(now + timedelta(days=16, minutes=1))
    assert len(post.sent) == 2


async def test_who_may_decide_a_proposal_is_written_to_and_reminded_before_it_lapses(hub: Hub) -> None:
    post, people = KeptPost(), [new_id() for _ in range(4)]
    for account, role, called, at in (
        (people[0], "partner_admin", "one", "charity"),
        (people[1], "partner_admin", "two", "charity"),
        (people[2], "place_admin", "three", "school"),
        (people[3], "partner_admin", "four", "school"),
    ):
        await an_account(hub, account, role, called, at)
    tell, run = (
        telling_deciders(hub.running.database, lambda _: False),
        posting_notices(hub.running.database, post, ISSUER),
    )

    async def written(later: timedelta) -> list[str]:
        before = len(post.sent)
        for _ in range(2):
            await tell(now + later)
            await run(now + later + timedelta(seconds=1))
        return sorted(mail.to.partition("@")[0] for mail in post.sent[before:])

    one, two = (token(hub, "partner_admin", organisation_id=hub.charity, subject=str(each)) for each in people[:2])
    change = {"kind": "client_change", "client_id": str(hub.secret_client), "scopes": ["requests:list"]}
    made = await call(hub, "POST", "/proposals", one, change)
    assert made.status_code == 201, made.text
    now = datetime.now(UTC)
    assert await written(timedelta(minutes=1)) == ["two"], "neither who proposed it, nor the place while another can"
    told = post.sent[0].subject + post.sent[0].text
    assert not [
        each for each in ("Charity", "secret", "Partner", str(hub.secret_client), made.json()["id"]) if each in told
    ]
    assert f"{ISSUER}/api/v1/proposals?waiting=true" in told
    waiting = [(await call(hub, "GET", "/proposals?waiting=true", each)).json()["items"] for each in (one, two)]
    assert [[each["id"] for each in items] for items in waiting] == [[], [made.json()["id"]]]
    assert await written(timedelta(days=1)) == []
    assert await written(timedelta(days=5, hours=1)) == ["three", "two"], "three working days later, the place too"
    assert await written(timedelta(days=6)) == []
    assert await written(timedelta(days=8)) == [], "it has lapsed"
    roles = {"kind": "account_factors", "account_id": str(hub.worker)}
    made = await call(hub, "POST", "/proposals", token(hub, "place_admin"), roles)
    assert made.status_code == 201, made.text
    now = datetime.now(UTC) + timedelta(days=6)
    await hub.rows("UPDATE proposal SET proposed_at = $2 WHERE id = $1", UUID(made.json()["id"]), now)
    assert await written(timedelta(hours=2)) == ["three"], "what is the whole place's goes to its administrators"

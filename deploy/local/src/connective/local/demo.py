"""`make demo`: the whole Hub on this machine, doing its main job once, and then left open to use."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from connective.local.codes import keep_apps
from connective.local.control import run_until_told
from connective.local.mail_catcher import PORT as MAIL_PORT
from connective.local.pictures import take_pictures
from connective.local.services import EVERYTHING, GATEWAY, PAGES, PORTS
from connective.local.stack import Stack
from connective.local.state import remove_state
from connective.local.story.cast import Cast
from connective.local.story.narrator import Narrator, StoryDiffers, expect
from connective.local.story.picture import draw
from connective.local.story.signing_in import sign_in
from connective.local.story.telling import Tamper, tell
from connective.local.text_catcher import Catcher

INVENTED_PEOPLE = {"FAMILIES_SYNTHETIC_PEOPLE": "true"}
OF_A_DEMO = INVENTED_PEOPLE | {"GATEWAY_PASSWORD_COST": "least"}
"""Its passwords are printed: to hash them dearly would protect nobody, and take a fifth of the demo's time."""
"""Lets invented people be recorded, with NHS numbers of the test range; a real deployment refuses them."""
TEXT_PORT = 8025
PIN, TELEPHONE = "482915", "07700 900123"
"""Of the food bank in the demo, for links; the number is one of those that Ofcom keeps for stories."""
_SECURITY = "ALTER TABLE ledger_entry"
_ALTERED = "UPDATE ledger_entry SET body = replace(body, 'permit', 'permjt') WHERE id = $1"
_PICK = """
SELECT id, body FROM ledger_entry WHERE body LIKE '%permit%' ORDER BY made_at LIMIT 1
"""
_PLACE = "SELECT set_config('app.place', $1, false)"
_SEARCHED = """
INSERT INTO unmet_need (place_id, outward, district, need, age_band, week, times)
SELECT $1, outward, 'E06000066', need, age_band, date_trunc('week', current_date)::date - 7 * weeks_ago, times
FROM generate_series(1, 2) AS weeks_ago, (VALUES
    ('TA20', 'young_carer', '5-10', 9), ('TA20', 'debt_or_arrears', 'any', 14),
    ('TA19', 'debt_or_arrears', 'any', 3), ('TA19', 'parent_mental_health', 'any', 11)
) AS searched(outward, need, age_band, times)
"""
_PUT_BACK = "UPDATE ledger_entry SET body = $2 WHERE id = $1"


def tampering(owner_url: str) -> Tamper:
    """Alter one entry as the owner of the database can, in spite of every grant; and put it back."""

    @asynccontextmanager
    async def tamper() -> AsyncIterator[str]:
        connection = await asyncpg.connect(owner_url)
        try:
            await connection.execute(f"{_SECURITY} NO FORCE ROW LEVEL SECURITY")
            row = await connection.fetchrow(_PICK)
            await connection.execute(_ALTERED, row["id"])
            try:
                yield str(row["id"])
            finally:
                await connection.execute(_PUT_BACK, row["id"], row["body"])
                await connection.execute(f"{_SECURITY} FORCE ROW LEVEL SECURITY")
        finally:
            await connection.close()

    return tamper


async def demonstrate(folder: Path, *, once: bool, picture: Path | None = None, screenshots: Path | None = None) -> int:
    """Start afresh, tell the story, and stay up until told to stop; with `once`, stop after it.

    It is drawn where a file is named for that, and the main pages are pictured where a folder is.

    Answers the exit code: 1 when a step of the story differed from its promise.
    """
    remove_state(folder)
    async with Catcher(0 if once else MAIL_PORT, 0 if once else TEXT_PORT) as catcher:
        return await _demonstrate(folder, catcher, once=once, pictures=(picture, screenshots))


async def _demonstrate(folder: Path, catcher: Catcher, *, once: bool, pictures: tuple[Path | None, Path | None]) -> int:
    started = time.monotonic()
    ports = dict.fromkeys(PORTS, 0) if once else None
    environment = OF_A_DEMO | catcher.environment()
    stack = Stack(folder, services=EVERYTHING, ports=ports, console=None, environment=environment)
    narrator = Narrator()
    print("Starting PostgreSQL, NATS, five services and the pages …", flush=True)
    if not once:
        return await _stay(stack, narrator, started, catcher)
    drawing, screenshots = pictures
    await stack.start()
    try:
        cast = await _tell(stack, narrator, started)
        if screenshots is not None:
            await _searched_in_earlier_weeks(stack, cast)
            for path in await take_pictures(stack, cast, screenshots):
                print(f"Wrote {path}.")
    except StoryDiffers as difference:
        print(f"\n✗ {difference}\nThe log is {stack.state.log}", flush=True)
        return 1
    finally:
        await stack.stop()
    if drawing is not None:
        print(f"Drew {draw(narrator.lines, drawing)}.")
    return 0


async def _stay(stack: Stack, narrator: Narrator, started: float, catcher: Catcher) -> int:
    failed = False

    async def story() -> None:
        nonlocal failed
        try:
            cast = await _tell(stack, narrator, started)
            await leave_open(stack, cast, catcher)
        except StoryDiffers as difference:
            failed = True
            print(f"\n✗ {difference}\nThe log is {stack.state.log}", flush=True)

    await run_until_told(stack, then=story)
    return int(failed)


async def _tell(stack: Stack, narrator: Narrator, started: float) -> Cast:
    base = stack.addresses[GATEWAY]
    owner = stack.databases("consent").owner
    cast = await tell(base, stack, stack.state.folder, tampering(owner), narrator)
    took = time.monotonic() - started
    print(
        f"\nThe story held: {narrator.checks} promises checked, {took:.0f} seconds from an empty machine.", flush=True
    )
    return cast


async def leave_open(stack: Stack, cast: Cast, catcher: Catcher) -> None:
    """What comes after the story, for whoever goes on by hand: links for the food bank, addresses, sign-ins."""
    await _give_links(stack, cast)
    await _searched_in_earlier_weeks(stack, cast)
    _print_mail(catcher)
    _print_sign_ins(stack, cast)


async def _give_links(stack: Stack, cast: Cast) -> None:
    """Let the food bank take links too, as a charity without a system does: the place's administrator sets it up."""
    base, governance = stack.addresses[GATEWAY], cast.organisations["information_governance"]
    admin = await sign_in(base, cast.name("admin"), cast.credentials("admin"), governance)
    email = "desk@larder.example.org"
    body = {"organisation_id": cast.organisations["larder"], "email": email, "pin": PIN, "telephone": TELEPHONE}
    expect(await admin.post("/links/contacts", body), 201)
    await admin.client.aclose()


async def _searched_in_earlier_weeks(stack: Stack, cast: Cast) -> None:
    """Invented counts of searches that found nothing: a coordinator reads whole weeks, and the demo has had none."""
    connection = await asyncpg.connect(stack.databases("partners").owner)
    try:
        await connection.execute(_PLACE, cast.place.id.hex)
        await connection.execute(_SEARCHED, cast.place.id)
    finally:
        await connection.close()


def _print_mail(catcher: Catcher) -> None:
    print(f"\nWhat the Hub posts and texts is shown at {catcher.address} and leaves this machine nowhere.")
    print(
        f"A link opens with its organisation's PIN ({PIN}), or with a code that is texted to {TELEPHONE}.", flush=True
    )


def _print_sign_ins(stack: Stack, cast: Cast) -> None:
    base = stack.addresses[GATEWAY]
    print(f"\nThe pages are at {stack.addresses[PAGES]}: sign in there as one of the people below.")
    print(f"The Hub stays open at {base}. The API is described at {base}/api/v1/docs.")
    keep_apps(stack.state.folder, {cast.email(key): secret for key, secret in cast.app_secrets.items()})
    print(f"Everybody of the cast signs in with the password  {cast.password}")
    print("and a code, which this command shows for one of them (each works once):")
    print(f"  python -m connective.local code {cast.email('worker')}")
    print("An authenticator app of your own shows it too, with the key behind the name:")
    for key, entry in cast.raw["accounts"].items():
        roles = ", ".join(sorted({role for held in entry["memberships"].values() for role in held}))
        print(f"  {entry['email']:45} {cast.name(key):16} {cast.app_secrets[key]}  {roles}")
    harbour = cast.systems["harbour"]
    print("A partner's system asks for a token, and lists what was sent to it:")
    print(f"  curl -u {harbour.client_id}:{harbour.secret} -d grant_type=client_credentials {base}/oauth/token")
    print(f"  curl -H 'Authorization: Bearer ACCESS_TOKEN' '{base}/api/v1/requests?direction=received'")
    print("Stop it with Ctrl-C.", flush=True)

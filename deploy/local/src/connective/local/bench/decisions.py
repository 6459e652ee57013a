"""`decision.one`, `decision.many`, `ledger.append`: deciding among a million consents and ten thousand agreements.

Consent is asked as referrals asks it: directly, in the name of a worker, many questions in one call.
"""

import json
import time
from typing import Any

from connective.kit.tokens import CALLER_HEADER, IDENTITY_HEADER, Signer
from connective.local.bench.calling import asking, caller
from connective.local.bench.filling import AGREEMENTS, CONSENTS, RECIPIENTS, fill_consent, recipient
from connective.local.bench.gateway_cost import claims_of, identity_of
from connective.local.bench.hub import Hub
from connective.local.bench.measure import Result, Side, repeating, side_by_side
from connective.local.bench.rows import horizon, plain_insert, rows_since
from connective.local.bench.statements import Replay, Statement, Transaction, ids_made, statements_of

_SIZE = f"{CONSENTS} consents, {AGREEMENTS} agreements"


async def decision_one(hub: Hub) -> Result:
    """One question in a call, against the statements of that call by asyncpg."""
    question = await _question_in_a_full_database(hub)
    headers, actor = await _as_referrals(hub)
    async with caller() as client:
        decide = asking(client, _address(hub), headers, _body([question]))
        await decide()
        since_ms = time.time_ns() // 1_000_000
        transactions = await statements_of(hub, decide, actor)
        async with Replay(hub, transactions, ids_made(transactions, since_ms)) as replay:
            ours, limit = await side_by_side(repeating(decide), repeating(replay))
    return Result("decision.one", ours, limit, "decisions/s", ">= 0.33", {_SIZE: ours})


async def decision_many(hub: Hub) -> Result:
    """Twenty recipients in one call, against twenty calls."""
    question = await _question_in_a_full_database(hub)
    headers, _ = await _as_referrals(hub)
    everyone = [question | {"recipient_organisation_id": recipient(n + 1)} for n in range(RECIPIENTS)]
    async with caller() as client:
        together = repeating(asking(client, _address(hub), headers, _body(everyone)))
        alone = repeating(asking(client, _address(hub), headers, _body([question])))
        ours, limit = await side_by_side(_times(RECIPIENTS, together), alone)
    return Result("decision.many", ours, limit, "decisions/s", ">= 6.7", {_SIZE: ours})


async def ledger_append(hub: Hub) -> Result:
    """Storing a decision with its ledger entry as consent does, the sealer at work, against a plain INSERT of both."""
    question = await _question_in_a_full_database(hub)
    headers, actor = await _as_referrals(hub)
    admin = await hub.superuser("consent")
    try:
        async with caller() as client:
            decide = asking(client, _address(hub), headers, _body([question]))
            await decide()
            since, since_ms = await horizon(admin), time.time_ns() // 1_000_000
            (decided,) = await statements_of(hub, decide, actor)
            kept = [t for t in await rows_since(admin, since) if t.table in {"decision", "ledger_entry"}]
    finally:
        await admin.close()
    plain = Statement(*plain_insert(kept))
    appended = next(s for s in decided.statements if "ledger_pending" in s.sql)
    sides = [repeating_of(decided, statement) for statement in (appended, plain)]
    made = ids_made(sides, since_ms)
    async with Replay(hub, sides[:1], made) as append, Replay(hub, sides[1:], made) as insert:
        ours, limit = await side_by_side(repeating(append), repeating(insert))
    return Result("ledger.append", ours, limit, "decisions/s", ">= 0.6", {_SIZE: ours})


def repeating_of(transaction: Transaction, statement: Statement) -> Transaction:
    """The same transaction with this statement alone between its BEGIN and its COMMIT."""
    first, *_, last = transaction.statements
    return Transaction(transaction.database, transaction.role, (first, statement, last))


def _times(number: int, side: Side) -> Side:
    async def counted(seconds: float) -> float:
        return number * await side(seconds)

    return counted


def _address(hub: Hub) -> str:
    return f"{hub.stack.addresses['consent']}/internal/decisions"


def _body(questions: list[dict[str, Any]]) -> bytes:
    return json.dumps({"questions": questions}).encode()


async def _as_referrals(hub: Hub) -> tuple[dict[str, str], str]:
    """The headers that referrals would send for the worker, good for a minute, and who the worker is."""
    token = await hub.worker_token()
    signer = Signer.load("referrals", hub.stack.state.keys.signing_key("referrals"))
    headers = {IDENTITY_HEADER: identity_of(hub, token), CALLER_HEADER: signer.caller("consent")}
    return headers, str(claims_of(token)["sub"])


async def _question_in_a_full_database(hub: Hub) -> dict[str, Any]:
    """What the worker asks about the mother; the database is filled before the first time."""
    discloser = str(claims_of(await hub.worker_token())["org"])
    connection = await hub.superuser("consent")
    try:
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM organisation WHERE id::text = $1)", recipient(1)):
            await fill_consent(connection, discloser)
    finally:
        await connection.close()
    return {
        "discloser_organisation_id": discloser,
        "recipient_organisation_id": recipient(1),
        "subjects": [hub.family["mother"]],
        "categories": ["identity", "contact_details"],
        "purpose": "referral",
        "method": "api",
    }

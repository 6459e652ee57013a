"""What may be read one by one is exactly what is listed: what administrators look after, and places."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from gateway_calls import token
from gateway_hub import PLACE, Hub
from hypothesis import strategies as st

from connective.gateway.domain.proposals import ProposalKind
from connective.kit.ids import new_id
from connective.local.comparing import Collection, Comparison, always

ELSEWHERE = UUID(int=0x71)
ACCOUNTS, CLIENTS, INVITATIONS, PROPOSALS, PROVIDERS, PLACES = (
    Collection(f"/api/v1/{name}") for name in ("accounts", "clients", "invitations", "proposals", "providers", "places")
)
KEPT = {
    ACCOUNTS: "INSERT INTO account (id, place_id, email, name, disabled_at) VALUES ($1, $2, $3, 'Somebody', $4)",
    CLIENTS: "INSERT INTO client (id, client_id, name, place_id, organisation_id, authentication, redirect_uris,"
    " scopes, revoked_at) VALUES ($1::uuid, $1::uuid::text, 'A system', $2, $3, 'client_secret_basic', '{}', '{}', $4)",
    INVITATIONS: "INSERT INTO invitation (id, place_id, organisation_id, organisation_name, roles, email, name,"
    " invited_by, invited_at, expires_at, withdrawn_at) VALUES ($1, $2, $3, 'An organisation', '{partner_worker}',"
    " 'new@example.org', 'New', gen_random_uuid(), now(), now() + interval '7 days', $4)",
    PROPOSALS: "INSERT INTO proposal (id, place_id, organisation_id, kind, subject_id, subject_version, change,"
    " proposed_by, proposed_at, state, version) VALUES ($1, $2, $3, $5, gen_random_uuid(), 1, '{}', gen_random_uuid(),"
    " $4, 'open', 1)",
    PROVIDERS: "INSERT INTO provider (id, place_id, organisation_id, organisation_name, name, issuer, client_id,"
    " authentication, role_rules, factor_rules, new_accounts, ended_at, version) VALUES ($1, $2, $3, 'An organisation',"
    " 'Provider', 'https://id.example.org', 'hub', 'private_key_jwt', '[]', '[]', true, $4, 1)",
}
MEMBERSHIP = (
    "INSERT INTO membership (account_id, organisation_id, place_id, organisation_name, roles)"
    " VALUES ($1, $2, $3, 'An organisation', '{partner_worker}')"
)
ORGANISATIONS = (UUID(int=1), UUID(int=2), UUID(int=3))
RECORDS = st.lists(
    st.tuples(
        st.sampled_from(tuple(KEPT)),
        st.sampled_from((PLACE, ELSEWHERE)),
        st.frozensets(st.sampled_from(ORGANISATIONS[:2])),
        st.booleans(),
    ),
    min_size=2,
    max_size=8,
)
"""What is kept, in which place, for which organisations (an account may work for two or none), and whether it ended."""
ASKERS = [(role, PLACE, organisation) for role in ("partner_admin", "place_admin") for organisation in ORGANISATIONS]
ASKERS += [("place_admin", ELSEWHERE, ORGANISATIONS[0]), ("partner_admin", ELSEWHERE, ORGANISATIONS[1])]


class Office:
    """The administrators of two places, and what is theirs to look after."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.comparison = hub, Comparison(hub.browser)
        self.headers = {
            asker: {"Authorization": "Bearer " + token(hub, asker[0], place_id=asker[1], organisation_id=asker[2])}
            for asker in ASKERS
        }

    async def keep(self, kind: Collection, place: UUID, organisations: frozenset[UUID], over: bool) -> str:
        """One record of this kind."""
        record, now = new_id(), datetime.now(UTC)
        whose = min(organisations, default=ORGANISATIONS[2])
        values: list[Any] = [record, place, whose, now - timedelta(hours=1) if over else None]
        if kind is ACCOUNTS:
            values[2] = f"{uuid4().hex}@example.org"
        if kind is PROPOSALS:
            # What concerns a person or a provider concerns the whole place: it carries no organisation.
            values[2] = whose if organisations else None
            values[3] = now - timedelta(days=60 if over else 0)
            values.append(str(ProposalKind.CLIENT_CHANGE if organisations else ProposalKind.ACCOUNT_ROLES))
        await self.hub.rows(KEPT[kind], *values)
        for each in organisations if kind is ACCOUNTS else ():
            await self.hub.rows(MEMBERSHIP, record, each, place)
        return str(record)

    async def compare(self, records: list[tuple[Collection, UUID, frozenset[UUID], bool]]) -> None:
        """Keep these, and hold what each administrator's lists show against what answers them one by one."""
        made: defaultdict[Collection, dict[str, tuple[UUID, frozenset[UUID]]]] = defaultdict(dict)
        for kind, place, organisations, over in records:
            made[kind][await self.keep(kind, place, organisations, over)] = (place, organisations)
        for (role, place, organisation), headers in self.headers.items():
            for kind, kept in made.items():
                if kind is PROVIDERS and role != "place_admin":
                    continue
                seen = await self.comparison.holds(kind, headers, kept, who=f"{role} of {organisation} in {place}")
                for each, (where, whose) in kept.items():
                    if where != place:
                        assert each not in seen, "nothing is shown in another place"
                    if role == "partner_admin" and each in seen:
                        assert organisation in (whose or {ORGANISATIONS[2]}), "nor beyond one's own organisation"


async def test_what_administrators_look_after_is_read_by_exactly_those_who_find_it_listed(hub: Hub) -> None:
    office = Office(hub)
    both = frozenset(ORGANISATIONS[:2])
    first = [(kind, place, who, False) for kind in KEPT for place in (PLACE, ELSEWHERE) for who in (both, frozenset())]
    await office.compare(first)
    await always(RECORDS, office.compare, examples=4)
    office.comparison.saw_both(*KEPT)


async def test_a_place_that_is_listed_can_be_read_by_anybody(shared_hub: Hub) -> None:
    comparison = Comparison(shared_hub.browser)
    assert await comparison.holds(PLACES, {}, [str(PLACE), str(new_id())]) == {str(PLACE)}
    comparison.saw_both(PLACES)

"""Fills consent's database to the size of a county: copies of one real record each, made inside PostgreSQL."""

from dataclasses import dataclass
from typing import Any

import asyncpg

CONSENTS = 1_000_000
AGREEMENTS = 10_000
RECIPIENTS = 20
_COLUMNS = """
SELECT attname FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""
_FAST = ("SET synchronous_commit = off", "SET session_replication_role = replica")
"""Copies of records that hold need no second check of their references."""
_ENTITY, _AGREEMENT, _ORGANISATION, _CONSENT, _PERSON = range(1, 6)


def _made(kind: int) -> str:
    """The n-th made-up id of its kind, as SQL."""
    return f"('00000000-0000-7000-a00{kind}-' || lpad(to_hex(n), 12, '0'))::uuid"


def recipient(number: int) -> str:
    """The id of a made-up organisation, counted from 1."""
    return f"00000000-0000-7000-a00{_ORGANISATION}-{number:012x}"


async def fill_consent(connection: "asyncpg.Connection[Any]", discloser: str) -> None:
    """A million consents of other people; ten thousand agreements of the discloser's, each with one legal entity.

    The first twenty entities have an organisation each, which may be asked about.
    """
    for statement in _FAST:
        await connection.execute(statement)
    filler = _Filler(connection, discloser)
    flow = "from_entity_id = (SELECT legal_entity_id FROM organisation WHERE id = $2::text::uuid) AND state = 'active'"
    agreement = f"(SELECT agreement_id FROM agreement_flow WHERE {flow} ORDER BY agreement_id LIMIT 1)"  # noqa: S608 - constants only
    entity = {"id": _made(_ENTITY), "name": "'Made up ' || n"}
    await filler.copy("legal_entity", entity, AGREEMENTS, "$2::text <> '' AND processing_signed_at IS NOT NULL")
    organisation = {"id": _made(_ORGANISATION), "legal_entity_id": _made(_ENTITY)}
    await filler.copy("organisation", organisation, RECIPIENTS, "id = $2::text::uuid")
    reference = "'BENCH-' || n"
    number = {"agreement_id": _made(_AGREEMENT)}
    agreements = {"id": _made(_AGREEMENT), "reference": reference}
    await filler.copy("agreement", agreements, AGREEMENTS, f"id = {agreement}")
    await filler.copy("agreement_version", number, AGREEMENTS, f"agreement_id = {agreement}")
    line = number | {"to_entity_id": _made(_ENTITY), "reference": reference}
    await filler.copy("agreement_flow", line, AGREEMENTS, flow)
    given = {"id": _made(_CONSENT), "giver_id": _made(_PERSON)}
    await filler.copy("consent_record", given, CONSENTS, "$2::text <> ''")
    subject = {"consent_id": _made(_CONSENT), "person_id": _made(_PERSON)}
    await filler.copy("consent_subject", subject, CONSENTS, "$2::text <> ''")
    await connection.execute("ANALYZE")


@dataclass(frozen=True, slots=True)
class _Filler:
    connection: "asyncpg.Connection[Any]"
    discloser: str

    async def copy(self, table: str, changed: dict[str, str], times: int, which: str) -> None:
        """Copies of the first row of which this holds (`$2` is the discloser), changed as these expressions say."""
        columns = [row["attname"] for row in await self.connection.fetch(_COLUMNS, table)]
        names = ", ".join(f'"{name}"' for name in columns)
        values = ", ".join(changed.get(name, f'one."{name}"') for name in columns)
        await self.connection.execute(
            f"INSERT INTO {table} ({names}) SELECT {values}"  # noqa: S608 - catalogue names and constants
            f" FROM (SELECT * FROM {table} WHERE {which} LIMIT 1) AS one, generate_series(1, $1::int) AS n",
            times,
            self.discloser,
            timeout=120,
        )

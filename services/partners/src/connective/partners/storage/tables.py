"""The tables, as SQLAlchemy Core sees them. The migrations make them; these only name their columns."""

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

metadata = MetaData()


def _imported() -> tuple[Column[object], ...]:
    """Where a row was read from, and which of our versions that became."""
    return Column("source", Text), Column("source_version", Integer)


def _versioned() -> tuple[Column[object], ...]:
    return Column("version", Integer), Column("changed_at", DateTime(timezone=True))


def _json() -> JSONB:
    # A Python None is an absent value, never the JSON text `null`.
    return JSONB(none_as_null=True)


organisation = Table(
    "organisation",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("legal_entity_id", Uuid),
    Column("name", Text),
    Column("kind", Text),
    Column("identifiers", _json()),
    Column("description", Text),
    Column("website", Text),
    Column("telephone", Text),
    Column("details", _json()),
    Column("state", Text),
    Column("assurance_level", Text),
    Column("assurance", _json()),
    *_imported(),
    *_versioned(),
)
organisation_state = Table(
    "organisation_state",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("place_id", Uuid),
    Column("state", Text),
    Column("reason", Text),
    Column("actor", Text),
    Column("at", DateTime(timezone=True)),
)
service = Table(
    "service",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("organisation_id", Uuid),
    Column("name", Text),
    Column("kind", Text),
    Column("needs", ARRAY(Text)),
    Column("status", Text),
    Column("description", Text),
    Column("url", Text),
    Column("telephone", Text),
    Column("how_to_refer", Text),
    Column("minimum_age", Integer),
    Column("maximum_age", Integer),
    Column("areas", _json()),
    Column("locations", _json()),
    Column("schedules", _json()),
    Column("sensitive", Boolean),
    Column("confidential_to_young_person", Boolean),
    Column("assured_on", Date),
    Column("takes_requests", Boolean),
    Column("acknowledge_within_days", Integer),
    Column("decide_within_days", Integer),
    Column("contact_attempts_promised", Integer),
    Column("same_day", _json()),
    Column("capacities", _json()),
    Column("details", _json()),
    Column("licence", Text),
    *_imported(),
    *_versioned(),
)
service_capacity = Table(
    "service_capacity",
    metadata,
    Column("service_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("place_id", Uuid),
    Column("available", Integer),
    Column("maximum", Integer),
    Column("unit", Text),
    Column("audience", Text),
    Column("waiting_weeks", Integer),
    Column("as_of", DateTime(timezone=True)),
)
directory_entry = Table(
    "directory_entry",
    metadata,
    Column("place_id", Uuid, primary_key=True),
    Column("need", Text, primary_key=True),
    Column("cell", Text, primary_key=True),
    Column("service_id", Uuid, primary_key=True),
    Column("easting", Integer),
    Column("northing", Integer),
    Column("minimum_age", Integer),
    Column("maximum_age", Integer),
)
hub = Table(
    "hub",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("name", Text),
    Column("outward_postcodes", ARRAY(Text)),
    Column("coordinator_account_id", Uuid),
    Column("member_organisation_ids", ARRAY(Uuid)),
    *_versioned(),
)

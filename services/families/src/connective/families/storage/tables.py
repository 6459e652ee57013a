"""The tables, as SQLAlchemy Core sees them. The migrations make them; these only name their columns."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _kept() -> tuple[Column[object], ...]:
    """The columns by which every row has a place and a keeper."""
    return Column("place_id", Uuid), Column("organisation_id", Uuid)


def _period() -> tuple[Column[object], ...]:
    return Column("since", Date), Column("until", Date)


def _ending() -> tuple[Column[object], ...]:
    """When it held, and why it does so no longer."""
    return *_period(), Column("end_reason", Text)


family = Table(
    "family",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("name", Text),
    Column("registered_by", Text),
    Column("registered_on", Date),
    Column("version", Integer),
)
person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("given_names", Text),
    Column("family_name", Text),
    Column("known_as", Text),
    Column("previous_family_names", ARRAY(Text)),
    Column("sex", Text),
    Column("date_of_birth", Date),
    Column("age_group", Text),
    Column("died_on", Date),
    Column("nhs_number", Text),
    Column("upn_sealed", LargeBinary),
    Column("language", Text),
    Column("interpreter", Boolean),
    Column("education_setting", Text),
    Column("gp_practice", Text),
    Column("merged_into", Uuid),
    Column("quiet_elsewhere", Boolean),
    Column("processing_restricted", Boolean),
    Column("version", Integer),
)
membership = Table(
    "membership",
    metadata,
    Column("family_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    *_kept(),
    Column("residence", Text),
    *_ending(),
)
relationship = Table(
    "relationship",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("person_id", Uuid),
    Column("of_person_id", Uuid),
    Column("kind", Text),
    Column("responsibility", Text),
    Column("limit_kind", Text),
    Column("limit_since", Date),
    Column("limit_until", Date),
    Column("limit_copy_seen", Boolean),
    *_ending(),
)
address = Table(
    "address",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("family_id", Uuid),
    Column("kind", Text),
    Column("lines", ARRAY(Text)),
    Column("town", Text),
    Column("postcode", Text),
    Column("withheld", Boolean),
    Column("confirmed_on", Date),
    *_ending(),
)
contact_point = Table(
    "contact_point",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("person_id", Uuid),
    Column("kind", Text),
    Column("value", Text),
    Column("rule", Text),
    Column("hours", Text),
    Column("confirmed_on", Date),
    *_ending(),
)
need = Table(
    "need",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("person_id", Uuid),
    Column("code", Text),
    Column("severity", SmallInteger),
    Column("source", Text),
    *_ending(),
)
strength = Table(
    "strength",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("person_id", Uuid),
    Column("code", Text),
    Column("source", Text),
    *_ending(),
)
pregnancy = Table(
    "pregnancy",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("mother_id", Uuid),
    Column("due_on", Date),
    Column("ended_on", Date),
    Column("ended_as", Text),
    Column("notices_resumed_on", Date),
)
restriction = Table(
    "restriction",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("person_id", Uuid),
    Column("kind", Text),
    Column("placed_by", Text),
    Column("placed_at", DateTime(timezone=True)),
    Column("named_organisation_ids", ARRAY(Uuid)),
    Column("named_actor_ids", ARRAY(Text)),
    Column("lift_asked_by", Text),
    Column("lifted_by", Text),
    Column("lifted_at", DateTime(timezone=True)),
    Column("carried_from", Uuid),
)
person_merge = Table(
    "person_merge",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("merged_organisation_id", Uuid),
    Column("person_id", Uuid),
    Column("merged_person_id", Uuid),
    Column("state", Text),
    Column("likeness", Text),
    Column("shared", ARRAY(Text)),
    Column("differs", ARRAY(Text)),
    Column("proposed_by", Text),
    Column("proposed_organisation_id", Uuid),
    Column("proposed_at", DateTime(timezone=True)),
    Column("agreed", JSONB),
    Column("settled_by", Text),
    Column("settled_at", DateTime(timezone=True)),
    Column("undone_by", Text),
    Column("undone_at", DateTime(timezone=True)),
    Column("reason", Text),
    Column("version", Integer),
)
merge_trace = Table(
    "merge_trace",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("merge_id", Uuid),
    Column("kept_in", Text),
    Column("gone", Boolean),
    Column("before", JSONB),
)
help_case = Table(
    "help_case",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("family_id", Uuid),
    Column("state", Text),
    Column("lead_practitioner", Text),
    Column("opened_on", Date),
    Column("closed_on", Date),
    Column("review_on", Date),
    Column("closing_asked_by", Text),
    Column("closing_reason", Text),
    Column("closed_by", Text),
    Column("version", Integer),
)
team_member = Table(
    "team_member",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("family_id", Uuid),
    *_kept(),
    Column("member_organisation_id", Uuid, primary_key=True),
    *_period(),
)
chronology_entry = Table(
    "chronology_entry",
    metadata,
    Column("id", Uuid, primary_key=True),
    *_kept(),
    Column("family_id", Uuid),
    Column("at", DateTime(timezone=True)),
    Column("code", Text),
    Column("version", Integer),
    Column("acting_organisation_id", Uuid),
    Column("owner_organisation_id", Uuid),
    Column("person_id", Uuid),
    Column("reference", Text),
    Column("service_kind", Text),
    Column("reason_code", Text),
    Column("detail_code", Text),
    Column("sensitive", Boolean),
)
search_card = Table(
    "search_card",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    *_kept(),
    Column("name", Text),
    Column("birth_year", Integer),
    Column("stored_only", Boolean),
)
search_token = Table(
    "search_token",
    metadata,
    Column("place_id", Uuid, primary_key=True),
    Column("token", LargeBinary, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("organisation_id", Uuid),
    Column("fact", Text),
)

"""The tables as SQLAlchemy Core sees them; migrations make them, and a test compares the two."""

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from connective.kit.outbox import outbox_tables

metadata = MetaData()
outbox, outbox_head = outbox_tables(metadata)
# The feed is read by partners, so it keeps how far its beginning has been removed; a trigger notes it.
outbox_head.append_column(Column("removed_to", BigInteger))

_MOMENT = DateTime(timezone=True)

referral = Table(
    "referral",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("family_id", Uuid),
    Column("organisation_id", Uuid),
    Column("discloser_organisation_id", Uuid),
    Column("made_by", Text),
    Column("made_at", _MOMENT),
    Column("safeguarding_answer", Text),
    Column("reported_to", Text),
    Column("reported_at", _MOMENT),
    Column("report_reference", Text),
)

request = Table(
    "request",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("referral_id", Uuid),
    Column("family_id", Uuid),
    Column("reference", Text),
    Column("referrer_organisation_id", Uuid),
    Column("discloser_organisation_id", Uuid),
    Column("recipient_organisation_id", Uuid),
    Column("service_id", Uuid),
    Column("service_kind", Text),
    Column("sensitive", Boolean),
    Column("form_version", Integer),
    Column("content_version", Integer),
    Column("subjects", ARRAY(Uuid)),
    Column("contact_person_id", Uuid),
    Column("people", ARRAY(Uuid)),
    Column("state", Text),
    Column("version", Integer),
    Column("since", _MOMENT),
    Column("is_open", Boolean),
    Column("needed_by", _MOMENT),
    Column("submitted_at", _MOMENT),
    Column("received_at", _MOMENT),
    Column("due_clock", Text),
    Column("due_owner", Text),
    Column("due_at", _MOMENT),
    Column("next_step_at", _MOMENT),
    Column("asked_in", Text),
    Column("expected_on", Date),
    Column("acknowledge_within_days", Integer),
    Column("decide_within_days", Integer),
    Column("contact_attempts_promised", Integer),
    Column("contact_attempts", Integer),
    Column("escalations", Integer),
    Column("replaces", Uuid),
    Column("relied_agreement_id", Uuid),
    Column("relied_consent_ids", ARRAY(Uuid)),
    Column("hold", JSONB(none_as_null=True)),
    Column("pause", JSONB(none_as_null=True)),
    Column("decline", JSONB(none_as_null=True)),
    Column("family_told", JSONB(none_as_null=True)),
    Column("outcome", JSONB(none_as_null=True)),
    Column("missing", JSONB),
    Column("without", JSONB),
    Column("notices", JSONB),
)

content = Table(
    "request_content",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("answers", JSONB),
    Column("needs", JSONB),
    Column("words_text", Text),
    Column("words_categories", ARRAY(Text)),
)

history = Table(
    "request_history",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("fact", Text),
    Column("action", Text),
    Column("before", Text),
    Column("after", Text),
    Column("reason_code", Text),
    Column("party", Text),
    Column("actor_id", Text),
    Column("organisation_id", Uuid),
    Column("at", _MOMENT),
    Column("words_text", Text),
    Column("words_categories", ARRAY(Text)),
)

note = Table(
    "request_note",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("request_id", Uuid),
    Column("kind", Text),
    Column("party", Text),
    Column("organisation_id", Uuid),
    Column("actor_id", Text),
    Column("at", _MOMENT),
    Column("details", JSONB),
)

message_reading = Table(
    "message_reading",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, primary_key=True),
    Column("version", Integer),
    Column("at", _MOMENT),
)

assignment = Table(
    "assignment",
    metadata,
    Column("request_id", Uuid, primary_key=True),
    Column("party", Text, primary_key=True),
    Column("organisation_id", Uuid),
    Column("account_id", Uuid),
    Column("assigned_by", Text),
    Column("at", _MOMENT),
)

member_copy = Table(
    "member_copy",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("organisation_ids", ARRAY(Uuid)),
    Column("ever", ARRAY(Uuid)),
    Column("told_at", _MOMENT),
    Column("disabled_at", _MOMENT),
)

service_copy = Table(
    "service_copy",
    metadata,
    Column("service_id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("known_version", Integer),
    Column("facts_version", Integer),
    Column("facts", JSONB(none_as_null=True)),
)

organisation_copy = Table(
    "organisation_copy",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("legal_entity_id", Uuid),
    Column("state", Text),
    Column("version", Integer),
)

stored_only = Table(
    "stored_only",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("place_id", Uuid),
)

voucher = Table(
    "voucher",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("reference", Text),
    Column("request_id", Uuid),
    Column("family_id", Uuid),
    Column("service_id", Uuid),
    Column("issuer_organisation_id", Uuid),
    Column("recipient_organisation_id", Uuid),
    Column("issued_by", Text),
    Column("issued_at", _MOMENT),
    Column("expires_at", _MOMENT),
    Column("adults", Integer),
    Column("children", JSONB),
    Column("packing_notes", ARRAY(Text)),
    Column("state", Text),
    Column("version", Integer),
    Column("ended_at", _MOMENT),
)

place_form = Table(
    "place_form",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("kind", Text),
    Column("form_version", Integer),
    Column("title", Text),
    Column("one_subject", Boolean),
    Column("required_categories", ARRAY(Text)),
    Column("useful_categories", ARRAY(Text)),
    Column("fields", JSONB),
    Column("state", Text),
    Column("version", Integer),
    Column("drafted_by", Text),
    Column("drafted_at", _MOMENT),
    Column("published_by", Text),
    Column("published_at", _MOMENT),
    Column("retired_by", Text),
    Column("retired_at", _MOMENT),
)

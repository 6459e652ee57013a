"""The tables of joint-controller arrangements and memoranda; the migrations make them."""

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB

from connective.consent.storage.columns import day, key, number, table, text, uuid, uuids, when

joint_arrangement = table(
    "joint_arrangement",
    key(),
    uuid("place_id"),
    text("reference"),
    uuid("proposed_by_entity_id"),
    text("state"),
    Column("terms", JSONB, nullable=False),
    uuids("entity_ids"),
    when("created_at"),
    when("changed_at"),
    number("version"),
)
joint_arrangement_act = table(
    "joint_arrangement_act",
    key(),
    uuid("place_id"),
    uuid("arrangement_id"),
    text("act"),
    uuid("legal_entity_id"),
    text("actor_id"),
    text("note"),
    when("at"),
)
memorandum = table(
    "memorandum",
    key(),
    uuid("place_id"),
    text("reference"),
    uuid("lead_entity_id"),
    text("state"),
    Column("terms", JSONB, nullable=False),
    text("text"),
    text("text_hash"),
    uuids("seen_by"),
    day("ends_on"),
    when("created_at"),
    when("changed_at"),
    number("revision"),
)
memorandum_act = table(
    "memorandum_act",
    key(),
    uuid("place_id"),
    uuid("memorandum_id"),
    text("act"),
    uuid("legal_entity_id", null=True),
    text("actor_id"),
    text("signer_name"),
    text("signer_position"),
    text("text_hash", null=True),
    number("commitment", null=True),
    text("progress", null=True),
    text("note"),
    when("at"),
)

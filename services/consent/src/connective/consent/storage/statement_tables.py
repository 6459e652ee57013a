"""What families said: agreements to engage, consent, rulings, notices and objections."""

from typing import Any

from sqlalchemy import Column

from connective.consent.storage.columns import day, flag, json, key, number, table, text, texts, uuid, uuids, when


def _scope_columns() -> tuple[Column[Any], ...]:
    return (uuids("recipient_organisation_ids"), texts("service_kinds"), texts("purposes"), texts("categories"))


consent_record = table(
    "consent_record",
    key(),
    uuid("place_id"),
    uuid("organisation_id"),
    uuid("family_id", null=True),
    text("kind"),
    text("state"),
    uuid("giver_id"),
    *_scope_columns(),
    text("how"),
    text("note"),
    text("recorded_by"),
    when("said_at"),
    when("expires_at", null=True),
    when("withdrawn_at", null=True),
    number("version"),
    text("giver_kind"),
    text("spoken_by"),
    json("interpreter"),
    text("notice_reference"),
    text("notice_version"),
    text("evidence"),
)
consent_subject = table(
    "consent_subject",
    key("consent_id"),
    key("person_id"),
    uuid("place_id"),
    text("authority"),
    json("competence"),
    text("evidence"),
    json("incapacity"),
    uuid("organisation_id"),
)
consent_act = table(
    "consent_act",
    key(),
    uuid("place_id"),
    uuid("consent_id"),
    text("act"),
    text("actor_id"),
    uuid("organisation_id", null=True),
    text("note"),
    when("at"),
    text("how"),
    json("interpreter"),
)
ruling = table(
    "ruling",
    key(),
    uuid("place_id"),
    uuid("organisation_id"),
    uuid("person_id"),
    text("kind"),
    flag("share"),
    *_scope_columns(),
    text("reasons"),
    text("decided_by"),
    when("decided_at"),
)
notice = table(
    "notice",
    key(),
    uuid("place_id"),
    uuid("organisation_id"),
    uuids("recipient_organisation_ids"),
    texts("purposes"),
    text("how"),
    text("language"),
    text("document_reference"),
    day("told_on"),
    text("recorded_by"),
    when("recorded_at"),
    text("document_version"),
    json("interpreter"),
)
notice_subject = table("notice_subject", key("notice_id"), key("person_id"), uuid("place_id"), uuid("organisation_id"))
objection = table(
    "objection",
    key(),
    uuid("place_id"),
    uuid("organisation_id"),
    uuid("person_id"),
    uuid("raised_by"),
    text("state"),
    uuids("recipient_organisation_ids"),
    text("reason"),
    text("recorded_by"),
    when("raised_at"),
    text("resolved_by", null=True),
    when("resolved_at", null=True),
    text("resolution"),
    number("version"),
    text("how"),
    json("interpreter"),
)

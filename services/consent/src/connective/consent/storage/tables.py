"""The tables, as SQLAlchemy Core sees them; the migrations make them, and a test holds the two against each other."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from connective.consent.storage.columns import (
    day as _day,
)
from connective.consent.storage.columns import (
    flag as _flag,
)
from connective.consent.storage.columns import (
    json as _json,
)
from connective.consent.storage.columns import (
    key as _id,
)
from connective.consent.storage.columns import (
    number as _int,
)
from connective.consent.storage.columns import (
    table as _table,
)
from connective.consent.storage.columns import (
    text as _text,
)
from connective.consent.storage.columns import (
    texts as _texts,
)
from connective.consent.storage.columns import (
    uuid as _uuid,
)
from connective.consent.storage.columns import (
    uuids as _uuids,
)
from connective.consent.storage.columns import (
    when as _when,
)

legal_entity = _table(
    "legal_entity",
    _id(),
    _uuid("place_id"),
    _text("name"),
    _text("kind"),
    _text("ico_registration"),
    _day("ico_registered_until"),
    _day("training_valid_until"),
    _text("dpo_contact"),
    _when("processing_signed_at", null=True),
    _day("processing_ends_on", null=True),
    _int("version"),
    _when("created_at"),
)
processing_agreement = _table(
    "processing_agreement",
    _id(),
    _uuid("place_id"),
    _uuid("legal_entity_id"),
    _text("document_reference"),
    _texts("confirms"),
    _text("signed_by"),
    _when("signed_at"),
    _day("ends_on", null=True),
    _texts("refrains_from"),
)
organisation = _table(
    "organisation",
    _id(),
    _uuid("place_id"),
    _uuid("legal_entity_id"),
    _text("kind"),
    _text("state"),
    _text("assurance_level"),
    _int("version"),
    _text("name", null=True),
    _int("name_version", null=True),
)
agreement = _table(
    "agreement", _id(), _uuid("place_id"), _text("reference"), _uuid("lead_entity_id"), _when("created_at")
)
agreement_version = _table(
    "agreement_version",
    _id("agreement_id"),
    Column("number", Integer, primary_key=True),
    _uuid("place_id"),
    _text("state"),
    _text("title"),
    Column("terms", JSONB, nullable=False),
    _text("text"),
    _text("text_hash"),
    _text("state_reason"),
    _day("starts_on"),
    _day("ends_on"),
    _day("review_on"),
    _uuids("seen_by"),
    _when("changed_at"),
    _int("revision"),
    Column("document", JSONB, nullable=True),
)
agreement_act = _table(
    "agreement_act",
    _id(),
    _uuid("place_id"),
    _uuid("agreement_id"),
    _int("number"),
    _text("act"),
    _uuid("legal_entity_id", null=True),
    _text("actor_id"),
    _flag("approved", null=True),
    _text("text_hash", null=True),
    _text("note"),
    _when("at"),
    _text("signer_name"),
    _text("signer_position"),
)
agreement_flow = _table(
    "agreement_flow",
    _id("agreement_id"),
    Column("version", Integer, primary_key=True),
    Column("line", Integer, primary_key=True),
    _uuid("place_id"),
    _uuid("from_entity_id"),
    _uuid("to_entity_id"),
    _text("purpose"),
    _text("reference"),
    _text("state"),
    _flag("signed"),
    _day("starts_on"),
    _day("ends_on"),
    _day("dpia_review_due_on"),
    _texts("categories"),
    _texts("methods"),
    _text("people_covered"),
    _uuids("excluded_organisation_ids"),
    Column("discloser_basis", JSONB, nullable=False),
    Column("recipient_basis", JSONB, nullable=False),
)
register_mark = _table("register_mark", _id("place_id"), _uuid("mark"))
more_recorded = _table("more_recorded", _id("person_id"), _id("place_id"))
person_fact = _table(
    "person_fact", _id("person_id"), _uuid("place_id"), _int("age_years", null=True), _when("facts_at")
)
person_key = _table(
    "person_key",
    _id("person_id"),
    _uuid("place_id"),
    Column("key", LargeBinary, nullable=False),
    _text("pseudonym", null=True),
)


restriction = _table(
    "restriction",
    _id("person_id"),
    Column("kind", Text, primary_key=True),
    _uuid("place_id"),
    _flag("active"),
    _uuids("named_organisation_ids"),
    _int("version"),
    _texts("named_actor_ids"),
)
safeguarding_override = _table(
    "safeguarding_override",
    _id(),
    _uuid("place_id"),
    _uuid("organisation_id"),
    _uuid("recipient_organisation_id"),
    _uuids("person_ids"),
    _texts("categories"),
    _flag("share"),
    _text("reason"),
    _text("risk_of_not_sharing"),
    _flag("family_told"),
    _text("family_told_note"),
    _text("used_by"),
    _when("used_at"),
    _when("stands_until"),
    _when("review_by"),
    _uuid("decision_id"),
    _text("restriction_confirmed_by", null=True),
    _when("restriction_confirmed_at", null=True),
    _text("reviewed_by", null=True),
    _when("reviewed_at", null=True),
    _flag("upheld", null=True),
    _text("review_note"),
    _int("version"),
    _when("overdue_told_at", null=True),
)
one_off_disclosure = _table(
    "one_off_disclosure",
    _id(),
    _uuid("place_id"),
    _uuid("organisation_id"),
    _uuid("recipient_organisation_id"),
    _text("ground"),
    _uuids("person_ids"),
    _texts("categories"),
    _text("condition"),
    _text("reason"),
    _text("decided_by"),
    _when("decided_at"),
    _when("stands_until"),
    _text("decision"),
    _json("form"),
)
decision = _table(
    "decision",
    _id(),
    _uuid("place_id"),
    _uuid("batch_id"),
    _int("nth"),
    _uuid("discloser_organisation_id"),
    _uuid("recipient_organisation_id"),
    _text("purpose"),
    _text("outcome"),
    _uuid("agreement_id", null=True),
    _int("agreement_version", null=True),
    _uuids("person_ids"),
    Column("question", JSONB, nullable=False),
    Column("answer", JSONB, nullable=False),
    _text("asked_by"),
    _uuid("asker_organisation_id", null=True),
    _when("decided_at"),
)
disclosure = _table(
    "disclosure",
    _id(),
    _uuid("place_id"),
    _uuid("decision_id"),
    _uuid("request_id", null=True),
    _int("request_version", null=True),
    _uuid("discloser_organisation_id"),
    _uuid("recipient_organisation_id"),
    _uuid("discloser_entity_id"),
    _uuid("recipient_entity_id"),
    _uuid("agreement_id", null=True),
    _int("agreement_version", null=True),
    _text("purpose"),
    _texts("categories"),
    _uuids("person_ids"),
    _text("reader_id"),
    _when("disclosed_at"),
    _uuid("case_id", null=True),
)
undelivered = _table(
    "undelivered_disclosure",
    _id("disclosure_id"),
    _uuid("place_id"),
    _text("reason_code"),
    _when("failed_at"),
)
ledger_entry = _table(
    "ledger_entry",
    _id(),
    _uuid("place_id"),
    _text("kind"),
    _text("body"),
    Column("source_event_id", Uuid, nullable=True),
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
ledger_pending = _table(
    "ledger_pending", _id("entry_id"), _uuid("place_id"), Column("leaf_hash", LargeBinary, nullable=False)
)
ledger_leaf = _table(
    "ledger_leaf",
    _id("place_id"),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    _uuid("entry_id"),
    Column("leaf_hash", LargeBinary, nullable=False),
)
ledger_node = _table(
    "ledger_node",
    _id("place_id"),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("index", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)
ledger_head = _table(
    "ledger_head",
    _id("place_id"),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
)
checkpoint = _table(
    "checkpoint",
    _id(),
    _uuid("place_id"),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    _text("text"),
    Column("signature", LargeBinary, nullable=False),
    _text("key_id"),
    _when("signed_at"),
)
ledger_key = _table("ledger_key", Column("id", Text, primary_key=True), _text("x"), _when("first_used_at"))

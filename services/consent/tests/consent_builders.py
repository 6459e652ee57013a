"""Builders of a well-ordered little place; each test changes the one thing it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from connective.consent.domain.agreement import AgreementVersion, State
from connective.consent.domain.agreement_terms import (
    Article6,
    Article9,
    Assessment,
    AtEnd,
    Flow,
    LawfulBasis,
    Party,
    PartyRole,
    PeopleCovered,
    ProhibitedUse,
    Retention,
    Terms,
)
from connective.consent.domain.consent import ConsentState, Kind, Scope
from connective.consent.domain.consent_export import Controller
from connective.consent.domain.evidence import (
    Evidence,
    FlowEvidence,
    Notice,
    PartyEvidence,
    Statement,
    SubjectEvidence,
)
from connective.consent.domain.legal_entities import EntityKind, LegalEntity
from connective.consent.domain.registers import Register
from connective.contracts.authority import Authority
from connective.contracts.categories import AssuranceLevel, Category, Method, Purpose
from connective.contracts.sharing import PersonFacts, Question, ResponsibleAdult

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
YEAR = timedelta(days=365)


def number(n: int) -> UUID:
    return UUID(int=n)


SCHOOL, SALT_TEAM = number(11), number(12)
COUNCIL, NHS, CHARITY = number(21), number(22), number(23)
MOTHER, FATHER, CHILD, TEEN = number(31), number(32), number(33), number(34)
AGREEMENT = number(41)
ASKED = frozenset({Category.IDENTITY, Category.EDUCATION, Category.HEALTH})


def party(organisation: UUID, entity: UUID, name: str) -> PartyEvidence:
    return PartyEvidence(
        organisation, entity, name, True, AssuranceLevel.NAMED_ACCOUNTS, True, TODAY + YEAR, TODAY + YEAR
    )


def basis(entity: UUID, article_6: Article6 = Article6.PUBLIC_TASK, **changes: Any) -> LawfulBasis:
    full = LawfulBasis(
        legal_entity_id=entity,
        purpose=Purpose.REFERRAL,
        article_6=article_6,
        legal_power="Children Act 2004 s10",
        article_9=Article9.HEALTH_OR_SOCIAL_CARE,
        article_10="Data Protection Act 2018 s10(5)",
        schedule_1_paragraph="2",
        policy_document="APD-1",
        confidentiality_basis="implied consent for direct care",
    )
    return replace(full, **changes)


def flow(**changes: Any) -> FlowEvidence:
    full = FlowEvidence(
        agreement_id=AGREEMENT,
        reference="DSA-1",
        version=1,
        state=State.ACTIVE,
        signed=True,
        starts_on=TODAY - YEAR,
        ends_on=TODAY + YEAR,
        dpia_review_due_on=TODAY + YEAR,
        categories=frozenset(Category) - {Category.PROGRESS},
        methods=frozenset(Method),
        people_covered=PeopleCovered.EVERYONE,
        excluded_organisation_ids=frozenset(),
        discloser_basis=basis(COUNCIL),
        recipient_basis=basis(NHS),
    )
    return replace(full, **changes)


EVERYTHING = Scope(frozenset(), frozenset(), frozenset(), frozenset())


def statement(
    giver: UUID,
    authority: Authority = Authority.OWN,
    state: ConsentState = ConsentState.GIVEN,
    kind: Kind = Kind.AGREEMENT_TO_ENGAGE,
    *,
    days_ago: int = 10,
    scope: Scope = EVERYTHING,
    consent_id: int = 0,
    expires_at: datetime | None = NOW + YEAR,
) -> Statement:
    said_at = NOW - timedelta(days=days_ago)
    return Statement(number(consent_id or 500 + days_ago), kind, giver, authority, state, scope, said_at, expires_at)


def subject(person: UUID, age: int | None, *said: Statement, **changes: Any) -> SubjectEvidence:
    full = SubjectEvidence(person, age, said, notices=(Notice(frozenset(), frozenset()),))
    return replace(full, **changes)


def good_child(**changes: Any) -> SubjectEvidence:
    return subject(CHILD, 3, statement(MOTHER, Authority.PARENTAL_RESPONSIBILITY), **changes)


def good_mother(**changes: Any) -> SubjectEvidence:
    return subject(MOTHER, 34, statement(MOTHER), **changes)


def evidence(**changes: Any) -> Evidence:
    full = Evidence(
        discloser=party(SCHOOL, COUNCIL, "Borsetshire Council"),
        recipient=party(SALT_TEAM, NHS, "Felpersham Community NHS Trust"),
        flows=(flow(),),
        subjects=(good_child(),),
    )
    return replace(full, **changes)


def question(**changes: Any) -> Question:
    full: dict[str, Any] = {
        "discloser_organisation_id": SCHOOL,
        "recipient_organisation_id": SALT_TEAM,
        "service_kind": "speech_and_language_therapy",
        "subjects": (CHILD,),
        "categories": ASKED,
        "purpose": Purpose.REFERRAL,
        "method": Method.HUB_PAGE,
    }
    return Question(**{**full, **changes})


def facts(person: UUID, age: int | None, *held: Authority, living: bool = True) -> PersonFacts:
    responsible = tuple(ResponsibleAdult(person_id=MOTHER, authority=a.value) for a in held)
    return PersonFacts(
        person_id=person,
        family_ids=(),
        age_years=age,
        living=living,
        responsible=responsible,
        whereabouts_restricted=False,
    )


def entity(entity_id: UUID, name: str, kind: EntityKind) -> LegalEntity:
    return LegalEntity(entity_id, name, kind, "ZA123456", TODAY + YEAR, TODAY + YEAR, "dpo@example.org", NOW, None, 1)


REGISTER = {
    COUNCIL: entity(COUNCIL, "Borsetshire Council", EntityKind.COUNCIL),
    NHS: entity(NHS, "Felpersham Community NHS Trust", EntityKind.NHS_BODY),
    CHARITY: entity(CHARITY, "Ambridge Food Bank", EntityKind.CHARITY),
}


def register(**changes: Any) -> Register:
    return replace(Register(entities=REGISTER, today=TODAY), **changes)


def terms(**changes: Any) -> Terms:
    categories = frozenset({Category.IDENTITY, Category.HEALTH})
    full = Terms(
        title="Speech and language therapy",
        summary="The council's schools refer children to the therapy team.",
        parties=(Party(COUNCIL, PartyRole.CONTROLLER), Party(NHS, PartyRole.CONTROLLER)),
        bases=(basis(COUNCIL), basis(NHS)),
        flows=(Flow(COUNCIL, NHS, Purpose.REFERRAL, categories, frozenset({Method.HUB_PAGE})),),
        people_covered=PeopleCovered.CHILDREN,
        necessity="Therapists cannot triage without it.",
        prohibited_uses=frozenset({ProhibitedUse.MARKETING}),
        onward_sharing="None without asking.",
        security="Named accounts only.",
        retention=(Retention(categories, "Until the child is 25."),),
        rights_contact="rights@example.org",
        complaints_contact="complaints@example.org",
        breach_contact="breach@example.org",
        dpia=Assessment("DPIA-7", "Low residual risk.", TODAY - YEAR / 12, TODAY + YEAR),
        audit_entity_ids=frozenset({COUNCIL}),
        starts_on=TODAY,
        review_on=TODAY + YEAR,
        ends_on=TODAY + 2 * YEAR,
        at_end=AtEnd.DELETE,
        privacy_notice="https://example.org/privacy",
    )
    return replace(full, **changes)


def version(**changes: Any) -> AgreementVersion:
    full = AgreementVersion(
        agreement_id=AGREEMENT,
        reference="DSA-1",
        number=1,
        lead_entity_id=COUNCIL,
        state=State.DRAFT,
        terms=terms(),
        document=None,
        text_hash="",
        reviews=(),
        signatures=(),
        state_reason="",
        changed_at=NOW,
        revision=1,
    )
    return replace(full, **changes)


CONTROLLER = Controller(COUNCIL, "Borsetshire Council", "dpo@example.org", "ZA123456")
RECIPIENT = Controller(NHS, "Felpersham Community NHS Trust", "dpo@example.org", "ZA654321")


def record(kind: str = "consent", state: str = "given", **changes: Any) -> dict[str, Any]:
    acts = [{"act": "given" if state != "refused" else "refused", "at": NOW, "how": "in_person"}]
    if state in {"withdrawn", "expired"}:
        acts.append({"act": state, "at": NOW + timedelta(days=3), "how": ""})
    full = {
        "id": number(501),
        "kind": kind,
        "state": state,
        "giver_id": MOTHER,
        "giver_kind": "person",
        "spoken_by": "",
        "about": [{"person_id": p, "authority": a} for p, a in ((MOTHER, "own"), (CHILD, "parental_responsibility"))],
        "acts": acts,
        "recipient_organisation_ids": [SALT_TEAM],
        "service_kinds": [],
        "purposes": ["referral"],
        "categories": ["health", "identity"] if kind == "consent" else [],
        "how": "in_person",
        "interpreter": None,
        "notice_reference": "Early help privacy notice",
        "notice_version": "3",
        "said_at": NOW,
        "expires_at": NOW + timedelta(days=365) if state != "refused" else None,
        "withdrawn_at": NOW + timedelta(days=3) if state == "withdrawn" else None,
    }
    return full | changes

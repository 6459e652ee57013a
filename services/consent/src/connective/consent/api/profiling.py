"""`/audit/profiling`: what is worked out about people and who decides; small numbers; freedom of information."""

from pydantic import Field

from connective.consent.api.audit_listing import OfficerDep
from connective.consent.api.deps import Answer, no_store
from connective.consent.commands.audit_reading import looking
from connective.consent.domain.automation import STATEMENT
from connective.consent.domain.small_numbers import ROUNDED_TO, SMALLEST_SHOWN
from connective.consent.queries.profiling import figures, information_log
from connective.consent.storage.audit_look import Window
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.policy import operation

routes = router(tags=["audit"])


class WorkedOutOut(Answer):
    """One thing that is worked out without a person, and who decides."""

    name: str
    about: str
    from_what: tuple[str, ...]
    result: str
    decided_by: str
    evaluates_people: bool
    decides_about_people: bool
    code: str


class SmallNumbersOut(Answer):
    """How counts are published: those under `smallest_shown` are null, the others rounded."""

    smallest_shown: int
    rounded_to: int
    complementary: bool


class InformationLogOut(Answer):
    """Requests under the Freedom of Information Act; `GET /audit/information-requests` lists them."""

    received: int
    answered: int
    answered_in_time: int
    overdue: int


class ProfilingOut(Answer):
    """The answer to: what profiling, which small numbers, what of freedom of information?"""

    worked_out: list[WorkedOutOut]
    small_numbers: SmallNumbersOut
    disclosures_last_year: dict[str, int | None] = Field(description="By purpose, as they may be published.")
    freedom_of_information: InformationLogOut


@routes.get(
    "/audit/profiling",
    operation_id="consent_read_profiling",
    **operation(Permission.CONSENT_AUDIT_READ, relation="own_entity"),
)
async def read(officer: OfficerDep) -> ProfilingOut:
    """Everything that is worked out about anybody, and who decides; with figures that may be given to anybody."""
    parts, now = officer.parts, officer.parts.clock()
    async with looking(parts.database, officer.actor, "profiling_read", now) as look:
        window = Window(None, 1, now)
        counted, log = await figures(look, window), await information_log(look, window)
    no_store(officer.response)
    return ProfilingOut(
        worked_out=[WorkedOutOut.model_validate(line) for line in STATEMENT],
        small_numbers=SmallNumbersOut(smallest_shown=SMALLEST_SHOWN, rounded_to=ROUNDED_TO, complementary=True),
        disclosures_last_year=counted,
        freedom_of_information=InformationLogOut.model_validate(log),
    )

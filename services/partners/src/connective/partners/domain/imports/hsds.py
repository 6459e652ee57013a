"""Reading an HSDS 3.0 or Open Referral UK file: every service as a signpost listing, with its organisation.

Files in the field are liberal: pages that miscount themselves, identifiers as numbers, telephone numbers in quotation
marks, areas in prose. What can be understood is kept.
"""

from datetime import date

from connective.partners.domain.codes import OTHER_KIND, ServiceStatus
from connective.partners.domain.imports.contact import Locate, web_address
from connective.partners.domain.imports.hsds_organisations import read_organisation
from connective.partners.domain.imports.hsds_particulars import read_particulars
from connective.partners.domain.imports.hsds_parts import read_areas, read_locations, read_schedules
from connective.partners.domain.imports.hsds_shapes import HsdsFile, HsdsService, Record, maps
from connective.partners.domain.imports.report import Effect, Reading, ReadOrganisation, ReadService, RowError
from connective.partners.domain.imports.row import Row, RowLeftOutError
from connective.partners.domain.imports.vocabulary import Vocabulary, recognised
from connective.partners.domain.services import Listing

SOURCE = "hsds"
_ENDED = frozenset({ServiceStatus.DEFUNCT, ServiceStatus.INACTIVE})


class _Book:
    """What has been read so far, each organisation once and each service once, and what it is read with."""

    def __init__(self, words: Vocabulary, locate: Locate, today: date) -> None:
        self.words = words
        self.locate = locate
        self.today = today
        self.organisations: dict[str, ReadOrganisation] = {}
        self.services: dict[str, ReadService] = {}
        self.ended: dict[str, None] = {}
        self.errors: list[RowError] = []


def read_hsds(file: HsdsFile, words: Vocabulary, locate: Locate, today: date) -> Reading:
    """Read every record; one that cannot be kept never stops the others."""
    book = _Book(words, locate, today)
    for number, organisation in enumerate(file.organisations, start=1):
        try:
            _remember_organisation(Row(number, organisation, book.errors), book)
        except RowLeftOutError as left_out:
            book.errors.append(left_out.error)
    for number, service in enumerate(file.services, start=1):
        try:
            _read_service(number, service, book)
        except RowLeftOutError as left_out:
            book.errors.append(left_out.error)
    return Reading(
        source=SOURCE,
        organisations=tuple(book.organisations.values()),
        services=tuple(book.services.values()),
        ended=tuple(book.ended),
        errors=tuple(book.errors),
        rows=len(file.services) or len(file.organisations),
    )


def _remember_organisation(row: Row, book: _Book) -> str:
    key = row.required("id", 100).casefold()
    if key not in book.organisations:
        book.organisations[key] = read_organisation(row, book.words)
    return key


def _read_service(number: int, service: HsdsService, book: _Book) -> None:
    row = Row(number, service.record, book.errors)
    key = row.required("id", 100).casefold()
    status = _status(row)
    if key in book.services or key in book.ended:
        raise row.leave_out("id", "A record above has the same id.", "Give every service an id of its own.")
    if status in _ENDED:
        book.ended[key] = None
        raise row.leave_out(
            "status", f"Its status is {status}.", "Nothing to do, unless it runs again.", Effect.SKIPPED
        )
    listing = _listing(row, status, book)
    organisation = service.record.get("organization")
    if not isinstance(organisation, dict):
        fix = "Give the full record of the service, which names its organization."
        raise row.leave_out("organization", "Whose service it is, is not told.", fix)
    owner = _remember_organisation(row.sub(organisation), book)
    book.services[key] = ReadService(key, owner, listing, number)


def _status(row: Row) -> ServiceStatus:
    told = row.text("status", 40)
    if told is None:
        row.note("status", "It is empty; taken as active.", "Give the status.", Effect.NOTED)
        return ServiceStatus.ACTIVE
    try:
        return ServiceStatus(told.casefold().replace("_", " "))
    except ValueError as error:
        fix = f"Use one of: {', '.join(ServiceStatus)}."
        raise row.leave_out("status", "It is not a status of HSDS.", fix) from error


def _listing(row: Row, status: ServiceStatus, book: _Book) -> Listing:
    name = row.required("name")
    kind, needs = _kind_and_needs(row, name, book.words)
    known = book.words.needs_list.service_kinds.get(kind)
    youngest, oldest = row.ages()
    locations, areas = read_locations(row, book.locate), read_areas(row)
    if not locations and not areas:
        fix = "Give a location with a postcode, or an area in codes."
        row.note("locations", "Nothing says where it is: searches near a family will not find it.", fix, Effect.NOTED)
    return Listing(
        name=name,
        kind=kind,
        needs=needs,
        status=status,
        description=row.text("description", 4000),
        url=web_address(row, "url"),
        how_to_refer=row.text("application_process", 2000),
        minimum_age=youngest,
        maximum_age=oldest,
        areas=areas,
        locations=locations,
        schedules=read_schedules(row, book.today),
        sensitive=known.sensitive if known else False,
        assured_on=row.day("assured_date"),
        **read_particulars(row),
    )


def _kind_and_needs(row: Row, name: str, words: Vocabulary) -> tuple[str, frozenset[str]]:
    """Kind and needs by the codes of taxonomy terms, else by the words of terms and name; the words are data."""
    terms = [term for each in maps(row.cells.get("attributes")) if (term := _term(each))]
    codes = {str(term.get("code") or "") for term in terms}
    if OTHER_KIND in codes and not codes & words.needs_list.service_kinds.keys():
        # Written by a directory such as this one: its words are not guessed at a second time.
        return OTHER_KIND, frozenset(codes & words.needs_list.needs.keys())
    text = " | ".join([name, *(str(term.get("name") or "") for term in terms)])
    kinds = [*sorted(codes & words.needs_list.service_kinds.keys()), *recognised(text, words.service_kinds)]
    kind = kinds[0] if kinds else OTHER_KIND
    needs = codes & words.needs_list.needs.keys() or set(recognised(text, words.needs))
    if not needs and kind != OTHER_KIND:
        needs = set(words.needs_list.service_kinds[kind].answers)
    if not needs:
        fix = "Add a taxonomy term whose code is in the needs list."
        row.note(
            "attributes", "Which needs it answers is not told: searches by need will not find it.", fix, Effect.NOTED
        )
    return kind, frozenset(needs)


def _term(attribute: Record) -> Record | None:
    nested = attribute.get("taxonomy_term")
    return nested if isinstance(nested, dict) else attribute

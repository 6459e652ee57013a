"""From HSDS organisations to organisations that are listed. Named contacts are personal data and are never read."""

from connective.partners.domain.codes import OrganisationKind
from connective.partners.domain.identifiers import (
    Identifier,
    MalformedIdentifierError,
    Scheme,
    charity_scheme,
    checked_identifier,
)
from connective.partners.domain.imports.contact import web_address
from connective.partners.domain.imports.hsds_particulars import email_address, first_telephone
from connective.partners.domain.imports.hsds_shapes import maps
from connective.partners.domain.imports.report import ReadOrganisation
from connective.partners.domain.imports.row import Row
from connective.partners.domain.imports.vocabulary import Vocabulary, recognised
from connective.partners.domain.organisations import Profile

_KIND_BY_SCHEME = {Scheme.SCHOOL: OrganisationKind.SCHOOL, Scheme.ODS: OrganisationKind.NHS_TEAM}
_SCHEME_BY_WORD = {"company": Scheme.COMPANY, "ods": Scheme.ODS, "urn": Scheme.SCHOOL, "ukprn": Scheme.UKPRN}


def read_organisation(row: Row, words: Vocabulary) -> ReadOrganisation:
    """The organisation of one record. Raises RowLeftOutError when it has no id or name."""
    key = row.required("id", 100).casefold()
    name = row.required("name")
    identifiers = _identifiers(row)
    profile = Profile(
        name=name,
        kind=_kind(name, identifiers, words),
        identifiers=identifiers,
        description=row.text("description", 4000),
        website=web_address(row, "website"),
        telephone=first_telephone(row),
        alternate_name=row.text("alternate_name", 200),
        email=email_address(row),
    )
    return ReadOrganisation(key, profile, row.number)


def _kind(name: str, identifiers: tuple[Identifier, ...], words: Vocabulary) -> OrganisationKind:
    told = [OrganisationKind(code) for code in recognised(name, words.organisation_kinds)]
    registers = [_KIND_BY_SCHEME[each.scheme] for each in identifiers if each.scheme in _KIND_BY_SCHEME]
    charity = [OrganisationKind.CHARITY for each in identifiers if each.scheme is Scheme.CHARITY]
    return next(iter([*registers, *told, *charity]), OrganisationKind.OTHER)


def _identifiers(row: Row) -> tuple[Identifier, ...]:
    found: dict[Scheme, Identifier] = {}
    for record in maps(row.cells.get("organization_identifiers")):
        cells = row.sub(record)
        text = cells.text("identifier", 40)
        scheme = _scheme(cells, text or "")
        if text is None or scheme is None:
            continue
        try:
            found[scheme] = checked_identifier(scheme, text)
        except MalformedIdentifierError as error:
            row.note("organization_identifiers", f"A {scheme} number is {error.words}.", "Look it up in its register.")
    return tuple(sorted(found.values()))


def _scheme(row: Row, text: str) -> Scheme | None:
    told = (row.text("identifier_scheme", 40) or "").upper()
    if told in set(Scheme):
        return Scheme(told)
    kind = (row.text("identifier_type", 100) or "").casefold()
    if "charity" in kind:
        return charity_scheme(text)
    return next((scheme for word, scheme in _SCHEME_BY_WORD.items() if word in kind), None)

"""Applying a merge patch to a person: what is left out stays, null clears, and every rule holds afterwards."""

from dataclasses import replace
from typing import Any

from connective.families.api.reading import Reader
from connective.families.api.schemas import PersonFields, PersonPatch
from connective.families.domain.dates import check_death_date
from connective.families.domain.identifiers import check_upn
from connective.families.domain.people import Person

_NEVER_NULL: dict[str, Any] = {"given_names": "", "family_name": "", "previous_family_names": (), "sex": "unknown"}


def apply_patch(reader: Reader, patch: PersonPatch, person: Person) -> tuple[Person, dict[str, bytes | None]]:
    """The person as they should be, and the sealed pupil number where the patch gives or clears one.

    Raises what the domain refuses. A number recorded earlier is not checked again: rules may have grown stricter.
    """
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    fields = _fields_of(person) | sent
    fields |= {name: empty for name, empty in _NEVER_NULL.items() if fields[name] is None}
    died_on = fields.pop("died_on")
    kept_number = None if "nhs_number" in sent else fields.pop("nhs_number")
    fields.pop("upn", None)
    changed = reader.person(PersonFields.model_validate(fields), person.id)
    if died_on is not None:
        died_on = check_death_date(died_on, changed.date_of_birth, reader.today)
    number = changed.nhs_number or kept_number
    after = replace(changed, died_on=died_on, nhs_number=number, version=person.version)
    return after, _upn(reader, sent, person)


def _fields_of(person: Person) -> dict[str, Any]:
    return {
        "given_names": person.name.given,
        "family_name": person.name.family,
        "known_as": person.name.known_as,
        "previous_family_names": person.name.previous_family,
        "date_of_birth": person.date_of_birth,
        "age_group": person.age_group,
        "sex": person.sex,
        "died_on": person.died_on,
        "nhs_number": person.nhs_number,
        "language": person.language,
        "interpreter": person.interpreter,
        "education_setting": person.education_setting,
        "gp_practice": person.gp_practice,
    }


def _upn(reader: Reader, sent: dict[str, Any], person: Person) -> dict[str, bytes | None]:
    if "upn" not in sent:
        return {}
    return {"upn_sealed": sent["upn"] and reader.sealer.seal(check_upn(sent["upn"]), person.id.bytes)}

"""What is worked out without a person, and the keys of the Hub's own services."""

from connective.frontend.domain.answers import Part
from connective.frontend.domain.service_identities import services_sheet
from connective.frontend.domain.sheets import Facts, Table
from connective.frontend.domain.worked_out import worked_out


def test_who_decides_is_said_of_each_thing_that_is_worked_out() -> None:
    line = {
        "name": "Unusual access", "about": "staff", "from_what": ["no_relationship", "volume"], "result": "A question.",
        "decided_by": "An officer answers it.", "evaluates_people": True, "decides_about_people": False, "code": "x.y",
    }  # fmt: skip
    found = {
        "worked_out": [line], "small_numbers": {"smallest_shown": 10, "rounded_to": 5, "complementary": True},
        "disclosures_last_year": {"referral": 1250, "transition": None},
        "freedom_of_information": {"received": 1, "answered": 1, "answered_in_time": 1, "overdue": 0},
    }  # fmt: skip
    page = worked_out(found)
    assert [cell.text for cell in page.tables[0].rows[0]] == [
        "Unusual access", "Those who work here", "No relationship, volume", "A question.", "An officer answers it.",
        "Yes",
    ]  # fmt: skip
    assert [[cell.text for cell in row] for row in page.tables[1].rows] == [
        ["Asking for help (referral)", "1,250"],
        ["Moving on to another service or school", "Too few to tell"],
    ]
    assert page.said[0].startswith("Nobody is decided about by a machine")
    assert "x.y" not in str(page), "the name of a module is a word for nobody"
    decides = worked_out({**found, "worked_out": [{**line, "decides_about_people": True}]})
    assert decides.said[0].startswith("Somebody is decided about")


def test_each_service_shows_the_fingerprints_of_its_keys() -> None:
    key = {"kid": "consent-1", "thumbprint": "abc", "made_at": None}
    each = {"service": "consent", "keys": [key], "last_rotated_at": None, "permissions": ["families:facts:read"]}
    sheet = services_sheet(Part({"items": [each]}))
    (facts,) = [section for section in sheet.sections if isinstance(section, Facts)]
    assert facts.rows[0] == ("Key consent-1", "abc, made before this was noted")
    assert facts.heading == "Consent"
    none = services_sheet(Part({"items": []}))
    assert any(isinstance(section, Table) for section in none.sections)

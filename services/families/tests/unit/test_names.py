import pytest

from connective.families.domain.names import make_name, parts
from connective.families.domain.refusals import BadName


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("O’Brien-Smythe", ("obrien", "smythe")),
        ("O'Brien", ("obrien",)),
        ("  Zoë   Ångström ", ("zoe", "angstrom")),
        ("Łukasz Đorđe", ("lukasz", "dorde")),
        ("van der Berg", ("van", "der", "berg")),
        ("明美 Hart", ("明美", "hart")),
        ("...", ()),
    ],
)
def test_the_ways_people_type_one_name_meet(typed: str, found: tuple[str, ...]) -> None:
    assert parts(typed) == found


def test_a_name_is_tidied_and_keeps_what_the_person_is_known_as() -> None:
    name = make_name("  Jane  Ann ", "Hart", " Janie ", ("Reed",))
    assert (name.full, name.known_as, name.previous_family) == ("Jane Ann Hart", "Janie", ("Reed",))


def test_one_name_is_enough() -> None:
    assert make_name("Suharto", "").full == "Suharto"


@pytest.mark.parametrize(
    ("given", "family"), [("", ""), ("...", "-"), ("R2", "D"), ("<b>", "x"), ("a" * 101, "x"), ("A\x00", "B")]
)
def test_what_no_name_holds_is_refused(given: str, family: str) -> None:
    with pytest.raises(BadName):
        make_name(given, family)

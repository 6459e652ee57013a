"""A place that has not said whom to phone cannot open."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from connective.contracts.places import Place, Places, Safeguarding, load_places
from connective.local.services import EXAMPLE_PLACES

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (EXAMPLE_PLACES, ROOT / "deploy/k8s/overlays/example/places.yaml")


def example() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(EXAMPLE_PLACES.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_the_examples_are_complete_and_invented(path: Path) -> None:
    for place in load_places(path).places:
        safeguarding = place.safeguarding
        for number in (
            safeguarding.front_door_number,
            safeguarding.out_of_hours_number,
            safeguarding.adults_number,
            safeguarding.designated_officer_number,
        ):
            assert number.startswith("01632 960"), "a number that could ring somewhere"
        assert str(safeguarding.threshold_document_url.host).endswith("example.org")


@pytest.mark.parametrize("field", Safeguarding.model_fields)
@pytest.mark.parametrize("left", ["missing", "empty"])
def test_nothing_of_safeguarding_may_be_left_unset(tmp_path: Path, field: str, left: str) -> None:
    document = example()
    if left == "missing":
        del document["places"][0]["safeguarding"][field]
    else:
        document["places"][0]["safeguarding"][field] = ""
    path = tmp_path / "places.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    with pytest.raises(ValidationError, match=field):
        load_places(path)


def test_a_number_is_a_number() -> None:
    document = example()["places"][0]
    document["safeguarding"]["front_door_number"] = "ask at reception"
    with pytest.raises(ValidationError, match="front_door_number"):
        Place.model_validate(document)


def test_a_deployment_serves_a_place() -> None:
    with pytest.raises(ValidationError, match="places"):
        Places.model_validate({"places": []})


def test_the_sentence_names_who_to_phone() -> None:
    (place,) = load_places(EXAMPLE_PLACES).places
    assert "call 999" in place.safeguarding.sentence
    assert place.safeguarding.front_door_number in place.safeguarding.sentence
    assert "Nobody here is watching" in place.safeguarding.sentence

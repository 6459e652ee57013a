"""Every refusal of the rules has a problem document of its own code, and says there all it knows."""

from connective.families.api.problems import problem_of
from connective.families.domain import refusals as rules
from connective.families.domain.refusals import IllegalCaseAction, ImplausibleDate, Refused, RuleBroken
from connective.kit.problems import FieldError


def test_every_refusal_has_a_problem_of_its_code() -> None:
    kinds = [each for each in vars(rules).values() if isinstance(each, type) and issubclass(each, Refused)]
    for kind in kinds:
        if kind is Refused:
            continue
        refused = kind("No.", "on") if issubclass(kind, RuleBroken) else kind("No.")
        problem = problem_of(refused)
        assert (problem.code, problem.detail) == (kind.code, "No.")
        assert problem.status == (422 if issubclass(kind, RuleBroken) else problem.status)
        assert problem.status in {403, 409, 422}


def test_a_problem_says_where_and_what_the_rule_said_besides() -> None:
    broken = problem_of(ImplausibleDate("No.", "died_on", within="/people/1"))
    assert broken.errors == (FieldError("/people/1/died_on", "implausible-date", "No."),)
    told = problem_of(IllegalCaseAction("No.", allowed_actions=["review"]))
    assert told.members == {"allowed_actions": ["review"]}

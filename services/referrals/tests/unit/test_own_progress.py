"""The code with which a family finds out how its own asking goes."""

from connective.referrals.domain.intake import IntakeState
from connective.referrals.domain.own_progress import SENTENCES, is_code_of, progress_code


def test_a_code_goes_with_one_reference_under_one_key_however_it_is_typed() -> None:
    key, reference = b"k" * 32, "INT-7K3M-92QD"
    code = progress_code(key, reference)
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    assert is_code_of(key, reference, code.lower().replace("-", "  "))
    assert is_code_of(key, reference, code.replace("O", "0").replace("I", "1").replace("B", "8"))
    assert not is_code_of(key, "INT-7K3M-92QE", code)
    assert not is_code_of(b"l" * 32, reference, code)
    assert not is_code_of(key, reference, "")
    assert set(SENTENCES) == set(IntakeState)

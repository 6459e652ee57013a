from datetime import date, timedelta
from typing import Any

import consent_builders as b
import pytest
from consent_builders import facts

from connective.consent.domain.consent import LONGEST, Kind, Scope, Spoken, check_scope, expiry
from connective.consent.domain.refusals import Unacceptable
from connective.contracts.authority import Authority
from connective.contracts.categories import Category, Purpose

NOTHING: frozenset[Any] = frozenset()


def test_scopes() -> None:
    full = Scope(frozenset({b.NHS}), NOTHING, frozenset({Purpose.REFERRAL}), frozenset({Category.HEALTH}))
    check_scope(Kind.CONSENT, full)
    check_scope(Kind.AGREEMENT_TO_ENGAGE, b.EVERYTHING)
    for kind, scope in ((Kind.CONSENT, b.EVERYTHING), (Kind.AGREEMENT_TO_ENGAGE, full)):
        with pytest.raises(Unacceptable):
            check_scope(kind, scope)


def test_how_long_a_yes_lasts() -> None:
    own = (Spoken(b.MOTHER, Authority.OWN),)
    grown = (facts(b.MOTHER, 30),)
    assert expiry(b.NOW, None, own, grown) == b.NOW + LONGEST
    soon = expiry(b.NOW, b.TODAY + timedelta(days=3), own, grown)
    assert soon.date() == b.TODAY + timedelta(days=4)
    for late in (b.TODAY + 3 * LONGEST, date.max):
        assert expiry(b.NOW, late, own, grown) == b.NOW + LONGEST
    with pytest.raises(Unacceptable):
        expiry(b.NOW, b.TODAY - timedelta(days=1), own, grown)
    for_teen = (Spoken(b.TEEN, Authority.PARENTAL_RESPONSIBILITY),)
    assert expiry(b.NOW, None, for_teen, (facts(b.TEEN, 17),)) == b.NOW + LONGEST

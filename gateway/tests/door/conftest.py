"""A door with one service behind it."""

from collections.abc import AsyncIterator

import pytest
from gateway_doors import Standing, standing
from gateway_support import Service
from joserfc.jwk import ECKey


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def own_key() -> ECKey:
    return ECKey.generate_key("P-256", parameters={"kid": "gateway-1"}, private=True)


@pytest.fixture
async def door(service: Service, own_key: ECKey) -> AsyncIterator[Standing]:
    async with standing(service, own_key) as made:
        yield made

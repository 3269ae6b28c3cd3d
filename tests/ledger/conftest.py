"""Every example of the rule book is asked of the fold and of the naive model."""

from collections.abc import Callable

import pytest

from tests.support.ledgers import LEDGERS, Ledger, started
from tests.support.people import SCHEME


@pytest.fixture(params=LEDGERS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ledger(kind: str) -> Ledger:
    """A ledger that knows the small world."""
    return started(kind)


@pytest.fixture
def empty_ledger(kind: str) -> Callable[[], Ledger]:
    """A ledger that knows nothing."""
    return lambda: LEDGERS[kind](SCHEME)

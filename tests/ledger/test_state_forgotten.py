"""A long history passes through a memory that stays as small as what is in use."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from jifen_ledger.domain.state import State


class Row:
    """Stands for a claim of a past year."""


@pytest.fixture
def _uncollected() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("_uncollected")
def test_a_state_that_is_forgotten_leaves_no_row_for_the_collector() -> None:
    state = State("plant", complete=False)
    row: Any = Row()
    state.claims.load({"c-1": row}, ["c-1"])
    kept = weakref.ref(row)
    del row

    state.forget()

    assert (kept(), state.rows) == (None, 0)

"""What is judged about people is committed as the pure fold says, whatever the batches."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_ledger.application.project import Limits
from tests.integration.test_projection_equals_fold import (
    NOTHING_KEPT,
    assert_tables_hold,
    project_stored,
)
from tests.support.budget import examples
from tests.support.histories_of_grades import grade_histories
from tests.support.histories_of_people import judged_histories
from tests.support.projecting import folded
from tests.support.servers import new_database

RANDOM_HISTORIES = examples(6, nightly=60)
# A history of grades is long, and every batch begins with nothing loaded.
BATCHES = st.integers(7, 90)
TIMEOUT_S = 300


@pytest.mark.timeout(TIMEOUT_S)
@settings(
    max_examples=RANDOM_HISTORIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(payloads=st.one_of(judged_histories(), grade_histories()), batch_max=BATCHES)
def test_any_judgement_gives_the_same_tables_however_it_is_cut(
    postgres_url: str, migrated_template: str, payloads: list[bytes], batch_max: int
) -> None:
    with new_database(postgres_url, migrated_template) as url:
        asyncio.run(project_stored(url, payloads, Limits(batch_max, NOTHING_KEPT)))
        assert_tables_hold(url, *folded(payloads))

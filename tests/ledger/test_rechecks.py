"""The re-check sample and the lights of deadlines: pure functions (domain.md §5.3, §6.5)."""

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_contracts.scheme.default import default_document
from jifen_ledger.domain.deadlines import due
from jifen_ledger.domain.rechecks import drawn
from jifen_ledger.domain.registers import Version

HASH = "ab" * 32


@pytest.mark.parametrize(
    ("claims", "number"), [(0, 0), (4, 4), (5, 5), (100, 5), (101, 6), (120, 6), (121, 7)]
)
def test_x16_five_per_cent_are_drawn_and_at_least_five(claims: int, number: int) -> None:
    assert len(drawn(HASH, [f"c-{one}" for one in range(claims)])) == number


def test_the_smallest_hashes_of_bulletin_and_claim_are_drawn() -> None:
    claims = [f"c-{one}" for one in range(40)]
    by_hash = sorted(claims, key=lambda claim: sha256((HASH + claim).encode()).digest())

    assert [one.claim for one in drawn(HASH, claims)] == by_hash[:5]


@given(st.lists(st.integers(0, 10_000), unique=True, max_size=60), st.randoms())
def test_the_order_of_the_claims_does_not_matter(numbers: list[int], random: object) -> None:
    claims = [f"c-{one}" for one in numbers]
    mixed = list(claims)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert drawn(HASH, claims) == drawn(HASH, mixed)


@pytest.mark.parametrize(
    ("done", "today", "expected"),
    [
        (None, date(2023, 10, 10), (0, "grey")),
        (date(2023, 10, 10), date(2023, 12, 1), (0, "green")),
        (date(2023, 9, 30), date(2023, 12, 1), (0, "green")),
        (None, date(2023, 10, 11), (1, "amber")),
        (date(2023, 10, 17), date(2023, 12, 1), (5, "amber")),
        (None, date(2023, 10, 18), (6, "red")),
    ],
)
def test_a_light_is_amber_up_to_five_working_days_late_and_then_red(
    done: date | None, today: date, expected: tuple[int, str]
) -> None:
    """The deadline is Tuesday, 10 October; the limits are the scheme's for a late bulletin."""
    version = Version(1, date(2023, 1, 1), default_document(), 1)

    assert due(version, date(2023, 10, 10), done, today) == expected

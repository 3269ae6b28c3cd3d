"""How long files of evidence are kept (X12)."""

from datetime import UTC, datetime

import pytest

from jifen_ledger.domain.retention import Retention, Why, reason_to_go

KEEP = Retention(years=5, unused_days=30)
UPLOADED = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_used", "now", "expected"),
    [
        (None, datetime(2024, 1, 31, tzinfo=UTC), None),
        (None, datetime(2024, 1, 31, 0, 0, 1, tzinfo=UTC), Why.UNUSED),
        (datetime(2024, 3, 10, tzinfo=UTC), datetime(2029, 3, 10, tzinfo=UTC), None),
        (datetime(2024, 3, 10, tzinfo=UTC), datetime(2029, 3, 10, 1, tzinfo=UTC), Why.EXPIRED),
        (datetime(2024, 2, 29, tzinfo=UTC), datetime(2029, 3, 1, tzinfo=UTC), None),
        (datetime(2024, 2, 29, tzinfo=UTC), datetime(2029, 3, 1, 1, tzinfo=UTC), Why.EXPIRED),
    ],
)
def test_x12_a_file_goes_years_after_its_last_use_or_days_after_a_vain_upload(
    last_used: datetime | None, now: datetime, expected: Why | None
) -> None:
    assert reason_to_go(KEEP, now, UPLOADED, last_used) == expected

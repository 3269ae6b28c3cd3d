"""The checks of what must always hold: they tell what is broken, once, and stop nothing."""

import asyncio
from dataclasses import dataclass, replace

from structlog.testing import capture_logs

from jifen_ledger.application.invariants import Books, CheckInvariants
from jifen_ledger.application.status import SchemeStatus
from jifen_ledger.application.stopped import Unavailable
from tests.support.wait import until

WHOLE = Books({"pt": 0, "inc": 0}, 0, 0, None)


@dataclass
class Ledger:
    """Tables and a stream that say what they are told to say."""

    says: Books | Exception = WHOLE
    lost: int = 0

    async def books(self, scheme: str) -> Books:
        assert scheme == "plant"
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    async def missing(self, scheme: str) -> int:
        assert scheme == "plant"
        return self.lost


def checking(ledger: Ledger, status: SchemeStatus, stopping: asyncio.Event) -> CheckInvariants:
    return CheckInvariants(ledger, ledger, lambda: 7_000, status, stopping)


async def test_what_is_broken_is_told_when_it_changes_and_when_it_holds_again() -> None:
    ledger, status = Ledger(), SchemeStatus("plant")
    checks = checking(ledger, status, asyncio.Event())
    told = []

    for says, lost in (
        (WHOLE, 0),
        (replace(WHOLE, sums={"pt": -15, "inc": 0}, unbalanced_accounts=1), 0),
        (replace(WHOLE, sums={"pt": -15, "inc": 0}, unbalanced_accounts=1), 0),
        (replace(WHOLE, missing_records=2), 3),
        (WHOLE, 0),
    ):
        ledger.says, ledger.lost = says, lost
        with capture_logs() as lines:
            found = await checks.check()
        told.append([{key: one[key] for key in one if key != "log_level"} for one in lines])
        assert status.invariants == found

    broken = {"event": "invariants_broken", "scheme": "plant"}
    assert told == [
        [],
        [{**broken, "sums": {"pt": -15}, "unbalanced_accounts": 1}],
        [],
        [{**broken, "missing_records": 2, "missing_messages": 3}],
        [{"event": "invariants_hold_again", "scheme": "plant"}],
    ]


async def test_a_database_that_is_away_leaves_what_was_found_last() -> None:
    ledger, status, stopping = Ledger(), SchemeStatus("plant"), asyncio.Event()
    checks = checking(ledger, status, stopping)
    found = await checks.check()
    ledger.says = Unavailable("PostgreSQL: away")

    with capture_logs() as lines:
        following = asyncio.create_task(checks.follow(60))
        await until(lambda: bool(lines))
        kept = status.invariants
        stopping.set()
        await following

    assert (kept, status.invariants) == (found, None)
    assert [line["event"] for line in lines] == ["invariants_wait"]

"""The demo's year in the fold itself: refused is exactly what the year foresees."""

from collections import Counter
from datetime import date
from typing import Any

from jifen_contracts.canonical import canonical
from jifen_contracts.events import schema_of
from jifen_ledger.domain.fold import fold
from jifen_ledger.domain.outcome import Status
from jifen_ledger.domain.state import State
from jifen_local.demo.messages import SCHEME, Message
from tests.local.years import OTHER_SEED, year_of
from tests.support.budget import NIGHTLY

# What comes later repeats it; the demo itself compares its whole year with what is foreseen.
UNTIL = date(2025, 5, 1)
CODES_MIN = 40


def test_the_fold_refuses_what_the_year_foresees_and_nothing_else() -> None:
    year = year_of(OTHER_SEED)
    state = State.empty(SCHEME)
    surprises = []
    codes: Counter[str] = Counter()
    passing = [
        message
        for message in year.messages
        if message.door is None and (NIGHTLY or message.moment.day < UNTIL)
    ]

    for seq, message in enumerate(passing, start=1):
        outcome = fold(state, seq, _stored(message)).outcome
        foreseen = None if outcome.status is Status.DUPLICATE else message.fold
        if outcome.code != foreseen or message.resent != (outcome.status is Status.DUPLICATE):
            surprises.append((message.event, outcome))
        elif outcome.code is not None:
            codes[outcome.code.value] += 1

    foreseen_codes = Counter(one.fold for one in passing if one.fold is not None)
    assert (surprises, codes, len(codes) > CODES_MIN) == ([], foreseen_codes, True)


def _stored(message: Message) -> bytes:
    """Return the event as ingest would stamp it."""
    event: dict[str, Any] = message.event
    stamps = {
        "schemeid": SCHEME,
        "datacontenttype": "application/json",
        "dataschema": schema_of(event["type"]),
        "importedtime": "2026-11-24T00:00:00.000Z",
        "authid": message.credential,
        "nonce": "0" * 32,
    }
    return canonical(event | stamps)
